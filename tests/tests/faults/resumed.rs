//! FAULTS, healing: a phone that healed a server goes on from a place that both came to (20). It is sent what differs, and
//! nothing of what it holds; where that cannot be, it reads everything.

use std::sync::{Arc, Mutex};

use fieldline_engine::{Bug, FaultPoint};
use fieldline_model::id::{CustomerId, OperationId, TicketId, VisitId};
use fieldline_model::operation::{Act, Author};
use fieldline_model::row::{Customer, Row, RowKind};
use fieldline_model::wire::{Item, Page};
use fieldline_server::app::Bug as ServerBug;
use fieldline_tests::world::{World, cast};

/// Pages that begin at the start of the log, as phone 0 got them.
type Pages = Arc<Mutex<Vec<Page>>>;

fn watch(world: &mut World) -> Pages {
    let pages = Pages::default();
    let seen = Arc::clone(&pages);
    world.tamper = Some(Box::new(move |n, reply| {
        let first = reply.page.as_ref().filter(|page| n == 0 && page.from.seq == 0);
        seen.lock().expect("nobody died").extend(first.cloned());
    }));
    pages
}

fn seen(pages: &Pages) -> Vec<Page> {
    pages.lock().expect("nobody died").clone()
}

fn contents(page: &Page) -> usize {
    let is_content = |item: &&Item| matches!(item, Item::Snapshot { .. } | Item::Changes { .. });
    page.items.iter().filter(is_content).count()
}

fn rows(page: &Page) -> usize {
    page.items
        .iter()
        .filter(|item| matches!(item, Item::Row { .. }))
        .count()
}

fn hq_notes(world: &mut World, ticket: TicketId, text: &str) -> OperationId {
    let act = Act::Note { text: text.into() };
    let done = world.hq_does(Author::Staff(cast::dispatcher()), ticket, act);
    done.expect("HQ writes").operation
}

fn holds(world: &World, id: OperationId) -> bool {
    world.count_at_hq(&format!("SELECT count(*) FROM event WHERE operation = '{id}'")) == 1
}

/// The customer of the ticket, as HQ and the phone know him.
fn customer_of(world: &World, ticket: TicketId) -> CustomerId {
    let sql = "SELECT customer FROM ticket WHERE id = ?1";
    let id: String = world
        .hq
        .db()
        .query_row(sql, [ticket.to_string()], |row| row.get(0))
        .expect("it has one");
    id.parse().expect("an id")
}

fn name(world: &mut World, id: CustomerId, name: &str) {
    let row = Row::Customer(Customer {
        id,
        name: name.into(),
        name_en: None,
        vip: None,
        sla_plan: None,
        contract: None,
    });
    let put = world.hq.ask(async move |app| app.put_row(row).await);
    assert!(put.expect("up").expect("written"), "it says something new");
}

fn is_named(world: &World, n: usize, id: CustomerId, name: &str) -> bool {
    let sql =
        format!("SELECT count(*) FROM \"row\" WHERE kind = 'customer' AND id = '{id}' AND label = '{name}'");
    world.count_on_phone(n, &sql) == 1
}

/// Two phones with a ticket each and one together; HQ lost what happened last in the one that phone 0 has alone.
fn lost_a_little() -> (World, Pages, [TicketId; 3], [OperationId; 2]) {
    let mut world = World::new(20, 2);
    let [mine, both, theirs] = [&[0][..], &[0, 1], &[1]].map(|to| world.new_ticket(to).0);
    world.settle();
    let backup = world.hq.back_up();
    let lost = [
        hq_notes(&mut world, mine, "by HQ, lost"),
        world.note(0, mine, "by the engineer, lost"),
    ];
    world.settle();
    world.restore_hq(&backup);
    assert!(lost.iter().all(|id| !holds(&world, *id)), "the fault fired");
    let pages = watch(&mut world);
    (world, pages, [mine, both, theirs], lost)
}

