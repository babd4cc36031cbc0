package fieldline.parts

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import fieldline.design.Chip
import fieldline.design.Choices
import fieldline.design.Fieldline
import fieldline.design.Glyph
import fieldline.design.Hint
import fieldline.design.Notice
import fieldline.design.PrimaryButton
import fieldline.design.QuietButton
import fieldline.design.Sheet
import fieldline.design.Space
import fieldline.design.Stepper
import fieldline.design.TapRow
import fieldline.design.Word
import fieldline.design.ago
import fieldline.design.say
import fieldline.engine.PartLine

/** One part at one place: how many, how many of them are this phone's alone, and as of when. */
@Composable
fun StockRow(line: PartLine, showPlace: Boolean, onClick: () -> Unit) = TapRow(onClick = onClick) {
    Column(Modifier.weight(1f), Arrangement.spacedBy(Space.xs)) {
        Text(say(line.name), style = Fieldline.type.strong)
        Hint(if (showPlace) "${line.number} · ${say(line.place)}" else line.number)
        Marks(line)
    }
    Column(horizontalAlignment = Alignment.End) {
        Text(line.quantity.toString(), style = Fieldline.type.title)
        Hint(ago(line.asOfMs))
    }
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Marks(line: PartLine) = FlowRow(
    horizontalArrangement = Arrangement.spacedBy(Space.s),
    verticalArrangement = Arrangement.spacedBy(Space.xs),
) {
    val t = Fieldline.colours
    if (line.mine > 0) Chip(say(Word.MineAlone, line.mine), Glyph.Tick, t.done)
    if (line.inDoubt > 0) Chip(say(Word.DoubtMany, line.inDoubt), Glyph.Warning, t.warning)
    if (line.unconfirmed > 0) Chip(say(Word.Unconfirmed, line.unconfirmed), Glyph.Warning, t.warning)
    if (line.unexplained > 0) Chip(say(Word.Unexplained, line.unexplained), Glyph.Scales, t.overruled)
    if (line.requested > 0) Chip(say(Word.RequestedMany, line.requested), Glyph.Clock, t.pending)
}

/** What may be done with this part here. */
@Composable
fun DeedSheet(state: PartsState, line: PartLine, taps: PartsTaps) = Sheet("${line.number} ${say(line.name)}", taps::leave) {
    Hint("${say(line.place)} · ${say(Word.LieThere, line.quantity)} · ${ago(line.asOfMs)}")
    val deeds = state.deeds(line)
    if (deeds.isEmpty()) Notice(Glyph.Parts, say(Word.PartsUnderTicket), Fieldline.colours.quiet)
    deeds.forEachIndexed { at, deed ->
        val word = say(deedWord(deed))
        if (at == 0) {
            PrimaryButton(word, deedGlyph(deed), Modifier.fillMaxWidth()) { taps.say(deed) }
        } else {
            QuietButton(word, deedGlyph(deed), Modifier.fillMaxWidth(), tall = true) { taps.say(deed) }
        }
    }
}

/** How many, where to, and what it means where it goes beyond what this phone was granted. */
@Composable
fun SayingSheet(state: PartsState, saying: Saying, taps: PartsTaps) = Sheet(
    "${say(deedWord(saying.deed))}${say(Word.Colon)}${saying.line.number} ${say(saying.line.name)}",
    taps::leave,
) {
    Stepper(saying.quantity, state.most(saying), taps::quantity)
    val goals = state.goals(saying)
    if (goals.isNotEmpty()) {
        Hint(say(Word.WhereTo))
        Choices(goals, saying.to, { say(it.name) }, onChoose = taps::goal)
    }
    if (saying.deed == Deed.Use && saying.quantity > saying.line.mine) {
        Notice(Glyph.Warning, say(Word.BeyondGrant), Fieldline.colours.warning)
    }
    if (saying.deed == Deed.Request) Hint(say(Word.RequestHint))
    val needsGoal = saying.deed == Deed.Return || saying.deed == Deed.Transfer
    PrimaryButton(
        say(Word.Save),
        Glyph.Tick,
        Modifier.fillMaxWidth(),
        enabled = !state.busy && (!needsGoal || saying.to != null),
    ) { taps.save() }
}

private fun deedWord(deed: Deed) = when (deed) {
    Deed.Use -> Word.UsePart
    Deed.Return -> Word.ReturnPart
    Deed.Request -> Word.RequestPart
    Deed.Transfer -> Word.TransferPart
}

private fun deedGlyph(deed: Deed) = when (deed) {
    Deed.Use -> Glyph.Wrench
    Deed.Return -> Glyph.Inbox
    Deed.Request -> Glyph.Plus
    Deed.Transfer -> Glyph.Swap
}
