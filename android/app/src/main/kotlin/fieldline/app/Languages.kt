package fieldline.app

import android.content.Context
import fieldline.engine.Lang
import fieldline.me.LangChoice
import java.util.Locale

/** The language a person chose, else the phone's: Chinese for every Chinese one, English for all others. */
class Languages(context: Context) {
    private val kept = context.getSharedPreferences("screen", Context.MODE_PRIVATE)

    var choice: LangChoice
        get() = LangChoice.entries.firstOrNull { it.name == kept.getString(KEY, null) } ?: LangChoice.System
        set(value) = kept.edit().putString(KEY, value.name).apply()

    fun now(): Lang = when (choice) {
        LangChoice.Zh -> Lang.Zh
        LangChoice.En -> Lang.En
        LangChoice.System -> if (Locale.getDefault().language == "zh") Lang.Zh else Lang.En
    }

    private companion object {
        const val KEY = "lang"
    }
}
