package fieldline.parts

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import fieldline.design.BadgeState
import fieldline.design.Choices
import fieldline.design.EmptyCard
import fieldline.design.ErrorNotice
import fieldline.design.Fieldline
import fieldline.design.Frame
import fieldline.design.Glyph
import fieldline.design.GlyphButton
import fieldline.design.Hint
import fieldline.design.Notice
import fieldline.design.Rule
import fieldline.design.Show
import fieldline.design.Space
import fieldline.design.TextBox
import fieldline.design.Word
import fieldline.design.say
import fieldline.engine.Loaded
import fieldline.engine.PartLine
import fieldline.engine.StockPlace

/** What a person can do with parts. */
interface PartsTaps {
    fun back()

    fun truth()

    fun again()

    fun look(myVan: Boolean)

    fun find(words: String)

    fun scan()

    fun choose(line: PartLine)

    fun say(deed: Deed)

    fun quantity(quantity: Int)

    fun goal(place: StockPlace)

    fun leave()

    fun save()
}

@Composable
fun PartsScreen(state: Loaded<PartsState>, badge: BadgeState, taps: PartsTaps) {
    val here = (state as? Loaded.Here)?.value
    val back: (() -> Unit)? = if (here?.ticket != null) taps::back else null
    Box(Modifier.fillMaxSize()) {
        Frame(say(Word.Parts), badge, taps::truth, back) { Show(state, taps::again) { Stock(it, taps) } }
        val saying = here?.saying
        when {
            saying != null -> SayingSheet(here, saying, taps)
            here?.chosen != null -> DeedSheet(here, here.chosen!!, taps)
        }
    }
}

@Composable
private fun Stock(state: PartsState, taps: PartsTaps) = LazyColumn(
    Modifier.fillMaxSize(),
    contentPadding = PaddingValues(Space.l),
    horizontalAlignment = Alignment.CenterHorizontally,
) {
    item { Above(state, taps) }
    if (state.lines.isEmpty()) item { Nothing(state) }
    items(state.lines, key = { it.location + it.part }) { line ->
        Column(Modifier.widthIn(max = Space.column)) {
            StockRow(line, showPlace = !state.myVan) { taps.choose(line) }
            Rule()
        }
    }
}

@Composable
private fun Above(state: PartsState, taps: PartsTaps) = Column(
    Modifier.widthIn(max = Space.column).fillMaxWidth().padding(bottom = Space.m),
    Arrangement.spacedBy(Space.m),
) {
    Choices(listOf(true, false), state.myVan, { say(if (it) Word.MyVan else Word.Everywhere) }, onChoose = taps::look)
    TextBox(
        "",
        state.words,
        hint = say(Word.FindPart),
        trailing = { GlyphButton(Glyph.Scan, say(Word.Scan)) { taps.scan() } },
        onChange = taps::find,
    )
    state.failure?.let { ErrorNotice(it) }
    state.saved?.let { Notice(Glyph.Tick, say(savedWord(it)), Fieldline.colours.done) }
    if (state.ticket == null) Hint(say(Word.PartsUnderTicket))
}

@Composable
private fun Nothing(state: PartsState) = when {
    state.words.isNotEmpty() -> EmptyCard(Glyph.Find, say(Word.NoPartFound), say(Word.NoPartFoundHint))
    state.myVan -> EmptyCard(Glyph.Parts, say(Word.VanEmpty), say(Word.VanEmptyHint))
    else -> EmptyCard(Glyph.Parts, say(Word.NoStock), say(Word.NoStockHint))
}

internal fun savedWord(deed: Deed) = when (deed) {
    Deed.Use -> Word.SavedUse
    Deed.Return -> Word.SavedReturn
    Deed.Request -> Word.SavedRequest
    Deed.Transfer -> Word.SavedTransfer
}
