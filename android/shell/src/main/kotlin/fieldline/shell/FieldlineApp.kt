package fieldline.shell

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberCoroutineScope
import androidx.compose.runtime.saveable.Saver
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.saveable.rememberSaveableStateHolder
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import fieldline.design.BadgeState
import fieldline.design.Fieldline
import fieldline.engine.Engine
import kotlinx.coroutines.launch

/** What the screens share: the engine, the phone, where one is, and how one gets elsewhere. */
class Around(
    val engine: Engine,
    val handset: Handset,
    val badge: BadgeState,
    val offline: Boolean,
    val go: (Route) -> Unit,
    val back: () -> Unit,
    val sync: () -> Unit,
    val askMap: (MapQuestion) -> Unit,
)

/** A way that was asked for: with several maps on the phone the person chooses. */
data class MapQuestion(val place: fieldline.engine.Place?, val name: String)

private val waySaver = Saver<Way, String>({ it.text() }, { Way.parse(it) })

/** The whole app between Android and the core. Whatever Android kills comes back: work from the disk, the way and drafts from the system. */
@Composable
fun FieldlineApp(engine: Engine, handset: Handset, start: Route?, onLeave: () -> Unit, backTaps: @Composable (() -> Unit) -> Unit) {
    var way by rememberSaveable(stateSaver = waySaver) { mutableStateOf(Way()) }
    var asked by remember { mutableStateOf<MapQuestion?>(null) }
    val syncer = remember { Syncer(engine) }
    val offline by syncer.offline.collectAsState()
    var badge by remember { mutableStateOf(BadgeState()) }
    val scope = rememberCoroutineScope()
    val drafts = rememberSaveableStateHolder()
    val back = { way = way.back() ?: way.also { onLeave() } }
    LaunchedEffect(Unit) { syncer.run() }
    LaunchedEffect(Unit) { Badge(engine).follow { badge = it } }
    LaunchedEffect(start) { if (start != null) way = way.to(start) }
    backTaps(back)
    val around = Around(
        engine, handset, badge.copy(offline = offline), offline,
        go = { way = way.to(it) },
        back = back,
        sync = { scope.launch { syncer.kick() } },
        askMap = { asked = it },
    )
    Box(Modifier.fillMaxSize().background(Fieldline.colours.paper)) {
        Column(Modifier.fillMaxSize()) {
            Box(Modifier.weight(1f).fillMaxWidth()) {
                // What is written and not saved waits on its screen, whoever looked elsewhere in between.
                drafts.SaveableStateProvider(way.here.text()) { Screen(way.here, around) }
            }
            if (way.stack.size == 1) Tabs(way.tab) { way = way.to(it) }
        }
        asked?.let { question -> MapSheet(question, handset) { asked = null } }
    }
}
