//! Stock by grants: two ask for the last part (44), the time of a grant is over (45), two copies spend one grant (81), an
//! engineer's phone dies with its van's stock (86), HQ forgets what it granted (94), or a phone what it gave away (95).

use fieldline_model::id::{LocationId, OperationId, TicketId};
use fieldline_model::operation::Act;
use fieldline_server::app::Bug as ServerBug;
use fieldline_tests::world::phone::InstallFile;
use fieldline_tests::world::sync::Synced;
use fieldline_tests::world::{World, cast};

/// More than the life of any grant.
const LONG_MS: i64 = 60 * 24 * 60 * 60 * 1_000;
const ALL: u32 = 5;

fn takes(world: &mut World, n: usize, ticket: TicketId, quantity: u32) -> OperationId {
    let act = Act::UsePart {
        part: cast::parts()[0],
        quantity,
        from: cast::van(0),
    };
    world.perform(n, ticket, act).expect("a use is always saved")
}

fn is_merged(world: &World, id: OperationId) {
    assert_eq!(world.fate_at_hq(id), Some(("merged".into(), None)));
}

/// Somebody counts the first part there.
fn counts_at(world: &mut World, place: LocationId, quantity: i64) {
    let operation = OperationId::new(world.now(), world.dice.bytes());
    let part = cast::parts()[0];
    let counted = world
        .hq
        .ask(async move |app| app.set_stock(place, part, quantity, operation).await);
    counted.expect("it runs").expect("it is booked");
}

fn counts(world: &mut World, quantity: i64) {
    counts_at(world, cast::van(0), quantity);
}

/// What of the first part at a place a table says.
fn of_the_part_at(place: LocationId, table: &str, what: &str) -> String {
    let part = cast::parts()[0];
    format!("SELECT coalesce({what}, 0) FROM {table} WHERE location = '{place}' AND part = '{part}'")
}

fn of_the_part(table: &str, what: &str) -> String {
    of_the_part_at(cast::van(0), table, what)
}

fn ledger_at(world: &World, place: LocationId) -> i64 {
    world.count_at_hq(&of_the_part_at(place, "stock", "max(quantity)"))
}

fn ledger(world: &World) -> i64 {
    ledger_at(world, cast::van(0))
}

/// How many are held, and how many uses the ledger cannot explain.
fn held_at(world: &World, place: LocationId) -> (i64, i64) {
    let of = |table, what, open| format!("{} AND {open} IS NULL", of_the_part_at(place, table, what));
    let held = of("stock_grant", "sum(remaining)", "ended_at");
    let open = of("discrepancy", "count(*)", "settled_at");
    (world.count_at_hq(&held), world.count_at_hq(&open))
}

fn held(world: &World) -> (i64, i64) {
    held_at(world, cast::van(0))
}

/// How many phone `n` believes to have alone at a place.
fn has_at(world: &World, n: usize, place: LocationId) -> i64 {
    let own = "AND install = (SELECT install FROM identity)";
    let granted = of_the_part_at(place, "stock_grant", "sum(remaining)");
    world.count_on_phone(n, &format!("{granted} {own}"))
}

fn has(world: &World, n: usize) -> i64 {
    has_at(world, n, cast::van(0))
}

/// Engineer 0 with two phones, of which the first holds the van's stock.
fn two_phones(seed: u64, bug: Option<ServerBug>) -> (World, TicketId) {
    let (mut world, ticket, _) = World::with_ticket(seed, 1);
    bug.into_iter().for_each(|bug| world.hq.plant(bug));
    world.add_phone(cast::engineer(0));
    assert_eq!((has(&world, 0), has(&world, 1)), (i64::from(ALL), 0));
    (world, ticket)
}

/// The first phone is offline past the time of its grant and uses everything; the second asks meanwhile.
fn expired(bug: Option<ServerBug>) -> (World, OperationId) {
    let (mut world, ticket) = two_phones(45, bug);
    world.phones[0].offline = true;
    let first = takes(&mut world, 0, ticket, ALL - 1);
    world.clock.pass(LONG_MS);
    let over = format!(
        "SELECT count(*) FROM stock_grant WHERE until <= {}",
        world.now().ms()
    );
    assert!(world.count_at_hq(&over) > 0, "its time is over: the fault fired");
    world.sync(1);
    let given = u32::try_from(has(&world, 1)).expect("few");
    if given > 0 {
        takes(&mut world, 1, ticket, given);
        world.sync(1);
    }
    world.phones[0].offline = false;
    (world, first)
}

