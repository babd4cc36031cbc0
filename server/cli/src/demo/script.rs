//! The script of a visit: what an engineer does next, from what he sees on his phone.
//!
//! A pure function of the ticket on the screen: no progress is kept beside it, so a phone that died in the middle goes
//! on where its own store says. How long things take and how they end is drawn from the visit's id.

use fieldline_engine::view::TicketView;
use fieldline_model::fold::{Phase, VisitState};
use fieldline_model::id::{EngineerId, LocationId, PartId, VisitId};
use fieldline_model::operation::{Act, Answer, Author, Completion, PauseReason, VisitResult};
use fieldline_model::row::{ChecklistItem, Code};

use super::dice::Dice;
use super::notes;

const MINUTE_MS: i64 = 60_000;
/// Visits of a hundred that stand in a place without signal.
const DEAD_PERCENT: i64 = 75;
/// Visits of a hundred that need a part.
const PART_PERCENT: i64 = 40;
/// Visits of a hundred with a pause.
const PAUSE_PERCENT: i64 = 20;
/// Visits of a hundred that end without the fault being gone.
const PARTLY_PERCENT: i64 = 4;

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
                scene.view,
                &causes(scene, visit),
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
            .map_or_else(|| notes::nobody(scene.view).to_owned(), |it| it.name.clone());
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
        "text" => Answer::Text(notes::advice(scene.view, &mut drawn)),
        _ => Answer::Tick(true),
    }
}

/// The cause the engineer finds and the remedy he applies, each as its code.
pub(super) struct Found<'a> {
    /// Why it happened.
    pub(super) cause: Option<&'a Code>,
    /// What was done.
    pub(super) remedy: Option<&'a Code>,
}

fn causes<'a>(scene: Scene<'a>, visit: &VisitState) -> Found<'a> {
    let fault = scene.view.facts.fault.as_deref().unwrap_or("ANY");
    let mut drawn = dice(scene.seed, visit, "found");
    let mut pick = |sort: &str, mark: &str| {
        let of = |begin: &str| {
            let begin = format!("{begin}-{mark}");
            scene
                .codes
                .iter()
                .filter(|code| code.sort == sort && code.code.starts_with(&begin))
                .collect::<Vec<_>>()
        };
        let fitting = of(fault);
        let any = of("ANY");
        let known = |code: &&&Code| !code.code.ends_with("UNKNOWN") && !code.code.ends_with("NONE");
        let from: Vec<&Code> = if fitting.is_empty() {
            any.iter().filter(known).copied().collect()
        } else {
            fitting
        };
        drawn.pick(&from).copied()
    };
    Found {
        cause: pick("cause", "C"),
        remedy: pick("remedy", "R"),
    }
}

fn completion(scene: Scene<'_>, visit: &VisitState) -> Completion {
    let found = causes(scene, visit);
    let mut drawn = dice(scene.seed, visit, "result");
    let partly = !scene.must_fix && drawn.percent(PARTLY_PERCENT);
    let nothing = !partly && drawn.percent(PARTLY_PERCENT);
    let result = match (partly, nothing) {
        (true, _) => VisitResult::Partly,
        (_, true) => VisitResult::NoFaultFound,
        _ => VisitResult::Fixed,
    };
    let code = |code: Option<&Code>| code.map(|code| code.code.clone());
    let (cause, remedy) = if nothing {
        (None, None)
    } else {
        (code(found.cause), code(found.remedy))
    };
    Completion {
        result,
        cause,
        remedy,
        text: notes::report(scene.view, result, &found, &mut drawn),
    }
}

/// A name nobody can read, as on every such glass.
fn stroke(drawn: &mut Dice) -> String {
    let mut path = format!("M40 {}", drawn.between(80, 140));
    for x in 1..6 {
        let (from, to) = (40 + x * 90 - 50, 40 + x * 90);
        path.push_str(&format!(
            " C{from} {} {from} {} {to} {}",
            drawn.between(30, 170),
            drawn.between(30, 170),
            drawn.between(70, 130)
        ));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_a_drawing_the_rules_allow() {
        let path = stroke(&mut Dice::of(1, "s"));
        assert!(
            path.bytes()
                .all(|b| b.is_ascii_digit() || b"MLQCZ ,.-".contains(&b)),
            "{path}"
        );
    }
}
