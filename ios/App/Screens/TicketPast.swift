import Design
import Engine
import Features
import SwiftUI
import Texts

/// How it ended.
struct DonePart: View {
    let done: CompletionCard
    let state: TicketState
    @Environment(\.moments) private var moments

    var body: some View {
        Part(word: .report) {
            Chip(symbol: "checkmark.circle", tone: .done) { Say(done.outcomeWords) }
            if !done.causeWords.isEmpty { Fact(word: .cause) { Say(done.causeWords) } }
            if !done.remedyWords.isEmpty { Fact(word: .remedy) { Say(done.remedyWords) } }
            if !done.text.isEmpty { Text(verbatim: done.text).type(.body) }
            if let worked = state.visit?.workedMs, worked > 0 {
                Fact(word: .workTime) { Text(verbatim: moments.length(worked)) }
            }
            if let signature = state.ticket.signature {
                Fact(word: .signed) { Text(verbatim: "\(signature.name) · \(moments.moment(signature.atMs))") }
            }
        }
    }
}

/// Parts that lie ready for this ticket, or were asked for.
struct KeptParts: View {
    let kept: [KeptPart]

    var body: some View {
        if !kept.isEmpty {
            Part(word: .keptParts) {
                ForEach(Array(kept.enumerated()), id: \.offset) { _, part in
                    HStack {
                        VStack(alignment: .leading) {
                            HStack(spacing: Size.small) {
                                Text(verbatim: part.number)
                                Say(part.name)
                                Text(verbatim: "× \(part.quantity)")
                            }
                            .type(.body)
                            Say(part.place).type(.small).quiet()
                        }
                        Spacer()
                        Chip(symbol: look(part.state).symbol, tone: look(part.state).tone) { Say(look(part.state).word) }
                    }
                    .accessibilityElement(children: .combine)
                }
            }
        }
    }

    private func look(_ state: KeptState) -> (symbol: String, tone: Tone, word: Word) {
        switch state {
        case .reserved: ("checkmark", .done, .reserved)
        case .inDoubt: ("exclamationmark.triangle", .warning, .inDoubt)
        case .requested: ("clock", .pending, .requested)
        }
    }
}

/// Everything that happened, newest first.
struct HistoryPart: View {
    let history: [HistoryLine]
    let pending: UInt32

    var body: some View {
        Part(word: .history) {
            ForEach(history, id: \.operation) { line in HistoryRow(line: line) }
            if pending > 0 { Say(.savedHereCount, pending).type(.small).foregroundStyle(Tone.pending.color) }
        }
    }
}

struct HistoryRow: View {
    let line: HistoryLine
    @Environment(\.lang) private var lang
    @Environment(\.moments) private var moments

    var body: some View {
        HStack(alignment: .firstTextBaseline, spacing: Size.inset) {
            Image(systemName: line.kind.symbol).quiet().accessibilityHidden(true)
            VStack(alignment: .leading, spacing: Size.small) {
                Text(verbatim: said).type(.body)
                if let when = line.when {
                    Text(
                        verbatim: when.startMs == when.endMs ? moments.moment(when.startMs) : moments.span(when.startMs, when.endMs)
                    )
                    .type(.small)
                }
                Text(verbatim: "\(line.byName.of(lang)) · \(moments.moment(line.atMs))").type(.small).quiet()
                mark
            }
        }
        .accessibilityElement(children: .combine)
    }

    private var said: String {
        let detail = line.detail.of(lang)
        return line.label.of(lang) + (detail.isEmpty ? "" : Word.colon.of(lang) + detail)
    }

    @ViewBuilder private var mark: some View {
        if let overruled = line.overruled {
            Chip(symbol: "arrow.triangle.branch", tone: .overruled) { Say(overruled.words) }
        } else if line.held {
            Chip(symbol: "lock", tone: .overruled) { Say(.heldAtHq) }
        } else if line.carried {
            Chip(symbol: "arrow.left.arrow.right", tone: .pending) { Say(.carriedHere) }
        } else if line.pending {
            Chip(symbol: "icloud", tone: .pending) { Say(.savedHere) }
        }
    }
}
