package fieldline.engine.rust

import fieldline.core.AssetCard
import fieldline.core.CompletionCard
import fieldline.core.HistoryLine
import fieldline.core.TicketDetail
import fieldline.core.VisitCard
import fieldline.engine.Asset
import fieldline.engine.CheckItem
import fieldline.engine.Done
import fieldline.engine.EarlierReading
import fieldline.engine.Entry
import fieldline.engine.GivenAnswer
import fieldline.engine.KeptPart
import fieldline.engine.PastWork
import fieldline.engine.PhotoLine
import fieldline.engine.Place
import fieldline.engine.Signature
import fieldline.engine.Ticket
import fieldline.engine.TicketLine
import fieldline.engine.Words
import fieldline.core.CheckItem as CoreItem
import fieldline.core.EarlierReading as CoreReading
import fieldline.core.KeptPart as CoreKept
import fieldline.core.PhotoLine as CorePhoto
import fieldline.core.TicketLine as CoreLine
import fieldline.core.Words as CoreWords

internal val nothing = Words.same("")

internal fun CoreWords.here() = Words(zh, en)

internal fun CoreLine.toLine() = TicketLine(
    ticket = ticket,
    number = number,
    visit = visit,
    phase = phase?.here(),
    phaseWords = (phaseWords ?: statusWords).here(),
    planStartMs = planStartMs,
    planEndMs = planEndMs,
    priority = priority.here(),
    vip = vip,
    deadlineMs = deadlineMs,
    customer = customer.here(),
    address = address.here(),
    fault = fault.here(),
    faultText = faultText,
    urges = urges.toInt(),
    pending = pending.toInt(),
    withdrawn = withdrawn,
    acceptedNotAtHq = acceptedNotAtHq,
    stuck = stuck,
)

internal fun TicketDetail.toTicket(earlier: List<CoreReading>): Ticket {
    val visit: VisitCard? = visits.firstOrNull { it.visit == mine }
    return Ticket(
        ticket = ticket,
        number = number,
        statusWords = statusWords.here(),
        visit = mine,
        phase = visit?.phase?.here(),
        phaseWords = (visit?.phaseWords ?: statusWords).here(),
        next = next.map { it.here() },
        priority = facts.priority.here(),
        vip = facts.vip,
        deadlineMs = facts.deadlineMs,
        planStartMs = visit?.plan?.startMs,
        planEndMs = visit?.plan?.endMs,
        category = facts.category,
        fault = facts.fault.here(),
        faultText = facts.faultText,
        customer = customer?.name?.here() ?: nothing,
        contract = customer?.contract,
        contact = contact?.name,
        phone = contact?.phone,
        address = site?.address?.here() ?: nothing,
        place = site?.place?.let { Place(it.lat, it.lon) },
        asset = asset?.toAsset(),
        checklist = checklist.map { item -> item.toItem(earlier.firstOrNull { it.item == item.item }) },
        photos = photos.map { it.toLine() },
        kept = kept.map { it.toPart() },
        entries = history.map { it.toEntry() },
        done = visit?.completion?.toDone(),
        signature = signature?.let { Signature(it.name, it.path, it.atMs) },
        workedMs = visit?.workedMs ?: 0,
        arrivedMs = visit?.arrivedMs,
        doneMs = visit?.doneMs,
        urges = urges.toInt(),
        pending = pending.toInt(),
        gone = goneWords?.here(),
        stuck = stuck,
    )
}

private fun AssetCard.toAsset() = Asset(
    model = modelName.here(),
    serial = serial,
    warrantyEnd = warrantyEnd,
    history = history.map { PastWork(it.number, it.date, it.fault.here(), it.cause.here(), it.remedy.here()) },
)

private fun CoreItem.toItem(earlier: CoreReading?) = CheckItem(
    item = item,
    kind = kind.here(),
    words = words.here(),
    unit = unit.orEmpty(),
    min = min,
    max = max,
    answers = answers.map {
        GivenAnswer(it.answer.here(), it.words.here(), it.isOutside, it.byName.here(), it.atMs, it.pending)
    },
    earlier = earlier?.let { EarlierReading(it.value, it.unit, it.atMs, it.number) },
)

private fun CorePhoto.toLine() = PhotoLine(operation, shows.here(), caption, atMs, state.here(), here)

private fun CoreKept.toPart() = KeptPart(number, name.here(), place.here(), quantity.toInt(), state.here())

private fun CompletionCard.toDone() = Done(outcomeWords.here(), causeWords.here(), remedyWords.here(), text)

private fun HistoryLine.toEntry() = Entry(
    operation = operation,
    kind = kind.here(),
    label = label.here(),
    detail = detail.here(),
    by = by.here(),
    name = byName.here(),
    atMs = atMs,
    pending = pending,
    held = held,
    carried = carried,
    overruled = overruled?.words?.here(),
)
