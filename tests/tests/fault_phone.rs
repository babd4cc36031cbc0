//! FAULTS, phone and network: what breaks on the phone's side of the wire (1-6, 11-13, 30).
//!
//! Each story asserts that its fault fired. Where a planted bug switches the defence off, a sibling shows that the
//! same story then ends badly.

use fieldline_engine::{Bug, EngineError, FaultPoint};
use fieldline_model::operation::Act;
use fieldline_tests::world::World;
use fieldline_tests::world::check::Findings;
use fieldline_tests::world::network::NetFault;
use fieldline_tests::world::phone::InstallFile;
use fieldline_tests::world::story::DAY_MS;
use fieldline_tests::world::sync::Synced;

const INSTALL_FILES: [InstallFile; 3] = [InstallFile::Missing, InstallFile::Kept, InstallFile::Copied];

#[test]
fn fault_001_killed_between_tap_and_commit() {
    let (mut world, ticket, visit) = World::with_ticket(1, 2);
    world.dies_at(0, FaultPoint::PerformBeforeCommit, 0);
    assert_eq!(world.perform(0, ticket, Act::Accept { visit }), None);
    assert_eq!(world.deaths(0), [FaultPoint::PerformBeforeCommit]);
    assert_eq!(world.count_on_phone(0, "SELECT count(*) FROM intent"), 0);
    assert_eq!(world.count_on_phone(0, "SELECT count(*) FROM change"), 0);
    let again = world
        .perform(0, ticket, Act::Accept { visit })
        .expect("nothing half done is in the way");
    world.assert_healed();
    assert_eq!(world.fate_at_hq(again), Some(("merged".into(), None)));
}

#[test]
fn fault_002_killed_after_commit_before_push() {
    let points = [
        FaultPoint::PerformAfterCommit,
        FaultPoint::SentBeforeCommit,
        FaultPoint::SentAfterCommit,
    ];
    for point in points {
        let (mut world, ticket, visit) = World::with_ticket(2, 2);
        world.dies_at(0, point, 0);
        world.perform(0, ticket, Act::Accept { visit });
        world.sync(0);
        assert_eq!(world.deaths(0), [point]);
        assert_eq!(
            world.ledger.promises().len(),
            1,
            "{point:?}: saved is saved, heard of or not"
        );
        world.assert_healed();
        assert_eq!(
            world.fated("merged").intersection(&world.phones[0].saved).count(),
            1
        );
    }
}

fn acknowledgement_lost(world: &mut World, ticket: fieldline_model::id::TicketId) -> Findings {
    let note = world.note(0, ticket, "noted once");
    assert_eq!(world.sync_with(0, NetFault::ReplyLost), Synced::Cut);
    assert_eq!(world.tally.of("net.reply_lost"), 1);
    assert!(world.fate_at_hq(note).is_some(), "the server has it");
    assert_eq!(
        world.fate_on_phone(0, note).as_deref(),
        Some("saved"),
        "the phone cannot know"
    );
    world.heal_and_check()
}

#[test]
fn fault_003_acknowledgement_lost_pushed_again() {
    let (mut world, ticket, _) = World::with_ticket(3, 2);
    let findings = acknowledgement_lost(&mut world, ticket);
    assert!(findings.is_empty(), "{findings}");
    let note = *world.phones[0].saved.first().expect("one note");
    assert_eq!(world.fate_on_phone(0, note).as_deref(), Some("merged"));
    assert_eq!(
        world.count_at_hq("SELECT count(*) FROM event WHERE act = 'note'"),
        1
    );
}

#[test]
fn fault_003_a_phone_that_takes_sending_for_merging_loses_work() {
    let (mut world, ticket, _) = World::with_ticket(3, 2);
    world.plant(0, Bug::SentIsMerged);
    world.note(0, ticket, "sent into nothing");
    assert_eq!(world.sync_with(0, NetFault::RequestLost), Synced::Cut);
    assert_eq!(world.tally.of("net.request_lost"), 1);
    let findings = world.heal_and_check();
    assert!(
        findings.list().iter().any(|finding| finding.starts_with("LOST")),
        "{findings}"
    );
}

