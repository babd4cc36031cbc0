import Engine

/// What the app does in the seconds the system gives it in the background, and before it is put to sleep.
///
/// The system kills an app that holds a file lock while it sleeps, so every road here ends with `suspend`.
public struct BackgroundSlice: Sendable {
    private let engine: any Engine

    public init(_ engine: any Engine) { self.engine = engine }

    /// Syncs within the time given, less what it takes to leave in order. True when nothing was left to do.
    public func sync(limitMs: UInt64) async -> Bool {
        var finished = false
        if limitMs > Self.leaveMs + Self.worthMs {
            finished = (try? await engine.sync(limitMs: limitMs - Self.leaveMs).finished) ?? false
        }
        await sleep()
        return finished
    }

    /// Before the system suspends the app.
    public func sleep() async {
        await engine.stopLive()
        try? await engine.suspend()
    }

    /// Ending an exchange that is under way and writing the database out takes well under this.
    public static let leaveMs: UInt64 = 2_000
    /// An exchange that has less time than this is not begun.
    static let worthMs: UInt64 = 1_000
}
