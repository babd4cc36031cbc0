package fieldline.design

import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.defaultMinSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.width
import androidx.compose.material3.Button
import androidx.compose.material3.ButtonDefaults
import androidx.compose.material3.OutlinedButton
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.text.style.TextAlign

private val inside = PaddingValues(horizontal = Space.l, vertical = Space.s)

/** The screen's main action: one on a screen, 56 high, within the thumb's reach. */
@Composable
fun PrimaryButton(
    text: String,
    glyph: Glyph? = null,
    modifier: Modifier = Modifier,
    enabled: Boolean = true,
    onClick: () -> Unit,
) {
    val colours = Fieldline.colours
    Button(
        onClick,
        modifier.defaultMinSize(minHeight = Space.primary),
        enabled,
        shape = androidx.compose.material3.MaterialTheme.shapes.small,
        colors = ButtonDefaults.buttonColors(
            containerColor = colours.accent,
            contentColor = colours.accentInk,
            disabledContainerColor = colours.line,
            disabledContentColor = colours.quiet,
        ),
        contentPadding = inside,
    ) { Label(text, glyph, Fieldline.type.title) }
}

/** Everything else that is done with a tap. */
@Composable
fun QuietButton(
    text: String,
    glyph: Glyph? = null,
    modifier: Modifier = Modifier,
    enabled: Boolean = true,
    colour: Color = Fieldline.colours.ink,
    tall: Boolean = false,
    onClick: () -> Unit,
) {
    OutlinedButton(
        onClick,
        modifier.defaultMinSize(minHeight = if (tall) Space.primary else Space.touch),
        enabled,
        shape = androidx.compose.material3.MaterialTheme.shapes.small,
        border = BorderStroke(androidx.compose.ui.unit.Dp(1f), Fieldline.colours.quiet),
        colors = ButtonDefaults.outlinedButtonColors(contentColor = colour, disabledContentColor = Fieldline.colours.quiet),
        contentPadding = inside,
    ) { Label(text, glyph, Fieldline.type.strong) }
}

@Composable
private fun RowScope.Label(text: String, glyph: Glyph?, style: androidx.compose.ui.text.TextStyle) {
    if (glyph != null) {
        GlyphIcon(glyph)
        Spacer(Modifier.width(Space.s))
    }
    Text(text, style = style, textAlign = TextAlign.Center, modifier = Modifier.weight(1f, fill = false))
}

/** A tap on a picture alone: 48 by 48, and [said] is what a screen reader says. */
@Composable
fun GlyphButton(glyph: Glyph, said: String, modifier: Modifier = Modifier, onClick: () -> Unit) {
    androidx.compose.material3.IconButton(onClick, modifier.size(Space.touch)) { GlyphIcon(glyph, said = said) }
}

/** A line that leads somewhere. */
@Composable
fun TapRow(
    modifier: Modifier = Modifier,
    arrow: Boolean = true,
    onClick: () -> Unit,
    content: @Composable RowScope.() -> Unit,
) {
    Row(
        modifier.fillMaxWidth().clickable(role = Role.Button, onClick = onClick).heightIn(min = Space.primary)
            .padding(vertical = Space.s),
        horizontalArrangement = Arrangement.spacedBy(Space.m),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        content()
        if (arrow) GlyphIcon(Glyph.Forward, tint = Fieldline.colours.quiet)
    }
}
