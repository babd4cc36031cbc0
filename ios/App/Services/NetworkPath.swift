import Network

/// Whether the network costs by the byte: mobile data, or somebody's hotspot. Photos and manuals wait then.
enum NetworkPath {
    static func metered() -> AsyncStream<Bool> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let monitor = NWPathMonitor()
            monitor.pathUpdateHandler = { path in continuation.yield(path.isExpensive || path.isConstrained) }
            continuation.onTermination = { _ in monitor.cancel() }
            monitor.start(queue: .global(qos: .utility))
        }
    }
}
