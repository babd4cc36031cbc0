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

/// Whether the customer may write now.
pub(super) fn may_write(record: &TicketRecord, now: Timestamp) -> bool {
    let written: Vec<Timestamp> = record
        .lines
        .iter()
        .filter(|line| line.entry.by == Author::Customer && !matches!(line.entry.act, Act::Urge))
        .map(|line| line.at)
        .collect();
    within(&written, now)
}

fn within(written: &[Timestamp], now: Timestamp) -> bool {
    WORDS_MAX
        .iter()
        .all(|(count, span)| written.iter().filter(|at| now.since(**at) < *span).count() < *count)
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
        assert!(within(&[ago(1); 4], now));
        assert!(!within(&[ago(1); 5], now));
        assert!(within(&[ago(11); 29], now));
        assert!(!within(&[ago(11); 30], now));
        assert!(within(&[ago(25 * 60); 99], now));
    }
}
