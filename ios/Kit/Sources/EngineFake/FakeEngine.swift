import Engine
import Foundation

/// An engine without a core, for previews and for tests of what a screen does with answers. It keeps what it is told and applies
/// of an act only what a screen shows at once; rules, fates and syncing are the core's and are tested with the core.
public final class FakeEngine: Engine, @unchecked Sendable {
    /// What it answers with.
    public struct World: Sendable {
        public var tickets: [TicketDetail] = []
        public var lines: [TicketLine] = []
        public var parts: [PartLine] = []
        public var places: [StockPlace] = []
        public var codes: [CodeLine] = []
        public var articles: [ArticleDetail] = []
        public var earlier: [EarlierReading] = []
        public var status = Samples.status()
        public var owner: WhoAmI?
        public var settings = PhoneSettings(wifiOnly: true, positionPaused: false)
        public var position = PositionState.notTravelling
        public var scanned: [Scanned] = []
        public var bytes: [String: Data] = [:]
        public var synced = Synced(finished: true, calledOff: false, merged: 0, overruled: 0, refused: 0, revoked: false)
        public var meet = Samples.meet

        public init() {}
    }

    private let lock = NSLock()
    private var world: World
    private var failing: [String: Problem] = [:]
    private var told: [String] = []
    private var done: [(ticket: String, act: Act)] = []
    private let news = News()
    /// Where calls named here wait until they are let through.
    public let gate = Gate()

    public init(_ world: World = Samples.world()) { self.world = world }

    // MARK: - What a test says and asks

    /// Changes what it answers, and tells those who listen.
    public func edit(_ how: (inout World) -> Void) {
        lock.withLock { how(&world) }
        news.changed(
            what: WhatChanged(
                tickets: see { $0.tickets.map(\.ticket) }, articles: see { $0.articles.map(\.line.article) }, rows: true,
                status: true))
    }

    /// From now on this call fails; `nil` ends that.
    public func fail(_ call: String, with problem: Problem?) { lock.withLock { failing[call] = problem } }

    /// The calls so far that change something or wait for the network, by name.
    public var calls: [String] { lock.withLock { told } }
    public var acts: [Act] { lock.withLock { done.map(\.act) } }
    public func see<T>(_ what: (World) -> T) -> T { lock.withLock { what(world) } }

    // MARK: - Engine

    public func changes() -> AsyncStream<WhatChanged> { news.stream() }

    public func today(dayEndMs: Int64) async throws -> Today {
        try pass("today")
        return see { world in
            let lines = world.lines
            let planned = { (line: TicketLine) in line.planStartMs.map { $0 < dayEndMs } }
            return Today(
                next: nil, visits: lines.filter { planned($0) == true }, later: lines.filter { planned($0) == false },
                unplanned: lines.filter { planned($0) == nil }, unsent: world.status.unsent, cards: UInt32(world.status.cards.count)
            )
        }
    }
    public func list(_ filter: TicketFilter) async throws -> [TicketLine] {
        try pass("list")
        return see { world in
            world.lines.filter { line in
                switch filter.scope {
                case .all: true
                case .open: line.phase != .done && !line.withdrawn
                case .done: line.phase == .done
                case .gone: line.withdrawn
                }
            }
        }
    }
    public func ticket(_ ticket: String) async throws -> TicketDetail {
        try pass("ticket")
        return try found(see { $0.tickets.first { $0.ticket == ticket } })
    }
    public func earlierReadings(_ ticket: String) async throws -> [EarlierReading] { see { $0.earlier } }

    public func perform(_ act: Act, on ticket: String) async throws -> Saved {
        await gate.pass("perform")
        try pass("perform")
        lock.withLock {
            told.append("perform")
            done.append((ticket, act))
            world.apply(act, to: ticket)
        }
        edit { $0.status.unsent += 1 }
        return Samples.saved
    }
    public func addPhoto(_ photo: NewPhoto, to ticket: String) async throws -> Saved {
        try pass("addPhoto")
        lock.withLock { told.append("addPhoto") }
        edit { world in world.change(ticket) { $0.photos.append(Samples.photo(photo.shows, caption: photo.caption)) } }
        return Samples.saved
    }
    public func photoBytes(_ operation: String, of ticket: String, thumb: Bool) async throws -> Data {
        try pass("photoBytes")
        return try found(see { $0.bytes[operation] })
    }
    public func annotate(_ article: String, section: String?, text: String) async throws -> Saved {
        try pass("annotate")
        edit { world in
            guard let at = world.articles.firstIndex(where: { $0.line.article == article }) else { return }
            world.articles[at].annotations.append(Samples.annotation(section: section, text: text))
        }
        return Samples.saved
    }

    public func parts(_ filter: PartFilter) async throws -> [PartLine] {
        await gate.pass("parts \(filter.words)")
        try pass("parts")
        return see { world in
            let mine = world.places.filter(\.isMine).map(\.location)
            return world.parts.filter { line in
                (!filter.myVan || mine.contains(line.location))
                    && (filter.words.isEmpty || "\(line.number) \(line.name.zh) \(line.name.en)".contains(filter.words))
            }
        }
    }
    public func catalog(_ words: String) async throws -> [CatalogPart] { [] }
    public func places() async throws -> [StockPlace] { see { $0.places } }
    public func colleagues() async throws -> [Colleague] { [] }
    public func codes(_ sort: CodeSort, category: String?) async throws -> [CodeLine] {
        see { $0.codes.filter { $0.sort == sort } }
    }
    public func scanned(_ text: String) async throws -> [Scanned] { see { $0.scanned } }

