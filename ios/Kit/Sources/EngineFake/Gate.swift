import Foundation

/// Holds calls of a name until they are let through, so that a test can look at a screen in between.
public final class Gate: @unchecked Sendable {
    private let lock = NSLock()
    private var shut: Set<String> = []
    private var waiting: [String: [CheckedContinuation<Void, Never>]] = [:]

    public init() {}

    public func close(_ name: String) { lock.withLock { _ = shut.insert(name) } }

    public func open(_ name: String) {
        let released = lock.withLock {
            shut.remove(name)
            return waiting.removeValue(forKey: name) ?? []
        }
        released.forEach { $0.resume() }
    }

    /// How many wait there now.
    public func count(_ name: String) -> Int { lock.withLock { waiting[name]?.count ?? 0 } }

    /// A cancelled caller does not wait on.
    func pass(_ name: String) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = lock.withLock {
                    guard shut.contains(name), !Task.isCancelled else { return false }
                    waiting[name, default: []].append(continuation)
                    return true
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            // Whoever waits at this gate goes; tests have one at a time there.
            lock.withLock { waiting.removeValue(forKey: name) ?? [] }.forEach { $0.resume() }
        }
    }
}
