package fieldline.engine

/** Which language a person reads. */
enum class Lang { Zh, En }

/** One text in both languages, as the core gives it; an app never makes its own words for a code. */
data class Words(val zh: String, val en: String) {
    fun of(lang: Lang): String = if (lang == Lang.Zh) zh else en

    companion object {
        /** A text that is the same in both: a number, a name, what somebody wrote. */
        fun same(text: String) = Words(text, text)
    }
}

/** Why a call did not do what it should; [code] is stable. What was saved before stays saved. */
class EngineFailure(val code: String, val words: Words) : Exception(code)

/** What a screen reads from this phone. */
sealed interface Loaded<out T> {
    data object Not : Loaded<Nothing>

    data class Failed(val failure: EngineFailure) : Loaded<Nothing>

    data class Here<T>(val value: T) : Loaded<T>
}
