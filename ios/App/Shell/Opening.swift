import Engine
import Features
import Foundation
import Observation

/// Opens the store once and holds what stands on it. Opening takes milliseconds and asks nobody.
@MainActor
@Observable
final class Opening {
    private(set) var state: Loaded<Shell> = .not
    private var work: Task<Void, Never>?

    func open() async {
        if case .here = state { return }
        if work == nil { work = Task { await read() } }
        await work?.value
        work = nil
    }

    /// For the background, where no screen asks.
    func engine() async -> RustEngine? {
        await open()
        return state.value?.engine
    }

    private func read() async {
        do {
            let config = try Store.config()
            let engine = try await Task.detached { try await RustEngine.open(config) }.value
            state = .here(Shell(engine))
        } catch {
            state = .failed(Problem(error))
        }
    }
}

/// What every screen may need.
@MainActor
@Observable
final class Shell {
    let engine: RustEngine
    let sync: SyncModel
    let travel: Travel
    let receiver: Receiver
    var showsTruth = false
    var tab = Tab.today

    enum Tab: Hashable { case today, parts, manuals, me }

    init(_ engine: RustEngine) {
        self.engine = engine
        sync = SyncModel(engine)
        travel = Travel(engine)
        receiver = Receiver()
    }

    /// Runs while the app is on the screen.
    func follow() async {
        async let badge: Void = sync.follow()
        async let way: Void = travel.follow()
        async let metered: Void = tellMetered()
        _ = await (badge, way, metered)
    }

    private func tellMetered() async {
        for await metered in NetworkPath.metered() { await engine.setMetered(metered) }
    }
}
