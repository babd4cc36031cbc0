//! Much of everything (37): a document of some hundred changes, a note of megabytes, a phone full of tickets, whose long
//! form runs with `make test-long`; so does that of a document of ten thousand changes.

use fieldline_engine::Bug;
use fieldline_engine::view::{ListFilter, ListScope};
use fieldline_model::operation::{Act, Author, TEXT_BYTES_MAX};
use fieldline_tests::world::phone::Done;
use fieldline_tests::world::story::DAY_MS;
use fieldline_tests::world::sync::Synced;
use fieldline_tests::world::{World, cast};

/// Half of them are HQ's and half were written offline on one phone; two phones hold the ticket.
fn document_of_many_changes(changes: usize) {
    let (mut world, ticket, visit) = World::with_ticket(37, 2);
    world
        .offer(ticket, vec![cast::engineer(1)])
        .expect("both hold it");
    world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    world.settle();
    let by = Author::Staff(cast::dispatcher());
    world.phones[0].offline = true;
    for n in 0..changes / 2 {
        world.note(0, ticket, &format!("现场第 {n} 句"));
        let text = format!("总部第 {n} 句");
        world.hq_does(by, ticket, Act::Note { text }).expect("HQ writes");
    }
    world.phones[0].offline = false;
    assert!(
        matches!(world.sync(0), Synced::Through { .. }),
        "one sync is enough"
    );
    world.assert_healed();
    let notes = i64::try_from(changes).expect("not that many");
    assert_eq!(
        world.count_at_hq("SELECT count(*) FROM event WHERE act = 'note'"),
        notes
    );
    for n in 0..2 {
        let Done::Well(view) = world.on(n, |engine, moment| engine.ticket(ticket, moment)) else {
            panic!("phone {n} shows it");
        };
        assert_eq!(view.field.len(), changes, "phone {n}");
    }
}

#[test]
fn fault_037_document_of_many_changes() {
    document_of_many_changes(300);
}

/// Written day by day by a phone and HQ, compacted at HQ on the way. One phone is away for half of it, another one is new.
fn document_that_never_ends(changes: usize) {
    const A_DAY: usize = 250;
    let (mut world, ticket, visit) = World::with_ticket(37, 3);
    let others = vec![cast::engineer(1), cast::engineer(2)];
    world.offer(ticket, others).expect("all hold it");
    world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    world.settle();
    let by = Author::Staff(cast::dispatcher());
    let days = changes / A_DAY;
    for day in 0..days {
        for n in 0..A_DAY {
            if n % 10 == 0 {
                let text = format!("总部第 {n} 句");
                world.hq_does(by, ticket, Act::Note { text }).expect("HQ writes");
            } else {
                world.note(0, ticket, &format!("现场第 {n} 句"));
            }
        }
        world.clock.pass(DAY_MS);
        assert!(matches!(world.sync(0), Synced::Through { .. }), "day {day}");
        world.phones[2].offline = day >= days / 2;
        world.sync(2);
        if day == days * 3 / 4 {
            let now = world.now();
            let done = world.compact_hq(now).expect("power");
            assert!(done.changes > changes / 2 && done.differing == 0, "{done:?}");
        }
    }
    world.phones[2].offline = false;
    world.add_phone(cast::engineer(1));
    for n in [1, 2] {
        assert!(
            matches!(world.sync(n), Synced::Through { .. }),
            "one sync is enough"
        );
    }
    world.assert_healed();
    for n in 0..4 {
        let Done::Well(view) = world.on(n, |engine, moment| engine.ticket(ticket, moment)) else {
            panic!("phone {n} shows it");
        };
        assert_eq!(view.field.len(), days * A_DAY, "phone {n}");
    }
}

#[test]
fn fault_037_a_document_that_never_ends() {
    document_that_never_ends(1_000);
}

#[test]
#[ignore = "ten thousand changes take minutes without optimisation"]
fn fault_037_a_document_of_10_000_changes() {
    document_that_never_ends(10_000);
}

/// Said at the tap, and nothing is saved. An app that does not know the limit is told by HQ, and its other work passes.
#[test]
fn fault_037_a_note_of_5_mb() {
    const NOTE_BYTES: usize = 5 << 20;
    const { assert!(NOTE_BYTES > TEXT_BYTES_MAX) };
    let (mut world, ticket, _) = World::with_ticket(37, 2);
    let long = || Act::Note {
        text: "长".repeat(NOTE_BYTES / 3),
    };
    assert_eq!(world.perform(0, ticket, long()), None);
    assert_eq!(world.tally.of("work.forbidden"), 1, "told at the tap");
    assert_eq!(world.count_on_phone(0, "SELECT count(*) FROM intent"), 0);

    world.plant(1, Bug::RulesSkipped);
    world
        .offer(ticket, vec![cast::engineer(1)])
        .expect("both hold it");
    world.settle();
    let before = world.note(1, ticket, "短的");
    let refused = world.perform(1, ticket, long()).expect("this app allows it");
    let after = world.note(1, ticket, "也是短的");
    world.assert_healed();
    let fate = |id| world.fate_at_hq(id).map(|(word, _)| word);
    assert_eq!(fate(refused).as_deref(), Some("refused"));
    assert_eq!(
        [before, after].map(fate),
        [Some("merged".into()), Some("merged".into())]
    );
    assert_eq!(world.status(1).cards.len(), 1, "its words stand on a card");
    let longest = world.count_at_hq("SELECT max(length(bytes)) FROM change");
    assert!(longest < 64 * 1024, "nothing of it is in a document");
}

fn many_tickets(tickets: usize) {
    let mut world = World::new(37, 1);
    for _ in 0..tickets {
        world.new_ticket(&[0]);
    }
    assert!(
        matches!(world.sync(0), Synced::Through { .. }),
        "one sync is enough"
    );
    let all = ListFilter {
        scope: ListScope::All,
        limit: u32::MAX,
        ..ListFilter::default()
    };
    let Done::Well(lines) = world.on(0, |engine, _| engine.list(&all)) else {
        panic!("a list");
    };
    assert_eq!(lines.len(), tickets);
    let status = world.status(0);
    assert!(
        status.complete && Some(status.held) == status.expected,
        "{status:?}"
    );
    let last = *world.tickets.last().expect("many");
    world.note(0, last, "最后一张");
    world.assert_healed();
}

#[test]
fn fault_037_a_phone_full_of_tickets() {
    many_tickets(120);
}

#[test]
#[ignore = "two thousand tickets take minutes without optimisation"]
fn fault_037_a_phone_with_2_000_tickets() {
    many_tickets(2_000);
}
