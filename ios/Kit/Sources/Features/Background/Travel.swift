import Engine
import Observation

/// Whether the receiver runs: only while he travels, and he can pause it. Battery and privacy want the same.
@MainActor
@Observable
public final class Travel {
    public enum Receiver: Equatable, Sendable {
        case off
        /// A fix at most every so many seconds.
        case on(everyS: Int)
    }

    public private(set) var receiver = Receiver.off
    public private(set) var state = PositionState.notEnrolled
    private let engine: any Engine
    private var lastMs: Int64?
    private let clock: Clock

    public init(_ engine: any Engine, clock: Clock = Clock()) {
        self.engine = engine
        self.clock = clock
    }

    public func follow() async {
        let changes = engine.changes()
        await look()
        for await what in changes where what.status || !what.tickets.isEmpty { await look() }
    }

    public func look() async {
        guard let state = try? await engine.positionState() else { return }
        take(state)
    }

    /// What the receiver told. Fixes that come faster than they are wanted are let go.
    public func fix(_ place: Place, accuracyM: Float) async {
        guard case .on(let everyS) = receiver else { return }
        let now = clock.nowMs
        if let lastMs, now - lastMs < Int64(everyS) * 1000 { return }
        lastMs = now
        if let state = try? await engine.position(place, accuracyM: accuracyM) { take(state) }
    }

    private func take(_ state: PositionState) {
        self.state = state
        receiver =
            switch state {
            case .travelling: .on(everyS: Self.everyS)
            case .notTravelling, .paused, .notEnrolled: .off
            }
        if receiver == .off { lastMs = nil }
    }

    /// Between the 15 s that a customer's page would like and the 30 s that a battery would.
    public static let everyS = 20
}
