//! Reference rows (99, 100): a ticket brings its customer, site and machine, however old their rows are; what says nothing
//! new costs the field nothing.

use fieldline_model::id::{AssetId, CustomerId, SiteId, TicketId};
use fieldline_model::operation::{Act, Author, TicketFacts};
use fieldline_model::row::{Asset, Customer, Row, Site};
use fieldline_tests::world::phone::Done;
use fieldline_tests::world::sync::Synced;
use fieldline_tests::world::{World, cast};

fn customer() -> CustomerId {
    CustomerId::from_bytes([0x51; 16])
}

fn site() -> SiteId {
    SiteId::from_bytes([0x52; 16])
}

fn asset() -> AssetId {
    AssetId::from_bytes([0x53; 16])
}

/// The first row of the cast that is of this kind.
fn one<T>(pick: impl Fn(Row) -> Option<T>) -> T {
    cast::rows(0)
        .into_iter()
        .find_map(pick)
        .expect("the cast has one")
}

fn rows() -> Vec<Row> {
    let of_customer = one(|row| match row {
        Row::Customer(row) => Some(row),
        _ => None,
    });
    let of_site = one(|row| match row {
        Row::Site(row) => Some(row),
        _ => None,
    });
    let of_asset = one(|row| match row {
        Row::Asset(row) => Some(row),
        _ => None,
    });
    vec![
        Row::Customer(Customer {
            id: customer(),
            name: "老客户".into(),
            ..of_customer
        }),
        Row::Site(Site {
            id: site(),
            customer: customer(),
            address: "弄堂口 1 号".into(),
            ..of_site
        }),
        Row::Asset(Asset {
            id: asset(),
            site: site(),
            serial: "SN-OLD".into(),
            ..of_asset
        }),
    ]
}

fn import(world: &mut World, rows: Vec<Row>) -> usize {
    let put = world.hq.ask(async move |app| app.put_rows(rows).await);
    put.expect("up").expect("rows are written")
}

/// HQ takes in a ticket that names only the machine, and offers it to the first engineer.
fn ticket_for_the_machine(world: &mut World) -> TicketId {
    let facts = TicketFacts {
        customer: None,
        contact: None,
        site: None,
        asset: Some(asset()),
        ..cast::facts(90)
    };
    let by = Author::Staff(cast::dispatcher());
    let ticket = world.hq.ask(async move |app| app.create_ticket(by, facts).await);
    let ticket = ticket.expect("up").expect("a ticket");
    world.tickets.push(ticket);
    world.offer(ticket, vec![cast::engineer(0)]).expect("offered");
    ticket
}

/// What the first engineer's screen says of the machine, where it stands and whose it is.
fn shown(world: &mut World, ticket: TicketId) -> [Option<String>; 3] {
    let Done::Well(view) = world.on(0, |engine, moment| engine.ticket(ticket, moment)) else {
        panic!("the ticket is there");
    };
    [
        view.asset.map(|asset| asset.serial),
        view.site.map(|site| site.address),
        view.customer.map(|customer| customer.name),
    ]
}

fn all() -> [Option<String>; 3] {
    ["SN-OLD", "弄堂口 1 号", "老客户"].map(|text| Some(text.to_owned()))
}

/// Fails where a ticket that enters brings only rows newer than the cursor.
#[test]
fn fault_099_ticket_enters_its_asset_row_is_older_than_the_cursor() {
    let (mut world, _, _) = World::with_ticket(99, 2);
    assert!(import(&mut world, rows()) > 0);
    let written = world.count_at_hq("SELECT max(seq) FROM row WHERE kind = 'asset'");
    world.new_ticket(&[0]);
    world.settle();
    assert!(
        world.count_on_phone(0, "SELECT seq FROM cursor") > written,
        "the phone is past it"
    );
    let held = format!("SELECT count(*) FROM \"row\" WHERE id = '{}'", asset());
    assert_eq!(
        world.count_on_phone(0, &held),
        0,
        "and was not told: no ticket of his reached it"
    );
    let ticket = ticket_for_the_machine(&mut world);
    assert!(matches!(world.sync(0), Synced::Through { .. }));
    assert_eq!(shown(&mut world, ticket), all());
    world.assert_healed();
}

/// The other way round: the ticket was taken in by telephone, and the machine's data is imported at night.
#[test]
fn fault_099_ticket_is_there_before_its_asset_row() {
    let (mut world, _, _) = World::with_ticket(99, 2);
    let ticket = ticket_for_the_machine(&mut world);
    world.settle();
    assert_eq!(shown(&mut world, ticket), [None, None, None]);
    assert!(import(&mut world, rows()) > 0);
    world.settle();
    assert_eq!(shown(&mut world, ticket), all());
    world.assert_healed();
}

/// A machine moves to another site while he has a ticket for it.
#[test]
fn fault_099_a_machine_moves_and_its_new_site_comes_along() {
    let (mut world, _, _) = World::with_ticket(99, 2);
    import(&mut world, rows());
    let ticket = ticket_for_the_machine(&mut world);
    world.settle();
    let moved = SiteId::from_bytes([0x54; 16]);
    let new: Vec<Row> = rows()
        .into_iter()
        .filter_map(|row| match row {
            Row::Site(site) => Some(Row::Site(Site {
                id: moved,
                address: "新厂区".into(),
                ..site
            })),
            Row::Asset(asset) => Some(Row::Asset(Asset { site: moved, ..asset })),
            _ => None,
        })
        .collect();
    import(&mut world, new);
    world.settle();
    assert_eq!(shown(&mut world, ticket)[1].as_deref(), Some("新厂区"));
    world.assert_healed();
}

/// Fails where `rows::put` does not look at what stands there.
#[test]
fn fault_100_crm_import_of_unchanged_rows() {
    let (mut world, ticket, _) = World::with_ticket(100, 2);
    assert_eq!(import(&mut world, rows()), 3, "new the first time");
    world.settle();
    let books = ["log", "domain_event", "row"].map(|table| format!("SELECT count(*) FROM {table}"));
    let before = books.clone().map(|sql| world.count_at_hq(&sql));
    for _ in 0..3 {
        assert_eq!(import(&mut world, rows()), 0);
        assert_eq!(
            import(&mut world, cast::rows(2)),
            0,
            "and none of the whole company's"
        );
        world.clock.pass(86_400_000);
    }
    assert_eq!(
        books.map(|sql| world.count_at_hq(&sql)),
        before,
        "nothing happened"
    );
    for n in 0..2 {
        assert_eq!(world.sync(n), Synced::Through { idle: true });
    }
    // What does say something new is told to whom it concerns.
    let by = Author::Staff(cast::dispatcher());
    world
        .hq_does(
            by,
            ticket,
            Act::Note {
                text: "新的".into()
            },
        )
        .expect("HQ writes");
    assert_ne!(world.sync(0), Synced::Through { idle: true });
    world.assert_healed();
}
