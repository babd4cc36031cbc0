package fieldline.ticket

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import fieldline.design.BadgeState
import fieldline.design.BottomBar
import fieldline.design.ErrorNotice
import fieldline.design.Fieldline
import fieldline.design.Frame
import fieldline.design.Gap
import fieldline.design.Glyph
import fieldline.design.Hint
import fieldline.design.Notice
import fieldline.design.Scroll
import fieldline.design.Show
import fieldline.design.Space
import fieldline.design.StepBar
import fieldline.design.Word
import fieldline.design.say
import fieldline.engine.DeclineReason
import fieldline.engine.Loaded
import fieldline.engine.NextStep
import fieldline.engine.PauseReason

/** What a person can do on a ticket. */
interface TicketTaps {
    fun back()

    fun truth()

    fun again()

    fun step(step: NextStep)

    fun decline(reason: DeclineReason, text: String)

    fun pause(reason: PauseReason)

    fun leaveQuestion()

    fun call(number: String)

    fun map()

    fun open(section: TicketSection)

    fun article(article: String)
}

/** The screens behind a ticket. */
enum class TicketSection { Checklist, Photos, Note, Parts, Report }

@Composable
fun TicketScreen(state: Loaded<TicketState>, badge: BadgeState, taps: TicketTaps) {
    val here = (state as? Loaded.Here)?.value
    Box(Modifier.fillMaxSize()) {
        Frame(
            title = here?.ticket?.number ?: say(Word.Ticket),
            badge = badge,
            onBadge = taps::truth,
            onBack = taps::back,
            bottom = here?.let { { Bottom(it, taps) } },
        ) {
            Show(state, taps::again) { Body(it, taps) }
        }
        when (here?.ask) {
            Ask.Decline -> DeclineSheet(taps)
            Ask.Pause -> PauseSheet(taps)
            null -> Unit
        }
    }
}

@Composable
private fun Bottom(state: TicketState, taps: TicketTaps) {
    val gone = state.ticket.gone
    if (gone != null) {
        BottomBar { Notice(Glyph.Lock, say(Word.ReadOnly), Fieldline.colours.quiet, title = say(gone)) }
    } else {
        StepBar(state.ticket.phase, say(state.ticket.phaseWords), state.ticket.next, state.busy, taps::step)
    }
}

@Composable
private fun Body(state: TicketState, taps: TicketTaps) = BoxWithConstraints(Modifier.fillMaxSize()) {
    if (maxWidth >= Space.wide) {
        Row(Modifier.fillMaxSize()) {
            Half(Modifier.weight(1f)) { What(state, taps) }
            Half(Modifier.weight(1f)) { WorkAndPast(state, taps) }
        }
    } else {
        Scroll {
            What(state, taps)
            WorkAndPast(state, taps)
        }
    }
}

@Composable
private fun Half(modifier: Modifier, content: @Composable ColumnScope.() -> Unit) =
    Column(modifier.fillMaxSize().verticalScroll(rememberScrollState()).padding(Space.l), content = content)

@Composable
private fun What(state: TicketState, taps: TicketTaps) = Column(Modifier.fillMaxWidth()) {
    state.failure?.let {
        ErrorNotice(it)
        Gap()
    }
    if (state.ticket.stuck) {
        Notice(Glyph.Sync, say(Word.StuckHint), Fieldline.colours.warning)
        Gap()
    }
    FaultPart(state.ticket)
    if (state.canWrite) WorkPart(state, taps)
    CustomerPart(state.ticket, taps)
    AssetPart(state.ticket)
}

@Composable
private fun WorkAndPast(state: TicketState, taps: TicketTaps) = Column(Modifier.fillMaxWidth()) {
    CausePart(state.causes, taps)
    DonePart(state.ticket)
    KeptPart(state.ticket)
    HistoryPart(state.ticket)
    if (state.ticket.pending > 0) Hint(say(Word.SavedHereCount, state.ticket.pending))
}
