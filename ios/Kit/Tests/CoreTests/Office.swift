import Engine
import Foundation

/// HQ of the shared journey, on the real program: `tests/journey/office.py`.
final class Office {
    let said: [String: Any]
    private let child: Child

    /// The root of the tree.
    static let root = URL(fileURLWithPath: #filePath).pathComponents.dropLast(5).joined(separator: "/").dropFirst(1)

    init() throws {
        child = try Child("python3", ["\(Self.root)/tests/journey/office.py"])
        said = try child.json()
    }

    func text(_ key: String) -> String { said[key] as? String ?? "" }
    var ticket: String { text("ticket") }

    func ask(_ command: String) throws -> [String: Any] {
        child.say(command)
        return try child.json()
    }

    /// The link that HQ shows as a QR code.
    func invitation() throws -> String {
        let code = try ask("code")["code"] as? String ?? ""
        return "fieldline://enrol?server=\(text("address"))&code=\(code)"
    }

    func close() { child.end() }

    /// A phone of the engineer's that holds his ticket.
    func phone(_ folder: Folder, _ name: String = "phone") async throws -> RustEngine {
        let engine = try await RustEngine.open(folder.config(name))
        try await engine.enrol(try invitation(), name: name)
        _ = try await engine.sync(limitMs: 60_000)
        return engine
    }

    static func file(_ name: String) throws -> [String: Any] {
        let data = try Data(contentsOf: URL(fileURLWithPath: "\(root)/tests/journey/\(name)"))
        return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    }
}

/// A folder that is gone with the test.
final class Folder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("fieldline-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func config(_ name: String = "phone") -> PhoneConfig {
        PhoneConfig(path: url.appendingPathComponent("\(name).db").path, app: "ios test")
    }
}
