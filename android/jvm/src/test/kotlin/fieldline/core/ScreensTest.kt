package fieldline.core

import fieldline.engine.Answer
import fieldline.engine.Completion
import fieldline.engine.EngineFailure
import fieldline.engine.NewPhoto
import fieldline.engine.NextStep
import fieldline.engine.PhotoShows
import fieldline.engine.PhotoState
import fieldline.engine.VisitPhase
import fieldline.engine.VisitResult
import fieldline.manuals.ManualsModel
import fieldline.me.EnrolModel
import fieldline.me.MeModel
import fieldline.me.Reached
import fieldline.parts.Deed
import fieldline.parts.PartsModel
import fieldline.shell.Syncer
import fieldline.ticket.Ask
import fieldline.ticket.TicketModel
import fieldline.today.TodayModel
import java.net.InetAddress
import java.net.ServerSocket
import java.net.URI
import java.util.Base64
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** The screens' models on the real core and the real server: what a person taps, and what he then sees. */
class ScreensTest {
    private fun with(body: suspend CoroutineScope.(Office, CoroutineScope) -> Unit) = runBlocking {
        val screens = CoroutineScope(Dispatchers.Default)
        try {
            Office().use { office -> body(office, screens) }
        } finally {
            screens.cancel()
        }
    }

    @Test
    fun a_whole_visit_is_tapped_through_offline_and_arrives_at_hq() = with { office, screens ->
        val engine = open(newStore())
        val enrol = EnrolModel(engine, "Pixel", screens)
        enrol.scanned(office.invitation())
        withTimeout(PATIENCE_MS) { enrol.state.first { it.done } }
        val today = TodayModel(engine, screens)
        val line = today.state.shows { it.next != null }.next!!
        office.ask("stop")
        today.step(line, NextStep.Accept)
        today.state.shows { it.next?.phase == VisitPhase.Accepted && !it.busy }

        val ticket = TicketModel(engine, line.ticket, screens)
        for ((step, phase) in listOf(
            NextStep.Depart to VisitPhase.EnRoute, NextStep.Arrive to VisitPhase.Arrived, NextStep.Start to VisitPhase.Working,
        )) {
            ticket.state.shows { step in it.ticket.next && !it.busy }
            ticket.step(step)
            ticket.state.shows { it.ticket.phase == phase && !it.busy }
        }
        ticket.step(NextStep.Pause)
        assertEquals(Ask.Pause, ticket.state.shows { it.ask != null }.ask)
        ticket.leaveQuestion()
        ticket.state.shows { it.ask == null }
        val item = ticket.state.shows { true }.ticket.checklist.first()
        ticket.answer(item.item, Answer.Tick(true))
        assertEquals(1, ticket.state.shows { it.answered == 1 && !it.busy }.answered)
        ticket.photo(NewPhoto(png, PhotoShows.After, "测试页"))
        assertEquals(PhotoState.Waiting, ticket.state.shows { it.ticket.photos.size == 1 && !it.busy }.ticket.photos[0].state)
        ticket.note("搓纸轮磨损")
        ticket.state.shows { state -> state.ticket.entries.any { it.detail.zh == "搓纸轮磨损" } && !state.busy }

        val parts = PartsModel(engine, line.ticket, screens)
        val part = parts.state.shows { it.lines.isNotEmpty() }.lines.first { it.part == office.part }
        parts.choose(part)
        parts.say(Deed.Use)
        parts.save()
        parts.state.shows { it.saved == Deed.Use && it.lines.first { line -> line.part == part.part }.quantity == part.quantity - 1 }

        val codes = ticket.state.shows { it.causeCodes.isNotEmpty() && it.remedyCodes.isNotEmpty() && !it.busy }
        ticket.finish(Completion(VisitResult.Fixed, codes.causeCodes[0].code, codes.remedyCodes[0].code, "已更换搓纸轮"))
        ticket.state.shows { it.ticket.done != null && !it.busy }
        ticket.sign("周婉如", "M40 120L70 60")
        ticket.state.shows { it.ticket.signature?.name == "周婉如" && !it.busy }

        val me = MeModel(engine, screens)
        assertEquals(10, me.state.shows { it.truth.savedHere == 10 }.truth.waiting.size)
        me.sync(1_000)
        assertNotNull(me.state.shows { it.reached == Reached.No }.failure)
        office.ask("start")
        me.sync()
        val truth = me.state.shows { it.reached == Reached.Yes }.truth
        assertEquals(listOf(0, 10, 0, 0), listOf(truth.savedHere, truth.atHq, truth.overruled, truth.refused))
        val record = office.ask("record").jsonObject
        assertEquals("resolved", record.getValue("status").jsonPrimitive.content)
        assertEquals("[4]", record.getValue("van").jsonArray.toString())
        engine.shut()
    }

