package fieldline.parts

import fieldline.engine.Act
import fieldline.engine.Engine
import fieldline.engine.EngineFailure
import fieldline.engine.Loaded
import fieldline.engine.PartFilter
import fieldline.engine.PartLine
import fieldline.engine.StockPlace
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** Parts in the van and elsewhere, and what is done with them. */
class PartsModel(private val engine: Engine, private val ticket: String?, private val scope: CoroutineScope) {
    private val shown = MutableStateFlow<Loaded<PartsState>>(Loaded.Not)
    val state: StateFlow<Loaded<PartsState>> = shown.asStateFlow()

    init {
        scope.launch { engine.changes.collect { if (it.rows || it.tickets.isNotEmpty()) read(here() ?: fresh()) } }
        scope.launch { read(fresh()) }
    }

    fun again() {
        scope.launch { read(here() ?: fresh()) }
    }

    fun look(myVan: Boolean) = ask { it.copy(myVan = myVan, chosen = null, saved = null) }

    /** By number or name, typed or scanned. */
    fun find(words: String) = ask { it.copy(words = words, chosen = null, saved = null) }

    fun choose(line: PartLine?) = change { it.copy(chosen = line, saying = null, saved = null) }

    fun say(deed: Deed) = change { state ->
        val saying = Saying(state.chosen ?: return@change state, deed)
        state.copy(saying = saying.copy(to = state.goals(saying).singleOrNull()))
    }

    fun quantity(quantity: Int) = change { it.copy(saying = it.saying?.copy(quantity = quantity)) }

    fun goal(place: StockPlace) = change { it.copy(saying = it.saying?.copy(to = place)) }

    fun leave() = change { it.copy(saying = null, chosen = null) }

    /** Saves what was said. */
    fun save() {
        val state = here() ?: return
        val saying = state.saying ?: return
        val act = act(saying) ?: return
        if (state.busy || ticket == null) return
        change { it.copy(busy = true, failure = null) }
        scope.launch {
            try {
                engine.perform(ticket, act)
                read(state.copy(saying = null, chosen = null, saved = saying.deed))
            } catch (failure: EngineFailure) {
                change { it.copy(busy = false, failure = failure, saying = null, chosen = null) }
            }
        }
    }

    private fun act(saying: Saying): Act? = with(saying) {
        when (deed) {
            Deed.Use -> Act.UsePart(line.part, quantity, line.location)
            Deed.Request -> Act.RequestPart(line.part, quantity, line.location)
            Deed.Return, Deed.Transfer -> to?.let { Act.TransferPart(line.part, quantity, line.location, it.location) }
        }
    }

    private fun fresh() = PartsState(ticket)

    private fun ask(how: (PartsState) -> PartsState) {
        val asked = how(here() ?: fresh())
        change { asked }
        scope.launch { read(asked) }
    }

    private suspend fun read(asked: PartsState) {
        shown.value = try {
            val lines = engine.parts(PartFilter(myVan = asked.myVan, words = asked.words))
            Loaded.Here(asked.copy(lines = lines, places = engine.places(), busy = false))
        } catch (failure: EngineFailure) {
            Loaded.Failed(failure)
        }
    }

    private fun here(): PartsState? = (shown.value as? Loaded.Here)?.value

    private fun change(how: (PartsState) -> PartsState) = shown.update {
        if (it is Loaded.Here) Loaded.Here(how(it.value)) else it
    }
}
