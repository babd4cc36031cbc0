package fieldline.today

import fieldline.engine.EngineFailure
import fieldline.engine.ListScope
import fieldline.engine.TicketLine
import fieldline.engine.VisitPhase

/** What the first screen shows. [next] is the visit that counts now; [rest] follows it in the order of the day. */
data class TodayState(
    val scope: ListScope = ListScope.Open,
    val next: TicketLine? = null,
    val rest: List<TicketLine> = emptyList(),
    val enrolled: Boolean = true,
    val revoked: Boolean = false,
    /** The last sync found no way to HQ. */
    val offline: Boolean = false,
    /** A step of the visit in front is being saved. */
    val busy: Boolean = false,
    val failure: EngineFailure? = null,
)

private val underWay = setOf(VisitPhase.EnRoute, VisitPhase.Arrived, VisitPhase.Working, VisitPhase.Paused)

/** The visit under way comes first, else the first of the day; what HQ or a colleague took is never put in front. */
fun inOrder(lines: List<TicketLine>): Pair<TicketLine?, List<TicketLine>> {
    val his = lines.filter { it.phase != null && it.phase != VisitPhase.Taken && !it.withdrawn && !it.acceptedNotAtHq }
    val next = his.firstOrNull { it.phase in underWay } ?: his.firstOrNull()
    return next to lines.filter { it !== next }
}
