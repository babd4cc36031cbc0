package fieldline.ticket

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import fieldline.design.BadgeState
import fieldline.design.BottomBar
import fieldline.design.Choices
import fieldline.design.ErrorNotice
import fieldline.design.Fact
import fieldline.design.Fieldline
import fieldline.design.Frame
import fieldline.design.Glyph
import fieldline.design.Hint
import fieldline.design.Notice
import fieldline.design.Part
import fieldline.design.PrimaryButton
import fieldline.design.QuietButton
import fieldline.design.Scroll
import fieldline.design.Show
import fieldline.design.Space
import fieldline.design.TextBox
import fieldline.design.When
import fieldline.design.Word
import fieldline.design.say
import fieldline.engine.Code
import fieldline.engine.EntryKind
import fieldline.engine.Loaded
import fieldline.engine.NextStep
import fieldline.engine.VisitResult

/** What a person can do on the report. */
interface ReportTaps {
    fun back()

    fun truth()

    fun again()

    fun change(draft: ReportDraft)

    fun draw(point: Point, begins: Boolean)

    fun finish()

    fun sign()

    fun pdf()
}

/** The completion report: first the result, then the customer's signature, then the paper. */
@Composable
fun ReportScreen(state: Loaded<TicketState>, draft: ReportDraft, badge: BadgeState, taps: ReportTaps) {
    val here = (state as? Loaded.Here)?.value
    Frame(say(Word.Report), badge, taps::truth, taps::back, bottom = here?.let { { Bottom(it, draft, taps) } }) {
        Show(state, taps::again) { ticket ->
            Scroll {
                ticket.failure?.let { ErrorNotice(it) }
                if (ticket.ticket.done == null) Write(ticket, draft, taps) else Sign(ticket, draft, taps)
            }
        }
    }
}

@Composable
private fun Bottom(state: TicketState, draft: ReportDraft, taps: ReportTaps) = BottomBar {
    val ticket = state.ticket
    when {
        ticket.done == null && canFinish(state) ->
            PrimaryButton(say(Word.FinishVisit), Glyph.Tick, Modifier.fillMaxWidth(), draft.canFinish && !state.busy) { taps.finish() }
        ticket.done == null -> Notice(Glyph.Clock, say(Word.FinishLater), Fieldline.colours.quiet)
        ticket.signature == null ->
            PrimaryButton(say(Word.SaveSignature), Glyph.Pen, Modifier.fillMaxWidth(), draft.canSign && !state.busy) { taps.sign() }
        else -> PrimaryButton(say(Word.ShowPdf), Glyph.Doc, Modifier.fillMaxWidth()) { taps.pdf() }
    }
}

private fun canFinish(state: TicketState) = state.ticket.next.any { it == NextStep.Finish || it == NextStep.CouldNot }

@Composable
private fun Write(state: TicketState, draft: ReportDraft, taps: ReportTaps) {
    val onlyCouldNot = NextStep.Finish !in state.ticket.next && NextStep.CouldNot in state.ticket.next
    val results = if (onlyCouldNot) listOf(VisitResult.CouldNot) else VisitResult.entries
    Part(say(Word.Result)) {
        Choices(results, draft.result, { say(resultWord(it)) }) { taps.change(draft.copy(result = it)) }
    }
    if (draft.result != VisitResult.CouldNot && draft.result != VisitResult.NoFaultFound) {
        Codes(Word.Cause, state.causeCodes, draft.cause) { taps.change(draft.copy(cause = it)) }
        Codes(Word.Remedy, state.remedyCodes, draft.remedy) { taps.change(draft.copy(remedy = it)) }
    }
    Part(say(Word.InWords)) {
        val hint = if (draft.result == VisitResult.CouldNot) Word.WhyNotHint else Word.WhatWasDone
        TextBox("", draft.text, lines = 3, hint = say(hint)) { taps.change(draft.copy(text = it)) }
    }
    Summary(state)
}

@Composable
private fun Codes(word: Word, codes: List<Code>, chosen: String?, onChoose: (String?) -> Unit) {
    if (codes.isEmpty()) return
    Part(say(word)) {
        Choices(codes, codes.firstOrNull { it.code == chosen }, { say(it.words) }) { onChoose(if (it.code == chosen) null else it.code) }
    }
}

/** What goes into the report by itself. */
@Composable
private fun Summary(state: TicketState) = Part(say(Word.GoesIn)) {
    val ticket = state.ticket
    val used = ticket.entries.filter { it.kind == EntryKind.UsePart }
    Fact(say(Word.Checklist), say(Word.Answered, state.answered, ticket.checklist.size))
    Fact(say(Word.Parts), if (used.isEmpty()) say(Word.None) else used.map { say(it.detail) }.joinToString("\n"))
    Fact(say(Word.Photos), ticket.photos.size.toString())
    if (ticket.workedMs > 0) Fact(say(Word.WorkTime), When.length(ticket.workedMs, Fieldline.lang))
}

@Composable
private fun Sign(state: TicketState, draft: ReportDraft, taps: ReportTaps) {
    DonePart(state.ticket)
    if (state.ticket.signature == null) {
        Part(say(Word.CustomerSigns)) {
            Column(verticalArrangement = Arrangement.spacedBy(Space.m)) {
                TextBox(say(Word.SignerName), draft.name) { taps.change(draft.copy(name = it)) }
                SignaturePad(draft.strokes, !state.busy, taps::draw)
                Row(Modifier.fillMaxWidth(), Arrangement.End) {
                    QuietButton(say(Word.SignAgain), enabled = draft.strokes.isNotEmpty()) { taps.change(draft.copy(strokes = emptyList())) }
                }
            }
        }
    } else {
        Hint(say(if (state.noPaper) Word.NoPaper else Word.ReportReady))
    }
    Summary(state)
}

private fun resultWord(result: VisitResult) = when (result) {
    VisitResult.Fixed -> Word.ResultFixed
    VisitResult.Partly -> Word.ResultPartly
    VisitResult.NoFaultFound -> Word.ResultNoFault
    VisitResult.CouldNot -> Word.ResultCouldNot
}
