//! Who goes where today: a plain plan, good enough for a demonstration.
//!
//! The most urgent first, in an English demo those told in English before all others; of those who know the kind of
//! device, whoever is near and has little to do. What nobody can take today stays in the queue.

use fieldline_model::id::EngineerId;
use fieldline_model::operation::{Position, Priority, Span};
use fieldline_model::time::Timestamp;
use fieldline_server::words::Lang;

use super::intake::Intake;

/// Visits in one engineer's day.
pub(super) const VISITS_MAX: usize = 5;
/// Kilometres that one more visit already planned is worth.
const VISIT_KM: f64 = 120.0;
/// For a site that nobody has on the map.
const KM_UNKNOWN: f64 = 150.0;
/// From one visit's begin to the next one's.
const VISIT_MS: i64 = 100 * 60_000;
/// Length of the promised window.
pub(super) const WINDOW_MS: i64 = 60 * 60_000;
/// Windows begin at whole halves of an hour.
const HALF_HOUR_MS: i64 = 30 * 60_000;

/// An engineer, as the plan sees him.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Hand {
    /// Who.
    pub(super) engineer: EngineerId,
    /// Categories.
    pub(super) skills: Vec<String>,
    /// Where the day begins.
    pub(super) home: Position,
    /// Takes VIP customers first.
    pub(super) senior: bool,
}

/// One visit of the plan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Planned {
    /// Place of the ticket among the intakes.
    pub(super) job: usize,
    /// Place of the engineer among the hands.
    pub(super) hand: usize,
    /// When.
    pub(super) span: Span,
}

/// Plans the day that begins at `now`.
pub(super) fn plan(hands: &[Hand], jobs: &[Intake], lang: Lang, now: Timestamp) -> Vec<Planned> {
    let mut order: Vec<usize> = (0..jobs.len()).filter(|job| jobs[*job].visit).collect();
    order.sort_by_key(|job| {
        let facts = &jobs[*job].facts;
        (
            lang == Lang::En && !jobs[*job].readable,
            std::cmp::Reverse(
                facts
                    .priority
                    .max(if facts.vip { Priority::High } else { Priority::Low }),
            ),
            facts.deadline.is_none(),
            facts.deadline,
        )
    });
    let mut load = vec![0_usize; hands.len()];
    let mut planned = Vec::new();
    for job in order {
        let Some(hand) = best(hands, &load, &jobs[job]) else {
            continue;
        };
        planned.push(Planned {
            job,
            hand,
            span: window(now, hand, load[hand]),
        });
        load[hand] += 1;
    }
    planned
}

fn best(hands: &[Hand], load: &[usize], job: &Intake) -> Option<usize> {
    let category = job.facts.category.as_ref()?;
    let able =
        (0..hands.len()).filter(|hand| load[*hand] < VISITS_MAX && hands[*hand].skills.contains(category));
    let cost = |hand: usize| {
        let km = job.position.map_or(KM_UNKNOWN, |site| km(hands[hand].home, site));
        let rank = if job.facts.vip && !hands[hand].senior {
            VISIT_KM
        } else {
            0.0
        };
        km + rank + VISIT_KM * f64::from(u32::try_from(load[hand]).unwrap_or(u32::MAX))
    };
    able.min_by(|a, b| cost(*a).total_cmp(&cost(*b)))
}

/// Engineers do not all start on the same minute.
fn window(now: Timestamp, hand: usize, before: usize) -> Span {
    let first = (now.ms() + HALF_HOUR_MS).div_euclid(HALF_HOUR_MS) * HALF_HOUR_MS;
    let stagger = i64::try_from(hand % 2).unwrap_or(0) * HALF_HOUR_MS;
    let start = Timestamp::from_ms(
        first + stagger + i64::try_from(before).unwrap_or(0) * VISIT_MS / HALF_HOUR_MS * HALF_HOUR_MS,
    );
    Span {
        start,
        end: start.plus_ms(WINDOW_MS),
    }
}

/// Kilometres as the crow flies, near enough for choosing.
pub(super) fn km(from: Position, to: Position) -> f64 {
    const KM_PER_DEGREE: f64 = 111.2;
    let north = to.lat - from.lat;
    let east = (to.lon - from.lon) * ((from.lat + to.lat) / 2.0).to_radians().cos();
    KM_PER_DEGREE * north.hypot(east)
}

#[cfg(test)]
mod tests {
    use super::super::{intake, office};
    use super::*;
    use fieldline_server::company::Company;

    #[test]
    fn the_demo_company_has_a_full_day_for_everybody() {
        let company = Company::demo();
        let now = Timestamp::from_ms(1_795_140_000_000);
        for lang in [Lang::Zh, Lang::En] {
            let (hands, jobs) = (office::hands(&company), intake::take_in(&company, lang, now));
            let plan = plan(&hands, &jobs, lang, now);
            for (place, hand) in hands.iter().enumerate() {
                let visits: Vec<&Planned> = plan.iter().filter(|planned| planned.hand == place).collect();
                assert!(
                    (4..=VISITS_MAX).contains(&visits.len()),
                    "{:?}: {}",
                    hand.skills,
                    visits.len()
                );
                assert!(
                    visits
                        .iter()
                        .all(|visit| visit.span.start > now && visit.span.start < visit.span.end)
                );
            }
            assert!(
                plan.len() >= 36 && jobs.len() - plan.len() >= 8,
                "{} of {}",
                plan.len(),
                jobs.len()
            );
            let readable = plan.iter().filter(|visit| jobs[visit.job].readable).count();
            assert!(
                2 * readable >= plan.len(),
                "{lang:?}: {readable} of {}",
                plan.len()
            );
        }
    }

    #[test]
    fn shanghai_is_about_270_km_from_nanjing() {
        let distance = km(
            Position {
                lat: 31.23,
                lon: 121.47,
            },
            Position {
                lat: 32.06,
                lon: 118.79,
            },
        );
        assert!((250.0..290.0).contains(&distance), "{distance}");
    }
}
