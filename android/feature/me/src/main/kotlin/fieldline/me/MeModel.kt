package fieldline.me

import fieldline.engine.Engine
import fieldline.engine.EngineFailure
import fieldline.engine.Loaded
import fieldline.engine.Owner
import fieldline.engine.Settings
import fieldline.engine.Truth
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What became of the last try to reach HQ. */
enum class Reached { NotTried, Trying, Yes, No }

/** What is saved where, and what the phone may do. */
data class MeState(
    val truth: Truth,
    val owner: Owner?,
    val settings: Settings,
    val reached: Reached = Reached.NotTried,
    val failure: EngineFailure? = null,
)

/** The truth screen and the settings. A sync runs beside the screen and never in front of it. */
class MeModel(private val engine: Engine, private val scope: CoroutineScope) {
    private val shown = MutableStateFlow<Loaded<MeState>>(Loaded.Not)
    val state: StateFlow<Loaded<MeState>> = shown.asStateFlow()
    private var syncing: Job? = null

    init {
        scope.launch { engine.changes.collect { read() } }
        scope.launch { read() }
    }

    fun again() {
        scope.launch { read() }
    }

    /** Sends and fetches now; a tap while one runs does nothing. */
    fun sync(limitMs: Long = SYNC_MS) {
        if (syncing?.isActive == true) return
        syncing = scope.launch {
            change { it.copy(reached = Reached.Trying, failure = null) }
            try {
                engine.sync(limitMs)
                read(Reached.Yes)
            } catch (failure: EngineFailure) {
                change { it.copy(reached = Reached.No, failure = failure) }
            }
        }
    }

    fun dismiss(operation: String) = write { engine.dismiss(operation) }

    fun wifiOnly(on: Boolean) = switch { it.copy(wifiOnly = on) }

    fun position(on: Boolean) = switch { it.copy(positionPaused = !on) }

    private fun switch(how: (Settings) -> Settings) {
        val settings = (shown.value as? Loaded.Here)?.value?.settings ?: return
        write { engine.setSettings(how(settings)) }
    }

    private fun write(what: suspend () -> Unit) {
        scope.launch {
            try {
                what()
                read()
            } catch (failure: EngineFailure) {
                change { it.copy(failure = failure) }
            }
        }
    }

    private suspend fun read(reached: Reached? = null) {
        val before = (shown.value as? Loaded.Here)?.value
        shown.value = try {
            val state = MeState(engine.truth(), engine.owner(), engine.settings())
            Loaded.Here(state.copy(reached = reached ?: before?.reached ?: Reached.NotTried, failure = before?.failure))
        } catch (failure: EngineFailure) {
            Loaded.Failed(failure)
        }
    }

    private fun change(how: (MeState) -> MeState) = shown.update {
        if (it is Loaded.Here) Loaded.Here(how(it.value)) else it
    }
}

/** A person who taps "sync" waits no longer than this; what is left goes with the next one. */
private const val SYNC_MS = 60_000L
