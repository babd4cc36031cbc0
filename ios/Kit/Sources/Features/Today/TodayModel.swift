import Engine
import Observation

/// What the first screen shows: `front` is the visit that counts now, `rest` follows it in the order of the day.
public struct TodayState: Equatable, Sendable {
    public var scope: TicketScope
    public var front: TicketLine?
    public var rest: [TicketLine]
    public var enrolled: Bool
    public var revoked: Bool

    public var isEmpty: Bool { front == nil && rest.isEmpty }
}

/// The first screen. It reads from this phone alone and follows what changes.
@MainActor
@Observable
public final class TodayModel {
    public private(set) var state: Loaded<TodayState> = .not
    public let tap = Tapping()
    private let engine: any Engine
    private let clock: Clock
    private var scope = TicketScope.open

    public init(_ engine: any Engine, clock: Clock = Clock()) {
        self.engine = engine
        self.clock = clock
    }

    /// Reads, and reads again with each change, for as long as the screen is there.
    public func follow() async {
        let changes = engine.changes()
        await read()
        for await _ in changes { await read() }
    }

    public func choose(_ scope: TicketScope) async {
        self.scope = scope
        await read()
    }

    public func read() async {
        state = await Loaded.from { [engine, scope, clock] in
            let status = try await engine.status()
            let lines = status.enrolled ? try await Self.lines(engine, scope, dayEndMs: clock.dayEndMs) : []
            let front = scope == .open ? Self.front(of: lines) : nil
            return TodayState(
                scope: scope, front: front, rest: lines.filter { $0.ticket != front?.ticket }, enrolled: status.enrolled,
                revoked: status.revoked)
        }
    }

    /// The step of the visit in front that takes one tap and asks nothing.
    public func step(_ step: NextStep, on line: TicketLine) async {
        guard let visit = line.visit, let act = Step(step).act(visit: visit) else { return }
        if await tap.save({ _ = try await engine.perform(act, on: line.ticket) }) { await read() }
    }

    private static func lines(_ engine: any Engine, _ scope: TicketScope, dayEndMs: Int64) async throws -> [TicketLine] {
        guard scope == .open else {
            return try await engine.list(TicketFilter(scope: scope))
        }
        let today = try await engine.today(dayEndMs: dayEndMs)
        return today.visits + today.unplanned + today.later
    }

    /// The visit under way comes first, else the first of the day; what HQ or a colleague took is never put in front.
    static func front(of lines: [TicketLine]) -> TicketLine? {
        let his = lines.filter { line in
            line.visit != nil && line.phase != .taken && !line.withdrawn && !line.acceptedNotAtHq
        }
        return his.first { $0.phase?.isUnderWay ?? false } ?? his.first
    }
}

extension VisitPhase {
    public var isUnderWay: Bool {
        switch self {
        case .enRoute, .arrived, .working, .paused: true
        case .offered, .accepted, .declined, .done, .taken, .unknown: false
        }
    }

    /// What follows without a question: the button of the card in front.
    public var oneTap: NextStep? {
        switch self {
        case .offered: .accept
        case .accepted: .depart
        case .enRoute: .arrive
        case .arrived: .start
        case .paused: .resume
        case .working, .declined, .done, .taken, .unknown: nil
        }
    }
}
