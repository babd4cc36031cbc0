package fieldline.manuals

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import fieldline.design.BadgeState
import fieldline.design.EmptyCard
import fieldline.design.Fieldline
import fieldline.design.Frame
import fieldline.design.Glyph
import fieldline.design.GlyphIcon
import fieldline.design.Hint
import fieldline.design.Rule
import fieldline.design.Show
import fieldline.design.Space
import fieldline.design.TapRow
import fieldline.design.TextBox
import fieldline.design.Word
import fieldline.design.say
import fieldline.engine.Loaded

/** What a person can do among the manuals. */
interface ManualsTaps {
    fun truth()

    fun again()

    fun find(query: String)

    fun open(article: String)
}

@Composable
fun ManualsScreen(state: Loaded<ManualsState>, badge: BadgeState, taps: ManualsTaps) = Frame(say(Word.Manuals), badge, taps::truth) {
    Show(state, taps::again) { found ->
        LazyColumn(
            Modifier.fillMaxSize(),
            contentPadding = PaddingValues(Space.l),
            horizontalAlignment = Alignment.CenterHorizontally,
        ) {
            item {
                Column(Modifier.widthIn(max = Space.column).fillMaxWidth().padding(bottom = Space.m)) {
                    TextBox("", found.query, hint = say(Word.FindManual), onChange = taps::find)
                    Hint(say(Word.FindManualHint), Modifier.padding(top = Space.xs))
                }
            }
            if (found.read && found.lines.isEmpty()) item { Nothing(found) }
            items(found.lines, key = { it.article }) { line ->
                Column(Modifier.widthIn(max = Space.column)) {
                    TapRow(onClick = { taps.open(line.article) }) {
                        GlyphIcon(if (line.manual) Glyph.Book else Glyph.Doc, tint = Fieldline.colours.accent)
                        Column(Modifier.weight(1f)) {
                            Text(say(line.title))
                            Hint(say(if (line.manual) Word.Manual else Word.Article))
                        }
                    }
                    Rule()
                }
            }
        }
    }
}

@Composable
private fun Nothing(state: ManualsState) =
    if (state.query.isBlank()) {
        EmptyCard(Glyph.Book, say(Word.NoManuals), say(Word.NoManualsHint))
    } else {
        EmptyCard(Glyph.Find, say(Word.NoManualFound), say(Word.NoManualFoundHint))
    }
