package fieldline.core

import fieldline.ticket.TicketModel
import java.io.File
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** The system kills the app whenever it likes. What a screen has called saved is there when the app is opened again. */
class KillTest {
    @Test
    fun what_was_saved_survives_a_kill_between_the_tap_and_its_return() = runBlocking {
        Office().use { office ->
            val store = newStore()
            open(store).apply {
                enrol(office.invitation(), "Pixel")
                sync(60_000)
                shut()
            }
            office.ask("stop")
            // In the middle of a stream of taps, so that the kill finds one on its way to the disk.
            val told = mutableSetOf<String>()
            for (round in 0 until 4) {
                val app = app(store, office.ticket, "kill $round")
                app.inputStream.bufferedReader().useLines { lines ->
                    for (line in lines) {
                        told += line.removePrefix("saved ")
                        if (line == "saved kill $round-${2 + 3 * round}") app.toHandle().destroyForcibly()
                    }
                }
                assertEquals(KILLED, app.waitFor())
            }
            // And by the app itself, in the very callback that would have moved the screen.
            assertEquals(HALTED, app(store, office.ticket, "halt").waitFor())
            told += "halt-0"

            val engine = open(store)
            val notes = engine.ticket(office.ticket).entries.map { it.detail.zh }.filter { "-" in it }
            assertEquals(emptySet<String>(), told - notes.toSet())
            assertEquals(notes.size, notes.toSet().size, "nothing was written twice")
            assertTrue(notes.size <= told.size + 4, "no more than the one tap that was under way is there besides")
            assertEquals(notes.size, engine.truth().savedHere)
            office.ask("start")
            engine.sync(60_000)
            assertEquals(notes.size, engine.truth().atHq)
            assertEquals(0, engine.truth().savedHere)
            engine.shut()
        }
    }

    private fun app(store: File, ticket: String, words: String): Process = ProcessBuilder(
        System.getProperty("java.home") + "/bin/java", "-Djna.library.path=" + System.getProperty("core.lib"),
        "-cp", System.getProperty("surefire.test.class.path") ?: System.getProperty("java.class.path"),
        "fieldline.core.KilledApp", store.path, ticket, words,
    ).redirectError(ProcessBuilder.Redirect.INHERIT).start()

    private companion object {
        const val KILLED = 128 + 9
        const val HALTED = 7
    }
}

/** An app that taps "save note" as fast as it can, and says of each when its screen may move. */
object KilledApp {
    @JvmStatic
    fun main(args: Array<String>) = runBlocking<Unit> {
        val (store, ticket, words) = args
        val screens = CoroutineScope(Dispatchers.Default)
        val model = TicketModel(open(File(store)), ticket, screens)
        var n = 0
        while (true) {
            model.state.shows { !it.busy }
            val note = "$words-$n"
            model.note(note) {
                if (words == "halt") Runtime.getRuntime().halt(7)
                println("saved $note")
                System.out.flush()
            }
            // The next tap comes when the screen shows this one.
            model.state.shows { state -> !state.busy && state.ticket.entries.any { it.detail.zh == note } }
            n += 1
        }
    }
}
