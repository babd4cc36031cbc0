import Engine
import Features
import Foundation
import Testing

/// The journey that every language takes, through this app's own models, against the real core and the real server.
@MainActor
@Suite(.serialized) struct JourneyTests {
    @Test func a_whole_visit_offline_becomes_the_same_record_at_hq() async throws {
        let (office, folder) = (try Office(), try Folder())
        let engine = try await office.phone(folder)
        let journey = try Office.file("journey.json")
        let steps = try #require(journey["steps"] as? [[String: Any]])
        let next = try #require(journey["next"] as? [[String]])
        let day = TodayModel(engine)
        await day.read()
        #expect(day.state.value?.front?.ticket == office.ticket, "the first sync brought the day")
        // From here to the sync there is no HQ.
        _ = try office.ask("stop")
        let hands = Hands(engine, office)
        for (step, follows) in zip(steps, next) {
            let saved = try await hands.take(step)
            #expect(saved, "\(step["act"] ?? ""): \(String(describing: hands.problem))")
            #expect(hands.next == follows, "after \(step["act"] ?? "")")
        }
        let truth = TruthModel(engine)
        await truth.read()
        #expect(truth.state.value?.unsent == journey["unsent_before_sync"] as? UInt64)
        let sync = SyncModel(engine)
        await sync.sync()
        #expect(sync.isOffline, "\(sync.reached)")
        _ = try office.ask("start")
        await sync.sync()
        #expect(sync.reached == .yes && sync.unsent == 0)
        await truth.read()
        let (status, after) = (try #require(truth.state.value), try #require(journey["after_sync"] as? [String: Int]))
        #expect(
            [
                "unsent": Int(status.unsent), "at_hq": Int(status.atHq), "overruled": Int(status.overruled),
                "refused": Int(status.refused),
                "cards": status.cards.count,
            ] == after)
        // Photos go beside the record, and may take another exchange.
        let (record, wanted) = (try office.ask("record"), try Office.file("record.json"))
        #expect(record as NSDictionary == wanted as NSDictionary, "\(record)")
        await engine.shut()
        office.close()
    }
}

/// Takes the steps as an engineer's hands do: on the screens' models.
@MainActor
private final class Hands {
    private let ticket: TicketModel
    private let parts: PartsModel
    private let office: Office
    private var report = ReportDraft()

    init(_ engine: RustEngine, _ office: Office) {
        let place = Place(lat: 31.19239, lon: 121.43298)
        ticket = TicketModel(engine, ticket: office.ticket) { place }
        parts = PartsModel(engine, ticket: office.ticket)
        self.office = office
    }

    var problem: Problem? { ticket.tap.problem ?? parts.tap.problem }
    var next: [String] { ticket.state.value?.ticket.next.map(\.name) ?? [] }

    func take(_ step: [String: Any]) async throws -> Bool {
        let act = step["act"] as? String ?? ""
        func text(_ key: String) -> String { step[key] as? String ?? "" }
        await ticket.read()
        switch act {
        case "accept", "depart", "arrive", "start":
            let step = try #require(NextStep.named(act))
            let isReport = await ticket.step(step)
            return !isReport && problem == nil
        case "answer":
            let item = try #require(ticket.state.value?.ticket.checklist.first { $0.item == text("item") })
            if let yes = step["tick"] as? Bool, item.kind == .tick { return await ticket.answer(item.item, .tick(yes: yes)) }
            let answer = try #require(ReadingDraft("\(step["reading"] ?? "")").answer(for: item))
            return await ticket.answer(item.item, answer)
        case "use_part":
            await parts.read()
            parts.choose(try #require(parts.state.value?.lines.first { $0.part == office.text("part") }))
            parts.say(.use)
            parts.setQuantity(UInt32(step["quantity"] as? Int ?? 0))
            let saved = await parts.save()
            await ticket.read()
            return saved
        case "photo":
            let bytes = try #require(Data(base64Encoded: text("base64")))
            return await ticket.photo(NewPhoto(bytes: bytes, shows: .after, caption: text("caption")))
        case "note":
            return await ticket.note(text("text"))
        case "finish":
            report.outcome = text("outcome") == "fixed" ? .fixed : nil
            (report.cause, report.remedy, report.text) = (text("cause"), text("remedy"), text("text"))
            return await ticket.finish(report)
        case "sign":
            report.signer = text("name")
            draw(text("path"))
            return await ticket.sign(report)
        default:
            Issue.record("no hand knows \(act)")
            return false
        }
    }

    /// The path's strokes, drawn on a pad of half the size.
    private func draw(_ path: String) {
        for stroke in path.split(separator: "M") {
            for (at, dot) in stroke.split(separator: "L").enumerated() {
                let place = dot.split(separator: " ").compactMap { Double($0) }
                report.signature.draw(x: place[0] / 2, y: place[1] / 2, width: 300, height: 100, begins: at == 0)
            }
        }
    }
}

extension NextStep {
    static func named(_ name: String) -> NextStep? {
        [.accept, .decline, .depart, .arrive, .start, .pause, .resume, .finish, .couldNot].first { $0.name == name }
    }

    var name: String {
        switch self {
        case .accept: "accept"
        case .decline: "decline"
        case .depart: "depart"
        case .arrive: "arrive"
        case .start: "start"
        case .pause: "pause"
        case .resume: "resume"
        case .finish: "finish"
        case .couldNot: "could_not"
        }
    }
}