    public func search(_ query: String) async throws -> [ArticleLine] {
        await gate.pass("search \(query)")
        try pass("search")
        return see { world in
            world.articles.map(\.line).filter { query.isEmpty || "\($0.title.zh) \($0.title.en)".contains(query) }
        }
    }
    public func articlesFor(_ ticket: String) async throws -> [ArticleLine] { see { $0.articles.map(\.line) } }
    public func article(_ article: String) async throws -> ArticleDetail {
        try pass("article")
        return try found(see { $0.articles.first { $0.line.article == article } })
    }
    public func fileBytes(_ operation: String, of article: String) async throws -> Data {
        try pass("fileBytes")
        return try found(see { $0.bytes[operation] })
    }

    public func status() async throws -> TruthScreen {
        try pass("status")
        return see { $0.status }
    }
    public func dismiss(_ operation: String) async throws {
        try pass("dismiss")
        edit { $0.status.cards.removeAll { $0.operation == operation } }
    }
    public func whoAmI() async throws -> WhoAmI? { see { $0.owner } }
    public func settings() async throws -> PhoneSettings { see { $0.settings } }
    public func change(_ settings: PhoneSettings) async throws {
        try pass("change")
        edit { $0.settings = settings }
    }
    public func positionState() async throws -> PositionState { see { $0.position } }
    public func position(_ place: Place, accuracyM: Float) async throws -> PositionState {
        lock.withLock { told.append("position") }
        return see { $0.position }
    }

    public func enrol(_ invitation: String, name: String) async throws {
        try pass("enrol")
        lock.withLock { told.append("enrol \(invitation) \(name)") }
        edit { world in
            world.status.enrolled = true
            world.owner = Samples.owner
        }
    }
    public func sync(limitMs: UInt64) async throws -> Synced {
        lock.withLock { told.append("sync \(limitMs)") }
        await gate.pass("sync")
        try Task.checkCancellation()
        try pass("sync")
        return see { $0.synced }
    }
    public func startLive() async throws { lock.withLock { told.append("startLive") } }
    public func stopLive() async { lock.withLock { told.append("stopLive") } }
    public func setMetered(_ metered: Bool) async { lock.withLock { told.append("setMetered \(metered)") } }
    public func viewing(_ ticket: String?) async { lock.withLock { told.append("viewing \(ticket ?? "-")") } }
    public func suspend() async throws {
        lock.withLock { told.append("suspend") }
        try pass("suspend")
    }

    public func card() async throws -> String { "card" }
    public func exportBundle(card: String) async throws -> BundleMade { throw Samples.problem("bundle_nothing") }
    public func importBundle(_ bytes: Data) async throws -> BundleTaken { throw Samples.problem("bundle_unknown") }
    public func bundleFrames(_ bytes: Data) async throws -> [String] { [] }
    public func waitForColleague(address: String?) async throws -> any Rendezvous {
        try pass("waitForColleague")
        return FakeRendezvous(code: "meet", engine: self)
    }
    public func joinColleague(_ code: String) async throws -> any Rendezvous {
        try pass("joinColleague")
        return FakeRendezvous(code: code, engine: self)
    }

    private func pass(_ call: String) throws {
        if let problem = lock.withLock({ failing[call] }) { throw problem }
    }

    private func found<T>(_ value: T?) throws -> T {
        guard let value else { throw Samples.problem("unknown_document") }
        return value
    }
}

private struct FakeRendezvous: Rendezvous {
    let code: String
    let engine: FakeEngine

    func meet() async throws -> Meet {
        await engine.gate.pass("meet")
        try Task.checkCancellation()
        return engine.see { $0.meet }
    }
}

extension FakeEngine.World {
    mutating func change(_ ticket: String, _ how: (inout TicketDetail) -> Void) {
        guard let at = tickets.firstIndex(where: { $0.ticket == ticket }) else { return }
        how(&tickets[at])
    }

    /// What a screen shows at once.
    mutating func apply(_ act: Act, to ticket: String) {
        guard let step = act.leads else {
            if case .note(let text) = act { change(ticket) { $0.history.append(Samples.note(text)) } }
            if case .answer(let item, let answer) = act {
                change(ticket) { detail in
                    guard let at = detail.checklist.firstIndex(where: { $0.item == item }) else { return }
                    detail.checklist[at].answers.insert(Samples.given(answer), at: 0)
                }
            }
            if case .sign(let name, let path) = act {
                change(ticket) { $0.signature = Signature(name: name, path: path, atMs: Samples.nowMs) }
            }
            return
        }
        change(ticket) { detail in
            detail.next = step.next
            guard let at = detail.visits.firstIndex(where: { $0.visit == detail.mine }) else { return }
            detail.visits[at].phase = step.phase
            detail.visits[at].phaseWords = Samples.words(of: step.phase)
            if case .finish(_, let outcome, let cause, let remedy, let text) = act {
                detail.visits[at].completion = Samples.completion(outcome, cause: cause, remedy: remedy, text: text)
            }
        }
        if let at = lines.firstIndex(where: { $0.ticket == ticket }) {
            lines[at].phase = step.phase
            lines[at].phaseWords = Samples.words(of: step.phase)
        }
    }
}

extension Act {
    /// Where a visit stands after this act, and what follows.
    fileprivate var leads: (phase: VisitPhase, next: [NextStep])? {
        switch self {
        case .accept: (.accepted, [.depart, .decline])
        case .decline: (.declined, [])
        case .depart: (.enRoute, [.arrive])
        case .arrive: (.arrived, [.start, .couldNot])
        case .start, .resume: (.working, [.finish, .pause])
        case .pause: (.paused, [.resume, .finish])
        case .finish: (.done, [])
        case .note, .estimate, .answer, .usePart, .requestPart, .transferPart, .sign: nil
        }
    }
}
