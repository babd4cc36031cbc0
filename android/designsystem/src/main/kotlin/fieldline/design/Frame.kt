package fieldline.design

import androidx.compose.foundation.background
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp

/** What the badge at the top right shows on every screen. */
data class BadgeState(val pending: Int = 0, val attention: Int = 0, val offline: Boolean = false)

/**
 * Title, badge, what may scroll, and what stands fixed at the bottom. The badge is on every screen: how much is saved here
 * and not at HQ is never a tap away.
 */
@Composable
fun Frame(
    title: String,
    badge: BadgeState?,
    onBadge: () -> Unit,
    onBack: (() -> Unit)? = null,
    under: String? = null,
    bottom: (@Composable () -> Unit)? = null,
    body: @Composable () -> Unit,
) {
    Column(Modifier.fillMaxSize().background(Fieldline.colours.paper)) {
        Row(
            Modifier.fillMaxWidth().heightIn(min = Space.primary).padding(start = if (onBack == null) Space.l else Space.xs, end = Space.s),
            verticalAlignment = Alignment.CenterVertically,
        ) {
            if (onBack != null) GlyphButton(Glyph.Back, say(Word.Back), onClick = onBack)
            Column(Modifier.weight(1f)) {
                Text(
                    title,
                    Modifier.semantics { heading() },
                    style = Fieldline.type.title,
                    maxLines = 2,
                    overflow = TextOverflow.Ellipsis,
                )
                if (under != null) Hint(under)
            }
            if (badge != null) PendingBadge(badge, onBadge)
        }
        Rule()
        Box(Modifier.weight(1f).fillMaxWidth()) { body() }
        if (bottom != null) {
            Rule()
            bottom()
        }
    }
}

/** How many operations are saved here and not at HQ; a tap opens the truth screen. Steady, never an alarm. */
@Composable
fun PendingBadge(state: BadgeState, onClick: () -> Unit) {
    val colours = Fieldline.colours
    val (glyph, text, colour) = when {
        state.attention > 0 -> Triple(Glyph.Warning, state.attention.toString(), colours.overruled)
        state.pending > 0 -> Triple(if (state.offline) Glyph.CloudOff else Glyph.Cloud, state.pending.toString(), colours.pending)
        else -> Triple(if (state.offline) Glyph.CloudOff else Glyph.Cloud, "0", colours.quiet)
    }
    val said = say(if (state.attention > 0) Word.BadgeAttention else Word.BadgePending, if (state.attention > 0) state.attention else state.pending)
    Box(
        Modifier.clickable(role = Role.Button, onClick = onClick).heightIn(min = Space.touch).widthIn(min = Space.touch)
            .semantics(mergeDescendants = true) { contentDescription = said },
        contentAlignment = Alignment.Center,
    ) {
        Row(
            Modifier.background(colours.tint(colour), RoundedCornerShape(16.dp)).padding(horizontal = Space.m, vertical = 6.dp),
            verticalAlignment = Alignment.CenterVertically,
        ) {
            GlyphIcon(glyph, tint = colour)
            Spacer(Modifier.width(Space.xs))
            Text(text, style = Fieldline.type.strong, color = colour)
        }
    }
}

/** One scrolling column; on a tablet in the middle, no wider than reads well. */
@Composable
fun Scroll(padding: PaddingValues = PaddingValues(Space.l), content: @Composable ColumnScope.() -> Unit) {
    Box(Modifier.fillMaxSize().verticalScroll(rememberScrollState()), contentAlignment = Alignment.TopCenter) {
        Column(Modifier.widthIn(max = Space.column).fillMaxWidth().padding(padding), content = content)
    }
}

/** What stands fixed at the bottom, within the thumb's reach. */
@Composable
fun BottomBar(content: @Composable ColumnScope.() -> Unit) {
    Box(Modifier.fillMaxWidth().background(Fieldline.colours.paper), contentAlignment = Alignment.TopCenter) {
        Column(Modifier.widthIn(max = Space.column).fillMaxWidth().padding(horizontal = Space.l, vertical = Space.m), content = content)
    }
}
