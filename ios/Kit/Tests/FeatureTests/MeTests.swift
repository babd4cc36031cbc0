import Engine
import EngineFake
import Testing

@testable import Features

@MainActor
@Suite struct MeTests {
    @Test func the_badge_counts_what_is_not_at_hq_and_what_wants_reading() async {
        let engine = FakeEngine()
        engine.edit { world in
            world.status.unsent = 7
            world.status.cards = [Samples.card("o1")]
        }
        let model = SyncModel(engine)
        await model.read()
        #expect(model.unsent == 7 && model.attention == 1 && model.enrolled && !model.revoked)
    }

    @Test func offline_is_a_state_and_no_alarm() async {
        let engine = FakeEngine()
        engine.fail("sync", with: Samples.problem("connection_refused"))
        let model = SyncModel(engine)
        await model.sync()
        #expect(model.isOffline && model.reached == .no(Samples.problem("connection_refused")))
        engine.fail("sync", with: nil)
        await model.sync()
        #expect(!model.isOffline && model.reached == .yes)
    }

    @Test func a_second_tap_on_sync_does_nothing_and_one_can_call_it_off() async {
        let engine = FakeEngine()
        let model = SyncModel(engine)
        engine.gate.close("sync")
        let first = Task { await model.sync() }
        await eventually("the sync waits") { engine.gate.count("sync") == 1 }
        #expect(model.reached == .trying)
        await model.sync()
        model.cancel()
        await first.value
        #expect(engine.calls.filter { $0.hasPrefix("sync") }.count == 1 && model.reached == .notTried)
    }

    @Test func a_card_is_read_put_away_done_again_or_kept() async {
        let engine = FakeEngine()
        engine.edit { $0.status.cards = [Samples.card("o1"), Samples.card("o2", .overruled, kind: .finish)] }
        let model = TruthModel(engine)
        await model.read()
        let card = model.state.value?.cards.first
        #expect(card?.again == .note(ticket: "t1", text: "换了风机"))
        #expect(model.state.value?.cards.last?.again == .report(ticket: "t1", text: "换了风机"))
        #expect(card?.copy(.zh).contains("换了风机") == true && card?.copy(.en).contains("The ticket is closed") == true)
        await model.dismiss("o1")
        #expect(model.state.value?.cards.map(\.operation) == ["o2"])
    }

    @Test func switches_are_saved_one_by_one() async {
        let engine = FakeEngine()
        let model = MeModel(engine)
        await model.setWifiOnly(false)
        #expect(engine.see { $0.settings.wifiOnly }, "nothing is switched before it was read")
        await model.read()
        await model.setWifiOnly(false)
        await model.setPosition(false)
        #expect(model.state.value?.settings == PhoneSettings(wifiOnly: false, positionPaused: true))
    }

    @Test func enrolling_asks_hq_once_and_fetches_the_day() async {
        let engine = FakeEngine()
        engine.edit { $0.status.enrolled = false }
        let model = EnrolModel(engine, device: " 王磊的手机 ")
        #expect(!model.canEnrol)
        await model.scanned(" fieldline://x ")
        #expect(model.done && model.link.isEmpty)
        #expect(engine.calls == ["enrol fieldline://x 王磊的手机", "sync 120000"])
    }

    @Test func a_code_that_is_used_up_changes_nothing_and_says_why() async {
        let engine = FakeEngine()
        engine.fail("enrol", with: Samples.problem("code_used"))
        let model = EnrolModel(engine, device: "x")
        model.link = "fieldline://y"
        await model.enrol()
        #expect(!model.done && model.tap.problem?.code == "code_used" && model.link == "fieldline://y")
        #expect(engine.calls.isEmpty)
    }

    @Test func two_phones_meet_or_call_it_off() async {
        let engine = FakeEngine()
        let model = ExchangeModel(engine)
        engine.gate.close("meet")
        model.show()
        await eventually("the code is shown") { model.state == .waiting(code: "meet") }
        model.scanned("other")
        #expect(model.state == .waiting(code: "meet"), "one meeting at a time")
        await model.leave()
        #expect(model.state == .idle && !model.isUnderWay)
        engine.gate.open("meet")
        model.scanned("other")
        await model.ended()
        #expect(model.state == .met(Samples.meet))
    }
}
