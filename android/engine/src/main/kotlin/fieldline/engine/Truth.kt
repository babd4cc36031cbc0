package fieldline.engine

/** What did not become what the person meant, in the person's own words. */
data class Card(
    val operation: String,
    val ticket: String?,
    val number: String,
    val act: Words,
    val ownWords: String,
    val fate: CardFate,
    val fateWords: Words,
    val reason: Words,
    val atMs: Long,
)

/** One operation that has no fate yet. */
data class Waiting(
    val operation: String,
    val ticket: String?,
    val number: String,
    val act: Words,
    val savedAtMs: Long,
    val why: Words,
)

/** An operation or photo that was saved here and that a damaged storage lost. */
data class Missing(val number: String, val what: Words, val savedAtMs: Long, val isPhoto: Boolean = false)

/** The truth screen. */
data class Truth(
    val enrolled: Boolean,
    val company: String = "",
    val savedHere: Int = 0,
    val heldAtHq: Int = 0,
    val carried: Int = 0,
    val atHq: Int = 0,
    val overruled: Int = 0,
    val refused: Int = 0,
    val cards: List<Card> = emptyList(),
    val waiting: List<Waiting> = emptyList(),
    val missing: List<Missing> = emptyList(),
    /** So many more have left no trace but the count. */
    val missingUnnamed: Int = 0,
    val lastSyncMs: Long? = null,
    val held: Int = 0,
    val expected: Int? = null,
    val asOfMs: Long? = null,
    val completeness: Completeness = Completeness.NeverSynced,
    val photosWaiting: Int = 0,
    val photosWaitingBytes: Long = 0,
    val photosAtHq: Int = 0,
    val revoked: Boolean = false,
    val mustEnrol: Boolean = false,
    val notices: List<Words> = emptyList(),
)

/** What one go of syncing did. */
data class SyncDone(val merged: Int, val overruled: Int, val refused: Int, val finished: Boolean, val revoked: Boolean)

/** What came of a meeting with a colleague's phone. Everything stays here until HQ has answered. */
data class Met(
    val with: Words,
    /** Operations handed to him; none where there was nothing. */
    val handed: Int,
    /** He said that he has it. */
    val heard: Boolean,
    /** Changes of his that this phone takes to HQ. */
    val carried: Int,
)

/** What a person can switch. */
data class Settings(val wifiOnly: Boolean, val positionPaused: Boolean)

/** Whose phone this is. */
data class Owner(val company: String, val name: Words, val address: String)

/** Whether this phone holds what HQ says it should. */
enum class Completeness { NeverSynced, NotCounted, Complete, Incomplete, NotAsCounted, NotRenewed, NotRenewedPartly }
