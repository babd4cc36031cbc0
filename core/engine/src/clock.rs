//! The device's clocks and chance, for the shell alone.

use std::time::{SystemTime, UNIX_EPOCH};

use fieldline_model::time::{DeviceTime, Timestamp};
use sha2::{Digest, Sha256};

use crate::moment::Moment;

/// The device's time now. Where the system tells, also which boot this is and how long ago it was, sleep included.
#[must_use]
pub fn device_time() -> DeviceTime {
    let (boot, up_ms) = boot().unwrap_or_default();
    DeviceTime {
        wall: wall(),
        boot,
        up_ms,
        offset_ms: None,
    }
}

#[expect(clippy::disallowed_methods, reason = "the shell is where clocks are read")]
fn wall() -> Timestamp {
    let now = SystemTime::now();
    // A clock before 1970 is a lie that must not panic.
    let ms = match now.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_millis()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |ms| -ms),
    };
    Timestamp::from_ms(ms)
}

/// Linux and Android, where they let an app read it. Other platforms' apps supply their own moments.
fn boot() -> Option<(u32, u64)> {
    let id = std::fs::read("/proc/sys/kernel/random/boot_id").ok()?;
    let uptime = std::fs::read_to_string("/proc/uptime").ok()?;
    let (seconds, hundredths) = uptime.split_whitespace().next()?.split_once('.')?;
    let up_ms = seconds.parse::<u64>().ok()?.saturating_mul(1_000) + hundredths.parse::<u64>().ok()? * 10;
    let mut boot = [0_u8; 4];
    boot.copy_from_slice(&Sha256::digest(&id)[..4]);
    // 0 means that the platform cannot tell.
    Some((u32::from_be_bytes(boot).max(1), up_ms))
}

/// Runs `call` with the device's time and the system's chance.
///
/// # Panics
/// When the system has no random bytes to give: ids made of anything else would collide.
pub fn with_moment<T>(call: impl FnOnce(&mut Moment<'_>) -> T) -> T {
    let mut random = |bytes: &mut [u8]| {
        getrandom::fill(bytes).expect("the system gives random bytes");
    };
    call(&mut Moment::new(device_time(), &mut random))
}
