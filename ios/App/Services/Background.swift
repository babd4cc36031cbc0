import BackgroundTasks
import Engine
import Features
import UIKit

/// The app's life beyond the screen. Every road to sleep ends with `suspend`: iOS kills a sleeper that holds a file's lock.
@MainActor
final class Background {
    static let refresh = "org.fieldline.refresh"
    static let upload = "org.fieldline.upload"
    /// What a refresh is given at most, by what Apple says; the system's own deadline calls it off earlier.
    private static let refreshMs: UInt64 = 25_000
    private static let uploadMs: UInt64 = 120_000

    private let opening: Opening
    private var leaving = UIBackgroundTaskIdentifier.invalid
    private var work: Task<Void, Never>?

    init(_ opening: Opening) { self.opening = opening }

    func register() {
        for (name, limitMs) in [(Self.refresh, Self.refreshMs), (Self.upload, Self.uploadMs)] {
            BGTaskScheduler.shared.register(forTaskWithIdentifier: name, using: .main) { task in
                // Called on the main queue, as asked for above.
                nonisolated(unsafe) let task = task
                MainActor.assumeIsolated { self.run(task, limitMs: limitMs) }
            }
        }
    }

    func comesToFront() {
        let before = work
        before?.cancel()
        work = Task {
            await before?.value
            try? await opening.engine()?.startLive()
        }
    }

    /// The seconds after the person left: what was saved last goes to HQ if it can, and the database is put down.
    func goesToBack() {
        schedule()
        leaving = UIApplication.shared.beginBackgroundTask { [weak self] in
            MainActor.assumeIsolated { self?.work?.cancel() }
        }
        let left = UIApplication.shared.backgroundTimeRemaining
        let limitMs = UInt64(min(max(left, 0), 20) * 1000)
        work = Task {
            _ = await slice(limitMs: limitMs)
            UIApplication.shared.endBackgroundTask(leaving)
            leaving = .invalid
        }
    }

    /// True when nothing was left to do.
    func slice(limitMs: UInt64 = refreshMs) async -> Bool {
        guard let engine = await opening.engine() else { return false }
        return await BackgroundSlice(engine).sync(limitMs: limitMs)
    }

    private func run(_ task: BGTask, limitMs: UInt64) {
        schedule()
        let work = Task {
            let finished = await slice(limitMs: limitMs)
            task.setTaskCompleted(success: finished)
        }
        // The system calls it wherever it likes.
        task.expirationHandler = { @Sendable in work.cancel() }
    }

    private func schedule() {
        let refresh = BGAppRefreshTaskRequest(identifier: Self.refresh)
        refresh.earliestBeginDate = Date(timeIntervalSinceNow: 15 * 60)
        let upload = BGProcessingTaskRequest(identifier: Self.upload)
        upload.requiresNetworkConnectivity = true
        // Refused in the simulator and while a person has switched it off; the next time on the screen syncs then.
        try? BGTaskScheduler.shared.submit(refresh)
        try? BGTaskScheduler.shared.submit(upload)
    }
}
