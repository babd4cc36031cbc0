import Engine
import EngineFake
import Foundation
import Testing

@testable import Features

@MainActor
@Suite struct TicketTests {
    private func model(_ engine: FakeEngine, at place: Place? = nil) async -> TicketModel {
        let model = TicketModel(engine, ticket: "t1") { place }
        await model.read()
        return model
    }

    @Test func the_big_button_walks_the_whole_visit() async {
        let engine = FakeEngine()
        let model = await model(engine, at: Place(lat: 31, lon: 121))
        for step in [NextStep.accept, .depart, .arrive, .start] {
            #expect(model.state.value?.ticket.next.first == step)
            let isReport = await model.step(step)
            #expect(!isReport)
        }
        #expect(
            engine.acts == [
                .accept(visit: "v1"), .depart(visit: "v1", etaMs: nil),
                .arrive(visit: "v1", position: Place(lat: 31, lon: 121)), .start(visit: "v1"),
            ])
        let isReport = await model.step(.finish)
        #expect(isReport && engine.acts.count == 4, "a report is written first")
    }

    @Test func declining_and_pausing_ask_why_once() async {
        let engine = FakeEngine()
        let model = await model(engine)
        _ = await model.step(.decline)
        #expect(model.question == .decline && engine.acts.isEmpty)
        let declined = await model.decline(.other, text: "  塔吊未到 ")
        #expect(declined && model.question == nil)
        #expect(engine.acts == [.decline(visit: "v1", reason: .other, text: "塔吊未到")])
        _ = await model.step(.pause)
        #expect(model.question == .pause)
        model.leaveQuestion()
        #expect(model.question == nil && engine.acts.count == 1)
    }

    @Test func a_refused_step_keeps_the_screen_and_tells_why() async {
        let engine = FakeEngine()
        let model = await model(engine)
        engine.fail("perform", with: Samples.problem("not_yours"))
        _ = await model.step(.accept)
        #expect(model.tap.problem?.code == "not_yours" && model.state.value?.visit?.phase == .offered)
    }

    @Test func answers_notes_and_photos_are_saved_and_shown() async {
        let engine = FakeEngine()
        let model = await model(engine)
        _ = await model.answer("safe", .tick(yes: true))
        let item = model.state.value?.ticket.checklist[1]
        let draft = ReadingDraft("4,2")
        _ = await model.answer("pressure", draft.answer(for: item!)!)
        #expect(model.state.value?.answered == 2)
        let empty = await model.note("   ")
        let noted = await model.note(" 换了风机 ")
        #expect(!empty && noted && model.state.value?.notes.first?.detail.zh == "换了风机")
        let taken = await model.photo(NewPhoto(bytes: Data([1]), shows: .before))
        #expect(taken && model.state.value?.ticket.photos.count == 1)
    }

    @Test func a_report_needs_a_result_and_could_not_needs_words() async {
        let engine = FakeEngine()
        let model = await model(engine)
        var draft = ReportDraft()
        let tooSoon = await model.finish(draft)
        draft.outcome = .couldNot
        let wordless = await model.finish(draft)
        #expect(!tooSoon && !wordless && engine.acts.isEmpty && !draft.asksForCodes)
        draft.outcome = .fixed
        draft.cause = "worn"
        draft.text = " 已换 "
        let finished = await model.finish(draft)
        #expect(finished && model.state.value?.done?.outcome == .fixed)
        #expect(engine.acts == [.finish(visit: "v1", outcome: .fixed, cause: "worn", remedy: nil, text: "已换")])
        let unsigned = await model.sign(draft)
        draft.signer = "李女士"
        draft.signature.draw(x: 10, y: 10, width: 300, height: 100, begins: true)
        draft.signature.draw(x: 200, y: 60, width: 300, height: 100, begins: false)
        let signed = await model.sign(draft)
        #expect(!unsigned && signed && model.state.value?.ticket.signature?.path == "M20 20L400 120")
    }

    @Test func only_what_the_core_lets_follow_is_offered() {
        #expect(VisitResult.offered(by: [.resume, .couldNot]) == [.couldNot])
        #expect(VisitResult.offered(by: [.finish, .pause]).count == 4)
        #expect(VisitResult.offered(by: [.accept]).isEmpty)
    }

    @Test func hq_sees_who_reads_and_who_left() async {
        let engine = FakeEngine()
        let model = TicketModel(engine, ticket: "t1")
        let following = Task { await model.follow() }
        await eventually("the first read") { model.state.value != nil }
        following.cancel()
        await following.value
        #expect(engine.calls == ["viewing t1", "viewing -"])
    }

    @Test func a_ticket_that_is_gone_is_to_read_only() async {
        let engine = FakeEngine()
        engine.edit { $0.tickets[0].gone = .notHis }
        let model = await model(engine)
        #expect(model.state.value?.canWrite == false)
    }

    @Test func a_draft_survives_the_system_killing_the_app() throws {
        var draft = ReportDraft()
        draft.outcome = .noFaultFound
        draft.signature.draw(x: 1, y: 1, width: 10, height: 10, begins: true)
        let kept = try JSONEncoder().encode(draft)
        #expect(try JSONDecoder().decode(ReportDraft.self, from: kept) == draft)
    }
}
