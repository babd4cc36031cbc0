package fieldline.engine.rust

import fieldline.engine.CardFate
import fieldline.engine.CheckKind
import fieldline.engine.CodeSort
import fieldline.engine.Completeness
import fieldline.engine.DeclineReason
import fieldline.engine.EntryKind
import fieldline.engine.KeptState
import fieldline.engine.NextStep
import fieldline.engine.PauseReason
import fieldline.engine.PhotoShows
import fieldline.engine.PhotoState
import fieldline.engine.Priority
import fieldline.engine.VisitPhase
import fieldline.engine.VisitResult
import fieldline.engine.Who
import fieldline.core.CardFate as CoreFate
import fieldline.core.CheckKind as CoreCheck
import fieldline.core.CodeSort as CoreSort
import fieldline.core.Completeness as CoreComplete
import fieldline.core.DeclineReason as CoreDecline
import fieldline.core.EntryKind as CoreEntry
import fieldline.core.KeptState as CoreKept
import fieldline.core.NextStep as CoreStep
import fieldline.core.PauseReason as CorePause
import fieldline.core.PhotoShows as CoreShows
import fieldline.core.PhotoState as CorePhoto
import fieldline.core.Priority as CorePriority
import fieldline.core.VisitPhase as CorePhase
import fieldline.core.VisitResult as CoreResult
import fieldline.core.Who as CoreWho

// Every case of the core's codes, so that the compiler asks when one is added.

internal fun CorePhase.here(): VisitPhase = when (this) {
    CorePhase.OFFERED -> VisitPhase.Offered
    CorePhase.ACCEPTED -> VisitPhase.Accepted
    CorePhase.DECLINED -> VisitPhase.Declined
    CorePhase.EN_ROUTE -> VisitPhase.EnRoute
    CorePhase.ARRIVED -> VisitPhase.Arrived
    CorePhase.WORKING -> VisitPhase.Working
    CorePhase.PAUSED -> VisitPhase.Paused
    CorePhase.DONE -> VisitPhase.Done
    CorePhase.TAKEN -> VisitPhase.Taken
    CorePhase.UNKNOWN -> VisitPhase.Unknown
}

internal fun CoreStep.here(): NextStep = when (this) {
    CoreStep.ACCEPT -> NextStep.Accept
    CoreStep.DECLINE -> NextStep.Decline
    CoreStep.DEPART -> NextStep.Depart
    CoreStep.ARRIVE -> NextStep.Arrive
    CoreStep.START -> NextStep.Start
    CoreStep.PAUSE -> NextStep.Pause
    CoreStep.RESUME -> NextStep.Resume
    CoreStep.FINISH -> NextStep.Finish
    CoreStep.COULD_NOT -> NextStep.CouldNot
}

internal fun CorePriority.here(): Priority = when (this) {
    CorePriority.LOW -> Priority.Low
    CorePriority.NORMAL -> Priority.Normal
    CorePriority.HIGH -> Priority.High
    CorePriority.CRITICAL -> Priority.Critical
}

internal fun CoreShows.here(): PhotoShows = when (this) {
    CoreShows.BEFORE -> PhotoShows.Before
    CoreShows.AFTER -> PhotoShows.After
    CoreShows.OTHER -> PhotoShows.Other
}

internal fun PhotoShows.toCore(): CoreShows = when (this) {
    PhotoShows.Before -> CoreShows.BEFORE
    PhotoShows.After -> CoreShows.AFTER
    PhotoShows.Other -> CoreShows.OTHER
}

internal fun CorePhoto.here(): PhotoState = when (this) {
    CorePhoto.WAITING -> PhotoState.Waiting
    CorePhoto.AT_HQ -> PhotoState.AtHq
    CorePhoto.REFUSED -> PhotoState.Refused
    CorePhoto.LOST -> PhotoState.Lost
    CorePhoto.ELSEWHERE -> PhotoState.Elsewhere
}

internal fun CoreKept.here(): KeptState = when (this) {
    CoreKept.RESERVED -> KeptState.Reserved
    CoreKept.IN_DOUBT -> KeptState.InDoubt
    CoreKept.REQUESTED -> KeptState.Requested
}

internal fun CoreCheck.here(): CheckKind = when (this) {
    CoreCheck.TICK -> CheckKind.Tick
    CoreCheck.READING -> CheckKind.Reading
    CoreCheck.PHOTO -> CheckKind.Photo
    CoreCheck.TEXT -> CheckKind.Text
    CoreCheck.UNKNOWN -> CheckKind.Unknown
}

