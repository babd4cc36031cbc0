package fieldline.engine.fake

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
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.flow.MutableSharedFlow

/**
 * The engine without a core: an invented day in memory. It writes down what it was asked to do ([performed]), can be told to
 * fail ([failWith]) and to keep the disk waiting ([gate]). It decides nothing: rules are the core's.
 */
class FakeEngine(
    var lines: List<TicketLine> = Samples.lines,
    var detail: Ticket = Samples.ticket,
    var truth: Truth = Samples.truth,
    var stock: List<PartLine> = Samples.parts,
    var owner: Owner? = Samples.owner,
) : Engine {
    override val changes = MutableSharedFlow<Changed>(extraBufferCapacity = 16)
    val performed = mutableListOf<Any>()
    var failWith: EngineFailure? = null
    var syncs = 0
    var gate: CompletableDeferred<Unit>? = null
    private var settings = Settings(wifiOnly = false, positionPaused = false)

    private suspend fun <T> answer(value: () -> T): T {
        gate?.await()
        failWith?.let { throw it }
        return value()
    }

    private suspend fun write(what: Any): String {
        val operation = answer {
            performed += what
            "o${performed.size}"
        }
        changes.emit(Changed(setOf(detail.ticket), rows = false, status = true))
        return operation
    }

    override suspend fun tickets(scope: ListScope): List<TicketLine> = answer { if (scope == ListScope.Open) lines else emptyList() }

    override suspend fun ticket(ticket: String): Ticket = answer { detail.copy(ticket = ticket) }

    override suspend fun perform(ticket: String, act: Act): String = write(act)

    override suspend fun addPhoto(ticket: String, photo: NewPhoto): String = write(photo)

    override suspend fun thumb(ticket: String, operation: String): ByteArray? = null

    override suspend fun codes(sort: CodeSort, category: String?): List<Code> = answer { Samples.codes.filter { it.sort == sort } }

    override suspend fun parts(filter: PartFilter): List<PartLine> = answer {
        val vans = Samples.places.filter { it.mine }.map { it.location }
        stock.filter { (!filter.myVan || it.location in vans) && (filter.words in it.number || filter.words in it.name.zh + it.name.en) }
    }

    override suspend fun places(): List<StockPlace> = answer { Samples.places }

    override suspend fun articles(query: String): List<ArticleLine> =
        answer { Samples.articles.filter { query in it.title.zh || query.lowercase() in it.title.en.lowercase() } }

    override suspend fun articlesFor(ticket: String): List<ArticleLine> = answer { Samples.articles.take(3) }

    override suspend fun article(article: String): Article = answer { Samples.article }

    override suspend fun file(article: String, operation: String): ByteArray = answer { ByteArray(0) }

    override suspend fun annotate(article: String, section: String?, text: String): String = write(text)

    override suspend fun truth(): Truth = answer { truth }

    override suspend fun dismiss(operation: String) {
        answer { truth = truth.copy(cards = truth.cards.filter { it.operation != operation }) }
    }

    override suspend fun enrol(invitation: String, deviceName: String) {
        write(invitation)
    }

    override suspend fun sync(limitMs: Long): SyncDone = answer {
        syncs += 1
        SyncDone(0, 0, 0, finished = true, revoked = truth.revoked)
    }

    override suspend fun cancelSync() = Unit

    override suspend fun live(on: Boolean) = Unit

    override suspend fun viewing(ticket: String?) = Unit

    override suspend fun setMetered(metered: Boolean) = Unit

    override suspend fun settings(): Settings = settings

    override suspend fun setSettings(settings: Settings) {
        this.settings = settings
    }

    override suspend fun owner(): Owner? = owner

    override suspend fun travellingTo(): String? = null

    override suspend fun addPosition(place: Place, accuracyM: Int) {
        performed += place
    }

    override suspend fun report(ticket: String, lang: Lang, font: ByteArray): ByteArray? = answer { ByteArray(0) }

    override suspend fun openMeeting(): String = answer { "FIELDLINE-MEET" }

    override suspend fun meet(): Met = answer { Met(Words("李明", "Li Ming"), handed = 3, heard = true, carried = 2) }

    override suspend fun join(code: String): Met = meet()

    override suspend fun endMeeting() = Unit

    override suspend fun suspend() = Unit
}
