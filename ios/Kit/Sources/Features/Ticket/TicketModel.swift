import Engine
import Foundation
import Observation

/// A ticket's screen and those behind it. Everything in it was read from this phone.
public struct TicketState: Equatable, Sendable {
    public var ticket: TicketDetail
    public var beside: Beside

    /// What does not change with a tap on the ticket.
    public struct Beside: Equatable, Sendable {
        /// Articles that may help with this fault on this machine.
        public var causes: [ArticleLine] = []
        public var causeCodes: [CodeLine] = []
        public var remedyCodes: [CodeLine] = []
        /// Earlier readings of this machine, by the item's key.
        public var earlier: [String: EarlierReading] = [:]
    }

    /// How many items of the checklist have an answer.
    public var answered: Int { ticket.checklist.filter { !$0.answers.isEmpty }.count }
    public var canWrite: Bool { ticket.gone == nil && ticket.mine != nil }
    public var visit: VisitCard? { ticket.visits.first { $0.visit == ticket.mine } }
    public var done: CompletionCard? { visit?.completion }
    public var notes: [HistoryLine] { ticket.history.filter { $0.kind == .note }.reversed() }
    public var partsUsed: [HistoryLine] { ticket.history.filter { $0.kind == .usePart } }
}

/// One ticket: its screen, checklist, photos, notes and report. Every tap is on the disk before the screen moves.
@MainActor
@Observable
public final class TicketModel {
    public private(set) var state: Loaded<TicketState> = .not
    /// What a step asks before it is saved.
    public private(set) var question: Step.Question?
    public let tap = Tapping()
    public let ticket: String
    private let engine: any Engine
    private let whereNow: @Sendable () async -> Place?

    /// `whereNow` is asked on arrival only; the core rounds what it is told to 100 m.
    public init(_ engine: any Engine, ticket: String, whereNow: @escaping @Sendable () async -> Place? = { nil }) {
        self.engine = engine
        self.ticket = ticket
        self.whereNow = whereNow
    }

    public func follow() async {
        let changes = engine.changes()
        await engine.viewing(ticket)
        await read()
        for await what in changes where what.rows || what.tickets.contains(ticket) { await read() }
        await engine.viewing(nil)
    }

    public func read() async {
        let known = state.value?.beside
        state = await Loaded.from { [engine, ticket] in
            let detail = try await engine.ticket(ticket)
            if let known { return TicketState(ticket: detail, beside: known) }
            return TicketState(ticket: detail, beside: try await Self.beside(engine, detail))
        }
    }

    /// A tap on a step. True when its screen is the report's.
    public func step(_ step: NextStep) async -> Bool {
        guard let visit = state.value?.ticket.mine else { return false }
        switch Step(step) {
        case .report:
            return true
        case .ask(let question):
            self.question = question
        case .save(.arrive):
            await save { await .arrive(visit: visit, position: self.whereNow()) }
        case .save:
            if let act = Step(step).act(visit: visit) { await save { act } }
        }
        return false
    }

    public func leaveQuestion() { question = nil }

    /// True when it was saved: the visit is gone from this engineer's day.
    public func decline(_ reason: DeclineReason, text: String) async -> Bool {
        let text = text.trimmed
        return await withVisit { visit in await self.save { .decline(visit: visit, reason: reason, text: text) } }
    }

    public func pause(_ reason: PauseReason) async {
        _ = await withVisit { visit in await self.save { .pause(visit: visit, reason: reason) } }
    }

    public func answer(_ item: String, _ answer: CheckAnswer) async -> Bool {
        await save { .answer(item: item, answer: answer) }
    }

    public func note(_ text: String) async -> Bool {
        let text = text.trimmed
        return text.isEmpty ? false : await save { .note(text: text) }
    }

    public func photo(_ photo: NewPhoto) async -> Bool {
        await saving { _ = try await self.engine.addPhoto(photo, to: self.ticket) }
    }

    public func finish(_ draft: ReportDraft) async -> Bool {
        guard let outcome = draft.outcome, draft.canFinish else { return false }
        return await withVisit { visit in
            await self.save {
                .finish(
                    visit: visit, outcome: outcome, cause: draft.cause, remedy: draft.remedy, text: draft.text.trimmed)
            }
        }
    }

    public func sign(_ draft: ReportDraft) async -> Bool {
        guard draft.canSign else { return false }
        return await save { .sign(name: draft.signer.trimmed, path: draft.signature.path) }
    }

    /// The small picture of a photo where it is to be had.
    public func thumb(_ photo: PhotoLine) async -> Data? {
        guard photo.hasThumb || photo.here else { return nil }
        return try? await engine.photoBytes(photo.operation, of: ticket, thumb: true)
    }

    private func withVisit(_ what: (String) async -> Bool) async -> Bool {
        guard let visit = state.value?.ticket.mine else { return false }
        return await what(visit)
    }

    @discardableResult
    private func save(_ act: @escaping () async -> Act) async -> Bool {
        await saving { _ = try await self.engine.perform(act(), on: self.ticket) }
    }

    private func saving(_ work: () async throws -> Void) async -> Bool {
        let saved = await tap.save(work)
        question = nil
        if saved { await read() }
        return saved
    }

    private static func beside(_ engine: any Engine, _ detail: TicketDetail) async throws -> TicketState.Beside {
        let earlier = try await engine.earlierReadings(detail.ticket)
        return TicketState.Beside(
            causes: try await engine.articlesFor(detail.ticket),
            causeCodes: try await engine.codes(.cause, category: detail.facts.category),
            remedyCodes: try await engine.codes(.remedy, category: detail.facts.category),
            earlier: Dictionary(earlier.map { ($0.item, $0) }, uniquingKeysWith: { first, _ in first }))
    }
}

extension String {
    var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
