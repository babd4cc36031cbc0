package fieldline.app

import android.Manifest
import android.app.Service
import android.content.Context
import android.content.Intent
import android.content.pm.PackageManager
import android.content.pm.ServiceInfo
import android.location.Location
import android.location.LocationListener
import android.location.LocationManager
import android.os.Build
import android.os.IBinder
import android.os.Looper
import fieldline.engine.Engine
import fieldline.engine.Place
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch

/**
 * Takes positions while the engineer is on the way, and at no other time: the core says when, and refuses a position else. It ends by
 * itself on arrival, when he pauses it, and when the permission is taken away.
 */
class PositionService : Service(), LocationListener {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    private var engine: Engine? = null

    override fun onBind(intent: Intent?): IBinder? = null

    override fun onStartCommand(intent: Intent?, flags: Int, startId: Int): Int {
        if (!mayLocate(this)) return stop()
        val notice = Notices.position(this)
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q) {
            startForeground(NOTICE, notice, ServiceInfo.FOREGROUND_SERVICE_TYPE_LOCATION)
        } else {
            startForeground(NOTICE, notice)
        }
        if (engine == null) scope.launch { begin() }
        return START_NOT_STICKY
    }

    private suspend fun begin() {
        val engine = runCatching { (application as FieldlineApplication).engine() }.getOrNull()
        if (engine == null || engine.travellingTo() == null) return end()
        this.engine = engine
        listen()
        engine.changes.collect { if (engine.travellingTo() == null) end() }
    }

    private fun listen() {
        val locations = getSystemService(LocationManager::class.java)
        val provider = when {
            Build.VERSION.SDK_INT >= Build.VERSION_CODES.S && locations.hasProvider(LocationManager.FUSED_PROVIDER) ->
                LocationManager.FUSED_PROVIDER
            else -> LocationManager.GPS_PROVIDER
        }
        try {
            locations.requestLocationUpdates(provider, EVERY_MS, 0f, this, Looper.getMainLooper())
        } catch (_: SecurityException) {
            end()
        }
    }

    override fun onLocationChanged(location: Location) {
        val engine = engine ?: return
        scope.launch {
            runCatching { engine.addPosition(Place(location.latitude, location.longitude), location.accuracy.toInt()) }
        }
    }

    // Older Androids call these without a default.
    override fun onProviderEnabled(provider: String) = Unit

    override fun onProviderDisabled(provider: String) = Unit

    private fun stop(): Int {
        stopSelf()
        return START_NOT_STICKY
    }

    private fun end() {
        getSystemService(LocationManager::class.java).removeUpdates(this)
        stopForeground(STOP_FOREGROUND_REMOVE)
        stopSelf()
    }

    override fun onDestroy() {
        getSystemService(LocationManager::class.java).removeUpdates(this)
        scope.cancel()
        super.onDestroy()
    }

    companion object {
        private const val NOTICE = 1

        /** Between the 15 and 30 seconds that a customer's map needs and a battery bears. */
        private const val EVERY_MS = 20_000L

        fun mayLocate(context: Context): Boolean =
            context.checkSelfPermission(Manifest.permission.ACCESS_FINE_LOCATION) == PackageManager.PERMISSION_GRANTED

        fun begin(context: Context) {
            if (mayLocate(context)) context.startForegroundService(Intent(context, PositionService::class.java))
        }
    }
}
