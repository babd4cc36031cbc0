package fieldline.render

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.runDesktopComposeUiTest
import androidx.compose.ui.text.TextLayoutResult
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.Density
import fieldline.design.Space
import fieldline.engine.Lang
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.TestFactory

/** What a gloved thumb, a screen reader and large type need, on every screen. */
@OptIn(ExperimentalTestApi::class)
class ReachTest {
    @TestFactory
    fun every_tap_is_large_and_has_a_name_and_no_text_is_cut(): List<DynamicTest> = Scenes.all.map { scene ->
        DynamicTest.dynamicTest(scene.name) {
            for ((device, lang) in listOf(small to Lang.Zh, smallLarge to Lang.En)) {
                assertEquals(emptyList<String>(), faults(scene, device, lang), "${scene.name} on ${device.name} in $lang")
            }
        }
    }

    private fun faults(scene: Scene, device: Device, lang: Lang): List<String> {
        val found = mutableListOf<String>()
        runDesktopComposeUiTest(device.width, device.height) {
            setContent {
                CompositionLocalProvider(LocalDensity provides Density(1f, device.font)) {
                    Dressed(lang, dark = false) { Box(Modifier.fillMaxSize()) { scene.content() } }
                }
            }
            for (node in onAllNodes(hasClickAction()).fetchSemanticsNodes()) {
                val size = node.size
                if (size.width < Space.touch.value || size.height < Space.touch.value) found += "small: ${name(node)} $size"
                if (name(node).isBlank()) found += "nameless: $size at ${node.positionInRoot}"
            }
            val texts = SemanticsMatcher.keyIsDefined(SemanticsActions.GetTextLayoutResult)
            for (node in onAllNodes(texts, useUnmergedTree = true).fetchSemanticsNodes()) {
                val result = layout(node) ?: continue
                val mayEnd = result.layoutInput.overflow == TextOverflow.Ellipsis
                if (isCut(result) && !mayEnd) found += "cut: ${result.layoutInput.text}"
                if (result.layoutInput.style.fontSize.value < 12f) found += "tiny: ${result.layoutInput.text}"
            }
        }
        return found
    }

    /** Compose rounds the height of its lines to whole pixels, so its own flag is raised for every text. */
    private fun isCut(result: TextLayoutResult): Boolean {
        val widest = (0 until result.lineCount).maxOf { result.getLineRight(it) - result.getLineLeft(it) }
        return result.multiParagraph.height > result.size.height + 2 || widest > result.size.width + 2 || result.multiParagraph.didExceedMaxLines
    }

    /** What a screen reader says. */
    private fun name(node: SemanticsNode): String = with(node.config) {
        val said = getOrNull(SemanticsProperties.ContentDescription).orEmpty() + getOrNull(SemanticsProperties.Text).orEmpty().map { it.text } +
            listOfNotNull(getOrNull(SemanticsProperties.EditableText)?.text)
        // A field is named by the text above it or by its hint.
        said.joinToString(" ").ifBlank { if (getOrNull(SemanticsProperties.EditableText) != null) "(field)" else "" }
    }

    private fun layout(node: SemanticsNode): TextLayoutResult? {
        val results = mutableListOf<TextLayoutResult>()
        node.config[SemanticsActions.GetTextLayoutResult].action?.invoke(results)
        return results.firstOrNull()
    }
}
