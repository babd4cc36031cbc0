package fieldline.app

import android.app.Application
import fieldline.engine.Engine
import fieldline.engine.NewPhoto
import fieldline.engine.rust.RustEngine
import java.io.File
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock

/** One engine for the process: screens, the background sync and the position service share it, because a store has one opener. */
class FieldlineApplication : Application() {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    private val opening = Mutex()
    private var opened: RustEngine? = null

    override fun onCreate() {
        super.onCreate()
        // Papers shown before; a photo of a camera that is still in front stays.
        File(cacheDir, HANDED).listFiles { file -> file.extension == "pdf" }?.forEach { it.delete() }
        Notices.makeChannels(this)
        scope.launch {
            runCatching { engine() }.onSuccess { engine -> NetworkWatch(this@FieldlineApplication, engine, scope).begin() }
        }
        SyncWorker.schedule(this)
    }

    /** Throws what the core says where the store cannot be opened; asked again, it tries again. */
    suspend fun engine(): Engine = opening.withLock {
        opened ?: RustEngine.open(store().path, BuildConfig.VERSION_NAME, key()).also { opened = it }
    }

    /** Saves a photo whose screen the system killed. */
    fun keep(ticket: String, photo: NewPhoto) {
        scope.launch { runCatching { engine().addPhoto(ticket, photo) } }
    }

    private fun store(): File = File(noBackupFilesDir, "store").apply { mkdirs() }.resolve("phone.db")

    private fun key(): ByteArray? = if (BuildConfig.ENCRYPTED) StoreKey(this).bytes() else null

    companion object {
        const val HANDED = "handed"
    }
}
