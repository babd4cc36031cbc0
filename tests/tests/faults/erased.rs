//! A customer who was erased (66) comes back by nothing: no phone that was away, no older backup, no table that is
//! imported again.

use fieldline_model::id::{ContactId, CustomerId, SiteId, TicketId};
use fieldline_model::operation::{Act, Author, TicketFacts};
use fieldline_model::row::{Contact, Customer, Row, Site};
use fieldline_server::app::DATABASE_FILE;
use fieldline_server::door::DoorError;
use fieldline_server::erase::Erased;
use fieldline_tests::world::check::look;
use fieldline_tests::world::story::DAY_MS;
use fieldline_tests::world::{World, cast};

/// What nobody may read any more, wherever it stood.
const NAME: &str = "Verity Quillfeather";
const NUMBER: &str = "13977788899";
const CONTACTS: u8 = 20;
const ADDRESS: &str = "Dunmarrow Lane 4711";

fn customer() -> CustomerId {
    CustomerId::from_bytes([0x61; 16])
}

fn rows() -> Vec<Row> {
    let (customer, site) = (customer(), SiteId::from_bytes([0x62; 16]));
    let contact = |n| {
        Row::Contact(Contact {
            id: ContactId::from_bytes([0x63 + n; 16]),
            customer,
            name: NAME.into(),
            phone: NUMBER.into(),
        })
    };
    // Of several that lie side by side, some are deleted without anything being written over them.
    let mut rows: Vec<Row> = (0..CONTACTS).map(contact).collect();
    rows.extend([
        Row::Customer(Customer {
            id: customer,
            name: NAME.into(),
            name_en: None,
            vip: None,
            sla_plan: None,
            contract: None,
        }),
        Row::Site(Site {
            id: site,
            customer,
            city: "上海".into(),
            district: "浦东".into(),
            address: ADDRESS.into(),
            position: None,
        }),
    ]);
    rows
}

fn import(world: &mut World) -> Result<usize, DoorError> {
    let put = world.hq.ask(async |app| app.put_rows(rows()).await);
    put.expect("up")
}

fn erase(world: &mut World) -> Erased {
    let erased = world.hq.ask(async |app| app.erase_customer(customer()).await);
    erased.expect("up").expect("erased").expect("a customer")
}

/// A ticket of the customer for the engineer with this number.
fn ticket_for(world: &mut World, n: usize) -> TicketId {
    let facts = TicketFacts {
        customer: Some(customer()),
        contact: Some(ContactId::from_bytes([0x63; 16])),
        site: Some(SiteId::from_bytes([0x62; 16])),
        asset: None,
        ..cast::facts(66 + n)
    };
    let by = Author::Staff(cast::dispatcher());
    let ticket = world.hq.ask(async move |app| app.create_ticket(by, facts).await);
    let ticket = ticket.expect("up").expect("a ticket");
    world.tickets.push(ticket);
    world.offer(ticket, vec![cast::engineer(n)]).expect("offered");
    ticket
}

