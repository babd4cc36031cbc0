package fieldline.app

import android.content.Context

/**
 * What a push service calls, whichever the company uses: its message carries nothing but that there is something. Without one, the
 * live sync brings news while the app is open and the periodic one while it is not.
 */
object PushHook {
    fun received(context: Context) = SyncWorker.now(context)
}
