//! FAULTS, server: power cuts (24, 62), a database put back to an older copy (20, 21), a revoked device (39), its held work
//! forgotten (96).

use fieldline_engine::FaultPoint;
use fieldline_model::id::{DeviceId, DocumentId, VisitId};
use fieldline_model::operation::{Act, Author};
use fieldline_model::wire::Fate;
use fieldline_server::door::HELD_GRACE_MS;
use fieldline_server::store::WriterPoint;
use fieldline_tests::world::check::look;
use fieldline_tests::world::{World, cast};

const AT_HQ: [&str; 6] = [
    "SELECT count(*) FROM log",
    "SELECT count(*) FROM change",
    "SELECT count(*) FROM fate",
    "SELECT count(*) FROM event",
    "SELECT count(*) FROM movement",
    "SELECT count(*) FROM domain_event",
];

fn counts(world: &World) -> [i64; 6] {
    AT_HQ.map(|sql| world.count_at_hq(sql))
}

fn uses_a_part(world: &mut World) {
    let (ticket, part) = (world.tickets[0], cast::parts()[0]);
    let used = Act::UsePart {
        part,
        quantity: 1,
        from: cast::van(0),
    };
    world.perform(0, ticket, used).expect("a part from his own van");
}

#[test]
fn fault_024_crash_between_change_rows_and_projection() {
    let (mut world, _, _) = World::with_ticket(24, 2);
    uses_a_part(&mut world);
    let before = counts(&world);
    world.power_cut_at(WriterPoint::BeforeCommit);
    world.sync(0);
    assert_eq!(world.power_cuts(), [WriterPoint::BeforeCommit]);
    world.repair_hq();
    assert_eq!(counts(&world), before, "all of it or nothing");
    world.assert_healed();
    assert_eq!(
        world.fated("merged").intersection(&world.phones[0].saved).count(),
        1
    );
}

#[test]
fn fault_062_power_cut_after_ack() {
    let (mut world, _, _) = World::with_ticket(62, 2);
    uses_a_part(&mut world);
    world.sync(0);
    let acked = *world.phones[0].saved.first().expect("one use");
    assert_eq!(world.fate_on_phone(0, acked).as_deref(), Some("merged"));
    let before = counts(&world);
    world.hq.kill();
    world.repair_hq();
    assert_eq!(world.tally.of("hq.killed"), 1);
    assert_eq!(counts(&world), before, "what was acknowledged was on the disk");
    world.assert_healed();
}

#[test]
fn fault_062_power_cut_after_commit_before_ack() {
    let (mut world, _, _) = World::with_ticket(62, 2);
    uses_a_part(&mut world);
    world.power_cut_at(WriterPoint::AfterCommit);
    world.sync(0);
    assert_eq!(world.power_cuts(), [WriterPoint::AfterCommit]);
    world.assert_healed();
    assert_eq!(
        world.count_at_hq("SELECT count(*) FROM movement WHERE quantity < 0"),
        1,
        "booked once"
    );
}

#[test]
fn fault_020_restored_to_an_older_backup_phones_ahead() {
    let (mut world, ticket, visit) = World::with_ticket(20, 2);
    let before = world.note(0, ticket, "in the backup");
    world.settle();
    let backup = world.hq.back_up();
    world.perform(0, ticket, Act::Accept { visit });
    world.note(0, ticket, "after the backup");
    uses_a_part(&mut world);
    world.settle();
    let held = world.phones[0].saved.clone();
    let epoch = "SELECT value FROM meta WHERE key = 'epoch'";
    let old: String = world
        .hq
        .db()
        .query_row(epoch, [], |row| row.get(0))
        .expect("epoch");

    world.restore_hq(&backup);
    assert_eq!(
        world
            .fated("merged")
            .intersection(&held)
            .copied()
            .collect::<Vec<_>>(),
        [before]
    );
    world.note(0, ticket, "while nobody knew");
    world.assert_healed();

    let new: String = world
        .hq
        .db()
        .query_row(epoch, [], |row| row.get(0))
        .expect("epoch");
    assert_ne!(old, new, "the server noticed that it went back");
    assert!(world.says(0, "epoch_changed"), "and the phone says so");
    assert_eq!(
        world.fated("merged").intersection(&world.phones[0].saved).count(),
        5,
        "nothing was lost"
    );
}

