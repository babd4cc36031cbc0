package fieldline.engine

import kotlinx.coroutines.flow.Flow

/** What one call changed. */
data class Changed(val tickets: Set<String>, val rows: Boolean, val status: Boolean)

/**
 * The core as screens see it. Reads come from this phone alone; when [perform] returns, the work is on the disk. Only
 * [enrol], [sync], [meet] and [join] wait for somebody else.
 *
 * Every call throws [EngineFailure] with words for people, and nothing else.
 */
interface Engine {
    val changes: Flow<Changed>

    suspend fun tickets(scope: ListScope): List<TicketLine>

    suspend fun ticket(ticket: String): Ticket

    /** Saves an act and returns the operation's id. */
    suspend fun perform(ticket: String, act: Act): String

    suspend fun addPhoto(ticket: String, photo: NewPhoto): String

    /** A small picture of a photo, where it is on this phone. */
    suspend fun thumb(ticket: String, operation: String): ByteArray?

    suspend fun codes(sort: CodeSort, category: String?): List<Code>

    suspend fun parts(filter: PartFilter): List<PartLine>

    suspend fun places(): List<StockPlace>

    /** All of them where [query] is empty, else those that hold all its words, best first. */
    suspend fun articles(query: String): List<ArticleLine>

    suspend fun articlesFor(ticket: String): List<ArticleLine>

    suspend fun article(article: String): Article

    /** A file of an article. Waits for the network where it is not on this phone yet. */
    suspend fun file(article: String, operation: String): ByteArray

    suspend fun annotate(article: String, section: String?, text: String): String

    suspend fun truth(): Truth

    /** Puts a card away once it was read. */
    suspend fun dismiss(operation: String)

    /** Joins the company by what HQ's QR code says. Waits for the network. */
    suspend fun enrol(invitation: String, deviceName: String)

    /** Sends and fetches until nothing is left or [limitMs] is over. Waits for the network. */
    suspend fun sync(limitMs: Long): SyncDone

    suspend fun cancelSync()

    /** While the app is in front: HQ's news within a moment, and what is saved goes at once. No call waits for it. */
    suspend fun live(on: Boolean)

    /** Tells HQ which ticket is on the screen, so that nobody writes past another. */
    suspend fun viewing(ticket: String?)

    /** The network costs money by the byte: what is large waits if the person wants it to. */
    suspend fun setMetered(metered: Boolean)

    suspend fun settings(): Settings

    suspend fun setSettings(settings: Settings)

    /** Null on a phone that is nobody's. */
    suspend fun owner(): Owner?

    /** The ticket whose customer this engineer is on the way to; null where no position may be taken. */
    suspend fun travellingTo(): String?

    /** One place on the way; HQ gets it with the next sync. */
    suspend fun addPosition(place: Place, accuracyM: Int)

    /** The completion report as a PDF, null where this core makes none. [font] is the bytes of a font that has Chinese. */
    suspend fun report(ticket: String, lang: Lang, font: ByteArray): ByteArray?

    /** Opens this phone to a colleague in the same network; the text goes into a QR code that he scans. */
    suspend fun openMeeting(): String

    /** Waits until the colleague has come and both have what the other had to give. */
    suspend fun meet(): Met

    /** Goes to a colleague's phone by the QR code on it. */
    suspend fun join(code: String): Met

    suspend fun endMeeting()

    /** Lets go of the file before the system stops the app; the next call opens it again. */
    suspend fun suspend()
}