#[test]
fn fault_004_push_repeated_reordered_split() {
    let (mut world, ticket, visit) = World::with_ticket(4, 2);
    world.perform(0, ticket, Act::Accept { visit });
    assert_eq!(world.sync_with(0, NetFault::RequestLate), Synced::Cut);
    world.perform(0, ticket, Act::Depart { visit, eta: None });
    world.note(0, ticket, "on my way");
    world.sync_with(0, NetFault::RequestTwice);
    world.note(0, ticket, "nearly there");
    assert_eq!(world.sync_with(0, NetFault::RequestLate), Synced::Cut);
    world.sync(0);
    assert_eq!(world.network.late_requests(), 2);
    world.deliver_late();
    assert_eq!(
        (
            world.tally.of("net.request_late"),
            world.tally.of("net.request_twice")
        ),
        (2, 1)
    );
    world.assert_healed();
    assert_eq!(
        world.fated("merged").intersection(&world.phones[0].saved).count(),
        4
    );
}

#[test]
fn fault_005_cut_in_mid_page() {
    for item in 0..6 {
        let (mut world, _, _) = World::with_ticket(5, 2);
        for _ in 0..3 {
            world.new_ticket(&[0]);
        }
        let held = "SELECT count(*) FROM doc";
        let before = world.count_on_phone(0, held);
        assert_eq!(world.sync_with(0, NetFault::ReplyCut), Synced::Cut);
        world.dies_at(0, FaultPoint::PageItem, item);
        assert_eq!(world.sync(0), Synced::Died);
        assert_eq!(world.deaths(0), [FaultPoint::PageItem]);
        assert_eq!(world.tally.of("net.reply_cut"), 1);
        assert_eq!(
            world.count_on_phone(0, held),
            before,
            "a page is taken whole or not at all"
        );
        world.assert_healed();
        assert_eq!(world.count_on_phone(0, held), before + 3);
    }
}

fn cursor_write_fails(bug: Option<Bug>) -> Findings {
    let (mut world, _, _) = World::with_ticket(6, 2);
    bug.into_iter().for_each(|bug| world.plant(0, bug));
    world.new_ticket(&[0]);
    world.dies_at(0, FaultPoint::PageBeforeCursor, 0);
    assert_eq!(world.sync(0), Synced::Died);
    assert_eq!(world.deaths(0), [FaultPoint::PageBeforeCursor]);
    world.heal_and_check()
}

#[test]
fn fault_006_page_applied_cursor_write_fails() {
    let findings = cursor_write_fails(None);
    assert!(findings.is_empty(), "{findings}");
}

#[test]
fn fault_006_a_cursor_outside_the_page_misses_it() {
    assert!(!cursor_write_fails(Some(Bug::CursorOutsidePage)).is_empty());
}

#[test]
fn fault_007_disk_full_saves_nothing_and_says_so() {
    // Named here because a full disk must never look like a saved operation; the random mode rolls it too.
    let (mut world, ticket, visit) = World::with_ticket(7, 2);
    world.fill_disk(0);
    let mut refused = 0;
    for _ in 0..200 {
        let text = "x".repeat(8_000);
        refused += u32::from(world.perform(0, ticket, Act::Note { text }).is_none());
    }
    assert!(
        refused > 0 && world.tally.of("disk.full") > 0,
        "the disk never filled"
    );
    world.empty_disk(0);
    world
        .perform(0, ticket, Act::Accept { visit })
        .expect("there is room again");
    world.assert_healed();
}

