//! Parts that were used before somebody counted, and of which HQ hears after it: the count has seen them, so they are not
//! taken from it a second time.

use fieldline_model::id::{LocationId, OperationId, TicketId};
use fieldline_model::operation::Act;
use fieldline_model::row::{Row, Stock};
use fieldline_server::app::Bug as ServerBug;
use fieldline_tests::world::clock::Lie;
use fieldline_tests::world::{World, cast};

const HOUR_MS: i64 = 60 * 60 * 1_000;
const ALL: i64 = 5;

fn act(world: &mut World, ticket: TicketId, act: Act) -> OperationId {
    let id = world.perform(0, ticket, act).expect("it is always saved");
    world.clock.pass(HOUR_MS);
    id
}

fn takes(quantity: u32) -> Act {
    Act::UsePart {
        part: cast::parts()[0],
        quantity,
        from: cast::van(0),
    }
}

fn counts(world: &mut World, place: LocationId, quantity: i64) {
    let operation = OperationId::new(world.now(), world.dice.bytes());
    let part = cast::parts()[0];
    let counted = world
        .hq
        .ask(async move |app| app.set_stock(place, part, quantity, operation).await);
    counted.expect("it runs").expect("it is booked");
    world.clock.pass(HOUR_MS);
}

/// How many lie there, how many are held, and how many discrepancies are open.
fn there(world: &World, place: LocationId) -> (i64, i64, i64) {
    let part = cast::parts()[0];
    let of = |table, what, open| {
        let sql =
            format!("SELECT coalesce({what}, 0) FROM {table} WHERE location = '{place}' AND part = '{part}'");
        world.count_at_hq(&format!("{sql} AND {open}"))
    };
    (
        of("stock", "sum(quantity)", "1"),
        of("stock_grant", "sum(remaining)", "ended_at IS NULL"),
        of("discrepancy", "count(*)", "settled_at IS NULL"),
    )
}

/// How many parts the lines of the ledger take back out because a count had seen them.
fn seen(world: &World) -> i64 {
    world.count_at_hq("SELECT coalesce(sum(abs(quantity)), 0) FROM movement WHERE seen_by IS NOT NULL")
}

/// The engineer takes two without a network, a keeper counts the three that are left, and then the phone comes.
fn counted_meanwhile(bug: Option<ServerBug>, lie: Lie) -> (World, TicketId, OperationId) {
    let (mut world, ticket, _) = World::with_ticket(44, 2);
    bug.into_iter().for_each(|bug| world.hq.plant(bug));
    world.phones[0].offline = true;
    world.phones[0].watch.lie = lie;
    let used = act(&mut world, ticket, takes(2));
    counts(&mut world, cast::van(0), ALL - 2);
    assert_eq!(
        there(&world, cast::van(0)).0,
        3,
        "HQ has not heard of them: the fault fired"
    );
    world.phones[0].offline = false;
    (world, ticket, used)
}

#[test]
fn fault_044_used_before_a_count_and_sent_after_it() {
    let (mut world, ticket, used) = counted_meanwhile(None, Lie::Off(0));
    world.assert_healed();
    assert_eq!(world.fate_at_hq(used), Some(("merged".into(), None)));
    assert_eq!(
        there(&world, cast::van(0)),
        (3, 3, 0),
        "the count had seen them, and the three are granted"
    );
    assert_eq!(seen(&world), 2, "and says so");
    let line = format!("SELECT quantity FROM movement WHERE operation = '{used}'");
    assert_eq!(world.count_at_hq(&line), -2, "the use is a line all the same");
    world.phones[0].offline = true;
    let after = act(&mut world, ticket, takes(1));
    world.phones[0].offline = false;
    world.assert_healed();
    assert_eq!(world.fate_at_hq(after), Some(("merged".into(), None)));
    assert_eq!(
        there(&world, cast::van(0)),
        (2, 2, 0),
        "what is used after the count is taken from it"
    );
    assert_eq!(seen(&world), 2);
}

#[test]
fn fault_044_a_count_that_sees_nothing_takes_them_twice() {
    let (mut world, _, _) = counted_meanwhile(Some(ServerBug::CountSeesNothing), Lie::Off(0));
    assert!(!world.heal_and_check().is_empty());
    assert_eq!(there(&world, cast::van(0)).0, 1, "one of three that lie there");
}

/// Nobody can say whether a phone whose clock is wrong used them before or after: never sold twice comes first.
#[test]
fn fault_044_a_clock_that_cannot_be_right_proves_nothing_before_a_count() {
    for lie in [Lie::Off(-60 * 365 * 24 * HOUR_MS), Lie::Off(30 * HOUR_MS)] {
        let (mut world, _, used) = counted_meanwhile(None, lie);
        world.assert_healed();
        let clamped = format!("SELECT clamped FROM event WHERE operation = '{used}'");
        assert_eq!(
            world.count_at_hq(&clamped),
            1,
            "HQ sees that it is wrong: the fault fired"
        );
        assert_eq!((there(&world, cast::van(0)).0, seen(&world)), (1, 0), "{lie:?}");
    }
}

