//! Compaction (14, 17, 20, 28, 72): at HQ the bytes of old changes stand in their documents alone, and nobody can tell; on the
//! phone settled work becomes counters. On both sides only after the document was loaded and compared.

use fieldline_engine::{Bug, SETTLED_KEEP_MS};
use fieldline_model::id::{OperationId, TicketId, VisitId};
use fieldline_model::operation::{Act, Answer, Author};
use fieldline_model::wire::{Item, Page};
use fieldline_server::app::Bug as ServerBug;
use fieldline_server::check::Wrong;
use fieldline_server::compact::{COMPACT_AFTER_MS, COMPACT_CHANGES_MIN, Compacted};
use fieldline_server::store::WriterPoint;
use fieldline_tests::world::check::look;
use fieldline_tests::world::phone::{Done, InstallFile};
use fieldline_tests::world::story::DAY_MS;
use fieldline_tests::world::sync::Synced;
use fieldline_tests::world::{World, cast};

const CHANGES: &str = "SELECT count(*) FROM change";
/// Changes that a document alone holds.
const ALONE: &str = "SELECT count(*) FROM change WHERE length(bytes) = 0";

/// All that HQ has by now.
fn compact(world: &mut World) -> Compacted {
    let now = world.now().plus_ms(1);
    world.compact_hq(now).expect("the power stays on")
}

fn hq_notes(world: &mut World, ticket: TicketId, text: &str) -> OperationId {
    let act = Act::Note { text: text.into() };
    let done = world.hq_does(Author::Staff(cast::dispatcher()), ticket, act);
    done.expect("HQ may").operation
}

fn holds(world: &World, id: OperationId) -> bool {
    world.count_at_hq(&format!("SELECT count(*) FROM event WHERE operation = '{id}'")) == 1
}

/// Two engineers on one ticket; the second was away while HQ and the first wrote.
fn one_was_away() -> (World, TicketId, VisitId) {
    let (mut world, ticket, visit) = World::with_ticket(28, 2);
    world
        .offer(ticket, vec![cast::engineer(1)])
        .expect("both hold it");
    world.settle();
    world.phones[1].offline = true;
    world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    for n in 0..3 {
        world.note(0, ticket, &format!("现场第 {n} 句"));
        hq_notes(&mut world, ticket, &format!("总部第 {n} 句"));
        world.sync(0);
    }
    world.phones[1].offline = false;
    (world, ticket, visit)
}

/// The page that a phone would get now; it does not take it.
fn page_for(world: &mut World, n: usize) -> Page {
    let Done::Well(Some(exchange)) = world.on(n, |engine, moment| engine.sync_next(moment)) else {
        panic!("a question");
    };
    world.answer(n, &exchange).page.expect("a page")
}

/// Fails when pages pass over what the document alone holds (`Unfolded` in `feed/page`).
#[test]
fn fault_028_who_was_away_is_sent_the_same_bytes_after_a_compaction() {
    let (mut world, ticket, _) = one_was_away();
    let before = page_for(&mut world, 1);
    let sends = |page: &Page| {
        page.items
            .iter()
            .any(|item| matches!(item, Item::Changes { document, .. } if *document == ticket.into()))
    };
    assert!(sends(&before), "changes are under way");
    let all = world.count_at_hq(CHANGES);
    let done = compact(&mut world);
    assert_eq!((i64::try_from(done.changes).ok(), done.differing), (Some(all), 0));
    assert_eq!(world.count_at_hq(ALONE), all, "every document is quiet");
    assert_eq!(world.count_at_hq(CHANGES), all, "what is known of them stays");
    assert_eq!(page_for(&mut world, 1).items, before.items);
    // HQ goes on upon it, also as another process that has nothing loaded.
    hq_notes(&mut world, ticket, "接着写");
    world.hq.kill();
    world.hq.start();
    hq_notes(&mut world, ticket, "重启后接着写");
    world.note(0, ticket, "现场也接着写");
    world.assert_healed();
    assert_eq!(world.count_at_hq(ALONE), all);
}

