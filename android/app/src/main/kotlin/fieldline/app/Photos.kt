package fieldline.app

import android.graphics.Bitmap
import android.graphics.BitmapFactory
import android.graphics.Matrix
import android.media.ExifInterface
import fieldline.engine.NewPhoto
import fieldline.engine.PhotoShows
import java.io.ByteArrayOutputStream
import java.io.File
import kotlin.math.max

/** What the camera left in a file, upright, small enough to send and without what the camera wrote about the place. */
object Photos {
    private const val LONG_SIDE = 2560
    private const val THUMB_SIDE = 320
    private const val QUALITY = 85

    fun read(file: File, shows: PhotoShows): NewPhoto? {
        val bounds = BitmapFactory.Options().apply { inJustDecodeBounds = true }
        BitmapFactory.decodeFile(file.path, bounds)
        if (bounds.outWidth <= 0) return null
        val halvings = BitmapFactory.Options().apply { inSampleSize = sample(max(bounds.outWidth, bounds.outHeight)) }
        val taken = BitmapFactory.decodeFile(file.path, halvings) ?: return null
        val upright = fit(turned(taken, file), LONG_SIDE)
        return NewPhoto(jpeg(upright), shows, thumb = jpeg(fit(upright, THUMB_SIDE)))
    }

    /** The largest power of two that leaves more than wanted: decoding a whole picture would cost 50 MB. */
    private fun sample(side: Int): Int = generateSequence(1) { it * 2 }.first { side / (it * 2) < LONG_SIDE }

    private fun turned(bitmap: Bitmap, file: File): Bitmap {
        val degrees = when (ExifInterface(file.path).getAttributeInt(ExifInterface.TAG_ORIENTATION, 0)) {
            ExifInterface.ORIENTATION_ROTATE_90 -> 90f
            ExifInterface.ORIENTATION_ROTATE_180 -> 180f
            ExifInterface.ORIENTATION_ROTATE_270 -> 270f
            else -> return bitmap
        }
        return Bitmap.createBitmap(bitmap, 0, 0, bitmap.width, bitmap.height, Matrix().apply { postRotate(degrees) }, true)
    }

    private fun fit(bitmap: Bitmap, side: Int): Bitmap {
        val scale = side.toFloat() / max(bitmap.width, bitmap.height)
        if (scale >= 1f) return bitmap
        return Bitmap.createScaledBitmap(bitmap, (bitmap.width * scale).toInt(), (bitmap.height * scale).toInt(), true)
    }

    private fun jpeg(bitmap: Bitmap): ByteArray =
        ByteArrayOutputStream().also { bitmap.compress(Bitmap.CompressFormat.JPEG, QUALITY, it) }.toByteArray()
}
