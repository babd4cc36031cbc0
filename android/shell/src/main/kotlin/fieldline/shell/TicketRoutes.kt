package fieldline.shell

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.produceState
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.graphics.ImageBitmap
import fieldline.design.Fieldline
import fieldline.engine.Answer
import fieldline.engine.CheckItem
import fieldline.engine.DeclineReason
import fieldline.engine.Loaded
import fieldline.engine.NextStep
import fieldline.engine.PauseReason
import fieldline.engine.PhotoShows
import fieldline.ticket.ChecklistScreen
import fieldline.ticket.ChecklistTaps
import fieldline.ticket.NoteScreen
import fieldline.ticket.NoteTaps
import fieldline.ticket.PhotosScreen
import fieldline.ticket.PhotosTaps
import fieldline.ticket.Point
import fieldline.ticket.ReportDraft
import fieldline.ticket.ReportScreen
import fieldline.ticket.ReportTaps
import fieldline.ticket.TicketModel
import fieldline.ticket.TicketScreen
import fieldline.ticket.TicketSection
import fieldline.ticket.TicketTaps
import fieldline.ticket.drawn

@Composable
internal fun TicketRoute(ticket: String, around: Around) {
    val model = model { TicketModel(around.engine, ticket, it) }
    val state by model.state.collectAsState()
    val lang = Fieldline.lang
    LaunchedEffect(ticket) { around.engine.viewing(ticket) }
    val here = (state as? Loaded.Here)?.value?.ticket
    val taps = object : TicketTaps {
        override fun back() = around.back()

        override fun truth() = around.go(Route.Truth)

        override fun again() = model.again()

        override fun step(step: NextStep) = model.step(step) { open(TicketSection.Report) }

        override fun decline(reason: DeclineReason, text: String) = model.decline(reason, text)

        override fun pause(reason: PauseReason) = model.pause(reason)

        override fun leaveQuestion() = model.leaveQuestion()

        override fun call(number: String) = around.handset.call(number)

        override fun map() = around.askMap(MapQuestion(here?.place, here?.customer?.of(lang).orEmpty()))

        override fun open(section: TicketSection) = around.go(Route.Section(ticket, section))

        override fun article(article: String) = around.go(Route.Article(article))
    }
    TicketScreen(state, around.badge, taps)
}

@Composable
internal fun SectionRoute(route: Route.Section, around: Around) {
    if (route.section == TicketSection.Parts) return PartsRoute(route.ticket, around)
    val model = model { TicketModel(around.engine, route.ticket, it) }
    when (route.section) {
        TicketSection.Checklist -> ChecklistRoute(model, around)
        TicketSection.Photos -> PhotosRoute(model, around)
        TicketSection.Note -> NoteRoute(model, around)
        TicketSection.Report -> ReportRoute(model, around)
        TicketSection.Parts -> Unit
    }
}

@Composable
private fun ChecklistRoute(model: TicketModel, around: Around) {
    val state by model.state.collectAsState()
    val taps = object : ChecklistTaps {
        override fun back() = around.back()

        override fun truth() = around.go(Route.Truth)

        override fun again() = model.again()

        override fun answer(item: String, answer: Answer) = model.answer(item, answer)

        /** The item is answered when the photo is on the disk, not before. */
        override fun photo(item: CheckItem) = around.handset.takePhoto(model.ticket, PhotoShows.Other) { photo ->
            model.photo(photo) { model.answer(item.item, Answer.Tick(true)) }
        }
    }
    ChecklistScreen(state, around.badge, taps)
}

@Composable
private fun PhotosRoute(model: TicketModel, around: Around) {
    val state by model.state.collectAsState()
    val taps = object : PhotosTaps {
        override fun back() = around.back()

        override fun truth() = around.go(Route.Truth)

        override fun again() = model.again()

        override fun take(shows: PhotoShows) = around.handset.takePhoto(model.ticket, shows) { model.photo(it) }
    }
    PhotosScreen(state, around.badge, taps) { photo ->
        val picture: ImageBitmap? by produceState<ImageBitmap?>(null, photo.operation) {
            value = model.thumb(photo.operation)?.let(around.handset::picture)
        }
        picture
    }
}

@Composable
private fun NoteRoute(model: TicketModel, around: Around) {
    val state by model.state.collectAsState()
    var draft by rememberSaveable { mutableStateOf("") }
    val taps = object : NoteTaps {
        override fun back() = around.back()

        override fun truth() = around.go(Route.Truth)

        override fun again() = model.again()

        override fun dictate() = around.handset.dictate { heard -> draft = (draft.trimEnd() + " " + heard).trim() }

        override fun save() = model.note(draft) { draft = "" }

        override fun write(text: String) {
            draft = text
        }
    }
    NoteScreen(state, draft, around.handset.canDictate, around.badge, taps)
}

@Composable
private fun ReportRoute(model: TicketModel, around: Around) {
    val state by model.state.collectAsState()
    val lang = Fieldline.lang
    var draft by rememberSaveable(stateSaver = draftSaver) { mutableStateOf(ReportDraft()) }
    val taps = object : ReportTaps {
        override fun back() = around.back()

        override fun truth() = around.go(Route.Truth)

        override fun again() = model.again()

        override fun change(draft: ReportDraft) = set(draft)

        override fun draw(point: Point, begins: Boolean) = set(draft.copy(strokes = draft.strokes.drawn(point, begins)))

        private fun set(now: ReportDraft) {
            draft = now
        }

        override fun finish() {
            draft.completion()?.let { model.finish(it) }
        }

        override fun sign() = model.sign(draft.name, draft.signature()) { draft = ReportDraft() }

        override fun pdf() = model.report(lang, { around.handset.font() }) { bytes, number -> around.handset.showPdf(bytes, number) }
    }
    ReportScreen(state, draft, around.badge, taps)
}
