//! Time in a world: one true clock that only the world moves, and the phones' clocks, which may lie.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use fieldline_model::time::{DeviceTime, Timestamp};

/// When a world begins: 2026-09-21 08:00 in Shanghai.
const BEGIN: i64 = 1_789_948_800_000;

/// The true time, shared by server and world.
#[derive(Debug, Clone)]
pub struct Clock(Arc<AtomicI64>);

impl Default for Clock {
    fn default() -> Self {
        Self(Arc::new(AtomicI64::new(BEGIN)))
    }
}

impl Clock {
    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        Timestamp::from_ms(self.0.load(Ordering::Relaxed))
    }

    /// So many milliseconds go by.
    pub fn pass(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::Relaxed);
    }
}

/// How a phone's wall clock is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lie {
    /// Off by so much.
    Off(i64),
    /// The battery was empty: it counts from 1970 again, since this true moment.
    Epoch(Timestamp),
}

/// A phone's clocks.
#[derive(Debug, Clone)]
pub struct Watch {
    /// How the wall clock is wrong.
    pub lie: Lie,
    boot: u32,
    booted: Timestamp,
}

impl Watch {
    /// A watch that is right, of a phone that booted at `now`.
    #[must_use]
    pub fn right(now: Timestamp) -> Self {
        Self {
            lie: Lie::Off(0),
            boot: 1,
            booted: now,
        }
    }

    /// What the phone believes at the true time `now`.
    #[must_use]
    pub fn read(&self, now: Timestamp) -> DeviceTime {
        let wall = match self.lie {
            Lie::Off(ms) => now.plus_ms(ms),
            Lie::Epoch(since) => Timestamp::from_ms(now.since(since)),
        };
        DeviceTime {
            wall,
            boot: self.boot,
            up_ms: u64::try_from(now.since(self.booted)).unwrap_or(0),
            offset_ms: None,
        }
    }

    /// The phone boots.
    pub fn reboot(&mut self, now: Timestamp) {
        self.boot += 1;
        self.booted = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_watch_lies_about_the_wall_and_not_about_the_distance() {
        let clock = Clock::default();
        let mut watch = Watch::right(clock.now());
        watch.lie = Lie::Epoch(clock.now());
        clock.pass(500);
        assert_eq!(watch.read(clock.now()).wall, Timestamp::from_ms(500));
        watch.lie = Lie::Off(18_000_000);
        let first = watch.read(clock.now());
        clock.pass(40);
        assert_eq!(watch.read(clock.now()).up_ms - first.up_ms, 40);
        assert_eq!(first.wall, Timestamp::from_ms(BEGIN + 500 + 18_000_000));
    }
}
