import Foundation

/// A program that runs beside a test and talks in lines.
final class Child {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var unread = Data()
    private var over = false

    init(_ program: String, _ arguments: [String]) throws {
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", Self.begin, program] + arguments
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    deinit { kill() }

    /// A child of a dispatch thread has every signal blocked, and so have its own: nobody could ask the server to end.
    private static let begin = """
        import os, signal, sys
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        os.execvp(sys.argv[1], sys.argv[1:])
        """

    func say(_ line: String) { input.fileHandleForWriting.write(Data((line + "\n").utf8)) }

    /// The next line; nothing once the program has ended.
    func line() -> String? {
        while true {
            if let end = unread.firstIndex(of: 10) {
                let line = unread[unread.startIndex..<end]
                unread = Data(unread[(end + 1)...])
                return String(decoding: line, as: UTF8.self)
            }
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { return nil }
            unread.append(more)
        }
    }

    func json() throws -> [String: Any] {
        struct Silent: Error {}
        guard let line = line() else { throw Silent() }
        return try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
    }

    /// As the system ends an app: at once, with nothing put in order.
    func kill() {
        guard !over else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        wait()
    }

    /// Lets it end by itself.
    func end() {
        guard !over else { return }
        try? input.fileHandleForWriting.close()
        wait()
    }

    /// Not Foundation's own wait: that listens on a socket which a program started at the same moment may have inherited.
    private func wait() {
        over = true
        var status: Int32 = 0
        while waitpid(process.processIdentifier, &status, 0) == -1 && errno == EINTR {}
    }
}
