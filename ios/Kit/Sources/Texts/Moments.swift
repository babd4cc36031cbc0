import Engine
import Foundation

/// Times for people: 24 hours, the phone's zone, no date where it is today.
public struct Moments: Sendable {
    public let lang: Lang
    public let nowMs: Int64
    private let calendar: Calendar

    public init(lang: Lang, nowMs: Int64, calendar: Calendar = .current) {
        self.lang = lang
        self.nowMs = nowMs
        // Dates are told by the calendar of both languages, whatever the phone is set to.
        var gregorian = Calendar(identifier: .gregorian)
        gregorian.timeZone = calendar.timeZone
        self.calendar = gregorian
    }

    /// `11月20日 周五`, `Fri 20 Nov`.
    public func day(_ ms: Int64) -> String {
        let parts = calendar.dateComponents([.month, .day, .weekday], from: date(ms))
        let (month, day, weekday) = (parts.month ?? 1, parts.day ?? 1, (parts.weekday ?? 1) - 1)
        return switch lang {
        case .zh: "\(month)月\(day)日 周\(Self.weekdaysZh[weekday])"
        case .en: "\(Self.weekdaysEn[weekday]) \(day) \(Self.monthsEn[month - 1])"
        }
    }

    /// `08:03`.
    public func time(_ ms: Int64) -> String {
        let parts = calendar.dateComponents([.hour, .minute], from: date(ms))
        return "\(Self.two(parts.hour ?? 0)):\(Self.two(parts.minute ?? 0))"
    }

    /// `14:10` today, `11月20日 周五 14:10` on another day.
    public func moment(_ ms: Int64) -> String {
        calendar.isDate(date(ms), inSameDayAs: date(nowMs)) ? time(ms) : "\(day(ms)) \(time(ms))"
    }

    /// `14:00–16:00`, with the day where it is not today.
    public func span(_ startMs: Int64, _ endMs: Int64?) -> String {
        moment(startMs) + (endMs.map { "–\(time($0))" } ?? "")
    }

    /// How long, in the two units that matter.
    public func length(_ ms: Int64) -> String {
        let minutes = ms.magnitude / 60_000
        let (days, hours, left) = (minutes / 1440, minutes % 1440 / 60, minutes % 60)
        if days > 0 { return Word.daysHours.of(lang, days, hours) }
        return hours > 0 ? Word.hoursMinutes.of(lang, hours, left) : Word.minutes.of(lang, left)
    }

    /// `3 min ago`.
    public func ago(_ ms: Int64) -> String {
        nowMs - ms < 60_000 ? Word.justNow.of(lang) : Word.ago.of(lang, length(nowMs - ms))
    }

    /// An ISO date as it is read here; the text itself where it is none.
    public func date(iso: String) -> String {
        let parts = iso.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3, (1...12).contains(parts[1]) else { return iso }
        return switch lang {
        case .zh: "\(parts[0])年\(parts[1])月\(parts[2])日"
        case .en: "\(parts[2]) \(Self.monthsEn[parts[1] - 1]) \(parts[0])"
        }
    }

    /// The last day still counts.
    public func isOver(iso: String) -> Bool {
        let parts = calendar.dateComponents([.year, .month, .day], from: date(nowMs))
        return iso < "\(parts.year ?? 0)-\(Self.two(parts.month ?? 1))-\(Self.two(parts.day ?? 1))"
    }

    private func date(_ ms: Int64) -> Date { Date(timeIntervalSince1970: Double(ms) / 1000) }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }

    private static let weekdaysZh = ["日", "一", "二", "三", "四", "五", "六"]
    private static let weekdaysEn = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let monthsEn = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
