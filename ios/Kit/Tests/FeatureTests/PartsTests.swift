import Engine
import EngineFake
import Testing

@testable import Features

@MainActor
@Suite struct PartsTests {
    private func model(_ engine: FakeEngine, ticket: String? = "t1") async -> PartsModel {
        let model = PartsModel(engine, ticket: ticket)
        await model.read()
        return model
    }

    @Test func the_van_comes_first_and_everything_on_request() async {
        let model = await model(FakeEngine())
        #expect(model.state.value?.lines.map(\.part) == ["p1"])
        await model.look(myVan: false)
        #expect(model.state.value?.lines.map(\.part) == ["p1", "p2"])
        await model.find("F-p2")
        #expect(model.state.value?.lines.map(\.part) == ["p2"])
    }

    @Test func own_parts_are_used_returned_or_handed_on_and_others_requested() async throws {
        let model = await model(FakeEngine())
        let state = try #require(model.state.value)
        let (mine, far) = (Samples.part("p1", at: "van", quantity: 3), Samples.part("p2", at: "store", quantity: 40))
        #expect(state.deeds(with: mine, ticket: "t1") == [.use, .giveBack, .transfer])
        #expect(state.deeds(with: far, ticket: "t1") == [.request])
        #expect(state.deeds(with: mine, ticket: nil) == [])
        #expect(state.goals(of: .giveBack).map(\.location) == ["store"] && state.goals(of: .transfer).map(\.location) == ["van2"])
    }

    @Test func more_than_was_granted_can_be_used_and_is_said_before() async throws {
        let engine = FakeEngine()
        let model = await model(engine)
        model.choose(try #require(model.state.value?.lines.first))
        model.say(.use)
        #expect(model.saying?.isBeyondGrant == false)
        model.setQuantity(3)
        #expect(model.saying?.isBeyondGrant == true)
        let saved = await model.save()
        #expect(saved && model.saved == .use && model.saying == nil)
        #expect(engine.acts == [.usePart(part: "p1", quantity: 3, from: "van")])
    }

    @Test func nobody_hands_over_what_is_not_there_or_to_nowhere() async throws {
        let engine = FakeEngine()
        engine.edit { $0.places.append(Samples.place("store2")) }
        let model = await model(engine)
        model.choose(try #require(model.state.value?.lines.first))
        model.say(.giveBack)
        model.setQuantity(50)
        #expect(model.saying?.quantity == 3 && model.saying?.to == nil && model.saying?.canSave == false)
        let nowhere = await model.save()
        model.setGoal(Samples.place("store2"))
        let saved = await model.save()
        #expect(!nowhere && saved)
        #expect(engine.acts == [.transferPart(part: "p1", quantity: 3, from: "van", to: "store2")])
    }

    @Test func without_a_ticket_parts_are_only_looked_up() async throws {
        let engine = FakeEngine()
        let model = await model(engine, ticket: nil)
        model.choose(try #require(model.state.value?.lines.first))
        model.say(.use)
        let saved = await model.save()
        #expect(!saved && engine.acts.isEmpty)
    }

    @Test func an_answer_to_an_older_question_is_nobodys() async {
        let engine = FakeEngine()
        let model = await model(engine)
        engine.gate.close("parts F-p2")
        let older = Task { await model.find("F-p2") }
        await eventually("the older question waits") { engine.gate.count("parts F-p2") == 1 }
        await model.find("F-p1")
        engine.gate.open("parts F-p2")
        await older.value
        #expect(model.state.value?.lines.map(\.part) == ["p1"])
    }
}
