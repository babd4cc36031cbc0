//! A van is given to another engineer while the phone of the one before holds its stock, and has used some of it unsent (86).

use fieldline_model::id::{LocationId, OperationId, TicketId};
use fieldline_model::operation::Act;
use fieldline_model::row::Row;
use fieldline_tests::world::{World, cast};

const ALL: i64 = 5;

/// HQ writes down who drives which van.
fn drives(world: &mut World, n: usize, van: Option<LocationId>) {
    let row = cast::rows(2).into_iter().find_map(|row| match row {
        Row::Engineer(row) if row.id == cast::engineer(n) => {
            Some(Row::Engineer(fieldline_model::row::Engineer { van, ..row }))
        }
        _ => None,
    });
    let row = row.expect("he is in the cast");
    let put = world.hq.ask(async move |app| app.put_row(row).await);
    put.expect("up").expect("written");
}

fn takes(world: &mut World, n: usize, ticket: TicketId, quantity: u32) -> OperationId {
    let act = Act::UsePart {
        part: cast::parts()[0],
        quantity,
        from: cast::van(0),
    };
    world.perform(n, ticket, act).expect("a use is always saved")
}

/// How many lie in the van, how many are held, how many are missing.
fn there(world: &World) -> (i64, i64, i64) {
    let of = |table, what, open| {
        let sql = format!(
            "SELECT coalesce({what}, 0) FROM {table} WHERE location = '{}' AND part = '{}' AND {open}",
            cast::van(0),
            cast::parts()[0]
        );
        world.count_at_hq(&sql)
    };
    (
        of("stock", "sum(quantity)", "1"),
        of("stock_grant", "sum(remaining)", "ended_at IS NULL"),
        of("discrepancy", "count(*)", "settled_at IS NULL"),
    )
}

/// How many phone `n` believes to have alone in that van.
fn has(world: &World, n: usize, doubt: bool) -> i64 {
    let sql = format!(
        "SELECT coalesce(sum(remaining), 0) FROM stock_grant WHERE location = '{}' AND part = '{}' AND in_doubt = {doubt}",
        cast::van(0),
        cast::parts()[0]
    );
    world.count_on_phone(n, &sql)
}

/// The first engineer is without a network and has used two; the second drives his van from now on.
fn handed_over() -> (World, TicketId, TicketId) {
    let (mut world, first, _) = World::with_ticket(86, 2);
    let (second, _) = world.new_ticket(&[1]);
    world.settle();
    assert_eq!(has(&world, 0, false), ALL);
    world.phones[0].offline = true;
    takes(&mut world, 0, first, 2);
    drives(&mut world, 0, None);
    drives(&mut world, 1, Some(cast::van(0)));
    world.sync(1);
    world.sync(1);
    assert_eq!(
        has(&world, 1, false),
        0,
        "nobody knows what is left: the fault fired"
    );
    (world, first, second)
}

#[test]
fn fault_086_a_vans_stock_goes_to_its_next_driver_when_the_one_before_has_come() {
    let (mut world, first, second) = handed_over();
    takes(&mut world, 1, second, 1);
    world.sync(1);
    assert_eq!(
        there(&world),
        (4, 4, 0),
        "it came out of the van, so out of what is in doubt there"
    );
    world.phones[0].offline = false;
    world.sync(0);
    assert_eq!(has(&world, 0, true), 2, "told that it is in doubt");
    world.phones[0].offline = true;
    takes(&mut world, 0, first, 1);
    world.sync(1);
    assert_eq!(
        has(&world, 1, false),
        0,
        "what he used since he was told is not at HQ"
    );
    world.phones[0].offline = false;
    world.assert_healed();
    assert_eq!(
        there(&world),
        (1, 1, 0),
        "three and one were used, and nothing is missing"
    );
    assert_eq!((has(&world, 0, true), has(&world, 1, false)), (0, 1));
}

#[test]
fn fault_086_a_vans_stock_goes_to_its_next_driver_when_somebody_counts() {
    let (mut world, _, _) = handed_over();
    let operation = OperationId::new(world.now(), world.dice.bytes());
    let (van, part) = (cast::van(0), cast::parts()[0]);
    let counted = world
        .hq
        .ask(async move |app| app.set_stock(van, part, 3, operation).await);
    counted.expect("up").expect("booked");
    world.sync(1);
    assert_eq!((has(&world, 1, false), there(&world)), (3, (3, 3, 0)));
}

/// He gets it back before he has given it up: it is his as before.
#[test]
fn fault_086_a_van_that_comes_back_is_its_drivers_again() {
    let (mut world, _, _) = handed_over();
    drives(&mut world, 1, Some(cast::van(1)));
    drives(&mut world, 0, Some(cast::van(0)));
    world.phones[0].offline = false;
    world.assert_healed();
    assert_eq!((has(&world, 0, false), there(&world)), (3, (3, 3, 0)));
}
