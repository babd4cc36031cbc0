package fieldline.shell

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.selection.selectable
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.unit.dp
import fieldline.design.Fieldline
import fieldline.design.Glyph
import fieldline.design.GlyphIcon
import fieldline.design.QuietButton
import fieldline.design.Rule
import fieldline.design.Sheet
import fieldline.design.Word
import fieldline.design.say

/** The four places of the app. */
@Composable
fun Tabs(here: Route.Tab, onTab: (Route.Tab) -> Unit) = Column(Modifier.fillMaxWidth().background(Fieldline.colours.paper)) {
    Rule()
    Row(Modifier.fillMaxWidth()) {
        Route.Tab.entries.forEach { tab ->
            val colour = if (tab == here) Fieldline.colours.accent else Fieldline.colours.quiet
            Column(
                Modifier.weight(1f).selectable(tab == here, role = Role.Tab) { onTab(tab) }.heightIn(min = 64.dp).padding(vertical = 8.dp),
                Arrangement.Center,
                Alignment.CenterHorizontally,
            ) {
                GlyphIcon(glyph(tab), 24.dp, colour)
                val weight = if (tab == here) FontWeight.SemiBold else FontWeight.Normal
                Text(say(word(tab)), style = Fieldline.type.note.copy(fontWeight = weight), color = colour, maxLines = 1)
            }
        }
    }
}

private fun word(tab: Route.Tab) = when (tab) {
    Route.Tab.Today -> Word.Today
    Route.Tab.Parts -> Word.Parts
    Route.Tab.Manuals -> Word.Manuals
    Route.Tab.Me -> Word.Me
}

private fun glyph(tab: Route.Tab) = when (tab) {
    Route.Tab.Today -> Glyph.List
    Route.Tab.Parts -> Glyph.Parts
    Route.Tab.Manuals -> Glyph.Book
    Route.Tab.Me -> Glyph.Person
}

/** Which map shows the way. One map on the phone is opened without a question. */
@Composable
fun MapSheet(question: MapQuestion, handset: Handset, onLeave: () -> Unit) = Sheet(say(Word.ChooseMap), onLeave) {
    val place = question.place
    if (place == null) {
        fieldline.design.Hint(say(Word.NoPlace))
    } else {
        handset.maps().forEach { app ->
            QuietButton(say(mapWord(app)), Glyph.Pin, Modifier.fillMaxWidth(), tall = true) {
                handset.openMap(app, place, question.name)
                onLeave()
            }
        }
    }
}

private fun mapWord(app: MapApp) = when (app) {
    MapApp.Amap -> Word.Amap
    MapApp.Baidu -> Word.BaiduMap
    MapApp.Google -> Word.GoogleMap
}