#[test]
fn young_changes_and_few_old_ones_of_a_document_that_goes_on_keep_their_bytes() {
    let (mut world, ticket, _) = World::with_ticket(28, 1);
    let (quiet, _) = world.new_ticket(&[0]);
    world.clock.pass(COMPACT_AFTER_MS);
    let old = world.now();
    hq_notes(&mut world, ticket, "今天的");
    let of = |id: TicketId| format!("{ALONE} AND document = 'ticket-{id}'");
    let done = world.compact_hq(old).expect("power");
    assert!(done.changes > 0 && world.count_at_hq(&of(quiet)) > 0);
    assert_eq!(world.count_at_hq(&of(ticket)), 0, "it goes on, and has few");
    // Many do not wait for the end of a document that never ends.
    for n in 0..COMPACT_CHANGES_MIN {
        hq_notes(&mut world, ticket, &format!("第 {n} 句"));
    }
    let old = world.now().plus_ms(1);
    world.clock.pass(DAY_MS);
    hq_notes(&mut world, ticket, "今天的");
    let done = world.compact_hq(old).expect("power");
    assert!(done.changes > COMPACT_CHANGES_MIN, "{done:?}");
    assert_eq!(
        world.count_at_hq(&format!(
            "SELECT count(*) FROM change WHERE document = 'ticket-{ticket}' AND length(bytes) > 0"
        )),
        1,
        "the youngest"
    );
    assert_eq!(
        world.compact_hq(old),
        Some(Compacted::default()),
        "nothing is left to do"
    );
    // What was young grows old.
    let now = world.now().plus_ms(1);
    assert_eq!(world.compact_hq(now).expect("power").changes, 1);
    world.assert_healed();
}

/// Fails when the place is noted before its documents are done.
#[test]
fn fault_028_power_cut_while_hq_compacts() {
    for point in [WriterPoint::BeforeCommit, WriterPoint::AfterCommit] {
        for nth in 0..4 {
            let (mut world, ticket, _) = one_was_away();
            world.new_ticket(&[1]);
            let all = world.count_at_hq(CHANGES);
            world.hq.cuts.lock().expect("no panic").at = Some((point, nth));
            let now = world.now().plus_ms(1);
            assert_eq!(world.compact_hq(now), None, "{point:?} {nth}");
            assert_eq!(world.power_cuts(), [point]);
            world.repair_hq();
            assert_eq!(world.count_at_hq(CHANGES), all);
            hq_notes(&mut world, ticket, "来电了");
            assert_eq!(compact(&mut world).differing, 0);
            assert_eq!(world.count_at_hq(ALONE), all + 1, "{point:?} {nth}: it went on");
            world.assert_healed();
        }
    }
}

/// A snapshot of before the last note lies in the place of the document, as after a write that was lost.
fn older_snapshot(bugs: &[ServerBug]) -> (World, TicketId) {
    let (mut world, ticket, _) = World::with_ticket(72, 1);
    bugs.iter().for_each(|bug| world.hq.plant(*bug));
    let id = format!("ticket-{ticket}");
    let older: Vec<u8> = world
        .hq
        .db()
        .query_row("SELECT snapshot FROM document WHERE id = ?1", [&id], |row| {
            row.get(0)
        })
        .expect("the document");
    hq_notes(&mut world, ticket, "快照里没有这一句");
    let sql = "UPDATE document SET snapshot = ?2 WHERE id = ?1";
    world
        .hq
        .db()
        .execute(sql, (&id, &older))
        .expect("an older snapshot");
    (world, ticket)
}

fn findings(world: &mut World) -> Vec<Wrong> {
    let report = world.hq.ask(async |app| app.check(false).await).expect("power");
    let report = report.expect("a check");
    report.findings.into_iter().map(|finding| finding.what).collect()
}

/// Fails when the snapshot is not compared before bytes go: its sibling.
#[test]
fn fault_072_a_snapshot_that_lacks_a_change_costs_no_byte_of_it() {
    let (mut world, ticket) = older_snapshot(&[]);
    let done = compact(&mut world);
    assert_eq!(done.differing, 1, "noticed");
    let of = format!("{ALONE} AND document = 'ticket-{ticket}'");
    assert_eq!(world.count_at_hq(&of), 0, "all bytes of it are still there");
    assert!(!findings(&mut world).contains(&Wrong::Change));
}

#[test]
fn fault_072_compacted_unseen_the_change_is_gone_and_the_check_says_so() {
    let (mut world, ticket) = older_snapshot(&[ServerBug::CompactsUnseen]);
    compact(&mut world);
    let of = format!("{ALONE} AND document = 'ticket-{ticket}'");
    assert!(world.count_at_hq(&of) > 0);
    assert!(findings(&mut world).contains(&Wrong::Change));
}

