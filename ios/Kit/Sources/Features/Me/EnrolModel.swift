import Engine
import Observation

/// Joins the company by HQ's QR code. The one screen that waits for the network, and it says so.
@MainActor
@Observable
public final class EnrolModel {
    public var link = ""
    public var device: String
    public private(set) var done = false
    public let tap = Tapping()
    private let engine: any Engine

    public init(_ engine: any Engine, device: String) {
        self.engine = engine
        self.device = device
    }

    public var canEnrol: Bool { !tap.busy && !link.trimmed.isEmpty }

    /// What the camera read.
    public func scanned(_ text: String) async {
        guard !tap.busy else { return }
        link = text
        await enrol()
    }

    public func enrol() async {
        guard canEnrol else { return }
        let (link, device) = (link.trimmed, device.trimmed)
        done = await tap.save { try await engine.enrol(link, name: device) }
        guard done else { return }
        self.link = ""
        // The first fetch: what comes is shown as it comes, and a lost network now loses nothing.
        _ = try? await engine.sync(limitMs: Self.firstMs)
    }

    /// A first install of a large company takes some exchanges; the rest comes in the background.
    static let firstMs: UInt64 = 120_000
}
