package fieldline.design

import androidx.compose.runtime.Immutable
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.compositeOver
import androidx.compose.ui.unit.dp

/**
 * The colours of all screens, the same table as the pages of HQ. Every text colour reads at 4.5:1 or better on paper, on mist
 * and on its own tint; a test computes it.
 */
@Immutable
data class Tokens(
    val ink: Color,
    val paper: Color,
    val mist: Color,
    val line: Color,
    val quiet: Color,
    val accent: Color,
    val accentInk: Color,
    val received: Color,
    val assigning: Color,
    val way: Color,
    val arrived: Color,
    val progress: Color,
    val done: Color,
    val breach: Color,
    val warning: Color,
    val overruled: Color,
    val refused: Color,
    val pending: Color,
    val isDark: Boolean,
) {
    /** A ground for text of this colour. */
    fun tint(of: Color): Color = of.copy(alpha = TINT).compositeOver(paper)

    companion object {
        /** More would take light blue below 4.5:1. */
        private const val TINT = 0.06f

        val Light = Tokens(
            ink = Color(0xFF14212B), paper = Color(0xFFFFFFFF), mist = Color(0xFFF3F6F8), line = Color(0xFFD5DDE3),
            quiet = Color(0xFF4A5B68), accent = Color(0xFF0A6C8F), accentInk = Color(0xFFFFFFFF),
            received = Color(0xFF5B6B78), assigning = Color(0xFF4F5BB5), way = Color(0xFF1F6FD1),
            arrived = Color(0xFF0A7771), progress = Color(0xFF9A5B00), done = Color(0xFF2C7A3A),
            breach = Color(0xFFB3261E), warning = Color(0xFF9A5B00), overruled = Color(0xFF7A3FA0),
            refused = Color(0xFFB3261E), pending = Color(0xFF52677A), isDark = false,
        )
        val Dark = Tokens(
            ink = Color(0xFFE8EEF2), paper = Color(0xFF0F171D), mist = Color(0xFF17222A), line = Color(0xFF2A3842),
            quiet = Color(0xFFA9B9C5), accent = Color(0xFF5BB8D9), accentInk = Color(0xFF06222D),
            received = Color(0xFFA3B3C0), assigning = Color(0xFFA6AEF0), way = Color(0xFF7CB3F5),
            arrived = Color(0xFF56C2BA), progress = Color(0xFFE3AC57), done = Color(0xFF79C788),
            breach = Color(0xFFF29A92), warning = Color(0xFFE3AC57), overruled = Color(0xFFCDA6E6),
            refused = Color(0xFFF29A92), pending = Color(0xFF9DB2C4), isDark = true,
        )
    }
}

/** Measures on the 4-point grid. */
object Space {
    val xs = 4.dp
    val s = 8.dp
    val m = 12.dp
    val l = 16.dp
    val xl = 24.dp
    val xxl = 32.dp
    val radius = 8.dp

    /** Least height of whatever takes a tap. */
    val touch = 48.dp

    /** Least height of a screen's main action: a gloved thumb finds it. */
    val primary = 56.dp

    /** No line of text gets longer than this on a tablet. */
    val column = 640.dp

    /** From this width on a screen has two columns. */
    val wide = 720.dp
}