/// A flipped bit in the one copy or in the other: what does not agree is not taken for the same.
#[test]
fn fault_014_a_change_whose_two_copies_differ_keeps_both() {
    let (mut world, ticket, _) = World::with_ticket(14, 1);
    let id = format!("ticket-{ticket}");
    let flips = [
        "UPDATE change SET bytes = zeroblob(8) WHERE document = ?1",
        "UPDATE event SET entry = replace(entry, '\"at\"', '\"ad\"') WHERE document = ?1",
        "UPDATE document SET heads = zeroblob(32) WHERE id = ?1",
        "UPDATE document SET snapshot = substr(snapshot, 1, length(snapshot) / 2) WHERE id = ?1",
    ];
    let backup = world.hq.back_up();
    for flip in flips {
        world.hq.restore(&backup);
        let hit = world.hq.db().execute(flip, [&id]).expect("a flip");
        assert!(hit > 0, "{flip}");
        let done = compact(&mut world);
        assert_eq!(done.differing, 1, "{flip}");
        assert_eq!(
            world.count_at_hq(&format!("{ALONE} AND document = '{id}'")),
            0,
            "{flip}"
        );
    }
}

/// The receipts for where a phone's copy stands are made of changes that the document alone holds (59).
#[test]
fn fault_059_what_took_a_ticket_away_comes_back_though_it_was_compacted() {
    let (mut world, ticket, visit) = World::with_ticket(59, 2);
    let backup = world.hq.back_up();
    world.note(0, ticket, "unsent");
    let nth = |n: u8| VisitId::from_bytes([n; 16]);
    let reassign = |world: &mut World, from, visit, to| {
        let act = Act::Reassign {
            from,
            visit,
            to: vec![cast::engineer(to)],
            plan: None,
        };
        let done = world.hq_does(Author::Staff(cast::dispatcher()), ticket, act);
        done.expect("HQ may").operation
    };
    let taken_away = reassign(&mut world, visit, nth(1), 1);
    hq_notes(&mut world, ticket, "the phone is never told of this");
    reassign(&mut world, nth(1), nth(2), 0);
    reassign(&mut world, nth(2), nth(3), 1);
    assert!(compact(&mut world).changes > 0);
    world.sync(0);
    world.restore_hq(&backup);
    assert!(!holds(&world, taken_away), "it went back: the fault fired");
    world.sync(0);
    assert!(holds(&world, taken_away));
    world.assert_healed();
}

/// HQ goes back to before or after its compaction, phones are put back and copied, and one is away for 120 days.
#[test]
fn fault_017_a_compacted_record_that_goes_back_is_healed_and_heals() {
    for compacts_first in [false, true] {
        let (mut world, ticket, _) = one_was_away();
        world.phones[1].offline = true;
        world.phones[0].kill();
        let copy = world.phones[0].back_up();
        if compacts_first {
            compact(&mut world);
        }
        let backup = world.hq.back_up();
        let late = world.note(0, ticket, "备份之后");
        world.sync(0);
        world.clock.pass(120 * DAY_MS);
        let away = world.note(1, ticket, "一百二十天");
        assert!(compact(&mut world).changes > 0);
        world.restore_hq(&backup);
        assert!(!holds(&world, late), "it went back");
        world.sync(0);
        compact(&mut world);
        world.restore_phone(0, &copy, InstallFile::Kept);
        world.phones[1].offline = false;
        assert!(matches!(world.sync(1), Synced::Through { .. }));
        world.assert_healed();
        assert!(holds(&world, late) && holds(&world, away), "{compacts_first}");
        assert_eq!(compact(&mut world).differing, 0);
        world.assert_healed();
    }
}

/// Half of the document's snapshot, as a disk may leave it; the whole one.
fn damage_snapshot(world: &mut World, ticket: TicketId) -> Vec<u8> {
    let id = format!("ticket-{ticket}");
    world.hq.kill();
    let read = "SELECT snapshot FROM document WHERE id = ?1";
    let db = look(&world.hq.path());
    let whole: Vec<u8> = db.query_row(read, [&id], |row| row.get(0)).expect("a snapshot");
    put_snapshot(world, ticket, &whole[..whole.len() / 2]);
    whole
}

fn put_snapshot(world: &mut World, ticket: TicketId, snapshot: &[u8]) {
    world.hq.kill();
    let sql = "UPDATE document SET snapshot = ?2 WHERE id = ?1";
    let db = look(&world.hq.path());
    let hit = db.execute(sql, (format!("ticket-{ticket}"), snapshot));
    assert_eq!(hit.expect("a document"), 1);
    world.hq.start();
}

fn notes_on(world: &mut World, n: usize, ticket: TicketId) -> usize {
    match world.on(n, |engine, moment| engine.ticket(ticket, moment)) {
        Done::Well(view) => view.field.len(),
        other => panic!("it is shown: {other:?}"),
    }
}

