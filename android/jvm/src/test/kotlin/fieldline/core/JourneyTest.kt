package fieldline.core

import fieldline.engine.Act
import fieldline.engine.Answer
import fieldline.engine.Completion
import fieldline.engine.Engine
import fieldline.engine.ListScope
import fieldline.engine.NewPhoto
import fieldline.engine.NextStep
import fieldline.engine.PhotoShows
import fieldline.engine.Place
import fieldline.engine.VisitResult
import java.util.Base64
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.boolean
import kotlinx.serialization.json.double
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

/** The journey that every language's test makes: a whole visit without a network, then one sync, then the same central record. */
class JourneyTest {
    private val journey = Office.told("journey.json").jsonObject

    @Test
    fun a_visit_done_offline_is_the_same_record_at_hq_as_from_every_other_language() = runBlocking {
        Office().use { office ->
            val engine = open(newStore())
            engine.enrol(office.invitation(), "Pixel")
            engine.sync(60_000)
            assertEquals(listOf(office.ticket), engine.tickets(ListScope.Open).map { it.ticket })
            office.ask("stop")
            val steps = journey.getValue("steps").jsonArray.map { it.jsonObject }
            steps.forEachIndexed { at, step ->
                take(engine, office, step)
                val expected = journey.getValue("next").jsonArray[at].jsonArray.map { it.jsonPrimitive.content }
                assertEquals(expected, engine.ticket(office.ticket).next.map(::word), "after step $at")
            }
            assertEquals(journey.getValue("unsent_before_sync").jsonPrimitive.int, engine.truth().savedHere)
            office.ask("start")
            engine.sync(60_000)
            val (told, truth) = journey.getValue("after_sync").jsonObject to engine.truth()
            val counts = mapOf(
                "unsent" to truth.savedHere, "at_hq" to truth.atHq, "overruled" to truth.overruled, "refused" to truth.refused,
                "cards" to truth.cards.size,
            )
            assertEquals(told.mapValues { it.value.jsonPrimitive.int }, counts)
            assertEquals(Office.told("record.json"), office.ask("record"))
            engine.shut()
        }
    }

    private suspend fun take(engine: Engine, office: Office, step: JsonObject) {
        fun text(name: String) = step.getValue(name).jsonPrimitive.content
        fun number(name: String) = step.getValue(name).jsonPrimitive.double
        val visit = office.visit
        val act = when (text("act")) {
            "accept" -> Act.Accept(visit)
            "depart" -> Act.Depart(visit, System.currentTimeMillis() + number("eta_minutes").toLong() * 60_000)
            "arrive" -> Act.Arrive(visit, Place(number("lat"), number("lon")))
            "start" -> Act.Start(visit)
            "answer" -> Act.AnswerItem(text("item"), answer(step))
            "use_part" -> Act.UsePart(office.part, step.getValue("quantity").jsonPrimitive.int, office.van)
            "note" -> Act.Note(text("text"))
            "finish" -> Act.Finish(visit, Completion(result(text("outcome")), text("cause"), text("remedy"), text("text")))
            "sign" -> Act.Sign(text("name"), text("path"))
            "photo" -> null
            else -> error("a step of a newer journey: $step")
        }
        if (act != null) {
            engine.perform(office.ticket, act)
        } else {
            val shows = if (text("shows") == "after") PhotoShows.After else PhotoShows.Before
            engine.addPhoto(office.ticket, NewPhoto(Base64.getDecoder().decode(text("base64")), shows, text("caption")))
        }
    }

    private fun answer(step: JsonObject): Answer {
        val tick = step["tick"] ?: return Answer.Reading(
            step.getValue("reading").jsonPrimitive.double,
            step.getValue("unit").jsonPrimitive.content,
        )
        return Answer.Tick(tick.jsonPrimitive.boolean)
    }

    private fun result(word: String): VisitResult = when (word) {
        "fixed" -> VisitResult.Fixed
        "partly" -> VisitResult.Partly
        "no_fault_found" -> VisitResult.NoFaultFound
        else -> VisitResult.CouldNot
    }

    private fun word(step: NextStep): String = if (step == NextStep.CouldNot) "could_not" else step.name.lowercase()
}
