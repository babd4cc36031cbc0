import Design
import Engine
import Features
import PDFKit
import SwiftUI
import Texts

/// One article to read, with what colleagues wrote beside it.
struct ArticleScreen: View {
    @State private var model: ArticleModel
    @State private var paper: Paper?
    @Environment(\.lang) private var lang

    init(_ shell: Shell, article: String) { _model = State(initialValue: ArticleModel(shell.engine, article: article)) }

    var body: some View {
        Frame(title: (model.state.value?.line.isManual == true ? Word.manual : .article).of(lang)) {
            Show(loaded: model.state, again: model.read) { article in
                Say(article.line.title).type(.big, .semibold)
                if let problem = model.tap.problem, !model.writing { ErrorNotice(problem: problem) }
                ForEach(article.files, id: \.operation) { file in fileRow(file) }
                ForEach(article.sections, id: \.operation) { section in
                    VStack(alignment: .leading, spacing: Size.gap) {
                        Say(section.heading).type(.title, .semibold).accessibilityAddTraits(.isHeader)
                        Say(section.body).type(.body).textSelection(.enabled)
                        Annotations(notes: model.notes(beside: section.operation))
                        QuietButton(word: .writeBeside, symbol: "pencil") { model.write(beside: section.operation) }
                    }
                }
                Part(word: .fromColleagues) {
                    let notes = model.notes(beside: nil)
                    if notes.isEmpty { Say(.nothingWritten).type(.small).quiet() }
                    Annotations(notes: notes)
                }
            }
        } bottom: {
            PrimaryButton(word: .writeSolution, symbol: "pencil", enabled: model.state.value != nil) {
                model.write(beside: nil, beginning: Word.solutionOutline.of(lang))
            }
        }
        .task { await model.follow() }
        .sheet(
            isPresented: Binding {
                model.writing
            } set: {
                if !$0 { model.leave() }
            }
        ) { WriteSheet(model: model) }
        .sheet(item: $paper) { PaperView(paper: $0) }
    }

    private func fileRow(_ file: ArticleFile) -> some View {
        Button {
            Task {
                if let bytes = await model.open(file) { paper = Paper(name: file.operation, media: file.media, bytes: bytes) }
            }
        } label: {
            HStack(spacing: Size.inset) {
                Image(systemName: "doc.richtext").foregroundStyle(Tone.accent.color).accessibilityHidden(true)
                VStack(alignment: .leading) {
                    Say(file.title).type(.body)
                    Text(verbatim: about(file)).type(.small).quiet()
                }
                Spacer()
                if model.fetching == file.operation { ProgressView() }
            }
            .frame(minHeight: Size.primary)
            .contentShape(.rect)
        }
        .buttonStyle(.plain)
        .disabled(model.tap.busy)
    }

    private func about(_ file: ArticleFile) -> String {
        let tenths = (file.size + 50_000) / 100_000
        let size = Word.megabytes.of(lang, "\(tenths / 10).\(tenths % 10)")
        let pages = file.pages.map { Word.pages.of(lang, $0) }
        return [size, pages, (file.here ? Word.onThisPhone : .fetchedWhenOpened).of(lang)].compactMap { $0 }.joined(
            separator: " · ")
    }
}

private struct Annotations: View {
    let notes: [Annotation]
    @Environment(\.lang) private var lang
    @Environment(\.moments) private var moments

    var body: some View {
        ForEach(notes, id: \.operation) { note in
            VStack(alignment: .leading, spacing: Size.small) {
                Text(verbatim: note.text).type(.body)
                HStack {
                    Text(verbatim: "\(note.byName.of(lang)) · \(moments.moment(note.atMs))").type(.small).quiet()
                    if note.pending { Say(.savedHere).type(.small).foregroundStyle(Tone.pending.color) }
                }
            }
            .padding(Size.inset)
            .frame(maxWidth: .infinity, alignment: .leading)
            .background(Tone.mist.color, in: .rect(cornerRadius: Size.corner))
            .accessibilityElement(children: .combine)
        }
    }
}

private struct WriteSheet: View {
    @Bindable var model: ArticleModel

    var body: some View {
        Sheet(title: .writeBeside) {
            if let problem = model.tap.problem { ErrorNotice(problem: problem) }
            TextBox(hint: .writeHint, text: $model.draft, lines: 5)
            PrimaryButton(word: .save, symbol: "checkmark", enabled: !model.tap.busy && !model.draft.isEmpty) {
                Task { await model.save() }
            }
        }
    }
}

/// A file that was opened: a PDF or a picture.
struct Paper: Identifiable {
    let name: String
    let media: String
    let bytes: Data
    var id: String { name }
}

struct PaperView: View {
    let paper: Paper
    @Environment(\.dismiss) private var dismiss

    var body: some View {
        NavigationStack {
            Group {
                if paper.media == "application/pdf" {
                    Pages(bytes: paper.bytes)
                } else if let picture = UIImage(data: paper.bytes) {
                    ScrollView([.horizontal, .vertical]) { Image(uiImage: picture) }
                }
            }
            .toolbar {
                ToolbarItem(placement: .cancellationAction) { QuietButton(word: .back) { dismiss() } }
            }
        }
    }
}

private struct Pages: UIViewRepresentable {
    let bytes: Data

    func makeUIView(context: Context) -> PDFView {
        let view = PDFView()
        view.autoScales = true
        view.document = PDFDocument(data: bytes)
        return view
    }

    func updateUIView(_ view: PDFView, context: Context) {}
}
