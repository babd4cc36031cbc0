import Engine

/// What a tap on a step does.
public enum Step: Equatable, Sendable {
    /// It is saved at once.
    case save(NextStep)
    /// It asks why first.
    case ask(Question)
    /// It has a screen of its own.
    case report

    public enum Question: Equatable, Sendable {
        case decline
        case pause
    }

    public init(_ step: NextStep) {
        switch step {
        case .accept, .depart, .arrive, .start, .resume: self = .save(step)
        case .decline: self = .ask(.decline)
        case .pause: self = .ask(.pause)
        case .finish, .couldNot: self = .report
        }
    }

    /// The act of a step that is saved at once.
    func act(visit: String) -> Act? {
        guard case .save(let step) = self else { return nil }
        return switch step {
        case .accept: .accept(visit: visit)
        case .depart: .depart(visit: visit, etaMs: nil)
        case .arrive: .arrive(visit: visit, position: nil)
        case .start: .start(visit: visit)
        case .resume: .resume(visit: visit)
        case .decline, .pause, .finish, .couldNot: nil
        }
    }
}
