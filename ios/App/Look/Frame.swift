import Design
import Engine
import Features
import SwiftUI
import Texts

/// One scrolling column, no wider than reads well, with what stands fixed at the bottom. The badge is on every screen: how much is
/// saved here and not at HQ is never a tap away.
struct Frame<Content: View, Bottom: View>: View {
    @Environment(Shell.self) private var shell
    @Environment(\.lang) private var lang
    let title: String
    var hasBadge = true
    @ViewBuilder let content: Content
    @ViewBuilder let bottom: Bottom

    var body: some View {
        ScrollView {
            VStack(alignment: .leading, spacing: Size.inset) { content }
                .padding(Size.edge)
                .frame(maxWidth: Frame.columnMax)
                .frame(maxWidth: .infinity)
        }
        .background(Tone.paper.color)
        .foregroundStyle(Tone.ink.color)
        .scrollDismissesKeyboard(.interactively)
        .safeAreaInset(edge: .bottom, spacing: 0) {
            if Bottom.self != EmptyView.self {
                VStack(spacing: Size.gap) { bottom }
                    .padding(.horizontal, Size.edge)
                    .padding(.vertical, Size.inset)
                    .frame(maxWidth: Frame.columnMax)
                    .frame(maxWidth: .infinity)
                    .background(Tone.paper.color)
                    .overlay(alignment: .top) { Rectangle().fill(Tone.line.color).frame(height: 1) }
            }
        }
        .navigationTitle(Text(verbatim: title))
        .navigationBarTitleDisplayMode(.inline)
        .toolbar { if hasBadge { ToolbarItem(placement: .topBarTrailing) { Badge(sync: shell.sync) } } }
    }

    private static var columnMax: Double { 640 }
}

extension Frame where Bottom == EmptyView {
    init(title: String, hasBadge: Bool = true, @ViewBuilder content: () -> Content) {
        self.init(title: title, hasBadge: hasBadge, content: content, bottom: { EmptyView() })
    }
}

/// How many operations are saved here and not at HQ; a tap opens the truth screen. Steady, never an alarm.
struct Badge: View {
    @Environment(Shell.self) private var shell
    @Environment(\.lang) private var lang
    let sync: SyncModel

    var body: some View {
        Button {
            shell.showsTruth = true
        } label: {
            HStack(spacing: Size.small) {
                Image(systemName: sync.attention > 0 ? "exclamationmark.triangle" : sync.isOffline ? "icloud.slash" : "icloud")
                Text(verbatim: sync.attention > 0 ? String(sync.attention) : String(sync.unsent))
            }
            .type(.body, .semibold)
            .foregroundStyle(tone.color)
            .padding(.horizontal, Size.inset)
            .frame(minWidth: Size.touchMin, minHeight: Size.touchMin)
        }
        .accessibilityLabel(Text(verbatim: said))
    }

    private var tone: Tone { sync.attention > 0 ? .overruled : sync.unsent > 0 ? .pending : .quiet }

    private var said: String {
        sync.attention > 0 ? Word.badgeAttention.of(lang, sync.attention) : Word.badgePending.of(lang, sync.unsent)
    }
}
