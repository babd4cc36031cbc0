//! How often enrolment codes may be guessed: a brake in memory that lets go within seconds.
//!
//! Two buckets of tries fill again by and by: one for each address, one for all of them together. A try is taken before
//! the code is looked at, so that a thousand tries at once are a thousand tries, and given back when the code was
//! right. An address without a wrong try of late has one even when all others have emptied the common bucket: nobody can
//! keep honest phones out for longer than his own address's refill, and 50 bits of code do the rest.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use fieldline_model::time::Timestamp;

/// Wrong codes from one address in a row: an office that types badly, or a proxy with everybody behind it.
pub const ENROL_TRIES_PER_ADDRESS_MAX: u32 = 20;
/// An address has one more try after so long.
pub const ENROL_TRY_PER_ADDRESS_EVERY_MS: i64 = 3_000;
/// Wrong codes from everywhere in a row.
pub const ENROL_TRIES_MAX: u32 = 300;
/// There is one more try for everybody after so long: at 10 in a second, one of
/// 1,000 codes is found in some 2,000 years, and codes live for a day.
pub const ENROL_TRY_EVERY_MS: i64 = 100;
/// Addresses remembered; each is forgotten once its bucket is full again.
const ADDRESSES_MAX: usize = 50_000;

/// A bucket of tries, kept as the moment at which it will be full again.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    full_at: Timestamp,
}

/// How large a bucket is and how fast it fills.
#[derive(Debug, Clone, Copy)]
struct Size {
    tries_max: u32,
    every_ms: i64,
}

const PER_ADDRESS: Size = Size {
    tries_max: ENROL_TRIES_PER_ADDRESS_MAX,
    every_ms: ENROL_TRY_PER_ADDRESS_EVERY_MS,
};
const ALL: Size = Size {
    tries_max: ENROL_TRIES_MAX,
    every_ms: ENROL_TRY_EVERY_MS,
};

impl Bucket {
    fn full(now: Timestamp) -> Self {
        Self { full_at: now }
    }

    fn is_full(self, now: Timestamp) -> bool {
        self.full_at <= now
    }

    /// The bucket with one try less; otherwise how long until there is one, in milliseconds.
    fn take(self, size: Size, now: Timestamp) -> Result<Self, i64> {
        let after = self.full_at.max(now).plus_ms(size.every_ms);
        let missing_ms = after.since(now);
        let all_ms = size.every_ms.saturating_mul(size.tries_max.into());
        if missing_ms <= all_ms {
            Ok(Self { full_at: after })
        } else {
            Err(missing_ms - all_ms)
        }
    }

    fn give_back(self, size: Size) -> Self {
        Self {
            full_at: self.full_at.plus_ms(-size.every_ms),
        }
    }
}

/// One subscriber has a whole /64.
fn key(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => {
            let mut octets = address.octets();
            octets[8..].fill(0);
            octets.into()
        }
    }
}

/// A try that was taken; hand it back when the code was right.
#[derive(Debug)]
#[must_use]
pub(super) struct Taken {
    address: Option<IpAddr>,
    common: bool,
}

#[derive(Debug, Default)]
struct State {
    all: Option<Bucket>,
    addresses: HashMap<IpAddr, Bucket>,
}

/// The tries of this process.
#[derive(Debug, Default)]
pub(crate) struct EnrolTries(Mutex<State>);

impl EnrolTries {
    /// Takes a try, or says in how many seconds there is one.
    pub(super) fn take(&self, peer: Option<IpAddr>, now: Timestamp) -> Result<Taken, u32> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut address = peer.map(key);
        if state.addresses.len() >= ADDRESSES_MAX {
            state.addresses.retain(|_, bucket| !bucket.is_full(now));
            let has_room = state.addresses.len() < ADDRESSES_MAX;
            // No room for another one: it shares with everybody.
            address = address.filter(|it| has_room || state.addresses.contains_key(it));
        }
        let own = address.map(|it| state.addresses.get(&it).copied().unwrap_or(Bucket::full(now)));
        let is_first = own.is_some_and(|bucket| bucket.is_full(now));
        let own_after = own.map(|bucket| bucket.take(PER_ADDRESS, now)).transpose();
        let own_after = own_after.map_err(seconds)?;
        let all_after = state.all.unwrap_or(Bucket::full(now)).take(ALL, now);
        let common = match all_after {
            Ok(after) => {
                state.all = Some(after);
                true
            }
            Err(_) if is_first => false,
            Err(wait_ms) => return Err(seconds(wait_ms)),
        };
        if let (Some(it), Some(after)) = (address, own_after) {
            state.addresses.insert(it, after);
        }
        Ok(Taken { address, common })
    }

    /// The code was right: it was no try.
    pub(super) fn give_back(&self, taken: &Taken) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.common {
            state.all = state.all.map(|bucket| bucket.give_back(ALL));
        }
        if let Some(bucket) = taken.address.and_then(|it| state.addresses.get_mut(&it)) {
            *bucket = bucket.give_back(PER_ADDRESS);
        }
    }
}