/// Without the defence (`GrantExpires`) the second phone was given what the first had used.
#[test]
fn fault_045_grant_expired_before_the_sync() {
    let (mut world, used) = expired(None);
    assert_eq!(has(&world, 1), 0, "nobody else got it on time alone");
    world.assert_healed();
    is_merged(&world, used);
    assert_eq!((ledger(&world), held(&world)), (1, (1, 0)), "all is explained");
    let over = format!(
        "SELECT count(*) FROM stock_grant WHERE until <= {}",
        world.now().ms()
    );
    assert_eq!(world.count_at_hq(&over), 0, "the holder came: no doubt is left");
}

#[test]
fn fault_045_a_grant_given_again_on_time_alone_is_oversold() {
    let (mut world, _) = expired(Some(ServerBug::GrantExpires));
    assert!(!world.heal_and_check().is_empty());
}

/// Two copies of one phone, told apart by nothing, use the same grant.
fn spent_twice(bug: Option<ServerBug>) -> (World, [OperationId; 2]) {
    let (mut world, ticket, _) = World::with_ticket(81, 1);
    bug.into_iter().for_each(|bug| world.hq.plant(bug));
    world.phones[0].kill();
    let clone = world.clone_phone(0, InstallFile::Copied);
    assert_eq!(
        [has(&world, 0), has(&world, clone)],
        [i64::from(ALL); 2],
        "the fault fired"
    );
    let uses = [0, clone].map(|n| takes(&mut world, n, ticket, ALL - 1));
    (world, uses)
}

#[test]
fn fault_081_clone_with_copied_nonce_offline_same_grant() {
    let (mut world, uses) = spent_twice(None);
    world.assert_healed();
    uses.iter().for_each(|id| is_merged(&world, *id));
    let beyond = 2 * (i64::from(ALL) - 1) - i64::from(ALL);
    assert_eq!(
        (ledger(&world), held(&world)),
        (-beyond, (0, 1)),
        "one of them is a discrepancy"
    );
    for n in 0..world.phones.len() {
        let told = of_the_part("discrepancy", "sum(quantity)");
        assert_eq!(
            world.count_on_phone(n, &told),
            beyond,
            "phone {n}: the engineer is told"
        );
    }
    counts(&mut world, 1);
    world.assert_healed();
    assert_eq!(
        (ledger(&world), held(&world)),
        (1, (1, 0)),
        "and somebody who counted settles it"
    );
    assert_eq!(world.count_on_phone(0, "SELECT count(*) FROM discrepancy"), 0);
}

#[test]
fn fault_081_a_grant_spent_twice_in_silence_is_found() {
    let (mut world, _) = spent_twice(Some(ServerBug::ClaimInSilence));
    assert!(!world.heal_and_check().is_empty());
}

/// The phone with the van's stock falls into the river; a new one is enrolled.
fn new_phone(bug: Option<ServerBug>) -> (World, TicketId) {
    let (mut world, ticket, _) = World::with_ticket(86, 1);
    bug.into_iter().for_each(|bug| world.hq.plant(bug));
    takes(&mut world, 0, ticket, 2);
    world.phones[0].offline = true;
    world.revoke(0);
    world.add_phone(cast::engineer(0));
    (world, ticket)
}

#[test]
fn fault_086_engineer_changes_phone_van_stock_held_by_the_dead_one() {
    let (mut world, ticket) = new_phone(None);
    assert_eq!(
        held(&world).0,
        i64::from(ALL),
        "the dead phone holds it: the fault fired"
    );
    assert_eq!(has(&world, 1), 0, "what it used unsent nobody knows");
    let used = takes(&mut world, 1, ticket, 1);
    world.settle();
    is_merged(&world, used);
    // It came out of the van, so out of what is in doubt there.
    assert_eq!((ledger(&world), held(&world)), (4, (4, 0)));
    counts(&mut world, 2);
    world.settle();
    assert_eq!(
        (has(&world, 1), held(&world)),
        (2, (2, 0)),
        "counted, it is the new phone's"
    );
}

