import Design
import Engine
import Features
import SwiftUI
import Texts

/// Visits in order; the next one big.
struct TodayScreen: View {
    @State private var model: TodayModel
    @State private var scope = TicketScope.open
    @Environment(Shell.self) private var shell
    @Environment(\.lang) private var lang
    @Environment(\.moments) private var moments

    init(_ shell: Shell) { _model = State(initialValue: TodayModel(shell.engine)) }

    var body: some View {
        Frame(title: "\(Word.today.of(lang)) · \(moments.day(moments.nowMs))") {
            Show(loaded: model.state, again: model.read) { day in
                if day.enrolled { Day(day: day, model: model, scope: $scope) } else { NobodysPhone() }
            }
        }
        .task { await model.follow() }
        .onChange(of: scope) { _, scope in Task { await model.choose(scope) } }
        .refreshable { await shell.sync.sync() }
    }
}

/// This phone is nobody's yet.
struct NobodysPhone: View {
    var body: some View {
        VStack(spacing: Size.edge) {
            EmptyCard("lock", .notEnrolled, .notEnrolledHint)
            NavigationLink(value: Road.enrol) {
                Say(.enrolThisPhone).type(.title, .semibold)
                    .frame(maxWidth: .infinity, minHeight: Size.primary)
                    .foregroundStyle(Tone.accentInk.color)
                    .background(Tone.accent.color, in: .rect(cornerRadius: Size.corner))
            }
        }
    }
}

private struct Day: View {
    let day: TodayState
    let model: TodayModel
    @Binding var scope: TicketScope
    @Environment(Shell.self) private var shell
    @Environment(\.lang) private var lang

    var body: some View {
        Picker(selection: $scope) {
            Text(verbatim: Word.toDo.of(lang)).tag(TicketScope.open)
            Text(verbatim: Word.doneList.of(lang)).tag(TicketScope.done)
            Text(verbatim: Word.leftList.of(lang)).tag(TicketScope.gone)
        } label: {
            EmptyView()
        }
        .pickerStyle(.segmented)
        if day.revoked { RevokedNotice() } else if shell.sync.isOffline { OfflineNotice() }
        if let problem = model.tap.problem { ErrorNotice(problem: problem) }
        if day.isEmpty { Nothing(scope: day.scope) }
        if let front = day.front { FrontCard(line: front, model: model) }
        if day.front != nil, !day.rest.isEmpty {
            Say(.after).type(.body, .semibold).quiet().accessibilityAddTraits(.isHeader)
        }
        ForEach(day.rest, id: \.ticket) { line in
            NavigationLink(value: Road.ticket(line.ticket)) { TicketRow(line: line) }.buttonStyle(.plain)
            Divider()
        }
    }
}

private struct Nothing: View {
    let scope: TicketScope

    var body: some View {
        switch scope {
        case .open, .all: EmptyCard("checkmark", .nothingToDo, .nothingToDoHint)
        case .done: EmptyCard("list.bullet", .nothingDone, .nothingDoneHint)
        case .gone: EmptyCard("list.bullet", .nothingLeftHere, .nothingLeftHereHint)
        }
    }
}

/// The visit that counts now: when, who, where, what, and the one next step.
private struct FrontCard: View {
    let line: TicketLine
    let model: TodayModel
    @Environment(\.moments) private var moments
    @Environment(\.lang) private var lang

    var body: some View {
        VStack(alignment: .leading, spacing: Size.inset) {
            NavigationLink(value: Road.ticket(line.ticket)) {
                VStack(alignment: .leading, spacing: Size.gap) {
                    Marks(line: line)
                    Text(verbatim: line.plan(moments, lang)).type(.big, .semibold)
                    Say(line.customer).type(.title, .semibold)
                    Text(verbatim: line.faultSaid(lang)).type(.body)
                    HStack(alignment: .firstTextBaseline) {
                        Image(systemName: "mappin").accessibilityHidden(true)
                        Say(line.address).type(.body)
                    }
                    .quiet()
                }
                .frame(maxWidth: .infinity, alignment: .leading)
                .contentShape(.rect)
            }
            .buttonStyle(.plain)
            if let step = line.phase?.oneTap {
                PrimaryButton(word: step.word, symbol: step.symbol, enabled: !model.tap.busy) {
                    Task { await model.step(step, on: line) }
                }
            }
        }
        .padding(Size.edge)
        .background(Tone.mist.color, in: .rect(cornerRadius: Size.corner))
        .overlay(RoundedRectangle(cornerRadius: Size.corner).stroke(Tone.accent.color, lineWidth: 2))
    }
}

/// One of the others.
private struct TicketRow: View {
    let line: TicketLine
    @Environment(\.moments) private var moments
    @Environment(\.lang) private var lang

    var body: some View {
        VStack(alignment: .leading, spacing: Size.small) {
            Text(verbatim: line.plan(moments, lang)).type(.body, .semibold)
            Say(line.customer).type(.body).lineLimit(2)
            Text(verbatim: line.faultSaid(lang)).type(.small).quiet().lineLimit(2)
            Marks(line: line)
        }
        .frame(maxWidth: .infinity, minHeight: Size.primary, alignment: .leading)
        .contentShape(.rect)
        .accessibilityElement(children: .combine)
    }
}

/// Phase, urgency, time left, what is not at HQ, number: each an icon with its word.
private struct Marks: View {
    let line: TicketLine
    @Environment(\.moments) private var moments

    var body: some View {
        Flow {
            if let phase = line.phase, let words = line.phaseWords {
                Chip(symbol: phase.look.symbol, tone: phase.look.tone) { Say(words) }
            }
            if line.vip { Chip(symbol: "star", tone: .overruled) { Say(.vip) } }
            if line.priority == .critical { Chip(symbol: "exclamationmark.triangle", tone: .breach) { Say(.critical) } }
            if line.priority == .high { Chip(symbol: "exclamationmark.triangle", tone: .warning) { Say(.high) } }
            if line.urges > 0 { Chip(symbol: "bell", tone: .warning) { Say(.urged, line.urges) } }
            if let deadline = line.deadlineMs, line.phase != .done { deadlineChip(deadline - moments.nowMs) }
            if line.pending > 0 { Chip(symbol: "icloud", tone: .pending) { Say(.notAtHq, line.pending) } }
            if line.stuck { Chip(symbol: "arrow.clockwise", tone: .warning) { Say(.fetchedAgain) } }
            Text(verbatim: line.number).type(.small).quiet()
        }
    }

    /// Over is red and says so; two hours before it an engineer can still do something about it.
    private func deadlineChip(_ leftMs: Int64) -> some View {
        let length = moments.length(leftMs)
        return Chip(symbol: "clock", tone: leftMs < 0 ? .breach : leftMs < 7_200_000 ? .warning : .quiet) {
            if leftMs < 0 { Say(.overdue, length) } else { Say(.timeLeft, length) }
        }
    }
}

extension TicketLine {
    func plan(_ moments: Moments, _ lang: Lang) -> String {
        planStartMs.map { moments.span($0, planEndMs) } ?? Word.noTimeYet.of(lang)
    }

    func faultSaid(_ lang: Lang) -> String {
        [fault.of(lang), faultText].first { !$0.isEmpty } ?? Word.faultUnknown.of(lang)
    }
}
