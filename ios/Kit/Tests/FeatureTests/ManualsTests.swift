import Engine
import EngineFake
import Foundation
import Testing

@testable import Features

@MainActor
@Suite struct ManualsTests {
    @Test func an_answer_belongs_to_the_query_on_the_screen() async {
        let engine = FakeEngine()
        let model = ManualsModel(engine)
        engine.gate.close("search a1")
        let older = Task { await model.find("a1") }
        await eventually("the older query waits") { engine.gate.count("search a1") == 1 }
        await model.find("m1")
        engine.gate.open("search a1")
        await older.value
        #expect(model.lines.value?.map(\.article) == ["m1"] && model.query == "m1")
    }

    @Test func what_is_written_beside_a_section_is_there_at_once() async {
        let model = ArticleModel(FakeEngine(), article: "a1")
        await model.read()
        model.write(beside: "s-a1", beginning: "现象：")
        #expect(model.writing && model.draft == "现象：")
        model.draft = "  "
        let empty = await model.save()
        model.draft = " 清理后恢复 "
        let saved = await model.save()
        #expect(!empty && saved && !model.writing && model.draft.isEmpty)
        #expect(model.notes(beside: "s-a1").map(\.text) == ["清理后恢复"] && model.notes(beside: nil).isEmpty)
    }

    @Test func what_could_not_be_saved_stays_in_the_field() async {
        let engine = FakeEngine()
        let model = ArticleModel(engine, article: "a1")
        await model.read()
        engine.fail("annotate", with: Samples.problem("disk_full"))
        model.write(beside: nil, beginning: "新办法")
        let saved = await model.save()
        #expect(!saved && model.writing && model.draft == "新办法" && model.tap.problem?.code == "disk_full")
    }

    @Test func a_file_that_cannot_be_fetched_now_says_why() async throws {
        let engine = FakeEngine()
        let model = ArticleModel(engine, article: "a1")
        await model.read()
        let file = try #require(model.state.value?.files.first)
        engine.fail("fileBytes", with: Samples.problem("network_metered"))
        let nothing = await model.open(file)
        #expect(nothing == nil && model.tap.problem?.code == "network_metered" && model.fetching == nil)
        engine.fail("fileBytes", with: nil)
        engine.edit { $0.bytes[file.operation] = Data([1, 2]) }
        let bytes = await model.open(file)
        #expect(bytes == Data([1, 2]) && model.tap.problem == nil)
    }
}
