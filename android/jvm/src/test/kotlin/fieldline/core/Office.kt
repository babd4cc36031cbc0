package fieldline.core

import java.io.BufferedReader
import java.io.File
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

/** HQ on the real binary, as the tests of every language start it: `tests/journey/office.py`. */
class Office : AutoCloseable {
    private val process: Process
    private val out: BufferedReader
    private val facts: JsonObject

    init {
        val builder = ProcessBuilder("python3", File(journey, "office.py").path).redirectError(ProcessBuilder.Redirect.INHERIT)
        builder.environment()["FIELDLINE_BIN"] = File(System.getProperty("fieldline.bin")).canonicalPath
        process = builder.start()
        out = process.inputStream.bufferedReader()
        facts = read().jsonObject
    }

    val ticket get() = word("ticket")
    val visit get() = word("visit")
    val part get() = word("part")
    val van get() = word("van")
    val address get() = word("address")
    val engineerName get() = word("engineer_name")

    /** The link that HQ gives an engineer. */
    fun invitation(code: String = word("code")): String = "$address/enrol?code=$code"

    fun word(name: String): String = facts.getValue(name).jsonPrimitive.content

    fun ask(command: String): JsonElement {
        process.outputStream.write("$command\n".toByteArray())
        process.outputStream.flush()
        return read()
    }

    fun anotherCode(): String = ask("code").jsonObject.getValue("code").jsonPrimitive.content

    private fun read(): JsonElement = Json.parseToJsonElement(checkNotNull(out.readLine()) { "the office is gone" })

    override fun close() {
        runCatching { process.outputStream.write("quit\n".toByteArray()) }
        process.outputStream.close()
        process.waitFor()
    }

    companion object {
        val journey = File(System.getProperty("android.dir"), "../tests/journey")

        fun told(name: String): JsonElement = Json.parseToJsonElement(File(journey, name).readText())
    }
}
