package fieldline.engine

/** A place, WGS-84 degrees. Maps in China want another datum: the app converts when it hands over. */
data class Place(val lat: Double, val lon: Double)

/** An answer to a checklist item. */
sealed interface Answer {
    data class Tick(val yes: Boolean) : Answer

    data class Reading(val value: Double, val unit: String) : Answer

    data class Text(val text: String) : Answer
}

/** How a visit ended, in the engineer's words; [text] is needed with [VisitResult.CouldNot]. */
data class Completion(
    val result: VisitResult,
    val cause: String? = null,
    val remedy: String? = null,
    val text: String = "",
)

/**
 * Everything an engineer does on a ticket. To give a part back is to transfer it to the warehouse; to have one reserved
 * is to request it.
 */
sealed interface Act {
    data class Accept(val visit: String) : Act

    data class Decline(val visit: String, val reason: DeclineReason, val text: String = "") : Act

    data class Depart(val visit: String, val etaMs: Long? = null) : Act

    data class Arrive(val visit: String, val position: Place? = null) : Act

    data class Start(val visit: String) : Act

    data class Pause(val visit: String, val reason: PauseReason) : Act

    data class Resume(val visit: String) : Act

    data class Finish(val visit: String, val completion: Completion) : Act

    data class Note(val text: String) : Act

    data class AnswerItem(val item: String, val answer: Answer) : Act

    data class UsePart(val part: String, val quantity: Int, val from: String) : Act

    data class RequestPart(val part: String, val quantity: Int, val from: String) : Act

    data class TransferPart(val part: String, val quantity: Int, val from: String, val to: String) : Act

    /** [path] is SVG path data in a 600 × 200 box. */
    data class Sign(val name: String, val path: String) : Act
}

/** A photo as it was taken; [thumb] is a small JPEG of it where the app made one. */
class NewPhoto(val bytes: ByteArray, val shows: PhotoShows, val caption: String = "", val thumb: ByteArray? = null)
