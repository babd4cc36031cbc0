//! The script of a visit: what an engineer does next, from what he sees on his phone.
//!
//! A pure function of the ticket on the screen: no progress is kept beside it, so a phone that died in the middle goes
//! on where its own store says. How long things take and how they end is drawn from the visit's id.

mod ending;

use fieldline_engine::view::TicketView;
use fieldline_model::fold::{Phase, VisitState};
use fieldline_model::id::{EngineerId, LocationId, PartId, VisitId};
use fieldline_model::operation::{Act, Answer, Author, PauseReason};
use fieldline_model::row::{ChecklistItem, Code};

use super::dice::Dice;
use super::notes;
pub(super) use ending::Found;
use ending::{causes, completion, stroke};

const MINUTE_MS: i64 = 60_000;
/// Visits of a hundred that stand in a place without signal.
const DEAD_PERCENT: i64 = 75;
/// Visits of a hundred that need a part.
const PART_PERCENT: i64 = 40;
/// Visits of a hundred with a pause.
const PAUSE_PERCENT: i64 = 20;

/// What the engineer has before him.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scene<'a> {
    /// The ticket on his screen.
    pub(super) view: &'a TicketView,
    /// He.
    pub(super) me: EngineerId,
    /// Seed of the day.
    pub(super) seed: u64,
    /// Cause and remedy codes.
    pub(super) codes: &'a [Code],
    /// A part in his van that fits the machine.
    pub(super) part: Option<(PartId, LocationId)>,
    /// He writes English.
    pub(super) english: bool,
    /// The fault must be gone at the end, whatever the dice say.
    pub(super) must_fix: bool,
}

/// What comes next, and how long after the step before.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Step {
    /// Time until then, at the speed of life.
    pub(super) after_ms: i64,
    /// What.
    pub(super) act: Act,
}

/// Whether the place of this visit has no signal.
pub(super) fn is_dead(seed: u64, visit: VisitId) -> bool {
    drawn_for(seed, visit, "signal").percent(DEAD_PERCENT)
}

/// How long the way to this visit is.
pub(super) fn travel_ms(seed: u64, visit: VisitId) -> i64 {
    drawn_for(seed, visit, "travel").between(15, 40) * MINUTE_MS
}

/// Drawn for one matter of one visit.
fn drawn_for(seed: u64, visit: VisitId, matter: &str) -> Dice {
    Dice::of(seed, &format!("{visit}/{matter}"))
}

fn dice(seed: u64, visit: &VisitState, matter: &str) -> Dice {
    drawn_for(seed, visit.id, matter)
}

/// The next step on this engineer's visit; none when nothing is left for him.
pub(super) fn next(scene: Scene<'_>) -> Option<Step> {
    let mine = scene.view.mine?;
    let visit = &scene
        .view
        .visits
        .iter()
        .find(|view| view.visit.id == mine && view.mine)?
        .visit;
    if visit.withdrawn.is_some() {
        return None;
    }
    let minutes =
        |matter: &str, low: i64, high: i64| dice(scene.seed, visit, matter).between(low, high) * MINUTE_MS;
    let step = |after_ms: i64, act: Act| Some(Step { after_ms, act });
    let visit_id = visit.id;
    match visit.phase {
        Phase::Offered => step(minutes("accept", 1, 4), Act::Accept { visit: visit_id }),
        Phase::Accepted => step(
            minutes("depart", 3, 12),
            Act::Depart {
                visit: visit_id,
                eta: None,
            },
        ),
        Phase::EnRoute => step(
            travel_ms(scene.seed, visit_id),
            Act::Arrive {
                visit: visit_id,
                position: None,
            },
        ),
        Phase::Arrived => step(minutes("start", 2, 5), Act::Start { visit: visit_id }),
        Phase::Working => {
            let act = work(scene, visit);
            step(minutes(act.word(), 2, 6), act)
        }
        Phase::Paused(_) => step(minutes("resume", 6, 15), Act::Resume { visit: visit_id }),
        Phase::Done | Phase::Declined(_) => None,
    }
}

/// The first thing at the machine that is not on the record yet.
fn work(scene: Scene<'_>, visit: &VisitState) -> Act {
    let mine = || {
        scene
            .view
            .field
            .iter()
            .filter(|entry| entry.by == Author::Engineer(scene.me))
    };
    let has = |word: &str| mine().any(|entry| entry.word == word);
    let items = scene
        .view
        .checklist
        .iter()
        .flat_map(|list| &list.items)
        .filter(|item| item.kind != "photo");
    for item in items {
        let answered =
            mine().any(|entry| matches!(&entry.act, Act::Answer { item: id, .. } if *id == item.id));
        if !answered {
            return Act::Answer {
                item: item.id.clone(),
                answer: answer(scene, visit, item),
            };
        }
    }
    if !has("note") {
        return Act::Note {
            text: notes::found(
                scene.english,
                &causes(scene, visit),
                is_dead(scene.seed, visit.id),
                &mut dice(scene.seed, visit, "note"),
            ),
        };
    }
    let paused = scene
        .view
        .events
        .iter()
        .any(|entry| entry.word == "pause" && entry.act.visit() == Some(visit.id));
    let mut drawn = dice(scene.seed, visit, "pause");
    if !paused && drawn.percent(PAUSE_PERCENT) {
        let reason = if drawn.percent(50) {
            PauseReason::Break
        } else {
            PauseReason::WaitingCustomer
        };
        return Act::Pause {
            visit: visit.id,
            reason,
        };
    }
    if let Some((part, from)) = scene.part
        && !has("use_part")
        && dice(scene.seed, visit, "part").percent(PART_PERCENT)
    {
        return Act::UsePart {
            part,
            quantity: 1,
            from,
        };
    }
    if !has("sign") {
        let name = scene
            .view
            .contact
            .as_ref()
            .map_or_else(|| notes::nobody(scene.english).to_owned(), |it| it.name.clone());
        return Act::Sign {
            name,
            path: stroke(&mut dice(scene.seed, visit, "sign")),
        };
    }
    Act::Finish {
        visit: visit.id,
        completion: completion(scene, visit),
    }
}

fn answer(scene: Scene<'_>, visit: &VisitState, item: &ChecklistItem) -> Answer {
    let mut drawn = dice(scene.seed, visit, &item.id);
    match item.kind.as_str() {
        "reading" => {
            let (min, max) = (item.min.unwrap_or(0.0), item.max.unwrap_or(100.0));
            // Somewhere in the sound middle, with as many digits as a display shows.
            let value = min + (max - min) * (0.3 + 0.4 * drawn.share());
            let digits = if max - min > 50.0 { 1.0 } else { 10.0 };
            Answer::Reading {
                value: (value * digits).round() / digits,
                unit: item.unit.clone().unwrap_or_default(),
            }
        }
        "text" => Answer::Text(notes::advice(scene.english, &mut drawn)),
        _ => Answer::Tick(true),
    }
}
