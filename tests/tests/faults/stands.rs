//! FAULTS, healing: what a phone's own copy stands on when it is not what HQ would think (20, 59). The ticket came and left
//! again between two of its pages, the phone was put back, a copy of it wrote as well, or HQ has its work otherwise.

use fieldline_engine::FaultPoint;
use fieldline_model::id::{OperationId, TicketId, VisitId};
use fieldline_model::operation::{Act, Author};
use fieldline_server::app::Bug as ServerBug;
use fieldline_tests::world::check::look;
use fieldline_tests::world::phone::InstallFile;
use fieldline_tests::world::{World, cast};

fn holds(world: &World, id: OperationId) -> bool {
    world.count_at_hq(&format!("SELECT count(*) FROM event WHERE operation = '{id}'")) == 1
}

fn hq(world: &mut World, ticket: TicketId, act: Act) -> OperationId {
    let done = world.hq_does(Author::Staff(cast::dispatcher()), ticket, act);
    done.expect("HQ may").operation
}

fn nth(n: u8) -> VisitId {
    VisitId::from_bytes([n; 16])
}

/// Gives the ticket to another engineer.
fn reassign(world: &mut World, ticket: TicketId, from: VisitId, visit: VisitId, to: usize) -> OperationId {
    let act = Act::Reassign {
        from,
        visit,
        to: vec![cast::engineer(to)],
        plan: None,
    };
    hq(world, ticket, act)
}

/// HQ took the ticket away, gave it back and took it away again, all between two pages of the phone. Of the time between it
/// was told nothing, and only it heard of the first.
fn came_and_left_again(own_work: bool, bugs: &[ServerBug]) -> (World, OperationId) {
    let (mut world, ticket, visit) = World::with_ticket(59, 2);
    bugs.iter().for_each(|bug| world.hq.plant(*bug));
    let backup = world.hq.back_up();
    if own_work {
        world.note(0, ticket, "unsent");
    }
    let taken_away = reassign(&mut world, ticket, visit, nth(1), 1);
    let text = "the phone is never told of this".into();
    hq(&mut world, ticket, Act::Note { text });
    reassign(&mut world, ticket, nth(1), nth(2), 0);
    reassign(&mut world, ticket, nth(2), nth(3), 1);
    world.sync(0);
    world.restore_hq(&backup);
    assert!(!holds(&world, taken_away), "it went back: the fault fired");
    (world, taken_away)
}

#[test]
fn fault_059_what_took_a_ticket_away_comes_back_though_it_came_and_left_once_more() {
    for own_work in [false, true] {
        let (mut world, taken_away) = came_and_left_again(own_work, &[]);
        world.sync(0);
        assert!(holds(&world, taken_away), "{own_work}");
        world.assert_healed();
    }
}

#[test]
fn fault_059_what_took_a_ticket_away_and_nothing_proves_is_lost() {
    let (mut world, taken_away) = came_and_left_again(true, &[ServerBug::StandsUnsaid]);
    assert!(!world.heal_and_check().is_empty());
    assert!(!holds(&world, taken_away));
}

/// A copy of the phone writes on a ticket that has left it; HQ must not think that the phone itself holds that.
#[test]
fn fault_059_what_took_a_ticket_away_comes_back_though_a_copy_of_the_phone_wrote_as_well() {
    let (mut world, ticket, visit) = World::with_ticket(59, 2);
    let clone = world.clone_phone(0, InstallFile::Copied);
    world.settle();
    let backup = world.hq.back_up();
    let taken_away = reassign(&mut world, ticket, visit, nth(1), 1);
    world.note(0, ticket, "unsent on the phone");
    world.note(clone, ticket, "unsent on its copy");
    world.sync(clone);
    world.sync(0);
    // The copy does not come again.
    world.phones[clone].offline = true;
    world.restore_hq(&backup);
    world.sync(0);
    assert!(holds(&world, taken_away));
    world.phones[clone].offline = false;
    world.assert_healed();
}

/// The phone was put back to where it stood before, and with it went work that HQ has.
#[test]
fn fault_059_what_took_a_ticket_away_comes_back_though_the_phone_was_put_back() {
    for install in [InstallFile::Kept, InstallFile::Copied, InstallFile::Missing] {
        let (mut world, ticket, visit) = World::with_ticket(59, 2);
        let backup = world.hq.back_up();
        world.phones[0].kill();
        let copy = world.phones[0].back_up();
        world.note(0, ticket, "lost with the phone");
        let taken_away = reassign(&mut world, ticket, visit, nth(1), 1);
        world.dies_at(0, FaultPoint::VerdictsAfterCommit, 0);
        world.sync(0);
        assert_eq!(world.deaths(0), [FaultPoint::VerdictsAfterCommit]);
        world.restore_phone(0, &copy, install);
        world.note(0, ticket, "since");
        world.sync(0);
        world.restore_hq(&backup);
        world.sync(0);
        assert!(holds(&world, taken_away), "{install:?}");
        world.assert_healed();
    }
}

/// HQ and a copy of the phone went back, and the copy wrote in the place of what the phone holds. HQ wrote that again
/// itself, and the ticket has left: the phone's copy holds it as HQ's never will, and new work must not stand on it.
#[test]
fn fault_020_work_upon_what_hq_has_otherwise_reaches_hq() {
    let (mut world, ticket, visit) = World::with_ticket(20, 2);
    world.settle();
    let backup = world.hq.back_up();
    let clone = world.clone_phone(0, InstallFile::Copied);
    let before = world.note(0, ticket, "HQ wrote it again");
    world.sync(0);
    world.restore_hq(&backup);
    let instead = world.note(clone, ticket, "in its place");
    world.sync(clone);
    reassign(&mut world, ticket, visit, nth(1), 1);
    let upon = world.note(0, ticket, "upon it");
    world.assert_healed();
    for id in [before, instead, upon] {
        assert!(holds(&world, id), "{id}");
    }
}

/// As before, of work that HQ's receipt does not cover: the phone offers it as it stands, and its place is taken.
#[test]
fn fault_020_work_whose_place_a_copy_of_the_phone_took_reaches_hq() {
    let (mut world, ticket, visit) = World::with_ticket(20, 2);
    world.settle();
    let backup = world.hq.back_up();
    let clone = world.clone_phone(0, InstallFile::Copied);
    let before = world.note(0, ticket, "not covered");
    reassign(&mut world, ticket, visit, nth(1), 1);
    world.sync(0);
    let db = look(&world.phones[0].db());
    db.execute_batch("UPDATE doc SET receipt = NULL, vouched = NULL; DELETE FROM receipt;")
        .expect("no proofs");
    world.restore_hq(&backup);
    let instead = world.note(clone, ticket, "in its place");
    world.sync(clone);
    reassign(&mut world, ticket, visit, nth(2), 1);
    world.assert_healed();
    for id in [before, instead] {
        assert!(holds(&world, id), "{id}");
    }
}
