package fieldline.shell

import androidx.compose.ui.graphics.ImageBitmap
import fieldline.engine.NewPhoto
import fieldline.engine.PhotoShows
import fieldline.engine.Place
import fieldline.me.LangChoice

/**
 * What only the phone itself can do. The app module has it from Android; a test has its own. Answers come by callback, because
 * Android may stop and restart the screen while the camera is in front.
 */
interface Handset {
    /** What HQ is told of this phone at enrolment. */
    val name: String
    val canDictate: Boolean
    val lang: LangChoice

    fun chooseLang(choice: LangChoice)

    /** [ticket] is for the case that the system kills the app behind the camera: the photo is saved there all the same. */
    fun takePhoto(ticket: String, shows: PhotoShows, onPhoto: (NewPhoto) -> Unit)

    fun scan(onText: (String) -> Unit)

    fun dictate(onText: (String) -> Unit)

    fun call(number: String)

    fun copy(text: String)

    /** Which of the maps are installed. */
    fun maps(): List<MapApp>

    fun openMap(app: MapApp, place: Place, name: String)

    fun showPdf(bytes: ByteArray, name: String)

    /** A picture out of the bytes of a JPEG; null where it is none. */
    fun picture(bytes: ByteArray): ImageBitmap?

    /** A QR code that says this text. */
    fun qr(text: String): ImageBitmap?

    /** A font of the system that has Chinese, for the paper. */
    fun font(): ByteArray
}