#[test]
fn fault_020_a_phone_that_healed_is_sent_nothing_that_it_holds() {
    let (mut world, pages, _, lost) = lost_a_little();
    world.sync(0);
    assert!(lost.iter().all(|id| holds(&world, *id)));
    let seen = seen(&pages);
    assert_eq!(seen.len(), 1, "one page from the start");
    assert!(seen[0].resumed.is_some(), "it went on from a place");
    assert_eq!(
        (contents(&seen[0]), rows(&seen[0])),
        (0, 0),
        "{:?}",
        seen[0].items
    );
    assert!(world.status(0).complete && !world.says(0, "read_again"));
    world.assert_healed();
}

#[test]
fn fault_020_a_phone_that_never_goes_on_reads_everything() {
    let (mut world, pages, ..) = lost_a_little();
    world.plant(0, Bug::NeverResumed);
    world.sync(0);
    let seen = seen(&pages);
    assert!(seen[0].resumed.is_none());
    assert!(
        contents(&seen[0]) >= 2 && rows(&seen[0]) > 2,
        "{:?}",
        seen[0].items
    );
    world.assert_healed();
}

/// Old phones say nothing of digests and places, and old servers do not answer to them: all is named and all is read.
#[test]
fn fault_016_a_server_that_knows_of_no_digest_is_healed_as_ever() {
    let (mut world, pages, _, lost) = lost_a_little();
    let mut watching = world.tamper.take().expect("it is watched");
    world.tamper = Some(Box::new(move |n, reply| {
        (reply.digest, reply.known) = (None, None);
        watching(n, reply);
    }));
    world.sync(0);
    assert!(lost.iter().all(|id| holds(&world, *id)));
    let seen = seen(&pages);
    assert!(seen.len() == 1 && seen[0].resumed.is_none());
    assert!(contents(&seen[0]) >= 2);
    world.assert_healed();
}

/// A colleague was there first and gave back more than this phone knows of, and HQ has written since.
#[test]
fn fault_020_what_came_to_hq_meanwhile_comes_to_a_phone_that_goes_on() {
    let (mut world, pages, [_, both, theirs], _) = lost_a_little();
    world.note(1, both, "by a colleague, unsent");
    world.sync(1);
    let of_hq = hq_notes(&mut world, both, "by HQ, of the new epoch");
    world.offer(theirs, vec![cast::engineer(0)]).expect("his as well");
    world.sync(0);
    let seen = seen(&pages);
    assert!(seen.len() == 1 && seen[0].resumed.is_some());
    assert_eq!(
        contents(&seen[0]),
        2,
        "the shared ticket and the new one: {:?}",
        seen[0].items
    );
    let shown = "SELECT count(*) FROM doc WHERE kind = 'ticket' AND in_scope = 1";
    assert_eq!(world.count_on_phone(0, shown), 3);
    assert!(world.status(0).complete && !world.says(0, "read_again"));
    assert!(holds(&world, of_hq));
    world.assert_healed();
}

#[test]
fn fault_020_what_a_phone_is_taken_to_hold_unseen_it_misses() {
    let (mut world, pages, [_, both, _], _) = lost_a_little();
    world.hq.plant(ServerBug::ResumedUnseen);
    world.note(1, both, "by a colleague, unsent");
    world.sync(1);
    hq_notes(&mut world, both, "by HQ, of the new epoch");
    world.sync(0);
    // Its count does not fit, so it reads everything.
    let seen = seen(&pages);
    assert!(seen.len() > 1 && seen[1].resumed.is_none());
    world.assert_healed();
}

