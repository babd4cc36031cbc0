import Design
import Engine
import Features
import SwiftUI
import Texts
import UIKit

/// What is saved here, what HQ has, what did not become what he meant, what waits and why.
struct WorkScreen: View {
    @State private var model: TruthModel
    @Environment(Shell.self) private var shell
    @Environment(\.lang) private var lang
    @Environment(\.dismiss) private var dismiss

    init(_ shell: Shell) { _model = State(initialValue: TruthModel(shell.engine)) }

    var body: some View {
        Frame(title: Word.truth.of(lang), hasBadge: false) {
            Show(loaded: model.state, again: model.read) { truth in
                if truth.revoked { RevokedNotice() }
                if truth.mustEnrol, !truth.revoked {
                    Notice(symbol: "lock", tone: .breach, title: { Say(.mustEnrol) }, content: { Say(.mustEnrolHint) })
                }
                if case .no(let problem) = shell.sync.reached { reached(problem) }
                if let problem = model.tap.problem { ErrorNotice(problem: problem) }
                ForEach(truth.notices, id: \.code) { notice in Notice("exclamationmark.triangle", .warning) { Say(notice.words) } }
                Counts(truth: truth)
                Whole(truth: truth)
                Cards(truth: truth, model: model)
                Lost(truth: truth)
                Waiting(truth: truth)
            }
        } bottom: {
            let trying = shell.sync.reached == .trying
            PrimaryButton(word: trying ? .syncing : .syncNow, symbol: "arrow.triangle.2.circlepath", enabled: !trying) {
                Task { await shell.sync.sync() }
            }
        }
        .toolbar { ToolbarItem(placement: .cancellationAction) { QuietButton(word: .back) { dismiss() } } }
        .task { await model.follow() }
    }

    /// Nobody answered: normal. Anything else is told with its words.
    @ViewBuilder private func reached(_ problem: Problem) -> some View {
        if problem.isOffline { OfflineNotice() } else { ErrorNotice(problem: problem) }
    }
}

/// The four figures of the promise, and what else there is.
private struct Counts: View {
    let truth: TruthScreen

    var body: some View {
        VStack(spacing: Size.gap) {
            row("iphone", .countHere, truth.unsent, .pending)
            row("checkmark", .countHq, truth.atHq, .done)
            row("arrow.triangle.branch", .countOverruled, truth.overruled, .overruled)
            row("xmark", .countRefused, truth.refused, .refused)
            if truth.heldAtHq > 0 { row("lock", .countHeld, truth.heldAtHq, .overruled) }
            if truth.carried > 0 { row("arrow.left.arrow.right", .countCarried, truth.carried, .pending) }
            if truth.photosWaiting > 0 { row("camera", .countPhotos, truth.photosWaiting, .pending) }
        }
        .padding(Size.inset)
        .background(Tone.mist.color, in: .rect(cornerRadius: Size.corner))
    }

    private func row(_ symbol: String, _ word: Word, _ many: UInt64, _ tone: Tone) -> some View {
        HStack(spacing: Size.inset) {
            Image(systemName: symbol).accessibilityHidden(true)
            Say(word).type(.body).foregroundStyle(Tone.ink.color)
            Spacer()
            Text(verbatim: String(many)).type(.title, .semibold)
        }
        .foregroundStyle(many == 0 ? Tone.quiet.color : tone.color)
        .accessibilityElement(children: .combine)
    }
}

/// `42 of 42 jobs complete as of 08:03`.
private struct Whole: View {
    let truth: TruthScreen
    @Environment(\.lang) private var lang
    @Environment(\.moments) private var moments

    var body: some View {
        Text(verbatim: said).type(.body, .semibold)
        if let last = truth.lastSyncMs {
            Say(.lastSync, moments.moment(last)).type(.small).quiet()
        } else {
            Say(.neverSynced).type(.small).quiet()
        }
    }

    private var said: String {
        let asOf = truth.asOfMs.map(moments.moment) ?? ""
        let (here, expected) = (truth.documents, truth.expected ?? 0)
        return switch truth.completeness {
        case .complete: Word.allHere.of(lang, here, expected, asOf)
        case .incomplete: Word.someHere.of(lang, here, expected, asOf)
        case .notAsCounted: Word.notAsCounted.of(lang, here, asOf)
        case .notCounted: Word.notCounted.of(lang, here)
        case .neverSynced: Word.nothingFetched.of(lang)
        case .notRenewed, .notRenewedPartly: Word.notRenewed.of(lang, here)
        }
    }
}

