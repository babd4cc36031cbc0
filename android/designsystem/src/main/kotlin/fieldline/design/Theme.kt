package fieldline.design

import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.LocalContentColor
import androidx.compose.material3.LocalTextStyle
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Shapes
import androidx.compose.material3.Typography
import androidx.compose.material3.darkColorScheme
import androidx.compose.material3.lightColorScheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.ReadOnlyComposable
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.unit.sp
import fieldline.engine.Lang

private val LocalTokens = staticCompositionLocalOf { Tokens.Light }
private val LocalLang = staticCompositionLocalOf { Lang.Zh }
private val LocalClock = staticCompositionLocalOf { Clock { System.currentTimeMillis() } }
private val LocalFaces = staticCompositionLocalOf { Faces(FontFamily.Default, Lang.Zh) }

/** What time it is; a picture for a test has one that stands still. */
fun interface Clock {
    fun nowMs(): Long
}

/** The five sizes of type, nothing under 12. Figures have one width, so that columns and clocks stand still. */
class Faces(family: FontFamily, lang: Lang) {
    private val leading = if (lang == Lang.Zh) 1.6f else 1.5f

    /** Chinese fonts draw the quotation marks of English as wide as a character. */
    private val features = if (lang == Lang.Zh) "tnum" else "tnum, pwid, palt"
    private val base = TextStyle(fontFamily = family, fontFeatureSettings = features)

    private fun face(size: Int, leading: Float, weight: FontWeight = FontWeight.Normal) =
        base.copy(fontSize = size.sp, lineHeight = (size * leading).sp, fontWeight = weight)

    val small = face(12, leading)
    val note = face(14, leading)
    val body = face(16, leading)
    val strong = face(16, leading, FontWeight.SemiBold)
    val title = face(20, 1.4f, FontWeight.SemiBold)
    val big = face(28, 1.3f, FontWeight.SemiBold)
}

/** What every screen finds around it. */
object Fieldline {
    val colours: Tokens @Composable @ReadOnlyComposable get() = LocalTokens.current
    val lang: Lang @Composable @ReadOnlyComposable get() = LocalLang.current
    val clock: Clock @Composable @ReadOnlyComposable get() = LocalClock.current
    val type: Faces @Composable @ReadOnlyComposable get() = LocalFaces.current
}

/** Colours, type and language of the app. Material's own parts take theirs from the same tokens. */
@Composable
fun FieldlineTheme(
    lang: Lang,
    dark: Boolean,
    clock: Clock = Clock { System.currentTimeMillis() },
    family: FontFamily = FontFamily.Default,
    content: @Composable () -> Unit,
) {
    val tokens = if (dark) Tokens.Dark else Tokens.Light
    val faces = Faces(family, lang)
    CompositionLocalProvider(
        LocalTokens provides tokens,
        LocalLang provides lang,
        LocalClock provides clock,
        LocalFaces provides faces,
    ) {
        MaterialTheme(
            colorScheme = scheme(tokens),
            shapes = shapes,
            typography = Typography(
                bodyLarge = faces.body, bodyMedium = faces.note, bodySmall = faces.small, labelLarge = faces.strong,
                labelMedium = faces.note, labelSmall = faces.small, titleLarge = faces.title, titleMedium = faces.strong,
                titleSmall = faces.note, headlineMedium = faces.big,
            ),
        ) {
            CompositionLocalProvider(
                LocalContentColor provides tokens.ink,
                LocalTextStyle provides faces.body,
                content = content,
            )
        }
    }
}

private val corner = RoundedCornerShape(Space.radius)
private val shapes = Shapes(corner, corner, corner, corner, corner)

private fun scheme(t: Tokens) = (if (t.isDark) darkColorScheme() else lightColorScheme()).copy(
    primary = t.accent, onPrimary = t.accentInk, secondary = t.accent, onSecondary = t.accentInk,
    background = t.paper, onBackground = t.ink, surface = t.paper, onSurface = t.ink,
    surfaceVariant = t.mist, onSurfaceVariant = t.quiet, surfaceContainer = t.mist, surfaceContainerHigh = t.mist,
    surfaceContainerHighest = t.mist, surfaceContainerLow = t.mist, outline = t.quiet, outlineVariant = t.line,
    error = t.breach, onError = t.accentInk, primaryContainer = t.mist, onPrimaryContainer = t.ink,
    secondaryContainer = t.mist, onSecondaryContainer = t.ink,
)
