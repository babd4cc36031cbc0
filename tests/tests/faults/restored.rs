//! Copies of a phone's files: put back on the same phone (11), or onto a second one (12).

use fieldline_engine::Bug;
use fieldline_model::operation::Act;
use fieldline_tests::world::World;
use fieldline_tests::world::phone::InstallFile;

/// Stories of copies rolled in one run.
const COPIES_SEEDS: u64 = 24;
const INSTALL_FILES: [InstallFile; 3] = [InstallFile::Missing, InstallFile::Kept, InstallFile::Copied];

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

/// HQ knows of more writes than the phone. It says so before anything is written where something stands already, and
/// sends back what the phone wrote itself. Fails without `rotate_if_told` on the phone, and where HQ takes no notice (`restored`).
#[test]
fn fault_011_the_write_counter_tells_before_a_line_forks() {
    let mut world = restored(InstallFile::Kept);
    let ticket = world.tickets[0];
    world.sync(0);
    assert!(world.says(0, "line_continued_elsewhere"));
    let note = world.note(0, ticket, "under a line of its own");
    world.sync(0);
    assert_eq!(world.fate_on_phone(0, note).as_deref(), Some("merged"));
    assert_eq!(
        world.count_on_phone(0, "SELECT max(branch) FROM doc"),
        0,
        "no fork"
    );
    let reset = "SELECT reset_at IS NOT NULL FROM cursor";
    assert_eq!(world.count_on_phone(0, reset), 0, "nothing was read again");
    world.assert_healed();
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

/// Two copies of one phone in use, then an older backup in the place of the first.
fn cloned_and_put_back(cloned: InstallFile, restored: InstallFile) -> (World, usize) {
    let (mut world, ticket, visit) = World::with_ticket(12, 2);
    let (second, other) = world.new_ticket(&[0]);
    world.new_ticket(&[0]);
    world.settle();
    world.perform(0, ticket, Act::Accept { visit });
    world.sync(0);
    world.phones[0].kill();
    let backup = world.phones[0].back_up();
    world.note(0, ticket, "after the backup");
    world.phones[0].kill();
    let clone = world.clone_phone(0, cloned);
    world.perform(0, second, Act::Accept { visit: other });
    world.note(clone, second, "the copy sees it as well");
    world.note(clone, ticket, "and writes here");
    world.sync(clone);
    world.sync(0);
    world.perform(0, ticket, Act::Depart { visit, eta: None });
    world.sync(0);
    world.note(clone, ticket, "the copy goes on");
    world.sync(clone);
    world.restore_phone(0, &backup, restored);
    (world, clone)
}

#[test]
fn fault_012_both_copies_used_then_an_older_backup_over_the_first_ends_within_minutes() {
    for cloned in [InstallFile::Missing, InstallFile::Copied] {
        for restored in INSTALL_FILES {
            let (mut world, clone) = cloned_and_put_back(cloned, restored);
            let ticket = world.tickets[0];
            world.note(0, ticket, "after the restore");
            // Each command is a process of its own, and the next comes half a minute later.
            for _ in 0..4 {
                for n in [0, clone] {
                    world.sync(n);
                    world.phones[n].kill();
                }
                world.clock.pass(30_000);
            }
            for n in [0, clone] {
                let status = world.status(n);
                let told = (status.complete, status.saved_here);
                assert_eq!(told, (true, 0), "{cloned:?}, {restored:?}: phone {n}, {status:?}");
            }
            world.assert_healed();
        }
    }
}

#[test]
fn fault_012_copies_that_count_alike_do_not_stay_incomplete() {
    // The whole directory was copied, and both are used in turn: neither counter is ever behind.
    let (mut world, ticket, visit) = World::with_ticket(12, 2);
    world.new_ticket(&[0]);
    world.new_ticket(&[0]);
    world.perform(0, ticket, Act::Accept { visit });
    world.settle();
    world.phones[0].kill();
    let backup = world.phones[0].back_up();
    let clone = world.clone_phone(0, InstallFile::Copied);
    let work = |world: &mut World, round: usize| {
        for n in [0, clone] {
            world.note(n, world.tickets[round % 3], &format!("round {round}"));
            world.sync(n);
            world.phones[n].kill();
            world.clock.pass(20_000);
        }
    };
    let in_step = |world: &mut World| {
        for n in [0, clone, 0, clone] {
            world.sync(n);
            world.phones[n].kill();
        }
        for n in [0, clone] {
            let status = world.status(n);
            assert!(status.complete && status.saved_here == 0, "phone {n}: {status:?}");
        }
    };
    (0..4).for_each(|round| work(&mut world, round));
    in_step(&mut world);
    world.restore_phone(0, &backup, InstallFile::Copied);
    (4..6).for_each(|round| work(&mut world, round));
    in_step(&mut world);
    world.assert_healed();
}

/// Two copies of one phone at work in any order, an older backup over one of them, and more of the same; minutes apart.
fn copies_at_work(seed: u64, cloned: InstallFile, restored: InstallFile) -> (World, usize) {
    let (mut world, _, _) = World::with_ticket(seed, 2);
    world.new_ticket(&[0]);
    world.new_ticket(&[0]);
    world.settle();
    world.phones[0].kill();
    let backup = world.phones[0].back_up();
    world.note(0, world.tickets[0], "after the backup");
    world.phones[0].kill();
    let clone = world.clone_phone(0, cloned);
    for step in 0..24 {
        let n = if world.dice.per_mille(500) { 0 } else { clone };
        let ticket = *world.dice.pick(&world.tickets.clone()).expect("tickets");
        if world.dice.per_mille(500) {
            world.note(n, ticket, &format!("step {step}"));
        } else {
            world.sync(n);
        }
        world.phones[n].kill();
        world.clock.pass(20_000);
        if step == 14 {
            world.restore_phone(0, &backup, restored);
        }
    }
    (world, clone)
}

#[test]
fn fault_012_copies_of_one_phone_are_complete_within_minutes_whatever_they_did() {
    for seed in 0..COPIES_SEEDS {
        let cloned = [InstallFile::Missing, InstallFile::Copied][usize::from(seed % 2 == 0)];
        let restored = INSTALL_FILES[usize::try_from(seed % 3).expect("few")];
        let (mut world, clone) = copies_at_work(seed, cloned, restored);
        for _ in 0..5 {
            for n in [0, clone] {
                world.sync(n);
                world.phones[n].kill();
            }
            world.clock.pass(30_000);
        }
        for n in [0, clone] {
            let status = world.status(n);
            let told = (status.complete, status.saved_here);
            assert_eq!(
                told,
                (true, 0),
                "seed {seed}, {cloned:?}, {restored:?}: phone {n}, {status:?}"
            );
        }
        world.assert_healed();
    }
}
