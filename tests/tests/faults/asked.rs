//! Parts that are asked for, and what HQ does about it beside giving what is free.

use fieldline_model::id::{OperationId, TicketId};
use fieldline_model::operation::{Act, Author};
use fieldline_tests::world::phone::Done;
use fieldline_tests::world::{World, cast};

const WAITING: &str = "SELECT coalesce(sum(quantity), 0) FROM part_request";

/// An engineer asks for more than there is, and HQ says no: he reads why, and does not wait any longer.
#[test]
fn a_request_that_hq_declines_is_told_to_the_engineer_with_its_reason() {
    let (mut world, ticket, _) = World::with_ticket(44, 1);
    let ask = Act::RequestPart {
        part: cast::parts()[0],
        quantity: 500,
        from: cast::warehouse(),
    };
    let asked = world.perform(0, ticket, ask).expect("it is saved");
    world.settle();
    assert_eq!(world.count_on_phone(0, WAITING), 500, "he waits");
    let note = OperationId::new(world.now(), world.dice.bytes());
    for _ in 0..2 {
        let by = Author::Staff(cast::dispatcher());
        let declined = world
            .hq
            .ask(async move |app| app.decline_request(by, asked, note, "停产了").await);
        declined.expect("up").expect("twice is once");
    }
    world.settle();
    assert_eq!(world.count_on_phone(0, WAITING), 0, "he does not wait any longer");
    let Done::Well(view) = world.on(0, |engine, moment| engine.ticket(ticket, moment)) else {
        panic!("the ticket is there");
    };
    let notes: Vec<_> = view
        .field
        .iter()
        .filter(|entry| entry.operation == note)
        .collect();
    assert_eq!(notes.len(), 1);
    assert!(format!("{:?}", notes[0]).contains("停产了"), "and reads why");
    world.assert_healed();
}

/// HQ reserves parts for a ticket without being asked: they are the engineer's, for that ticket.
#[test]
fn what_hq_reserves_for_a_ticket_is_granted_to_its_engineers_phone() {
    let (mut world, ticket, _) = World::with_ticket(44, 1);
    let operation = OperationId::new(world.now(), world.dice.bytes());
    for _ in 0..2 {
        let what = (cast::warehouse(), cast::parts()[0]);
        let reserved = world
            .hq
            .ask(async move |app| app.reserve(operation, (ticket, cast::engineer(0)), what, 2).await);
        reserved.expect("up").expect("twice is once");
    }
    world.settle();
    let granted = format!("SELECT coalesce(sum(remaining), 0) FROM stock_grant WHERE ticket = '{ticket}'");
    assert_eq!(world.count_on_phone(0, &granted), 2);
    world.assert_healed();
}

/// What his phone shows of parts for a ticket.
fn kept(world: &mut World, ticket: TicketId) -> Vec<(&'static str, i64)> {
    let Done::Well(view) = world.on(0, |engine, moment| engine.ticket(ticket, moment)) else {
        panic!("the ticket is there");
    };
    view.kept.iter().map(|kept| (kept.state, kept.quantity)).collect()
}

/// What was kept for a job that is over goes back to the others: its phone gives it back when it knows and has sent all. What
/// was asked for is not waited for any more.
#[test]
fn what_is_kept_for_a_ticket_that_is_over_is_free_again() {
    let (mut world, ticket, _) = World::with_ticket(44, 1);
    for quantity in [2, 500] {
        let ask = Act::RequestPart {
            part: cast::parts()[0],
            quantity,
            from: cast::warehouse(),
        };
        world.perform(0, ticket, ask).expect("it is saved");
    }
    world.settle();
    let granted = format!("SELECT coalesce(sum(remaining), 0) FROM stock_grant WHERE ticket = '{ticket}'");
    let held = format!("{granted} AND ended_at IS NULL");
    assert_eq!(
        (
            world.count_on_phone(0, &granted),
            world.count_on_phone(0, WAITING)
        ),
        (2, 500)
    );
    assert_eq!(world.count_at_hq(&held), 2);

    assert_eq!(kept(&mut world, ticket), [("reserved", 2), ("requested", 500)]);

    // He uses one without a network, and HQ cancels meanwhile.
    world.phones[0].offline = true;
    let used = Act::UsePart {
        part: cast::parts()[0],
        quantity: 1,
        from: cast::warehouse(),
    };
    world.perform(0, ticket, used).expect("it is saved");
    let by = Author::Staff(cast::dispatcher());
    let cancel = Act::Cancel {
        reason: "客户不要了".into(),
    };
    world.hq_does(by, ticket, cancel).expect("cancelled");
    // And asks for more, without knowing it.
    let late = Act::RequestPart {
        part: cast::parts()[0],
        quantity: 500,
        from: cast::warehouse(),
    };
    world.perform(0, ticket, late.clone()).expect("it is saved");
    assert_eq!(
        world.count_at_hq(&held),
        2,
        "nobody knows yet whether he used them"
    );
    world.phones[0].offline = false;
    world.settle();
    assert_eq!(world.count_at_hq(&held), 0);
    assert_eq!(
        world.count_at_hq("SELECT count(*) FROM stock_request WHERE done_at IS NULL"),
        0
    );
    assert_eq!(
        (
            world.count_on_phone(0, &granted),
            world.count_on_phone(0, WAITING)
        ),
        (0, 0)
    );

    assert_eq!(kept(&mut world, ticket), []);

    // Who knows that it is over is told at the tap.
    assert_eq!(world.perform(0, ticket, late), None);
    world.assert_healed();
}