internal fun CoreSort.here(): CodeSort = when (this) {
    CoreSort.FAULT -> CodeSort.Fault
    CoreSort.CAUSE -> CodeSort.Cause
    CoreSort.REMEDY -> CodeSort.Remedy
}

internal fun CodeSort.toCore(): CoreSort = when (this) {
    CodeSort.Fault -> CoreSort.FAULT
    CodeSort.Cause -> CoreSort.CAUSE
    CodeSort.Remedy -> CoreSort.REMEDY
}

internal fun CoreWho.here(): Who = when (this) {
    CoreWho.ME -> Who.Me
    CoreWho.COLLEAGUE -> Who.Colleague
    CoreWho.HQ -> Who.Hq
    CoreWho.CUSTOMER -> Who.Customer
    CoreWho.SERVER -> Who.Server
}

internal fun CoreFate.here(): CardFate = when (this) {
    CoreFate.OVERRULED -> CardFate.Overruled
    CoreFate.DISPLACED -> CardFate.Displaced
    CoreFate.REFUSED -> CardFate.Refused
}

internal fun CoreComplete.here(): Completeness = when (this) {
    CoreComplete.NEVER_SYNCED -> Completeness.NeverSynced
    CoreComplete.NOT_COUNTED -> Completeness.NotCounted
    CoreComplete.COMPLETE -> Completeness.Complete
    CoreComplete.INCOMPLETE -> Completeness.Incomplete
    CoreComplete.NOT_AS_COUNTED -> Completeness.NotAsCounted
    CoreComplete.NOT_RENEWED -> Completeness.NotRenewed
    CoreComplete.NOT_RENEWED_PARTLY -> Completeness.NotRenewedPartly
}

internal fun DeclineReason.toCore(): CoreDecline = when (this) {
    DeclineReason.NoTime -> CoreDecline.NO_TIME
    DeclineReason.Skill -> CoreDecline.SKILL
    DeclineReason.NoPart -> CoreDecline.NO_PART
    DeclineReason.TooFar -> CoreDecline.TOO_FAR
    DeclineReason.Ill -> CoreDecline.ILL
    DeclineReason.Other -> CoreDecline.OTHER
}

internal fun PauseReason.toCore(): CorePause = when (this) {
    PauseReason.Break -> CorePause.BREAK
    PauseReason.WaitingParts -> CorePause.WAITING_PARTS
    PauseReason.WaitingCustomer -> CorePause.WAITING_CUSTOMER
    PauseReason.NoAccess -> CorePause.NO_ACCESS
    PauseReason.Unsafe -> CorePause.UNSAFE
}

internal fun VisitResult.toCore(): CoreResult = when (this) {
    VisitResult.Fixed -> CoreResult.FIXED
    VisitResult.Partly -> CoreResult.PARTLY
    VisitResult.NoFaultFound -> CoreResult.NO_FAULT_FOUND
    VisitResult.CouldNot -> CoreResult.COULD_NOT
}

/** What a screen has no place of its own for is a line of the history. */
internal fun CoreEntry.here(): EntryKind = when (this) {
    CoreEntry.NOTE -> EntryKind.Note
    CoreEntry.USE_PART -> EntryKind.UsePart
    CoreEntry.REQUEST_PART -> EntryKind.RequestPart
    CoreEntry.TRANSFER_PART -> EntryKind.TransferPart
    CoreEntry.PHOTO -> EntryKind.Photo
    CoreEntry.SIGN -> EntryKind.Sign
    CoreEntry.ANSWER -> EntryKind.Answer
    CoreEntry.MESSAGE -> EntryKind.Message
    CoreEntry.URGE -> EntryKind.Urge
    CoreEntry.ACCEPT, CoreEntry.DECLINE, CoreEntry.DEPART, CoreEntry.ARRIVE, CoreEntry.START, CoreEntry.PAUSE, CoreEntry.RESUME,
    CoreEntry.FINISH, CoreEntry.ESTIMATE,
    -> EntryKind.Step
    CoreEntry.CREATE, CoreEntry.SET_FACTS, CoreEntry.TRIAGE, CoreEntry.OFFER, CoreEntry.REASSIGN, CoreEntry.RESCHEDULE,
    CoreEntry.CANCEL, CoreEntry.RESOLVE, CoreEntry.CLOSE, CoreEntry.REOPEN, CoreEntry.MERGE_INTO, CoreEntry.RULE, CoreEntry.WISH,
    CoreEntry.RATE, CoreEntry.PUBLISH, CoreEntry.WRITE_SECTION, CoreEntry.ATTACH, CoreEntry.DETACH, CoreEntry.ANNOTATE,
    CoreEntry.UNKNOWN,
    -> EntryKind.Other
}
