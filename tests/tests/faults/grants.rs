//! Stock by grants: the time of a grant is over (45), two copies spend one grant (81), an engineer's phone dies with its van's
//! stock (86), HQ forgets what it granted (94).

use fieldline_model::id::{OperationId, TicketId};
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

/// Somebody opens the van of engineer 0 and counts the first part.
fn counts(world: &mut World, quantity: i64) {
    let operation = OperationId::new(world.now(), world.dice.bytes());
    let counted = world.hq.ask(async move |app| {
        app.set_stock(cast::van(0), cast::parts()[0], quantity, operation)
            .await
    });
    counted.expect("it runs").expect("it is booked");
}

/// What of the first part in the van of engineer 0 a table says at HQ.
fn of_the_part(table: &str, what: &str) -> String {
    let (van, part) = (cast::van(0), cast::parts()[0]);
    format!("SELECT coalesce({what}, 0) FROM {table} WHERE location = '{van}' AND part = '{part}'")
}

fn ledger(world: &World) -> i64 {
    world.count_at_hq(&of_the_part("stock", "max(quantity)"))
}

/// How many are held, and how many uses the ledger cannot explain.
fn held(world: &World) -> (i64, i64) {
    let held = format!(
        "{} AND ended_at IS NULL",
        of_the_part("stock_grant", "sum(remaining)")
    );
    let open = format!(
        "{} AND settled_at IS NULL",
        of_the_part("discrepancy", "count(*)")
    );
    (world.count_at_hq(&held), world.count_at_hq(&open))
}

/// How many phone `n` believes to have alone.
fn has(world: &World, n: usize) -> i64 {
    let own = "AND install = (SELECT install FROM identity)";
    world.count_on_phone(
        n,
        &format!("{} {own}", of_the_part("stock_grant", "sum(remaining)")),
    )
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
