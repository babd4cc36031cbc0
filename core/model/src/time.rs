//! Time as people and machines saw it. Nothing here reads a clock: `now` is an argument.

use chrono::{DateTime, TimeZone, Utc};
use serde::{Deserialize, Serialize};

/// Earliest and latest year that HQ takes: what people plan and remember, and what fits four digits.
pub const YEARS: std::ops::RangeInclusive<i32> = 2000..=2199;

/// Milliseconds since 1970-01-01T00:00:00Z. Any `i64` is valid: phones lie about time and must not panic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The instant this many milliseconds after 1970.
    #[must_use]
    pub const fn from_ms(ms: i64) -> Self {
        Self(ms)
    }

    /// Milliseconds since 1970, UTC.
    #[must_use]
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// For identifiers: times before 1970 count as 1970, times past year 10889 as the last one a ULID can hold.
    #[must_use]
    pub fn unsigned_ms(self) -> u64 {
        const ULID_MS_MAX: i64 = (1 << 48) - 1;
        u64::try_from(self.0.clamp(0, ULID_MS_MAX)).unwrap_or(0)
    }

    /// Later by so many milliseconds, stopping at the ends of the range.
    #[must_use]
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this, negative when it was later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// For people; an instant out of chrono's range is shown as the epoch.
    #[must_use]
    pub fn to_utc(self) -> DateTime<Utc> {
        Utc.timestamp_millis_opt(self.0).single().unwrap_or_default()
    }
}

/// The moment of an operation as the device saw it.
///
/// `up_ms` counts milliseconds since the boot named by `boot`, sleep included, so two moments of one boot have a
/// true distance even when someone turned the wall clock. `offset_ms` is server minus device, as of the last sync.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceTime {
    /// The wall clock.
    pub wall: Timestamp,
    /// Which boot of the device; 0 where the platform cannot tell.
    #[serde(default)]
    pub boot: u32,
    /// Milliseconds since that boot, including sleep.
    #[serde(default)]
    pub up_ms: u64,
    /// Server time minus device time when last known, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset_ms: Option<i64>,
}

impl DeviceTime {
    /// The moment on a clock that is right by definition: the server's own.
    #[must_use]
    pub const fn exact(at: Timestamp) -> Self {
        Self {
            wall: at,
            boot: 0,
            up_ms: 0,
            offset_ms: Some(0),
        }
    }

    /// The device's best guess of server time.
    #[must_use]
    pub fn estimate(&self) -> Timestamp {
        self.wall.plus_ms(self.offset_ms.unwrap_or(0))
    }
}

/// A device's time held between what must have come before and what cannot come after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrueTime {
    /// The time to reckon with.
    pub at: Timestamp,
    /// The device's estimate lay outside and was moved.
    pub clamped: bool,
}

/// Clamps a device's estimate to \[causal predecessor, server receipt\]; where the two contradict, the receipt wins.
#[must_use]
pub fn true_time(device: &DeviceTime, after: Option<Timestamp>, receipt: Timestamp) -> TrueTime {
    let estimate = device.estimate();
    let lower = after.map_or(estimate, |after| estimate.max(after));
    let at = lower.min(receipt);
    TrueTime {
        at,
        clamped: at != estimate,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_ms(ms)
    }

    #[test]
    fn a_clock_five_hours_ahead_is_held_at_the_receipt() {
        let device = DeviceTime {
            wall: at(18_000_000),
            boot: 1,
            up_ms: 5,
            offset_ms: None,
        };
        assert_eq!(
            true_time(&device, None, at(100)),
            TrueTime {
                at: at(100),
                clamped: true
            }
        );
    }

    #[test]
    fn a_clock_at_1970_is_held_at_the_predecessor() {
        let device = DeviceTime {
            wall: at(0),
            boot: 1,
            up_ms: 5,
            offset_ms: None,
        };
        assert_eq!(
            true_time(&device, Some(at(50)), at(100)),
            TrueTime {
                at: at(50),
                clamped: true
            }
        );
    }

    #[test]
    fn a_known_offset_is_used() {
        let device = DeviceTime {
            wall: at(1_000),
            boot: 1,
            up_ms: 5,
            offset_ms: Some(-940),
        };
        assert_eq!(
            true_time(&device, Some(at(50)), at(100)),
            TrueTime {
                at: at(60),
                clamped: false
            }
        );
    }

    #[test]
    fn the_ends_of_the_range_do_not_overflow() {
        assert_eq!(at(i64::MAX).plus_ms(5), at(i64::MAX));
        assert_eq!(at(i64::MIN).unsigned_ms(), 0);
        assert_eq!(at(i64::MIN).to_utc().timestamp(), 0);
    }
}
