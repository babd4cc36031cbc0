//! Whatever honest people do, in any interleaving, passes every check of the door, and every replica that holds the
//! same changes says the same.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeSet;

use automerge::{Automerge, ChangeHash};
use fieldline_model::document::{self, author, birth, content};
use fieldline_model::door::{Door, Header, Lane, Limits, Outcome, Put};
use fieldline_model::fold::fold;
use fieldline_model::id::{DocumentId, EngineerId, OperationId, TicketId, VisitId};
use fieldline_model::operation::{Act, Author, Completion, Operation, PauseReason, TicketFacts, VisitResult};
use fieldline_model::policy::{self, Write};
use fieldline_model::rules;
use fieldline_model::time::{DeviceTime, Timestamp};
use proptest::prelude::*;

const PEOPLE: usize = 4;

fn ticket() -> DocumentId {
    TicketId::from_bytes([7; 16]).into()
}

fn engineer(n: usize) -> EngineerId {
    EngineerId::from_bytes([u8::try_from(n).unwrap(); 16])
}

/// Person 0 is HQ, the others are engineers on phones.
fn who(n: usize) -> Author {
    if n == 0 {
        Author::Server
    } else {
        Author::Engineer(engineer(n))
    }
}

fn acts(person: usize, choice: u8, fresh: VisitId, visits: &[VisitId]) -> Act {
    let visit = visits
        .get(usize::from(choice) % visits.len().max(1))
        .copied()
        .unwrap_or(fresh);
    if person == 0 {
        return match choice % 7 {
            0 | 1 => Act::Offer {
                visit: fresh,
                to: vec![engineer(1), engineer(2), engineer(3)],
                plan: None,
            },
            2 => Act::Reassign {
                from: visit,
                visit: fresh,
                to: vec![engineer(2)],
                plan: None,
            },
            3 => Act::Cancel { reason: "r".into() },
            4 => Act::Reopen { reason: "r".into() },
            5 => Act::Close,
            _ => Act::Note {
                text: "from HQ".into(),
            },
        };
    }
    let completion = Completion {
        result: VisitResult::Fixed,
        cause: None,
        remedy: None,
        text: "ok".into(),
    };
    match choice % 9 {
        0 | 1 => Act::Accept { visit },
        2 => Act::Depart { visit, eta: None },
        3 => Act::Arrive {
            visit,
            position: None,
        },
        4 => Act::Start { visit },
        5 => Act::Pause {
            visit,
            reason: PauseReason::Break,
        },
        6 => Act::Resume { visit },
        7 => Act::Finish { visit, completion },
        _ => Act::Note {
            text: "笔记".into()
        },
    }
}

struct Person {
    doc: Automerge,
    number: usize,
}

/// What `from` holds and `into` does not.
fn changes_between(from: &Automerge, into: &Automerge) -> Vec<Vec<u8>> {
    let has: BTreeSet<ChangeHash> = into
        .get_changes(&[])
        .iter()
        .map(automerge::Change::hash)
        .collect();
    from.get_changes(&[])
        .iter()
        .filter(|c| !has.contains(&c.hash()))
        .map(|c| c.raw_bytes().to_vec())
        .collect()
}

/// The whole door of the server, but for devices and signatures.
fn take(into: &Automerge, changes: &[Vec<u8>]) -> Lane {
    let limits = Limits::default();
    let allow = |header: &Header, puts: &[Put<'_>]| {
        let writes: Vec<Write<'_>> = puts
            .iter()
            .map(|put| Write {
                path: put.path,
                key: put.key,
                text: match put.value {
                    automerge::ScalarValue::Str(text) => Some(text.as_str()),
                    _ => None,
                },
                overwrites: put.overwrites,
            })
            .collect();
        policy::read(ticket(), header.message.as_deref(), &writes)
            .map(|_| ())
            .map_err(|reason| panic!("an honest change was refused: {reason:?}"))
    };
    Door {
        limits: &limits,
        is_refused: &|_| false,
        allow: &allow,
    }
    .check_lane(into, changes)
}

impl Person {
    fn perform(&mut self, n: u8, choice: u8) {
        let known = content(ticket(), &self.doc).unwrap();
        let state = fold(&known.events);
        let visits: Vec<VisitId> = state.visits.keys().copied().collect();
        let act = if state.created.is_none() {
            Act::Create(Box::new(TicketFacts {
                number: "T-1".into(),
                fault_text: "it leaks".into(),
                ..TicketFacts::default()
            }))
        } else {
            acts(self.number, choice, VisitId::from_bytes([n; 16]), &visits)
        };
        let operation = Operation {
            id: OperationId::from_bytes([n; 16]),
            document: ticket(),
            by: who(self.number),
            at: DeviceTime::exact(Timestamp::from_ms(i64::from(n))),
            act,
        };
        // What the rules forbid an honest phone does not save.
        if rules::check_ticket(&state, &operation).is_ok() {
            let actor = [u8::try_from(self.number).unwrap() + 1; 16];
            author(&mut self.doc, &actor, &operation, known.events.heads()).unwrap();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn honest_work_passes_the_door_and_replicas_agree(
        steps in prop::collection::vec((0..PEOPLE, any::<u8>(), prop::option::of(0..PEOPLE)), 1..60),
    ) {
        let mut people: Vec<Person> =
            (0..PEOPLE).map(|number| Person { doc: birth(ticket()).unwrap(), number }).collect();
        people[0].perform(1, 0);
        people[0].perform(2, 0);
        for (n, (person, choice, meets)) in (3_u8..).zip(&steps) {
            people[*person].perform(n, *choice);
            if let Some(other) = meets.filter(|other| other != person) {
                let changes = changes_between(&people[other].doc, &people[*person].doc);
                let lane = take(&people[*person].doc, &changes);
                prop_assert!(lane.outcomes.iter().all(|o| matches!(o, Outcome::Applied(_))), "{:?}", lane.outcomes);
                if let Some(doc) = lane.doc { people[*person].doc = doc; }
            }
        }
        // Everybody meets everybody through HQ; each event was legal for what its author knew.
        for round in 0..2 * PEOPLE {
            let (a, b) = (0, round % PEOPLE);
            for (to, from) in [(a, b), (b, a)] {
                let changes = changes_between(&people[from].doc, &people[to].doc);
                let lane = take(&people[to].doc, &changes);
                prop_assert!(lane.outcomes.iter().all(|o| matches!(o, Outcome::Applied(_))), "{:?}", lane.outcomes);
                if let Some(doc) = lane.doc { people[to].doc = doc; }
            }
        }
        let first = content(ticket(), &people[0].doc).unwrap();
        for person in &people {
            prop_assert_eq!(document::heads(&person.doc), document::heads(&people[0].doc));
            prop_assert_eq!(&content(ticket(), &person.doc).unwrap(), &first);
        }
        for (id, entry) in first.events.entries() {
            let operation = Operation { id: *id, document: ticket(), by: entry.by, at: entry.at, act: entry.act.clone() };
            let knew = fold(&first.events.known_to(&entry.prev));
            prop_assert_eq!(rules::check_ticket(&knew, &operation), Ok(()), "{} was legal for its author", operation.act.word());
        }
    }
}
