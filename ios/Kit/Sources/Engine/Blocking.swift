import Dispatch
import Foundation

extension DispatchQueue {
    /// Runs what blocks here, away from Swift's own threads. Throws a `Problem`.
    func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            async {
                do { continuation.resume(returning: try body()) } catch {
                    continuation.resume(throwing: Problem(error))
                }
            }
        }
    }

    /// The same of what waits for somebody else. A cancelled task calls it off until it has ended: a single call could come
    /// before the core has begun to listen for one.
    func run<T: Sendable>(
        callingOff: @escaping @Sendable () -> Void, _ body: @escaping @Sendable () throws -> T
    ) async throws -> T {
        let under = UnderWay()
        return try await withTaskCancellationHandler {
            try await run {
                defer { under.end() }
                guard under.begin() else { throw CancellationError() }
                return try body()
            }
        } onCancel: {
            guard under.cancel() else { return }
            self.async {
                while !under.isOver {
                    callingOff()
                    Thread.sleep(forTimeInterval: 0.02)
                }
            }
        }
    }
}

/// Where a call stands that can be called off.
private final class UnderWay: @unchecked Sendable {
    private enum Stand { case waits, runs, cancelled, over }
    private let lock = NSLock()
    private var stand = Stand.waits

    /// False when it was called off before.
    func begin() -> Bool {
        lock.withLock {
            guard stand == .waits else { return false }
            stand = .runs
            return true
        }
    }

    /// True when it runs and has to be told.
    func cancel() -> Bool {
        lock.withLock {
            let runs = stand == .runs
            if stand != .over { stand = .cancelled }
            return runs
        }
    }

    func end() { lock.withLock { stand = .over } }

    var isOver: Bool { lock.withLock { stand == .over } }
}
