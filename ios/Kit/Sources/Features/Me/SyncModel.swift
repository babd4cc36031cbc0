import Engine
import Observation

/// What became of the last try to reach HQ.
public enum Reached: Equatable, Sendable {
    case notTried
    case trying
    case yes
    /// Offline is normal: this is shown small and steady.
    case no(Problem)
}

/// The badge at the top of every screen, and the sync that runs beside the screens and never in front of one.
@MainActor
@Observable
public final class SyncModel {
    /// Operations saved here and not at HQ.
    public private(set) var unsent: UInt64 = 0
    /// Cards that want to be read.
    public private(set) var attention = 0
    public private(set) var enrolled = true
    public private(set) var revoked = false
    public private(set) var reached = Reached.notTried
    private let engine: any Engine
    private var syncing: Task<Void, Never>?

    public init(_ engine: any Engine) { self.engine = engine }

    public func follow() async {
        let changes = engine.changes()
        await read()
        for await what in changes where what.status { await read() }
    }

    public func read() async {
        guard let status = try? await engine.status() else { return }
        unsent = status.unsent
        attention = status.cards.count + status.missing.count
        enrolled = status.enrolled
        revoked = status.revoked
    }

    /// Sends and fetches now; a tap while one runs does nothing.
    public func sync(limitMs: UInt64 = SyncModel.tapMs) async {
        guard syncing == nil else { return }
        reached = .trying
        let work = Task {
            do {
                _ = try await engine.sync(limitMs: limitMs)
                reached = .yes
            } catch {
                let problem = Problem(error)
                reached = problem.isCalledOff ? .notTried : .no(problem)
            }
        }
        syncing = work
        await work.value
        syncing = nil
        await read()
    }

    public func cancel() { syncing?.cancel() }

    public var isOffline: Bool {
        if case .no(let problem) = reached { problem.isOffline } else { false }
    }

    /// A person who taps "sync" waits no longer than this; what is left goes with the next one.
    public static let tapMs: UInt64 = 60_000
}
