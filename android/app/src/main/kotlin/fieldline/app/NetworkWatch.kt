package fieldline.app

import android.content.Context
import android.net.ConnectivityManager
import android.net.Network
import android.net.NetworkCapabilities
import fieldline.engine.Engine
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.launch

/** Tells the core whether the network costs money, and has what waits sent when there is one again. */
class NetworkWatch(private val context: Context, private val engine: Engine, private val scope: CoroutineScope) {
    fun begin() {
        val networks = context.getSystemService(ConnectivityManager::class.java)
        networks.registerDefaultNetworkCallback(object : ConnectivityManager.NetworkCallback() {
            override fun onAvailable(network: Network) = SyncWorker.now(context)

            override fun onCapabilitiesChanged(network: Network, can: NetworkCapabilities) {
                val metered = !can.hasCapability(NetworkCapabilities.NET_CAPABILITY_NOT_METERED)
                scope.launch { runCatching { engine.setMetered(metered) } }
            }
        })
    }
}
