import Engine
import Features
import Foundation
import Testing

/// What the core refuses arrives as a problem with a code and words in both languages, and nothing is changed.
@Suite(.serialized) struct ErrorTests {
    private func code(_ what: () async throws -> Void) async -> String {
        do { try await what() } catch let problem as Problem {
            #expect(!problem.words.zh.isEmpty && !problem.words.en.isEmpty && problem.words.zh != problem.words.en, "\(problem)")
            return problem.code
        } catch {
            Issue.record("\(error) is no problem")
        }
        return "none"
    }

    @Test func a_phone_that_is_nobodys_says_so_and_saves_nothing() async throws {
        let folder = try Folder()
        let engine = try await RustEngine.open(folder.config())
        #expect(await code { _ = try await engine.perform(.note(text: "x"), on: "nonsense") } == "bad_id")
        #expect(await code { _ = try await engine.perform(.note(text: "x"), on: "01KANNVJ7M4W8QX2ZT5H3CEB9D") } == "not_enrolled")
        #expect(await code { try await engine.enrol("https://hq.example/nothing", name: "x") } == "bad_link")
        #expect(await code { _ = try await engine.joinColleague("x") } == "meeting_code_unknown")
        #expect(await code { _ = try await engine.importBundle(Data([1])) } == "bundle_unknown")
        #expect(await code { _ = try await engine.sync(limitMs: 100) } == "not_enrolled")
        #expect(try await engine.whoAmI() == nil)
        #expect(try await engine.status().enrolled == false)
        await engine.shut()
    }

    @Test func one_store_is_open_once_and_again_after_it_was_shut() async throws {
        let folder = try Folder()
        let engine = try await RustEngine.open(folder.config())
        #expect(await code { _ = try await RustEngine.open(folder.config()) } == "store_busy")
        await engine.shut()
        #expect(await code { _ = try await engine.status() } == "phone_shut")
        let again = try await RustEngine.open(folder.config())
        #expect(try await again.status().enrolled == false)
        await again.shut()
    }

    @Test func a_key_of_another_length_is_no_key() async throws {
        var config = try Folder().config()
        config.key = Data(count: 31)
        let asked = config
        #expect(await code { _ = try await RustEngine.open(asked) } == "bad_key")
    }

    @Test func rules_are_told_at_the_tap_and_nobody_answering_is_offline() async throws {
        let (office, folder) = (try Office(), try Folder())
        let engine = try await office.phone(folder)
        let visit = office.text("visit")
        #expect(await code { _ = try await engine.perform(.start(visit: visit), on: office.ticket) } == "not_now")
        #expect(await code { _ = try await engine.perform(.note(text: " "), on: office.ticket) } == "text_missing")
        let bad = NewPhoto(bytes: Data([1, 2, 3]), shows: .before)
        #expect(await code { _ = try await engine.addPhoto(bad, to: office.ticket) } == "photo_unreadable")
        #expect(try await engine.status().unsent == 0)
        _ = try office.ask("stop")
        do {
            _ = try await engine.sync(limitMs: 60_000)
            Issue.record("nobody answered")
        } catch { #expect(Problem(error).isOffline, "\(error)") }
        await engine.shut()
        office.close()
    }
}
