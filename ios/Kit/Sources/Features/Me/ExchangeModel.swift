import Engine
import Observation

/// Two phones at a site without signal: one shows a code, the other scans it, both give what the other may carry to HQ.
@MainActor
@Observable
public final class ExchangeModel {
    public enum State: Equatable, Sendable {
        case idle
        /// This phone waits; the code is shown as a QR code.
        case waiting(code: String)
        case joining
        case met(Meet)
        case failed(Problem)
    }

    public private(set) var state = State.idle
    private let engine: any Engine
    private let address: String?
    private var meeting: Task<Void, Never>?

    public init(_ engine: any Engine, address: String? = nil) {
        self.engine = engine
        self.address = address
    }

    public var isUnderWay: Bool { meeting != nil }

    public func show() {
        begin { model in
            let rendezvous = try await model.engine.waitForColleague(address: model.address)
            model.state = .waiting(code: rendezvous.code)
            return try await rendezvous.meet()
        }
    }

    public func scanned(_ code: String) {
        begin { model in
            model.state = .joining
            return try await model.engine.joinColleague(code).meet()
        }
    }

    /// Calls it off. What was handed over stays handed over, and everything stays here until HQ has answered.
    public func leave() async {
        meeting?.cancel()
        await meeting?.value
        state = .idle
    }

    /// Ends when the meeting does; for tests and for the screen that waits for it.
    public func ended() async { await meeting?.value }

    private func begin(_ how: @escaping @MainActor (ExchangeModel) async throws -> Meet) {
        guard meeting == nil else { return }
        meeting = Task {
            do { state = .met(try await how(self)) } catch {
                let problem = Problem(error)
                state = problem.isCalledOff ? .idle : .failed(problem)
            }
            meeting = nil
        }
    }
}
