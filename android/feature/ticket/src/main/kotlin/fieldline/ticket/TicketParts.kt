package fieldline.ticket

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.text.font.FontFamily
import fieldline.design.Chip
import fieldline.design.Fact
import fieldline.design.Fieldline
import fieldline.design.Gap
import fieldline.design.Glyph
import fieldline.design.GlyphIcon
import fieldline.design.Hint
import fieldline.design.Panel
import fieldline.design.Part
import fieldline.design.QuietButton
import fieldline.design.Space
import fieldline.design.TapRow
import fieldline.design.When
import fieldline.design.Word
import fieldline.design.look
import fieldline.design.moment
import fieldline.design.say
import fieldline.engine.ArticleLine
import fieldline.engine.Asset
import fieldline.engine.KeptState
import fieldline.engine.Priority
import fieldline.engine.Ticket

/** What is wrong, how urgent, and until when. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
fun FaultPart(ticket: Ticket) = Part(say(Word.Fault)) {
    val t = Fieldline.colours
    Text(say(ticket.fault).ifEmpty { ticket.faultText }.ifEmpty { say(Word.FaultUnknown) }, style = Fieldline.type.title)
    if (ticket.faultText.isNotEmpty() && say(ticket.fault).isNotEmpty()) Text(say(Word.Quoted, ticket.faultText))
    Gap(Space.s)
    FlowRow(horizontalArrangement = Arrangement.spacedBy(Space.s), verticalArrangement = Arrangement.spacedBy(Space.xs)) {
        if (ticket.vip) Chip(say(Word.Vip), Glyph.Star, t.overruled)
        if (ticket.priority == Priority.Critical) Chip(say(Word.Critical), Glyph.Warning, t.breach)
        if (ticket.priority == Priority.High) Chip(say(Word.High), Glyph.Warning, t.warning)
        if (ticket.urges > 0) Chip(say(Word.Urged, ticket.urges), Glyph.Bell, t.warning)
    }
    val start = ticket.planStartMs
    if (start != null) Fact(say(Word.Planned), When.span(start, ticket.planEndMs, Fieldline.clock.nowMs(), Fieldline.lang))
    ticket.deadlineMs?.let { Fact(say(Word.DeadlineAt), moment(it)) }
}

/** Whom it is for, and the two taps that bring one there. */
@Composable
fun CustomerPart(ticket: Ticket, taps: TicketTaps) = Part(say(Word.Customer)) {
    Text(say(ticket.customer), style = Fieldline.type.title)
    Text(say(ticket.address))
    ticket.contract?.let { Fact(say(Word.Contract), it) }
    ticket.contact?.let { Fact(say(Word.Contact), it) }
    Gap(Space.s)
    Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(Space.s)) {
        QuietButton(say(Word.Route), Glyph.Pin, Modifier.weight(1f)) { taps.map() }
        ticket.phone?.let { number -> QuietButton(say(Word.Call), Glyph.Phone, Modifier.weight(1f)) { taps.call(number) } }
    }
}

/** The machine and what was done to it before. */
@Composable
fun AssetPart(ticket: Ticket) {
    val asset = ticket.asset ?: return
    Part(say(Word.AssetWord)) {
        Text(say(asset.model), style = Fieldline.type.title)
        Text(asset.serial, style = Fieldline.type.body.copy(fontFamily = FontFamily.Monospace))
        asset.warrantyEnd?.let { Warranty(it) }
        PastWorks(asset)
    }
}

@Composable
private fun Warranty(end: String) {
    val date = When.date(end, Fieldline.lang)
    val over = When.isPast(end, Fieldline.clock.nowMs())
    Fact(say(Word.Warranty), say(if (over) Word.WarrantyOver else Word.WarrantyUntil, date))
}

@Composable
private fun PastWorks(asset: Asset) {
    var all by remember { mutableStateOf(false) }
    if (asset.history.isEmpty()) return Hint(say(Word.NoEarlierWork))
    Gap(Space.s)
    asset.history.take(if (all) asset.history.size else 2).forEach { work ->
        Column {
            Text("${When.date(work.date, Fieldline.lang)} · ${say(work.fault)}", style = Fieldline.type.strong)
            val what = listOf(say(work.cause), say(work.remedy)).filter { it.isNotEmpty() }.joinToString(" → ")
            Hint("$what（${work.number}）".takeIf { Fieldline.lang == fieldline.engine.Lang.Zh } ?: "$what (${work.number})")
            Gap(Space.s)
        }
    }
    if (asset.history.size > 2 && !all) {
        TapRow(onClick = { all = true }) { Text(say(Word.AllEarlierWork, asset.history.size), Modifier.weight(1f), color = Fieldline.colours.accent) }
    }
}

/** Articles for this fault on this machine. */
@Composable
fun CausePart(causes: List<ArticleLine>, taps: TicketTaps) = Part(say(Word.ProbableCauses)) {
    if (causes.isEmpty()) Hint(say(Word.NoCauses))
    causes.take(CAUSES).forEach { line ->
        TapRow(onClick = { taps.article(line.article) }) {
            GlyphIcon(if (line.manual) Glyph.Book else Glyph.Doc, tint = Fieldline.colours.accent)
            Text(say(line.title), Modifier.weight(1f))
        }
    }
}

/** Parts that lie ready for this ticket, or were asked for. */
@Composable
fun KeptPart(ticket: Ticket) {
    if (ticket.kept.isEmpty()) return
    Part(say(Word.KeptParts)) {
        ticket.kept.forEach { kept ->
            val (word, glyph, colour) = when (kept.state) {
                KeptState.Reserved -> Triple(Word.Reserved, Glyph.Tick, Fieldline.colours.done)
                KeptState.InDoubt -> Triple(Word.InDoubt, Glyph.Warning, Fieldline.colours.warning)
                KeptState.Requested -> Triple(Word.Requested, Glyph.Clock, Fieldline.colours.pending)
            }
            Row(verticalAlignment = Alignment.CenterVertically, horizontalArrangement = Arrangement.spacedBy(Space.s)) {
                Column(Modifier.weight(1f)) {
                    Text("${kept.number} ${say(kept.name)} × ${kept.quantity}")
                    Hint(say(kept.place))
                }
                Chip(say(word), glyph, colour)
            }
        }
    }
}

/** How it ended. */
@Composable
fun DonePart(ticket: Ticket) {
    val done = ticket.done ?: return
    Part(say(Word.Report)) {
        Panel {
            val (colour, glyph) = look(fieldline.engine.VisitPhase.Done)
            Chip(say(done.result), glyph, colour)
            if (say(done.cause).isNotEmpty()) Fact(say(Word.Cause), say(done.cause))
            if (say(done.remedy).isNotEmpty()) Fact(say(Word.Remedy), say(done.remedy))
            if (done.text.isNotEmpty()) Text(done.text)
            if (ticket.workedMs > 0) Fact(say(Word.WorkTime), When.length(ticket.workedMs, Fieldline.lang))
            ticket.signature?.let { Fact(say(Word.Signed), "${it.name} · ${moment(it.atMs)}") }
        }
    }
}

/** More than so many probable causes are none. */
private const val CAUSES = 4
