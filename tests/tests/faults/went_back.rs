//! FAULTS, healing, with something more in the way: the server goes back twice (20), a device or key it does not know (56),
//! or knows as revoked (57), its memory went back too (60), its schema is older (65), a phone was put back as well (82).

use std::collections::BTreeMap;

use fieldline_engine::{Bug, FaultPoint};
use fieldline_model::id::{OperationId, TicketId};
use fieldline_model::operation::{Act, Author};
use fieldline_server::app::Bug as ServerBug;
use fieldline_tests::world::phone::InstallFile;
use fieldline_tests::world::{World, cast};

/// Word and code by operation.
type Fates = BTreeMap<OperationId, (String, Option<String>)>;

fn hq_notes(world: &mut World, ticket: TicketId, text: &str) -> OperationId {
    let done = world.hq_does(
        Author::Staff(cast::dispatcher()),
        ticket,
        Act::Note { text: text.into() },
    );
    done.expect("HQ writes").operation
}

fn holds(world: &World, id: OperationId) -> bool {
    world.count_at_hq(&format!("SELECT count(*) FROM event WHERE operation = '{id}'")) == 1
}

/// The fate at HQ of everything any phone saved.
fn fates(world: &World) -> Fates {
    let saved = world.phones.iter().flat_map(|phone| phone.saved.iter().copied());
    saved
        .filter_map(|id| world.fate_at_hq(id).map(|fate| (id, fate)))
        .collect()
}

/// A phone gave back what HQ had lost and died before the first page of the new epoch; then HQ went back once more, to a
/// copy of that epoch, which no cursor shows.
fn went_back_twice(bugs: &[Bug]) -> (World, OperationId) {
    let (mut world, ticket, _) = World::with_ticket(20, 2);
    bugs.iter().for_each(|bug| world.plant(0, *bug));
    world.settle();
    let first = world.hq.back_up();
    let of_hq = hq_notes(&mut world, ticket, "lost twice");
    world.sync(0);
    world.restore_hq(&first);
    world.dies_at(0, FaultPoint::EpochAfterCommit, 0);
    world.sync(0);
    let second = world.hq.back_up();
    world.dies_at(0, FaultPoint::PageBeforeCommit, 0);
    world.sync(0);
    assert_eq!(
        world.deaths(0),
        [FaultPoint::EpochAfterCommit, FaultPoint::PageBeforeCommit]
    );
    assert!(holds(&world, of_hq), "given back once");
    assert_eq!(world.count_on_phone(0, "SELECT seq FROM cursor"), 0);
    world.restore_hq(&second);
    assert!(!holds(&world, of_hq), "and lost again");
    (world, of_hq)
}

#[test]
fn fault_020_a_server_that_goes_back_again_before_the_first_page_is_healed_again() {
    let (mut world, of_hq) = went_back_twice(&[]);
    world.sync(0);
    assert!(holds(&world, of_hq));
    world.assert_healed();
}

#[test]
fn fault_020_healed_before_a_page_came_is_not_healed() {
    let (mut world, of_hq) = went_back_twice(&[Bug::HealedUnread]);
    assert!(!world.heal_and_check().is_empty());
    assert!(!holds(&world, of_hq));
}

/// HQ and a phone went back both, and the phone wrote on in the place of what it had lost. Another phone holds that, and
/// beside it what HQ lost of its own: the one can not come in any more, the other must.
#[test]
fn fault_020_what_hq_lost_beside_a_line_that_forked_comes_back() {
    let mut world = World::new(20, 2);
    let (ticket, _) = world.new_ticket(&[0, 1]);
    world.settle();
    world.phones[0].kill();
    let (backup, copy) = (world.hq.back_up(), world.phones[0].back_up());
    let of_hq = hq_notes(&mut world, ticket, "lost at HQ");
    let forked = world.note(0, ticket, "beside it");
    world.sync(0);
    world.sync(1);
    let before = change_of(&world, forked);
    world.restore_hq(&backup);
    world.restore_phone(0, &copy, InstallFile::Copied);
    let instead = world.note(0, ticket, "in its place");
    world.sync(0);
    assert!(holds(&world, instead) && !holds(&world, of_hq));
    world.sync(1);
    // Its place is taken: HQ wrote it again itself.
    assert!(holds(&world, forked) && holds(&world, of_hq));
    assert_ne!(change_of(&world, forked), before);
    world.assert_healed();
    assert_eq!(world.fate_at_hq(forked), Some(("merged".into(), None)));
}

/// The hash of the change that carries it at HQ.
fn change_of(world: &World, id: OperationId) -> String {
    let sql = "SELECT hex(hash) FROM fate WHERE operation = ?1";
    world
        .hq
        .db()
        .query_row(sql, [id.to_string()], |row| row.get(0))
        .expect("it has a fate")
}

