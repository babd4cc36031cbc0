import Engine
import EngineFake
import Testing

@testable import Features

@MainActor
@Suite struct BackgroundTests {
    @Test func a_slice_leaves_time_to_leave_and_always_suspends() async {
        let engine = FakeEngine()
        let finished = await BackgroundSlice(engine).sync(limitMs: 25_000)
        #expect(finished && engine.calls == ["sync 23000", "stopLive", "suspend"])
    }

    @Test func a_slice_without_a_network_suspends_too() async {
        let engine = FakeEngine()
        engine.fail("sync", with: Samples.problem("no_answer"))
        let finished = await BackgroundSlice(engine).sync(limitMs: 25_000)
        #expect(!finished && engine.calls.last == "suspend")
    }

    @Test func a_slice_that_is_called_off_suspends_too() async {
        let engine = FakeEngine()
        engine.gate.close("sync")
        let slice = Task { await BackgroundSlice(engine).sync(limitMs: 25_000) }
        await eventually("the sync waits") { engine.gate.count("sync") == 1 }
        slice.cancel()
        let finished = await slice.value
        #expect(!finished && engine.calls.last == "suspend")
    }

    @Test func too_short_a_slice_begins_nothing() async {
        let engine = FakeEngine()
        let finished = await BackgroundSlice(engine).sync(limitMs: 2_500)
        #expect(!finished && engine.calls == ["stopLive", "suspend"])
    }

    @Test func the_receiver_runs_only_while_he_travels() async {
        let engine = FakeEngine()
        let travel = Travel(engine, clock: sampleClock())
        await travel.look()
        #expect(travel.receiver == .off)
        await travel.fix(Place(lat: 31, lon: 121), accuracyM: 8)
        #expect(engine.calls.isEmpty, "nobody is told where he is when he does not travel")
        engine.edit { $0.position = .travelling(ticket: "t1") }
        await travel.look()
        #expect(travel.receiver == .on(everyS: 20))
        engine.edit { $0.position = .paused }
        await travel.look()
        #expect(travel.receiver == .off)
    }

    @Test func fixes_that_come_too_fast_are_let_go_and_arriving_ends_them() async {
        let engine = FakeEngine()
        engine.edit { $0.position = .travelling(ticket: "t1") }
        let travel = Travel(engine, clock: sampleClock())
        await travel.look()
        let here = Place(lat: 31, lon: 121)
        await travel.fix(here, accuracyM: 8)
        engine.edit { $0.position = .notTravelling }
        await travel.fix(here, accuracyM: 8)
        #expect(engine.calls == ["position"] && travel.receiver == .on(everyS: 20))
        await travel.look()
        #expect(travel.receiver == .off)
    }
}
