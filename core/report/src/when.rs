//! Moments and lengths as the paper says them. The year always stands: papers are kept.

use chrono::{DateTime, Datelike, FixedOffset, Timelike};
use fieldline_model::reason::Lang;
use fieldline_model::time::Timestamp;

use crate::words::{DATE, HOURS, MINUTES};

/// A zone that is none counts as this, and says so on the paper.
const UTC: i32 = 0;
const MINUTES_OF_HOUR: i64 = 60;

/// A zone by its distance from UTC.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Zone(FixedOffset);

impl Zone {
    pub(crate) fn of(utc_offset_minutes: i32) -> Self {
        let seconds = utc_offset_minutes.checked_mul(60).unwrap_or(UTC);
        let offset = FixedOffset::east_opt(seconds).or(FixedOffset::east_opt(UTC));
        Self(offset.expect("no distance at all is an offset"))
    }

    /// "UTC+08:00".
    pub(crate) fn name(self) -> String {
        format!("UTC{}", self.0)
    }

    fn at(self, at: Timestamp) -> DateTime<FixedOffset> {
        at.to_utc().with_timezone(&self.0)
    }

    /// "2026年11月20日 14:10", "20 Nov 2026 14:10".
    pub(crate) fn moment(self, lang: Lang, at: Timestamp) -> String {
        format!("{} {}", self.date(lang, at), self.clock(at))
    }

    /// "2026年11月20日", "20 Nov 2026".
    pub(crate) fn date(self, lang: Lang, at: Timestamp) -> String {
        let at = self.at(at);
        let (year, month, day) = (at.year(), at.month(), at.day());
        match lang {
            Lang::Zh => {
                let mut units = DATE.zh.chars();
                [year.to_string(), month.to_string(), day.to_string()]
                    .into_iter()
                    .map(|number| format!("{number}{}", units.next().unwrap_or_default()))
                    .collect()
            }
            Lang::En => {
                let name = DATE.en.split(' ').nth(at.month0() as usize).unwrap_or_default();
                format!("{day} {name} {year}")
            }
        }
    }

    /// "14:10" on the day of `day`, otherwise with the date.
    pub(crate) fn short(self, lang: Lang, at: Timestamp, day: Timestamp) -> String {
        if self.at(at).date_naive() == self.at(day).date_naive() {
            self.clock(at)
        } else {
            self.moment(lang, at)
        }
    }

    fn clock(self, at: Timestamp) -> String {
        let at = self.at(at);
        format!("{:02}:{:02}", at.hour(), at.minute())
    }
}

/// "25 min", "3 h 20 min".
pub(crate) fn length(lang: Lang, minutes: i64) -> String {
    let (hours, rest) = (minutes / MINUTES_OF_HOUR, minutes % MINUTES_OF_HOUR);
    if hours == 0 {
        return MINUTES.fill(lang, "", &rest.to_string());
    }
    HOURS.fill(lang, &hours.to_string(), &rest.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-20 06:10 UTC.
    const FRIDAY: Timestamp = Timestamp::from_ms(1_795_155_000_000);

    #[test]
    fn moments_read_as_in_each_language() {
        let zone = Zone::of(480);
        assert_eq!(zone.moment(Lang::Zh, FRIDAY), "2026年11月20日 14:10");
        assert_eq!(zone.moment(Lang::En, FRIDAY), "20 Nov 2026 14:10");
        assert_eq!(zone.short(Lang::En, FRIDAY.plus_ms(60_000), FRIDAY), "14:11");
        assert_eq!(zone.name(), "UTC+08:00");
        assert_eq!(
            (length(Lang::En, 25), length(Lang::Zh, 200)),
            ("25 min".into(), "3 小时 20 分钟".into())
        );
    }

    #[test]
    fn a_zone_and_a_time_that_are_none_are_shown_all_the_same() {
        assert_eq!(Zone::of(i32::MAX).name(), "UTC+00:00");
        for at in [i64::MIN, i64::MAX, -1] {
            for zone in [-1_439, 0, 1_439] {
                assert!(!Zone::of(zone).moment(Lang::Zh, Timestamp::from_ms(at)).is_empty());
            }
        }
    }
}
