package fieldline.render

import androidx.compose.runtime.Composable
import fieldline.design.BadgeState
import fieldline.design.Word
import fieldline.engine.EngineFailure
import fieldline.engine.ListScope
import fieldline.engine.Loaded
import fieldline.engine.Met
import fieldline.engine.NextStep
import fieldline.engine.Settings
import fieldline.engine.VisitPhase
import fieldline.engine.VisitResult
import fieldline.engine.Words
import fieldline.engine.fake.Samples
import fieldline.manuals.ArticleScreen
import fieldline.manuals.ArticleState
import fieldline.manuals.ManualsScreen
import fieldline.manuals.ManualsState
import fieldline.me.EnrolScreen
import fieldline.me.EnrolState
import fieldline.me.ExchangeScreen
import fieldline.me.ExchangeState
import fieldline.me.LangChoice
import fieldline.me.MeScreen
import fieldline.me.MeState
import fieldline.me.TruthScreen
import fieldline.parts.Deed
import fieldline.parts.PartsScreen
import fieldline.parts.PartsState
import fieldline.parts.Saying
import fieldline.ticket.Ask
import fieldline.ticket.ChecklistScreen
import fieldline.ticket.NoteScreen
import fieldline.ticket.PhotosScreen
import fieldline.ticket.Point
import fieldline.ticket.ReportDraft
import fieldline.ticket.ReportScreen
import fieldline.ticket.TicketScreen
import fieldline.ticket.TicketState
import fieldline.today.TodayScreen
import fieldline.today.TodayState

/** A screen in a state, by name. */
class Scene(val name: String, val content: @Composable () -> Unit)

/** Every screen of the app, and the states of each that look different. Nothing here asks a core. */
object Scenes {
    private val badge = BadgeState(pending = 5)
    private val failure = EngineFailure(
        "disk_full",
        Words("存储空间已满，没有保存新内容。请腾出空间后再试", "The device is full and nothing new was saved. Make room, then try again"),
    )
    private val day = TodayState(next = Samples.lines[0], rest = Samples.lines.drop(1))
    private val ticket = TicketState(
        Samples.ticket,
        Samples.articles.take(3),
        Samples.codes.filter { it.sort == fieldline.engine.CodeSort.Cause },
        Samples.codes.filter { it.sort == fieldline.engine.CodeSort.Remedy },
    )
    private val parts = PartsState("t4", lines = Samples.parts.filter { it.location == "van" }, places = Samples.places)
    private val me = MeState(Samples.truth, Samples.owner, Settings(wifiOnly = true, positionPaused = false))
    private val finished = ticket.copy(
        ticket = Samples.ticket.copy(
            phase = VisitPhase.Done, phaseWords = Samples.phase(VisitPhase.Done), next = emptyList(),
            done = fieldline.engine.Done(
                Words("已修好", "Fixed"), Samples.codes[0].words, Samples.codes[3].words, "换硒鼓后测试十页无黑线",
            ),
        ),
    )
    private val drawn = ReportDraft(name = "周婉如", strokes = listOf(wave(60, 120), wave(240, 90), wave(400, 130)))

    private fun wave(x: Int, y: Int) = (0..40).map { Point(x + it * 3, y + (Math.sin(it / 4.0) * 40).toInt()) }

