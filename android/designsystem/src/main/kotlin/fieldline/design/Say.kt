package fieldline.design

import androidx.compose.runtime.Composable
import androidx.compose.runtime.ReadOnlyComposable
import fieldline.engine.Lang
import fieldline.engine.Words

/** One of the app's own texts in this language, with its blanks filled in. */
fun Word.of(lang: Lang, vararg blanks: Any): String {
    val text = if (lang == Lang.Zh) zh else en
    return if (blanks.isEmpty()) text else text.format(*blanks)
}

/** The same in the language of the screen. */
@Composable
@ReadOnlyComposable
fun say(word: Word, vararg blanks: Any): String = word.of(Fieldline.lang, *blanks)

/** A text of the core in the language of the screen. */
@Composable
@ReadOnlyComposable
fun say(words: Words): String = words.of(Fieldline.lang)
