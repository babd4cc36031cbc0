//! How much one device may push in a day. What does not fit is told "later" and stays on the phone.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use fieldline_model::id::DeviceId;
use fieldline_model::time::Timestamp;

/// Changes one device may push in a day: a hundred times what a diligent engineer writes. The rest waits on the phone.
pub const DEVICE_CHANGES_PER_DAY_MAX: usize = 20_000;
const DAY_MS: i64 = 86_400_000;
/// Devices whose day is counted; the counts are a brake, not an account.
const QUOTAS_MAX: usize = 50_000;

/// How much each device pushed today.
#[derive(Debug, Default)]
pub(crate) struct Quotas {
    days: Mutex<HashMap<DeviceId, (i64, usize)>>,
}

impl Quotas {
    /// Counts these changes in, if they fit into the day.
    pub(super) fn admit(&self, device: DeviceId, now: Timestamp, changes: usize) -> bool {
        let today = now.ms().div_euclid(DAY_MS);
        let mut days = self.days.lock().unwrap_or_else(PoisonError::into_inner);
        if days.len() >= QUOTAS_MAX {
            days.retain(|_, (day, _)| *day == today);
        }
        let (day, used) = days.entry(device).or_insert((today, 0));
        if *day != today {
            (*day, *used) = (today, 0);
        }
        if used.saturating_add(changes) > DEVICE_CHANGES_PER_DAY_MAX {
            return false;
        }
        *used += changes;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_full_and_the_next_is_not() {
        let quotas = Quotas::default();
        let device = DeviceId::from_bytes([1; 16]);
        let day = |n| Timestamp::from_ms(n * DAY_MS + 5);
        assert!(quotas.admit(device, day(1), DEVICE_CHANGES_PER_DAY_MAX));
        assert!(!quotas.admit(device, day(1), 1));
        assert!(quotas.admit(DeviceId::from_bytes([2; 16]), day(1), 1));
        assert!(quotas.admit(device, day(2), 1));
    }
}
