package fieldline

import fieldline.engine.EngineFailure
import fieldline.engine.Place
import fieldline.engine.VisitResult
import fieldline.engine.Words
import fieldline.engine.fake.FakeEngine
import fieldline.shell.Datum
import fieldline.shell.MapApp
import fieldline.shell.MapLink
import fieldline.shell.Route
import fieldline.shell.Syncer
import fieldline.shell.Way
import fieldline.shell.toDraft
import fieldline.shell.toTexts
import fieldline.ticket.Point
import fieldline.ticket.ReportDraft
import fieldline.ticket.TicketSection
import fieldline.ticket.drawn
import java.util.Locale
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class ShellTest {
    private val tiananmen = Place(39.90734, 116.39089)

    private fun near(expected: Place, found: Place) {
        assertEquals(expected.lat, found.lat, 2e-5)
        assertEquals(expected.lon, found.lon, 2e-5)
    }

    /** Pairs that the open converters agree on. */
    @Test
    fun places_in_china_are_shifted_as_amap_and_baidu_want_them() {
        near(Place(39.908744, 116.397131), Datum.toGcj02(tiananmen))
        near(Place(39.915084, 116.403511), Datum.toBd09(tiananmen))
    }

    @Test
    fun outside_china_nothing_is_shifted() {
        val sydney = Place(-33.8688, 151.2093)
        assertEquals(sydney, Datum.toGcj02(sydney))
    }

    @Test
    fun each_map_is_given_its_own_datum_and_no_comma_for_a_point() {
        val before = Locale.getDefault()
        try {
            Locale.setDefault(Locale.GERMANY)
            val amap = MapLink.of(MapApp.Amap, tiananmen, "明澄 & 律师")
            assertTrue("dlat=39.90874" in amap && "dlon=116.39713" in amap && "dev=0" in amap, amap)
            assertTrue("dname=%E6%98%8E%E6%BE%84%20%26%20" in amap, amap)
            val baidu = MapLink.of(MapApp.Baidu, tiananmen, "x")
            assertTrue("latlng:39.915" in baidu && "coord_type=bd09ll" in baidu, baidu)
            assertEquals("google.navigation:q=39.907340,116.390890", MapLink.of(MapApp.Google, tiananmen, "x"))
        } finally {
            Locale.setDefault(before)
        }
    }

    @Test
    fun back_leads_the_way_one_came_and_from_another_tab_to_today() {
        val way = Way().to(Route.Tab.Parts).to(Route.Truth)
        assertEquals(Route.Tab.Parts, way.back()?.here)
        assertEquals(Route.Tab.Today, way.back()?.back()?.here)
        assertNull(Way().back())
    }

    @Test
    fun a_way_survives_as_text_and_what_cannot_be_read_begins_with_today() {
        val way = Way().to(Route.Ticket("t4")).to(Route.Section("t4", TicketSection.Report)).to(Route.Truth)
        assertEquals(way, Way.parse(way.text()))
        assertEquals(Way(), Way.parse("tab Nowhere\nticket t1"))
        assertEquals(Way(), Way.parse("ticket t1"))
        assertEquals(Way(), Way.parse(""))
    }

    @Test
    fun a_report_that_is_being_written_survives_the_system_killing_the_app() {
        val strokes = emptyList<List<Point>>().drawn(Point(10, 20), true).drawn(Point(30, 40), false).drawn(Point(50, 60), true)
        val draft = ReportDraft(VisitResult.Partly, "drum_scratched", null, "一行\n二行; 三", "周婉如", strokes)
        assertEquals(draft, draft.toTexts().toDraft())
        assertEquals(ReportDraft(), listOf("of another version").toDraft())
    }

    @Test
    fun a_signature_is_a_path_in_the_cores_box() {
        val strokes = emptyList<List<Point>>().drawn(Point.on(-5f, 50f, 300f, 100f), true).drawn(Point.on(400f, 100f, 300f, 100f), false)
        val draft = ReportDraft(name = "周婉如", strokes = strokes)
        assertEquals("M0 100 L600 200", draft.signature())
        assertTrue(draft.canSign)
        assertFalse(draft.copy(name = " ").canSign)
        assertFalse(draft.copy(strokes = listOf(listOf(Point(1, 1)))).canSign)
    }

    @Test
    fun what_could_not_be_done_needs_a_reason() {
        assertFalse(ReportDraft().canFinish)
        assertFalse(ReportDraft(VisitResult.CouldNot).canFinish)
        assertTrue(ReportDraft(VisitResult.CouldNot, text = "没有电").canFinish)
        assertTrue(ReportDraft(VisitResult.Fixed).canFinish)
    }

    @Test
    fun out_of_reach_the_phone_asks_ever_more_rarely_and_at_once_when_something_is_saved() = runTest {
        val engine = FakeEngine()
        engine.failWith = null
        val away = object : fieldline.engine.Engine by engine {
            override suspend fun sync(limitMs: Long): fieldline.engine.SyncDone {
                engine.syncs += 1
                throw EngineFailure("offline", Words.same("x"))
            }
        }
        val syncer = Syncer(away)
        val run = launch { syncer.run() }
        advanceTimeBy(4_000)
        assertEquals(1, engine.syncs)
        assertTrue(syncer.offline.value)
        advanceTimeBy(2_000)
        assertEquals(2, engine.syncs)
        advanceTimeBy(9_000)
        assertEquals(2, engine.syncs)
        syncer.kick()
        advanceTimeBy(1)
        assertEquals(3, engine.syncs)
        run.cancel()
        assertEquals(300_000, Syncer.pauseMs(20))
    }

    @Test
    fun an_answer_of_hq_is_no_silence() = runTest {
        val engine = FakeEngine()
        val refusing = object : fieldline.engine.Engine by engine {
            override suspend fun sync(limitMs: Long) = throw EngineFailure("unauthorized", Words.same("x"))
        }
        val syncer = Syncer(refusing)
        assertTrue(syncer.once(1_000))
        assertFalse(syncer.offline.value)
    }
}