/// A ticket came to this phone and went to a colleague, all after the backup. He gives that back: for HQ it was never here.
#[test]
fn fault_020_a_ticket_that_for_hq_was_never_here_goes_though_little_is_read() {
    let mut world = World::new(20, 2);
    let (ticket, visit) = world.new_ticket(&[1]);
    world.settle();
    let backup = world.hq.back_up();
    let mut from = visit;
    for (n, to) in [(60, 0), (61, 1)] {
        let visit = VisitId::from_bytes([n; 16]);
        let reassign = Act::Reassign {
            from,
            visit,
            to: vec![cast::engineer(to)],
            plan: None,
        };
        world
            .hq_does(Author::Staff(cast::dispatcher()), ticket, reassign)
            .expect("HQ may");
        from = visit;
        // The first phone does not hear that it went.
        world.sync(to);
    }
    world.restore_hq(&backup);
    world.sync(1);
    let pages = watch(&mut world);
    let shown = "SELECT count(*) FROM doc WHERE kind = 'ticket' AND in_scope = 1";
    assert_eq!(world.count_on_phone(0, shown), 1, "the fault fired");
    world.sync(0);
    let seen = seen(&pages);
    assert!(seen.len() == 1 && seen[0].resumed.is_some());
    assert_eq!(world.count_on_phone(0, shown), 0, "{:?}", seen[0].items);
    assert!(world.status(0).complete && !world.says(0, "read_again"));
    world.assert_healed();
}

/// In the new epoch HQ writes, and then the ticket leaves; only after that does its phone give back what was lost there. What the
/// phone keeps of it must be what HQ vouched for: no more can it give back when HQ goes back once more.
#[test]
fn fault_020_what_left_before_a_phone_healed_stays_as_hq_vouched_for_it() {
    let (mut world, ticket, visit) = World::with_ticket(20, 2);
    let backup = world.hq.back_up();
    let lost = hq_notes(&mut world, ticket, "lost, and given back");
    world.settle();
    world.restore_hq(&backup);
    assert!(!holds(&world, lost), "the fault fired");
    hq_notes(&mut world, ticket, "of the new epoch");
    let reassign = Act::Reassign {
        from: visit,
        visit: VisitId::from_bytes([60; 16]),
        to: vec![cast::engineer(1)],
        plan: None,
    };
    let dispatcher = Author::Staff(cast::dispatcher());
    world.hq_does(dispatcher, ticket, reassign).expect("HQ may");
    let pages = watch(&mut world);
    world.sync(0);
    assert!(holds(&world, lost));
    assert!(seen(&pages).iter().any(|page| page.resumed.is_some()));
    let unproven = "SELECT count(*) FROM doc WHERE kind = 'ticket' AND vouched IS NOT heads";
    assert_eq!(world.count_on_phone(0, unproven), 0);
    world.assert_healed();
}

/// HQ has lost a customer's new name and a row that it took away; the phone has neither any more.
fn rows_went_back(bugs: &[Bug]) -> (World, Pages, [CustomerId; 2]) {
    let mut world = World::new(20, 2);
    bugs.iter().for_each(|bug| world.plant(0, *bug));
    let tickets = [(); 2].map(|()| world.new_ticket(&[0]).0);
    let [renamed, gone] = tickets.map(|ticket| customer_of(&world, ticket));
    assert_ne!(renamed, gone);
    name(&mut world, renamed, "旧名");
    name(&mut world, gone, "还在");
    world.settle();
    let backup = world.hq.back_up();
    name(&mut world, renamed, "新名");
    let id = gone.to_string();
    let took = world
        .hq
        .ask(async move |app| app.row_gone(RowKind::Customer, &id).await);
    assert!(took.expect("up").expect("taken away"));
    hq_notes(&mut world, tickets[0], "so that the phone knows more of the log");
    world.settle();
    assert!(is_named(&world, 0, renamed, "新名") && !is_named(&world, 0, gone, "还在"));
    world.restore_hq(&backup);
    let pages = watch(&mut world);
    world.sync(0);
    (world, pages, [renamed, gone])
}

#[test]
fn fault_020_rows_are_again_what_hq_says_though_little_is_read() {
    let (mut world, pages, [renamed, gone]) = rows_went_back(&[]);
    let seen = seen(&pages);
    assert!(seen.len() == 1 && seen[0].resumed.is_some());
    assert_eq!(
        (contents(&seen[0]), rows(&seen[0])),
        (0, 2),
        "{:?}",
        seen[0].items
    );
    assert!(is_named(&world, 0, renamed, "旧名"), "HQ lost the new one");
    assert!(is_named(&world, 0, gone, "还在"), "HQ has it again");
    world.assert_healed();
}

