package fieldline.me

import androidx.compose.foundation.layout.Column
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import fieldline.design.BadgeState
import fieldline.design.Choices
import fieldline.design.EmptyCard
import fieldline.design.Fieldline
import fieldline.design.Frame
import fieldline.design.Gap
import fieldline.design.Glyph
import fieldline.design.GlyphIcon
import fieldline.design.Hint
import fieldline.design.Part
import fieldline.design.Rule
import fieldline.design.Scroll
import fieldline.design.Show
import fieldline.design.Space
import fieldline.design.SwitchRow
import fieldline.design.TapRow
import fieldline.design.Word
import fieldline.design.say
import fieldline.engine.Loaded

/** The languages a person can choose; a phone of a third language follows the first. */
enum class LangChoice { System, Zh, En }

/** What a person can do on the last tab. */
interface MeTaps {
    fun truth()

    fun again()

    fun enrol()

    fun exchange()

    fun lang(choice: LangChoice)

    fun position(on: Boolean)

    fun wifiOnly(on: Boolean)
}

@Composable
fun MeScreen(state: Loaded<MeState>, lang: LangChoice, badge: BadgeState, taps: MeTaps) = Frame(say(Word.Me), badge, taps::truth) {
    Show(state, taps::again) { me ->
        val owner = me.owner
            ?: return@Show EmptyCard(Glyph.Lock, say(Word.NotEnrolled), say(Word.NotEnrolledHint), say(Word.EnrolThisPhone), taps::enrol)
        Scroll {
            Text(say(owner.name), style = Fieldline.type.title)
            Hint(owner.company)
            Gap(Space.xl)
            Way(Glyph.Cloud, Word.Truth, Word.TruthHint, taps::truth)
            Rule()
            Way(Glyph.Swap, Word.Exchange, Word.ExchangeHint, taps::exchange)
            Gap(Space.xl)
            Part(say(Word.Language)) {
                Choices(LangChoice.entries, lang, { langWord(it) }, onChoose = taps::lang)
            }
            Part(say(Word.Position)) {
                SwitchRow(say(Word.PositionOn), say(Word.PositionHint), !me.settings.positionPaused, taps::position)
            }
            Part(say(Word.DataUse)) {
                SwitchRow(say(Word.WifiOnly), say(Word.WifiOnlyHint), me.settings.wifiOnly, taps::wifiOnly)
            }
            Part(say(Word.ThisPhone)) {
                Hint(owner.address)
                Way(Glyph.Scan, Word.EnrolAgain, Word.EnrolAgainHint, taps::enrol)
            }
        }
    }
}

@Composable
private fun Way(glyph: Glyph, word: Word, hint: Word, onClick: () -> Unit) = TapRow(onClick = onClick) {
    GlyphIcon(glyph, tint = Fieldline.colours.accent)
    Column(Modifier.weight(1f)) {
        Text(say(word))
        Hint(say(hint))
    }
}

/** A language is called by its own name in every language, so that whoever chose wrongly finds back. */
@Composable
private fun langWord(choice: LangChoice): String = when (choice) {
    LangChoice.System -> say(Word.LangSystem)
    LangChoice.Zh -> "简体中文"
    LangChoice.En -> "English"
}
