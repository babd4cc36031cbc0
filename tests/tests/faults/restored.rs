//! Copies of a phone's files: put back on the same phone (11), or onto a second one (12).

use fieldline_engine::Bug;
use fieldline_model::operation::Act;
use fieldline_tests::world::World;
use fieldline_tests::world::phone::InstallFile;

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
