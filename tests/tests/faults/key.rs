//! The device key is not what it was (18): said aloud, nothing is sent, and one code from HQ mends it.

use fieldline_engine::EngineError;
use fieldline_model::id::{OperationId, TicketId};
use fieldline_model::operation::{Act, Author};
use fieldline_tests::world::damage::Damage;
use fieldline_tests::world::network::NetFault;
use fieldline_tests::world::phone::{Done, InstallFile};
use fieldline_tests::world::sync::Synced;
use fieldline_tests::world::{World, cast};

const MERGED: &str = "SELECT count(*) FROM fate WHERE fate = 'merged' AND device IS NOT NULL";

/// A phone with an answered, an unanswered and an unsent operation, whose key is then damaged.
fn key_damaged() -> (World, TicketId, [OperationId; 3]) {
    let (mut world, ticket, visit) = World::with_ticket(18, 2);
    let answered = world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    world.sync(0);
    let unanswered = world.note(0, ticket, "sent, and the answer was lost");
    world.sync_with(0, NetFault::ReplyLost);
    let unsent = world.note(0, ticket, "not sent");
    assert!(world.damage(0, Damage::Key));
    (world, ticket, [answered, unanswered, unsent])
}

#[test]
fn fault_018_a_damaged_key_is_told_and_nothing_is_sent_under_another() {
    let (mut world, ticket, _) = key_damaged();
    let merged = world.count_at_hq(MERGED);
    let late = world.note(0, ticket, "saved all the same");
    for _ in 0..3 {
        assert_eq!(world.sync(0), Synced::Cut);
    }
    assert!(world.tally.of("phone.key_lost") > 0, "the fault fired");
    let refused = world.on(0, |engine, moment| engine.sync_next(moment));
    assert!(matches!(refused, Done::No(EngineError::KeyLost)));
    let status = world.status(0);
    assert!(status.must_enrol && status.enrolled);
    assert!(world.says(0, "key_lost"));
    let why: Vec<_> = status.waiting.iter().map(|line| line.why).collect();
    assert_eq!(why, ["sign_in"; 3]);
    assert_eq!(world.fate_on_phone(0, late).as_deref(), Some("saved"));
    assert_eq!(world.count_at_hq(MERGED), merged, "HQ heard nothing");
    let written_again = "SELECT count(*) FROM change WHERE state = 'left'";
    assert_eq!(
        world.count_on_phone(0, written_again),
        0,
        "nor was anything written again"
    );
}

#[test]
fn fault_018_a_new_code_brings_everything_to_hq_once() {
    let (mut world, ticket, operations) = key_damaged();
    let late = world.note(0, ticket, "saved before the code came");
    world.phones[0].kill();
    world.enrol(0);
    world.assert_healed();
    for id in operations.into_iter().chain([late]) {
        assert_eq!(world.fate_at_hq(id), Some(("merged".into(), None)));
    }
    assert_eq!(world.count_at_hq(MERGED), 4);
    let status = world.status(0);
    assert!(!status.must_enrol && !world.says(0, "key_lost"));
    assert_eq!((status.saved_here, status.at_hq), (0, 4));
    world.note(0, ticket, "and it goes on");
    world.assert_healed();
}

#[test]
fn fault_018_work_that_came_back_before_its_answer_gets_hqs_own_fate() {
    let (mut world, ticket, _) = World::with_ticket(18, 2);
    let note = world.note(0, ticket, "HQ has it and writes upon it");
    world.sync_with(0, NetFault::ReplyLost);
    let reply = Act::Note { text: "seen".into() };
    world
        .hq_does(Author::Staff(cast::dispatcher()), ticket, reply)
        .expect("legal");
    // The page brings HQ's note, which stands upon the phone's; the verdict does not come.
    world.tamper = Some(Box::new(|_, reply| reply.verdicts.clear()));
    world.sync(0);
    world.tamper = None;
    assert_eq!(world.fate_on_phone(0, note).as_deref(), Some("saved"));
    assert!(world.damage(0, Damage::Key));
    world.enrol(0);
    world.assert_healed();
    assert_eq!(world.fate_on_phone(0, note).as_deref(), Some("merged"));
    assert_eq!(world.count_at_hq(MERGED), 1);
}

/// With its key gone HQ did not know whose phone it was: a colleague's code was taken, the phone did not take the answer,
/// and from then on its own engineer's codes were refused for ever.
#[test]
fn fault_018_a_colleagues_code_is_not_used_up_and_the_right_one_still_mends() {
    let (mut world, ticket, operations) = key_damaged();
    let late = world.note(0, ticket, "saved before the code came");
    assert!(!world.try_enrol_as(0, cast::engineer(1)), "the wrong code");
    assert_eq!(
        world.count_at_hq("SELECT count(*) FROM device"),
        2,
        "no stray phone"
    );
    world.enrol(0);
    world.assert_healed();
    for id in operations.into_iter().chain([late]) {
        assert_eq!(world.fate_at_hq(id), Some(("merged".into(), None)));
    }
}

#[test]
fn fault_018_a_damaged_seal_costs_nothing_where_the_key_has_written() {
    let (mut world, ticket, _) = World::with_ticket(18, 2);
    world.note(0, ticket, "by a sound key");
    assert!(world.damage(0, Damage::KeySeal));
    // Before anybody enrols it again, as the world does where it is told to.
    assert!(!world.status(0).must_enrol && !world.says(0, "key_lost"));
    world.assert_healed();
    assert_eq!(world.count_at_hq(MERGED), 1);
}

#[test]
fn fault_018_copies_of_a_phone_without_a_key_become_phones_of_their_own() {
    let (mut world, ticket, operations) = key_damaged();
    assert!(world.status(0).must_enrol);
    world.phones[0].kill();
    let clone = world.clone_phone(0, InstallFile::Copied);
    for n in [0, clone] {
        world.enrol(n);
        world.note(n, ticket, "each under its own key");
    }
    world.assert_healed();
    assert_ne!(world.status(0).device, world.status(clone).device);
    assert_eq!(
        world.count_at_hq(MERGED),
        i64::try_from(operations.len()).expect("few") + 2
    );
}
