import Engine
import Observation

/// What became of the last tap. A second tap while the first is being written does nothing, and the screen moves when it is on
/// the disk, not before.
@MainActor
@Observable
public final class Tapping {
    public private(set) var busy = false
    public private(set) var problem: Problem?

    public init() {}

    /// True when it was saved.
    @discardableResult
    func save(_ work: () async throws -> Void) async -> Bool {
        guard !busy else { return false }
        busy = true
        problem = nil
        defer { busy = false }
        do {
            try await work()
            return true
        } catch {
            let problem = Problem(error)
            if !problem.isCalledOff { self.problem = problem }
            return false
        }
    }

    public func clear() { problem = nil }
}
