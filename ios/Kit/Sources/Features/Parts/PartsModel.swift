import Engine
import Observation

/// Parts in the van and elsewhere, and what is done with them.
@MainActor
@Observable
public final class PartsModel {
    public private(set) var state: Loaded<PartsState> = .not
    public private(set) var myVan = true
    public private(set) var words = ""
    /// The line whose deeds are shown.
    public private(set) var chosen: PartLine?
    public private(set) var saying: Saying?
    /// What was saved last, to be said once.
    public private(set) var saved: Deed?
    public let tap = Tapping()
    /// None where parts are only looked up.
    public let ticket: String?
    private let engine: any Engine

    public init(_ engine: any Engine, ticket: String?) {
        self.engine = engine
        self.ticket = ticket
    }

    public func follow() async {
        let changes = engine.changes()
        await read()
        for await what in changes where what.rows || !what.tickets.isEmpty { await read() }
    }

    public func look(myVan: Bool) async {
        self.myVan = myVan
        await fresh()
    }

    /// By number or name, typed or scanned.
    public func find(_ words: String) async {
        self.words = words
        await fresh()
    }

    public func read() async {
        let asked = (myVan, words)
        let found = await Loaded.from { [engine] in
            let filter = PartFilter(myVan: asked.0, words: asked.1.trimmed)
            return PartsState(lines: try await engine.parts(filter), places: try await engine.places())
        }
        // An answer to an older question is nobody's any more.
        if asked == (myVan, words) { state = found }
    }

    public func choose(_ line: PartLine) {
        chosen = line
        saying = nil
        saved = nil
    }

    public func say(_ deed: Deed) {
        guard let line = chosen, let goals = state.value?.goals(of: deed) else { return }
        saying = Saying(line: line, deed: deed, to: goals.count == 1 ? goals[0] : nil)
    }

    public func setQuantity(_ quantity: UInt32) {
        guard let saying, let most = state.value?.most(of: saying.deed, saying.line) else { return }
        self.saying?.quantity = quantity.clamped(to: 1...most)
    }

    public func setGoal(_ place: StockPlace) { saying?.to = place }

    public func leave() {
        chosen = nil
        saying = nil
    }

    @discardableResult
    public func save() async -> Bool {
        guard let ticket, let saying, saying.canSave, let act = saying.act else { return false }
        let isSaved = await tap.save { _ = try await engine.perform(act, on: ticket) }
        leave()
        if isSaved {
            saved = saying.deed
            await read()
        }
        return isSaved
    }

    private func fresh() async {
        leave()
        saved = nil
        await read()
    }
}