/// Fails when one document that cannot be read fails the exchange of everybody who needs it.
#[test]
fn fault_072_a_damaged_document_keeps_no_phone_from_the_others() {
    let (mut world, damaged, _) = one_was_away();
    let (other, _) = world.new_ticket(&[0, 1]);
    world.settle();
    world.phones[1].offline = true;
    for ticket in [damaged, other] {
        world.note(0, ticket, "走了以后写的");
    }
    world.sync(0);
    let own = [damaged, other].map(|ticket| world.note(1, ticket, "在外面写的"));
    let had = [damaged, other].map(|ticket| notes_on(&mut world, 1, ticket));
    assert!(compact(&mut world).changes > 0);
    let whole = damage_snapshot(&mut world, damaged);
    world.clock.pass(COMPACT_AFTER_MS + DAY_MS);
    world.phones[1].offline = false;
    for _ in 0..4 {
        assert!(matches!(world.sync(1), Synced::Through { .. }));
        world.clock.pass(2 * 60 * 60 * 1_000);
    }
    assert_eq!(
        notes_on(&mut world, 1, other),
        had[1] + 1,
        "the other ticket comes"
    );
    assert_eq!(world.fate_on_phone(1, own[1]).as_deref(), Some("merged"));
    assert_ne!(world.fate_on_phone(1, own[0]).as_deref(), Some("merged"));
    assert_eq!(notes_on(&mut world, 1, damaged), had[0], "it shows what it had");
    let again = "SELECT count(*) FROM notice WHERE code = 'read_again'";
    assert_eq!(
        world.count_on_phone(1, again),
        0,
        "it does not read everything again for that"
    );
    put_snapshot(&mut world, damaged, &whole);
    world.clock.pass(2 * 60 * 60 * 1_000);
    world.assert_healed();
    assert_eq!(
        notes_on(&mut world, 1, damaged),
        had[0] + 1,
        "and then the first comes too"
    );
    assert_eq!(world.fate_on_phone(1, own[0]).as_deref(), Some("merged"));
}

/// Its answer was lost, the ticket was given to somebody else, and then it was damaged: where the phone's copy stood nobody
/// can say, and what was decided is told all the same.
#[test]
fn fault_072_a_fate_comes_though_its_document_was_damaged_since() {
    let (mut world, ticket, visit) = World::with_ticket(72, 2);
    let note = world.note(0, ticket, "答复丢了");
    world.sync_with(0, fieldline_tests::world::network::NetFault::ReplyLost);
    let act = Act::Reassign {
        from: visit,
        visit: VisitId::from_bytes([1; 16]),
        to: vec![cast::engineer(1)],
        plan: None,
    };
    let done = world.hq_does(Author::Staff(cast::dispatcher()), ticket, act);
    done.expect("HQ may");
    assert!(compact(&mut world).changes > 0);
    let whole = damage_snapshot(&mut world, ticket);
    assert_eq!(world.fate_on_phone(0, note).as_deref(), Some("saved"));
    assert!(matches!(world.sync(0), Synced::Through { .. }));
    assert_eq!(world.fate_on_phone(0, note).as_deref(), Some("merged"));
    put_snapshot(&mut world, ticket, &whole);
    world.clock.pass(2 * 60 * 60 * 1_000);
    world.assert_healed();
}

/// The answer to a push was lost, and meanwhile its change was compacted: the same bytes have the fate they were given.
#[test]
fn fault_003_what_was_pushed_and_compacted_is_pushed_again() {
    let (mut world, ticket, _) = World::with_ticket(3, 1);
    let note = world.note(0, ticket, "答复丢了");
    world.sync_with(0, fieldline_tests::world::network::NetFault::ReplyLost);
    assert_eq!(world.fate_on_phone(0, note).as_deref(), Some("saved"));
    assert!(compact(&mut world).changes > 0);
    world.sync(0);
    assert_eq!(world.fate_on_phone(0, note).as_deref(), Some("merged"));
    world.assert_healed();
}

/// A backup is looked over before it gets its name: one of a compacted record comes back whole.
#[test]
fn fault_020_a_backup_of_a_compacted_record_is_sound() {
    let (mut world, ticket, _) = one_was_away();
    compact(&mut world);
    let taken = world.hq.take_backup();
    hq_notes(&mut world, ticket, "备份之后");
    world.sync(0);
    world.put_back_hq(&taken);
    world.assert_healed();
    assert!(world.count_at_hq(ALONE) > 0);
    assert_eq!(findings(&mut world), [], "no document lacks what it alone holds");
}

const INTENTS: &str = "SELECT count(*) FROM intent";

