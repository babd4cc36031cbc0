//! What the phone asks at the tap and the door lets pass.
//!
//! A slip is best told while nothing is saved yet. These questions are put with the device's own clock and with the
//! checklist it happens to hold. The door can be sure of neither, so refusing saved work by them would lose honest
//! work; readers at HQ ask [`arrival_in_ms`] too and pass over what does not hold.

use crate::fold::{Phase, TicketState};
use crate::operation::{Act, Answer, Operation};
use crate::reason::Reason;
use crate::row::{Checklist, ChecklistItem};
use crate::time::{DeviceTime, Timestamp};

/// Farthest an engineer estimates his arrival ahead: beyond a week it is a plan, and plans are HQ's.
pub const ARRIVAL_AHEAD_MS_MAX: i64 = 7 * 24 * 60 * 60 * 1000;
/// How far back an estimate may lie: who picks the nearest quarter of an hour may pick one that has just gone by.
pub const ARRIVAL_BEHIND_MS_MAX: i64 = 15 * 60 * 1000;

/// Checks an operation on a ticket that its author is about to save, after [`super::check_ticket`]. `checklist` is the
/// one of the ticket's category, if the phone has it; an item it does not name takes any answer.
///
/// # Errors
/// The first reason found.
pub fn check_tap(
    state: &TicketState,
    operation: &Operation,
    checklist: Option<&Checklist>,
) -> Result<(), Reason> {
    match &operation.act {
        Act::Estimate { visit, arrival } => {
            let visit = state.visits.get(visit).ok_or(Reason::UnknownVisit)?;
            check_still_coming(visit.phase)?;
            check_arrival(&operation.at, *arrival)
        }
        Act::Depart { eta: Some(eta), .. } => check_arrival(&operation.at, *eta),
        Act::Answer { item, answer } => {
            let items = checklist.into_iter().flat_map(|list| &list.items);
            let item = items.into_iter().find(|known| known.id == *item);
            item.map_or(Ok(()), |item| check_answer(item, answer))
        }
        // HQ keeps no parts for it; what is asked for without knowing that it is over is declined there.
        Act::RequestPart { .. } if state.status().is_over() => Err(Reason::TicketOver),
        _ => Ok(()),
    }
}

/// Milliseconds from the moment an estimate was given to the arrival it tells; `None` when nobody can mean that.
///
/// Both times are of one device, so a clock that is years wrong does not matter. An app may have reckoned with the
/// device's wall or with its guess of the server's clock: the nearer of the two is what was meant.
#[must_use]
pub fn arrival_in_ms(said: &DeviceTime, arrival: Timestamp) -> Option<i64> {
    let by_wall = arrival.since(said.wall);
    let by_server = arrival.since(said.estimate());
    let ms = if by_wall.unsigned_abs() <= by_server.unsigned_abs() {
        by_wall
    } else {
        by_server
    };
    (-ARRIVAL_BEHIND_MS_MAX..=ARRIVAL_AHEAD_MS_MAX)
        .contains(&ms)
        .then_some(ms)
}

fn check_arrival(said: &DeviceTime, arrival: Timestamp) -> Result<(), Reason> {
    arrival_in_ms(said, arrival)
        .map(|_| ())
        .ok_or(Reason::ArrivalOutOfRange)
}

fn check_still_coming(phase: Phase) -> Result<(), Reason> {
    match phase {
        Phase::Offered | Phase::Accepted | Phase::EnRoute => Ok(()),
        Phase::Arrived | Phase::Working | Phase::Paused(_) | Phase::Done => Err(Reason::AlreadyArrived),
        Phase::Declined(_) => Err(Reason::NotNow),
    }
}

