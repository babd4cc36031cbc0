import Engine

/// What a screen reads from this phone: there within a moment, so a sentence and no spinner stands for the moment.
public enum Loaded<Value: Sendable>: Sendable {
    case not
    case here(Value)
    case failed(Problem)

    public var value: Value? {
        if case .here(let value) = self { value } else { nil }
    }

    public var problem: Problem? {
        if case .failed(let problem) = self { problem } else { nil }
    }
}

extension Loaded {
    /// What came of reading.
    @MainActor
    static func from(_ read: @MainActor () async throws -> Value) async -> Self {
        do { return .here(try await read()) } catch { return .failed(Problem(error)) }
    }
}
