package fieldline.me

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import fieldline.design.BottomBar
import fieldline.design.Fieldline
import fieldline.design.Frame
import fieldline.design.Glyph
import fieldline.design.Hint
import fieldline.design.Notice
import fieldline.design.PrimaryButton
import fieldline.design.QuietButton
import fieldline.design.Scroll
import fieldline.design.Space
import fieldline.design.TextBox
import fieldline.design.Word
import fieldline.design.say
import fieldline.engine.Engine
import fieldline.engine.EngineFailure
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What is known of an enrolment. */
data class EnrolState(
    val link: String = "",
    val device: String = "",
    val busy: Boolean = false,
    val done: Boolean = false,
    val failure: EngineFailure? = null,
)

/** Joins the company by HQ's QR code. The one screen that waits for the network, and it says so. */
class EnrolModel(private val engine: Engine, device: String, private val scope: CoroutineScope) {
    private val shown = MutableStateFlow(EnrolState(device = device))
    val state: StateFlow<EnrolState> = shown.asStateFlow()

    fun link(text: String) = shown.update { it.copy(link = text, failure = null) }

    fun device(name: String) = shown.update { it.copy(device = name) }

    /** What the camera read. */
    fun scanned(text: String) {
        link(text)
        enrol()
    }

    fun enrol() {
        val now = shown.value
        if (now.busy || now.link.isBlank()) return
        shown.update { it.copy(busy = true, failure = null) }
        scope.launch {
            try {
                engine.enrol(now.link.trim(), now.device.trim())
                shown.update { it.copy(busy = false, done = true, link = "") }
                // The first fetch: what comes is shown as it comes, and a lost network now loses nothing.
                runCatching { engine.sync(FIRST_MS) }
            } catch (failure: EngineFailure) {
                shown.update { it.copy(busy = false, failure = failure) }
            }
        }
    }
}

/** A first install of a large company takes some exchanges; the rest comes in the background. */
private const val FIRST_MS = 120_000L

/** What a person can do while enrolling. */
interface EnrolTaps {
    fun back()

    fun scan()

    fun link(text: String)

    fun device(name: String)

    fun enrol()

    fun begin()
}

@Composable
fun EnrolScreen(state: EnrolState, taps: EnrolTaps) = Frame(
    say(Word.EnrolThisPhone),
    badge = null,
    onBadge = {},
    onBack = taps::back,
    bottom = {
        BottomBar {
            if (state.done) {
                PrimaryButton(say(Word.ToToday), Glyph.Tick, Modifier.fillMaxWidth()) { taps.begin() }
            } else {
                PrimaryButton(say(Word.ScanCode), Glyph.Scan, Modifier.fillMaxWidth(), !state.busy) { taps.scan() }
            }
        }
    },
) {
    Scroll {
        Column(verticalArrangement = Arrangement.spacedBy(Space.l)) {
            state.failure?.let { Notice(Glyph.Warning, say(Word.EnrolFailedHint), Fieldline.colours.breach, title = say(it.words)) }
            if (state.done) {
                Notice(Glyph.Tick, say(Word.EnrolledHint), Fieldline.colours.done, title = say(Word.Enrolled))
            } else {
                Text(say(Word.EnrolHow), style = Fieldline.type.body)
                TextBox(say(Word.DeviceName), state.device, enabled = !state.busy, onChange = taps::device)
                TextBox(say(Word.OrPaste), state.link, lines = 2, hint = say(Word.LinkHint), enabled = !state.busy, onChange = taps::link)
                if (state.link.isNotBlank()) {
                    QuietButton(say(Word.EnrolNow), enabled = !state.busy, tall = true, modifier = Modifier.fillMaxWidth()) { taps.enrol() }
                }
                if (state.busy) Hint(say(Word.AskingHq))
            }
        }
    }
}