/// Whether an item takes this answer: its kind, and a reading's unit. A value outside the sound bounds is a finding, not
/// a slip, so it is taken and shown. Kinds of a newer server take anything.
fn check_answer(item: &ChecklistItem, answer: &Answer) -> Result<(), Reason> {
    match (item.kind.as_str(), answer) {
        ("reading", Answer::Reading { unit, .. }) => match &item.unit {
            Some(wanted) if wanted != unit => Err(Reason::WrongUnit),
            _ => Ok(()),
        },
        // A photo is ticked off as taken: photos themselves do not travel yet.
        ("tick" | "photo", Answer::Tick(_)) | ("text", Answer::Text(_)) => Ok(()),
        ("tick" | "photo" | "text" | "reading", _) => Err(Reason::WrongAnswer),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::Entry;
    use crate::fold::{Events, fold};
    use crate::id::{EngineerId, OperationId, TicketId, VisitId};
    use crate::operation::{Author, TicketFacts};

    const NOW: Timestamp = Timestamp::from_ms(1_795_140_000_000);
    const HOUR_MS: i64 = 60 * 60 * 1000;
    const YEAR_MS: i64 = 365 * 24 * HOUR_MS;

    fn visit() -> VisitId {
        VisitId::from_bytes([2; 16])
    }

    fn engineer() -> EngineerId {
        EngineerId::from_bytes([5; 16])
    }

    fn operation(at: DeviceTime, act: Act) -> Operation {
        Operation {
            id: OperationId::from_bytes([9; 16]),
            document: TicketId::from_bytes([1; 16]).into(),
            by: Author::Engineer(engineer()),
            at,
            act,
        }
    }

    /// A ticket whose one visit went these steps.
    fn ticket(steps: Vec<Act>) -> TicketState {
        let offer = Act::Offer {
            visit: visit(),
            to: vec![engineer()],
            plan: None,
        };
        let facts = TicketFacts {
            number: "T-000001".into(),
            fault_text: "it leaks".into(),
            ..TicketFacts::default()
        };
        let mut events = Events::default();
        let mut prev = Vec::new();
        let hq = [Act::Create(Box::new(facts)), offer];
        for (place, act) in hq.into_iter().chain(steps).enumerate() {
            let id = OperationId::from_bytes([u8::try_from(place).unwrap() + 1; 16]);
            let by = if place < 2 {
                Author::Server
            } else {
                Author::Engineer(engineer())
            };
            let operation = Operation {
                id,
                by,
                ..operation(DeviceTime::exact(NOW), act)
            };
            events.insert_entry(id, Entry::of(&operation, prev));
            prev = vec![id];
        }
        fold(&events)
    }

    fn on_the_way() -> Vec<Act> {
        vec![
            Act::Accept { visit: visit() },
            Act::Depart {
                visit: visit(),
                eta: None,
            },
        ]
    }

    fn estimate(at: DeviceTime, after_ms: i64) -> Result<(), Reason> {
        let act = Act::Estimate {
            visit: visit(),
            arrival: at.wall.plus_ms(after_ms),
        };
        check_tap(&ticket(on_the_way()), &operation(at, act), None)
    }

    #[test]
    fn an_estimate_lies_between_now_and_a_week_ahead() {
        let now = DeviceTime::exact(NOW);
        for good in [0, HOUR_MS, ARRIVAL_AHEAD_MS_MAX, -ARRIVAL_BEHIND_MS_MAX] {
            assert_eq!(estimate(now, good), Ok(()), "{good}");
        }
        let far = [
            ARRIVAL_AHEAD_MS_MAX + 1,
            -ARRIVAL_BEHIND_MS_MAX - 1,
            3 * YEAR_MS,
            i64::MAX,
            i64::MIN,
        ];
        for bad in far {
            assert_eq!(estimate(now, bad), Err(Reason::ArrivalOutOfRange), "{bad}");
        }
        let eta = |after_ms| {
            let eta = Some(NOW.plus_ms(after_ms));
            let accepted = ticket(vec![Act::Accept { visit: visit() }]);
            check_tap(
                &accepted,
                &operation(now, Act::Depart { visit: visit(), eta }),
                None,
            )
        };
        assert_eq!(eta(HOUR_MS), Ok(()));
        assert_eq!(eta(3 * YEAR_MS), Err(Reason::ArrivalOutOfRange));
    }

    #[test]
    fn a_clock_that_is_years_wrong_hinders_nobody() {
        let wrong = |offset_ms| DeviceTime {
            wall: NOW.plus_ms(-3 * YEAR_MS),
            boot: 1,
            up_ms: 5,
            offset_ms,
        };
        assert_eq!(estimate(wrong(None), HOUR_MS), Ok(()));
        assert_eq!(estimate(wrong(Some(3 * YEAR_MS)), HOUR_MS), Ok(()), "by the wall");
        assert_eq!(
            estimate(wrong(Some(3 * YEAR_MS)), 3 * YEAR_MS + HOUR_MS),
            Ok(()),
            "by the server's clock"
        );
        let said = wrong(Some(3 * YEAR_MS));
        assert_eq!(arrival_in_ms(&said, NOW.plus_ms(HOUR_MS)), Some(HOUR_MS));
        assert_eq!(arrival_in_ms(&said, said.wall.plus_ms(HOUR_MS)), Some(HOUR_MS));
    }

    #[test]
    fn who_is_there_estimates_no_arrival() {
        let now = DeviceTime::exact(NOW);
        let arrival = NOW.plus_ms(HOUR_MS);
        let act = || Act::Estimate {
            visit: visit(),
            arrival,
        };
        let mut steps = on_the_way();
        for step in [
            Act::Arrive {
                visit: visit(),
                position: None,
            },
            Act::Start { visit: visit() },
        ] {
            let before = super::super::check_ticket(&ticket(steps.clone()), &operation(now, act()));
            assert_eq!(before, Ok(()), "the door takes it");
            steps.push(step);
            let there = ticket(steps.clone());
            let tapped = check_tap(&there, &operation(now, act()), None);
            assert_eq!(tapped, Err(Reason::AlreadyArrived));
        }
    }

    #[test]
    fn an_item_takes_its_kind_of_answer_and_its_unit() {
        let item = |kind: &str, unit: Option<&str>| Checklist {
            category: "aircon".into(),
            items: vec![ChecklistItem {
                id: "it".into(),
                kind: kind.into(),
                zh: "项".into(),
                en: "item".into(),
                unit: unit.map(str::to_owned),
                min: Some(0.1),
                max: Some(1.5),
            }],
        };
        let state = ticket(Vec::new());
        let tap = |list: &Checklist, id: &str, answer: Answer| {
            let act = Act::Answer {
                item: id.into(),
                answer,
            };
            check_tap(&state, &operation(DeviceTime::exact(NOW), act), Some(list))
        };
        let reading = |value, unit: &str| Answer::Reading {
            value,
            unit: unit.into(),
        };
        let (tick, text) = (Answer::Tick(true), Answer::Text("好".into()));
        let pressure = item("reading", Some("MPa"));
        assert_eq!(tap(&pressure, "it", reading(0.4, "MPa")), Ok(()));
        assert_eq!(tap(&pressure, "it", reading(9.9, "MPa")), Ok(()), "a finding");
        assert_eq!(tap(&pressure, "it", reading(0.4, "bar")), Err(Reason::WrongUnit));
        assert_eq!(tap(&item("reading", None), "it", reading(0.4, "bar")), Ok(()));
        for (kind, good) in [("tick", &tick), ("photo", &tick), ("text", &text)] {
            assert_eq!(tap(&item(kind, None), "it", good.clone()), Ok(()), "{kind}");
            assert_eq!(
                tap(&item(kind, None), "it", reading(1.0, "")),
                Err(Reason::WrongAnswer),
                "{kind}"
            );
        }
        assert_eq!(
            tap(&item("tick", None), "it", text.clone()),
            Err(Reason::WrongAnswer)
        );
        assert_eq!(
            tap(&item("text", None), "it", tick.clone()),
            Err(Reason::WrongAnswer)
        );
        assert_eq!(tap(&pressure, "it", tick.clone()), Err(Reason::WrongAnswer));
        assert_eq!(
            tap(&pressure, "another", tick.clone()),
            Ok(()),
            "an item of another version"
        );
        assert_eq!(
            tap(&item("choice", None), "it", tick),
            Ok(()),
            "a kind of a newer server"
        );
    }
}
