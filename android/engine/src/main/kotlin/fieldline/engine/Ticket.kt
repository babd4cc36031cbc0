package fieldline.engine

/** One ticket in a list. Times are milliseconds UTC. */
data class TicketLine(
    val ticket: String,
    val number: String,
    val visit: String?,
    val phase: VisitPhase?,
    val phaseWords: Words,
    val planStartMs: Long? = null,
    val planEndMs: Long? = null,
    val priority: Priority = Priority.Normal,
    val vip: Boolean = false,
    val deadlineMs: Long? = null,
    val customer: Words,
    val address: Words,
    val fault: Words,
    val faultText: String = "",
    val urges: Int = 0,
    val pending: Int = 0,
    /** HQ took the visit away. */
    val withdrawn: Boolean = false,
    /** A colleague has accepted it by work that this phone carries to HQ. */
    val acceptedNotAtHq: Boolean = false,
    /** The local copy is damaged and will be fetched again. */
    val stuck: Boolean = false,
)

/** An earlier repair of a machine. */
data class PastWork(val number: String, val date: String, val fault: Words, val cause: Words, val remedy: Words)

/** One machine at a customer's site. */
data class Asset(
    val model: Words,
    val serial: String,
    /** ISO date of the last day. */
    val warrantyEnd: String? = null,
    val history: List<PastWork> = emptyList(),
)

/** One answer to a checklist item. */
data class GivenAnswer(
    val answer: Answer,
    val words: Words,
    /** A reading outside the sound bounds. */
    val isOutside: Boolean,
    val name: Words,
    val atMs: Long,
    val pending: Boolean = false,
)

/** What the same machine read on an earlier ticket. */
data class EarlierReading(val value: Double, val unit: String, val atMs: Long, val number: String)

/** One item of the checklist. Of [answers], newest first, the first is shown; the others are kept and shown below it. */
data class CheckItem(
    val item: String,
    val kind: CheckKind,
    val words: Words,
    val unit: String = "",
    val min: Double? = null,
    val max: Double? = null,
    val answers: List<GivenAnswer> = emptyList(),
    val earlier: EarlierReading? = null,
)

/** A photo on a ticket. */
data class PhotoLine(
    val operation: String,
    val shows: PhotoShows,
    val caption: String,
    val atMs: Long,
    val state: PhotoState,
    /** The file is on this phone. */
    val here: Boolean,
)

/** A part that HQ keeps for this ticket, or that was asked for. */
data class KeptPart(val number: String, val name: Words, val place: Words, val quantity: Int, val state: KeptState)

/** What a line of the history tells, as far as a screen shows it in a place of its own. */
enum class EntryKind { Note, UsePart, RequestPart, TransferPart, Photo, Sign, Answer, Message, Urge, Step, Other }

/** One line of what happened. */
data class Entry(
    val operation: String,
    val kind: EntryKind,
    /** What was done. */
    val label: Words,
    /** What it says beside that; may be empty. */
    val detail: Words,
    val by: Who,
    val name: Words,
    val atMs: Long,
    val pending: Boolean = false,
    /** HQ has it and a supervisor decides. */
    val held: Boolean = false,
    /** A colleague handed it over; it is not at HQ yet. */
    val carried: Boolean = false,
    /** Why it does not count as meant. */
    val overruled: Words? = null,
)

/** How a visit ended, in words. */
data class Done(val result: Words, val cause: Words, val remedy: Words, val text: String)

/** The customer's signature. */
data class Signature(val name: String, val path: String, val atMs: Long)

/** Everything about a ticket that a screen shows. */
data class Ticket(
    val ticket: String,
    val number: String,
    val statusWords: Words,
    val visit: String?,
    val phase: VisitPhase?,
    val phaseWords: Words,
    /** The steps that follow now on this engineer's visit, the likeliest first. */
    val next: List<NextStep>,
    val priority: Priority = Priority.Normal,
    val vip: Boolean = false,
    val deadlineMs: Long? = null,
    val planStartMs: Long? = null,
    val planEndMs: Long? = null,
    val category: String? = null,
    val fault: Words,
    val faultText: String = "",
    val customer: Words,
    val contract: String? = null,
    val contact: String? = null,
    val phone: String? = null,
    val address: Words,
    val place: Place? = null,
    val asset: Asset? = null,
    val checklist: List<CheckItem> = emptyList(),
    val photos: List<PhotoLine> = emptyList(),
    val kept: List<KeptPart> = emptyList(),
    val entries: List<Entry> = emptyList(),
    val done: Done? = null,
    val signature: Signature? = null,
    /** Time at work, pauses taken off. */
    val workedMs: Long = 0,
    val arrivedMs: Long? = null,
    val doneMs: Long? = null,
    val urges: Int = 0,
    val pending: Int = 0,
    /** Why it is here to read only. */
    val gone: Words? = null,
    val stuck: Boolean = false,
)
