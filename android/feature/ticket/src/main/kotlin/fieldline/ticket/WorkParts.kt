package fieldline.ticket

import androidx.compose.foundation.background
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.unit.dp
import fieldline.design.Fieldline
import fieldline.design.Glyph
import fieldline.design.GlyphIcon
import fieldline.design.Hint
import fieldline.design.Part
import fieldline.design.Space
import fieldline.design.Word
import fieldline.design.moment
import fieldline.design.say
import fieldline.engine.Entry
import fieldline.engine.EntryKind
import fieldline.engine.Ticket

/** The work on the machine: five big tiles, each with what is there already. */
@Composable
fun WorkPart(state: TicketState, taps: TicketTaps) = Part(say(Word.Work)) {
    val ticket = state.ticket
    val notes = ticket.entries.count { it.kind == EntryKind.Note }
    val used = ticket.entries.count { it.kind == EntryKind.UsePart }
    val many = if (ticket.checklist.isEmpty()) "–" else "${state.answered}/${ticket.checklist.size}"
    val signed = if (ticket.signature != null) say(Word.Signed) else if (ticket.done != null) say(Word.NotSigned) else "–"
    val open: (TicketSection) -> () -> Unit = { { taps.open(it) } }
    Column(verticalArrangement = Arrangement.spacedBy(Space.s)) {
        Pair({ Tile(Word.Checklist, Glyph.List, many, it, open(TicketSection.Checklist)) }) {
            Tile(Word.Parts, Glyph.Parts, used.toString(), it, open(TicketSection.Parts))
        }
        Pair({ Tile(Word.Photos, Glyph.Camera, ticket.photos.size.toString(), it, open(TicketSection.Photos)) }) {
            Tile(Word.Notes, Glyph.Pen, notes.toString(), it, open(TicketSection.Note))
        }
        Tile(Word.Report, Glyph.Doc, signed, Modifier.fillMaxWidth(), open(TicketSection.Report))
    }
}

/** Side by side; one above the other where the person has set the type large. */
@Composable
private fun Pair(first: @Composable (Modifier) -> Unit, second: @Composable (Modifier) -> Unit) {
    if (LocalDensity.current.fontScale > LARGE) {
        first(Modifier.fillMaxWidth())
        second(Modifier.fillMaxWidth())
    } else {
        Row(horizontalArrangement = Arrangement.spacedBy(Space.s)) {
            first(Modifier.weight(1f))
            second(Modifier.weight(1f))
        }
    }
}

/** From here on two tiles beside each other would cut their words. */
private const val LARGE = 1.25f

@Composable
private fun Tile(word: Word, glyph: Glyph, many: String, modifier: Modifier, onClick: () -> Unit) = Row(
    modifier.background(Fieldline.colours.mist, RoundedCornerShape(Space.radius)).clickable(role = Role.Button, onClick = onClick)
        .heightIn(min = 64.dp).padding(Space.m),
    horizontalArrangement = Arrangement.spacedBy(Space.s),
    verticalAlignment = Alignment.CenterVertically,
) {
    GlyphIcon(glyph, 24.dp, Fieldline.colours.accent)
    Text(say(word), Modifier.weight(1f), style = Fieldline.type.strong)
    Text(many, style = Fieldline.type.strong, color = Fieldline.colours.quiet)
}

/** Everything that happened, newest first. */
@Composable
fun HistoryPart(ticket: Ticket) = Part(say(Word.History)) {
    Column(verticalArrangement = Arrangement.spacedBy(Space.m)) {
        ticket.entries.asReversed().forEach { EntryRow(it) }
    }
}

@Composable
fun EntryRow(entry: Entry) = Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(Space.m)) {
    val t = Fieldline.colours
    GlyphIcon(glyphOf(entry.kind), tint = t.quiet)
    Column(Modifier.weight(1f)) {
        val detail = say(entry.detail)
        Text(say(entry.label) + if (detail.isEmpty()) "" else say(Word.Colon) + detail)
        Hint("${say(entry.name)} · ${moment(entry.atMs)}")
        when {
            entry.overruled != null -> Mark(Glyph.Scales, say(entry.overruled!!), t.overruled)
            entry.held -> Mark(Glyph.Scales, say(Word.HeldAtHq), t.overruled)
            entry.carried -> Mark(Glyph.Swap, say(Word.CarriedHere), t.pending)
            entry.pending -> Mark(Glyph.Cloud, say(Word.SavedHere), t.pending)
        }
    }
}

@Composable
private fun Mark(glyph: Glyph, text: String, colour: androidx.compose.ui.graphics.Color) =
    Row(verticalAlignment = Alignment.CenterVertically, horizontalArrangement = Arrangement.spacedBy(Space.xs)) {
        GlyphIcon(glyph, 16.dp, colour)
        Hint(text, colour = colour)
    }

private fun glyphOf(kind: EntryKind): Glyph = when (kind) {
    EntryKind.Note -> Glyph.Pen
    EntryKind.UsePart, EntryKind.RequestPart, EntryKind.TransferPart -> Glyph.Parts
    EntryKind.Photo -> Glyph.Camera
    EntryKind.Sign -> Glyph.Pen
    EntryKind.Answer -> Glyph.Tick
    EntryKind.Message -> Glyph.Speech
    EntryKind.Urge -> Glyph.Bell
    EntryKind.Step -> Glyph.Wrench
    EntryKind.Other -> Glyph.Person
}
