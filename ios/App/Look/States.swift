import Design
import Engine
import Features
import SwiftUI
import Texts

/// Nothing to show: says what to do next.
struct EmptyCard<Title: View, Hint: View>: View {
    let symbol: String
    var action: Word?
    var onAction: () -> Void = {}
    @ViewBuilder let title: Title
    @ViewBuilder let hint: Hint

    var body: some View {
        VStack(spacing: Size.inset) {
            Image(systemName: symbol).font(.system(size: 40)).quiet().accessibilityHidden(true)
            title.type(.title, .semibold)
            hint.type(.body).quiet()
            if let action { QuietButton(word: action, action: onAction) }
        }
        .multilineTextAlignment(.center)
        .padding(Size.wide)
        .frame(maxWidth: .infinity)
    }
}

extension EmptyCard where Title == Say, Hint == Say {
    init(_ symbol: String, _ title: Word, _ hint: Word, action: Word? = nil, onAction: @escaping () -> Void = {}) {
        self.init(symbol: symbol, action: action, onAction: onAction, title: { Say(title) }, hint: { Say(hint) })
    }
}

/// Something to know that is no alarm, or something to do.
struct Notice<Title: View, Content: View>: View {
    let symbol: String
    let tone: Tone
    @ViewBuilder let title: Title
    @ViewBuilder let content: Content

    var body: some View {
        HStack(alignment: .top, spacing: Size.gap) {
            Image(systemName: symbol).foregroundStyle(tone.color).accessibilityHidden(true)
            VStack(alignment: .leading, spacing: Size.small) {
                title.type(.body, .semibold).foregroundStyle(tone.color)
                content.type(.small)
            }
            .frame(maxWidth: .infinity, alignment: .leading)
        }
        .padding(Size.inset)
        .background(tone.ground.color, in: .rect(cornerRadius: Size.corner))
        .accessibilityElement(children: .combine)
    }
}

extension Notice where Title == EmptyView {
    init(_ symbol: String, _ tone: Tone, @ViewBuilder content: () -> Content) {
        self.init(symbol: symbol, tone: tone, title: { EmptyView() }, content: content)
    }
}

/// Offline is normal: small and steady.
struct OfflineNotice: View {
    var body: some View { Notice("icloud.slash", .pending) { Say(.offlineHint) } }
}

/// What happened, what is safe.
struct ErrorNotice: View {
    let problem: Problem

    var body: some View {
        Notice(symbol: "exclamationmark.triangle", tone: .breach, title: { Say(problem.words) }, content: { Say(.workIsSafe) })
    }
}

/// HQ took this phone's right away: the work stays, and this says what becomes of it.
struct RevokedNotice: View {
    var body: some View {
        Notice(symbol: "lock", tone: .breach, title: { Say(.revoked) }, content: { Say(.revokedHint) })
    }
}

/// What is read from this phone: there within a moment, so a sentence and no spinner stands for the moment.
struct Show<Value: Sendable, Content: View>: View {
    let loaded: Loaded<Value>
    let again: () async -> Void
    @ViewBuilder let content: (Value) -> Content

    var body: some View {
        switch loaded {
        case .not:
            EmptyCard("clock", .reading, .readingHint)
        case .failed(let problem):
            EmptyCard(
                symbol: "exclamationmark.triangle", action: .tryAgain, onAction: { Task { await again() } },
                title: { Say(problem.words) }, hint: { Say(.workIsSafe) })
        case .here(let value):
            content(value)
        }
    }
}
