package fieldline.app

import android.content.Context
import androidx.work.Constraints
import androidx.work.CoroutineWorker
import androidx.work.ExistingPeriodicWorkPolicy
import androidx.work.ExistingWorkPolicy
import androidx.work.NetworkType
import androidx.work.OneTimeWorkRequestBuilder
import androidx.work.PeriodicWorkRequestBuilder
import androidx.work.WorkManager
import androidx.work.WorkerParameters
import fieldline.engine.EngineFailure
import fieldline.shell.Syncer
import java.util.concurrent.TimeUnit

/**
 * A slice of sync in the background. It ends well within what Android gives it; stopped earlier, the core calls the exchange off, and
 * the next slice goes on where this one was.
 */
class SyncWorker(context: Context, parameters: WorkerParameters) : CoroutineWorker(context, parameters) {
    override suspend fun doWork(): Result = try {
        val engine = (applicationContext as FieldlineApplication).engine()
        if (Syncer(engine).once(SLICE_MS)) Result.success() else Result.retry()
    } catch (_: EngineFailure) {
        // The store cannot be opened. The screen says so; the background has nobody to tell.
        Result.failure()
    }

    companion object {
        /** Android stops a job after ten minutes; in doze a few are left. */
        private const val SLICE_MS = 120_000L
        private const val EVERY_MIN = 15L
        private val connected = Constraints.Builder().setRequiredNetworkType(NetworkType.CONNECTED).build()

        fun schedule(context: Context) {
            val work = PeriodicWorkRequestBuilder<SyncWorker>(EVERY_MIN, TimeUnit.MINUTES).setConstraints(connected).build()
            WorkManager.getInstance(context).enqueueUniquePeriodicWork("sync", ExistingPeriodicWorkPolicy.KEEP, work)
        }

        /** As soon as there is a network: after a push, and when one comes back. */
        fun now(context: Context) {
            val work = OneTimeWorkRequestBuilder<SyncWorker>().setConstraints(connected).build()
            WorkManager.getInstance(context).enqueueUniqueWork("sync-now", ExistingWorkPolicy.KEEP, work)
        }
    }
}
