package fieldline.me

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import fieldline.design.Chip
import fieldline.design.Fieldline
import fieldline.design.Glyph
import fieldline.design.Hint
import fieldline.design.Panel
import fieldline.design.QuietButton
import fieldline.design.Space
import fieldline.design.Word
import fieldline.design.moment
import fieldline.design.say
import fieldline.engine.Card
import fieldline.engine.CardFate

/** What did not become what he meant: what he did, in his own words, why, and what he can do. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
fun CardPanel(card: Card, taps: TruthTaps) {
    val refused = card.fate == CardFate.Refused
    val colour = if (refused) Fieldline.colours.refused else Fieldline.colours.overruled
    Panel(colour = colour) {
        Chip(say(card.fateWords), if (refused) Glyph.Cross else Glyph.Scales, colour)
        Text(listOf(card.number, say(card.act)).filter { it.isNotEmpty() }.joinToString(" · "), style = Fieldline.type.strong)
        if (card.ownWords.isNotEmpty()) Text(say(Word.Quoted, card.ownWords))
        Text(say(Word.Because, say(card.reason)))
        Hint(moment(card.atMs))
        FlowRow(Modifier.fillMaxWidth(), Arrangement.spacedBy(Space.s), Arrangement.spacedBy(Space.s)) {
            if (card.ticket != null) {
                val again = if (refused) Word.DoAgain else Word.OpenTicket
                QuietButton(say(again)) { if (refused) taps.redo(card) else taps.open(card.ticket!!) }
            }
            if (card.ownWords.isNotEmpty()) QuietButton(say(Word.KeepCopy)) { taps.copy(card) }
            QuietButton(say(Word.PutAway)) { taps.dismiss(card) }
        }
    }
}
