import Engine
import Foundation
import Testing

@testable import Texts

@Suite struct MomentTests {
    /// 20 November 2026, 09:00 in Shanghai.
    private let now: Int64 = 1_795_136_400_000
    private let hour: Int64 = 3_600_000

    private func moments(_ lang: Lang) throws -> Moments {
        var calendar = Calendar(identifier: .buddhist)
        calendar.timeZone = try #require(TimeZone(identifier: "Asia/Shanghai"))
        return Moments(lang: lang, nowMs: now, calendar: calendar)
    }

    @Test func today_needs_no_date_and_another_day_has_one() throws {
        let (zh, en) = (try moments(.zh), try moments(.en))
        #expect(zh.moment(now + 5 * hour) == "14:00")
        #expect(zh.moment(now + 29 * hour) == "11月21日 周六 14:00")
        #expect(en.moment(now + 29 * hour) == "Sat 21 Nov 14:00")
        #expect(en.span(now, now + hour) == "09:00–10:00")
        #expect(zh.day(now) == "11月20日 周五")
    }

    @Test func lengths_have_the_two_units_that_matter() throws {
        let en = try moments(.en)
        #expect(en.length(50 * 60_000) == "50 min")
        #expect(en.length(-125 * 60_000) == "2 h 5 min")
        #expect(en.length(26 * hour) == "1 d 2 h")
        #expect(en.ago(now - 30_000) == "just now")
        #expect(try moments(.zh).ago(now - 3 * 60_000) == "3 分钟前")
    }

    @Test func the_last_day_of_a_warranty_still_counts() throws {
        let zh = try moments(.zh)
        #expect(!zh.isOver(iso: "2026-11-20") && zh.isOver(iso: "2026-11-19"))
        #expect(zh.date(iso: "2027-01-31") == "2027年1月31日" && zh.date(iso: "soon") == "soon")
        #expect(try moments(.en).date(iso: "2027-01-31") == "31 Jan 2027")
    }
}
