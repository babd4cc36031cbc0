import Engine
import Foundation
import Observation

/// One article: read it, open its files, write beside it.
@MainActor
@Observable
public final class ArticleModel {
    public private(set) var state: Loaded<ArticleDetail> = .not
    /// What is being written, and beside which section.
    public var draft = ""
    public private(set) var writing = false
    public private(set) var section: String?
    /// The file that is being fetched.
    public private(set) var fetching: String?
    public let tap = Tapping()
    public let article: String
    private let engine: any Engine

    public init(_ engine: any Engine, article: String) {
        self.engine = engine
        self.article = article
    }

    public func follow() async {
        let changes = engine.changes()
        await read()
        for await what in changes where what.articles.contains(article) { await read() }
    }

    public func read() async {
        state = await Loaded.from { [engine, article] in try await engine.article(article) }
    }

    /// Beside a section or beside the whole; with the outline of a solution where one is written.
    public func write(beside section: String?, beginning: String = "") {
        self.section = section
        draft = beginning
        writing = true
    }

    public func leave() {
        writing = false
        draft = ""
    }

    @discardableResult
    public func save() async -> Bool {
        let text = draft.trimmed
        guard !text.isEmpty else { return false }
        let saved = await tap.save { [section] in _ = try await engine.annotate(article, section: section, text: text) }
        if saved {
            leave()
            await read()
        }
        return saved
    }

    /// The bytes of a file; from HQ where it is not here. Nothing when it cannot be had now: the screen says why.
    public func open(_ file: ArticleFile) async -> Data? {
        var bytes: Data?
        fetching = file.operation
        await tap.save { bytes = try await engine.fileBytes(file.operation, of: article) }
        fetching = nil
        return bytes
    }

    public func notes(beside section: String?) -> [Annotation] {
        state.value?.annotations.filter { $0.section == section } ?? []
    }
}
