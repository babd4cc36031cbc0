//! The company's zone: moments in and out of what people read and type.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, TimeZone};
use fieldline_model::time::{Timestamp, YEARS};

use crate::app::App;
use crate::page::Stamp;
use crate::store::page_list::utc_offset_minutes;

/// China has one zone and no summer time; a company elsewhere says so in its database (`utc_offset_minutes`).
const OFFSET_MINUTES_DEFAULT: i32 = 8 * 60;

fn offset(minutes: i32) -> Option<FixedOffset> {
    FixedOffset::east_opt(minutes.checked_mul(60)?)
}

/// The zone the company's database names.
pub(crate) fn of_company(app: &App) -> FixedOffset {
    let named = app.store().read_blocking(utc_offset_minutes).ok().flatten();
    let minutes = named.unwrap_or(OFFSET_MINUTES_DEFAULT);
    offset(minutes)
        .or_else(|| offset(OFFSET_MINUTES_DEFAULT))
        .expect("eight hours is an offset")
}

/// A moment in a zone.
pub(crate) fn stamp(at: Timestamp, zone: FixedOffset) -> Stamp {
    at.to_utc().with_timezone(&zone)
}

/// What a `datetime-local` field, or a person without one, typed; of [`YEARS`].
pub(crate) fn typed(text: &str, zone: FixedOffset) -> Option<Timestamp> {
    let text = text.trim().replace('T', " ");
    let formats = ["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"];
    let wall = formats
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(&text, format).ok())
        .filter(|wall| YEARS.contains(&wall.year()))?;
    local(wall, zone)
}

/// The last moment of an ISO day.
pub(crate) fn end_of_day(date: &str, zone: FixedOffset) -> Option<Stamp> {
    let wall = date.parse::<NaiveDate>().ok()?.and_hms_opt(23, 59, 59)?;
    Some(stamp(local(wall, zone)?, zone))
}

/// Midnight before and midnight after a moment.
pub(crate) fn day_of(at: Timestamp, zone: FixedOffset) -> (Timestamp, Timestamp) {
    let midnight = stamp(at, zone).date_naive().and_hms_opt(0, 0, 0);
    let from = midnight.and_then(|wall| local(wall, zone)).unwrap_or(at);
    (from, from.plus_ms(24 * 60 * 60 * 1000))
}

fn local(wall: NaiveDateTime, zone: FixedOffset) -> Option<Timestamp> {
    let at: DateTime<FixedOffset> = zone.from_local_datetime(&wall).single()?;
    Some(Timestamp::from_ms(at.timestamp_millis()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_times_are_wall_times_of_the_company() {
        let zone = offset(OFFSET_MINUTES_DEFAULT).unwrap();
        let at = typed("2026-11-20T14:10", zone).unwrap();
        assert_eq!(stamp(at, zone).to_rfc3339(), "2026-11-20T14:10:00+08:00");
        assert_eq!(typed(" 2026-11-20 14:10 ", zone), Some(at));
        for wrong in [
            "",
            "tomorrow",
            "2026-11-20",
            "2026-13-40T00:00",
            "99999999-01-01T00:00",
            "0001-01-01T00:00",
            "9999-01-01T00:00",
        ] {
            assert_eq!(typed(wrong, zone), None, "{wrong}");
        }
    }

    #[test]
    fn a_day_begins_at_the_companys_midnight() {
        let zone = offset(OFFSET_MINUTES_DEFAULT).unwrap();
        let (from, to) = day_of(typed("2026-11-20T01:00", zone).unwrap(), zone);
        assert_eq!(stamp(from, zone).to_rfc3339(), "2026-11-20T00:00:00+08:00");
        assert_eq!(to.since(from), 86_400_000);
    }
}
