package fieldline.render

import androidx.compose.runtime.Composable
import androidx.compose.ui.ImageComposeScene
import androidx.compose.ui.text.ExperimentalTextApi
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.text.platform.SystemFont
import androidx.compose.ui.unit.Density
import fieldline.design.Clock
import fieldline.design.FieldlineTheme
import fieldline.engine.Lang
import fieldline.engine.fake.Samples
import org.jetbrains.skia.EncodedImageFormat
import org.jetbrains.skia.Image

/** A phone or tablet: dp, pixels to a dp, and how large the person has set the type. */
data class Device(val name: String, val width: Int, val height: Int, val scale: Float, val font: Float)

val small = Device("phone", 360, 640, 2f, 1f)
val smallLarge = Device("phone-large", 360, 640, 2f, 1.5f)
val tablet = Device("tablet", 1024, 700, 1f, 1f)
val devices = listOf(small, smallLarge, tablet)

@OptIn(ExperimentalTextApi::class)
val noto = FontFamily(SystemFont("Noto Sans CJK SC"))

@Composable
fun Dressed(lang: Lang, dark: Boolean, content: @Composable () -> Unit) =
    FieldlineTheme(lang, dark, Clock { Samples.NOW }, noto, content)

fun picture(scene: Scene, device: Device, lang: Lang, dark: Boolean): Image {
    val (width, height) = (device.width * device.scale).toInt() to (device.height * device.scale).toInt()
    val compose = ImageComposeScene(width, height, Density(device.scale, device.font)) {
        Dressed(lang, dark) { scene.content() }
    }
    try {
        compose.render(0)
        return compose.render(1_000_000_000)
    } finally {
        compose.close()
    }
}

fun Image.png(): ByteArray = checkNotNull(encodeToData(EncodedImageFormat.PNG)).bytes
