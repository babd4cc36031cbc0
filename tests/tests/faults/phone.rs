//! The phone's own process and disk (1, 2, 6, 7, 13, 14).

use fieldline_engine::{Bug, EngineError, FaultPoint};
use fieldline_model::operation::Act;
use fieldline_tests::world::World;
use fieldline_tests::world::check::Findings;
use fieldline_tests::world::damage::Damage;
use fieldline_tests::world::sync::Synced;

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

const MERGED: &str = "SELECT count(*) FROM fate WHERE fate = 'merged'";

/// So many operations wait on one ticket and one on another; the disk damages the line of one of them. How many HQ has
/// after one sync.
fn damaged_line(damage: Damage, notes: usize, bug: Option<Bug>) -> (World, i64) {
    let (mut world, ticket, _) = World::with_ticket(14, 2);
    bug.into_iter().for_each(|bug| world.plant(0, bug));
    let before = world.count_at_hq(MERGED);
    for n in 0..notes {
        world.note(0, ticket, &format!("note {n}"));
    }
    assert!(world.damage(0, damage));
    assert_eq!(world.tally.of("disk.damaged"), 1);
    let (other, visit) = world.new_ticket(&[0]);
    world.sync(0);
    world.perform(0, other, Act::Accept { visit }).expect("legal");
    world.sync(0);
    // HQ's create and offer of the other ticket, and its acceptance, are not what is asked for.
    let merged = world.count_at_hq(MERGED) - before - 3;
    (world, merged)
}

#[test]
fn fault_014_a_damaged_line_of_unsent_work_is_written_again() {
    for damage in Damage::OF_WORK {
        for notes in [1, 3] {
            let (mut world, merged) = damaged_line(*damage, notes, None);
            assert_eq!(merged, i64::try_from(notes).expect("few"), "{damage:?}");
            assert!(world.says(0, "damage_mended"), "{damage:?}: the person is told");
            world.assert_healed();
        }
    }
}

#[test]
fn fault_014_a_phone_that_sends_what_the_disk_made_of_it_keeps_its_ticket_waiting() {
    let (_, merged) = damaged_line(Damage::Bytes, 1, Some(Bug::DamageIsSent));
    assert_eq!(merged, 0, "nobody knows the bytes again that were sent");
}

#[test]
fn fault_014_a_damaged_cursor_costs_one_phone_a_reading_and_nobody_an_epoch() {
    let (mut world, ticket, _) = World::with_ticket(14, 2);
    let note = world.note(0, ticket, "before the damage");
    let epoch = "SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'epoch'";
    let before = world.count_at_hq(epoch);
    assert!(world.damage(0, Damage::Cursor));
    world.assert_healed();
    assert_eq!(world.fate_at_hq(note), Some(("merged".into(), None)));
    assert_eq!(world.count_at_hq(epoch), before);
    assert!(!world.says(1, "epoch_changed"), "the others notice nothing");
}
