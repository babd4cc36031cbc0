import Foundation

/// The core as screens see it. Reads come from this phone alone. When an act returns it is on the disk, whatever happens next.
/// Calls that wait for somebody else say so; everything else answers within milliseconds.
///
/// Every call fails with a `Problem`, and nothing else.
public protocol Engine: Sendable {
    /// What changes from now on. Each caller has a stream of its own; it ends with the engine.
    func changes() -> AsyncStream<WhatChanged>

    // The day, tickets.
    func today(dayEndMs: Int64) async throws -> Today
    func list(_ filter: TicketFilter) async throws -> [TicketLine]
    func ticket(_ ticket: String) async throws -> TicketDetail
    func earlierReadings(_ ticket: String) async throws -> [EarlierReading]

    // What the engineer does.
    func perform(_ act: Act, on ticket: String) async throws -> Saved
    func addPhoto(_ photo: NewPhoto, to ticket: String) async throws -> Saved
    /// Waits for the network where the picture is not here. A cancelled task calls it off.
    func photoBytes(_ operation: String, of ticket: String, thumb: Bool) async throws -> Data
    func annotate(_ article: String, section: String?, text: String) async throws -> Saved

    // Parts and pickers.
    func parts(_ filter: PartFilter) async throws -> [PartLine]
    func catalog(_ words: String) async throws -> [CatalogPart]
    func places() async throws -> [StockPlace]
    func colleagues() async throws -> [Colleague]
    func codes(_ sort: CodeSort, category: String?) async throws -> [CodeLine]
    func scanned(_ text: String) async throws -> [Scanned]

    // Manuals and articles.
    func search(_ query: String) async throws -> [ArticleLine]
    func articlesFor(_ ticket: String) async throws -> [ArticleLine]
    func article(_ article: String) async throws -> ArticleDetail
    /// Waits for the network where the file is not here. A cancelled task calls it off.
    func fileBytes(_ operation: String, of article: String) async throws -> Data

    // The truth screen, settings, where he is.
    func status() async throws -> TruthScreen
    func dismiss(_ operation: String) async throws
    func whoAmI() async throws -> WhoAmI?
    func settings() async throws -> PhoneSettings
    func change(_ settings: PhoneSettings) async throws
    func positionState() async throws -> PositionState
    func position(_ place: Place, accuracyM: Float) async throws -> PositionState

    // The network.
    /// Joins the company by the text of HQ's QR code. Waits for the network.
    func enrol(_ invitation: String, name: String) async throws
    /// Waits for the network, at most so long. A cancelled task calls it off, and what was exchanged stays exchanged.
    func sync(limitMs: UInt64) async throws -> Synced
    func startLive() async throws
    func stopLive() async
    func setMetered(_ metered: Bool) async
    func viewing(_ ticket: String?) async
    /// Ends what waits for the network and leaves no lock on the database: before the system puts the app to sleep.
    func suspend() async throws

    // A colleague's phone.
    func card() async throws -> String
    func exportBundle(card: String) async throws -> BundleMade
    func importBundle(_ bytes: Data) async throws -> BundleTaken
    func bundleFrames(_ bytes: Data) async throws -> [String]
    /// `address` is this phone's own in that network, where it is known better than the system tells.
    func waitForColleague(address: String?) async throws -> any Rendezvous
    func joinColleague(_ code: String) async throws -> any Rendezvous
}

/// A meeting with a colleague's phone that has not happened yet.
public protocol Rendezvous: Sendable {
    /// What the phone that waits shows.
    var code: String { get }
    /// Waits for the other phone, ten minutes at most; once only. A cancelled task calls it off.
    func meet() async throws -> Meet
}
