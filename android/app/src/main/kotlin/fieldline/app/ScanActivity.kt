package fieldline.app

import android.Manifest
import android.content.Intent
import android.os.Bundle
import androidx.activity.ComponentActivity
import androidx.activity.result.contract.ActivityResultContracts
import androidx.camera.core.CameraSelector
import androidx.camera.core.ExperimentalGetImage
import androidx.camera.core.ImageAnalysis
import androidx.camera.core.ImageProxy
import androidx.camera.core.Preview
import androidx.camera.lifecycle.ProcessCameraProvider
import androidx.camera.view.PreviewView
import androidx.core.content.ContextCompat
import com.google.mlkit.vision.barcode.BarcodeScanning
import com.google.mlkit.vision.common.InputImage

/** Reads one barcode or QR code and goes back with its text. The reading is done on the phone, without a network. */
class ScanActivity : ComponentActivity() {
    private val scanner = BarcodeScanning.getClient()
    private lateinit var view: PreviewView
    private val permission = registerForActivityResult(ActivityResultContracts.RequestPermission()) { may ->
        if (may) begin() else finish()
    }

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        view = PreviewView(this)
        setContentView(view)
        permission.launch(Manifest.permission.CAMERA)
    }

    private fun begin() {
        val provider = ProcessCameraProvider.getInstance(this)
        val main = ContextCompat.getMainExecutor(this)
        provider.addListener({
            val preview = Preview.Builder().build().apply { surfaceProvider = view.surfaceProvider }
            val reader = ImageAnalysis.Builder().setBackpressureStrategy(ImageAnalysis.STRATEGY_KEEP_ONLY_LATEST).build()
            reader.setAnalyzer(main, ::look)
            provider.get().bindToLifecycle(this, CameraSelector.DEFAULT_BACK_CAMERA, preview, reader)
        }, main)
    }

    @androidx.annotation.OptIn(ExperimentalGetImage::class)
    private fun look(frame: ImageProxy) {
        val image = frame.image ?: return frame.close()
        scanner.process(InputImage.fromMediaImage(image, frame.imageInfo.rotationDegrees))
            .addOnSuccessListener { found -> found.firstNotNullOfOrNull { it.rawValue }?.let(::done) }
            .addOnCompleteListener { frame.close() }
    }

    private fun done(text: String) {
        if (isFinishing) return
        setResult(RESULT_OK, Intent().putExtra(TEXT, text))
        finish()
    }

    override fun onDestroy() {
        scanner.close()
        super.onDestroy()
    }

    companion object {
        const val TEXT = "text"
    }
}
