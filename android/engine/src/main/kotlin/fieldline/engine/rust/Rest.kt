package fieldline.engine.rust

import fieldline.core.ArticleDetail
import fieldline.core.CodeLine
import fieldline.core.HandedOver
import fieldline.core.Meet
import fieldline.core.Synced
import fieldline.core.TruthCard
import fieldline.core.TruthScreen
import fieldline.core.WaitingLine
import fieldline.core.WhoAmI
import fieldline.engine.Annotation
import fieldline.engine.Article
import fieldline.engine.ArticleFile
import fieldline.engine.ArticleLine
import fieldline.engine.Card
import fieldline.engine.Code
import fieldline.engine.Met
import fieldline.engine.Missing
import fieldline.engine.Owner
import fieldline.engine.PartLine
import fieldline.engine.Section
import fieldline.engine.StockPlace
import fieldline.engine.SyncDone
import fieldline.engine.Truth
import fieldline.engine.Waiting
import fieldline.engine.Words
import fieldline.core.ArticleLine as CoreArticleLine
import fieldline.core.PartLine as CorePartLine
import fieldline.core.StockPlace as CorePlace

internal fun CorePartLine.toLine() = PartLine(
    location = location,
    part = part,
    number = number,
    name = name.here(),
    place = place.here(),
    quantity = quantity.toInt(),
    mine = mine.toInt(),
    inDoubt = inDoubt.toInt(),
    unconfirmed = unconfirmed.toInt(),
    unexplained = unexplained.toInt(),
    requested = requested.toInt(),
    asOfMs = asOfMs,
)

internal fun CorePlace.toPlace() = StockPlace(location, name.here(), isVan, isMine)

internal fun CodeLine.toCode() = Code(code, sort.here(), category, words.here())

internal fun CoreArticleLine.toLine() = ArticleLine(article, isManual, title.here(), category)

internal fun ArticleDetail.toArticle() = Article(
    line = line.toLine(),
    sections = sections.map { Section(it.operation, it.heading.here(), it.body.here()) },
    files = files.map { ArticleFile(it.operation, it.title.here(), it.size.toLong(), it.pages?.toInt(), it.here) },
    annotations = annotations.map { Annotation(it.section, it.text, it.by.here(), it.byName.here(), it.atMs, it.pending) },
)

internal fun TruthScreen.toTruth() = Truth(
    enrolled = enrolled,
    company = company,
    savedHere = unsent.toInt(),
    heldAtHq = heldAtHq.toInt(),
    carried = carried.toInt(),
    atHq = atHq.toInt(),
    overruled = overruled.toInt(),
    refused = refused.toInt(),
    cards = cards.map { it.toCard() },
    waiting = waiting.map { it.toWaiting() },
    missing = missing.map { Missing(it.number, it.label.here(), it.savedAtMs) } +
        photosLost.map { Missing(it.number, Words.same(it.caption), it.savedAtMs, isPhoto = true) },
    missingUnnamed = missingUnnamed.toInt(),
    lastSyncMs = lastSyncMs,
    held = documents.toInt(),
    expected = expected?.toInt(),
    asOfMs = asOfMs,
    completeness = completeness.here(),
    photosWaiting = photosWaiting.toInt(),
    photosWaitingBytes = photosWaitingBytes.toLong(),
    photosAtHq = photosAtHq.toInt(),
    revoked = revoked,
    mustEnrol = mustEnrol,
    notices = notices.map { it.words.here() },
)

private fun TruthCard.toCard() = Card(
    operation = operation,
    ticket = ticket,
    number = number,
    act = label.here(),
    ownWords = ownWords,
    fate = fate.here(),
    fateWords = fateWords.here(),
    reason = why.words.here(),
    atMs = atMs,
)

private fun WaitingLine.toWaiting() = Waiting(operation, ticket, number, label.here(), savedAtMs, whyWords.here())

internal fun Synced.toDone() = SyncDone(merged.toInt(), overruled.toInt(), refused.toInt(), finished, revoked)

internal fun WhoAmI.toOwner() = Owner(company, name.here(), address)

/** What the other phone said it took counts as heard; what it could not take stays here as everything does. */
internal fun Meet.toMet(): Met {
    val (handed, heard) = when (val told = handed) {
        HandedOver.Nothing, HandedOver.TooLarge -> 0 to false
        is HandedOver.Unheard -> told.operations.toInt() to false
        is HandedOver.NotTaken -> told.operations.toInt() to false
        is HandedOver.Taken -> told.operations.toInt() to true
    }
    return Met(withName.here(), handed, heard, taken?.carried?.toInt() ?: 0)
}
