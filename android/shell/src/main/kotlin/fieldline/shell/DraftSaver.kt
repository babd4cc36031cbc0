package fieldline.shell

import androidx.compose.runtime.saveable.Saver
import fieldline.engine.VisitResult
import fieldline.ticket.Point
import fieldline.ticket.ReportDraft

/** A draft as the system keeps it while it kills the app: texts only, so that no version trips over another's. */
internal val draftSaver = Saver<ReportDraft, List<String>>({ it.toTexts() }, { it.toDraft() })

internal fun ReportDraft.toTexts(): List<String> = listOf(
    result?.name.orEmpty(),
    cause.orEmpty(),
    remedy.orEmpty(),
    text,
    name,
    strokes.joinToString(";") { stroke -> stroke.joinToString(" ") { "${it.x},${it.y}" } },
)

internal fun List<String>.toDraft(): ReportDraft {
    if (size != 6) return ReportDraft()
    return ReportDraft(
        result = VisitResult.entries.firstOrNull { it.name == this[0] },
        cause = this[1].ifEmpty { null },
        remedy = this[2].ifEmpty { null },
        text = this[3],
        name = this[4],
        strokes = this[5].split(';').map { stroke -> stroke.split(' ').mapNotNull(::point) }.filter { it.isNotEmpty() },
    )
}

private fun point(text: String): Point? {
    val (x, y) = text.split(',').takeIf { it.size == 2 } ?: return null
    return Point(x.toIntOrNull() ?: return null, y.toIntOrNull() ?: return null)
}
