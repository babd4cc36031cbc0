package fieldline.design

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.clickable
import androidx.compose.foundation.gestures.detectTapGestures
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.input.pointer.pointerInput
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp

/** One of few, side by side: each 48 high, the chosen one with a tick as well as its colour. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
fun <T> Choices(of: List<T>, chosen: T?, word: @Composable (T) -> String, modifier: Modifier = Modifier, onChoose: (T) -> Unit) {
    FlowRow(
        modifier.fillMaxWidth(),
        horizontalArrangement = Arrangement.spacedBy(Space.s),
        verticalArrangement = Arrangement.spacedBy(Space.s),
    ) {
        of.forEach { one -> Choice(word(one), one == chosen) { onChoose(one) } }
    }
}

@Composable
private fun Choice(text: String, isChosen: Boolean, onClick: () -> Unit) {
    val colours = Fieldline.colours
    val shape = RoundedCornerShape(Space.radius)
    val ground = if (isChosen) colours.accent else colours.paper
    val ink = if (isChosen) colours.accentInk else colours.ink
    Row(
        Modifier.background(ground, shape).border(1.dp, if (isChosen) colours.accent else colours.quiet, shape)
            .selectable(isChosen, role = Role.RadioButton, onClick = onClick)
            .heightIn(min = Space.touch).widthIn(min = 72.dp).padding(horizontal = Space.m, vertical = Space.s),
        horizontalArrangement = Arrangement.spacedBy(Space.xs, Alignment.CenterHorizontally),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        if (isChosen) GlyphIcon(Glyph.Tick, 16.dp, ink)
        Text(text, style = Fieldline.type.body, color = ink)
    }
}

/** A sheet over the screen, at the bottom where the thumb is. It says what it is for and can always be left. */
@Composable
fun Sheet(title: String, onLeave: () -> Unit, content: @Composable ColumnScope.() -> Unit) {
    val leave = say(Word.NotNow)
    Box(Modifier.fillMaxSize().background(Tokens.Light.ink.copy(alpha = 0.5f)).clickable(onClickLabel = leave, onClick = onLeave)
            .semantics { contentDescription = leave }, Alignment.BottomCenter) {
        Column(
            Modifier.widthIn(max = Space.column).fillMaxWidth()
                .background(Fieldline.colours.paper, RoundedCornerShape(topStart = 16.dp, topEnd = 16.dp))
                .pointerInput(Unit) { detectTapGestures { } }
                .verticalScroll(rememberScrollState())
                .padding(Space.l),
            verticalArrangement = Arrangement.spacedBy(Space.s),
        ) {
            Text(title, style = Fieldline.type.title)
            content()
            QuietButton(say(Word.NotNow), modifier = Modifier.fillMaxWidth(), onClick = onLeave)
        }
    }
}

/** How many, with two big buttons: no keyboard for a gloved hand. */
@Composable
fun Stepper(value: Int, max: Int, onChange: (Int) -> Unit) {
    Row(verticalAlignment = Alignment.CenterVertically, horizontalArrangement = Arrangement.spacedBy(Space.m)) {
        QuietButton("−", enabled = value > 1) { onChange(value - 1) }
        Text(value.toString(), style = Fieldline.type.big)
        QuietButton("+", enabled = value < max) { onChange(value + 1) }
    }
}
