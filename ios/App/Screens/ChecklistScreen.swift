import Design
import Engine
import Features
import SwiftUI
import Texts

/// The checklist with its readings, each beside the one before.
struct ChecklistScreen: View {
    @State private var model: TicketModel
    @Environment(\.lang) private var lang

    init(_ shell: Shell, ticket: String) { _model = State(initialValue: TicketModel(shell.engine, ticket: ticket)) }

    var body: some View {
        Frame(title: Word.checklist.of(lang)) {
            Show(loaded: model.state, again: model.read) { state in
                if let problem = model.tap.problem { ErrorNotice(problem: problem) }
                if state.ticket.checklist.isEmpty {
                    EmptyCard("checklist", .noChecklist, .noChecklistHint)
                } else {
                    Say(.answered, state.answered, state.ticket.checklist.count).type(.body, .semibold)
                }
                ForEach(state.ticket.checklist, id: \.item) { item in
                    ItemRow(item: item, earlier: state.beside.earlier[item.item], model: model, canWrite: state.canWrite)
                    Divider()
                }
            }
        }
        .task { await model.follow() }
    }
}

private struct ItemRow: View {
    let item: CheckItem
    let earlier: EarlierReading?
    let model: TicketModel
    let canWrite: Bool
    @State private var typed = ""
    @Environment(\.lang) private var lang
    @Environment(\.moments) private var moments

    var body: some View {
        VStack(alignment: .leading, spacing: Size.gap) {
            Say(item.words).type(.body, .semibold)
            switch item.kind {
            case .tick, .photo: tick
            case .reading: reading
            case .text, .unknown: words
            }
            if let given = item.answers.first { answer(given) }
            ForEach(item.answers.dropFirst().prefix(3), id: \.operation) { other in
                Say(.alsoAnswered, other.words.of(lang), other.byName.of(lang)).type(.small).quiet()
            }
        }
        .frame(maxWidth: .infinity, alignment: .leading)
    }

    private var enabled: Bool { canWrite && !model.tap.busy }

    private var tick: some View {
        let chosen: Bool? = if case .tick(let yes) = item.answers.first?.answer { yes } else { nil }
        return Choices(values: [true, false], chosen: chosen, enabled: enabled) { yes in
            save(.tick(yes: yes))
        } label: {
            Say($0 ? .yes : .no)
        }
    }

    @ViewBuilder private var reading: some View {
        let draft = ReadingDraft(typed)
        if let earlier {
            Say(.previous, earlier.value.plain, earlier.unit, moments.day(earlier.atMs), earlier.number).type(.small).quiet()
        }
        if let bounds { Text(verbatim: bounds).type(.small).quiet() }
        HStack(spacing: Size.gap) {
            TextField(text: $typed) { Text(verbatim: item.unit ?? "") }
                .keyboardType(.numbersAndPunctuation)
                .type(.title)
                .padding(Size.inset)
                .frame(minHeight: Size.primary)
                .background(Tone.mist.color, in: .rect(cornerRadius: Size.corner))
                .accessibilityLabel(Text(verbatim: item.words.of(lang)))
            if let unit = item.unit { Text(verbatim: unit).type(.body) }
            QuietButton(word: .save, enabled: enabled && draft.value != nil) {
                if let answer = draft.answer(for: item) { save(answer) }
            }
        }
        if draft.isOutside(item) {
            Chip(symbol: "exclamationmark.triangle", tone: .warning) { Text(verbatim: bounds ?? "") }
        }
    }

    @ViewBuilder private var words: some View {
        TextBox(hint: .inYourWords, text: $typed, lines: 2)
        QuietButton(word: .save, enabled: enabled && !typed.trimmingCharacters(in: .whitespaces).isEmpty) {
            save(.text(text: typed.trimmingCharacters(in: .whitespacesAndNewlines)))
        }
    }

    private func answer(_ given: GivenAnswer) -> some View {
        HStack(spacing: Size.small) {
            if given.isOutside { Image(systemName: "exclamationmark.triangle").accessibilityHidden(true) }
            Say(given.isOutside ? .savedOutside : .savedAs, given.words.of(lang), moments.time(given.atMs))
        }
        .type(.small)
        .foregroundStyle(given.isOutside ? Tone.warning.color : Tone.quiet.color)
    }

    private var bounds: String? {
        let unit = item.unit ?? ""
        return switch (item.min, item.max) {
        case (let min?, let max?): Word.soundBetween.of(lang, min.plain, max.plain, unit)
        case (let min?, nil): Word.soundFrom.of(lang, min.plain, unit)
        case (nil, let max?): Word.soundTo.of(lang, max.plain, unit)
        case (nil, nil): nil
        }
    }

    private func save(_ answer: CheckAnswer) {
        Task { if await model.answer(item.item, answer) { typed = "" } }
    }
}
