//! The archive (17, 42, 58, 60): what is over for long leaves the phones, and nothing of it is lost by that.

use fieldline_engine::SETTLED_KEEP_MS;
use fieldline_engine::view::{ListFilter, ListScope};
use fieldline_model::id::{TicketId, VisitId};
use fieldline_model::operation::{Act, Author, Completion, VisitResult};
use fieldline_server::archive::ARCHIVE_AFTER_MS;
use fieldline_tests::world::phone::Done;
use fieldline_tests::world::story::DAY_MS;
use fieldline_tests::world::{World, cast};

/// A ticket whose visit is done and which HQ has closed; the phone knows.
fn closed() -> (World, TicketId, VisitId) {
    let (mut world, ticket, visit) = World::with_ticket(17, 2);
    close(&mut world, ticket, visit);
    (world, ticket, visit)
}

fn close(world: &mut World, ticket: TicketId, visit: VisitId) {
    let completion = Completion {
        result: VisitResult::Fixed,
        cause: None,
        remedy: None,
        text: "已修好".into(),
    };
    for act in [
        Act::Accept { visit },
        Act::Depart { visit, eta: None },
        Act::Arrive {
            visit,
            position: None,
        },
        Act::Start { visit },
        Act::Finish { visit, completion },
    ] {
        world.perform(0, ticket, act).expect("the next step");
    }
    world.settle();
    hq(world, ticket, Act::Close);
    world.settle();
}

fn hq(world: &mut World, ticket: TicketId, act: Act) {
    let by = Author::Staff(cast::dispatcher());
    world.hq_does(by, ticket, act).expect("HQ may");
}

/// As HQ's worker does it.
fn archive(world: &mut World) -> usize {
    let before = world.now().plus_ms(-ARCHIVE_AFTER_MS);
    world.archive_hq(before).expect("power")
}

fn listed(world: &mut World, n: usize) -> usize {
    let all = ListFilter {
        scope: ListScope::All,
        ..ListFilter::default()
    };
    match world.on(n, |engine, _| engine.list(&all)) {
        Done::Well(lines) => lines.len(),
        other => panic!("a list: {other:?}"),
    }
}

fn documents(world: &World, n: usize) -> i64 {
    world.count_on_phone(n, "SELECT count(*) FROM doc WHERE kind = 'ticket'")
}

#[test]
fn what_is_over_for_long_leaves_the_phone_and_stays_at_hq() {
    let (mut world, ticket, _) = closed();
    world.clock.pass(ARCHIVE_AFTER_MS - DAY_MS);
    assert_eq!(archive(&mut world), 0, "not yet");
    world.clock.pass(2 * DAY_MS);
    let (_open, _) = world.new_ticket(&[0]);
    assert_eq!(archive(&mut world), 1);
    assert_eq!(archive(&mut world), 0, "once");
    world.sync(0);
    assert_eq!(listed(&mut world, 0), 1, "the open one");
    world.assert_healed();
    let here = format!("SELECT count(*) FROM ticket WHERE id = '{ticket}' AND status = 'closed'");
    assert_eq!(world.count_at_hq(&here), 1, "HQ lists it as before");
    // Its bytes go by and by, and nothing that was done is forgotten.
    let at_hq = world.status(0).at_hq;
    world.clock.pass(SETTLED_KEEP_MS + DAY_MS);
    world.sync(0);
    assert_eq!(documents(&world, 0), 1);
    assert_eq!(world.status(0).at_hq, at_hq);
    world.assert_healed();
}

#[test]
fn what_is_open_or_was_written_lately_stays() {
    let (mut world, ticket, _) = closed();
    let (_open, _) = world.new_ticket(&[0]);
    world.clock.pass(ARCHIVE_AFTER_MS - DAY_MS);
    hq(
        &mut world,
        ticket,
        Act::Note {
            text: "客户又问了一次".into(),
        },
    );
    world.clock.pass(2 * DAY_MS);
    assert_eq!(archive(&mut world), 0);
    world.clock.pass(ARCHIVE_AFTER_MS);
    assert_eq!(archive(&mut world), 1, "the open one never");
    world.sync(0);
    assert_eq!(listed(&mut world, 0), 1);
    world.assert_healed();
}

/// Held work, a fate that was worked out, a photo that is missing: as they stand in the record.
#[test]
fn what_waits_for_somebody_stays() {
    let (mut world, ticket, _) = closed();
    world.clock.pass(ARCHIVE_AFTER_MS + DAY_MS);
    let id = format!("ticket-{ticket}");
    let waiting = [
        (
            "INSERT INTO refused (hash, document, operation, code, device, bytes, at)
                VALUES (x'00', ?1, 'one', 'device_revoked', '', x'00', 0)",
            "DELETE FROM refused WHERE document = ?1",
        ),
        // Somebody has seen it and not decided.
        (
            "INSERT INTO refused (hash, document, operation, code, device, bytes, at, seen_at)
                VALUES (x'00', ?1, 'one', 'left_behind', '', x'00', 0, 0)",
            "DELETE FROM refused WHERE document = ?1",
        ),
        (
            "INSERT INTO unsure_fate (operation, document) VALUES ('one', ?1)",
            "DELETE FROM unsure_fate WHERE document = ?1",
        ),
        (
            "INSERT INTO blob_wanted (document, hash, engineer, since, once_here) VALUES (?1, zeroblob(32), '', 0, 0)",
            "DELETE FROM blob_wanted WHERE document = ?1",
        ),
    ];
    for (waits, ends) in waiting {
        assert_eq!(world.hq.db().execute(waits, [&id]).expect("a row"), 1);
        assert_eq!(archive(&mut world), 0, "{waits}");
        assert_eq!(world.hq.db().execute(ends, [&id]).expect("a row"), 1);
    }
    assert_eq!(archive(&mut world), 1);
    world.assert_healed();
}

