package fieldline.ticket

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.gestures.detectDragGestures
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.aspectRatio
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.rememberUpdatedState
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Path
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.StrokeJoin
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.input.pointer.pointerInput
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import fieldline.design.Fieldline
import fieldline.design.Space
import fieldline.design.Word
import fieldline.design.say

/** Where the customer signs with a finger: three to one, as the core keeps it. */
@Composable
fun SignaturePad(strokes: List<List<Point>>, enabled: Boolean, onDraw: (Point, Boolean) -> Unit) {
    val shape = RoundedCornerShape(Space.radius)
    val ink = Fieldline.colours.ink
    val said = say(Word.SignHere)
    val draw by rememberUpdatedState(onDraw)
    Box(
        Modifier.fillMaxWidth().aspectRatio(3f).background(Fieldline.colours.mist, shape)
            .border(1.dp, Fieldline.colours.quiet, shape).semantics { contentDescription = said }
            .pointerInput(enabled) {
                if (!enabled) return@pointerInput
                fun at(x: Float, y: Float) = Point.on(x, y, size.width.toFloat(), size.height.toFloat())
                detectDragGestures(onDragStart = { draw(at(it.x, it.y), true) }) { change, _ ->
                    change.consume()
                    draw(at(change.position.x, change.position.y), false)
                }
            },
    ) {
        if (strokes.isEmpty()) {
            Text(said, Modifier.align(Alignment.Center).padding(Space.l), color = Fieldline.colours.quiet)
        }
        Canvas(Modifier.fillMaxSize()) {
            val scale = size.width / Point.WIDTH
            strokes.filter { it.size > 1 }.forEach { stroke ->
                val path = Path().apply {
                    moveTo(stroke.first().x * scale, stroke.first().y * scale)
                    stroke.drop(1).forEach { lineTo(it.x * scale, it.y * scale) }
                }
                drawPath(path, ink, style = Stroke(2.dp.toPx(), cap = StrokeCap.Round, join = StrokeJoin.Round))
            }
        }
    }
}