    val all: List<Scene> = listOf(
        Scene("today") { TodayScreen(Loaded.Here(day), badge, Taps) },
        Scene("today-offline") { TodayScreen(Loaded.Here(day.copy(offline = true)), badge.copy(offline = true), Taps) },
        Scene("today-empty") { TodayScreen(Loaded.Here(TodayState()), BadgeState(), Taps) },
        Scene("today-done") { TodayScreen(Loaded.Here(TodayState(ListScope.Done, rest = Samples.lines.takeLast(2))), badge, Taps) },
        Scene("today-not-enrolled") { TodayScreen(Loaded.Here(TodayState(enrolled = false)), BadgeState(), Taps) },
        Scene("today-revoked") { TodayScreen(Loaded.Here(day.copy(revoked = true)), badge, Taps) },
        Scene("today-loading") { TodayScreen(Loaded.Not, BadgeState(), Taps) },
        Scene("today-error") { TodayScreen(Loaded.Failed(failure), badge, Taps) },
        Scene("ticket") { TicketScreen(Loaded.Here(ticket), badge, Taps) },
        Scene("ticket-offered") {
            val offered = Samples.ticket.copy(
                phase = VisitPhase.Offered, phaseWords = Samples.phase(VisitPhase.Offered),
                next = listOf(NextStep.Accept, NextStep.Decline), entries = emptyList(), photos = emptyList(), pending = 0,
            )
            TicketScreen(Loaded.Here(ticket.copy(ticket = offered)), BadgeState(), Taps)
        },
        Scene("ticket-pause") { TicketScreen(Loaded.Here(ticket.copy(ask = Ask.Pause)), badge, Taps) },
        Scene("ticket-decline") { TicketScreen(Loaded.Here(ticket.copy(ask = Ask.Decline)), badge, Taps) },
        Scene("ticket-gone") {
            val gone = Samples.ticket.copy(gone = Words("已改派给同事", "Given to a colleague"), next = emptyList())
            TicketScreen(Loaded.Here(ticket.copy(ticket = gone)), BadgeState(attention = 1), Taps)
        },
        Scene("ticket-error") { TicketScreen(Loaded.Here(ticket.copy(failure = failure)), badge, Taps) },
        Scene("checklist") { ChecklistScreen(Loaded.Here(ticket), badge, Taps) },
        Scene("photos") { PhotosScreen(Loaded.Here(ticket), badge, Taps) { null } },
        Scene("note") { NoteScreen(Loaded.Here(ticket), Words("右侧导轨也有磨损，下次带新的", "The right rail is worn too").zh, true, badge, Taps) },
        Scene("report") {
            ReportScreen(Loaded.Here(ticket), ReportDraft(VisitResult.Fixed, "drum_scratched", "replaced"), badge, Taps)
        },
        Scene("report-sign") { ReportScreen(Loaded.Here(finished), drawn, badge, Taps) },
        Scene("parts") { PartsScreen(Loaded.Here(parts), badge, Taps) },
        Scene("parts-everywhere") { PartsScreen(Loaded.Here(parts.copy(ticket = null, myVan = false, lines = Samples.parts)), badge, Taps) },
        Scene("parts-deeds") { PartsScreen(Loaded.Here(parts.copy(chosen = parts.lines[0])), badge, Taps) },
        Scene("parts-use") { PartsScreen(Loaded.Here(parts.copy(saying = Saying(parts.lines[2], Deed.Use, 1))), badge, Taps) },
        Scene("parts-transfer") { PartsScreen(Loaded.Here(parts.copy(saying = Saying(parts.lines[0], Deed.Transfer))), badge, Taps) },
        Scene("parts-empty") { PartsScreen(Loaded.Here(parts.copy(lines = emptyList())), badge, Taps) },
        Scene("manuals") { ManualsScreen(Loaded.Here(ManualsState("", Samples.articles, true)), badge, Taps) },
        Scene("manuals-none") { ManualsScreen(Loaded.Here(ManualsState("X9", emptyList(), true)), badge, Taps) },
        Scene("article") { ArticleScreen(Loaded.Here(ArticleState(Samples.article)), badge, Taps) },
        Scene("article-write") {
            ArticleScreen(Loaded.Here(ArticleState(Samples.article, writing = true, draft = Word.SolutionOutline.zh)), badge, Taps)
        },
        Scene("truth") { TruthScreen(Loaded.Here(me), Taps) },
        Scene("truth-revoked") { TruthScreen(Loaded.Here(me.copy(truth = Samples.truth.copy(revoked = true, heldAtHq = 3))), Taps) },
        Scene("truth-calm") {
            val calm = Samples.truth.copy(savedHere = 0, overruled = 0, refused = 0, cards = emptyList(), waiting = emptyList(), photosWaiting = 0)
            TruthScreen(Loaded.Here(me.copy(truth = calm)), Taps)
        },
        Scene("me") { MeScreen(Loaded.Here(me), LangChoice.System, badge, Taps) },
        Scene("enrol") { EnrolScreen(EnrolState(device = "Pixel 8"), Taps) },
        Scene("enrol-error") {
            val words = Words("绑定码已用过或已过期", "The code was used or is too old")
            EnrolScreen(EnrolState("https://hq.example.com/e#ABCD-EFGH", "Pixel 8", failure = EngineFailure("code_used", words)), Taps)
        },
        Scene("enrol-done") { EnrolScreen(EnrolState(device = "Pixel 8", done = true), Taps) },
        Scene("exchange") { ExchangeScreen(ExchangeState(), null, badge, Taps) },
        Scene("exchange-met") {
            ExchangeScreen(ExchangeState(met = Met(Words("李明", "Li Ming"), 3, heard = true, carried = 2)), null, badge, Taps)
        },
    )
}
