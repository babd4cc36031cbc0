import Design
import Engine
import Features
import SwiftUI
import Texts

/// Search in manuals and articles, with or without signal.
struct ManualsScreen: View {
    @State private var model: ManualsModel
    @State private var query = ""
    @Environment(\.lang) private var lang

    init(_ shell: Shell) { _model = State(initialValue: ManualsModel(shell.engine)) }

    var body: some View {
        Frame(title: Word.manuals.of(lang)) {
            TextBox(hint: .findManual, text: $query)
            Say(.findManualHint).type(.small).quiet()
            Show(loaded: model.lines, again: model.read) { lines in
                if lines.isEmpty {
                    if model.query.isEmpty {
                        EmptyCard("book", .noManuals, .noManualsHint)
                    } else {
                        EmptyCard("magnifyingglass", .noManualFound, .noManualFoundHint)
                    }
                }
                LazyVStack(alignment: .leading, spacing: 0) {
                    ForEach(lines, id: \.article) { line in
                        ArticleRow(line: line)
                        Divider()
                    }
                }
            }
        }
        .task { await model.follow() }
        .onChange(of: query) { _, query in Task { await model.find(query) } }
    }
}

struct ArticleRow: View {
    let line: ArticleLine

    var body: some View {
        NavigationLink(value: Road.article(line.article)) {
            HStack(spacing: Size.inset) {
                Image(systemName: line.isManual ? "book" : "doc.text").foregroundStyle(Tone.accent.color).accessibilityHidden(true)
                VStack(alignment: .leading) {
                    Say(line.title).type(.body)
                    Say(line.isManual ? .manual : .article).type(.small).quiet()
                }
                Spacer()
            }
            .frame(minHeight: Size.primary)
            .contentShape(.rect)
        }
        .buttonStyle(.plain)
    }
}
