//! Processes that get in each other's way (8, 9, 69): a database somebody else locks, an app that is frozen at any moment,
//! a commit of which nobody knows whether it came to pass.

use std::sync::PoisonError;

use fieldline_engine::EngineError;
use fieldline_model::operation::Act;
use fieldline_server::app::Bug as ServerBug;
use fieldline_server::store::WriterPoint;
use fieldline_tests::world::World;
use fieldline_tests::world::check::look;
use fieldline_tests::world::phone::Done;
use fieldline_tests::world::sync::Synced;
use rusqlite::Connection;

fn locked(db: &Connection) -> bool {
    db.execute_batch("BEGIN IMMEDIATE").is_ok()
}

/// Something else on the phone holds its database: a backup, a file manager's preview, a second app.
#[test]
fn fault_008_database_busy_on_the_phone() {
    let (mut world, ticket, visit) = World::with_ticket(8, 2);
    let other = look(&world.phones[0].db());
    assert!(locked(&other), "the lock is held");
    let act = || Act::Accept { visit };
    let tapped = world.on(0, |engine, moment| engine.perform(ticket, act(), moment));
    assert!(matches!(tapped, Done::No(EngineError::StoreBusy)), "{tapped:?}");
    assert_eq!(
        world.count_on_phone(0, "SELECT count(*) FROM intent"),
        0,
        "not saved, and not told so"
    );
    let asked = world.on(0, |engine, moment| engine.ticket(ticket, moment));
    assert!(matches!(asked, Done::Well(_)), "reading goes on: {asked:?}");
    other.execute_batch("COMMIT").expect("the other is done");
    let saved = world
        .perform(0, ticket, act())
        .expect("there is nobody in the way");
    world.assert_healed();
    assert_eq!(world.fate_at_hq(saved), Some(("merged".into(), None)));
}

#[test]
fn fault_008_database_busy_in_the_middle_of_a_sync() {
    let (mut world, ticket, visit) = World::with_ticket(8, 2);
    let saved = world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    let Done::Well(Some(exchange)) = world.on(0, |engine, moment| engine.sync_next(moment)) else {
        panic!("a question");
    };
    let reply = world.answer(0, &exchange);
    assert_eq!(
        world.fate_at_hq(saved),
        Some(("merged".into(), None)),
        "HQ has it"
    );
    let other = look(&world.phones[0].db());
    assert!(locked(&other), "the lock is held");
    let taken = world.on(0, |engine, moment| engine.sync_take(&exchange, reply, moment));
    assert!(matches!(taken, Done::No(EngineError::StoreBusy)), "{taken:?}");
    other.execute_batch("COMMIT").expect("the other is done");
    assert_eq!(
        world.fate_on_phone(0, saved).as_deref(),
        Some("saved"),
        "all of an answer or nothing"
    );
    world.assert_healed();
    assert_eq!(world.fate_on_phone(0, saved).as_deref(), Some("merged"));
}

/// Another process writes HQ's database for longer than the server waits, as a copying tool might.
#[test]
fn fault_008_database_busy_at_hq() {
    let (mut world, ticket, visit) = World::with_ticket(8, 2);
    let saved = world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    let other = look(&world.hq.path());
    assert!(locked(&other), "the lock is held");
    world.sync(0);
    assert_eq!(world.fate_at_hq(saved), None, "nothing could be written");
    assert_eq!(world.fate_on_phone(0, saved).as_deref(), Some("saved"));
    let waiting: Vec<_> = world.status(0).waiting.iter().map(|line| line.why).collect();
    assert_eq!(waiting, ["server_later"], "and the phone says what it waits for");
    other.execute_batch("COMMIT").expect("the other is done");
    world.assert_healed();
    assert_eq!(world.fate_at_hq(saved), Some(("merged".into(), None)));
}

