package fieldline

import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.luminance
import fieldline.design.Space
import fieldline.design.Tokens
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class ContrastTest {
    private fun contrast(a: Color, b: Color): Double {
        val (x, y) = a.luminance() to b.luminance()
        return (maxOf(x, y) + 0.05) / (minOf(x, y) + 0.05)
    }

    private fun reads(what: String, text: Color, ground: Color) {
        val ratio = contrast(text, ground)
        assertTrue(ratio >= 4.5, "$what: %.2f".format(ratio))
    }

    @Test
    fun every_text_reads_on_every_ground_it_stands_on() {
        for (t in listOf(Tokens.Light, Tokens.Dark)) {
            val labels = mapOf(
                "accent" to t.accent, "received" to t.received, "assigning" to t.assigning, "way" to t.way,
                "arrived" to t.arrived, "progress" to t.progress, "done" to t.done, "breach" to t.breach,
                "warning" to t.warning, "overruled" to t.overruled, "refused" to t.refused, "pending" to t.pending,
            )
            for ((name, colour) in labels + mapOf("ink" to t.ink, "quiet" to t.quiet)) {
                reads("$name on paper", colour, t.paper)
                reads("$name on mist", colour, t.mist)
            }
            for ((name, colour) in labels) {
                reads("$name on its tint", colour, t.tint(colour))
                reads("ink on $name's tint", t.ink, t.tint(colour))
            }
            reads("accent ink on accent", t.accentInk, t.accent)
            reads("quiet on line, a button that is off", t.quiet, t.line)
        }
    }

    @Test
    fun a_gloved_thumb_finds_every_button() {
        assertTrue(Space.touch.value >= 48f)
        assertTrue(Space.primary.value >= 56f)
    }
}
