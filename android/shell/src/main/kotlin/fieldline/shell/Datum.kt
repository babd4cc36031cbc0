package fieldline.shell

import fieldline.engine.Place
import kotlin.math.PI
import kotlin.math.abs
import kotlin.math.atan2
import kotlin.math.cos
import kotlin.math.sin
import kotlin.math.sqrt

/**
 * The data of maps in China. Inside, every place is WGS-84; Amap wants GCJ-02 and Baidu BD-09, and a place handed over in the
 * wrong one lies some 500 m off. The formulas are the published approximations that all open converters use.
 */
object Datum {
    private const val AXIS = 6_378_245.0
    private const val ECCENTRICITY = 0.006_693_421_622_965_943

    /** Outside China GCJ-02 is WGS-84. The box is the usual one; along the border it is wider than the country. */
    fun isOutsideChina(place: Place): Boolean = place.lon !in 72.004..137.8347 || place.lat !in 0.8293..55.8271

    fun toGcj02(place: Place): Place {
        if (isOutsideChina(place)) return place
        val (x, y) = place.lon - 105.0 to place.lat - 35.0
        val radians = place.lat / 180.0 * PI
        val magic = 1 - ECCENTRICITY * sin(radians) * sin(radians)
        val root = sqrt(magic)
        val lat = shiftLat(x, y) * 180.0 / (AXIS * (1 - ECCENTRICITY) / (magic * root) * PI)
        val lon = shiftLon(x, y) * 180.0 / (AXIS / root * cos(radians) * PI)
        return Place(place.lat + lat, place.lon + lon)
    }

    fun toBd09(place: Place): Place {
        val gcj = toGcj02(place)
        val turn = PI * 3000.0 / 180.0
        val z = sqrt(gcj.lon * gcj.lon + gcj.lat * gcj.lat) + 0.000_02 * sin(gcj.lat * turn)
        val theta = atan2(gcj.lat, gcj.lon) + 0.000_003 * cos(gcj.lon * turn)
        return Place(z * sin(theta) + 0.006, z * cos(theta) + 0.0065)
    }

    private fun shiftLat(x: Double, y: Double): Double =
        -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + wave(x) +
            (20.0 * sin(y * PI) + 40.0 * sin(y / 3.0 * PI)) * 2.0 / 3.0 +
            (160.0 * sin(y / 12.0 * PI) + 320 * sin(y * PI / 30.0)) * 2.0 / 3.0

    private fun shiftLon(x: Double, y: Double): Double =
        300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + wave(x) +
            (20.0 * sin(x * PI) + 40.0 * sin(x / 3.0 * PI)) * 2.0 / 3.0 +
            (150.0 * sin(x / 12.0 * PI) + 300.0 * sin(x / 30.0 * PI)) * 2.0 / 3.0

    private fun wave(x: Double): Double = (20.0 * sin(6.0 * x * PI) + 20.0 * sin(2.0 * x * PI)) * 2.0 / 3.0
}