    @Test
    fun what_hq_took_away_meanwhile_is_told_with_its_reason_and_stays_readable() = with { office, screens ->
        val engine = open(newStore())
        engine.enrol(office.invitation(), "Pixel")
        engine.sync(60_000)
        val ticket = TicketModel(engine, office.ticket, screens)
        ticket.state.shows { NextStep.Accept in it.ticket.next }
        office.ask("cancel")
        ticket.step(NextStep.Accept)
        ticket.state.shows { it.ticket.phase == VisitPhase.Accepted && !it.busy }
        engine.sync(60_000)
        val me = MeModel(engine, screens)
        val state = me.state.shows { it.truth.savedHere == 0 }
        val told = state.truth.cards.map { it.reason } + listOfNotNull(engine.ticket(office.ticket).gone)
        assertTrue(told.isNotEmpty() && told.all { it.zh.isNotBlank() && it.en.isNotBlank() })
        engine.shut()
    }

    @Test
    fun a_note_of_hq_shows_on_the_open_ticket_after_the_sync() = with { office, screens ->
        val engine = open(newStore())
        engine.enrol(office.invitation(), "Pixel")
        engine.sync(60_000)
        val ticket = TicketModel(engine, office.ticket, screens)
        ticket.state.shows { true }
        office.ask("note 客户下午三点前不在")
        Syncer(engine).once(60_000)
        ticket.state.shows { state -> state.ticket.entries.any { "下午三点" in it.detail.zh } }
        engine.shut()
    }

    @Test
    fun manuals_are_found_in_both_languages() = with { office, screens ->
        val engine = open(newStore())
        engine.enrol(office.invitation(), "Pixel")
        engine.sync(60_000)
        val manuals = ManualsModel(engine, screens)
        manuals.find("没有这样的手册")
        assertEquals(0, manuals.state.shows { it.read && it.query.isNotEmpty() }.lines.size)
        engine.shut()
    }

    @Test
    fun a_code_that_is_no_code_says_so_in_both_languages_and_changes_nothing() = with { office, screens ->
        val engine = open(newStore())
        val enrol = EnrolModel(engine, "Pixel", screens)
        enrol.scanned("https://example.com/some-menu")
        assertEquals("bad_link", withTimeout(PATIENCE_MS) { enrol.state.first { it.failure != null } }.failure?.code)
        enrol.scanned(office.invitation("WRONGCODE"))
        val failure = withTimeout(PATIENCE_MS) { enrol.state.first { it.failure?.code?.let { code -> code != "bad_link" } == true } }.failure!!
        assertTrue(failure.words.zh.isNotBlank() && failure.words.en.isNotBlank(), failure.code)
        assertFalse(engine.truth().enrolled)
        engine.shut()
    }

    /** A server that takes the call and never answers: the worst a network can do to somebody who waits. */
    @Test
    fun a_sync_that_is_called_off_comes_back_while_hq_says_nothing() = with { office, screens ->
        val engine = open(newStore())
        engine.enrol(office.invitation(), "Pixel")
        engine.sync(60_000)
        office.ask("stop")
        ServerSocket(URI(office.address).port, 50, InetAddress.getByName("127.0.0.1")).use { deaf ->
            val sync = screens.launch { engine.sync(100 * PATIENCE_MS) }
            val call = async(Dispatchers.IO) { deaf.accept() }
            val socket = withTimeout(PATIENCE_MS) { call.await() }
            engine.perform(office.ticket, fieldline.engine.Act.Accept(office.visit))
            sync.cancel()
            withTimeout(PATIENCE_MS) { sync.join() }
            // The core's own thread came back too, or the next sync would wait for it.
            withContext(Dispatchers.IO) { socket.close() }
        }
        office.ask("start")
        assertEquals(1, withTimeout(PATIENCE_MS) { engine.sync(60_000) }.merged)
        engine.shut()
    }

    @Test
    fun two_apps_do_not_open_one_store() = runBlocking {
        val store = newStore()
        val first = open(store)
        val failure = assertThrows(EngineFailure::class.java) { runBlocking { open(store) } }
        assertEquals("store_busy", failure.code)
        first.shut()
        open(store).shut()
    }

    private val png: ByteArray = Base64.getDecoder().decode(
        Office.told("journey.json").jsonObject.getValue("steps").jsonArray.map { it.jsonObject }
            .first { it.getValue("act").jsonPrimitive.content == "photo" }.getValue("base64").jsonPrimitive.content,
    )
}
