package fieldline.engine.rust

import fieldline.core.CheckAnswer
import fieldline.core.TicketFilter
import fieldline.core.TicketScope
import fieldline.engine.Act
import fieldline.engine.Answer
import fieldline.engine.ListScope
import fieldline.engine.NewPhoto
import fieldline.engine.PartFilter
import fieldline.engine.Place
import fieldline.engine.Settings
import fieldline.core.Act as CoreAct
import fieldline.core.NewPhoto as CorePhoto
import fieldline.core.PartFilter as CoreFilter
import fieldline.core.PhoneSettings as CoreSettings
import fieldline.core.Place as CorePlace

internal fun Place.toCore() = CorePlace(lat, lon)

internal fun Answer.toCore(): CheckAnswer = when (this) {
    is Answer.Tick -> CheckAnswer.Tick(yes)
    is Answer.Reading -> CheckAnswer.Reading(value, unit)
    is Answer.Text -> CheckAnswer.Text(text)
}

internal fun CheckAnswer.here(): Answer = when (this) {
    is CheckAnswer.Tick -> Answer.Tick(yes)
    is CheckAnswer.Reading -> Answer.Reading(value, unit)
    is CheckAnswer.Text -> Answer.Text(text)
}

internal fun Act.toCore(): CoreAct = when (this) {
    is Act.Accept -> CoreAct.Accept(visit)
    is Act.Decline -> CoreAct.Decline(visit, reason.toCore(), text)
    is Act.Depart -> CoreAct.Depart(visit, etaMs)
    is Act.Arrive -> CoreAct.Arrive(visit, position?.toCore())
    is Act.Start -> CoreAct.Start(visit)
    is Act.Pause -> CoreAct.Pause(visit, reason.toCore())
    is Act.Resume -> CoreAct.Resume(visit)
    is Act.Finish -> with(completion) { CoreAct.Finish(visit, result.toCore(), cause, remedy, text) }
    is Act.Note -> CoreAct.Note(text)
    is Act.AnswerItem -> CoreAct.Answer(item, answer.toCore())
    is Act.UsePart -> CoreAct.UsePart(part, quantity.toUInt(), from)
    is Act.RequestPart -> CoreAct.RequestPart(part, quantity.toUInt(), from)
    is Act.TransferPart -> CoreAct.TransferPart(part, quantity.toUInt(), from, to)
    is Act.Sign -> CoreAct.Sign(name, path)
}

internal fun NewPhoto.toCore() = CorePhoto(bytes = bytes, shows = shows.toCore(), caption = caption, thumb = thumb)

internal fun PartFilter.toCore() = CoreFilter(myVan = myVan, location = null, part = part, words = words)

internal fun Settings.toCore() = CoreSettings(wifiOnly, positionPaused)

internal fun CoreSettings.toSettings() = Settings(wifiOnly, positionPaused)

internal fun ListScope.toCore() = TicketFilter(
    scope = when (this) {
        ListScope.Open -> TicketScope.OPEN
        ListScope.Done -> TicketScope.DONE
        ListScope.Left -> TicketScope.GONE
    },
)
