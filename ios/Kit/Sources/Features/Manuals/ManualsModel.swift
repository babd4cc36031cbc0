import Engine
import Observation

/// Manuals and articles: search. A newer query ends the older one, so an answer never belongs to another question.
@MainActor
@Observable
public final class ManualsModel {
    public private(set) var query = ""
    public private(set) var lines: Loaded<[ArticleLine]> = .not
    private let engine: any Engine

    public init(_ engine: any Engine) { self.engine = engine }

    public func follow() async {
        let changes = engine.changes()
        await read()
        for await what in changes where !what.articles.isEmpty { await read() }
    }

    public func find(_ query: String) async {
        self.query = query
        await read()
    }

    public func read() async {
        let asked = query
        let found = await Loaded.from { [engine] in try await engine.search(asked.trimmed) }
        if asked == query { lines = found }
    }
}
