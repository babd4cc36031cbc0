import Foundation

/// Hands what the core tells to every screen that listens. Whoever is slow finds the news put together, never a queue of them.
public final class News: PhoneListener, @unchecked Sendable {
    private let lock = NSLock()
    private var listeners: [UUID: AsyncStream<WhatChanged>.Continuation] = [:]
    private var isOver = false

    public init() {}

    public func stream() -> AsyncStream<WhatChanged> {
        let id = UUID()
        return AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            continuation.onTermination = { [weak self] _ in self?.forget(id) }
            let late = lock.withLock {
                if !isOver { listeners[id] = continuation }
                return isOver
            }
            if late { continuation.finish() }
        }
    }

    public func changed(what: WhatChanged) {
        let all = lock.withLock { Array(listeners.values) }
        for listener in all {
            // What nobody had read yet comes back, and goes again with the newer.
            if case .dropped(let unread) = listener.yield(what) { listener.yield(unread.merged(with: what)) }
        }
    }

    public func end() {
        let all = lock.withLock {
            isOver = true
            defer { listeners = [:] }
            return Array(listeners.values)
        }
        all.forEach { $0.finish() }
    }

    private func forget(_ id: UUID) {
        lock.withLock { listeners[id] = nil }
    }
}

extension WhatChanged {
    func merged(with other: WhatChanged) -> WhatChanged {
        WhatChanged(
            tickets: Array(Set(tickets).union(other.tickets)), articles: Array(Set(articles).union(other.articles)),
            rows: rows || other.rows, status: status || other.status)
    }
}
