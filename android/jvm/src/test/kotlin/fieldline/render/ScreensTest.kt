package fieldline.render

import fieldline.engine.Lang
import java.io.File
import org.jetbrains.skia.Bitmap
import org.jetbrains.skia.Image
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.TestFactory

/** Every screen is drawn in both languages and schemes, on a small phone, with large type and on a tablet. */
class ScreensTest {
    private val out = File(System.getProperty("android.dir"), "../target/android/screens").apply { mkdirs() }
    private val every = System.getProperty("screens") == "all"

    @TestFactory
    fun every_screen_is_drawn(): List<DynamicTest> = Scenes.all.map { scene ->
        DynamicTest.dynamicTest(scene.name) {
            for (device in devices) for (lang in Lang.entries) for (dark in listOf(false, true)) {
                val usual = when (device) {
                    small -> (lang == Lang.Zh) != dark
                    smallLarge -> lang == Lang.En && !dark
                    else -> lang == Lang.Zh && !dark
                }
                if (!every && !usual) continue
                val image = picture(scene, device, lang, dark)
                assertTrue(colours(image) > 3, "${scene.name} on ${device.name}: nothing was drawn")
                val name = listOf(scene.name, device.name, if (lang == Lang.Zh) "zh" else "en", if (dark) "dark" else "light")
                File(out, name.joinToString(".") + ".png").writeBytes(image.png())
            }
        }
    }

    private fun colours(image: Image): Int {
        val bitmap = Bitmap.makeFromImage(image)
        val step = 4
        val seen = HashSet<Int>()
        for (y in 0 until bitmap.height step step) for (x in 0 until bitmap.width step step) seen += bitmap.getColor(x, y)
        return seen.size
    }
}
