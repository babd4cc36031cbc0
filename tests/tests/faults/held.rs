//! Work of a revoked phone that is enrolled again (39, 57): what HQ holds is told as held, whatever the phone is since.

use fieldline_model::id::{OperationId, TicketId, VisitId};
use fieldline_model::operation::{Act, Author};
use fieldline_tests::world::{World, cast};

/// A step and a note that HQ holds; the phone was enrolled again since, and the app started anew.
fn held() -> (World, TicketId, VisitId, [OperationId; 2]) {
    let (mut world, ticket, visit) = World::with_ticket(39, 2);
    world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    world.sync(0);
    let step = world
        .perform(0, ticket, Act::Depart { visit, eta: None })
        .expect("legal");
    let note = world.note(0, ticket, "what I found there");
    let device = world.status(0).device.expect("it is enrolled");
    let revoked = world.hq.ask(async move |app| app.revoke(device).await);
    assert!(revoked.expect("up").expect("read"));
    world.sync(0);
    world.phones[0].kill();
    assert_eq!(waits(&mut world), ["held", "held"]);
    world.enrol(0);
    world.phones[0].kill();
    (world, ticket, visit, [step, note])
}

fn waits(world: &mut World) -> Vec<&'static str> {
    let waiting = world.status(0).waiting;
    waiting.iter().map(|line| line.why).collect()
}

fn adopt(world: &mut World, operation: OperationId) {
    let supervisor = cast::dispatcher();
    let adopted = world
        .hq
        .ask(async move |app| app.adopt(operation, supervisor).await);
    adopted.expect("up").expect("adopted");
}

#[test]
fn fault_039_what_hq_holds_is_told_as_held_after_the_phone_is_enrolled_again() {
    let (mut world, _, _, _) = held();
    assert!(!world.status(0).revoked);
    assert_eq!(waits(&mut world), ["held", "held"], "enrolled again, not synced");
    world.sync(0);
    world.phones[0].kill();
    assert_eq!(
        waits(&mut world),
        ["held", "held"],
        "synced, and the app started anew"
    );
}

#[test]
fn fault_039_work_upon_what_hq_holds_waits_and_says_so() {
    let (mut world, ticket, visit, [step, note]) = held();
    let arrive = Act::Arrive {
        visit,
        position: None,
    };
    let arrived = world.perform(0, ticket, arrive).expect("legal by what he sees");
    for _ in 0..4 {
        world.sync(0);
        world.phones[0].kill();
        assert_eq!(waits(&mut world), ["held", "held", "behind_held"]);
    }
    assert!(!world.says(0, "not_recognised") && !world.says(0, "damage_mended"));
    adopt(&mut world, step);
    adopt(&mut world, note);
    world.assert_healed();
    for id in [step, note, arrived] {
        assert_eq!(world.fate_at_hq(id), Some(("merged".into(), None)));
    }
    let phase = world
        .state_at_hq(ticket)
        .and_then(|state| Some(state.visits.get(&visit)?.phase.word()));
    assert_eq!(phase, Some("arrived"));
}

#[test]
fn fault_039_a_phone_enrolled_again_shows_what_hq_decided_meanwhile() {
    let (mut world, ticket, visit, [step, note]) = held();
    adopt(&mut world, note);
    let supervisor = cast::dispatcher();
    let declined = world
        .hq
        .ask(async move |app| app.decline_held(step, supervisor).await);
    declined.expect("up").expect("declined");
    world.sync(0);
    assert_eq!(world.fate_on_phone(0, note).as_deref(), Some("merged"));
    assert_eq!(world.fate_on_phone(0, step).as_deref(), Some("refused"));
    let shown = "SELECT phase = 'accepted' FROM ticket_row";
    assert_eq!(world.count_on_phone(0, shown), 1, "the step does not count");
    let cards: Vec<_> = world.status(0).cards.into_iter().map(|card| card.code).collect();
    assert_eq!(cards, ["not_adopted"]);
    world
        .perform(0, ticket, Act::Depart { visit, eta: None })
        .expect("once more");
    world.assert_healed();
}

/// Its own phone writes it again upon what HQ wrote meanwhile. That is no reason to doubt the phone's clock.
#[test]
fn fault_039_what_its_phone_brings_itself_after_a_decision_keeps_its_time() {
    let (mut world, ticket, _, [step, note]) = held();
    world.clock.pass(60 * 60 * 1_000);
    let text = "written at HQ an hour later".into();
    let hq = Author::Staff(cast::dispatcher());
    let written = world.hq_does(hq, ticket, Act::Note { text });
    let written = written.expect("HQ writes").operation;
    world.sync(0);
    world.sync(0);
    adopt(&mut world, step);
    world.assert_healed();
    assert_eq!(world.fate_at_hq(note), Some(("merged".into(), None)));
    let clamped =
        format!("SELECT count(*) FROM event WHERE operation IN ('{step}', '{note}') AND clamped = 1");
    assert_eq!(world.count_at_hq(&clamped), 0);
    let earlier = format!(
        "SELECT count(*) FROM event n, event w WHERE n.operation = '{note}' AND w.operation = '{written}' AND n.at < w.at"
    );
    assert_eq!(world.count_at_hq(&earlier), 1);
}