#[test]
fn fault_020_stopped_at_every_write_of_healing_nothing_is_lost() {
    for after in 0..2 {
        let (mut world, ticket, _) = World::with_ticket(20, 2);
        let backup = world.hq.back_up();
        let of_hq = hq_notes(&mut world, ticket, "lost at HQ");
        world.sync(0);
        world.note(0, ticket, "on top");
        world.sync(0);
        let before = fates(&world);
        world.restore_hq(&backup);
        world.dies_at(0, FaultPoint::HealBeforeCommit, after);
        world.sync(0);
        assert_eq!(world.deaths(0), [FaultPoint::HealBeforeCommit], "{after}");
        world.assert_healed();
        assert!(holds(&world, of_hq));
        assert_eq!(fates(&world), before);
    }
}

/// A phone that joined after the backup, with work of its own and HQ's on it.
fn enrolled_since(bugs: &[Bug]) -> (World, OperationId, OperationId) {
    let (mut world, ticket, _) = World::with_ticket(56, 1);
    let backup = world.hq.back_up();
    world.add_phone(cast::engineer(0));
    bugs.iter().for_each(|bug| world.plant(1, *bug));
    // Only the new phone hears of it.
    let of_hq = hq_notes(&mut world, ticket, "lost at HQ");
    world.sync(1);
    let own = world.note(1, ticket, "on the new phone");
    world.sync(1);
    assert_eq!(world.fate_on_phone(1, own).as_deref(), Some("merged"));
    world.restore_hq(&backup);
    world.sync(1);
    assert_eq!(world.tally.of("phone.not_accepted"), 1, "HQ does not know it");
    (world, of_hq, own)
}

#[test]
fn fault_056_a_device_enrolled_after_the_backup_gives_back() {
    let (mut world, of_hq, own) = enrolled_since(&[]);
    world.assert_healed();
    assert!(holds(&world, of_hq) && holds(&world, own));
}

#[test]
fn fault_056_an_unknown_device_that_does_not_give_back_leaves_hq_without_its_own_work() {
    let (mut world, of_hq, _) = enrolled_since(&[Bug::NothingHealed]);
    assert!(!world.heal_and_check().is_empty());
    assert!(!holds(&world, of_hq));
}

/// A phone put back to a copy of its own writes under a new install, which HQ's backup does not know.
fn rotated_since(bugs: &[Bug]) -> (World, OperationId, Fates) {
    let (mut world, ticket, visit) = World::with_ticket(56, 2);
    bugs.iter().for_each(|bug| world.plant(0, *bug));
    world.plant(0, Bug::RulesSkipped);
    world.phones[0].kill();
    let copy = world.phones[0].back_up();
    let backup = world.hq.back_up();
    world.restore_phone(0, &copy, InstallFile::Missing);
    let of_hq = hq_notes(&mut world, ticket, "lost at HQ");
    world.note(0, ticket, "under a new install");
    let refused = world.perform(0, ticket, Act::Start { visit });
    world.note(0, ticket, "on a new branch of it");
    world.settle();
    assert!(world.says(0, "install_rotated"), "the fault fired");
    let before = fates(&world);
    assert_eq!(before[&refused.expect("his app allows it")].0, "refused");
    assert_eq!(before.len(), 3);
    world.restore_hq(&backup);
    (world, of_hq, before)
}

#[test]
fn fault_056_an_actor_rotated_after_the_backup_gives_back_with_its_fates() {
    let (mut world, of_hq, before) = rotated_since(&[]);
    assert!(fates(&world).is_empty(), "it went back");
    world.assert_healed();
    assert!(holds(&world, of_hq));
    assert_eq!(fates(&world), before);
}

#[test]
fn fault_056_a_rotated_actor_that_does_not_give_back_leaves_hq_without_its_own_work() {
    let (mut world, of_hq, _) = rotated_since(&[Bug::NothingHealed]);
    assert!(!world.heal_and_check().is_empty());
    assert!(!holds(&world, of_hq));
}

/// Work of a phone that was revoked after the backup: merged before that, or held since. Whether the newer record was
/// there to tell of it.
fn revoked_since(by_hand: bool) -> (World, OperationId, OperationId) {
    let (mut world, ticket, _) = World::with_ticket(57, 2);
    let (copy, taken) = (world.hq.back_up(), world.hq.take_backup());
    let merged = world.note(0, ticket, "merged");
    world.sync(0);
    let device = world.status(0).device.expect("it is enrolled");
    let revoked = world.hq.ask(async move |app| app.revoke(device).await);
    assert!(revoked.expect("up").expect("read"));
    let held = world.note(0, ticket, "held");
    world.sync(0);
    assert!(world.status(0).revoked, "the fault fired");
    if by_hand {
        world.restore_hq(&copy);
    } else {
        world.put_back_hq(&taken);
    }
    assert_eq!(world.fate_at_hq(merged), None, "it went back");
    (world, merged, held)
}