/// Nobody else is kept from the file between two calls: iOS kills an app that is suspended with a lock on it.
fn holds_no_lock(world: &World, when: &str) {
    let db = look(&world.phones[0].db());
    db.busy_timeout(std::time::Duration::ZERO).expect("a pragma");
    assert!(locked(&db), "a transaction is open {when}");
    db.execute_batch("ROLLBACK").expect("given back");
}

/// Fails when any call leaves its transaction open, and when `Engine::suspend` leaves the log to somebody else.
#[test]
fn fault_009_suspended_between_any_two_calls_holds_no_transaction() {
    let (mut world, ticket, visit) = World::with_ticket(9, 2);
    holds_no_lock(&world, "while nothing happens");
    let saved = world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    holds_no_lock(&world, "after a tap");
    let refused = world.perform(0, ticket, Act::Start { visit });
    assert_eq!(refused, None);
    holds_no_lock(&world, "after a refusal");
    let Done::Well(Some(exchange)) = world.on(0, |engine, moment| engine.sync_next(moment)) else {
        panic!("a question");
    };
    holds_no_lock(&world, "while the network is waited for");
    assert!(matches!(
        world.on(0, |engine, _| engine.suspend()),
        Done::Well(())
    ));
    let log = world.phones[0].db().with_extension("db-wal");
    let bytes = std::fs::metadata(&log).map_or(0, |file| file.len());
    assert_eq!(bytes, 0, "everything lies in the one file");
    // The system lets go of the app in this very moment; days later it is opened again, and the old answer is void.
    let reply = world.answer(0, &exchange);
    world.phones[0].kill();
    world.clock.pass(3 * 86_400_000);
    let late = world.on(0, |engine, moment| engine.sync_take(&exchange, reply, moment));
    assert!(matches!(late, Done::Well(_)), "{late:?}");
    holds_no_lock(&world, "after an answer");
    world.assert_healed();
    assert_eq!(world.fate_on_phone(0, saved).as_deref(), Some("merged"));
}

/// The writer ends at its commit, and the server lives on to answer. What does the phone hear?
fn commit_outcome_unknown(point: WriterPoint, bug: Option<ServerBug>) -> (World, Option<String>) {
    let (mut world, ticket, visit) = World::with_ticket(69, 2);
    bug.into_iter().for_each(|bug| world.hq.plant(bug));
    let saved = world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    world.power_cut_at(point);
    world
        .hq
        .cuts
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .answers = true;
    assert!(matches!(world.sync(0), Synced::Through { .. } | Synced::Cut));
    assert_eq!(world.power_cuts(), [point]);
    let heard = world.fate_on_phone(0, saved);
    (world, heard)
}

/// Fails without the second look (`recall` in `exchange`): then the phone is told to come again.
#[test]
fn fault_069_commit_outcome_unknown_and_kept() {
    let (mut world, heard) = commit_outcome_unknown(WriterPoint::AfterCommit, None);
    assert_eq!(heard.as_deref(), Some("merged"), "looked up, and told");
    world.assert_healed();
}

#[test]
fn fault_069_commit_outcome_unknown_and_lost() {
    let (mut world, heard) = commit_outcome_unknown(WriterPoint::BeforeCommit, None);
    assert_eq!(
        heard.as_deref(),
        Some("saved"),
        "nothing is told that is not on the disk"
    );
    world.assert_healed();
    assert_eq!(
        world.fated("merged").intersection(&world.phones[0].saved).count(),
        1
    );
}

#[test]
fn fault_069_a_server_that_takes_a_commit_for_granted_lies() {
    let (mut world, heard) =
        commit_outcome_unknown(WriterPoint::BeforeCommit, Some(ServerBug::AckBeforeCommit));
    let told = |world: &World| world.phones[0].saved.iter().find_map(|id| world.fate_at_hq(*id));
    assert_eq!(heard.as_deref(), Some("merged"), "what it said");
    assert_eq!(told(&world), None, "what was so");
    // Count and receipt tell that HQ lacks it, and it comes again; but nobody should have been told.
    world.assert_healed();
    assert_eq!(told(&world), Some(("merged".into(), None)));
}
