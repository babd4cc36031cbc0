package fieldline.today

import fieldline.engine.Act
import fieldline.engine.Engine
import fieldline.engine.EngineFailure
import fieldline.engine.ListScope
import fieldline.engine.Loaded
import fieldline.engine.NextStep
import fieldline.engine.TicketLine
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** The first screen. It reads from this phone alone and follows what changes. */
class TodayModel(private val engine: Engine, private val scope: CoroutineScope) {
    private val shown = MutableStateFlow<Loaded<TodayState>>(Loaded.Not)
    val state: StateFlow<Loaded<TodayState>> = shown.asStateFlow()
    private var chosen = ListScope.Open

    init {
        scope.launch { engine.changes.collect { read() } }
        scope.launch { read() }
    }

    fun choose(list: ListScope) {
        chosen = list
        scope.launch { read() }
    }

    fun again() {
        scope.launch { read() }
    }

    /** The step of the visit in front that takes one tap and asks nothing. */
    fun step(line: TicketLine, step: NextStep) {
        val act = oneTap(line.visit ?: return, step) ?: return
        busy(true)
        scope.launch {
            try {
                engine.perform(line.ticket, act)
                read()
            } catch (failure: EngineFailure) {
                change { it.copy(failure = failure, busy = false) }
            }
        }
    }

    private suspend fun read() {
        shown.value = try {
            val truth = engine.truth()
            val lines = if (truth.enrolled) engine.tickets(chosen) else emptyList()
            val (next, rest) = if (chosen == ListScope.Open) inOrder(lines) else null to lines
            Loaded.Here(TodayState(chosen, next, rest, truth.enrolled, truth.revoked, offline = offline))
        } catch (failure: EngineFailure) {
            Loaded.Failed(failure)
        }
    }

    /** The shell knows whether HQ was reached last. */
    fun setOffline(now: Boolean) {
        offline = now
        change { it.copy(offline = now) }
    }

    private var offline = false

    private fun busy(now: Boolean) = change { it.copy(busy = now, failure = null) }

    private fun change(how: (TodayState) -> TodayState) = shown.update {
        if (it is Loaded.Here) Loaded.Here(how(it.value)) else it
    }
}

/** What follows a visit's phase without a question: the button of the card in front. */
fun nextOf(line: TicketLine): NextStep? = when (line.phase) {
    fieldline.engine.VisitPhase.Offered -> NextStep.Accept
    fieldline.engine.VisitPhase.Accepted -> NextStep.Depart
    fieldline.engine.VisitPhase.EnRoute -> NextStep.Arrive
    fieldline.engine.VisitPhase.Arrived -> NextStep.Start
    fieldline.engine.VisitPhase.Paused -> NextStep.Resume
    else -> null
}

private fun oneTap(visit: String, step: NextStep): Act? = when (step) {
    NextStep.Accept -> Act.Accept(visit)
    NextStep.Depart -> Act.Depart(visit)
    NextStep.Arrive -> Act.Arrive(visit)
    NextStep.Start -> Act.Start(visit)
    NextStep.Resume -> Act.Resume(visit)
    NextStep.Decline, NextStep.Pause, NextStep.Finish, NextStep.CouldNot -> null
}
