import Engine
import Observation

/// Whose phone this is, and what he can switch.
@MainActor
@Observable
public final class MeModel {
    public struct State: Equatable, Sendable {
        public var owner: WhoAmI?
        public var settings: PhoneSettings
    }

    public private(set) var state: Loaded<State> = .not
    public let tap = Tapping()
    private let engine: any Engine

    public init(_ engine: any Engine) { self.engine = engine }

    public func follow() async {
        let changes = engine.changes()
        await read()
        for await what in changes where what.status { await read() }
    }

    public func read() async {
        state = await Loaded.from { [engine] in
            State(owner: try await engine.whoAmI(), settings: try await engine.settings())
        }
    }

    public func setWifiOnly(_ on: Bool) async { await change { $0.wifiOnly = on } }

    public func setPosition(_ on: Bool) async { await change { $0.positionPaused = !on } }

    private func change(_ how: (inout PhoneSettings) -> Void) async {
        guard var settings = state.value?.settings else { return }
        how(&settings)
        if await tap.save({ [settings] in try await engine.change(settings) }) { await read() }
    }
}