/// What the dead phone had used and never sent would have been granted once more.
#[test]
fn fault_086_what_follows_the_person_is_granted_twice() {
    let (world, _) = new_phone(Some(ServerBug::GrantFollowsPerson));
    assert_eq!(has(&world, 1), i64::from(ALL));
    assert_eq!(held(&world).0, 2 * i64::from(ALL), "more than lies there");
}

/// HQ grants what was delivered, and goes back to before, in silence or put back by somebody who says so. The second phone
/// asks first; the first has used nearly all it had.
fn granted_since(bug: Option<ServerBug>, silent: bool) -> (World, Vec<OperationId>) {
    let (mut world, ticket) = two_phones(94, bug);
    counts(&mut world, 8);
    let backup = if silent {
        world.hq.back_up()
    } else {
        world.hq.take_backup()
    };
    world.sync(0);
    assert_eq!(
        (has(&world, 0), has(&world, 1)),
        (8, 0),
        "granted since the backup"
    );
    world.phones[0].offline = true;
    let mut uses = vec![takes(&mut world, 0, ticket, 7)];
    if silent {
        world.restore_hq(&backup);
    } else {
        world.put_back_hq(&backup);
    }
    assert_eq!(
        held(&world),
        (i64::from(ALL), 0),
        "HQ knows nothing of it: the fault fired"
    );
    assert!(matches!(world.sync(1), Synced::Through { .. }));
    let given = u32::try_from(has(&world, 1)).expect("few");
    if given > 0 {
        uses.push(takes(&mut world, 1, ticket, given));
        world.sync(1);
    }
    world.phones[0].offline = false;
    (world, uses)
}

#[test]
fn fault_094_grant_re_issued_after_restore() {
    let (mut world, uses) = granted_since(None, false);
    assert_eq!(
        uses.len(),
        1,
        "nobody gets anything before the holder has shown what he has"
    );
    world.assert_healed();
    uses.iter().for_each(|id| is_merged(&world, *id));
    assert_eq!((ledger(&world), held(&world)), (1, (1, 0)));
}

#[test]
fn fault_094_what_is_granted_unasked_after_a_restore_is_oversold() {
    let (mut world, uses) = granted_since(Some(ServerBug::GrantsUnasked), false);
    assert_eq!(uses.len(), 2);
    world.heal_and_check();
    assert_eq!(
        (ledger(&world), held(&world).1),
        (-2, 1),
        "two parts that are not there"
    );
}

/// A server that went back and that no phone has contradicted yet cannot know it. What it gives out then comes to light.
#[test]
fn fault_094_what_a_server_that_went_back_in_silence_grants_comes_to_light() {
    let (mut world, uses) = granted_since(None, true);
    assert_eq!(uses.len(), 2, "granted twice: the fault fired");
    world.assert_healed();
    uses.iter().for_each(|id| is_merged(&world, *id));
    assert_eq!((ledger(&world), held(&world)), (-2, (0, 1)));
}

/// Engineer 0 gives engineer 1 two parts, neither has a network, and engineer 1 uses all he has then.
fn handed_over(bug: Option<ServerBug>, forgets: bool) -> (World, OperationId) {
    let (mut world, ticket, _) = World::with_ticket(95, 2);
    bug.into_iter().for_each(|bug| world.hq.plant(bug));
    let (other, _) = world.new_ticket(&[1]);
    world.settle();
    world.phones.iter_mut().for_each(|phone| phone.offline = true);
    world.phones[0].kill();
    let backup = world.phones[0].back_up();
    let give = Act::TransferPart {
        part: cast::parts()[0],
        quantity: 2,
        from: cast::van(0),
        to: cast::van(1),
    };
    world.perform(0, ticket, give).expect("it is saved");
    if forgets {
        world.restore_phone(0, &backup, InstallFile::Missing);
    }
    let use_all = Act::UsePart {
        part: cast::parts()[0],
        quantity: ALL + 2,
        from: cast::van(1),
    };
    let used = world.perform(1, other, use_all).expect("it is saved");
    world.phones[1].offline = false;
    world.sync(1);
    is_merged(&world, used);
    let short = (ledger_at(&world, cast::van(1)), held_at(&world, cast::van(1)));
    assert_eq!(short, (-2, (0, 1)), "HQ has heard of one side");
    let told = of_the_part_at(cast::van(1), "discrepancy", "sum(quantity)");
    assert_eq!(world.count_on_phone(1, &told), 2, "and says so");
    world.phones[0].offline = false;
    (world, used)
}