/// The phone's disk put an older snapshot in the place of a document and left its heads as they were; then what was done
/// there grows old.
fn older_snapshot_on_the_phone(bugs: &[Bug]) -> (World, TicketId) {
    let (mut world, ticket, _) = World::with_ticket(14, 1);
    bugs.iter().for_each(|bug| world.plant(0, *bug));
    world.phones[0].kill();
    let db = world.phones[0].db();
    let id = format!("ticket-{ticket}");
    let read = "SELECT snapshot FROM doc WHERE id = ?1";
    let older: Vec<u8> = look(&db)
        .query_row(read, [&id], |row| row.get(0))
        .expect("the document");
    world.note(0, ticket, "快照里没有这一句");
    world.settle();
    world.phones[0].kill();
    let write = "UPDATE doc SET snapshot = ?2 WHERE id = ?1";
    look(&db)
        .execute(write, (&id, &older))
        .expect("an older snapshot");
    world.clock.pass(SETTLED_KEEP_MS + DAY_MS);
    world.sync(0);
    (world, ticket)
}

fn notes_shown(world: &mut World, ticket: TicketId) -> usize {
    notes_on(world, 0, ticket)
}

/// Fails when documents are not compared before settled work becomes a counter: its sibling.
#[test]
fn fault_072_a_phone_compacts_nothing_that_its_document_lacks() {
    let (mut world, ticket) = older_snapshot_on_the_phone(&[]);
    assert_eq!(world.count_on_phone(0, INTENTS), 1, "it stays");
    assert_eq!(
        world.count_on_phone(0, "SELECT count(*) FROM doc WHERE want = 1"),
        1
    );
    world.sync(0);
    assert_eq!(notes_shown(&mut world, ticket), 1, "HQ sent it whole");
    world.clock.pass(2 * DAY_MS);
    world.sync(0);
    assert_eq!(world.count_on_phone(0, INTENTS), 0, "and then it goes");
    assert_eq!(world.status(0).at_hq, 1);
    world.assert_healed();
}

#[test]
fn fault_072_compacted_unseen_the_phone_shows_less_than_was_done() {
    let (mut world, ticket) = older_snapshot_on_the_phone(&[Bug::CompactsUnseen]);
    assert_eq!(world.count_on_phone(0, INTENTS), 0);
    assert_eq!(notes_shown(&mut world, ticket), 0);
    assert!(!world.heal_and_check().is_empty());
}

/// Bytes in use on a phone: what the file does not give back it uses again.
fn used(world: &World) -> u64 {
    let sql = "SELECT (page_count - freelist_count) * page_size
        FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()";
    u64::try_from(world.count_on_phone(0, sql)).expect("a size")
}

/// Bytes of HQ's record, packed: rows that shrink leave room in their pages, which only `VACUUM` gives back.
fn packed(world: &mut World) -> u64 {
    std::fs::metadata(world.hq.back_up()).expect("a copy").len()
}

/// Peers that keep no ids of operations take 4 to 20 kB on the phone; two ids of 10 random bytes alone are 20 kB here.
#[test]
fn a_thousand_readings_of_one_ticket_become_small() {
    const EDITS: usize = 1_000;
    let (mut world, ticket, visit) = World::with_ticket(8, 1);
    world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    world.settle();
    let (phone, hq) = (used(&world), packed(&mut world));
    for n in 0..EDITS {
        world.clock.pass(60_000);
        let answer = Answer::Reading {
            value: n as f64,
            unit: "s".into(),
        };
        let item = "pressure".into();
        world
            .perform(0, ticket, Act::Answer { item, answer })
            .expect("legal");
    }
    world.settle();
    let grown = |world: &mut World| (used(world) - phone, packed(world) - hq);
    let before = grown(&mut world);
    world.clock.pass(SETTLED_KEEP_MS + DAY_MS);
    let done = compact(&mut world);
    assert!(done.changes > EDITS && done.differing == 0, "{done:?}");
    world.sync(0);
    assert_eq!(world.count_on_phone(0, INTENTS), 0);
    let after = grown(&mut world);
    let snapshot = world.count_on_phone(0, "SELECT max(length(snapshot)) FROM doc WHERE kind = 'ticket'");
    println!(
        "phone {} B, then {} B ({snapshot} B of them the document); HQ {} B, then {} B",
        before.0, after.0, before.1, after.1
    );
    assert!(after.0 * 8 < before.0, "{before:?} {after:?}");
    assert!(after.0 < 96 * 1024, "{after:?}");
    assert!(after.1 < before.1, "{before:?} {after:?}");
    world.assert_healed();
}
