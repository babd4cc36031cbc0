package fieldline.today

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.widthIn
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.text.style.TextOverflow
import fieldline.design.Chip
import fieldline.design.Fieldline
import fieldline.design.Glyph
import fieldline.design.GlyphIcon
import fieldline.design.Hint
import fieldline.design.Panel
import fieldline.design.PrimaryButton
import fieldline.design.QuietButton
import fieldline.design.Space
import fieldline.design.TapRow
import fieldline.design.When
import fieldline.design.Word
import fieldline.design.look
import fieldline.design.say
import fieldline.design.stepGlyph
import fieldline.design.stepWord
import fieldline.engine.Priority
import fieldline.engine.TicketLine

/** The visit that counts now: when, who, where, what, and the one next step. */
@Composable
fun NextCard(line: TicketLine, busy: Boolean, taps: TodayTaps) {
    Panel(Modifier.widthIn(max = Space.column).clickable(role = Role.Button) { taps.open(line) }, Fieldline.colours.accent) {
        Marks(line)
        Text(plan(line), style = Fieldline.type.big)
        Text(say(line.customer), style = Fieldline.type.title)
        Text(fault(line), style = Fieldline.type.body)
        Row(horizontalArrangement = Arrangement.spacedBy(Space.s)) {
            GlyphIcon(Glyph.Pin, tint = Fieldline.colours.quiet)
            Text(say(line.address), style = Fieldline.type.body, color = Fieldline.colours.quiet)
        }
        Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(Space.s)) {
            QuietButton(say(Word.Route), Glyph.Pin, tall = true) { taps.map(line) }
            val step = nextOf(line)
            if (step == null) {
                PrimaryButton(say(Word.OpenTicket), modifier = Modifier.weight(1f)) { taps.open(line) }
            } else {
                PrimaryButton(stepWord(step), stepGlyph(step), Modifier.weight(1f), enabled = !busy) { taps.step(line, step) }
            }
        }
    }
}

/** One of the others. */
@Composable
fun TicketRow(line: TicketLine, onClick: () -> Unit) = TapRow(onClick = onClick) {
    Column(Modifier.weight(1f), Arrangement.spacedBy(Space.xs)) {
        Text(plan(line), style = Fieldline.type.strong)
        Text(say(line.customer), style = Fieldline.type.body, maxLines = 1, overflow = TextOverflow.Ellipsis)
        Text(fault(line), style = Fieldline.type.note, color = Fieldline.colours.quiet, maxLines = 1, overflow = TextOverflow.Ellipsis)
        Marks(line)
    }
}

/** Phase, number, urgency, time left, what is not at HQ: each an icon with its word. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
fun Marks(line: TicketLine) = FlowRow(
    horizontalArrangement = Arrangement.spacedBy(Space.s),
    verticalArrangement = Arrangement.spacedBy(Space.xs),
) {
    val t = Fieldline.colours
    val (colour, glyph) = look(line.phase)
    Chip(say(line.phaseWords), glyph, colour)
    if (line.vip) Chip(say(Word.Vip), Glyph.Star, t.overruled)
    if (line.priority == Priority.Critical) Chip(say(Word.Critical), Glyph.Warning, t.breach)
    if (line.priority == Priority.High) Chip(say(Word.High), Glyph.Warning, t.warning)
    if (line.urges > 0) Chip(say(Word.Urged, line.urges), Glyph.Bell, t.warning)
    line.deadlineMs?.let { Deadline(it, line.phase) }
    if (line.pending > 0) Chip(say(Word.NotAtHq, line.pending), Glyph.Cloud, t.pending)
    if (line.stuck) Chip(say(Word.FetchedAgain), Glyph.Sync, t.warning)
    Hint(line.number, Modifier.align(Alignment.CenterVertically))
}

/** What is left of the time HQ promised. Over is red and says so. */
@Composable
fun Deadline(deadlineMs: Long, phase: fieldline.engine.VisitPhase?) {
    if (phase == fieldline.engine.VisitPhase.Done) return
    val left = deadlineMs - Fieldline.clock.nowMs()
    val length = When.length(left, Fieldline.lang)
    when {
        left < 0 -> Chip(say(Word.Overdue, length), Glyph.Clock, Fieldline.colours.breach)
        left < WARN_MS -> Chip(say(Word.TimeLeft, length), Glyph.Clock, Fieldline.colours.warning)
        else -> Chip(say(Word.TimeLeft, length), Glyph.Clock, Fieldline.colours.quiet)
    }
}

/** Two hours before the deadline an engineer can still do something about it. */
private const val WARN_MS = 2 * 3_600_000L

@Composable
private fun plan(line: TicketLine): String {
    val start = line.planStartMs ?: return say(Word.NoTimeYet)
    return When.span(start, line.planEndMs, Fieldline.clock.nowMs(), Fieldline.lang)
}

@Composable
private fun fault(line: TicketLine): String = say(line.fault).ifEmpty { line.faultText }.ifEmpty { say(Word.FaultUnknown) }