fn restored(install: InstallFile) -> World {
    let (mut world, ticket, visit) = World::with_ticket(11, 2);
    world.perform(0, ticket, Act::Accept { visit });
    world.sync(0);
    world.phones[0].kill();
    let backup = world.phones[0].back_up();
    world.perform(0, ticket, Act::Depart { visit, eta: None });
    world.sync(0);
    world.note(0, ticket, "never sent");
    world.restore_phone(0, &backup, install);
    world
}

#[test]
fn fault_011_restored_from_a_backup_same_device() {
    for install in INSTALL_FILES {
        let mut world = restored(install);
        let ticket = world.tickets[0];
        assert_eq!(
            world.ledger.written_off(),
            2,
            "the departure and the note are not on the phone any more"
        );
        // It works on before it hears from the server: under Kept and Copied that is the same place in the same line.
        world.note(0, ticket, "after the restore");
        world.assert_healed();
        assert_eq!(world.tally.of("phone.restored"), 1);
        // By the file beside the database, by the write counter, or, where the counters happen to agree, by the fork
        // at the server and a manifest that does not fit.
        let noticed = world.says(0, "install_rotated")
            || world.says(0, "line_continued_elsewhere")
            || world.count_on_phone(0, "SELECT reset_at IS NOT NULL FROM cursor") == 1;
        assert!(noticed, "{install:?}: nobody noticed");
        assert_eq!(
            world.fated("merged").intersection(&world.phones[0].saved).count(),
            2
        );
    }
}

#[test]
fn fault_011_a_line_that_is_not_left_behind_stays_blocked() {
    let mut world = restored(InstallFile::Kept);
    world.plant(0, Bug::BranchReused);
    let ticket = world.tickets[0];
    world.note(0, ticket, "under an actor that wrote on elsewhere");
    assert!(!world.heal_and_check().is_empty());
}

#[test]
fn fault_012_backup_restored_on_a_second_phone() {
    for install in [InstallFile::Missing, InstallFile::Copied] {
        let (mut world, ticket, visit) = World::with_ticket(12, 2);
        world.perform(0, ticket, Act::Accept { visit });
        world.phones[0].kill();
        let clone = world.clone_phone(0, install);
        for round in 0..3 {
            world.note(0, ticket, &format!("from the first {round}"));
            world.note(clone, ticket, &format!("from the second {round}"));
            world.sync(clone);
            world.note(clone, ticket, &format!("the second goes on {round}"));
            world.sync(0);
        }
        world.assert_healed();
        assert_eq!(world.tally.of("phone.cloned"), 1);
        assert_eq!(
            world.fated("merged").intersection(&world.phones[0].saved).count(),
            4
        );
        assert_eq!(
            world
                .fated("merged")
                .intersection(&world.phones[clone].saved)
                .count(),
            7
        );
    }
}

#[test]
fn fault_013_two_processes_one_store() {
    let (mut world, ticket, _) = World::with_ticket(13, 2);
    world.note(0, ticket, "from the app");
    let now = world.now();
    assert!(world.phones[0].is_on());
    assert!(
        matches!(world.phones[0].open(now), Err(EngineError::StoreBusy)),
        "one process at a time"
    );
    world.phones[0].kill();
    assert!(world.phones[0].open(now).is_ok(), "a dead process holds no lock");
    world.assert_healed();
}

#[test]
fn fault_030_captive_portal_answers_200_with_html() {
    let (mut world, ticket, _) = World::with_ticket(30, 2);
    let note = world.note(0, ticket, "in the hotel");
    for fault in [NetFault::Portal, NetFault::Gateway, NetFault::Busy] {
        assert_eq!(world.sync_with(0, fault), Synced::Cut);
        assert_eq!(world.tally.of(fault.name()), 1);
        assert_eq!(world.fate_on_phone(0, note).as_deref(), Some("saved"));
    }
    world.clock.pass(DAY_MS);
    world.assert_healed();
    assert_eq!(world.fate_on_phone(0, note).as_deref(), Some("merged"));
}