#[test]
fn fault_095_offline_van_to_van_is_explained_when_the_giver_comes() {
    let (mut world, _) = handed_over(None, false);
    world.assert_healed();
    assert_eq!((ledger(&world), held(&world)), (3, (3, 0)));
    let there = (ledger_at(&world, cast::van(1)), held_at(&world, cast::van(1)));
    assert_eq!(there, (0, (0, 0)), "nobody had to count");
    assert_eq!(world.count_on_phone(1, "SELECT count(*) FROM discrepancy"), 0);
}

#[test]
fn fault_095_offline_van_to_van_giver_restored() {
    let (mut world, used) = handed_over(None, true);
    assert!(
        world.ledger.written_off() > 0,
        "nobody knows that he gave: the fault fired"
    );
    world.assert_healed();
    assert_eq!(has(&world, 0), 0, "what he gave is not his a second time");
    assert_eq!((ledger(&world), held(&world)), (5, (5, 0)), "it is in doubt");
    counts(&mut world, 3);
    counts_at(&mut world, cast::van(1), 0);
    world.assert_healed();
    assert_eq!(
        (has(&world, 0), held(&world)),
        (3, (3, 0)),
        "until somebody counts"
    );
    assert_eq!(held_at(&world, cast::van(1)), (0, 0));
    is_merged(&world, used);
}

#[test]
fn fault_095_what_follows_the_person_is_oversold() {
    let (mut world, _) = handed_over(Some(ServerBug::GrantFollowsPerson), true);
    assert!(!world.heal_and_check().is_empty());
}

/// Both ask for all there is: HQ reserves it for one. The other waits, and gets it when more comes.
#[test]
fn fault_044_last_part_is_reserved_for_one_of_two_who_ask() {
    let (mut world, ticket, _) = World::with_ticket(44, 2);
    let (other, _) = world.new_ticket(&[1]);
    world.settle();
    world.phones.iter_mut().for_each(|phone| phone.offline = true);
    let ask = Act::RequestPart {
        part: cast::parts()[0],
        quantity: ALL,
        from: cast::warehouse(),
    };
    for (n, ticket) in [(0, ticket), (1, other)] {
        world.perform(n, ticket, ask.clone()).expect("it is saved");
        assert_eq!(
            world.count_on_phone(n, "SELECT sum(quantity) FROM part_request"),
            5,
            "asked, and no more"
        );
    }
    world.phones.iter_mut().for_each(|phone| phone.offline = false);
    world.settle();
    let place = cast::warehouse();
    let granted = [0, 1].map(|n| has_at(&world, n, place));
    assert_eq!(granted, [i64::from(ALL), 0]);
    let waiting = "SELECT count(*) FROM part_request";
    assert_eq!([0, 1].map(|n| world.count_on_phone(n, waiting)), [0, 1]);
    counts_at(&mut world, place, 2 * i64::from(ALL));
    world.assert_healed();
    assert_eq!([0, 1].map(|n| has_at(&world, n, place)), [i64::from(ALL); 2]);
    assert_eq!(world.count_on_phone(1, waiting), 0);
    let take = Act::TransferPart {
        part: cast::parts()[0],
        quantity: ALL,
        from: place,
        to: cast::van(1),
    };
    world.perform(1, other, take).expect("it is saved");
    world.assert_healed();
    assert_eq!(
        has_at(&world, 1, cast::van(1)),
        2 * i64::from(ALL),
        "in his van it is his"
    );
    assert_eq!((ledger_at(&world, place), held_at(&world, place)), (5, (5, 0)));
}
