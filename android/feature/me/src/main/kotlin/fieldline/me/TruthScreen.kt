package fieldline.me

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import fieldline.design.BottomBar
import fieldline.design.ErrorNotice
import fieldline.design.Fieldline
import fieldline.design.Frame
import fieldline.design.Gap
import fieldline.design.Glyph
import fieldline.design.GlyphIcon
import fieldline.design.Hint
import fieldline.design.Notice
import fieldline.design.Panel
import fieldline.design.Part
import fieldline.design.PrimaryButton
import fieldline.design.RevokedNotice
import fieldline.design.Scroll
import fieldline.design.Show
import fieldline.design.Space
import fieldline.design.Word
import fieldline.design.moment
import fieldline.design.say
import fieldline.engine.Card
import fieldline.engine.Completeness
import fieldline.engine.Loaded
import fieldline.engine.Truth

/** What a person can do on the truth screen. */
interface TruthTaps {
    fun back()

    fun again()

    fun sync()

    /** Does what the card tells of once more, with the same words before him. */
    fun redo(card: Card)

    /** His own words, to keep where he likes. */
    fun copy(card: Card)

    fun dismiss(card: Card)

    fun open(ticket: String)
}

/** What is saved here, what HQ has, what did not become what he meant, what waits and why. Nothing fails silently. */
@Composable
fun TruthScreen(state: Loaded<MeState>, taps: TruthTaps) {
    val here = (state as? Loaded.Here)?.value
    Frame(
        say(Word.Truth),
        badge = null,
        onBadge = {},
        onBack = taps::back,
        bottom = here?.let {
            {
                BottomBar {
                    val trying = it.reached == Reached.Trying
                    PrimaryButton(say(if (trying) Word.Syncing else Word.SyncNow), Glyph.Sync, Modifier.fillMaxWidth(), !trying) { taps.sync() }
                }
            }
        },
    ) { Show(state, taps::again) { Body(it, taps) } }
}

@Composable
private fun Body(state: MeState, taps: TruthTaps) = Scroll {
    val truth = state.truth
    Column(verticalArrangement = Arrangement.spacedBy(Space.m)) {
        if (truth.revoked) RevokedNotice()
        if (truth.mustEnrol && !truth.revoked) Notice(Glyph.Lock, say(Word.MustEnrolHint), Fieldline.colours.breach, title = say(Word.MustEnrol))
        state.failure?.let { ErrorNotice(it) }
        truth.notices.forEach { Notice(Glyph.Warning, say(it), Fieldline.colours.warning) }
        Counts(truth)
        Text(complete(truth))
        Hint(truth.lastSyncMs?.let { say(Word.LastSync, moment(it)) } ?: say(Word.NeverSynced))
    }
    Gap(Space.xl)
    if (truth.cards.isNotEmpty()) {
        Part(say(Word.NotAsMeant)) {
            Column(verticalArrangement = Arrangement.spacedBy(Space.m)) { truth.cards.forEach { CardPanel(it, taps) } }
        }
    }
    if (truth.missing.isNotEmpty() || truth.missingUnnamed > 0) {
        Part(say(Word.GoneHere)) {
            Notice(Glyph.Warning, say(Word.GoneHereHint), Fieldline.colours.breach)
            truth.missing.forEach {
                val what = listOf(if (it.isPhoto) say(Word.Photos) else "", say(it.what)).filter(String::isNotEmpty).joinToString(" ")
                Waits(it.number, what, moment(it.savedAtMs), "")
            }
            if (truth.missingUnnamed > 0) Hint(say(Word.GoneUnnamed, truth.missingUnnamed))
        }
    }
    Part(say(Word.WaitsHere)) {
        if (truth.waiting.isEmpty()) Hint(say(Word.NothingWaits))
        truth.waiting.forEach { Waits(it.number, say(it.act), moment(it.savedAtMs), say(it.why)) }
    }
}

/** The four figures of the promise. */
@Composable
private fun Counts(truth: Truth) {
    val t = Fieldline.colours
    Panel {
        Count(Glyph.Phone, Word.CountHere, truth.savedHere, t.pending)
        Count(Glyph.Tick, Word.CountHq, truth.atHq, t.done)
        Count(Glyph.Scales, Word.CountOverruled, truth.overruled, t.overruled)
        Count(Glyph.Cross, Word.CountRefused, truth.refused, t.refused)
        if (truth.heldAtHq > 0) Count(Glyph.Lock, Word.CountHeld, truth.heldAtHq, t.overruled)
        if (truth.carried > 0) Count(Glyph.Swap, Word.CountCarried, truth.carried, t.pending)
        if (truth.photosWaiting > 0) Count(Glyph.Camera, Word.CountPhotos, truth.photosWaiting, t.pending)
    }
}

@Composable
private fun Count(glyph: Glyph, word: Word, many: Int, colour: Color) = Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(Space.m)) {
    val shown = if (many == 0) Fieldline.colours.quiet else colour
    GlyphIcon(glyph, tint = shown)
    Text(say(word), Modifier.weight(1f))
    Text(many.toString(), style = Fieldline.type.strong, color = shown)
}

/** `42 of 42 jobs complete as of 08:03`. */
@Composable
private fun complete(truth: Truth): String {
    val asOf = truth.asOfMs?.let { moment(it) }.orEmpty()
    val expected = truth.expected ?: 0
    return when (truth.completeness) {
        Completeness.Complete -> say(Word.AllHere, truth.held, expected, asOf)
        Completeness.Incomplete -> say(Word.SomeHere, truth.held, expected, asOf)
        Completeness.NotAsCounted -> say(Word.NotAsCounted, truth.held, asOf)
        Completeness.NotCounted -> say(Word.NotCounted, truth.held)
        Completeness.NeverSynced -> say(Word.NothingFetched)
        Completeness.NotRenewed, Completeness.NotRenewedPartly -> say(Word.NotRenewed, truth.held)
    }
}

@Composable
private fun Waits(number: String, what: String, at: String, why: String) = Column {
    Text(listOf(number, what).filter { it.isNotEmpty() }.joinToString(" · "))
    Hint(listOf(at, why).filter { it.isNotEmpty() }.joinToString(" · "))
    Gap(Space.s)
}