#[test]
fn fault_057_revoked_after_the_backup_stays_revoked_and_what_was_not_merged_is_held() {
    let (mut world, merged, held) = revoked_since(false);
    world.phones[0].revoked = true;
    for _ in 0..3 {
        world.sync(0);
    }
    assert!(world.status(0).revoked);
    let supervisor = cast::dispatcher();
    let waits = world.hq.ask(async |app| app.held(10).await);
    let waits = waits.expect("up").expect("read");
    assert_eq!(
        waits.iter().map(|(id, _)| *id).collect::<Vec<_>>(),
        [held],
        "HQ's receipt proves the one; of the other a person decides"
    );
    assert_eq!(world.fate_at_hq(merged), Some(("merged".into(), None)));
    let adopted = world.hq.ask(async move |app| app.adopt(held, supervisor).await);
    adopted.expect("up").expect("adopted");
    world.assert_healed();
}

#[test]
fn fault_057_a_record_put_back_by_hand_forgot_the_revocation_and_takes_the_work() {
    let (mut world, merged, held) = revoked_since(true);
    world.assert_healed();
    for id in [merged, held] {
        assert_eq!(world.fate_at_hq(id), Some(("merged".into(), None)));
    }
    assert!(!world.status(0).revoked);
}

/// HQ's newest change in a document: who wrote it.
fn newest_actor(world: &World) -> Vec<u8> {
    let sql = "SELECT actor FROM change WHERE device IS NULL ORDER BY seq DESC LIMIT 1";
    let row = world.hq.db().query_row(sql, [], |row| row.get(0));
    row.expect("HQ's change")
}

/// A virtual machine goes back while the server runs, and its process does not know. `writes`: before anybody came, it
/// wrote on, under the actor whose later changes it lost.
fn reverted(writes: bool, bugs: &[Bug]) -> (World, TicketId, OperationId) {
    let (mut world, ticket, _) = World::with_ticket(60, 2);
    bugs.iter().for_each(|bug| world.plant(0, *bug));
    world.hq.kill();
    world.repair_hq();
    hq_notes(&mut world, ticket, "before");
    world.settle();
    let before = newest_actor(&world);
    let snapshot = world.hq.back_up();
    let lost = hq_notes(&mut world, ticket, "lost at HQ");
    assert_eq!(newest_actor(&world), before);
    world.sync(0);
    world.note(0, ticket, "on top of it");
    world.sync(0);
    world.revert_hq(&snapshot);
    assert!(!holds(&world, lost));
    if writes {
        hq_notes(&mut world, ticket, "another one in its place");
        assert_eq!(
            newest_actor(&world),
            before,
            "the same line goes on: the fault fired"
        );
    }
    (world, ticket, lost)
}

#[test]
fn fault_060_a_snapshot_reverted_without_restart_is_noticed_and_healed() {
    let (mut world, _, lost) = reverted(false, &[]);
    world.assert_healed();
    assert!(world.says(0, "epoch_changed"));
    assert!(holds(&world, lost));
}

#[test]
fn fault_060_a_revert_that_is_not_healed_leaves_hq_without_its_own_work() {
    let (mut world, _, lost) = reverted(false, &[Bug::NothingHealed]);
    assert!(!world.heal_and_check().is_empty());
    assert!(!holds(&world, lost));
}

/// The same line has two changes in one place, and no document may hold both: what phones did counts, and nothing is stuck.
#[test]
fn fault_060_a_line_that_goes_on_twice_after_a_revert_wedges_nothing() {
    let (mut world, ticket, _) = reverted(true, &[]);
    world.note(0, ticket, "while nobody knew");
    world.calm();
    world.settle();
    let stuck = "SELECT count(*) FROM doc WHERE stuck = 1";
    assert_eq!(world.count_on_phone(0, stuck), 0);
    let merged = Some(("merged".to_owned(), None));
    for id in world.phones[0].saved.clone() {
        assert_eq!(world.fate_at_hq(id), merged);
        assert_eq!(world.fate_on_phone(0, id).as_deref(), Some("merged"));
    }
    assert!(world.status(0).complete);
}

