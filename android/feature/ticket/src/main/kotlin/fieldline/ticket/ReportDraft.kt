package fieldline.ticket

import fieldline.engine.Completion
import fieldline.engine.VisitResult

/** What of a report is written and not saved yet. The shell keeps it over a kill, like every draft. */
data class ReportDraft(
    val result: VisitResult? = null,
    val cause: String? = null,
    val remedy: String? = null,
    val text: String = "",
    val name: String = "",
    val strokes: List<List<Point>> = emptyList(),
) {
    /** The core refuses `could not` without a reason; the button says so before it is tapped. */
    val canFinish: Boolean get() = result != null && (result != VisitResult.CouldNot || text.isNotBlank())

    val canSign: Boolean get() = name.isNotBlank() && strokes.any { it.size > 1 }

    fun completion(): Completion? = result?.let { Completion(it, cause, remedy, text.trim()) }

    fun signature(): String = strokes.filter { it.size > 1 }.joinToString(" ") { stroke ->
        val (first, rest) = stroke.first() to stroke.drop(1)
        "M${first.x} ${first.y}" + rest.joinToString("") { " L${it.x} ${it.y}" }
    }
}

/** A point of a signature in its box of 600 × 200. */
data class Point(val x: Int, val y: Int) {
    companion object {
        const val WIDTH = 600
        const val HEIGHT = 200

        /** From a place on a pad of this size into the box; a finger that leaves the pad stays at its edge. */
        fun on(x: Float, y: Float, padWidth: Float, padHeight: Float) = Point(
            (x / padWidth * WIDTH).toInt().coerceIn(0, WIDTH),
            (y / padHeight * HEIGHT).toInt().coerceIn(0, HEIGHT),
        )
    }
}

/** Points closer than this to the last one add bytes and no ink: a signature has 24 kB at most. */
private const val NEAR = 3

/** A stroke with one more point. */
fun List<List<Point>>.drawn(point: Point, begins: Boolean): List<List<Point>> {
    if (begins || isEmpty()) return this + listOf(listOf(point))
    val last = last().last()
    val isNear = Math.abs(last.x - point.x) < NEAR && Math.abs(last.y - point.y) < NEAR
    return if (isNear || sumOf { it.size } >= POINTS_MAX) this else dropLast(1) + listOf(last() + point)
}

/** So many points of nine bytes stay well under the core's limit of a signature. */
const val POINTS_MAX = 2_000