private struct Cards: View {
    let truth: TruthScreen
    let model: TruthModel

    var body: some View {
        if !truth.cards.isEmpty {
            Part(word: .notAsMeant) {
                ForEach(truth.cards, id: \.operation) { card in CardPanel(card: card, model: model) }
            }
        }
    }
}

/// What he did, in his own words, why it did not count, and what he can do.
private struct CardPanel: View {
    let card: TruthCard
    let model: TruthModel
    @State private var copied = false
    @Environment(\.lang) private var lang
    @Environment(\.moments) private var moments

    var body: some View {
        let refused = card.fate == .refused
        let tone: Tone = refused ? .refused : .overruled
        VStack(alignment: .leading, spacing: Size.gap) {
            Chip(symbol: refused ? "xmark" : "arrow.triangle.branch", tone: tone) { Say(refused ? .refused : .overruled) }
            Text(verbatim: [card.number, card.label.of(lang)].filter { !$0.isEmpty }.joined(separator: " · ")).type(
                .body, .semibold)
            if !card.ownWords.isEmpty { Say(.quoted, card.ownWords).type(.body) }
            Say(.because, card.why.words.of(lang)).type(.body)
            Text(verbatim: moments.moment(card.atMs)).type(.small).quiet()
            Flow {
                if let again = card.again {
                    NavigationLink(value: refused ? again.road : Road.ticket(card.ticket ?? "")) {
                        Say(refused ? .doAgain : .openTicket).type(.body, .medium).frame(minHeight: Size.touchMin)
                    }
                }
                if !card.ownWords.isEmpty {
                    QuietButton(word: copied ? .copyOf : .keepCopy) {
                        UIPasteboard.general.string = card.copy(lang)
                        copied = true
                    }
                }
                QuietButton(word: .putAway, enabled: !model.tap.busy) { Task { await model.dismiss(card.operation) } }
            }
        }
        .padding(Size.inset)
        .frame(maxWidth: .infinity, alignment: .leading)
        .overlay(RoundedRectangle(cornerRadius: Size.corner).stroke(tone.color, lineWidth: 2))
    }
}

private struct Lost: View {
    let truth: TruthScreen
    @Environment(\.lang) private var lang
    @Environment(\.moments) private var moments

    var body: some View {
        if !truth.missing.isEmpty || truth.missingUnnamed > 0 || !truth.photosLost.isEmpty {
            Part(word: .goneHere) {
                Notice("exclamationmark.triangle", .breach) { Say(.goneHereHint) }
                if truth.missingUnnamed > 0 { Say(.goneUnnamed, truth.missingUnnamed).type(.body) }
                ForEach(truth.missing, id: \.operation) { line in
                    Told(number: line.number, what: line.label.of(lang), at: moments.moment(line.savedAtMs), why: "")
                }
                ForEach(truth.photosLost, id: \.operation) { photo in
                    Told(
                        number: photo.number, what: photo.caption, at: moments.moment(photo.savedAtMs), why: Word.photoLost.of(lang)
                    )
                }
            }
        }
    }
}

private struct Waiting: View {
    let truth: TruthScreen
    @Environment(\.lang) private var lang
    @Environment(\.moments) private var moments

    var body: some View {
        Part(word: .waitsHere) {
            if truth.waiting.isEmpty { Say(.nothingWaits).type(.small).quiet() }
            ForEach(truth.waiting, id: \.operation) { line in
                Told(
                    number: line.number, what: line.label.of(lang), at: moments.moment(line.savedAtMs), why: line.whyWords.of(lang))
            }
        }
    }
}

private struct Told: View {
    let number: String
    let what: String
    let at: String
    let why: String

    var body: some View {
        VStack(alignment: .leading) {
            Text(verbatim: [number, what].filter { !$0.isEmpty }.joined(separator: " · ")).type(.body)
            Text(verbatim: [at, why].filter { !$0.isEmpty }.joined(separator: " · ")).type(.small).quiet()
        }
        .accessibilityElement(children: .combine)
    }
}

extension TruthCard.Again {
    fileprivate var road: Road {
        switch self {
        case .ticket(let ticket): .ticket(ticket)
        case .note(let ticket, let text): .notes(ticket, draft: text)
        case .checklist(let ticket): .checklist(ticket)
        case .parts(let ticket): .parts(ticket)
        case .photos(let ticket): .photos(ticket)
        case .report(let ticket, let text): .report(ticket, text: text)
        }
    }
}
