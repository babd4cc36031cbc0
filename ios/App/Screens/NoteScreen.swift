import Design
import Engine
import Features
import SwiftUI
import Texts

/// Notes: the new one first, the earlier ones under it. What is written survives the system killing the app.
struct NoteScreen: View {
    @State private var model: TicketModel
    @State private var dictation = Dictation()
    @SceneStorage private var draft: String
    @Environment(\.lang) private var lang
    private let beginning: String

    init(_ shell: Shell, ticket: String, draft: String) {
        _model = State(initialValue: TicketModel(shell.engine, ticket: ticket))
        _draft = SceneStorage(wrappedValue: "", "note.\(ticket)")
        beginning = draft
    }

    var body: some View {
        Frame(title: Word.notes.of(lang)) {
            Show(loaded: model.state, again: model.read) { state in
                if let problem = model.tap.problem { ErrorNotice(problem: problem) }
                TextBox(hint: .noteHint, text: $draft, lines: 4)
                Part(word: .earlierNotes) {
                    if state.notes.isEmpty { Say(.noNotes).type(.small).quiet() }
                    ForEach(state.notes, id: \.operation) { HistoryRow(line: $0) }
                }
            }
        } bottom: {
            HStack(spacing: Size.gap) {
                QuietButton(word: dictation.isListening ? .done : .dictate, symbol: dictation.isListening ? "stop" : "mic") {
                    dictate()
                }
                PrimaryButton(word: .saveNote, symbol: "checkmark", enabled: canSave) {
                    Task {
                        dictation.end()
                        if await model.note(draft) { draft = "" }
                    }
                }
            }
        }
        .onAppear { if draft.isEmpty { draft = beginning } }
        .onDisappear { dictation.end() }
        .task { await model.follow() }
    }

    private var canSave: Bool {
        model.state.value?.canWrite == true && !model.tap.busy && !draft.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty
    }

    private func dictate() {
        guard !dictation.isListening else { return dictation.end() }
        let before = draft.isEmpty ? "" : draft + "\n"
        Task { await dictation.begin(lang.locale) { heard in draft = before + heard } }
    }
}
