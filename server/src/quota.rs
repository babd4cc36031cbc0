//! How much one device may send in a day: changes, bytes of photos. What does not fit waits on the phone.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use fieldline_model::id::DeviceId;
use fieldline_model::time::Timestamp;

const DAY_MS: i64 = 86_400_000;
/// Devices whose day is counted; the counts are a brake, not an account.
const DEVICES_MAX: usize = 50_000;

/// What each device sent today of one thing, against the most of a day.
#[derive(Debug)]
pub(crate) struct DayQuota {
    most: u64,
    days: Mutex<HashMap<DeviceId, (i64, u64)>>,
}

impl DayQuota {
    /// No device has sent anything; each may send `most` in a day of UTC.
    pub(crate) fn new(most: u64) -> Self {
        Self {
            most,
            days: Mutex::default(),
        }
    }

    /// Counts `much` in, if it fits into the day.
    pub(crate) fn admit(&self, device: DeviceId, now: Timestamp, much: u64) -> bool {
        let today = now.ms().div_euclid(DAY_MS);
        let mut days = self.days.lock().unwrap_or_else(PoisonError::into_inner);
        if days.len() >= DEVICES_MAX {
            days.retain(|_, (day, _)| *day == today);
        }
        let (day, used) = days.entry(device).or_insert((today, 0));
        if *day != today {
            (*day, *used) = (today, 0);
        }
        if used.saturating_add(much) > self.most {
            return false;
        }
        *used += much;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_full_and_the_next_is_not() {
        let quota = DayQuota::new(20);
        let device = DeviceId::from_bytes([1; 16]);
        let day = |n| Timestamp::from_ms(n * DAY_MS + 5);
        assert!(quota.admit(device, day(1), 20));
        assert!(!quota.admit(device, day(1), 1));
        assert!(quota.admit(DeviceId::from_bytes([2; 16]), day(1), 1));
        assert!(quota.admit(device, day(2), 1));
    }
}
