import Engine

/// What of a report is written and not saved yet.
public struct ReportDraft: Equatable, Sendable, Codable {
    public var outcomeName: String?
    public var cause: String?
    public var remedy: String?
    public var text = ""
    public var signer = ""
    public var signature = Strokes()

    public init() {}

    public var outcome: VisitResult? {
        get { outcomeName.flatMap { name in VisitResult.all.first { $0.name == name } } }
        set { outcomeName = newValue?.name }
    }

    /// The core refuses "could not" without a reason; the button says so before it is tapped.
    public var canFinish: Bool {
        guard let outcome else { return false }
        return outcome != .couldNot || !text.trimmed.isEmpty
    }

    public var canSign: Bool { !signer.trimmed.isEmpty && signature.isDrawn }

    /// Cause and remedy belong to work that found something.
    public var asksForCodes: Bool { outcome == .fixed || outcome == .partly }
}

extension VisitResult {
    public static let all: [VisitResult] = [.fixed, .partly, .noFaultFound, .couldNot]

    /// The results that a screen offers: where only "could not" follows, only that.
    public static func offered(by next: [NextStep]) -> [VisitResult] {
        next.contains(.finish) ? all : next.contains(.couldNot) ? [.couldNot] : []
    }

    var name: String {
        switch self {
        case .fixed: "fixed"
        case .partly: "partly"
        case .noFaultFound: "no_fault_found"
        case .couldNot: "could_not"
        }
    }
}
