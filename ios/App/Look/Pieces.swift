import Design
import Engine
import SwiftUI
import Texts

/// The one thing a screen is about: high, wide, within the thumb's reach.
struct PrimaryButton: View {
    let word: Word
    var symbol: String?
    var enabled = true
    let action: () -> Void

    var body: some View {
        Button(action: action) {
            HStack(spacing: Size.gap) {
                if let symbol { Image(systemName: symbol).accessibilityHidden(true) }
                Say(word).type(.title, .semibold)
            }
            .frame(maxWidth: .infinity, minHeight: Size.primary)
            .foregroundStyle(enabled ? Tone.accentInk.color : Tone.quiet.color)
            .background(enabled ? Tone.accent.color : Tone.line.color, in: .rect(cornerRadius: Size.corner))
        }
        .buttonStyle(.plain)
        .disabled(!enabled)
    }
}

/// Everything else a screen offers.
struct QuietButton: View {
    let word: Word
    var symbol: String?
    var wide = false
    var enabled = true
    let action: () -> Void

    var body: some View {
        Button(action: action) {
            HStack(spacing: Size.small) {
                if let symbol { Image(systemName: symbol).accessibilityHidden(true) }
                Say(word).type(.body, .medium)
            }
            .padding(.horizontal, Size.inset)
            .frame(maxWidth: wide ? .infinity : nil, minHeight: Size.touchMin)
            .foregroundStyle(enabled ? Tone.accent.color : Tone.quiet.color)
            .overlay(RoundedRectangle(cornerRadius: Size.corner).stroke(Tone.line.color))
            .contentShape(.rect)
        }
        .buttonStyle(.plain)
        .disabled(!enabled)
    }
}

/// Icon, word and colour together; colour never stands alone.
struct Chip<Label: View>: View {
    let symbol: String
    let tone: Tone
    @ViewBuilder let label: Label

    var body: some View {
        HStack(spacing: Size.small) {
            Image(systemName: symbol).accessibilityHidden(true)
            label
        }
        .type(.small, .medium)
        .foregroundStyle(tone.color)
        .padding(.horizontal, Size.gap)
        .padding(.vertical, Size.small)
        .background(tone.ground.color, in: .rect(cornerRadius: Size.corner))
        .accessibilityElement(children: .combine)
    }
}

/// A name and what it is.
struct Fact<Value: View>: View {
    let word: Word
    @ViewBuilder let value: Value

    var body: some View {
        HStack(alignment: .firstTextBaseline, spacing: Size.inset) {
            Say(word).type(.small).quiet()
            value.type(.body).frame(maxWidth: .infinity, alignment: .leading)
        }
        .accessibilityElement(children: .combine)
    }
}

/// A part of a screen under its name.
struct Part<Content: View>: View {
    let word: Word
    @ViewBuilder let content: Content

    var body: some View {
        VStack(alignment: .leading, spacing: Size.gap) {
            Say(word).type(.small, .semibold).quiet().accessibilityAddTraits(.isHeader)
            content
        }
        .frame(maxWidth: .infinity, alignment: .leading)
        .padding(.bottom, Size.edge)
    }
}

/// Chips or words side by side, broken into lines where they find no room.
struct Flow: Layout {
    var spacing = Size.gap

    func sizeThatFits(proposal: ProposedViewSize, subviews: Subviews, cache: inout ()) -> CGSize {
        let rows = rows(subviews, proposal.width ?? .infinity)
        return CGSize(
            width: rows.map(\.width).max() ?? 0,
            height: rows.map(\.height).reduce(0, +) + spacing * Double(max(rows.count - 1, 0)))
    }

    func placeSubviews(in bounds: CGRect, proposal: ProposedViewSize, subviews: Subviews, cache: inout ()) {
        var y = bounds.minY
        for row in rows(subviews, bounds.width) {
            var x = bounds.minX
            for index in row.members {
                let size = subviews[index].sizeThatFits(ProposedViewSize(width: bounds.width, height: nil))
                subviews[index].place(at: CGPoint(x: x, y: y), proposal: ProposedViewSize(size))
                x += size.width + spacing
            }
            y += row.height + spacing
        }
    }

    private struct Line {
        var members: [Int] = []
        var width = 0.0
        var height = 0.0
    }

    private func rows(_ subviews: Subviews, _ width: Double) -> [Line] {
        var lines = [Line()]
        for index in subviews.indices {
            let size = subviews[index].sizeThatFits(ProposedViewSize(width: width, height: nil))
            let wanted = lines[lines.count - 1].width + (lines[lines.count - 1].members.isEmpty ? 0 : spacing) + size.width
            if wanted > width, !lines[lines.count - 1].members.isEmpty { lines.append(Line()) }
            let at = lines.count - 1
            lines[at].width += (lines[at].members.isEmpty ? 0 : spacing) + size.width
            lines[at].height = max(lines[at].height, size.height)
            lines[at].members.append(index)
        }
        return lines
    }
}
