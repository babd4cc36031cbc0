package fieldline.design

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import fieldline.engine.NextStep
import fieldline.engine.VisitPhase

/** Fixed at the bottom of a ticket: where the visit stands, and one big button that is always the next step. */
@Composable
fun StepBar(phase: VisitPhase?, phaseWord: String, next: List<NextStep>, busy: Boolean, onStep: (NextStep) -> Unit) = BottomBar {
    val (colour, glyph) = look(phase)
    Row(
        Modifier.fillMaxWidth().padding(bottom = if (next.isEmpty()) Space.xs else Space.s),
        horizontalArrangement = Arrangement.spacedBy(Space.s),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Chip(phaseWord, glyph, colour)
        if (next.isEmpty()) Text(say(Word.NothingLeft), style = Fieldline.type.note, color = Fieldline.colours.quiet)
    }
    if (next.isNotEmpty()) {
        Row(Modifier.fillMaxWidth(), horizontalArrangement = Arrangement.spacedBy(Space.s)) {
            val rest = next.drop(1)
            rest.forEach { step -> QuietButton(stepWord(step), tall = true, enabled = !busy) { onStep(step) } }
            PrimaryButton(stepWord(next.first()), stepGlyph(next.first()), Modifier.weight(1f), enabled = !busy) { onStep(next.first()) }
        }
    }
}

@Composable
fun stepWord(step: NextStep): String = say(
    when (step) {
        NextStep.Accept -> Word.Accept
        NextStep.Decline -> Word.Decline
        NextStep.Depart -> Word.Depart
        NextStep.Arrive -> Word.Arrive
        NextStep.Start -> Word.Start
        NextStep.Pause -> Word.Pause
        NextStep.Resume -> Word.Resume
        NextStep.Finish -> Word.Finish
        NextStep.CouldNot -> Word.CouldNotDo
    },
)

fun stepGlyph(step: NextStep): Glyph = when (step) {
    NextStep.Accept -> Glyph.Tick
    NextStep.Decline, NextStep.CouldNot -> Glyph.Cross
    NextStep.Depart -> Glyph.Van
    NextStep.Arrive -> Glyph.Pin
    NextStep.Start -> Glyph.Wrench
    NextStep.Pause -> Glyph.Pause
    NextStep.Resume -> Glyph.Play
    NextStep.Finish -> Glyph.Doc
}

/** Colour and icon of a phase, as on the customer's page. */
@Composable
fun look(phase: VisitPhase?): Pair<Color, Glyph> {
    val t = Fieldline.colours
    return when (phase) {
        VisitPhase.Offered -> t.received to Glyph.Inbox
        VisitPhase.Accepted -> t.assigning to Glyph.Tick
        VisitPhase.EnRoute -> t.way to Glyph.Van
        VisitPhase.Arrived -> t.arrived to Glyph.Pin
        VisitPhase.Working -> t.progress to Glyph.Wrench
        VisitPhase.Paused -> t.progress to Glyph.Pause
        VisitPhase.Done -> t.done to Glyph.Tick
        VisitPhase.Taken -> t.overruled to Glyph.Scales
        VisitPhase.Declined, VisitPhase.Unknown, null -> t.quiet to Glyph.Cross
    }
}
