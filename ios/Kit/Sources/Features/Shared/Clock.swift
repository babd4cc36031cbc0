import Foundation

/// The time and the zone where the engineer is. Tests bring their own.
public struct Clock: Sendable {
    private let read: @Sendable () -> Date
    public let calendar: Calendar

    public init(calendar: Calendar = .current, now: @escaping @Sendable () -> Date = { Date() }) {
        self.calendar = calendar
        read = now
    }

    public var nowMs: Int64 { read().ms }

    /// Midnight, when today ends.
    public var dayEndMs: Int64 {
        let today = calendar.startOfDay(for: read())
        return (calendar.date(byAdding: .day, value: 1, to: today) ?? today.addingTimeInterval(86_400)).ms
    }
}

extension Date {
    public init(ms: Int64) { self.init(timeIntervalSince1970: Double(ms) / 1000) }
    public var ms: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }
}
