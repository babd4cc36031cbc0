package fieldline.me

import androidx.compose.foundation.Image
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.FilterQuality
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.painter.BitmapPainter
import androidx.compose.ui.unit.dp
import fieldline.design.BadgeState
import fieldline.design.BottomBar
import fieldline.design.ErrorNotice
import fieldline.design.Fieldline
import fieldline.design.Frame
import fieldline.design.Glyph
import fieldline.design.Hint
import fieldline.design.Notice
import fieldline.design.PrimaryButton
import fieldline.design.QuietButton
import fieldline.design.Scroll
import fieldline.design.Space
import fieldline.design.Word
import fieldline.design.say
import fieldline.engine.Engine
import fieldline.engine.EngineFailure
import fieldline.engine.Met
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** An exchange with a colleague: [code] is shown as a QR code while this phone waits for him. */
data class ExchangeState(
    val code: String? = null,
    val busy: Boolean = false,
    val met: Met? = null,
    val failure: EngineFailure? = null,
)

/** Two phones at a site without signal: one shows a code, the other scans it, both give what the other may carry to HQ. */
class ExchangeModel(private val engine: Engine, private val scope: CoroutineScope) {
    private val shown = MutableStateFlow(ExchangeState())
    val state: StateFlow<ExchangeState> = shown.asStateFlow()
    private var waiting: Job? = null

    fun show() = run {
        val code = engine.openMeeting()
        shown.update { it.copy(code = code, busy = false) }
        engine.meet()
    }

    fun scanned(code: String) = run { engine.join(code) }

    fun leave() {
        waiting?.cancel()
        scope.launch { runCatching { engine.endMeeting() } }
        shown.value = ExchangeState()
    }

    private fun run(how: suspend () -> Met) {
        if (waiting?.isActive == true) return
        shown.value = ExchangeState(busy = true)
        waiting = scope.launch {
            try {
                val met = how()
                shown.value = ExchangeState(met = met)
            } catch (failure: EngineFailure) {
                shown.value = ExchangeState(failure = failure)
            }
        }
    }
}

/** What a person can do in an exchange. */
interface ExchangeTaps {
    fun back()

    fun truth()

    fun show()

    fun scan()

    fun leave()
}

@Composable
fun ExchangeScreen(state: ExchangeState, picture: ImageBitmap?, badge: BadgeState, taps: ExchangeTaps) = Frame(
    say(Word.Exchange),
    badge,
    taps::truth,
    taps::back,
    bottom = {
        BottomBar {
            if (state.code == null && !state.busy) {
                Column(verticalArrangement = Arrangement.spacedBy(Space.s)) {
                    QuietButton(say(Word.ScanColleague), Glyph.Scan, Modifier.fillMaxWidth(), tall = true) { taps.scan() }
                    PrimaryButton(say(Word.ShowCode), Glyph.Swap, Modifier.fillMaxWidth()) { taps.show() }
                }
            } else {
                QuietButton(say(Word.EndExchange), Glyph.Cross, Modifier.fillMaxWidth(), tall = true) { taps.leave() }
            }
        }
    },
) {
    Scroll {
        Column(Modifier.fillMaxWidth(), Arrangement.spacedBy(Space.l), Alignment.CenterHorizontally) {
            state.failure?.let { ErrorNotice(it) }
            state.met?.let { Outcome(it) }
            if (state.code != null) {
                Text(say(Word.LetHimScan), style = Fieldline.type.title)
                picture?.let { Code(it) }
                Hint(say(Word.WaitingForHim))
            } else {
                if (state.busy) Hint(say(Word.Exchanging)) else Text(say(Word.ExchangeHow))
                Hint(say(Word.ExchangeSafe))
            }
        }
    }
}

/** Dark on white in both schemes: cameras read nothing else as well. */
@Composable
private fun Code(picture: ImageBitmap) = Image(
    BitmapPainter(picture, filterQuality = FilterQuality.None),
    say(Word.CodeOfThisPhone),
    Modifier.background(Color.White).padding(Space.l).size(240.dp),
)

@Composable
private fun Outcome(met: Met) {
    val word = if (met.handed == 0) Word.NothingHanded else if (met.heard) Word.Handed else Word.HandedUnheard
    val given = if (met.handed == 0) say(word) else say(word, met.handed)
    val taken = if (met.carried == 0) say(Word.NothingTaken) else say(Word.Taken, met.carried)
    Notice(Glyph.Tick, "$given\n$taken", Fieldline.colours.done, title = say(Word.MetWith, say(met.with)))
}
