package fieldline.app

import android.Manifest
import android.content.Intent
import android.os.Build
import android.os.Bundle
import androidx.activity.ComponentActivity
import androidx.activity.compose.BackHandler
import androidx.activity.compose.setContent
import androidx.activity.enableEdgeToEdge
import androidx.activity.result.contract.ActivityResultContracts
import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.safeDrawingPadding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import fieldline.design.EmptyCard
import fieldline.design.FieldlineTheme
import fieldline.design.Glyph
import fieldline.design.Show
import fieldline.design.Word
import fieldline.design.say
import fieldline.engine.Engine
import fieldline.engine.EngineFailure
import fieldline.engine.Lang
import fieldline.engine.Loaded
import fieldline.shell.FieldlineApp
import fieldline.shell.Route

/** The one window. */
class MainActivity : ComponentActivity() {
    private var lang by mutableStateOf(Lang.Zh)
    private var start by mutableStateOf<Route?>(null)
    private lateinit var handset: AndroidHandset
    private val permissions = registerForActivityResult(ActivityResultContracts.RequestMultiplePermissions()) {
        PositionService.begin(this)
    }

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        enableEdgeToEdge()
        lang = Languages(this).now()
        handset = AndroidHandset(this) { lang = Languages(this).now() }
        if (savedInstanceState == null) take(intent)
        setContent {
            FieldlineTheme(lang, isSystemInDarkTheme()) {
                Box(Modifier.fillMaxSize().safeDrawingPadding()) { Opened() }
            }
        }
    }

    override fun onNewIntent(intent: Intent) {
        super.onNewIntent(intent)
        take(intent)
    }

    /** A link from HQ leads to the enrolment; nothing is done before the person taps. */
    private fun take(intent: Intent) {
        if (intent.data?.scheme == "fieldline") start = Route.Enrol
    }

    @Composable
    private fun Opened() {
        var engine by remember { mutableStateOf<Loaded<Engine>>(Loaded.Not) }
        var tries by remember { mutableStateOf(0) }
        LaunchedEffect(tries) {
            engine = try {
                Loaded.Here((application as FieldlineApplication).engine())
            } catch (failure: EngineFailure) {
                Loaded.Failed(failure)
            }
        }
        val failed = engine as? Loaded.Failed
        if (failed != null) {
            EmptyCard(Glyph.Lock, say(Word.CannotOpen), say(failed.failure.words), say(Word.TryAgain)) { tries += 1 }
        } else {
            Show(engine) { here ->
                LaunchedEffect(here) { followTravel(here) }
                FieldlineApp(here, handset, start, onLeave = { moveTaskToBack(true) }) { back -> BackHandler(onBack = back) }
            }
        }
    }

    /** On the way, positions are taken; the permission is asked for when it is first needed and never before. */
    private suspend fun followTravel(engine: Engine) {
        var travelling: String? = null
        suspend fun look() {
            val now = runCatching { engine.travellingTo() }.getOrNull()
            if (now != null && now != travelling) {
                if (PositionService.mayLocate(this)) PositionService.begin(this) else permissions.launch(wanted())
            }
            travelling = now
        }
        look()
        engine.changes.collect { if (it.status) look() }
    }

    private fun wanted(): Array<String> {
        val place = arrayOf(Manifest.permission.ACCESS_FINE_LOCATION, Manifest.permission.ACCESS_COARSE_LOCATION)
        val notice = Manifest.permission.POST_NOTIFICATIONS
        return if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) place + notice else place
    }
}
