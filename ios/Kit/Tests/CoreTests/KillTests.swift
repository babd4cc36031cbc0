import Engine
import Foundation
import Testing

/// Nothing is lost when the system ends the app at any point.
@Suite(.serialized) struct KillTests {
    @Test func what_was_said_to_be_saved_is_there_after_a_kill_between_tap_and_answer() async throws {
        let (office, folder) = (try Office(), try Folder())
        let first = try await office.phone(folder)
        await first.shut()
        var whole = 0
        // Between a tap and its answer, at the very moment of an answer, and once more after many.
        for (stop, least) in [("tap 7", 6), ("saved 9", 9), ("tap 30", 29)] {
            let tapper = try Child(Self.tapper, [folder.config().path, office.ticket])
            var saved = 0
            while let line = tapper.line() {
                if line.hasPrefix("saved") { saved += 1 }
                if line == stop { break }
            }
            tapper.kill()
            whole += saved
            let engine = try await RustEngine.open(folder.config())
            let notes = try await engine.ticket(office.ticket).history.filter { $0.kind == .note }
            #expect(saved == least)
            // Nothing of the tap under way is there, or all of it; it may have gone on while it was being ended.
            #expect(notes.count >= whole, "\(notes.count) of \(whole)")
            #expect(Set(notes.map(\.operation)).count == notes.count)
            whole = notes.count
            let status = try await engine.status()
            #expect(status.unsent == UInt64(whole) && status.missing.isEmpty && status.missingUnnamed == 0)
            await engine.shut()
        }
        let engine = try await RustEngine.open(folder.config())
        _ = try await engine.sync(limitMs: 60_000)
        let status = try await engine.status()
        #expect(status.unsent == 0 && status.atHq == UInt64(whole) && status.cards.isEmpty)
        let events = try #require(try office.ask("record")["events"] as? [[String: Any]])
        #expect(events.filter { $0["act"] as? String == "note" }.count == whole)
        await engine.shut()
        office.close()
    }

    /// Beside the tests' own program.
    private static var tapper: String {
        URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent("tapper").path
    }
}
