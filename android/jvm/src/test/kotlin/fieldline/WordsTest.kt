package fieldline

import fieldline.design.Word
import java.io.File
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** A text that is missing in a language does not compile, so what is left to test is what a compiler does not see. */
class WordsTest {
    private val android = File(System.getProperty("android.dir"))
    private val sources = android.walk().onEnter { it.name !in setOf("build", "jvm", ".gradle") }.filter { it.extension == "kt" }.toList()

    @Test
    fun every_word_is_used() {
        val text = sources.filter { it.name != "Word.kt" }.joinToString("\n") { it.readText() }
        val used = Regex("""Word\.([A-Z]\w*)""").findAll(text).map { it.groupValues[1] }.toSet()
        assertEquals(emptyList<String>(), Word.entries.map { it.name }.filter { it !in used })
    }

    @Test
    fun no_language_holds_words_of_the_other() {
        val latin = Word.entries.filter { Regex("[A-Za-z]{2,}").containsMatchIn(it.zh) }
        val chinese = Word.entries.filter { Regex("[\\u3000-\\u303f\\u4e00-\\u9fff\\uff00-\\uffef]").containsMatchIn(it.en) }
        assertEquals(emptyList<Word>(), latin.filter { it.zh !in listOf("VIP") })
        assertEquals(emptyList<Word>(), chinese)
    }

    @Test
    fun both_languages_have_the_same_blanks() {
        fun blanks(text: String) = Regex("%s").findAll(text).count()
        assertEquals(emptyList<Word>(), Word.entries.filter { blanks(it.zh) != blanks(it.en) })
        // `%` alone would be taken for a blank.
        assertTrue(Word.entries.none { Regex("%[^s]").containsMatchIn(it.zh + it.en) })
    }

    @Test
    fun nobody_shouts_and_nothing_is_empty() {
        for (word in Word.entries) {
            assertTrue(word.zh.isNotBlank() && word.en.isNotBlank(), word.name)
            assertTrue('!' !in word.en && '！' !in word.zh, word.name)
        }
    }

    /** Outside the table (and the formats of dates in `When.kt`) no screen has words of its own: a text in quotes with a Chinese character, or one given to `Text`. */
    @Test
    fun screens_have_no_words_of_their_own() {
        val own = sources.filter { file -> listOf("Word.kt", "Samples.kt", "FakeEngine.kt", "When.kt").none { it == file.name } }.flatMap { file ->
            file.readLines().filterNot { it.trim().startsWith("//") || it.trim().startsWith("*") || it.trim().startsWith("/*") }
                .filter { Regex("\"[^\"]*[\\u4e00-\\u9fff]").containsMatchIn(it) || Regex("""Text\("[A-Za-z]""").containsMatchIn(it) }
                .map { "${file.name}: ${it.trim()}" }
        }
        // A language is called by its own name in every language.
        assertEquals(listOf("MeScreen.kt: LangChoice.Zh -> \"简体中文\""), own)
    }
}
