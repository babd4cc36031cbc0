//! When the engineer will be there, as a range: what is known, rounded so that it promises no more than that.

use fieldline_model::operation::{Position, Span};
use fieldline_model::time::Timestamp;

const MINUTE_MS: i64 = 60_000;
/// Ranges begin and end on full five minutes: more would look exact.
const STEP_MS: i64 = 5 * MINUTE_MS;
/// An own estimate is met within this much before and after.
const EARLY_MS: i64 = 10 * MINUTE_MS;
const LATE_MS: i64 = 20 * MINUTE_MS;
/// A position older than this tells nothing about the time left.
const POSITION_AGE_MAX_MS: i64 = 10 * MINUTE_MS;
/// Kilometres of road for one of air line, and kilometres in an hour, both as a van has them in a city.
const ROAD_FACTOR: f64 = 1.35;
const CITY_KMH: f64 = 24.0;
/// Parking and finding the door.
const DOOR_MINUTES: f64 = 3.0;
/// The way takes so much less or more than reckoned.
const SPREAD: f64 = 0.25;
const EARTH_KM: f64 = 6371.0;

/// What is known while the engineer is on the way.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Known {
    /// The engineer's own newest estimate, and when it was given.
    pub(super) estimate: Option<(Timestamp, Timestamp)>,
    /// Kilometres of air line left, and when that was measured.
    pub(super) left: Option<(f64, Timestamp)>,
    /// HQ's plan.
    pub(super) plan: Option<Span>,
}

/// The range: from the newer of position and own estimate, else from the plan; `None` when all of it is past.
pub(super) fn range(known: &Known, now: Timestamp) -> Option<Span> {
    let fresh = known.left.filter(|(_, at)| now.since(*at) <= POSITION_AGE_MAX_MS);
    let own = known
        .estimate
        .filter(|(arrival, _)| arrival.plus_ms(LATE_MS) > now);
    let span = match (own, fresh) {
        (Some((_, said)), Some((km, at))) if at > said => reckoned(km, at),
        (Some((arrival, _)), _) => Span {
            start: arrival.plus_ms(-EARLY_MS),
            end: arrival.plus_ms(LATE_MS),
        },
        (None, Some((km, at))) => reckoned(km, at),
        (None, None) => known.plan.filter(|plan| plan.end > now)?,
    };
    rounded(span, now)
}

/// From a distance.
fn reckoned(km: f64, at: Timestamp) -> Span {
    let minutes = km * ROAD_FACTOR / CITY_KMH * 60.0;
    let after = |minutes: f64| at.plus_ms(whole_minutes(minutes) * MINUTE_MS);
    Span {
        start: after(minutes * (1.0 - SPREAD)),
        end: after(minutes * (1.0 + SPREAD) + 2.0 * DOOR_MINUTES),
    }
}

/// Minutes of a sane length: whoever is farther away than a day is not on the way.
#[expect(clippy::cast_possible_truncation, reason = "clamped to a day")]
fn whole_minutes(minutes: f64) -> i64 {
    minutes.clamp(0.0, 24.0 * 60.0).round() as i64
}

/// Wider to full steps, and never before now.
fn rounded(span: Span, now: Timestamp) -> Option<Span> {
    let down = |at: Timestamp| Timestamp::from_ms(at.ms().div_euclid(STEP_MS) * STEP_MS);
    let up = |at: Timestamp| down(at.plus_ms(STEP_MS - 1));
    let start = down(span.start.max(now));
    let end = up(span.end).max(start.plus_ms(STEP_MS));
    (end > now).then_some(Span { start, end })
}

/// Kilometres of air line between two places.
pub(super) fn air_km(a: Position, b: Position) -> f64 {
    let (lat_a, lat_b) = (a.lat.to_radians(), b.lat.to_radians());
    let (dlat, dlon) = (lat_b - lat_a, (b.lon - a.lon).to_radians());
    let h = (dlat / 2.0).sin().powi(2) + lat_a.cos() * lat_b.cos() * (dlon / 2.0).sin().powi(2);
    2.0 * EARTH_KM * h.sqrt().clamp(0.0, 1.0).asin()
}

/// Degrees from north, clockwise, in which `to` lies as seen from `from`.
pub(super) fn bearing(from: Position, to: Position) -> f64 {
    let (lat_a, lat_b) = (from.lat.to_radians(), to.lat.to_radians());
    let dlon = (to.lon - from.lon).to_radians();
    let y = dlon.sin() * lat_b.cos();
    let x = lat_a.cos() * lat_b.sin() - lat_a.sin() * lat_b.cos() * dlon.cos();
    y.atan2(x).to_degrees().rem_euclid(360.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_ms(1_800_000_000_000 + minutes * MINUTE_MS)
    }

    fn minutes(span: Option<Span>) -> Option<(i64, i64)> {
        span.map(|span| {
            (
                span.start.since(at(0)) / MINUTE_MS,
                span.end.since(at(0)) / MINUTE_MS,
            )
        })
    }

    #[test]
    fn an_own_estimate_is_a_range_on_full_steps() {
        let known = Known {
            estimate: Some((at(30), at(0))),
            ..Known::default()
        };
        assert_eq!(minutes(range(&known, at(0))), Some((20, 50)));
        assert_eq!(minutes(range(&known, at(28))), Some((25, 50)));
        assert_eq!(range(&known, at(51)), None);
    }

    #[test]
    fn a_newer_position_counts_before_the_estimate_and_an_old_one_does_not() {
        let known = Known {
            estimate: Some((at(60), at(0))),
            left: Some((4.0, at(10))),
            plan: None,
        };
        assert_eq!(minutes(range(&known, at(10))), Some((20, 35)));
        assert_eq!(minutes(range(&known, at(25))), Some((50, 80)));
        let known = Known {
            estimate: Some((at(60), at(12))),
            ..known
        };
        assert_eq!(minutes(range(&known, at(12))), Some((50, 80)));
    }

    #[test]
    fn the_plan_counts_when_nothing_else_is_known_and_only_while_it_lasts() {
        let plan = Some(Span {
            start: at(0),
            end: at(60),
        });
        let known = Known {
            plan,
            ..Known::default()
        };
        assert_eq!(minutes(range(&known, at(7))), Some((5, 60)));
        assert_eq!(range(&known, at(60)), None);
        assert_eq!(range(&Known::default(), at(0)), None);
    }

    #[test]
    fn distances_and_directions_are_those_of_a_map() {
        let (bund, airport) = (
            Position {
                lat: 31.24,
                lon: 121.49,
            },
            Position {
                lat: 31.15,
                lon: 121.81,
            },
        );
        assert!((air_km(bund, airport) - 32.0).abs() < 1.0);
        assert!((bearing(bund, airport) - 108.0).abs() < 3.0);
        assert!(air_km(bund, bund) < 0.001);
    }
}