/// Whole seconds, at least one: what `Retry-After` can say.
fn seconds(ms: i64) -> u32 {
    u32::try_from((ms.max(1) + 999).div_euclid(1_000)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const T0: Timestamp = Timestamp::from_ms(1_800_000_000_000);

    fn address(n: u32) -> Option<IpAddr> {
        Some(IpAddr::from(n.to_be_bytes()))
    }

    fn wrong(tries: &EnrolTries, peer: Option<IpAddr>, now: Timestamp) -> Result<(), u32> {
        tries.take(peer, now).map(|_| ())
    }

    #[test]
    fn an_address_runs_out_of_tries_and_has_one_again_in_seconds() {
        let tries = EnrolTries::default();
        for _ in 0..ENROL_TRIES_PER_ADDRESS_MAX {
            wrong(&tries, address(1), T0).unwrap();
        }
        let wait_s = wrong(&tries, address(1), T0).unwrap_err();
        assert!((1..=3).contains(&wait_s), "{wait_s}");
        assert_eq!(wrong(&tries, address(2), T0), Ok(()), "others do not wait");
        let later = T0.plus_ms(i64::from(wait_s) * 1_000);
        assert_eq!(wrong(&tries, address(1), later), Ok(()));
        assert!(wrong(&tries, address(1), later).is_err());
    }

    #[test]
    fn right_codes_cost_nothing() {
        let tries = EnrolTries::default();
        for _ in 0..10 * ENROL_TRIES_MAX {
            let taken = tries.take(address(1), T0).unwrap();
            tries.give_back(&taken);
        }
        for _ in 0..ENROL_TRIES_PER_ADDRESS_MAX {
            wrong(&tries, address(1), T0).unwrap();
        }
        assert!(wrong(&tries, address(1), T0).is_err());
    }

    #[test]
    fn a_crowd_runs_out_together_and_a_stranger_still_has_his_first_try() {
        let tries = EnrolTries::default();
        for n in 0..ENROL_TRIES_MAX {
            wrong(&tries, address(n / 10), T0).unwrap();
        }
        assert!(
            wrong(&tries, address(0), T0).is_err(),
            "its own bucket still holds some"
        );
        assert!(wrong(&tries, None, T0).is_err());
        assert_eq!(wrong(&tries, address(9_999), T0), Ok(()));
        assert!(wrong(&tries, address(9_999), T0).is_err(), "the first one only");
        let later = T0.plus_ms(ENROL_TRY_EVERY_MS);
        assert_eq!(wrong(&tries, address(0), later), Ok(()));
    }

    #[test]
    fn one_subscriber_has_one_bucket() {
        let tries = EnrolTries::default();
        let host = |n: u16| Some(IpAddr::from([0x2001, 0xdb8, 0, 1, 0, 0, 0, n]));
        for n in 0..20 {
            wrong(&tries, host(n), T0).unwrap();
        }
        assert!(wrong(&tries, host(99), T0).is_err());
    }

    #[test]
    fn what_is_remembered_has_a_limit() {
        let tries = EnrolTries::default();
        let many = u32::try_from(ADDRESSES_MAX).unwrap() + 100;
        for n in 0..many {
            let _ = wrong(&tries, address(n), T0);
        }
        let remembered = |tries: &EnrolTries| tries.0.lock().unwrap().addresses.len();
        assert_eq!(remembered(&tries), ADDRESSES_MAX);
        wrong(&tries, address(many), T0.plus_ms(60_000)).unwrap();
        assert_eq!(remembered(&tries), 1, "those whose bucket is full are forgotten");
    }
}