/// What overruled the work is gone with the restore, and its phone never read it: its fate stays as it was told, it counts,
/// and no card says otherwise.
#[test]
fn fault_020_what_overruled_the_work_is_lost_and_its_card_goes() {
    let (mut world, ticket, visit) = World::with_ticket(20, 2);
    world.settle();
    let backup = world.hq.back_up();
    world.perform(0, ticket, Act::Accept { visit });
    let cancel = Act::Cancel {
        reason: "customer".into(),
    };
    world.hq_does(Author::Staff(cast::dispatcher()), ticket, cancel);
    world.dies_at(0, FaultPoint::VerdictsAfterCommit, 0);
    world.sync(0);
    let told = world.status(0);
    assert_eq!((told.overruled, told.cards.len()), (1, 1), "the fault fired");

    world.restore_hq(&backup);
    world.assert_healed();
    assert!(world.fated("overruled").is_superset(&world.phones[0].saved));
    let told = world.status(0);
    assert_eq!((told.overruled, told.cards.len()), (0, 0));
}

/// A ticket that HQ had given to a colleague before the backup stayed on the phone for ever.
#[test]
fn fault_020_what_left_before_the_backup_leaves_after_the_restore() {
    let (mut world, ticket, visit) = World::with_ticket(20, 2);
    world.settle();
    let to_colleague = Act::Reassign {
        from: visit,
        visit: VisitId::new(world.now(), world.dice.bytes()),
        to: vec![cast::engineer(1)],
        plan: None,
    };
    world.phones[0].kill();
    let db = look(&world.phones[0].db());
    let now = world.now().ms();
    db.execute("UPDATE cursor SET reset_at = ?1", [now])
        .expect("it read again a moment ago");
    drop(db);
    world.hq_does(Author::Staff(cast::dispatcher()), ticket, to_colleague);
    let backup = world.hq.back_up();
    world.sync(1);
    // Only the colleague's phone is ahead of the backup.
    world.new_ticket(&[1]);
    world.sync(1);
    world.restore_hq(&backup);
    world.tickets.retain(|it| *it == ticket);
    world.sync(1);
    world.sync(0);
    assert!(world.says(0, "epoch_changed"), "the fault fired");
    let shown = "SELECT count(*) FROM doc WHERE kind = 'ticket' AND in_scope = 1";
    assert_eq!(
        world.count_on_phone(0, shown),
        0,
        "in one sync, although it had read again within the hour"
    );
    world.assert_healed();
}

#[test]
fn fault_021_restored_and_its_own_actor_would_be_reused() {
    let (mut world, ticket, _) = World::with_ticket(21, 2);
    let backup = world.hq.back_up();
    let write = |world: &mut World, text: &str| {
        world
            .hq_does(
                Author::Staff(cast::dispatcher()),
                ticket,
                Act::Note { text: text.into() },
            )
            .expect("HQ writes");
    };
    let newest = |world: &World| -> Vec<u8> {
        let sql = "SELECT actor FROM change WHERE device IS NULL ORDER BY seq DESC LIMIT 1";
        world
            .hq
            .db()
            .query_row(sql, [], |row| row.get(0))
            .expect("HQ's change")
    };
    write(&mut world, "before");
    world.settle();
    let before = newest(&world);

    world.restore_hq(&backup);
    write(&mut world, "after");
    assert_ne!(newest(&world), before, "a new start writes under a new actor");
    let note = world.note(0, ticket, "on top of both");
    world.calm();
    world.settle();
    let stuck = "SELECT count(*) FROM doc WHERE stuck = 1";
    assert_eq!(
        world.count_on_phone(0, stuck),
        0,
        "no line with two changes at one place"
    );
    assert!(world.fate_at_hq(note).is_some());
    let here = world.document_at_hq(DocumentId::from(ticket));
    assert!(!here.get_heads().is_empty());
}

/// The device of a phone, as it knows it.
fn device(world: &mut World, n: usize) -> DeviceId {
    world.status(n).device.expect("it is enrolled")
}

