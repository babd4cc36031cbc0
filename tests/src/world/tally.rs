//! Counts of what happened in a world: each fault that fired, each kind of work done. A fault test asserts on it.

use std::collections::BTreeMap;

/// How often each thing happened.
#[derive(Debug, Clone, Default)]
pub struct Tally(BTreeMap<&'static str, u64>);

impl Tally {
    /// It happened once more.
    pub fn count(&mut self, what: &'static str) {
        *self.0.entry(what).or_default() += 1;
    }

    /// How often it happened.
    #[must_use]
    pub fn of(&self, what: &str) -> u64 {
        self.0.get(what).copied().unwrap_or(0)
    }

    /// How often anything happened whose name begins so, for instance `net.`.
    #[must_use]
    pub fn class(&self, prefix: &str) -> u64 {
        self.0
            .iter()
            .filter(|(what, _)| what.starts_with(prefix))
            .map(|(_, count)| count)
            .sum()
    }

    /// Takes over another tally.
    pub fn add(&mut self, other: &Self) {
        for (what, count) in &other.0 {
            *self.0.entry(what).or_default() += count;
        }
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (n, (what, count)) in self.0.iter().enumerate() {
            write!(f, "{}{what} {count}", if n == 0 { "" } else { " · " })?;
        }
        Ok(())
    }
}
