//! Moments, spans and ages in words, as people read them: "11月20日 周五 14:10" and "Fri 20 Nov 14:10".
//!
//! Moments come in the reader's zone; this module never converts and never asks what time it is.

use super::Stamp;
use crate::words::shared::{
    APR, AUG, DATE, DATE_YEAR, DAY_HOUR, DAY_YEAR, DAYS_AGO, DEC, FEB, FRI, HOUR_MIN, HOURS_AGO, JAN, JUL,
    JUN, JUST_NOW, MAR, MAY, MIN, MIN_AGO, MON, NOV, OCT, SAT, SEP, SUN, THU, TUE, WED,
};
use crate::words::{Lang, Word};
use chrono::{Datelike, Timelike};
use maud::{Markup, html};

const DAYS: [Word; 7] = [MON, TUE, WED, THU, FRI, SAT, SUN];
const MONTHS: [Word; 12] = [JAN, FEB, MAR, APR, MAY, JUN, JUL, AUG, SEP, OCT, NOV, DEC];

/// A planned stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// First moment.
    pub from: Stamp,
    /// Last moment.
    pub to: Stamp,
}

/// "14:10".
pub fn clock(at: Stamp) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// "11月20日 周五" or "Fri 20 Nov", with the year where it is another than that of `now`.
pub fn date(lang: Lang, at: Stamp, now: Stamp) -> String {
    let day = DAYS[at.weekday().num_days_from_monday() as usize];
    let (month, d, year) = (
        MONTHS[at.month0() as usize],
        at.day().to_string(),
        at.year().to_string(),
    );
    let word = if at.year() == now.year() { DATE } else { DAY_YEAR };
    lang.fill(
        word,
        &[
            ("day", lang.t(day)),
            ("d", &d),
            ("month", lang.t(month)),
            ("year", &year),
        ],
    )
}

/// "2026年11月20日" or "20 Nov 2026", for contracts and expiry.
pub fn date_with_year(lang: Lang, at: Stamp) -> String {
    let (month, d, year) = (
        MONTHS[at.month0() as usize],
        at.day().to_string(),
        at.year().to_string(),
    );
    lang.fill(DATE_YEAR, &[("year", &year), ("d", &d), ("month", lang.t(month))])
}

/// Date and time.
pub fn moment(lang: Lang, at: Stamp, now: Stamp) -> String {
    format!("{} {}", date(lang, at, now), clock(at))
}

/// Time alone on the same day as `now`, otherwise date and time.
pub fn short(lang: Lang, at: Stamp, now: Stamp) -> String {
    if at.date_naive() == now.date_naive() {
        clock(at)
    } else {
        moment(lang, at, now)
    }
}

/// "14:10-14:40", with the date unless it is today; a window over midnight names both dates.
pub fn window(lang: Lang, window: Window, now: Stamp) -> String {
    let Window { from, to } = window;
    if from.date_naive() == to.date_naive() {
        format!("{}-{}", short(lang, from, now), clock(to))
    } else {
        format!("{} - {}", moment(lang, from, now), moment(lang, to, now))
    }
}

/// A length: "25 min", "3 h 20 min", "2 d 4 h".
pub fn span(lang: Lang, minutes: i64) -> String {
    let (d, h, m) = (minutes / 1440, minutes / 60, minutes % 60);
    match minutes {
        ..60 => lang.fill(MIN, &[("m", &minutes.max(0).to_string())]),
        60..1440 => lang.fill(HOUR_MIN, &[("h", &h.to_string()), ("m", &m.to_string())]),
        1440.. => lang.fill(DAY_HOUR, &[("d", &d.to_string()), ("h", &(h % 24).to_string())]),
    }
}

/// "6 min ago", counted from `now`.
pub fn age(lang: Lang, at: Stamp, now: Stamp) -> String {
    let minutes = (now - at).num_minutes();
    let with = |word, n: i64| lang.fill(word, &[("n", &n.to_string())]);
    match minutes {
        ..1 => lang.t(JUST_NOW).to_owned(),
        1..60 => with(MIN_AGO, minutes),
        60..2880 => with(HOURS_AGO, minutes / 60),
        2880.. => with(DAYS_AGO, minutes / 1440),
    }
}

/// A `time` element that machines can read too.
pub fn time(at: Stamp, text: &str) -> Markup {
    html! { time datetime=(at.to_rfc3339()) { (text) } }
}

/// A `time` element whose text is an age; scripts keep it current from `data-age`.
pub fn age_time(lang: Lang, at: Stamp, now: Stamp) -> Markup {
    html! { time datetime=(at.to_rfc3339()) data-age=(at.timestamp()) { (age(lang, at, now)) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Stamp {
        Stamp::parse_from_rfc3339(text).expect("a time")
    }

    #[test]
    fn moments_read_as_in_each_language() {
        let friday = at("2026-11-20T14:10:00+08:00");
        assert_eq!(moment(Lang::Zh, friday, friday), "11月20日 周五 14:10"); // sample
        assert_eq!(moment(Lang::En, friday, friday), "Fri 20 Nov 14:10");
        assert_eq!(date_with_year(Lang::Zh, friday), "2026年11月20日"); // sample
    }

    /// "Fri 24 Nov 10:00-12:00" stood for a plan of 2028.
    #[test]
    fn another_year_is_named() {
        let now = at("2026-11-20T14:10:00+08:00");
        let (from, to) = (at("2028-11-24T10:00:00+08:00"), at("2028-11-24T12:00:00+08:00"));
        let plan = Window { from, to };
        assert_eq!(window(Lang::En, plan, now), "Fri 24 Nov 2028 10:00-12:00");
        assert_eq!(window(Lang::Zh, plan, now), "2028年11月24日 周五 10:00-12:00"); // sample
        let eve = at("2026-12-31T22:00:00+08:00");
        let plan = Window {
            from: eve,
            to: at("2027-01-01T02:00:00+08:00"),
        };
        assert_eq!(
            window(Lang::En, plan, now),
            "Thu 31 Dec 22:00 - Fri 1 Jan 2027 02:00"
        );
        assert_eq!(
            short(Lang::En, at("2025-11-20T14:10:00+08:00"), now),
            "Thu 20 Nov 2025 14:10"
        );
    }

    #[test]
    fn windows_name_the_date_only_when_it_is_not_today() {
        let (from, to) = (at("2026-11-20T14:10:00+08:00"), at("2026-11-20T14:40:00+08:00"));
        let eta = Window { from, to };
        assert_eq!(
            window(Lang::En, eta, at("2026-11-20T08:00:00+08:00")),
            "14:10-14:40"
        );
        assert_eq!(
            window(Lang::En, eta, at("2026-11-19T08:00:00+08:00")),
            "Fri 20 Nov 14:10-14:40"
        );
    }

    #[test]
    fn ages_and_spans_change_unit() {
        let now = at("2026-11-20T14:10:00+08:00");
        assert_eq!(age(Lang::En, at("2026-11-20T14:09:30+08:00"), now), "just now");
        assert_eq!(age(Lang::En, at("2026-11-20T14:04:00+08:00"), now), "6 min ago");
        assert_eq!(age(Lang::En, at("2026-11-17T14:04:00+08:00"), now), "3 d ago");
        assert_eq!(span(Lang::En, 200), "3 h 20 min");
        assert_eq!(span(Lang::Zh, 1500), "1 天 1 小时"); // sample
    }
}
