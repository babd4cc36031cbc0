import Design
import SwiftUI
import Texts

/// A question at the bottom of the screen, with a way out that changes nothing.
struct Sheet<Content: View>: View {
    let title: Word
    @ViewBuilder let content: Content
    @Environment(\.dismiss) private var dismiss

    var body: some View {
        ScrollView {
            VStack(alignment: .leading, spacing: Size.inset) {
                Say(title).type(.title, .semibold).accessibilityAddTraits(.isHeader)
                content
                QuietButton(word: .notNow, wide: true) { dismiss() }
            }
            .padding(Size.edge)
        }
        .background(Tone.paper.color)
        .foregroundStyle(Tone.ink.color)
        .presentationDetents([.medium, .large])
    }
}

/// A field for words.
struct TextBox: View {
    let hint: Word
    @Binding var text: String
    var lines = 1
    @Environment(\.lang) private var lang

    var body: some View {
        TextField(text: $text, axis: lines > 1 ? .vertical : .horizontal) { Text(verbatim: hint.of(lang)) }
            .lineLimit(lines...max(lines, lines * 4))
            .type(.body)
            .padding(Size.inset)
            .frame(minHeight: Size.touchMin)
            .background(Tone.mist.color, in: .rect(cornerRadius: Size.corner))
            .overlay(RoundedRectangle(cornerRadius: Size.corner).stroke(Tone.line.color))
            .accessibilityLabel(Text(verbatim: hint.of(lang)))
    }
}

/// One of a few, each a button that a glove finds.
struct Choices<Value: Hashable, Label: View>: View {
    let values: [Value]
    let chosen: Value?
    var enabled = true
    let choose: (Value) -> Void
    @ViewBuilder let label: (Value) -> Label

    var body: some View {
        Flow {
            ForEach(values, id: \.self) { value in
                let isChosen = value == chosen
                Button {
                    choose(value)
                } label: {
                    HStack(spacing: Size.small) {
                        if isChosen { Image(systemName: "checkmark").accessibilityHidden(true) }
                        label(value).type(.body, isChosen ? .semibold : .regular)
                    }
                    .padding(.horizontal, Size.edge)
                    .frame(minHeight: Size.touchMin)
                    .foregroundStyle(isChosen ? Tone.accent.color : Tone.ink.color)
                    .background(isChosen ? Tone.accent.ground.color : Tone.paper.color, in: .rect(cornerRadius: Size.corner))
                    .overlay(
                        RoundedRectangle(cornerRadius: Size.corner)
                            .stroke(isChosen ? Tone.accent.color : Tone.line.color, lineWidth: isChosen ? 2 : 1))
                }
                .buttonStyle(.plain)
                .disabled(!enabled)
                .accessibilityAddTraits(isChosen ? .isSelected : [])
            }
        }
    }
}