/// One phone shows that the server went back. Before another comes, which alone holds what HQ lost of its own, HQ writes
/// there.
fn written_since_the_revert(bugs: &[ServerBug]) -> (World, OperationId, String) {
    let (mut world, _, _) = World::with_ticket(60, 2);
    bugs.iter().for_each(|bug| world.hq.plant(*bug));
    let (second, _) = world.new_ticket(&[1]);
    world.settle();
    world.hq.kill();
    world.repair_hq();
    hq_notes(&mut world, second, "before");
    world.settle();
    let snapshot = world.hq.back_up();
    let lost = hq_notes(&mut world, second, "lost at HQ");
    world.settle();
    let (actor, change) = (newest_actor(&world), change_of(&world, lost));
    world.revert_hq(&snapshot);
    assert_eq!(
        newest_actor(&world),
        actor,
        "its memory went back too: the fault fired"
    );
    world.sync(0);
    assert!(world.says(0, "epoch_changed") && !holds(&world, lost));
    hq_notes(&mut world, second, "written since");
    (world, lost, change)
}

#[test]
fn fault_060_what_hq_writes_once_it_knows_does_not_keep_out_what_it_lost() {
    let (mut world, lost, change) = written_since_the_revert(&[]);
    world.assert_healed();
    assert_eq!(change_of(&world, lost), change);
}

#[test]
fn fault_060_what_hq_lost_and_whose_place_is_taken_hq_writes_again() {
    let (mut world, lost, change) = written_since_the_revert(&[ServerBug::ActorsKept]);
    world.assert_healed();
    assert_ne!(change_of(&world, lost), change);
}

/// A backup of the schema before this one comes back: what went forward once goes forward again, and phones heal it.
#[test]
fn fault_065_a_migration_that_is_run_again_after_a_restore_loses_nothing() {
    let (mut world, ticket, _) = World::with_ticket(65, 2);
    let backup = world.hq.back_up();
    let old = rusqlite::Connection::open(&backup).expect("the backup");
    let schema: u32 = old
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .expect("a version");
    old.execute_batch("DROP INDEX stock_grant_ticket; DROP INDEX stock_request_document; ALTER TABLE tracking DROP COLUMN made_by; ALTER TABLE tracking DROP COLUMN ended_by")
        .expect("what the newest migration made");
    old.pragma_update(None, "user_version", schema - 1)
        .expect("an older file");
    drop(old);
    let of_hq = hq_notes(&mut world, ticket, "lost at HQ");
    world.sync(0);
    world.note(0, ticket, "on top");
    world.sync(0);
    let before = fates(&world);
    world.restore_hq(&backup);
    let made = "SELECT count(*) FROM pragma_table_info('tracking') WHERE name IN ('made_by', 'ended_by')";
    assert_eq!(world.count_at_hq(made), 2, "it ran again");
    world.assert_healed();
    assert!(holds(&world, of_hq));
    assert_eq!(fates(&world), before);
}

/// A phone put back to a copy of its own writes more before it syncs than HQ had heard of: its counter says nothing. Then
/// HQ went back as well, or not.
fn counter_passed(bugs: &[Bug], hq_too: bool) -> World {
    let (mut world, ticket, _) = World::with_ticket(82, 2);
    bugs.iter().for_each(|bug| world.plant(0, *bug));
    world.note(0, ticket, "before");
    world.sync(0);
    let of_hq = world.hq.back_up();
    world.phones[0].kill();
    let copy = world.phones[0].back_up();
    world.note(0, ticket, "merged, and then forgotten by the phone");
    world.sync(0);
    let counter = "SELECT write_counter FROM identity";
    let acked = world.count_on_phone(0, counter);
    world.restore_phone(0, &copy, InstallFile::Copied);
    for n in 0..3 {
        world.note(0, ticket, &format!("after the restore {n}"));
    }
    assert!(world.count_on_phone(0, counter) > acked, "the fault fired");
    if hq_too {
        world.restore_hq(&of_hq);
    }
    world
}

#[test]
fn fault_082_a_restore_that_passes_the_acked_counter_is_found_by_its_fork() {
    let mut world = counter_passed(&[], false);
    world.assert_healed();
    let forked = "SELECT count(*) FROM doc WHERE branch > 0";
    assert_eq!(world.count_on_phone(0, forked), 1, "the line was left behind");
    assert_eq!(fates(&world).len(), 4);
}

#[test]
fn fault_082_a_restore_that_passes_the_acked_counter_and_a_server_that_went_back() {
    let mut world = counter_passed(&[], true);
    world.assert_healed();
    assert_eq!(fates(&world).len(), 4);
}

#[test]
fn fault_082_a_line_that_is_not_left_stays_blocked() {
    let mut world = counter_passed(&[Bug::BranchReused], false);
    assert!(!world.heal_and_check().is_empty());
}

/// Fates that HQ told are not worked out anew because a backup did not know the line they were told to.
#[test]
fn fault_056_fates_forgotten_for_a_rotated_actor_are_found() {
    let (mut world, _, _) = rotated_since(&[]);
    world.hq.plant(ServerBug::FatesForgotten);
    assert!(!world.heal_and_check().is_empty());
}