/// A part goes from van to van; only the second van is counted before HQ hears of it.
#[test]
fn fault_095_a_count_sees_its_own_side_of_a_transfer() {
    let (mut world, ticket, _) = World::with_ticket(95, 2);
    world.phones[0].offline = true;
    let give = Act::TransferPart {
        part: cast::parts()[0],
        quantity: 2,
        from: cast::van(0),
        to: cast::van(1),
    };
    act(&mut world, ticket, give);
    counts(&mut world, cast::van(1), ALL + 2);
    world.phones[0].offline = false;
    world.assert_healed();
    assert_eq!(there(&world, cast::van(0)), (3, 3, 0), "here nobody counted");
    assert_eq!(there(&world, cast::van(1)), (7, 7, 0), "there it was seen");
}

/// Held work comes long after the engineer's next phone was granted what the count found.
#[test]
fn fault_086_what_a_count_had_seen_is_not_taken_from_what_was_granted_after_it() {
    let (mut world, ticket, _) = World::with_ticket(86, 1);
    world.phones[0].offline = true;
    let used = act(&mut world, ticket, takes(4));
    world.revoke(0);
    counts(&mut world, cast::van(0), 1);
    world.add_phone(cast::engineer(0));
    assert_eq!(there(&world, cast::van(0)), (1, 1, 0), "granted to the new phone");
    world.phones[0].offline = false;
    world.sync(0);
    let supervisor = cast::dispatcher();
    let adopted = world.hq.ask(async move |app| app.adopt(used, supervisor).await);
    adopted.expect("up").expect("taken over");
    assert_eq!((there(&world, cast::van(0)), seen(&world)), ((1, 1, 0), 4));
    world.assert_healed();
}

/// More goes to the other van than lies in the own one, and the own one is counted meanwhile or thereafter.
fn gives_too_many(counted_first: bool) -> (World, OperationId) {
    let (mut world, ticket, _) = World::with_ticket(44, 2);
    world.phones[0].offline = true;
    let give = Act::TransferPart {
        part: cast::parts()[0],
        quantity: 8,
        from: cast::van(0),
        to: cast::van(1),
    };
    let given = act(&mut world, ticket, give);
    if counted_first {
        counts(&mut world, cast::van(0), 0);
    }
    world.phones[0].offline = false;
    world.assert_healed();
    assert_eq!(
        world.fate_at_hq(given),
        Some(("merged".into(), None)),
        "it is a fact"
    );
    (world, given)
}

fn said(world: &World, place: LocationId) -> i64 {
    let sql = format!("SELECT coalesce(sum(quantity), 0) FROM discrepancy WHERE location = '{place}'");
    world.count_at_hq(&format!("{sql} AND settled_at IS NULL"))
}

/// It is told as a use of too many is. A count of the van ended that, and three parts that nobody ever had lay in the other one
/// without a word.
#[test]
fn fault_044_a_transfer_of_too_many_is_told_on_both_sides_until_each_is_counted() {
    let (mut world, _) = gives_too_many(false);
    assert_eq!(there(&world, cast::van(0)), (-3, 0, 1));
    assert_eq!(there(&world, cast::van(1)), (13, 13, 1));
    assert_eq!([0, 1].map(|n| said(&world, cast::van(n))), [3, 3]);
    counts(&mut world, cast::van(0), 0);
    assert_eq!(there(&world, cast::van(0)), (0, 0, 0), "who counts has seen it");
    assert_eq!(
        said(&world, cast::van(1)),
        3,
        "and has not looked into the other van"
    );
    world.assert_healed();
    counts(&mut world, cast::van(1), 10);
    assert_eq!(there(&world, cast::van(1)).2, 0);
    world.assert_healed();
}

/// An import sets the figure, and nobody looked into the van for it.
#[test]
fn fault_044_an_import_explains_nothing_of_what_came_from_nowhere() {
    let (mut world, _) = gives_too_many(true);
    let set = Row::Stock(Stock {
        location: cast::van(1),
        part: cast::parts()[0],
        quantity: 14,
    });
    let put = world.hq.ask(async move |app| app.put_row(set).await);
    put.expect("up").expect("taken");
    assert_eq!(said(&world, cast::van(1)), 3, "until somebody counts there");
    counts(&mut world, cast::van(1), 14);
    assert_eq!(said(&world, cast::van(1)), 0);
    world.assert_healed();
}

/// Of a van that was counted before HQ heard of the transfer, the ledger said nothing at all.
#[test]
fn fault_044_a_transfer_of_more_than_a_count_missed_is_told_where_it_came_to() {
    let (mut world, _) = gives_too_many(true);
    assert_eq!(there(&world, cast::van(0)), (0, 0, 0), "who counted had seen it");
    assert_eq!(said(&world, cast::van(1)), 3, "five can have come from there");
    counts(&mut world, cast::van(1), 10);
    assert_eq!(said(&world, cast::van(1)), 0);
    world.assert_healed();
}

/// What was missing turns up at the place it was taken from: then all of it has come from there.
#[test]
fn fault_044_a_transfer_of_too_many_is_explained_on_both_sides_by_what_comes_later() {
    let (mut world, _) = gives_too_many(false);
    assert_eq!([0, 1].map(|n| said(&world, cast::van(n))), [3, 3]);
    let ticket = world.new_ticket(&[1]).0;
    world.settle();
    let back = Act::TransferPart {
        part: cast::parts()[0],
        quantity: 4,
        from: cast::van(1),
        to: cast::van(0),
    };
    world.perform(1, ticket, back).expect("saved");
    world.assert_healed();
    assert_eq!([0, 1].map(|n| said(&world, cast::van(n))), [0, 0]);
}