/// Fails when the archive asks whether somebody has seen held work, and not whether it is decided.
#[test]
fn held_work_that_was_decided_keeps_no_ticket_though_nobody_marked_it_as_seen() {
    for code in ["device_revoked", "left_behind"] {
        let (mut world, ticket, _) = closed();
        world.clock.pass(ARCHIVE_AFTER_MS + DAY_MS);
        let held = format!(
            "INSERT INTO refused (hash, document, operation, code, device, bytes, at)
                SELECT x'00', document, operation, '{code}', '', x'00', 0 FROM fate
                WHERE document = 'ticket-{ticket}' LIMIT 1"
        );
        assert_eq!(world.hq.db().execute(&held, []).expect("a row"), 1);
        assert_eq!(archive(&mut world), 1, "{code}");
    }
}

/// Fails when the archive takes what everybody holds: it would find it again each time.
#[test]
fn what_everybody_holds_is_none_for_the_archive() {
    let (mut world, ticket, _) = closed();
    world.clock.pass(ARCHIVE_AFTER_MS + DAY_MS);
    let shared = "UPDATE scope SET engineer = 'shared' WHERE document = ?1";
    let id = format!("ticket-{ticket}");
    assert_eq!(world.hq.db().execute(shared, [&id]).expect("a row"), 1);
    assert_eq!(archive(&mut world), 0);
}

/// Unsent work goes out although the ticket has left, and the phone keeps it until then.
#[test]
fn fault_042_work_of_a_phone_that_was_away_reaches_a_ticket_in_the_archive() {
    let (mut world, ticket, _) = closed();
    world.phones[0].offline = true;
    let note = world.note(0, ticket, "走之前补一句");
    world.clock.pass(ARCHIVE_AFTER_MS + 30 * DAY_MS);
    assert_eq!(archive(&mut world), 1);
    world.phones[0].offline = false;
    world.assert_healed();
    assert_eq!(world.fate_at_hq(note), Some(("merged".into(), None)));
    // It was written now, so it is news again, for as long again.
    assert_eq!(archive(&mut world), 0);
    assert_eq!(listed(&mut world, 0), 1);
    world.clock.pass(ARCHIVE_AFTER_MS + DAY_MS);
    assert_eq!(archive(&mut world), 1);
    world.assert_healed();
    assert_eq!(listed(&mut world, 0), 0);
}

#[test]
fn a_ticket_that_is_reopened_comes_back_from_the_archive() {
    let (mut world, ticket, visit) = closed();
    world.clock.pass(ARCHIVE_AFTER_MS + DAY_MS);
    assert_eq!(archive(&mut world), 1);
    world.sync(0);
    assert_eq!(listed(&mut world, 0), 0);
    let reason = "又坏了".into();
    hq(&mut world, ticket, Act::Reopen { reason });
    world.offer(ticket, vec![cast::engineer(0)]).expect("a new visit");
    world.sync(0);
    assert_eq!(listed(&mut world, 0), 1);
    let Done::Well(view) = world.on(0, |engine, moment| engine.ticket(ticket, moment)) else {
        panic!("it is shown");
    };
    assert!(
        view.visits.iter().any(|one| one.visit.id == visit),
        "with all that was"
    );
    world.assert_healed();
}

/// HQ goes back to before the ticket was closed, or to before it was archived. The phone hides it by then and gives back
/// what it has.
#[test]
fn fault_058_hq_goes_back_and_the_archived_ticket_comes_back_from_the_phone() {
    for after_closing in [false, true] {
        let (mut world, ticket, visit) = World::with_ticket(58, 2);
        let before = world.hq.back_up();
        close(&mut world, ticket, visit);
        let after = world.hq.back_up();
        world.clock.pass(ARCHIVE_AFTER_MS + DAY_MS);
        assert_eq!(archive(&mut world), 1);
        // As soon as the phone hears of it, so that it still knows what was told.
        world.sync(0);
        world.restore_hq(if after_closing { &after } else { &before });
        world.assert_healed();
        let status = format!("SELECT count(*) FROM ticket WHERE id = '{ticket}' AND status = 'closed'");
        assert_eq!(world.count_at_hq(&status), 1, "{after_closing}");
        archive(&mut world);
        world.assert_healed();
    }
}

/// A program with another fold opens the record. Fails when `refold` follows what was archived.
#[test]
fn fault_092_a_new_fold_brings_nothing_back_from_the_archive() {
    let (mut world, _ticket, _) = closed();
    let (_open, _) = world.new_ticket(&[0]);
    world.clock.pass(ARCHIVE_AFTER_MS + DAY_MS);
    assert_eq!(archive(&mut world), 1);
    world.sync(0);
    let older = "UPDATE ticket SET fold_version = 0";
    assert_eq!(world.hq.db().execute(older, []).expect("an older record"), 2);
    world.hq.kill();
    world.hq.start();
    assert_eq!(
        world.count_at_hq("SELECT count(*) FROM ticket WHERE fold_version = 0"),
        0
    );
    world.assert_healed();
    assert_eq!(listed(&mut world, 0), 1, "the open one");
}
