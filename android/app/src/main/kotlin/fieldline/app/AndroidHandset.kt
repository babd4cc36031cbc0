package fieldline.app

import android.content.ActivityNotFoundException
import android.content.ClipData
import android.content.ClipboardManager
import android.content.Context
import android.content.Intent
import android.graphics.Bitmap
import android.graphics.BitmapFactory
import android.net.Uri
import android.os.Build
import android.speech.RecognizerIntent
import androidx.activity.ComponentActivity
import androidx.activity.result.contract.ActivityResultContracts
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.asImageBitmap
import androidx.core.content.FileProvider
import com.google.zxing.BarcodeFormat
import com.google.zxing.qrcode.QRCodeWriter
import fieldline.engine.Lang
import fieldline.engine.NewPhoto
import fieldline.engine.PhotoShows
import fieldline.engine.Place
import fieldline.me.LangChoice
import fieldline.shell.Handset
import fieldline.shell.MapApp
import fieldline.shell.MapLink
import java.io.File

/** The phone under the shell. Made with the activity, because Android wants to know early who asks for results. */
class AndroidHandset(private val activity: ComponentActivity, private val onLang: () -> Unit) : Handset {
    private val languages = Languages(activity)
    private val handed = File(activity.cacheDir, FieldlineApplication.HANDED).apply { mkdirs() }
    private var onPhoto: ((NewPhoto) -> Unit)? = null
    private val asked = activity.getSharedPreferences("camera", Context.MODE_PRIVATE)
    private var onText: ((String) -> Unit)? = null

    private val camera = activity.registerForActivityResult(ActivityResultContracts.TakePicture()) { taken ->
        val file = photoFile()
        val shows = PhotoShows.entries.firstOrNull { it.name == asked.getString(SHOWS, null) } ?: PhotoShows.Other
        if (taken) Photos.read(file, shows)?.let(::took)
        file.delete()
    }
    private val scanner = activity.registerForActivityResult(ActivityResultContracts.StartActivityForResult()) { result ->
        result.data?.getStringExtra(ScanActivity.TEXT)?.let { onText?.invoke(it) }
    }
    private val dictation = activity.registerForActivityResult(ActivityResultContracts.StartActivityForResult()) { result ->
        result.data?.getStringArrayListExtra(RecognizerIntent.EXTRA_RESULTS)?.firstOrNull()?.let { onText?.invoke(it) }
    }

    override val name: String = "${Build.MANUFACTURER} ${Build.MODEL}"
    override val canDictate: Boolean = dictate().resolveActivity(activity.packageManager) != null
    override val lang: LangChoice get() = languages.choice

    override fun chooseLang(choice: LangChoice) {
        languages.choice = choice
        onLang()
    }

    /** The screen that asked may be gone: then the photo is saved where it was asked for, without it. */
    private fun took(photo: NewPhoto) {
        val ticket = asked.getString(TICKET, null)
        val screen = onPhoto
        when {
            screen != null -> screen(photo)
            ticket != null -> (activity.application as FieldlineApplication).keep(ticket, photo)
        }
    }

    override fun takePhoto(ticket: String, shows: PhotoShows, onPhoto: (NewPhoto) -> Unit) {
        asked.edit().putString(TICKET, ticket).putString(SHOWS, shows.name).commit()
        this.onPhoto = onPhoto
        camera.launch(shared(photoFile()))
    }

    override fun scan(onText: (String) -> Unit) {
        this.onText = onText
        scanner.launch(Intent(activity, ScanActivity::class.java))
    }

    override fun dictate(onText: (String) -> Unit) {
        this.onText = onText
        dictation.launch(dictate())
    }

    private fun dictate() = Intent(RecognizerIntent.ACTION_RECOGNIZE_SPEECH)
        .putExtra(RecognizerIntent.EXTRA_LANGUAGE_MODEL, RecognizerIntent.LANGUAGE_MODEL_FREE_FORM)
        .putExtra(RecognizerIntent.EXTRA_LANGUAGE, if (languages.now() == Lang.Zh) "zh-CN" else "en")

    override fun call(number: String) = open(Intent(Intent.ACTION_DIAL, Uri.fromParts("tel", number, null)))

    override fun copy(text: String) =
        activity.getSystemService(ClipboardManager::class.java).setPrimaryClip(ClipData.newPlainText("", text))

    override fun maps(): List<MapApp> = MapApp.entries.filter { app ->
        runCatching { activity.packageManager.getPackageInfo(packageOf(app), 0) }.isSuccess
    }

    override fun openMap(app: MapApp, place: Place, name: String) =
        open(Intent(Intent.ACTION_VIEW, Uri.parse(MapLink.of(app, place, name))).setPackage(packageOf(app)))

    private fun packageOf(app: MapApp) = when (app) {
        MapApp.Amap -> "com.autonavi.minimap"
        MapApp.Baidu -> "com.baidu.BaiduMap"
        MapApp.Google -> "com.google.android.apps.maps"
    }

    override fun showPdf(bytes: ByteArray, name: String) {
        val file = File(handed, name.replace(Regex("[^\\p{L}\\p{N} ._-]"), "_") + ".pdf").apply { writeBytes(bytes) }
        val see = Intent(Intent.ACTION_VIEW).setDataAndType(shared(file), "application/pdf")
        open(see.addFlags(Intent.FLAG_GRANT_READ_URI_PERMISSION))
    }

    override fun picture(bytes: ByteArray): ImageBitmap? = BitmapFactory.decodeByteArray(bytes, 0, bytes.size)?.asImageBitmap()

    override fun qr(text: String): ImageBitmap {
        val grid = QRCodeWriter().encode(text, BarcodeFormat.QR_CODE, 0, 0)
        val pixels = IntArray(grid.width * grid.height) { at -> if (grid[at % grid.width, at / grid.width]) BLACK else WHITE }
        return Bitmap.createBitmap(pixels, grid.width, grid.height, Bitmap.Config.ARGB_8888).asImageBitmap()
    }

    /** Android's own fonts have Chinese; which file does has changed over the years. */
    override fun font(): ByteArray =
        listOf("NotoSansCJK-Regular.ttc", "NotoSansSC-Regular.otf", "DroidSansFallback.ttf").map { File("/system/fonts", it) }
            .firstOrNull { it.canRead() }?.readBytes() ?: ByteArray(0)

    private fun photoFile() = File(handed, "photo.jpg")

    private fun shared(file: File): Uri = FileProvider.getUriForFile(activity, "${activity.packageName}.files", file)

    private fun open(intent: Intent) {
        try {
            activity.startActivity(intent)
        } catch (_: ActivityNotFoundException) {
            // No app for it on this phone; the screen with the number and the address stays.
        }
    }

    private companion object {
        const val TICKET = "ticket"
        const val SHOWS = "shows"
        const val BLACK = 0xFF000000.toInt()
        const val WHITE = 0xFFFFFFFF.toInt()
    }
}