#[test]
fn fault_039_device_revoked_with_unsent_work() {
    let (mut world, ticket, visit) = World::with_ticket(39, 2);
    let merged = world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    world.sync(0);
    let step = world
        .perform(0, ticket, Act::Depart { visit, eta: None })
        .expect("legal");
    let note = world.note(0, ticket, "what I found there");
    let id = device(&mut world, 0);
    world
        .hq
        .ask(async move |app| app.revoke(id).await)
        .expect("up")
        .expect("revoked");
    world.phones[0].revoked = true;
    for _ in 0..2 {
        world.sync(0);
        assert_eq!(world.fate_at_hq(step), None, "nothing is decided silently");
        assert_eq!(world.fate_on_phone(0, note), Some("saved".into()));
    }
    let waiting = world.status(0).waiting;
    assert_eq!(
        waiting.iter().map(|w| w.why).collect::<Vec<_>>(),
        ["held", "held"]
    );

    let supervisor = cast::dispatcher();
    let held = world
        .hq
        .ask(async |app| app.held(10).await)
        .expect("up")
        .expect("read");
    assert_eq!(held.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [step, note]);
    let adopted = world.hq.ask(async move |app| app.adopt(note, supervisor).await);
    assert_eq!(adopted.expect("up").expect("adopted").fate, Fate::Merged);
    let declined = world
        .hq
        .ask(async move |app| app.decline_held(step, supervisor).await);
    declined.expect("up").expect("declined");

    // The revoked phone is told although it gets no page, and the words of what was declined stand on a card.
    world.sync(0);
    assert_eq!(world.fate_on_phone(0, merged), Some("merged".into()));
    assert_eq!(world.fate_on_phone(0, note), Some("merged".into()));
    assert_eq!(world.fate_on_phone(0, step), Some("refused".into()));
    let cards = world.status(0).cards;
    assert_eq!(
        cards
            .iter()
            .map(|card| (card.operation, card.code.as_str()))
            .collect::<Vec<_>>(),
        [(step, "not_adopted")]
    );
    assert_eq!(
        world.count_at_hq("SELECT count(*) FROM event WHERE act = 'note' AND author LIKE 'engineer:%'"),
        1
    );
    world.assert_healed();
}

#[test]
fn fault_096_quarantine_grace_runs_out() {
    let (mut world, ticket, visit) = World::with_ticket(96, 2);
    let taken = world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    let note = world.note(0, ticket, "the pump must go");
    let id = device(&mut world, 0);
    world
        .hq
        .ask(async move |app| app.revoke(id).await)
        .expect("up")
        .expect("revoked");
    world.phones[0].revoked = true;
    world.sync(0);
    let told = |world: &mut World| {
        let told = world.hq.ask(async |app| app.tell_overdue().await);
        told.expect("up").expect("written")
    };
    let events = "SELECT count(*) FROM domain_event WHERE kind = 'held_overdue'";
    world.clock.pass(HELD_GRACE_MS - 1);
    assert_eq!(told(&mut world), 0, "the grace runs");

    // Nobody looked for a month: HQ is told, once, and nothing is decided for want of a person.
    world.clock.pass(1);
    assert_eq!(told(&mut world), 2, "the grace has run out");
    world.hq.kill();
    world.hq.start();
    assert_eq!(told(&mut world), 0, "told once, also after a restart");
    assert_eq!(world.count_at_hq(events), 2);
    world.sync(0);
    for operation in [taken, note] {
        assert_eq!(
            world.fate_at_hq(operation),
            None,
            "never dropped, never merged by itself"
        );
        assert_eq!(world.fate_on_phone(0, operation), Some("saved".into()));
    }

    // However late: one fate each, by a person.
    let supervisor = cast::dispatcher();
    let adopted = world
        .hq
        .ask(async move |app| app.adopt_in_order(vec![note, taken], supervisor).await);
    let adopted = adopted.expect("up").expect("read");
    assert_eq!(
        adopted.iter().map(|(id, _)| *id).collect::<Vec<_>>(),
        [taken, note]
    );
    world.sync(0);
    for operation in [taken, note] {
        assert_eq!(world.fate_on_phone(0, operation), Some("merged".into()));
    }
    world.clock.pass(HELD_GRACE_MS);
    assert_eq!(told(&mut world), 0, "what was decided is not overdue");
    world.assert_healed();
}

/// A program with a newer fold opens the record while a phone is away. Fails where `refold` is not called at the start.
#[test]
fn fault_092_a_new_fold_reads_old_tickets_anew_while_a_phone_is_away() {
    let (mut world, ticket, visit) = World::with_ticket(92, 2);
    world.settle();
    let mut away = Vec::new();
    for act in [Act::Accept { visit }, Act::Depart { visit, eta: None }] {
        away.extend(world.perform(0, ticket, act));
    }
    assert_eq!(away.len(), 2);
    world.hq.kill();
    let older = rusqlite::Connection::open(world.hq.path()).expect("the record");
    let wrong = "UPDATE ticket SET status = 'closed', fold_version = fold_version - 1";
    assert!(older.execute(wrong, []).expect("a ticket") > 0, "the fault fired");
    drop(older);
    world.hq.start();
    let closed = "SELECT count(*) FROM ticket WHERE status = 'closed'";
    let left: i64 = world
        .hq
        .db()
        .query_row(closed, [], |row| row.get(0))
        .expect("a count");
    assert_eq!(left, 0, "every record says what the fold says now");
    world.assert_healed();
    for operation in away {
        assert_eq!(world.fate_at_hq(operation), Some(("merged".into(), None)));
    }
}
