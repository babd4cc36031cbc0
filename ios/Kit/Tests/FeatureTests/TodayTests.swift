import Engine
import EngineFake
import Testing

@testable import Features

@MainActor
@Suite struct TodayTests {
    @Test func the_first_visit_stands_in_front_and_the_rest_follow_in_order() async {
        let model = TodayModel(FakeEngine(), clock: sampleClock())
        await model.read()
        #expect(model.state.value?.front?.ticket == "t1")
        #expect(model.state.value?.rest.map(\.ticket) == ["t2", "t3"])
    }

    @Test func a_visit_under_way_comes_before_an_earlier_one() async {
        let engine = FakeEngine()
        engine.edit { $0.lines[1].phase = .working }
        let model = TodayModel(engine, clock: sampleClock())
        await model.read()
        #expect(model.state.value?.front?.ticket == "t2")
    }

    @Test func what_hq_or_a_colleague_took_is_never_put_in_front() async {
        let engine = FakeEngine()
        engine.edit { world in
            world.lines[0].withdrawn = true
            world.lines[1].acceptedNotAtHq = true
            world.lines[2].phase = .taken
        }
        let model = TodayModel(engine, clock: sampleClock())
        await model.read()
        #expect(model.state.value?.front == nil && model.state.value?.rest.count == 3)
    }

    @Test func one_tap_is_on_the_disk_before_the_screen_moves() async {
        let engine = FakeEngine()
        let model = TodayModel(engine, clock: sampleClock())
        await model.read()
        engine.gate.close("perform")
        let line = Samples.line("t1", visit: "v1")
        let tap = Task { await model.step(.accept, on: line) }
        await eventually("the tap waits for the disk") { engine.gate.count("perform") == 1 }
        #expect(model.tap.busy && model.state.value?.front?.phase == .offered)
        let second = Task { await model.step(.accept, on: line) }
        await Task.yield()
        engine.gate.open("perform")
        await tap.value
        await second.value
        #expect(engine.acts == [.accept(visit: "v1")], "a second tap while the first is written does nothing")
        #expect(!model.tap.busy && model.state.value?.front?.phase == .accepted)
    }

    @Test func the_button_in_front_offers_only_what_asks_nothing() {
        #expect(VisitPhase.offered.oneTap == .accept && VisitPhase.working.oneTap == nil)
        #expect(Step(.decline) == .ask(.decline) && Step(.finish) == .report && Step(.couldNot) == .report)
    }

    @Test func a_failed_tap_says_what_happened_and_changes_nothing() async {
        let engine = FakeEngine()
        engine.fail("perform", with: Samples.problem("disk_full"))
        let model = TodayModel(engine, clock: sampleClock())
        await model.read()
        await model.step(.accept, on: Samples.line("t1", visit: "v1"))
        #expect(model.tap.problem?.code == "disk_full")
        #expect(model.state.value?.front?.phase == .offered)
    }

    @Test func a_phone_that_is_nobodys_says_so() async {
        let engine = FakeEngine()
        engine.edit { $0.status.enrolled = false }
        let model = TodayModel(engine, clock: sampleClock())
        await model.read()
        #expect(model.state.value?.enrolled == false && model.state.value?.isEmpty == true)
    }

    @Test func a_revoked_phone_shows_its_day_and_says_so() async {
        let engine = FakeEngine()
        engine.edit { $0.status.revoked = true }
        let model = TodayModel(engine, clock: sampleClock())
        await model.read()
        #expect(model.state.value?.revoked == true && model.state.value?.front != nil)
    }

    @Test func the_screen_follows_what_changes() async {
        let engine = FakeEngine()
        let model = TodayModel(engine, clock: sampleClock())
        let following = Task { await model.follow() }
        await eventually("the first read") { model.state.value != nil }
        engine.edit { $0.lines.removeFirst() }
        await eventually("the change") { model.state.value?.front?.ticket == "t2" }
        following.cancel()
        await following.value
    }

    @Test func an_unreadable_store_is_told_with_words() async {
        let engine = FakeEngine()
        engine.fail("status", with: Samples.problem("store_damaged"))
        let model = TodayModel(engine, clock: sampleClock())
        await model.read()
        #expect(model.state.problem?.code == "store_damaged")
    }
}
