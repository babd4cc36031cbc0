//! FAULTS, documents and meaning: missing dependencies (33, 34), refused work (35, 76) and odd events (89).

use std::sync::{Arc, Mutex};

use fieldline_engine::Bug;
use fieldline_model::document::author;
use fieldline_model::id::{OperationId, TicketId, VisitId};
use fieldline_model::operation::{Act, Author, Completion, DeclineReason, Operation, VisitResult};
use fieldline_model::time::DeviceTime;
use fieldline_model::wire::{Bytes, Fate, Item, Verdict};
use fieldline_server::store::fate::fate_get;
use fieldline_tests::world::check::Findings;
use fieldline_tests::world::hostile::Hostile;
use fieldline_tests::world::story::DAY_MS;
use fieldline_tests::world::{World, cast};

const HELD: &str = "SELECT count(*) FROM held";

/// HQ writes twice; the first of the two changes is withheld from the phone, as if a page had lost it.
fn dependency_withheld(bug: Option<Bug>) -> (World, TicketId, Arc<Mutex<Vec<Bytes>>>) {
    let (mut world, ticket, _) = World::with_ticket(33, 2);
    bug.into_iter().for_each(|bug| world.plant(0, bug));
    for text in ["first", "second"] {
        let act = Act::Note { text: text.into() };
        world
            .hq_does(Author::Staff(cast::dispatcher()), ticket, act)
            .expect("HQ writes");
    }
    let withheld: Arc<Mutex<Vec<Bytes>>> = Arc::default();
    let take = Arc::clone(&withheld);
    world.tamper = Some(Box::new(move |n, reply| {
        let items = reply
            .page
            .iter_mut()
            .filter(|_| n == 0)
            .flat_map(|page| &mut page.items);
        for item in items {
            if let Item::Changes { changes, .. } = item
                && changes.len() > 1
            {
                take.lock().expect("one thread").push(changes.remove(0));
            }
        }
        // Without the count, the phone must wait instead of asking for the whole.
        reply.page.iter_mut().for_each(|page| page.manifest = None);
    }));
    world.sync(0);
    (world, ticket, withheld)
}

/// The withheld change comes days later, with somebody else's.
fn arrives_after_days(bug: Option<Bug>) -> bool {
    let (mut world, ticket, withheld) = dependency_withheld(bug);
    assert_eq!(
        withheld.lock().expect("one thread").len(),
        1,
        "a dependency was withheld"
    );
    let held = world.count_on_phone(0, HELD);
    world.clock.pass(5 * DAY_MS);
    let give = Arc::clone(&withheld);
    world.tamper = Some(Box::new(move |n, reply| {
        let page = reply.page.iter_mut().filter(|_| n == 0);
        for (page, bytes) in page.zip(give.lock().expect("one thread").pop()) {
            page.items.push(Item::Changes {
                document: ticket.into(),
                changes: vec![bytes],
            });
            page.manifest = None;
        }
    }));
    world.sync(0);
    let healed_by_itself = held == 1 && world.count_on_phone(0, HELD) == 0;
    world.tamper = None;
    world.phones[0].restored = true;
    world.assert_healed();
    healed_by_itself
}

#[test]
fn fault_033_missing_dependency_held_for_days_then_arrives() {
    assert!(arrives_after_days(None));
}

#[test]
fn fault_033_a_phone_that_drops_what_came_early_does_not_hold_it() {
    assert!(!arrives_after_days(Some(Bug::MissingDepsDropped)));
}

#[test]
fn fault_034_missing_dependency_never_arrives() {
    let (mut world, ticket, withheld) = dependency_withheld(None);
    assert_eq!(
        withheld.lock().expect("one thread").len(),
        1,
        "a dependency was withheld"
    );
    assert_eq!(world.count_on_phone(0, HELD), 1);
    // It works on meanwhile; then the count tells that something is missing, and the document comes whole.
    let note = world.note(0, ticket, "meanwhile");
    world.tamper = None;
    world.assert_healed();
    assert_eq!(world.count_on_phone(0, HELD), 0);
    assert_eq!(world.fate_at_hq(note), Some(("merged".into(), None)));
}

