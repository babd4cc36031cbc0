package fieldline.ticket

import fieldline.engine.ArticleLine
import fieldline.engine.Code
import fieldline.engine.EngineFailure
import fieldline.engine.NextStep
import fieldline.engine.Ticket

/** What a step asks before it is saved. Most ask nothing. */
enum class Ask { Decline, Pause }

/** A ticket's screen and those behind it. Everything in it was read from this phone. */
data class TicketState(
    val ticket: Ticket,
    /** Articles that may help with this fault on this machine. */
    val causes: List<ArticleLine> = emptyList(),
    /** Codes for the report, by the ticket's category. */
    val causeCodes: List<Code> = emptyList(),
    val remedyCodes: List<Code> = emptyList(),
    val ask: Ask? = null,
    /** A tap is being written to the disk; the screen moves when it is there. */
    val busy: Boolean = false,
    val failure: EngineFailure? = null,
    /** The paper was asked for, and this core makes none. */
    val noPaper: Boolean = false,
) {
    /** How many items of the checklist have an answer. */
    val answered: Int get() = ticket.checklist.count { it.answers.isNotEmpty() }

    val canWrite: Boolean get() = ticket.gone == null && ticket.visit != null
}

/** What happens on a tap of a step. */
sealed interface Tap {
    /** It is saved at once. */
    data class Save(val act: fieldline.engine.Act) : Tap

    /** It asks first. */
    data class Question(val ask: Ask) : Tap

    /** It has a screen of its own. */
    data object Report : Tap
}

/** From a step to what a tap on it does. */
fun tapOf(step: NextStep, visit: String): Tap = when (step) {
    NextStep.Accept -> Tap.Save(fieldline.engine.Act.Accept(visit))
    NextStep.Depart -> Tap.Save(fieldline.engine.Act.Depart(visit))
    NextStep.Arrive -> Tap.Save(fieldline.engine.Act.Arrive(visit))
    NextStep.Start -> Tap.Save(fieldline.engine.Act.Start(visit))
    NextStep.Resume -> Tap.Save(fieldline.engine.Act.Resume(visit))
    NextStep.Decline -> Tap.Question(Ask.Decline)
    NextStep.Pause -> Tap.Question(Ask.Pause)
    NextStep.Finish, NextStep.CouldNot -> Tap.Report
}
