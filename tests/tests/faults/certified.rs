//! HQ went back to before a phone was enrolled, and a colleague brings its work: HQ's own word for it, under a key that no
//! backup holds, travels along (56).

use fieldline_engine::Bug;
use fieldline_model::id::OperationId;
use fieldline_tests::world::{World, cast};

/// The phone that HQ will have forgotten, and who carries its work.
const FORGOTTEN: usize = 2;
const CARRIER: usize = 1;

fn merged() -> Option<(String, Option<String>)> {
    Some(("merged".into(), None))
}

fn is_known(world: &World) -> bool {
    let device = world.count_at_hq("SELECT count(*) FROM device");
    device > 2
}

/// A phone joins after HQ's backup, hands its work to a colleague, and HQ goes back.
fn forgotten(bug: Option<Bug>) -> (World, OperationId) {
    let mut world = World::new(56, 2);
    bug.into_iter().for_each(|bug| world.plant(CARRIER, bug));
    let (ticket, _) = world.new_ticket(&[0, 1]);
    world.settle();
    let backup = world.hq.back_up();
    world.add_phone(cast::engineer(0));
    world.phones[FORGOTTEN].offline = true;
    let note = world.note(FORGOTTEN, ticket, "请带回总部");
    assert_eq!(world.hand(FORGOTTEN, CARRIER).carried, 1);
    world.phones[CARRIER].offline = true;
    world.restore_hq(&backup);
    assert!(!is_known(&world), "HQ has forgotten it: the fault fired");
    world.phones[CARRIER].offline = false;
    for _ in 0..4 {
        world.sync(CARRIER);
    }
    (world, note)
}

#[test]
fn fault_056_a_colleague_carries_for_a_phone_that_hq_has_forgotten() {
    let (mut world, note) = forgotten(None);
    assert_eq!(
        world.fate_at_hq(note),
        merged(),
        "its certificate proves whose it is"
    );
    assert_eq!(world.status(CARRIER).carried, 0);
    let author = format!(
        "SELECT author = 'engineer:{}' FROM event WHERE operation = '{note}'",
        cast::engineer(0)
    );
    assert_eq!(world.count_at_hq(&author), 1, "in its author's name");
    assert!(is_known(&world), "and it can be seen and revoked");
    world.phones[FORGOTTEN].offline = false;
    world.assert_healed();
    assert_eq!(
        world.count_at_hq("SELECT count(*) FROM device"),
        3,
        "enrolled again it is one phone"
    );
}

/// It was lost: HQ, that went back, hears so again, and what a colleague still carries for it waits for a supervisor.
#[test]
fn fault_056_a_phone_known_again_can_be_revoked() {
    let (mut world, _) = forgotten(None);
    let ticket = world.tickets[0];
    let later = world.note(FORGOTTEN, ticket, "之后的记录");
    world.phones[CARRIER].offline = true;
    assert!(world.hand(FORGOTTEN, CARRIER).carried > 0);
    world.revoke(FORGOTTEN);
    world.phones[CARRIER].offline = false;
    world.sync(CARRIER);
    let held = world.hq.ask(async move |app| app.held(10).await);
    let held: Vec<OperationId> = held
        .expect("up")
        .expect("read")
        .into_iter()
        .map(|(id, _)| id)
        .collect();
    assert_eq!(held, [later]);
}

/// As an older app brings it. The defence is that the certificate travels.
#[test]
fn fault_056_what_is_brought_without_a_certificate_is_refused_and_found() {
    let (mut world, note) = forgotten(Some(Bug::CarriedUncertified));
    assert_eq!((world.fate_at_hq(note), is_known(&world)), (None, false));
    assert!(!world.heal_and_check().is_empty());
}
