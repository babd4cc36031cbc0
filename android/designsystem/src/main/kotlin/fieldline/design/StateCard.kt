package fieldline.design

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import fieldline.engine.EngineFailure
import fieldline.engine.Loaded

/** Nothing to show: says what to do next. */
@Composable
fun EmptyCard(glyph: Glyph, title: String, hint: String, action: String? = null, onAction: () -> Unit = {}) {
    Column(
        Modifier.fillMaxWidth().padding(horizontal = Space.xl, vertical = Space.xxl),
        horizontalAlignment = Alignment.CenterHorizontally,
    ) {
        GlyphIcon(glyph, 40.dp, Fieldline.colours.quiet)
        Gap()
        Text(title, style = Fieldline.type.title, textAlign = TextAlign.Center)
        Gap(Space.s)
        Text(hint, style = Fieldline.type.body, color = Fieldline.colours.quiet, textAlign = TextAlign.Center)
        if (action != null) {
            Gap(Space.xl)
            QuietButton(action, onClick = onAction)
        }
    }
}

/** Something to know that is no alarm, or something to do. Icon, words, colour. */
@Composable
fun Notice(glyph: Glyph, text: String, colour: Color, modifier: Modifier = Modifier, title: String? = null) {
    Row(
        modifier.fillMaxWidth().background(Fieldline.colours.tint(colour), RoundedCornerShape(Space.radius)).padding(Space.m)
            .semantics(mergeDescendants = true) { liveRegion = LiveRegionMode.Polite },
    ) {
        GlyphIcon(glyph, tint = colour)
        Spacer(Modifier.width(Space.s))
        Column {
            if (title != null) Text(title, style = Fieldline.type.strong, color = colour)
            Text(text, style = Fieldline.type.note)
        }
    }
}

/** Offline is normal: small and steady. */
@Composable
fun OfflineNotice(modifier: Modifier = Modifier) =
    Notice(Glyph.CloudOff, say(Word.OfflineHint), Fieldline.colours.pending, modifier)

/** What happened, what is safe, what to do. */
@Composable
fun ErrorNotice(failure: EngineFailure, modifier: Modifier = Modifier) =
    Notice(Glyph.Warning, say(Word.WorkIsSafe), Fieldline.colours.breach, modifier, title = say(failure.words))

/** HQ took this phone's right away: the work stays, and this says what becomes of it. */
@Composable
fun RevokedNotice(modifier: Modifier = Modifier) =
    Notice(Glyph.Lock, say(Word.RevokedHint), Fieldline.colours.breach, modifier, title = say(Word.Revoked))

/** What is read from this phone: there within a moment, so a sentence and no spinner stands for the moment. */
@Composable
fun <T> Show(loaded: Loaded<T>, onAgain: () -> Unit = {}, content: @Composable (T) -> Unit) = when (loaded) {
    Loaded.Not -> EmptyCard(Glyph.Clock, say(Word.Reading), say(Word.ReadingHint))
    is Loaded.Failed -> EmptyCard(
        Glyph.Warning,
        say(loaded.failure.words),
        say(Word.WorkIsSafe),
        say(Word.TryAgain),
        onAgain,
    )
    is Loaded.Here -> content(loaded.value)
}
