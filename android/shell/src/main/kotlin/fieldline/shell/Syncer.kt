package fieldline.shell

import fieldline.engine.Engine
import fieldline.engine.EngineFailure
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull

/**
 * Keeps HQ and this phone together while the app is open, and knows whether HQ is in reach. The core's live sync brings news within
 * a moment; this asks beside it, so that a person sees "offline" when it is so. No screen waits for it. While HQ cannot be reached
 * it waits longer each time, five minutes at most.
 */
class Syncer(private val engine: Engine) {
    private val kicked = Channel<Unit>(Channel.CONFLATED)
    private val out = MutableStateFlow(false)

    /** HQ could not be reached the last time. */
    val offline: StateFlow<Boolean> = out.asStateFlow()

    /** Something was saved, or the network came back. */
    fun kick() {
        kicked.trySend(Unit)
    }

    suspend fun run() {
        var failures = 0
        try {
            engine.live(true)
            while (true) {
                failures = if (once(SLICE_MS)) 0 else failures + 1
                withTimeoutOrNull(pauseMs(failures)) { kicked.receive() }
            }
        } finally {
            withContext(NonCancellable) { engine.live(false) }
        }
    }

    /** One slice, for the background as well. True if HQ was reached, whatever came of it. */
    suspend fun once(limitMs: Long): Boolean {
        val reached = try {
            if (!engine.truth().enrolled) return true
            engine.sync(limitMs)
            true
        } catch (failure: EngineFailure) {
            failure.code !in UNREACHED
        }
        out.value = !reached
        return reached
    }

    companion object {
        private const val SLICE_MS = 30_000L
        private const val CALM_MS = 60_000L
        private const val FIRST_MS = 5_000L
        private const val LONGEST_MS = 300_000L

        /** Codes that say HQ was not heard; every other failure is an answer. */
        private val UNREACHED = setOf(
            "host_unknown", "connection_refused", "no_answer", "server_down", "offline", "not_our_server", "time_up",
            "certificate_untrusted", "certificate_name", "certificate_expired", "certificate_not_yet", "certificate_bad",
            "server_plain_http", "server_not_http", "tls_failed",
        )

        fun pauseMs(failures: Int): Long =
            if (failures == 0) CALM_MS else (FIRST_MS shl (failures - 1).coerceAtMost(6)).coerceAtMost(LONGEST_MS)
    }
}
