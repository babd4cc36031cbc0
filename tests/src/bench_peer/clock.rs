//! Clocks of the harness: a monotonic one that all processes share, the CPU time used, and the phone's own.

use std::sync::atomic::{AtomicI64, Ordering};

use fieldline_engine::Moment;
use fieldline_engine::clock::{device_time, with_moment};
use fieldline_model::time::{DeviceTime, Timestamp};
use rustix::time::{ClockId, Timespec, clock_gettime};

fn ns(time: Timespec) -> i64 {
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}

/// Nanoseconds of a clock that every process on this machine reads alike.
pub(super) fn now_ns() -> i64 {
    ns(clock_gettime(ClockId::Monotonic))
}

/// Microseconds of CPU this process used, in user and kernel.
pub(super) fn cpu_us() -> i64 {
    ns(clock_gettime(ClockId::ProcessCPUTime)) / 1_000
}

/// Calls with the device's time now, or with its wall clock at `wall_s`.
pub(super) fn at_moment<T>(wall_s: Option<i64>, call: impl FnOnce(&mut Moment<'_>) -> T) -> T {
    with_moment(|moment| {
        moment.time = DeviceTime {
            wall: wall_s.map_or_else(tick, |s| Timestamp::from_ms(s * 1_000)),
            ..moment.time
        };
        call(moment)
    })
}

/// The wall clock, a millisecond later at every call at least: the harness writes one field faster than any finger, and
/// the last of two readings within one millisecond would be a matter of chance.
fn tick() -> Timestamp {
    static LAST: AtomicI64 = AtomicI64::new(0);
    let now = device_time().wall.ms();
    let before = LAST
        .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |last| Some(now.max(last + 1)))
        .unwrap_or_default();
    Timestamp::from_ms(now.max(before + 1))
}
