import Dispatch
import Foundation

/// The core itself. Its calls block, so each runs on a queue of ours: neither the main actor nor Swift's own few threads wait.
///
/// Cancelling a Swift task does not end a call of the core. What waits for the network is therefore called off by name.
public final class RustEngine: Engine {
    private let phone: Phone
    private let news = News()
    private let calls = DispatchQueue(label: "fieldline.calls", qos: .userInitiated, attributes: .concurrent)
    private let network = DispatchQueue(label: "fieldline.network", qos: .utility, attributes: .concurrent)

    /// Opens or makes the store; milliseconds, and the network is not asked. For the codes of what can be wrong see
    /// `Phone.open` in the bindings.
    public static func open(_ config: PhoneConfig) async throws -> RustEngine {
        do { return try RustEngine(Phone.open(config: config)) } catch { throw Problem(error) }
    }

    /// Moves what is left of a damaged store aside. Only for a person who was told what is lost.
    public static func setAside(_ config: PhoneConfig) async throws {
        do { _ = try setStoreAside(config: config) } catch { throw Problem(error) }
    }

    private init(_ phone: Phone) throws {
        self.phone = phone
        try phone.observe(listener: news)
    }

    deinit {
        news.end()
    }

    /// Frees the store. Every call after it fails with `phone_shut`.
    public func shut() async {
        _ = try? await call { $0.shut() }
        news.end()
    }

    public func changes() -> AsyncStream<WhatChanged> { news.stream() }

    // MARK: - The day, tickets

    public func today(dayEndMs: Int64) async throws -> Today { try await call { try $0.today(dayEndMs: dayEndMs) } }
    public func list(_ filter: TicketFilter) async throws -> [TicketLine] { try await call { try $0.list(filter: filter) } }
    public func ticket(_ ticket: String) async throws -> TicketDetail { try await call { try $0.ticket(ticket: ticket) } }
    public func earlierReadings(_ ticket: String) async throws -> [EarlierReading] {
        try await call { try $0.earlierReadings(ticket: ticket) }
    }

    // MARK: - What the engineer does

    public func perform(_ act: Act, on ticket: String) async throws -> Saved {
        try await call { try $0.perform(ticket: ticket, act: act) }
    }
    public func addPhoto(_ photo: NewPhoto, to ticket: String) async throws -> Saved {
        try await call { try $0.addPhoto(ticket: ticket, photo: photo) }
    }
    public func photoBytes(_ operation: String, of ticket: String, thumb: Bool) async throws -> Data {
        try await wait(callingOff: { $0.cancelFetch() }) {
            try $0.photoBytes(ticket: ticket, operation: operation, thumb: thumb)
        }
    }
    public func annotate(_ article: String, section: String?, text: String) async throws -> Saved {
        try await call { try $0.annotate(article: article, section: section, text: text) }
    }

    // MARK: - Parts and pickers

    public func parts(_ filter: PartFilter) async throws -> [PartLine] { try await call { try $0.parts(filter: filter) } }
    public func catalog(_ words: String) async throws -> [CatalogPart] { try await call { try $0.catalog(words: words) } }
    public func places() async throws -> [StockPlace] { try await call { try $0.places() } }
    public func colleagues() async throws -> [Colleague] { try await call { try $0.colleagues() } }
    public func codes(_ sort: CodeSort, category: String?) async throws -> [CodeLine] {
        try await call { try $0.codes(sort: sort, category: category) }
    }
    public func scanned(_ text: String) async throws -> [Scanned] { try await call { try $0.scanned(text: text) } }

    // MARK: - Manuals and articles

    public func search(_ query: String) async throws -> [ArticleLine] { try await call { try $0.search(query: query) } }
    public func articlesFor(_ ticket: String) async throws -> [ArticleLine] {
        try await call { try $0.articlesFor(ticket: ticket) }
    }
    public func article(_ article: String) async throws -> ArticleDetail {
        try await call { try $0.article(article: article) }
    }
    public func fileBytes(_ operation: String, of article: String) async throws -> Data {
        try await wait(callingOff: { $0.cancelFetch() }) { try $0.fileBytes(article: article, operation: operation) }
    }

    // MARK: - The truth screen, settings, where he is

    public func status() async throws -> TruthScreen { try await call { try $0.status() } }
    public func dismiss(_ operation: String) async throws { _ = try await call { try $0.dismiss(operation: operation) } }
    public func whoAmI() async throws -> WhoAmI? { try await call { try $0.whoami() } }
    public func settings() async throws -> PhoneSettings { try await call { try $0.settings() } }
    public func change(_ settings: PhoneSettings) async throws {
        try await call { try $0.changeSettings(settings: settings) }
    }
    public func positionState() async throws -> PositionState { try await call { try $0.positionState() } }
    public func position(_ place: Place, accuracyM: Float) async throws -> PositionState {
        try await call { try $0.position(place: place, accuracyM: accuracyM) }
    }

    // MARK: - The network

    public func enrol(_ invitation: String, name: String) async throws {
        try await wait(callingOff: { _ in }) {
            let found = try parseEnrolCode(text: invitation)
            try $0.enrol(address: found.address, code: found.code, name: name)
        }
    }
    public func sync(limitMs: UInt64) async throws -> Synced {
        try await wait(callingOff: { $0.cancelSync() }) { try $0.sync(limitMs: limitMs) }
    }
    public func startLive() async throws { try await call { try $0.startLive() } }
    public func stopLive() async { _ = try? await call { $0.stopLive() } }
    public func setMetered(_ metered: Bool) async { _ = try? await call { $0.setMetered(metered: metered) } }
    public func viewing(_ ticket: String?) async { _ = try? await call { try $0.viewing(ticket: ticket) } }
    public func suspend() async throws { try await call { try $0.suspend() } }

    // MARK: - A colleague's phone

    public func card() async throws -> String { try await call { try $0.card() } }
    public func exportBundle(card: String) async throws -> BundleMade {
        try await call { try $0.exportBundle(card: card) }
    }
    public func importBundle(_ bytes: Data) async throws -> BundleTaken {
        try await call { try $0.importBundle(bytes: bytes) }
    }
    public func bundleFrames(_ bytes: Data) async throws -> [String] {
        try await call { try $0.bundleFrames(bytes: bytes) }
    }
    public func waitForColleague(address: String?) async throws -> any Rendezvous {
        RustRendezvous(try await call { try $0.waitForColleague(address: address) }, queue: network)
    }
    public func joinColleague(_ code: String) async throws -> any Rendezvous {
        RustRendezvous(try await call { try $0.joinColleague(code: code) }, queue: network)
    }

    // MARK: - How calls are made

    private func call<T: Sendable>(_ body: @escaping @Sendable (Phone) throws -> T) async throws -> T {
        let phone = phone
        return try await calls.run { try body(phone) }
    }

    private func wait<T: Sendable>(
        callingOff: @escaping @Sendable (Phone) -> Void, _ body: @escaping @Sendable (Phone) throws -> T
    ) async throws -> T {
        let phone = phone
        return try await network.run(callingOff: { callingOff(phone) }) { try body(phone) }
    }
}

/// The core's meeting.
private struct RustRendezvous: Rendezvous {
    let meeting: Meeting
    let queue: DispatchQueue

    init(_ meeting: Meeting, queue: DispatchQueue) {
        self.meeting = meeting
        self.queue = queue
    }

    var code: String { meeting.code() }

    func meet() async throws -> Meet {
        let meeting = meeting
        return try await queue.run(callingOff: { meeting.cancel() }) { try meeting.meet() }
    }
}
