import Design
import Engine
import Features
import SwiftUI
import Texts

/// One ticket. The big button at the bottom is always the next step.
struct TicketScreen: View {
    @State private var model: TicketModel
    @State private var report: Road?
    @Environment(\.lang) private var lang
    @Environment(\.dismiss) private var dismiss

    init(_ shell: Shell, ticket: String) {
        let receiver = shell.receiver
        _model = State(initialValue: TicketModel(shell.engine, ticket: ticket) { await receiver.whereNow() })
    }

    var body: some View {
        Frame(title: model.state.value?.ticket.number ?? Word.ticket.of(lang)) {
            Show(loaded: model.state, again: model.read) { TicketBody(state: $0, model: model) }
        } bottom: {
            if let state = model.state.value { StepBar(state: state, model: model, report: $report) }
        }
        .task { await model.follow() }
        .navigationDestination(item: $report) { road in
            if case .report(let ticket, let text) = road { ReportDestination(ticket: ticket, text: text) }
        }
        .sheet(isPresented: asks(.pause)) { PauseSheet(model: model) }
        .sheet(isPresented: asks(.decline)) { DeclineSheet(model: model) { dismiss() } }
    }

    private func asks(_ question: Step.Question) -> Binding<Bool> {
        Binding {
            model.question == question
        } set: {
            if !$0 { model.leaveQuestion() }
        }
    }
}

private struct ReportDestination: View {
    let ticket: String
    let text: String
    @Environment(Shell.self) private var shell

    var body: some View { ReportScreen(shell, ticket: ticket, text: text) }
}

/// Fixed at the bottom: where the visit stands, and what follows.
private struct StepBar: View {
    let state: TicketState
    let model: TicketModel
    @Binding var report: Road?
    @Environment(\.dynamicTypeSize) private var typeSize

    var body: some View {
        if let words = state.ticket.goneWords {
            Notice(symbol: "lock", tone: .quiet, title: { Say(words) }, content: { Say(.readOnly) })
        } else {
            HStack {
                if let visit = state.visit {
                    Chip(symbol: visit.phase.look.symbol, tone: visit.phase.look.tone) { Say(visit.phaseWords) }
                }
                if state.ticket.next.isEmpty { Say(.nothingLeft).type(.small).quiet() }
                Spacer()
            }
            if let first = state.ticket.next.first {
                let rest = state.ticket.next.dropFirst()
                // With large type the buttons stand one above the other.
                let layout =
                    typeSize.isAccessibilitySize
                    ? AnyLayout(VStackLayout(spacing: Size.gap)) : AnyLayout(HStackLayout(spacing: Size.gap))
                layout {
                    ForEach(rest, id: \.self) { step in
                        QuietButton(word: step.word, enabled: !model.tap.busy) { tap(step) }
                    }
                    PrimaryButton(word: first.word, symbol: first.symbol, enabled: !model.tap.busy) { tap(first) }
                }
            }
        }
    }

    private func tap(_ step: NextStep) {
        Task { if await model.step(step) { report = .report(model.ticket, text: "") } }
    }
}

/// Why work rests: one tap, and it rests.
private struct PauseSheet: View {
    let model: TicketModel

    var body: some View {
        Sheet(title: .whyPause) {
            ForEach(PauseReason.offered, id: \.word) { reason in
                QuietButton(word: reason.word, wide: true, enabled: !model.tap.busy) { Task { await model.pause(reason) } }
            }
        }
    }
}

/// Why not: HQ gives the visit to somebody else, so this asks before it is saved.
private struct DeclineSheet: View {
    let model: TicketModel
    let declined: () -> Void
    @State private var other = false
    @State private var text = ""

    var body: some View {
        Sheet(title: .whyDecline) {
            Say(.whyDeclineHint).type(.body).quiet()
            if other {
                TextBox(hint: .inYourWords, text: $text, lines: 3)
                PrimaryButton(word: .decline, enabled: !model.tap.busy && !text.trimmingCharacters(in: .whitespaces).isEmpty) {
                    decline(.other)
                }
            } else {
                ForEach(DeclineReason.offered, id: \.word) { reason in
                    QuietButton(word: reason.word, wide: true, enabled: !model.tap.busy) {
                        if reason == .other { other = true } else { decline(reason) }
                    }
                }
            }
        }
    }

    private func decline(_ reason: DeclineReason) {
        Task { if await model.decline(reason, text: text) { declined() } }
    }
}

extension PauseReason {
    static let offered: [PauseReason] = [.break, .waitingParts, .waitingCustomer, .noAccess, .unsafe]

    var word: Word {
        switch self {
        case .break: .pauseBreak
        case .waitingParts: .pauseParts
        case .waitingCustomer: .pauseCustomer
        case .noAccess: .pauseNoAccess
        case .unsafe: .pauseUnsafe
        }
    }
}

extension DeclineReason {
    static let offered: [DeclineReason] = [.noTime, .skill, .noPart, .tooFar, .ill, .other]

    var word: Word {
        switch self {
        case .noTime: .declineNoTime
        case .skill: .declineSkill
        case .noPart: .declineNoPart
        case .tooFar: .declineTooFar
        case .ill: .declineIll
        case .other: .declineOther
        }
    }
}
