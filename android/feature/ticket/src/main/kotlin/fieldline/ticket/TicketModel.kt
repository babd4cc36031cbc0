package fieldline.ticket

import fieldline.engine.Act
import fieldline.engine.Answer
import fieldline.engine.CodeSort
import fieldline.engine.Completion
import fieldline.engine.DeclineReason
import fieldline.engine.Engine
import fieldline.engine.EngineFailure
import fieldline.engine.Lang
import fieldline.engine.Loaded
import fieldline.engine.NewPhoto
import fieldline.engine.NextStep
import fieldline.engine.PauseReason
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/**
 * One ticket: its screen, checklist, photos, notes and report. Every tap is on the disk before the screen moves, and a second
 * tap while the first is being written does nothing.
 */
class TicketModel(private val engine: Engine, val ticket: String, private val scope: CoroutineScope) {
    private val shown = MutableStateFlow<Loaded<TicketState>>(Loaded.Not)
    val state: StateFlow<Loaded<TicketState>> = shown.asStateFlow()

    init {
        scope.launch { engine.changes.collect { if (it.rows || ticket in it.tickets) read() } }
        scope.launch { read() }
    }

    fun again() {
        scope.launch { read() }
    }

    /** A tap on a step. [onReport] is called for one that has a screen of its own. */
    fun step(step: NextStep, onReport: (NextStep) -> Unit = {}) {
        val visit = here()?.ticket?.visit ?: return
        when (val tap = tapOf(step, visit)) {
            is Tap.Save -> save(tap.act)
            is Tap.Question -> change { it.copy(ask = tap.ask) }
            Tap.Report -> onReport(step)
        }
    }

    fun leaveQuestion() = change { it.copy(ask = null) }

    fun decline(reason: DeclineReason, text: String, onSaved: () -> Unit = {}) = withVisit { save(Act.Decline(it, reason, text), onSaved) }

    fun pause(reason: PauseReason) = withVisit { save(Act.Pause(it, reason)) }

    fun answer(item: String, answer: Answer) = save(Act.AnswerItem(item, answer))

    fun note(text: String, onSaved: () -> Unit = {}) {
        if (text.isNotBlank()) save(Act.Note(text.trim()), onSaved)
    }

    fun photo(photo: NewPhoto, onSaved: () -> Unit = {}) = saving(onSaved) { engine.addPhoto(ticket, photo) }

    fun sign(name: String, path: String, onSaved: () -> Unit = {}) = save(Act.Sign(name.trim(), path), onSaved)

    fun finish(completion: Completion, onSaved: () -> Unit = {}) = withVisit { save(Act.Finish(it, completion), onSaved) }

    /** The paper, for the customer's eyes. Made on this phone. */
    fun report(lang: Lang, font: () -> ByteArray, onPaper: (ByteArray, String) -> Unit) {
        val number = here()?.ticket?.number ?: return
        scope.launch {
            try {
                val paper = engine.report(ticket, lang, font())
                if (paper == null) change { it.copy(noPaper = true) } else onPaper(paper, number)
            } catch (failure: EngineFailure) {
                change { it.copy(failure = failure) }
            }
        }
    }

    suspend fun thumb(operation: String): ByteArray? = runCatching { engine.thumb(ticket, operation) }.getOrNull()

    private fun save(act: Act, onSaved: () -> Unit = {}) = saving(onSaved) { engine.perform(ticket, act) }

    private fun saving(onSaved: () -> Unit, work: suspend () -> Unit) {
        if (here()?.busy != false) return
        change { it.copy(busy = true, failure = null) }
        scope.launch {
            try {
                work()
                read()
                onSaved()
            } catch (failure: EngineFailure) {
                change { it.copy(busy = false, ask = null, failure = failure) }
            }
        }
    }

    private suspend fun read() {
        shown.value = try {
            val detail = engine.ticket(ticket)
            val (causes, causeCodes, remedyCodes) = beside(detail.category)
            Loaded.Here(TicketState(detail, causes, causeCodes, remedyCodes))
        } catch (failure: EngineFailure) {
            Loaded.Failed(failure)
        }
    }

    /** What stands beside a ticket does not change with a tap on it: read once. */
    private suspend fun beside(category: String?) = here()?.let { Triple(it.causes, it.causeCodes, it.remedyCodes) } ?: Triple(
        engine.articlesFor(ticket),
        engine.codes(CodeSort.Cause, category),
        engine.codes(CodeSort.Remedy, category),
    )

    private fun here(): TicketState? = (shown.value as? Loaded.Here)?.value

    private fun withVisit(what: (String) -> Unit) {
        here()?.ticket?.visit?.let(what)
    }

    private fun change(how: (TicketState) -> TicketState) = shown.update {
        if (it is Loaded.Here) Loaded.Here(how(it.value)) else it
    }
}
