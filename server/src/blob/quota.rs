//! How many bytes one device may send in a day. The rest waits on the phone.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use fieldline_model::blob::BLOB_DAY_BYTES_MAX;
use fieldline_model::id::DeviceId;
use fieldline_model::time::Timestamp;

/// What a request counts for itself, so that no device leaves millions of empty parts.
pub(super) const REQUEST_COSTS: u64 = 4 * 1024;
const DAY_MS: i64 = 86_400_000;
/// Devices whose day is counted; the counts are a brake, not an account.
const QUOTAS_MAX: usize = 50_000;

/// How many bytes each device sent today.
#[derive(Debug, Default)]
pub(super) struct Quotas {
    days: Mutex<HashMap<DeviceId, (i64, u64)>>,
}

impl Quotas {
    /// Counts these bytes in, if they fit into the day.
    pub(super) fn admit(&self, device: DeviceId, now: Timestamp, bytes: u64) -> bool {
        let today = now.ms().div_euclid(DAY_MS);
        let mut days = self.days.lock().unwrap_or_else(PoisonError::into_inner);
        if days.len() >= QUOTAS_MAX {
            days.retain(|_, (day, _)| *day == today);
        }
        let (day, used) = days.entry(device).or_insert((today, 0));
        if *day != today {
            (*day, *used) = (today, 0);
        }
        if used.saturating_add(bytes) > BLOB_DAY_BYTES_MAX {
            return false;
        }
        *used += bytes;
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
        assert!(quotas.admit(device, day(1), BLOB_DAY_BYTES_MAX));
        assert!(!quotas.admit(device, day(1), 1));
        assert!(quotas.admit(DeviceId::from_bytes([2; 16]), day(1), 1));
        assert!(quotas.admit(device, day(2), 1));
    }
}
