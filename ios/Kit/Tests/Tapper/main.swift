import Engine
import Foundation

// Writes notes on a ticket until somebody ends the process, and says so before and after each.
//   tapper STORE TICKET
let (store, ticket) = (CommandLine.arguments[1], CommandLine.arguments[2])
let engine = try await RustEngine.open(PhoneConfig(path: store, app: "tapper"))
for number in 1... {
    say("tap \(number)")
    _ = try await engine.perform(.note(text: "note \(number)"), on: ticket)
    say("saved \(number)")
}

/// Past every buffer: what is said is said before the process can end.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
