package fieldline.design

import androidx.compose.runtime.Composable
import androidx.compose.runtime.ReadOnlyComposable
import fieldline.engine.Lang
import java.time.Instant
import java.time.LocalDate
import java.time.ZoneId
import java.time.ZonedDateTime
import java.time.format.DateTimeFormatter
import java.time.temporal.ChronoUnit
import java.util.Locale
import kotlin.math.abs

/** Times for people: 24 hours, the phone's zone, no date where it is today. */
object When {
    private val clock = DateTimeFormatter.ofPattern("HH:mm")
    private val dayZh = DateTimeFormatter.ofPattern("M月d日 E", Locale.SIMPLIFIED_CHINESE)
    private val dayEn = DateTimeFormatter.ofPattern("EEE d MMM", Locale.UK)

    private fun at(ms: Long): ZonedDateTime = Instant.ofEpochMilli(ms).atZone(ZoneId.systemDefault())

    fun day(ms: Long, lang: Lang): String = (if (lang == Lang.Zh) dayZh else dayEn).format(at(ms))

    fun time(ms: Long): String = clock.format(at(ms))

    /** `14:10` today, `11月20日 周五 14:10` on another day. */
    fun moment(ms: Long, nowMs: Long, lang: Lang): String =
        if (at(ms).toLocalDate() == at(nowMs).toLocalDate()) time(ms) else "${day(ms, lang)} ${time(ms)}"

    /** `14:00–16:00`, with the day where it is not today. */
    fun span(startMs: Long, endMs: Long?, nowMs: Long, lang: Lang): String =
        moment(startMs, nowMs, lang) + if (endMs == null) "" else "–" + time(endMs)

    /** What an ISO date of the core looks like here; the text itself where it is none. */
    fun date(iso: String, lang: Lang): String {
        val date = runCatching { LocalDate.parse(iso) }.getOrNull() ?: return iso
        val pattern = if (lang == Lang.Zh) "yyyy年M月d日" else "d MMM yyyy"
        return DateTimeFormatter.ofPattern(pattern, Locale.UK).format(date)
    }

    fun isPast(iso: String, nowMs: Long): Boolean =
        runCatching { LocalDate.parse(iso) < at(nowMs).toLocalDate() }.getOrDefault(false)

    /** How far off, in the two units that matter. */
    fun length(ms: Long, lang: Lang): String {
        val minutes = abs(ms) / 60_000
        val (days, hours, left) = Triple(minutes / 1440, minutes % 1440 / 60, minutes % 60)
        return when {
            days > 0 -> Word.DaysHours.of(lang, days, hours)
            hours > 0 -> Word.HoursMinutes.of(lang, hours, left)
            else -> Word.Minutes.of(lang, left)
        }
    }

    fun daysBetween(fromMs: Long, toMs: Long): Long =
        ChronoUnit.DAYS.between(at(fromMs).toLocalDate(), at(toMs).toLocalDate())
}

@Composable
@ReadOnlyComposable
fun moment(ms: Long): String = When.moment(ms, Fieldline.clock.nowMs(), Fieldline.lang)

/** `3 min ago`, `2 h 5 min ago`. */
@Composable
@ReadOnlyComposable
fun ago(ms: Long): String {
    val past = Fieldline.clock.nowMs() - ms
    return if (past < 60_000) say(Word.JustNow) else say(Word.Ago, When.length(past, Fieldline.lang))
}
