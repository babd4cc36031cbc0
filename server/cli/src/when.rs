//! Times as people read them, in the company's zone.
//!
//! The zone is China's unless FIELDLINE_ZONE names another, for instance `+01:00`. The one clock of this program that
//! is not the engine's or the server's is read here.

use chrono::{FixedOffset, Utc};
use fieldline_model::time::{DeviceTime, Timestamp};
use fieldline_server::page::{Stamp, when};
use fieldline_server::words::Lang;

/// China has one zone and no summer time.
const ZONE_DEFAULT_SECONDS: i32 = 8 * 3_600;

/// Writes times.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    lang: Lang,
    now: Stamp,
}

impl Clock {
    /// A clock that stands at this moment.
    pub(crate) fn at(lang: Lang, now: Timestamp, zone: FixedOffset) -> Self {
        Self {
            lang,
            now: now.to_utc().with_timezone(&zone),
        }
    }

    /// The machine's clock, now.
    pub(crate) fn system(lang: Lang) -> Self {
        let zone = std::env::var("FIELDLINE_ZONE")
            .ok()
            .and_then(|zone| zone.parse().ok());
        Self::at(lang, now(), zone.unwrap_or_else(china))
    }

    /// "14:10" today, otherwise with the date.
    pub(crate) fn short(&self, at: Timestamp) -> String {
        when::short(self.lang, self.stamp(at), self.now)
    }

    /// "14:10 +08:00": where it is the only time, or says the zone of all.
    pub(crate) fn zoned(&self, at: Timestamp) -> String {
        format!("{} {}", self.short(at), self.zone())
    }

    /// "+08:00".
    pub(crate) fn zone(&self) -> String {
        self.now.offset().to_string()
    }

    /// Minutes east of UTC.
    pub(crate) fn utc_offset_minutes(&self) -> i32 {
        self.now.offset().local_minus_utc() / 60
    }

    /// "09:00-11:00" today, otherwise with the date.
    pub(crate) fn window(&self, from: Timestamp, to: Timestamp) -> String {
        when::window(
            self.lang,
            when::Window {
                from: self.stamp(from),
                to: self.stamp(to),
            },
            self.now,
        )
    }

    /// Today as an ISO date.
    pub(crate) fn today(&self) -> String {
        self.now.date_naive().to_string()
    }

    /// "6 min ago".
    pub(crate) fn age(&self, at: Timestamp) -> String {
        when::age(self.lang, self.stamp(at), self.now)
    }

    /// This very moment.
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_ms(self.now.with_timezone(&Utc).timestamp_millis())
    }

    fn stamp(&self, at: Timestamp) -> Stamp {
        at.to_utc().with_timezone(self.now.offset())
    }
}

fn china() -> FixedOffset {
    FixedOffset::east_opt(ZONE_DEFAULT_SECONDS).expect("eight hours is an offset")
}

/// The machine's clock.
#[expect(
    clippy::disallowed_methods,
    reason = "the terminal is a shell: the one place of this program that reads it"
)]
pub(crate) fn now() -> Timestamp {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::from_ms(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// The moment of an operation. A terminal has no clock that survives its end, so there is no boot to count from.
pub(crate) fn device_time() -> DeviceTime {
    DeviceTime {
        wall: now(),
        boot: 0,
        up_ms: 0,
        offset_ms: None,
    }
}

/// Fills a buffer with random bytes.
pub(crate) fn random(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the operating system has a random source, or no key would be safe");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_today_need_no_date() {
        let noon = Timestamp::from_ms(1_795_147_200_000); // 2026-11-20 12:00 +08:00
        let clock = Clock::at(Lang::En, noon, china());
        assert_eq!(clock.short(noon.plus_ms(600_000)), "12:10");
        assert_eq!(
            clock.window(noon.plus_ms(86_400_000), noon.plus_ms(90_000_000)),
            "Sat 21 Nov 12:00-13:00"
        );
        assert_eq!(clock.now(), noon);
        assert_eq!(clock.zoned(noon), "12:00 +08:00");
    }
}