fn refused_with_dependents(bug: Option<Bug>) -> (World, OperationId, Vec<OperationId>, Findings) {
    let (mut world, ticket, visit) = World::with_ticket(35, 2);
    world.plant(0, Bug::RulesSkipped);
    bug.into_iter().for_each(|bug| world.plant(0, bug));
    let refused = world
        .perform(0, ticket, Act::Start { visit })
        .expect("this app allows it");
    let dependents = (0..20)
        .map(|n| world.note(0, ticket, &format!("dependent {n}")))
        .collect();
    let findings = world.heal_and_check();
    (world, refused, dependents, findings)
}

#[test]
fn fault_035_refused_change_with_twenty_dependents() {
    let (mut world, refused, dependents, findings) = refused_with_dependents(None);
    assert!(findings.is_empty(), "{findings}");
    assert_eq!(
        world.fate_at_hq(refused),
        Some(("refused".into(), Some("not_now".into())))
    );
    for id in dependents {
        assert_eq!(
            world.fate_at_hq(id),
            Some(("merged".into(), None)),
            "dependents are replayed under their own ids"
        );
    }
    let cards = world.status(0).cards;
    assert_eq!(
        cards.iter().map(|card| card.operation).collect::<Vec<_>>(),
        [refused]
    );
}

#[test]
fn fault_035_a_phone_that_forgets_dependents_loses_them() {
    let (_, _, _, findings) = refused_with_dependents(Some(Bug::DependentsForgotten));
    assert!(
        findings.list().iter().any(|finding| finding.starts_with("LOST")),
        "{findings}"
    );
}

#[test]
fn fault_076_operation_that_touches_two_documents_meaning_one_refused() {
    let (mut world, ticket, visit) = World::with_ticket(76, 2);
    // The second engineer holds the ticket through a visit that HQ takes away again; his app does not mind.
    let second = world
        .offer(ticket, vec![cast::engineer(1)])
        .expect("a second visit");
    world.settle();
    world.plant(1, Bug::RulesSkipped);
    let part = cast::parts()[0];
    let used = |n: usize| Act::UsePart {
        part,
        quantity: 1,
        from: cast::van(n),
    };
    let taken = world.perform(0, ticket, used(0)).expect("from his own van");
    let too_many = Act::UsePart {
        part,
        quantity: 0,
        from: cast::van(1),
    };
    let refused = world.perform(1, ticket, too_many).expect("this app allows it");
    let good = world.perform(1, ticket, used(1)).expect("from his own van");
    world.assert_healed();
    assert_eq!(
        world.fate_at_hq(refused),
        Some(("refused".into(), Some("out_of_range".into())))
    );
    for (id, moved) in [(taken, 1), (refused, 0), (good, 1)] {
        let sql = format!("SELECT count(*) FROM movement WHERE operation = '{id}'");
        assert_eq!(
            world.count_at_hq(&sql),
            moved,
            "stock moves with the fate and only then"
        );
    }
    assert_eq!(
        world.count_on_phone(1, "SELECT count(*) FROM part_use"),
        0,
        "nothing is kept off the stock twice"
    );
    assert_ne!(visit, second);
}

/// An event by the phone's engineer, as an app that knows no rules would write it.
fn event(world: &mut World, hostile: &Hostile, id: OperationId, prev: Vec<OperationId>, act: Act) -> Verdict {
    let ticket = world.tickets[0];
    let mut doc = world.document_at_hq(ticket.into());
    let by = Author::Engineer(world.phones[hostile.n].engineer);
    let at = DeviceTime::exact(world.now());
    let operation = Operation {
        id,
        document: ticket.into(),
        by,
        at,
        act,
    };
    let authored = author(&mut doc, &hostile.phone.actor(ticket.into()), &operation, prev).expect("a change");
    hostile.verdict(world, ticket, authored.bytes)
}

fn refused(verdict: &Verdict) -> Option<&str> {
    match verdict {
        Verdict::Fate {
            fate: Fate::Refused { code },
            ..
        } => Some(code),
        _ => None,
    }
}

