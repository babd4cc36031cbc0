//! The shell's clock: how the day's minutes pass, and how long a tap really took. Only this file of the demo waits.

use std::time::{Duration, Instant};

/// Milliseconds of the day since it began, at the speed of life.
pub(super) type DayMs = i64;

/// How fast the day passes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    speed: f64,
    begun: Instant,
    /// Nobody watches: nothing is waited for.
    rushed: bool,
}

impl Pace {
    /// A day so many times faster than life.
    pub(super) fn live(speed: f64) -> Self {
        Self {
            speed,
            begun: now(),
            rushed: false,
        }
    }

    /// A day as fast as it can be played.
    pub(super) fn rushed(speed: f64) -> Self {
        Self {
            speed,
            begun: now(),
            rushed: true,
        }
    }

    /// Waits for that moment of the day.
    pub(super) async fn until(&self, at: DayMs) {
        if self.rushed {
            return;
        }
        let due = self.begun + Duration::from_millis(u64::try_from(self.real_ms(at)).unwrap_or(0));
        tokio::time::sleep_until(due.into()).await;
    }

    /// How long a span of the day really takes.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a float that does not fit saturates; a day has 86 million"
    )]
    #[expect(
        clippy::cast_precision_loss,
        reason = "milliseconds of a day are exact in a double"
    )]
    pub(super) fn real_ms(&self, span: DayMs) -> i64 {
        (span as f64 / self.speed).round() as i64
    }
}

/// Measures.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts it.
    pub(super) fn start() -> Self {
        Self(now())
    }

    /// Milliseconds since.
    pub(super) fn ms(self) -> f64 {
        self.0.elapsed().as_secs_f64() * 1_000.0
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the demo's shell: the one place of it that measures time"
)]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_at_sixty_takes_a_minute() {
        assert_eq!(Pace::live(60.0).real_ms(3_600_000), 60_000);
    }
}
