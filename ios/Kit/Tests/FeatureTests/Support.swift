import Engine
import EngineFake
import Foundation
import Testing

@testable import Features

/// The samples' day in Shanghai: 17:00 there.
func sampleClock(plusMs: Int64 = 0) -> Clock {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(identifier: "Asia/Shanghai") ?? .gmt
    return Clock(calendar: calendar) { Date(ms: Samples.nowMs + plusMs) }
}

/// Waits until something is so. It polls because what it waits for runs elsewhere; a limit stands for a hang, not for a speed.
@MainActor
func eventually(_ what: Comment, _ holds: () -> Bool) async {
    for _ in 0..<2_000 {
        if holds() { return }
        try? await Task.sleep(nanoseconds: 5_000_000)
    }
    Issue.record("never came: \(what)")
}
