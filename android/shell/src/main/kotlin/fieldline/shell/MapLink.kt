package fieldline.shell

import fieldline.engine.Place
import java.net.URLEncoder
import java.util.Locale

/** The maps an engineer may have. Each wants its own datum, and none gets more than the place and its name. */
enum class MapApp { Amap, Baidu, Google }

/** The address that makes a map show the way by car. */
object MapLink {
    fun of(app: MapApp, place: Place, name: String): String {
        val said = URLEncoder.encode(name, "UTF-8").replace("+", "%20")
        return when (app) {
            // dev=0: the place is GCJ-02 already. t=0: by car.
            MapApp.Amap -> {
                val gcj = Datum.toGcj02(place)
                "amapuri://route/plan/?sourceApplication=fieldline&dlat=${six(gcj.lat)}&dlon=${six(gcj.lon)}&dname=$said&dev=0&t=0"
            }
            MapApp.Baidu -> {
                val bd = Datum.toBd09(place)
                "baidumap://map/direction?destination=name:$said%7Clatlng:${six(bd.lat)},${six(bd.lon)}" +
                    "&coord_type=bd09ll&mode=driving&src=fieldline"
            }
            MapApp.Google -> "google.navigation:q=${six(place.lat)},${six(place.lon)}"
        }
    }

    /** Six digits are a tenth of a metre. A comma for a point would send him elsewhere. */
    private fun six(degrees: Double): String = String.format(Locale.ROOT, "%.6f", degrees)
}
