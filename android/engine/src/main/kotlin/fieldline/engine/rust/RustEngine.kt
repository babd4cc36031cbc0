package fieldline.engine.rust

import fieldline.core.Meeting
import fieldline.core.Phone
import fieldline.core.PhoneConfig
import fieldline.core.PhoneException
import fieldline.core.PhoneListener
import fieldline.core.PositionState
import fieldline.core.WhatChanged
import fieldline.core.parseEnrolCode
import fieldline.engine.Act
import fieldline.engine.Article
import fieldline.engine.ArticleLine
import fieldline.engine.Changed
import fieldline.engine.Code
import fieldline.engine.CodeSort
import fieldline.engine.Engine
import fieldline.engine.EngineFailure
import fieldline.engine.Lang
import fieldline.engine.ListScope
import fieldline.engine.Met
import fieldline.engine.NewPhoto
import fieldline.engine.Owner
import fieldline.engine.PartFilter
import fieldline.engine.PartLine
import fieldline.engine.Place
import fieldline.engine.Settings
import fieldline.engine.StockPlace
import fieldline.engine.SyncDone
import fieldline.engine.Ticket
import fieldline.engine.TicketLine
import fieldline.engine.Truth
import fieldline.engine.Words
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.MutableSharedFlow
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.withContext
import java.util.concurrent.atomic.AtomicReference
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException

/**
 * The core behind [Engine]. Every call of it blocks, so every call goes to a thread that may: no screen waits on the main one, and
 * a coroutine that is resumed never runs on a thread of the core's.
 *
 * What waits for somebody else is called off in the core when its coroutine is cancelled; the thread comes back at once.
 */
class RustEngine private constructor(private val phone: Phone) : Engine {
    /** Nothing is lost when nobody reads fast enough: screens read everything again, so only that something changed counts. */
    override val changes = MutableSharedFlow<Changed>(extraBufferCapacity = CHANGES)
    private val meeting = AtomicReference<Meeting?>()

    init {
        phone.observe(object : PhoneListener {
            override fun changed(what: WhatChanged) {
                val change = Changed(what.tickets.toSet(), what.rows, what.status)
                if (!changes.tryEmit(change)) changes.tryEmit(change.copy(rows = true))
            }
        })
    }

    override suspend fun tickets(scope: ListScope): List<TicketLine> = call { phone.list(scope.toCore()).map { it.toLine() } }

    override suspend fun ticket(ticket: String): Ticket = call { phone.ticket(ticket).toTicket(phone.earlierReadings(ticket)) }

    override suspend fun perform(ticket: String, act: Act): String = call { phone.perform(ticket, act.toCore()).operation }

    override suspend fun addPhoto(ticket: String, photo: NewPhoto): String = call { phone.addPhoto(ticket, photo.toCore()).operation }

    override suspend fun thumb(ticket: String, operation: String): ByteArray? = call {
        val line = phone.ticket(ticket).photos.firstOrNull { it.operation == operation }
        if (line == null || !line.here) null else phone.photoBytes(ticket, operation, line.hasThumb)
    }

    override suspend fun codes(sort: CodeSort, category: String?): List<Code> =
        call { phone.codes(sort.toCore(), category).map { it.toCode() } }

    override suspend fun parts(filter: PartFilter): List<PartLine> = call { phone.parts(filter.toCore()).map { it.toLine() } }

    override suspend fun places(): List<StockPlace> = call { phone.places().map { it.toPlace() } }

    override suspend fun articles(query: String): List<ArticleLine> = call { phone.search(query).map { it.toLine() } }

    override suspend fun articlesFor(ticket: String): List<ArticleLine> = call { phone.articlesFor(ticket).map { it.toLine() } }

    override suspend fun article(article: String): Article = call { phone.article(article).toArticle() }

    override suspend fun file(article: String, operation: String): ByteArray =
        waiting(phone::cancelFetch) { phone.fileBytes(article, operation) }

    override suspend fun annotate(article: String, section: String?, text: String): String =
        call { phone.annotate(article, section, text).operation }

    override suspend fun truth(): Truth = call { phone.status().toTruth() }

    override suspend fun dismiss(operation: String) = call<Unit> { phone.dismiss(operation) }

    override suspend fun enrol(invitation: String, deviceName: String) = waiting(phone::cancelSync) {
        val said = parseEnrolCode(invitation)
        phone.enrol(said.address, said.code, deviceName)
    }

    override suspend fun sync(limitMs: Long): SyncDone = waiting(phone::cancelSync) { phone.sync(limitMs.toULong()).toDone() }

    override suspend fun cancelSync() = call { phone.cancelSync() }

    override suspend fun live(on: Boolean) = call { if (on) phone.startLive() else phone.stopLive() }

    override suspend fun viewing(ticket: String?) = call { phone.viewing(ticket) }

    override suspend fun setMetered(metered: Boolean) = call { phone.setMetered(metered) }

    override suspend fun settings(): Settings = call { phone.settings().toSettings() }

    override suspend fun setSettings(settings: Settings) = call { phone.changeSettings(settings.toCore()) }

    override suspend fun owner(): Owner? = call { phone.whoami()?.toOwner() }

    override suspend fun travellingTo(): String? = call { (phone.positionState() as? PositionState.Travelling)?.ticket }

    override suspend fun addPosition(place: Place, accuracyM: Int) = call<Unit> { phone.position(place.toCore(), accuracyM.toFloat()) }

    override suspend fun report(ticket: String, lang: Lang, font: ByteArray): ByteArray? = null

    override suspend fun openMeeting(): String = call { phone.waitForColleague(null).also(meeting::set).code() }

    override suspend fun meet(): Met = meet(meeting.get() ?: call { phone.waitForColleague(null) })

    override suspend fun join(code: String): Met = meet(call { phone.joinColleague(code).also(meeting::set) })

    private suspend fun meet(with: Meeting): Met = waiting(with::cancel) { with.meet().toMet() }

    override suspend fun endMeeting() = call<Unit> { meeting.getAndSet(null)?.cancel() }

    override suspend fun suspend() = call { phone.suspend() }

    /** Ends all calls and lets go of the file. */
    fun shut() = phone.shut()

    private suspend fun <T> call(work: () -> T): T = withContext(Dispatchers.IO) { said(work) }

    /** A call that waits for the network or a colleague: cancelled here, it is called off there. */
    private suspend fun <T> waiting(callOff: () -> Unit, work: () -> T): T = withContext(Dispatchers.IO) {
        suspendCancellableCoroutine { waits ->
            waits.invokeOnCancellation { callOff() }
            runCatching { said(work) }.fold({ waits.resume(it) }, { waits.resumeWithException(it) })
        }
    }

    companion object {
        private const val CHANGES = 64

        /** Opens or makes the store. [key] are 32 bytes out of the keystore; null where the core was built without encryption. */
        suspend fun open(path: String, app: String, key: ByteArray?): RustEngine = withContext(Dispatchers.IO) {
            said { RustEngine(Phone.open(PhoneConfig(path = path, app = app, key = key))) }
        }

        private fun <T> said(work: () -> T): T = try {
            work()
        } catch (failed: PhoneException.Failed) {
            throw EngineFailure(failed.code, Words(failed.zh, failed.en))
        }
    }
}
