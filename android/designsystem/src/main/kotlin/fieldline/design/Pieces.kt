package fieldline.design

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp

/** A word with its icon and its colour: never the colour alone. */
@Composable
fun Chip(text: String, glyph: Glyph, colour: Color, modifier: Modifier = Modifier) {
    Row(
        modifier.background(Fieldline.colours.tint(colour), RoundedCornerShape(Space.radius))
            .padding(horizontal = Space.s, vertical = 2.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        GlyphIcon(glyph, 16.dp, colour)
        Spacer(Modifier.width(Space.xs))
        Text(text, style = Fieldline.type.note, color = colour)
    }
}

/** A part of a screen under its heading. */
@Composable
fun Part(heading: String, modifier: Modifier = Modifier, content: @Composable ColumnScope.() -> Unit) {
    Column(modifier.fillMaxWidth().padding(bottom = Space.xl)) {
        Text(
            heading,
            style = Fieldline.type.strong,
            color = Fieldline.colours.quiet,
            modifier = Modifier.padding(bottom = Space.s).semantics { heading() },
        )
        content()
    }
}

/** A framed piece that stands for one thing. */
@Composable
fun Panel(modifier: Modifier = Modifier, colour: Color = Fieldline.colours.line, content: @Composable ColumnScope.() -> Unit) {
    val shape = RoundedCornerShape(Space.radius)
    Column(
        modifier.fillMaxWidth().background(Fieldline.colours.paper, shape).border(1.dp, colour, shape).padding(Space.l),
        verticalArrangement = Arrangement.spacedBy(Space.s),
        content = content,
    )
}

/** A name and what stands beside it, one above the other where type is large. */
@Composable
fun Fact(name: String, text: String, modifier: Modifier = Modifier) {
    Row(modifier.fillMaxWidth().padding(vertical = 2.dp)) {
        Text(name, Modifier.widthIn(min = 88.dp), color = Fieldline.colours.quiet, style = Fieldline.type.note)
        Spacer(Modifier.width(Space.s))
        Text(text, Modifier.weight(1f), style = Fieldline.type.body)
    }
}

@Composable
fun Hint(text: String, modifier: Modifier = Modifier, colour: Color = Fieldline.colours.quiet) {
    Text(text, modifier, style = Fieldline.type.note, color = colour)
}

@Composable
fun Rule() = HorizontalDivider(color = Fieldline.colours.line)

@Composable
fun Gap(height: androidx.compose.ui.unit.Dp = Space.m) = Spacer(Modifier.height(height))
