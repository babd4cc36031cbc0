import Design
import Engine
import Features
import SwiftUI
import Texts

/// The completion report: first the result, then the customer's signature.
struct ReportScreen: View {
    @State private var model: TicketModel
    @State private var draft = ReportDraft()
    @SceneStorage private var kept: Data
    @Environment(\.lang) private var lang
    private let beginning: String

    init(_ shell: Shell, ticket: String, text: String) {
        _model = State(initialValue: TicketModel(shell.engine, ticket: ticket))
        _kept = SceneStorage(wrappedValue: Data(), "report.\(ticket)")
        beginning = text
    }

    var body: some View {
        Frame(title: Word.report.of(lang)) {
            Show(loaded: model.state, again: model.read) { state in
                if let problem = model.tap.problem { ErrorNotice(problem: problem) }
                if let done = state.done {
                    DonePart(done: done, state: state)
                    if state.ticket.signature == nil { Sign(draft: $draft) } else { Say(.reportReady).type(.body).quiet() }
                } else {
                    Write(state: state, draft: $draft)
                }
                Summary(state: state)
            }
        } bottom: {
            if let state = model.state.value { bottom(state) }
        }
        .onAppear {
            draft = (try? JSONDecoder().decode(ReportDraft.self, from: kept)) ?? draft
            if draft.text.isEmpty { draft.text = beginning }
        }
        // Over a kill by the system, like every draft.
        .onChange(of: draft) { _, draft in kept = (try? JSONEncoder().encode(draft)) ?? Data() }
        .task { await model.follow() }
    }

    @ViewBuilder private func bottom(_ state: TicketState) -> some View {
        if state.done == nil {
            if VisitResult.offered(by: state.ticket.next).isEmpty {
                Notice("clock", .quiet) { Say(.finishLater) }
            } else {
                PrimaryButton(word: .finishVisit, symbol: "checkmark", enabled: draft.canFinish && !model.tap.busy) {
                    Task { _ = await model.finish(draft) }
                }
            }
        } else if state.ticket.signature == nil {
            PrimaryButton(word: .saveSignature, symbol: "pencil", enabled: draft.canSign && !model.tap.busy) {
                Task { if await model.sign(draft) { draft = ReportDraft() } }
            }
        }
    }
}

private struct Write: View {
    let state: TicketState
    @Binding var draft: ReportDraft

    var body: some View {
        Part(word: .result) {
            Choices(values: VisitResult.offered(by: state.ticket.next), chosen: draft.outcome) {
                draft.outcome = $0
            } label: {
                Say($0.word)
            }
        }
        if draft.outcome == nil || draft.asksForCodes {
            codes(.cause, state.beside.causeCodes, $draft.cause)
            codes(.remedy, state.beside.remedyCodes, $draft.remedy)
        }
        Part(word: .inWords) {
            TextBox(hint: draft.outcome == .couldNot ? .whyNotHint : .whatWasDone, text: $draft.text, lines: 3)
        }
    }

    @ViewBuilder private func codes(_ word: Word, _ codes: [CodeLine], _ chosen: Binding<String?>) -> some View {
        if !codes.isEmpty {
            Part(word: word) {
                Choices(values: codes.map(\.code), chosen: chosen.wrappedValue) { code in
                    chosen.wrappedValue = chosen.wrappedValue == code ? nil : code
                } label: { code in
                    if let line = codes.first(where: { $0.code == code }) { Say(line.words) }
                }
            }
        }
    }
}

private struct Sign: View {
    @Binding var draft: ReportDraft
    @Environment(\.lang) private var lang

    var body: some View {
        Part(word: .customerSigns) {
            TextBox(hint: .signerName, text: $draft.signer)
            SignaturePad(strokes: $draft.signature)
                .aspectRatio(Double(Strokes.width) / Double(Strokes.height), contentMode: .fit)
                .clipShape(.rect(cornerRadius: Size.corner))
                .overlay(RoundedRectangle(cornerRadius: Size.corner).stroke(Tone.line.color, lineWidth: 2))
                .accessibilityLabel(Text(verbatim: Word.signHere.of(lang)))
            if draft.signature.isDrawn { QuietButton(word: .signAgain) { draft.signature.clear() } }
        }
    }
}

/// What goes into the report by itself.
private struct Summary: View {
    let state: TicketState
    @Environment(\.lang) private var lang
    @Environment(\.moments) private var moments

    var body: some View {
        Part(word: .goesIn) {
            Fact(word: .checklist) { Say(.answered, state.answered, state.ticket.checklist.count) }
            Fact(word: .parts) {
                if state.partsUsed.isEmpty {
                    Say(.none)
                } else {
                    Text(verbatim: state.partsUsed.map { $0.detail.of(lang) }.joined(separator: "\n"))
                }
            }
            Fact(word: .photos) { Text(verbatim: String(state.ticket.photos.count)) }
            if let worked = state.visit?.workedMs, worked > 0 {
                Fact(word: .workTime) { Text(verbatim: moments.length(worked)) }
            }
        }
    }
}

extension VisitResult {
    var word: Word {
        switch self {
        case .fixed: .resultFixed
        case .partly: .resultPartly
        case .noFaultFound: .resultNoFault
        case .couldNot: .resultCouldNot
        }
    }
}
