//! FAULTS, documents and meaning: missing dependencies (33, 34), refused work (35, 76) and odd events (89).

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use fieldline_engine::Bug;
use fieldline_model::document::author;
use fieldline_model::id::{OperationId, TicketId, VisitId};
use fieldline_model::operation::{Act, Author, Operation};
use fieldline_model::time::DeviceTime;
use fieldline_model::wire::{Bytes, Fate, Item, Verdict};
use fieldline_tests::world::check::Findings;
use fieldline_tests::world::hostile::Hostile;
use fieldline_tests::world::story::DAY_MS;
use fieldline_tests::world::{World, cast};

const HELD: &str = "SELECT count(*) FROM held WHERE since <> 0";
const SET_ASIDE: &str = "SELECT count(*) FROM held WHERE since = 0";

/// What [`dependency_withheld`] made: with a copy of HQ's record from before it wrote.
type Withheld = (World, TicketId, Arc<Mutex<Vec<Bytes>>>, PathBuf);

/// HQ writes twice; the first of the two changes is withheld from the phone, as if a page had lost it.
fn dependency_withheld(bug: Option<Bug>) -> Withheld {
    let (mut world, ticket, _) = World::with_ticket(33, 2);
    bug.into_iter().for_each(|bug| world.plant(0, bug));
    let before = world.hq.back_up();
    hq_writes(&mut world, ticket, ["first", "second"]);
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
    (world, ticket, withheld, before)
}

fn hq_writes<const N: usize>(world: &mut World, ticket: TicketId, texts: [&str; N]) {
    for text in texts {
        let act = Act::Note { text: text.into() };
        world
            .hq_does(Author::Staff(cast::dispatcher()), ticket, act)
            .expect("HQ writes");
    }
}

/// The withheld change comes days later, with somebody else's.
fn arrives_after_days(bug: Option<Bug>) -> bool {
    let (mut world, ticket, withheld, _) = dependency_withheld(bug);
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
    let (mut world, ticket, withheld, _) = dependency_withheld(None);
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

/// HQ's machine goes back to before both were written and writes others in their place, so that what waits never fits again.
#[test]
fn fault_034_what_waits_for_something_that_hq_lost_is_kept_and_waits_no_more() {
    for other in [&["first anew", "second anew"][..], &["one only"], &[]] {
        let (mut world, ticket, _, before) = dependency_withheld(None);
        assert_eq!(world.count_on_phone(0, HELD), 1);
        world.tamper = None;
        world.hq.revert(&before);
        for text in other {
            hq_writes(&mut world, ticket, [text]);
        }
        let note = world.note(0, ticket, "meanwhile");
        world.assert_healed();
        assert_eq!(world.count_on_phone(0, HELD), 0, "after {other:?}");
        assert_eq!(world.count_on_phone(0, SET_ASIDE), 1, "it is not lost");
        assert_eq!(world.fate_at_hq(note), Some(("merged".into(), None)));
    }
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
