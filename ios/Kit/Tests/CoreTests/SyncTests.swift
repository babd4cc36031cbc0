import Engine
import Features
import Foundation
import Testing

/// What goes on beside the screens: news, calling off, sleeping, meeting a colleague.
@Suite(.serialized) struct SyncTests {
    @Test func a_change_is_told_to_every_screen_that_listens() async throws {
        let (office, folder) = (try Office(), try Folder())
        let engine = try await office.phone(folder)
        let (one, two) = (engine.changes(), engine.changes())
        _ = try await engine.perform(.note(text: "x"), on: office.ticket)
        for stream in [one, two] {
            var told = false
            for await what in stream where what.tickets.contains(office.ticket) {
                told = true
                break
            }
            #expect(told)
        }
        await engine.shut()
        office.close()
    }

    @Test func who_is_slow_finds_the_news_put_together() async throws {
        let news = News()
        let stream = news.stream()
        news.changed(what: WhatChanged(tickets: ["a"], articles: [], rows: false, status: true))
        news.changed(what: WhatChanged(tickets: ["b"], articles: ["c"], rows: true, status: false))
        news.end()
        var told: [WhatChanged] = []
        for await what in stream { told.append(what) }
        #expect(told.count == 1 && Set(told[0].tickets) == ["a", "b"] && told[0].articles == ["c"])
        #expect(told[0].rows && told[0].status)
        var late = news.stream().makeAsyncIterator()
        let nothing = await late.next()
        #expect(nothing == nil, "news that have ended tell nobody any more")
    }

    @Test func a_cancelled_task_calls_its_sync_off_at_once() async throws {
        let (office, folder) = (try Office(), try Folder())
        let engine = try await office.phone(folder)
        _ = try office.ask("stop")
        // Somebody who takes the call and never answers.
        let port = try #require(office.text("address").split(separator: ":").last)
        let mute = try Child("python3", ["-uc", Self.mute, String(port)])
        #expect(mute.line() == "ready")
        let sync = Task { try await engine.sync(limitMs: 30_000) }
        #expect(mute.line() == "called")
        sync.cancel()
        let ended = await sync.result
        switch ended {
        case .success(let synced): #expect(synced.calledOff && !synced.finished)
        case .failure(let error): #expect(Problem(error).isCalledOff, "\(error)")
        }
        // The next one is not called off with it.
        mute.kill()
        _ = try office.ask("start")
        let next = try await engine.sync(limitMs: 60_000)
        #expect(next.finished && !next.calledOff)
        await engine.shut()
        office.close()
    }

    private static let mute = """
        import socket, sys
        door = socket.socket()
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("127.0.0.1", int(sys.argv[1])))
        door.listen()
        print("ready")
        call, _ = door.accept()
        print("called")
        while call.recv(4096):
            pass
        """

    @Test func a_suspended_store_is_free_of_locks_and_goes_on_with_the_next_tap() async throws {
        let (office, folder) = (try Office(), try Folder())
        let engine = try await office.phone(folder)
        try await engine.startLive()
        _ = try await engine.perform(.note(text: "before"), on: office.ticket)
        await BackgroundSlice(engine).sleep()
        let locked = try Child("python3", ["-uc", Self.look, folder.config().path])
        #expect(locked.line() == "free")
        _ = try await engine.perform(.note(text: "after"), on: office.ticket)
        let finished = await BackgroundSlice(engine).sync(limitMs: 60_000)
        #expect(finished)
        #expect(try await engine.status().unsent == 0)
        await engine.shut()
        office.close()
    }

    /// Writes beside it, which a lock of the database would refuse.
    private static let look = """
        import sqlite3, sys
        store = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
        store.execute("BEGIN IMMEDIATE")
        store.execute("ROLLBACK")
        print("free")
        """

    @MainActor
    @Test func two_phones_without_a_network_hand_work_over() async throws {
        let (office, folder) = (try Office(), try Folder())
        let mine = try await office.phone(folder, "mine")
        let other = try await office.phone(folder, "other")
        _ = try office.ask("stop")
        _ = try await mine.perform(.note(text: "无信号"), on: office.ticket)
        let (waits, joins) = (ExchangeModel(mine, address: "127.0.0.1"), ExchangeModel(other))
        waits.show()
        var code = ""
        while waits.isUnderWay, code.isEmpty {
            if case .waiting(let shown) = waits.state { code = shown }
            try await Task.sleep(nanoseconds: 5_000_000)
        }
        joins.scanned(code)
        await waits.ended()
        await joins.ended()
        guard case .met(let gave) = waits.state, case .met(let took) = joins.state else {
            Issue.record("\(waits.state) \(joins.state)")
            return
        }
        #expect(gave.handed == .taken(operations: 1, carried: 1, known: 0, refused: 0), "\(gave)")
        #expect(took.taken?.carried == 1)
        // The other phone brings it to HQ.
        _ = try office.ask("start")
        _ = try await other.sync(limitMs: 60_000)
        let events = try #require(try office.ask("record")["events"] as? [[String: Any]])
        #expect(events.contains { $0["act"] as? String == "note" })
        await mine.shut()
        await other.shut()
        office.close()
    }
}
