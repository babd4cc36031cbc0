//! How often a customer may say something through a link. The record itself counts, so no restart forgets.

use fieldline_model::operation::{Act, Author};
use fieldline_model::time::Timestamp;

use crate::web::record::TicketRecord;

const MINUTE_MS: i64 = 60_000;
/// One urge is heard; the next one counts after this.
pub(super) const URGE_EVERY_MS: i64 = 30 * MINUTE_MS;
/// Messages and wishes in a short while, and in a day.
const WORDS_MAX: [(usize, i64); 2] = [(5, 10 * MINUTE_MS), (30, 24 * 60 * MINUTE_MS)];

/// When the customer urged last, if the next urge does not count yet.
pub(super) fn urged(record: &TicketRecord, now: Timestamp) -> Option<Timestamp> {
    let urges = record
        .lines
        .iter()
        .filter(|line| matches!(line.entry.act, Act::Urge));
    urges
        .map(|line| line.at)
        .max()
        .filter(|at| now.since(*at) < URGE_EVERY_MS)
}

/// When the customer may write again, if not now.
pub(super) fn next_words(record: &TicketRecord, now: Timestamp) -> Option<Timestamp> {
    let written: Vec<Timestamp> = record
        .lines
        .iter()
        .filter(|line| line.entry.by == Author::Customer && !matches!(line.entry.act, Act::Urge))
        .map(|line| line.at)
        .collect();
    next(written, now)
}

/// The moment at which the last full limit lets one more through.
fn next(mut written: Vec<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    written.sort_unstable();
    let free = |(count, span): (usize, i64)| {
        let first = written
            .len()
            .checked_sub(count)
            .and_then(|place| written.get(place))?;
        Some(first.plus_ms(span)).filter(|free| *free > now)
    };
    WORDS_MAX.into_iter().filter_map(free).max()
}

/// A moment told in minutes, at which it is true.
pub(super) fn to_minutes(at: Timestamp) -> Timestamp {
    Timestamp::from_ms(at.plus_ms(MINUTE_MS - 1).ms().div_euclid(MINUTE_MS) * MINUTE_MS)
}

/// The rating given; only the first one counts.
pub(super) fn rated(record: &TicketRecord) -> Option<u8> {
    record.lines.iter().find_map(|line| match line.entry.act {
        Act::Rate { stars, .. } => Some(stars),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_in_ten_minutes_and_thirty_in_a_day() {
        let now = Timestamp::from_ms(1_800_000_000_000);
        let ago = |minutes: i64| now.plus_ms(-minutes * MINUTE_MS);
        assert_eq!(next(vec![ago(1); 4], now), None);
        assert_eq!(next(vec![ago(1); 5], now), Some(ago(-9)));
        // The sixth waits for the oldest of the last five.
        assert_eq!(
            next(vec![ago(2), ago(9), ago(3), ago(30), ago(1), ago(8)], now),
            Some(ago(-1))
        );
        assert_eq!(next(vec![ago(11); 29], now), None);
        assert_eq!(next(vec![ago(11); 30], now), Some(ago(11 - 24 * 60)));
        assert_eq!(next(vec![ago(25 * 60); 99], now), None);
        assert_eq!(next(vec![ago(10); 5], now), None, "as soon as it was told");
    }

    #[test]
    fn a_time_told_is_never_too_early() {
        let minute = Timestamp::from_ms(1_800_000_000_000);
        assert_eq!(to_minutes(minute), minute);
        assert_eq!(to_minutes(minute.plus_ms(1)), minute.plus_ms(MINUTE_MS));
    }
}