#[test]
fn fault_020_rows_of_a_lost_part_of_the_log_that_nobody_names_stay() {
    let (world, _, [renamed, gone]) = rows_went_back(&[Bug::RowsSinceUnsaid]);
    assert!(is_named(&world, 0, renamed, "新名") && !is_named(&world, 0, gone, "还在"));
}

/// Between the server's digest and the phone's question the server goes back once more, in silence: what the phone then
/// does not name is not there any more.
fn went_back_after_its_digest(bugs: &[ServerBug]) -> (World, OperationId) {
    let mut world = World::new(20, 2);
    let (both, _) = world.new_ticket(&[0, 1]);
    world.settle();
    let first = world.hq.back_up();
    let lost = hq_notes(&mut world, both, "lost twice");
    world.settle();
    world.restore_hq(&first);
    bugs.iter().for_each(|bug| world.hq.plant(*bug));
    // The second phone makes the new epoch known, and dies.
    world.dies_at(1, FaultPoint::EpochAfterCommit, 0);
    world.sync(1);
    let second = world.hq.back_up();
    world.sync(1);
    assert!(holds(&world, lost), "given back once");
    world.dies_at(0, FaultPoint::EpochAfterCommit, 0);
    world.sync(0);
    assert_eq!(world.deaths(0), [FaultPoint::EpochAfterCommit]);
    world.restore_hq(&second);
    assert!(!holds(&world, lost), "and lost again");
    world.sync(0);
    (world, lost)
}

#[test]
fn fault_020_a_digest_of_a_server_that_went_back_since_is_not_believed() {
    let (mut world, lost) = went_back_after_its_digest(&[]);
    assert!(holds(&world, lost), "the first phone gave it back once more");
    world.assert_healed();
}

#[test]
fn fault_020_a_digest_that_is_believed_for_ever_leaves_hq_without_its_own_work() {
    let (world, lost) = went_back_after_its_digest(&[ServerBug::RestBelieved]);
    assert!(!holds(&world, lost));
}

/// With other keys HQ's old word proves nothing: everything has to come once more, with a new one.
#[test]
fn fault_020_with_other_keys_everything_is_read_and_vouched_for_anew() {
    let mut world = World::new(20, 2);
    let (ticket, _) = world.new_ticket(&[0]);
    world.settle();
    let backup = world.hq.back_up();
    world.hq.restore_without_keys(&backup);
    let pages = watch(&mut world);
    world.settle();
    let read = seen(&pages);
    assert!(!read.is_empty() && read.iter().all(|page| page.resumed.is_none()));
    world.tamper = None;
    // The new word is worth something when HQ goes back next.
    world.note(0, ticket, "under the new keys");
    world.settle();
    let before = world.hq.back_up();
    let note = world.note(0, ticket, "lost");
    world.settle();
    assert!(holds(&world, note));
    world.restore_hq(&before);
    let pages = watch(&mut world);
    world.sync(0);
    assert!(holds(&world, note));
    assert!(
        seen(&pages).iter().all(|page| page.resumed.is_some()),
        "and is little"
    );
    world.assert_healed();
}

/// Two restores one after the other: what came between them is lost with the second.
#[test]
fn fault_020_a_phone_goes_on_after_a_second_restore_to_before_the_first() {
    let (mut world, ticket, _) = World::with_ticket(20, 2);
    world.settle();
    let first = world.hq.back_up();
    let lost = hq_notes(&mut world, ticket, "after the first backup");
    world.settle();
    let second = world.hq.back_up();
    let later = hq_notes(&mut world, ticket, "after the second");
    world.settle();
    world.restore_hq(&second);
    world.sync(0);
    assert!(holds(&world, later));
    world.note(0, ticket, "in the new epoch");
    world.sync(0);
    world.restore_hq(&first);
    let pages = watch(&mut world);
    world.sync(0);
    assert!(holds(&world, lost) && holds(&world, later));
    let seen = seen(&pages);
    assert!(seen.len() == 1 && seen[0].resumed.is_some());
    world.assert_healed();
}
