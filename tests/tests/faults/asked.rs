//! Parts that are asked for, and what HQ does about it beside giving what is free.

use fieldline_model::id::OperationId;
use fieldline_model::operation::Act;
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
        let by = fieldline_model::operation::Author::Staff(cast::dispatcher());
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
