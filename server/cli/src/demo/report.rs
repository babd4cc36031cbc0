//! The account of a day: one JSON object, and the same in a few lines of words.

use fieldline_server::words::Lang;
use serde_json::{Value, json};

use super::meter::Counted;
use super::verify::Fates;
use super::words as w;
use crate::answer::Answer;

/// Everything that was counted and verified.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Account {
    /// Seed of the day.
    pub(super) seed: u64,
    /// Engines that worked as phones.
    pub(super) phones: usize,
    /// Tickets in the record.
    pub(super) tickets: usize,
    /// Of those, closed.
    pub(super) tickets_closed: usize,
    /// Promises in the driver's book.
    pub(super) operations: usize,
    /// Of those, given where nothing could reach HQ.
    pub(super) operations_offline: usize,
    /// What became of them.
    pub(super) fates: Fates,
    /// Where phones and HQ differ.
    pub(super) differences: Vec<String>,
    /// What went over the wire.
    pub(super) sync: Counted,
    /// From taps with signal to their fate on the phone.
    pub(super) taps_ms: Vec<f64>,
    /// How long the day took.
    pub(super) seconds: f64,
}

impl Account {
    /// Nothing was lost and all copies are equal.
    pub(super) fn is_good(&self) -> bool {
        self.fates.lost.is_empty() && self.differences.is_empty()
    }

    /// For programs.
    pub(super) fn to_json(&self) -> Value {
        let Counted {
            round_trips,
            bytes_up,
            bytes_down,
        } = self.sync;
        let Fates {
            merged,
            overruled,
            refused,
            pending,
            reasons,
            lost,
        } = &self.fates;
        json!({
            "phones": self.phones,
            "tickets": self.tickets,
            "tickets_closed": self.tickets_closed,
            "operations": self.operations,
            "operations_offline": self.operations_offline,
            "fates": { "merged": merged, "overruled": overruled, "refused": refused, "pending": pending },
            "reasons": reasons,
            "lost": lost.len(),
            "replicas_equal": self.differences.is_empty(),
            "differences": self.differences,
            "sync": { "round_trips": round_trips, "bytes_up": bytes_up, "bytes_down": bytes_down },
            "tap_to_hq_ms": { "p50": percentile(&self.taps_ms, 50), "p95": percentile(&self.taps_ms, 95) },
            "seconds": tenths(self.seconds),
            "seed": self.seed,
        })
    }

    /// For people and programs.
    pub(super) fn answer(&self, lang: Lang) -> Answer {
        let n = |count: usize| count.to_string();
        let fates = &self.fates;
        let first = if self.is_good() { w::ONCE_GOOD } else { w::ONCE_BAD };
        let first = lang.fill(
            first,
            &[
                ("saved", &n(self.operations)),
                ("offline", &n(self.operations_offline)),
                ("merged", &n(fates.merged)),
                ("overruled", &n(fates.overruled)),
                ("refused", &n(fates.refused)),
                ("lost", &n(fates.lost.len())),
                ("differ", &n(self.differences.len())),
            ],
        );
        let second = lang.fill(
            w::ONCE_TICKETS,
            &[
                ("phones", &n(self.phones)),
                ("closed", &n(self.tickets_closed)),
                ("tickets", &n(self.tickets)),
                ("seconds", &format!("{:.1}", self.seconds)),
                ("seed", &self.seed.to_string()),
            ],
        );
        Answer {
            good: self.is_good(),
            ..Answer::new(format!("{first}\n{second}"), self.to_json())
        }
    }
}

/// The value below or at which so many of a hundred lie, to a tenth; none of nothing.
fn percentile(values: &[f64], percent: usize) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    Some(tenths(sorted[(last * percent).div_ceil(100).min(last)]))
}

fn tenths(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_seen() {
        let values: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!(
            (percentile(&values, 50), percentile(&values, 95)),
            (Some(51.0), Some(96.0))
        );
        assert_eq!((percentile(&[4.0], 95), percentile(&[], 50)), (Some(4.0), None));
    }
}