#[test]
fn fault_089_event_key_collision_prev_cycle_dangling_prev_unknown_kind() {
    let (mut world, ticket, visit) = World::with_ticket(89, 2);
    let first = world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    world.settle();
    let hostile = Hostile::of(&world, 0);

    let depart = || Act::Depart { visit, eta: None };
    let id = hostile.operation(&mut world, ticket);
    let nobody = OperationId::from_bytes([9; 16]);
    let dangling = event(&mut world, &hostile, id, vec![nobody], depart());
    assert_eq!(refused(&dangling), Some("unknown_predecessor"));

    let id = hostile.operation(&mut world, ticket);
    let cycle = event(&mut world, &hostile, id, vec![id], depart());
    assert_eq!(refused(&cycle), Some("bad_entry"), "an event before itself");

    let id = hostile.operation(&mut world, ticket);
    let unknown = event(
        &mut world,
        &hostile,
        id,
        vec![first],
        Act::Start {
            visit: VisitId::from_bytes([7; 16]),
        },
    );
    assert_eq!(refused(&unknown), Some("unknown_visit"));

    // An id that stands there already, and one that was decided elsewhere: the first fate is told, nothing changes.
    let before = world.count_at_hq("SELECT count(*) FROM change");
    let other = world.new_ticket(&[0]).0;
    world.settle();
    let doc = world.document_at_hq(other.into());
    let by = Author::Engineer(world.phones[0].engineer);
    let at = DeviceTime::exact(world.now());
    let operation = Operation {
        id: first,
        document: other.into(),
        by,
        at,
        act: Act::Note { text: "again".into() },
    };
    let authored = author(
        &mut doc.clone(),
        &hostile.phone.actor(other.into()),
        &operation,
        vec![],
    )
    .expect("a change");
    let verdict = hostile.verdict(&mut world, other, authored.bytes);
    assert!(
        matches!(verdict, Verdict::Fate { operation, fate: Fate::Merged, other: true } if operation == first)
    );
    assert_eq!(
        world.count_at_hq("SELECT count(*) FROM change"),
        before + 2,
        "HQ's create and offer, nothing else"
    );

    assert_eq!(world.tally.of("hostile.push"), 4);
    let article = world.article;
    world
        .perform(
            1,
            article,
            Act::Annotate {
                section: None,
                text: "others work on".into(),
            },
        )
        .expect("saved");
    world.assert_healed();
}

/// One engineer finishes one visit on two phones, offline. The phone that comes first is told "merged"; the fold may let
/// the other stand. How many reports that were merged do not count any more, and how many of those have a card.
fn finished_on_two_phones(seed: u64, bug: Option<Bug>) -> (usize, usize) {
    let (mut world, ticket, visit) = World::with_ticket(seed, 1);
    for act in [
        Act::Accept { visit },
        Act::Depart { visit, eta: None },
        Act::Arrive {
            visit,
            position: None,
        },
        Act::Start { visit },
    ] {
        world.perform(0, ticket, act).expect("legal");
    }
    world.add_phone(cast::engineer(0));
    bug.into_iter()
        .for_each(|bug| (0..2).for_each(|n| world.plant(n, bug)));
    let mut finished = Vec::new();
    for n in 0..2 {
        let completion = Completion {
            result: VisitResult::Fixed,
            cause: None,
            remedy: None,
            text: format!("done on phone {n}"),
        };
        finished.push(
            world
                .perform(n, ticket, Act::Finish { visit, completion })
                .expect("legal"),
        );
    }
    world.assert_healed();
    assert_eq!(
        world.count_at_hq("SELECT count(*) FROM review WHERE what = 'second_report'"),
        1
    );
    let overruled = |world: &World, id| {
        world.count_at_hq(&format!(
            "SELECT count(*) FROM event WHERE operation = '{id}' AND outcome = 'overruled'"
        )) == 1
    };
    if bug.is_none() {
        header_says_what_counts(&mut world, &finished);
    }
    let (mut displaced, mut told) = (0, 0);
    for (n, id) in finished.into_iter().enumerate() {
        if overruled(&world, id) && world.fate_at_hq(id) == Some(("merged".into(), None)) {
            displaced += 1;
            let row = fate_get(world.hq.db(), id).expect("the record").expect("a fate");
            assert_eq!(row.outcome, Some(("overruled".into(), Some("superseded".into()))));
            told += world
                .status(n)
                .cards
                .iter()
                .filter(|card| card.operation == id && card.code == "superseded")
                .count();
        }
    }
    (displaced, told)
}

