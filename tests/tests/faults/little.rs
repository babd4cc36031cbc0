//! What healing a server costs (20): a phone of 500 tickets, of which a server that went back has lost a little. Bytes are
//! counted as they go over the line, packed, without HTTP.

#![allow(clippy::print_stdout, reason = "the figures are what this test is for")]

use fieldline_engine::Bug;
use fieldline_engine::clock::with_moment;
use fieldline_model::operation::{Act, Author};
use fieldline_model::wire::{Exchange, pack};
use fieldline_server::app::{App, Edge, Options};
use fieldline_server::backup;
use fieldline_tests::kit::Kit;
use fieldline_tests::world::cast;

const TICKETS: usize = 500;
/// Tickets on which the phone, and as many others on which HQ did something that is lost.
const LOST: usize = 10;
/// What healing may cost beside the lost data, up and down, in bytes.
const HEAL_BYTES_MAX: usize = 40_000;
/// In so many exchanges.
const EXCHANGES_MAX: usize = 4;

/// Bytes of one exchange.
#[derive(Debug)]
struct Cost {
    up: usize,
    down: usize,
    /// Changes that the server lost, among what went up.
    lost: usize,
}

fn exchange(kit: &Kit) -> (Cost, bool) {
    let next = with_moment(|m| kit.engine.sync_next(m)).expect("an exchange");
    let exchange: Exchange = next.expect("it is enrolled");
    let token = kit.engine.token().expect("a token");
    let reply = kit.runtime.block_on(kit.app.exchange(&token, exchange.clone()));
    let reply = reply.expect("a reply");
    let changes = exchange.heal.iter().flat_map(|heal| &heal.changes);
    let cost = Cost {
        up: pack(&exchange).expect("it fits").len(),
        down: pack(&reply).expect("it fits").len(),
        lost: changes.map(|change| change.len()).sum(),
    };
    let taken = with_moment(|m| kit.engine.sync_take(&exchange, reply, m));
    (cost, taken.expect("it is taken").more)
}

fn sync(kit: &Kit) -> Vec<Cost> {
    let mut costs = Vec::new();
    loop {
        let (cost, more) = exchange(kit);
        costs.push(cost);
        if !more {
            return costs;
        }
    }
}

/// Does something new on some tickets, half of it here and half at HQ.
fn work(kit: &Kit, text: &str) {
    let hq = Author::Staff(cast::dispatcher());
    for (n, (ticket, visit)) in kit.tickets.iter().copied().enumerate().take(2 * LOST) {
        if n % 2 == 0 {
            kit.perform(ticket, Act::Accept { visit });
        } else {
            let note = Act::Note { text: text.into() };
            let done = kit.app.perform(hq, ticket.into(), note, None);
            kit.runtime.block_on(done).expect("HQ notes");
        }
    }
}

/// A phone that has healed a server, and what each exchange cost.
fn healed(bugs: &[Bug]) -> (tempfile::TempDir, Kit, Vec<Cost>) {
    let dir = tempfile::tempdir().expect("room");
    let kit = Kit::new(dir.path(), TICKETS);
    sync(&kit);
    let taken = dir.path().join("backup");
    backup::take(dir.path(), &taken, (Edge::system().now)()).expect("a backup");
    work(&kit, "后来的话，备份里没有");
    sync(&kit);

    let Kit {
        runtime,
        app,
        engine,
        tickets,
    } = kit;
    drop(app);
    backup::put_back(dir.path(), &taken, &Edge::system(), true).expect("a sound backup");
    let app = runtime.block_on(async { App::open(dir.path(), Edge::system(), Options::default()) });
    let kit = Kit {
        app: app.expect("the server opens"),
        runtime,
        engine,
        tickets,
    };
    bugs.iter().for_each(|bug| kit.engine.plant(*bug));
    let costs = sync(&kit);
    for (n, cost) in costs.iter().enumerate() {
        println!("exchange {}: {cost:?}", n + 1);
    }
    let (all, lost) = sums(&costs);
    println!(
        "{} exchanges, {all} bytes, {lost} of lost changes among them",
        costs.len()
    );
    assert!(lost > 2 * LOST, "the fault fired");
    (dir, kit, costs)
}

/// All bytes, up and down, and those of lost changes.
fn sums(costs: &[Cost]) -> (usize, usize) {
    let all = costs.iter().map(|cost| cost.up + cost.down).sum();
    (all, costs.iter().map(|cost| cost.lost).sum())
}

#[test]
fn fault_020_500_tickets_are_healed_in_4_exchanges_and_40_kb_beside_the_lost_data() {
    let (_dir, kit, costs) = healed(&[]);
    let (all, lost) = sums(&costs);
    assert!(costs.len() <= EXCHANGES_MAX);
    assert!(all <= HEAL_BYTES_MAX + lost);
    let status = kit.engine.status().expect("a status");
    assert!(status.complete && status.saved_here == 0, "{status:?}");
    assert_eq!(status.held, u32::try_from(TICKETS).expect("few"));
    // Nothing is owed: the next sync brings nothing.
    assert_eq!(sync(&kit).len(), 1);
}

/// That is so because it goes on from a place: read again, 500 tickets alone are more.
#[test]
fn fault_020_500_tickets_that_are_read_again_cost_more_than_that() {
    let (_dir, _kit, costs) = healed(&[Bug::NeverResumed]);
    let (all, lost) = sums(&costs);
    assert!(all > HEAL_BYTES_MAX + lost);
}
