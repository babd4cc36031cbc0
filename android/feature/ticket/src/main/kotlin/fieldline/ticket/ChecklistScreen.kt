package fieldline.ticket

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import fieldline.design.BadgeState
import fieldline.design.Choices
import fieldline.design.EmptyCard
import fieldline.design.ErrorNotice
import fieldline.design.Fieldline
import fieldline.design.Frame
import fieldline.design.Gap
import fieldline.design.Glyph
import fieldline.design.GlyphIcon
import fieldline.design.Hint
import fieldline.design.QuietButton
import fieldline.design.Rule
import fieldline.design.Scroll
import fieldline.design.Show
import fieldline.design.Space
import fieldline.design.TextBox
import fieldline.design.When
import fieldline.design.Word
import fieldline.design.say
import fieldline.engine.Answer
import fieldline.engine.CheckItem
import fieldline.engine.CheckKind
import fieldline.engine.GivenAnswer
import fieldline.engine.Loaded

/** What a person can do on the checklist. */
interface ChecklistTaps {
    fun back()

    fun truth()

    fun again()

    fun answer(item: String, answer: Answer)

    fun photo(item: CheckItem)
}

@Composable
fun ChecklistScreen(state: Loaded<TicketState>, badge: BadgeState, taps: ChecklistTaps) =
    Frame(say(Word.Checklist), badge, taps::truth, taps::back) {
        Show(state, taps::again) { ticket ->
            val items = ticket.ticket.checklist
            if (items.isEmpty()) return@Show EmptyCard(Glyph.List, say(Word.NoChecklist), say(Word.NoChecklistHint))
            Scroll {
                ticket.failure?.let { ErrorNotice(it) }
                Hint(say(Word.Answered, ticket.answered, items.size))
                items.forEachIndexed { at, item ->
                    Gap()
                    Item(at + 1, item, ticket.canWrite && !ticket.busy, taps)
                    Gap()
                    Rule()
                }
            }
        }
    }

@Composable
private fun Item(number: Int, item: CheckItem, enabled: Boolean, taps: ChecklistTaps) =
    Column(Modifier.fillMaxWidth(), Arrangement.spacedBy(Space.s)) {
        Row(horizontalArrangement = Arrangement.spacedBy(Space.s)) {
            Text("$number. ${say(item.words)}", Modifier.weight(1f), style = Fieldline.type.strong)
            if (item.answers.isNotEmpty()) GlyphIcon(Glyph.Tick, tint = Fieldline.colours.done, said = say(Word.Done))
        }
        when (item.kind) {
            CheckKind.Tick -> Tick(item, enabled, taps)
            CheckKind.Reading -> Reading(item, enabled, taps)
            CheckKind.Photo -> QuietButton(say(Word.TakePhoto), Glyph.Camera, enabled = enabled, tall = true) { taps.photo(item) }
            CheckKind.Text, CheckKind.Unknown -> Words(item, enabled, taps)
        }
        item.answers.firstOrNull()?.let { Given(it, it.isOutside) }
        item.answers.drop(1).forEach { Hint(say(Word.AlsoAnswered, say(it.words), say(it.name))) }
    }

@Composable
private fun Tick(item: CheckItem, enabled: Boolean, taps: ChecklistTaps) {
    val chosen = (item.answers.firstOrNull()?.answer as? Answer.Tick)?.yes
    Choices(listOf(true, false), chosen, { say(if (it) Word.Yes else Word.No) }) { yes ->
        if (enabled) taps.answer(item.item, Answer.Tick(yes))
    }
}

@Composable
private fun Reading(item: CheckItem, enabled: Boolean, taps: ChecklistTaps) {
    var text by remember(item.item, item.answers.size) { mutableStateOf("") }
    val value = text.replace(',', '.').toDoubleOrNull()
    item.earlier?.let { Hint(say(Word.Previous, plain(it.value), it.unit, When.day(it.atMs, Fieldline.lang), it.number)) }
    bounds(item)?.let { Hint(it) }
    Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(Space.s), Alignment.CenterVertically) {
        TextBox("", text, Modifier.weight(1f), number = true, enabled = enabled) { text = it }
        if (item.unit.isNotEmpty()) Text(item.unit)
        QuietButton(say(Word.Save), enabled = enabled && value != null, tall = true) {
            value?.let { taps.answer(item.item, Answer.Reading(it, item.unit)) }
        }
    }
}

@Composable
private fun bounds(item: CheckItem): String? = when {
    item.min != null && item.max != null -> say(Word.SoundBetween, plain(item.min!!), plain(item.max!!), item.unit)
    item.min != null -> say(Word.SoundFrom, plain(item.min!!), item.unit)
    item.max != null -> say(Word.SoundTo, plain(item.max!!), item.unit)
    else -> null
}

@Composable
private fun Words(item: CheckItem, enabled: Boolean, taps: ChecklistTaps) {
    var text by remember(item.item, item.answers.size) { mutableStateOf("") }
    TextBox("", text, lines = 2, hint = say(Word.InYourWords), enabled = enabled) { text = it }
    QuietButton(say(Word.Save), enabled = enabled && text.isNotBlank(), tall = true) { taps.answer(item.item, Answer.Text(text.trim())) }
}

@Composable
private fun Given(given: GivenAnswer, outside: Boolean) {
    val colour = if (outside) Fieldline.colours.warning else Fieldline.colours.quiet
    Row(Modifier.padding(top = Space.xs), Arrangement.spacedBy(Space.xs), Alignment.CenterVertically) {
        if (outside) GlyphIcon(Glyph.Warning, tint = colour)
        Hint(say(if (outside) Word.SavedOutside else Word.SavedAs, say(given.words), When.time(given.atMs)), colour = colour)
    }
}

/** `12` for 12.0, `12.5` for 12.5: nobody reads a zero that was not measured. */
fun plain(value: Double): String = if (value == Math.floor(value) && Math.abs(value) < 1e15) value.toLong().toString() else value.toString()