/// "0 overruled" stood above a card that said overruled: the header counts how work counts at present, as HQ does.
fn header_says_what_counts(world: &mut World, finished: &[OperationId]) {
    for (n, id) in finished.iter().enumerate() {
        let overruled = world.count_at_hq(&format!(
            "SELECT count(*) FROM event WHERE operation = '{id}' AND outcome = 'overruled'"
        ));
        let merged_first = world.fate_at_hq(*id) == Some(("merged".into(), None));
        let status = world.status(n);
        let own = if n == 0 { 5 } else { 1 };
        assert_eq!(i64::try_from(status.overruled), Ok(overruled), "phone {n}");
        assert_eq!(status.at_hq + status.overruled, own, "phone {n}");
        assert_eq!(status.cards.len(), usize::try_from(overruled).expect("few"));
        assert!(status.cards.iter().all(|card| card.displaced == merged_first));
    }
}

/// The start of one phone stood between the arrival and the finish of the other.
#[test]
fn fault_043_two_phones_make_one_visit_with_times_that_can_be() {
    for seed in 1..=8 {
        let (mut world, ticket, visit) = World::with_ticket(seed, 1);
        world.perform(0, ticket, Act::Accept { visit }).expect("legal");
        world.settle();
        world.add_phone(cast::engineer(0));
        world.settle();
        for n in 0..2 {
            let completion = Completion {
                result: VisitResult::Fixed,
                cause: None,
                remedy: None,
                text: format!("done on phone {n}"),
            };
            for act in [
                Act::Depart { visit, eta: None },
                Act::Arrive {
                    visit,
                    position: None,
                },
                Act::Start { visit },
                Act::Finish { visit, completion },
            ] {
                world.perform(n, ticket, act).expect("legal");
                world.clock.pass(60_000);
            }
        }
        world.assert_healed();
        let ordered =
            "SELECT count(*) FROM visit WHERE departed_at <= arrived_at AND arrived_at <= started_at
            AND started_at <= done_at AND phase = 'done'";
        assert_eq!(world.count_at_hq(ordered), 1, "seed {seed}");
        let of_one = "SELECT count(DISTINCT f.device) FROM event e JOIN fate f ON f.operation = e.operation
            WHERE e.outcome = 'merged' AND e.act IN ('depart', 'arrive', 'start', 'finish')";
        assert_eq!(
            world.count_at_hq(of_one),
            1,
            "seed {seed}: the steps of one phone"
        );
    }
}

#[test]
fn fault_043_two_phones_finish_one_visit_and_the_one_displaced_later_is_told() {
    let both = (1..=8).map(|seed| finished_on_two_phones(seed, None));
    let (displaced, told) = both.fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1));
    assert!(displaced > 0, "in none of the worlds was merged work displaced");
    assert_eq!(told, displaced);
}

#[test]
fn fault_043_a_phone_that_says_nothing_of_what_was_displaced_lets_its_person_believe() {
    let both = (1..=8).map(|seed| finished_on_two_phones(seed, Some(Bug::DisplacedInSilence)));
    assert_eq!(both.map(|(_, told)| told).sum::<usize>(), 0);
}

/// Beside two phones of one engineer the card of a colleague was taken back: his ticket had left him, and what was left of
/// it on his phone knew nothing of the ruling.
#[test]
fn fault_043_a_colleague_who_lost_keeps_his_card_beside_two_phones_of_another() {
    for seed in 1..=4 {
        let mut world = World::new(seed, 2);
        let (ticket, visit) = world.new_ticket(&[0, 1]);
        world.add_phone(cast::engineer(0));
        world.settle();
        let decline = Act::Decline {
            visit,
            reason: DeclineReason::NoTime,
            text: String::new(),
        };
        world.perform(0, ticket, decline).expect("legal");
        world.perform(2, ticket, Act::Accept { visit }).expect("legal");
        let lost = world.perform(1, ticket, Act::Accept { visit }).expect("legal");
        for n in [0, 2, 1] {
            world.sync(n);
        }
        let fate = world.fate_at_hq(lost);
        assert_eq!(
            fate,
            Some(("overruled".into(), Some("taken_by_other".into()))),
            "the fault fired"
        );
        world.assert_healed();
        let card = "SELECT count(*) FROM inbox WHERE code = 'taken_by_other'";
        assert_eq!(world.count_on_phone(1, card), 1, "seed {seed}");
        let status = world.status(1);
        assert_eq!(status.overruled, 1, "seed {seed}");
    }
}
