//! Rows of grants and counts that somebody damaged: a check of the record names each.

use std::path::Path;

use fieldline_model::id::OperationId;
use fieldline_server::check::{Finding, Wrong};
use fieldline_tests::world::check::look;
use fieldline_tests::world::{World, cast};

fn found(world: &mut World) -> Vec<Finding> {
    let report = world.hq.ask(async move |app| app.check(false).await);
    report.expect("up").expect("readable").findings
}

/// A company whose vans are granted to its phones, and one of them counted.
fn company() -> World {
    let (mut world, _, _) = World::with_ticket(44, 1);
    let operation = OperationId::new(world.now(), world.dice.bytes());
    let (van, part) = (cast::van(0), cast::parts()[0]);
    let counted = world
        .hq
        .ask(async move |app| app.set_stock(van, part, 4, operation).await);
    counted.expect("up").expect("booked");
    world.settle();
    world
}

#[test]
fn a_check_names_what_is_wrong_with_grants_and_counts() {
    assert_eq!(found(&mut company()), []);
    let place = format!("{}/{}", cast::van(0), cast::parts()[0]);
    let of_place = format!("location || '/' || part = '{place}' AND ended_at IS NULL");
    let grant = "PRAGMA ignore_check_constraints = ON; UPDATE stock_grant SET";
    let damages = [
        (
            Wrong::HeldBeyond,
            format!("{grant} remaining = 9 WHERE {of_place}"),
        ),
        (
            Wrong::GrantBelowZero,
            format!("{grant} remaining = -1 WHERE {of_place}"),
        ),
        (
            Wrong::GrantOfNothing,
            format!("{grant} device = '00000000000000000000000001' WHERE {of_place}"),
        ),
        (
            Wrong::GrantOfNothing,
            format!("INSERT INTO stock_grant SELECT '00000000000000000000000002', device, install, engineer, location,
                '00000000000000000000000003', NULL, NULL, 0, until, serial - 1000, NULL
                FROM stock_grant WHERE {of_place}"),
        ),
        (
            Wrong::GrantAhead,
            format!("{grant} serial = 999999 WHERE {of_place}"),
        ),
        (
            Wrong::NothingMissing,
            format!("INSERT INTO discrepancy SELECT 'x', location, part, engineer, 'lowered', 1, 999999, 1, NULL
                FROM stock_grant WHERE {of_place}"),
        ),
        (
            Wrong::Counted,
            "UPDATE movement SET counted = counted + 1 WHERE counted IS NOT NULL".into(),
        ),
        (
            Wrong::RequestTwice,
            format!("UPDATE stock_grant SET request = '00000000000000000000000004' WHERE {of_place};
                INSERT INTO stock_request SELECT request, 'x', device, engineer, location, part, 1, 1, NULL
                FROM stock_grant WHERE request IS NOT NULL"),
        ),
    ];
    for (what, damage) in damages {
        let mut world = company();
        let path = world.hq.db().path().expect("a file").to_owned();
        look(Path::new(&path))
            .execute_batch(&damage)
            .expect("it is damaged");
        let named: Vec<Wrong> = found(&mut world)
            .into_iter()
            .map(|finding| finding.what)
            .collect();
        assert_eq!(named, [what], "{damage}");
    }
}
