package fieldline

import java.io.File
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

/** The arrows between the modules, which the JVM build does not see because it compiles all of them together. */
class ModulesTest {
    private val android = File(System.getProperty("android.dir"))

    private fun imports(module: String) = File(android, "$module/src/main/kotlin").walk().filter { it.extension == "kt" }
        .flatMap { file -> Regex("""\bfieldline\.[a-z]+""").findAll(file.readText()).map { file.name to it.value } }
        .filter { (_, to) -> to.substringAfter('.') in setOf("core", "engine", "design", "today", "ticket", "parts", "manuals", "me", "shell", "app") }
        .toSet()

    @Test
    fun only_the_engine_imports_the_generated_code() {
        val modules = listOf("designsystem", "feature/today", "feature/ticket", "feature/parts", "feature/manuals", "feature/me", "shell", "app")
        for (module in modules) assertEquals(emptyList<Pair<String, String>>(), imports(module).filter { it.second == "fieldline.core" }, module)
    }

    @Test
    fun features_do_not_know_each_other() {
        for (feature in listOf("today", "ticket", "parts", "manuals", "me")) {
            val foreign = imports("feature/$feature").map { it.second.substringAfter('.') }.filter { it !in setOf("engine", "design", feature) }
            assertEquals(emptyList<String>(), foreign, feature)
        }
        assertEquals(emptyList<String>(), imports("designsystem").map { it.second }.filter { it !in setOf("fieldline.engine", "fieldline.design") })
        assertEquals(emptyList<String>(), imports("engine").map { it.second }.filter { it !in setOf("fieldline.engine", "fieldline.core") })
    }

    @Test
    fun nothing_but_the_app_knows_android() {
        val modules = listOf("engine", "designsystem", "feature", "shell")
        val android = modules.flatMap { module ->
            File(android, "$module").walk().filter { it.extension == "kt" }
                .filter { Regex("""^import android\.""", RegexOption.MULTILINE).containsMatchIn(it.readText()) }.map { it.name }
        }
        assertEquals(emptyList<String>(), android)
    }
}