fn files_of_hq(world: &World) -> Vec<u8> {
    let path = world.hq.path();
    let log = path.with_extension("db-wal");
    let mut bytes = std::fs::read(&path).expect("the database");
    bytes.extend(std::fs::read(log).unwrap_or_default());
    bytes
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// What a phone knows of the customer.
fn known_on(world: &World, n: usize) -> Vec<String> {
    let db = look(&world.phones[n].db());
    let mut statement = db.prepare("SELECT json FROM \"row\"").expect("rows");
    let bodies = statement
        .query_map([], |row| row.get::<_, String>(0))
        .expect("rows");
    let bodies = bodies.map(|body| body.expect("text"));
    bodies
        .filter(|body| [NAME, NUMBER, ADDRESS].iter().any(|text| body.contains(text)))
        .collect()
}

fn known_at_hq(world: &World) -> i64 {
    let texts = [NAME, NUMBER, ADDRESS].map(|text| format!("body LIKE '%{text}%'"));
    world.count_at_hq(&format!("SELECT count(*) FROM row WHERE {}", texts.join(" OR ")))
}

/// Two engineers have, or had, a ticket of the customer; one is away with work that is not sent. A backup is taken.
fn before() -> (World, TicketId, std::path::PathBuf) {
    let (mut world, _, _) = World::with_ticket(66, 3);
    import(&mut world).expect("rows");
    let here = ticket_for(&mut world, 0);
    let left = ticket_for(&mut world, 1);
    world.settle();
    world.note(1, left, "his alone, not sent");
    world.phones[1].offline = true;
    let reassigned = world.hq.ask(async move |app| {
        let by = Author::Staff(cast::dispatcher());
        let act = Act::Cancel { reason: "x".into() };
        app.perform(by, left.into(), act, None).await.map(|_| ())
    });
    reassigned.expect("up").expect("cancelled");
    assert_eq!((known_on(&world, 0).len(), known_on(&world, 1).len()), (3, 3));
    let backup = world.hq.take_backup();
    (world, here, backup)
}

#[test]
fn fault_066_erased_customer_returns_by_no_phone_no_backup_and_no_table() {
    let (mut world, here, backup) = before();
    assert!(holds(&files_of_hq(&world), NAME), "it was there to be erased");
    let erased = erase(&mut world);
    assert_eq!(
        (erased.now, erased.contacts, erased.sites),
        (true, usize::from(CONTACTS), 1)
    );
    assert_eq!(known_at_hq(&world), 0);
    for text in [NAME, NUMBER, ADDRESS] {
        assert!(
            !holds(&files_of_hq(&world), text),
            "{text} is in the server's files"
        );
    }
    world.clock.pass(120 * DAY_MS);
    world.note(0, here, "still mine");
    world.phones[1].offline = false;
    world.assert_healed();
    assert_eq!((known_on(&world, 0), known_on(&world, 1)), (vec![], vec![]));
    assert!(!erase(&mut world).now, "once more changes nothing");

    // An older day comes back.
    world.put_back_hq(&backup);
    assert_eq!(known_at_hq(&world), 0, "erased again before anybody reads");
    world.assert_healed();
    assert_eq!((known_on(&world, 0), known_on(&world, 1)), (vec![], vec![]));
    assert!(matches!(import(&mut world), Err(DoorError::Erased(id)) if id == customer()));
    assert_eq!(known_at_hq(&world), 0);
}

/// The fault is one: in another directory, without the files beside the database, the backup brings everything back.
#[test]
fn fault_066_without_its_tombstone_an_older_backup_brings_the_customer_back() {
    let (mut world, _, backup) = before();
    erase(&mut world);
    world.restore_hq(&backup.join(DATABASE_FILE));
    assert_eq!(known_at_hq(&world), i64::from(CONTACTS) + 2);
}

/// In its own place the record that gives way knows of it, too.
#[test]
fn fault_066_a_tombstone_that_was_lost_is_written_again_before_the_record_gives_way() {
    let (mut world, _, backup) = before();
    erase(&mut world);
    let tombstones = world.hq.path().with_file_name("erased");
    std::fs::remove_dir_all(tombstones).expect("it is there");
    world.put_back_hq(&backup);
    assert_eq!(known_at_hq(&world), 0);
}

/// The power goes when the wish is on the disk and the record not yet written.
#[test]
fn fault_066_what_was_begun_is_done_at_the_next_start() {
    let (mut world, _, _) = before();
    world.power_cut_at(fieldline_server::store::WriterPoint::BeforeCommit);
    let cut = world.hq.ask(async |app| app.erase_customer(customer()).await);
    assert!(!matches!(cut, Some(Ok(_))), "the fault fired");
    assert_eq!(world.power_cuts().len(), 1);
    world.hq.kill();
    world.repair_hq();
    assert_eq!(known_at_hq(&world), 0);
}
