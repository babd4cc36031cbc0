package fieldline.design

import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.LocalContentColor
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.SolidColor
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.StrokeJoin
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.graphics.vector.addPathNodes
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp

/** Line icons, 20 × 20, the same drawings as HQ's pages. They never carry a meaning alone: a word stands beside each. */
enum class Glyph(path: String) {
    List("M7 5h10M7 10h10M7 15h10M3 5h.01M3 10h.01M3 15h.01"),
    Person("M10 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM4 17c0-3 2.7-5 6-5s6 2 6 5"),
    Parts("M3 6l7-3 7 3v8l-7 3-7-3ZM3 6l7 3 7-3M10 9v8"),
    Book("M10 5C8 3.6 5.5 3.5 3 4v11c2.5-.5 5-.4 7 1 2-1.4 4.5-1.5 7-1V4c-2.5-.5-5-.4-7 1ZM10 5v11"),
    Inbox("M3 11l2.5-7h9L17 11v5H3ZM3 11h4l1 2h4l1-2h4"),
    Find("M9 15a6 6 0 1 0 0-12 6 6 0 0 0 0 12ZM13.5 13.5 17 17"),
    Van(
        "M2 14V5h10v9M12 8h3.5L18 11v3h-1M8 14h5M5.5 16a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3ZM14.5 16a1.5 1.5 0 1 0 0-3 " +
            "1.5 1.5 0 0 0 0 3Z",
    ),
    Pin("M10 18s6-5 6-10a6 6 0 0 0-12 0c0 5 6 10 6 10ZM10 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z"),
    Wrench("M16.5 5.5 14 8l-2-2 2.5-2.5A4.5 4.5 0 0 0 8.6 9.3L3 15l2 2 5.7-5.6a4.5 4.5 0 0 0 5.8-5.9Z"),
    Tick("M4 10.5 8 14.5 16 6"),
    Cross("M5 5l10 10M15 5 5 15"),
    Pause("M7 4v12M13 4v12"),
    Play("M6 4l10 6-10 6Z"),
    Clock("M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM10 6v4l3 2"),
    Warning("M10 3 18 17H2ZM10 8v4M10 14.5v.01"),
    Scales("M10 3v14M6 17h8M4 6h12M4 6l-2 5h4ZM16 6l-2 5h4Z"),
    Speech("M3 4h14v9H9l-4 4v-4H3Z"),
    Bell("M5 14V9a5 5 0 0 1 10 0v5l1.5 1h-13ZM8.5 17.5h3"),
    Phone("M6 2.5h8v15H6ZM9 15h2"),
    Star("M10 3l2.1 4.6 5 .6-3.7 3.4 1 4.9L10 14l-4.4 2.5 1-4.9L2.9 8.2l5-.6Z"),
    Plus("M10 4v12M4 10h12"),
    Minus("M4 10h12"),
    Camera("M3 6h3l1.5-2h5L14 6h3v10H3ZM10 13.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z"),
    Pen("M4 16l1-4 8.5-8.5 3 3L8 15ZM11.5 5.5l3 3"),
    Back("M12 4l-6 6 6 6"),
    Forward("M8 4l6 6-6 6"),
    Scan("M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4M6 7v6M9 7v6M11.5 7v6M14 7v6"),
    Mic("M10 12a2.5 2.5 0 0 0 2.5-2.5v-4a2.5 2.5 0 0 0-5 0v4A2.5 2.5 0 0 0 10 12ZM5 9.5a5 5 0 0 0 10 0M10 14.5V17M7 17h6"),
    Cloud("M6 15a3.5 3.5 0 0 1-.3-7A4.5 4.5 0 0 1 14.3 7.6 3.7 3.7 0 0 1 14 15Z"),
    CloudOff("M6 15a3.5 3.5 0 0 1-.3-7M8 5.2a4.5 4.5 0 0 1 6.3 2.4A3.7 3.7 0 0 1 16.5 13M14 15H8M3 3l14 14"),
    Lock("M5 9h10v8H5ZM7 9V6.5a3 3 0 0 1 6 0V9"),
    Share("M10 12V3M6.5 6.5 10 3l3.5 3.5M4 11v6h12v-6"),
    Swap("M4 7h11M12 4l3 3-3 3M16 13H5M8 10l-3 3 3 3"),
    Gear("M10 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM10 2.5v2M10 15.5v2M2.5 10h2M15.5 10h2M4.7 4.7l1.4 1.4M13.9 13.9l1.4 1.4M4.7 15.3l1.4-1.4M13.9 6.1l1.4-1.4"),
    Doc("M5 3h7l3 3v11H5ZM12 3v3h3M8 10h4M8 13h4"),
    Sync("M16 8a6.5 6.5 0 0 0-11.8-1.5M4 3v4h4M4 12a6.5 6.5 0 0 0 11.8 1.5M16 17v-4h-4"),
    ;

    val vector: ImageVector = ImageVector.Builder(name, 20.dp, 20.dp, 20f, 20f).addPath(
        pathData = addPathNodes(path),
        stroke = SolidColor(Color.Black),
        strokeLineWidth = 1.5f,
        strokeLineCap = StrokeCap.Round,
        strokeLineJoin = StrokeJoin.Round,
    ).build()
}

/** An icon beside a word; [said] only where no word stands beside it. */
@Composable
fun GlyphIcon(glyph: Glyph, size: Dp = 20.dp, tint: Color = LocalContentColor.current, said: String? = null) {
    // It grows with the type beside it.
    val grown = size * LocalDensity.current.fontScale.coerceAtLeast(1f)
    Icon(glyph.vector, contentDescription = said, modifier = Modifier.size(grown), tint = tint)
}
