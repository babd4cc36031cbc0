import Engine
import Observation

/// What is saved here, what HQ has, what did not become what he meant, what waits and why. Nothing fails silently.
@MainActor
@Observable
public final class TruthModel {
    public private(set) var state: Loaded<TruthScreen> = .not
    public let tap = Tapping()
    private let engine: any Engine

    public init(_ engine: any Engine) { self.engine = engine }

    public func follow() async {
        let changes = engine.changes()
        await read()
        for await _ in changes { await read() }
    }

    public func read() async {
        state = await Loaded.from { [engine] in try await engine.status() }
    }

    /// The person has read it. It stays at HQ and among all cards.
    public func dismiss(_ operation: String) async {
        if await tap.save({ try await engine.dismiss(operation) }) { await read() }
    }
}

extension TruthCard {
    /// What the person keeps when he keeps a copy: his own words, with what they were about.
    public func copy(_ lang: Lang) -> String {
        [number, label.of(lang), ownWords, fateWords.of(lang), why.words.of(lang)].filter { !$0.isEmpty }
            .joined(separator: "\n")
    }

    /// Where "do it again" leads, with his own words before him.
    public var again: Again? {
        guard let ticket else { return nil }
        return switch kind {
        case .note: .note(ticket: ticket, text: ownWords)
        case .answer: .checklist(ticket: ticket)
        case .usePart, .requestPart, .transferPart: .parts(ticket: ticket)
        case .photo: .photos(ticket: ticket)
        case .finish, .sign: .report(ticket: ticket, text: ownWords)
        default: .ticket(ticket)
        }
    }

    public enum Again: Hashable, Sendable {
        case ticket(String)
        case note(ticket: String, text: String)
        case checklist(ticket: String)
        case parts(ticket: String)
        case photos(ticket: String)
        case report(ticket: String, text: String)
    }
}
