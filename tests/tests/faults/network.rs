//! The network (3, 4, 5, 30, 83): what is lost, repeated, cut, late, or answered by somebody else.

use fieldline_engine::{Bug, FaultPoint};
use fieldline_model::id::{TicketId, VisitId};
use fieldline_model::operation::{Act, Author};
use fieldline_tests::world::check::Findings;
use fieldline_tests::world::network::NetFault;
use fieldline_tests::world::story::DAY_MS;
use fieldline_tests::world::sync::Synced;
use fieldline_tests::world::{World, cast};

fn acknowledgement_lost(world: &mut World, ticket: TicketId) -> Findings {
    let note = world.note(0, ticket, "noted once");
    assert_eq!(world.sync_with(0, NetFault::ReplyLost), Synced::Cut);
    assert_eq!(world.tally.of("net.reply_lost"), 1);
    assert!(world.fate_at_hq(note).is_some(), "the server has it");
    assert_eq!(
        world.fate_on_phone(0, note).as_deref(),
        Some("saved"),
        "the phone cannot know"
    );
    world.heal_and_check()
}

#[test]
fn fault_003_acknowledgement_lost_pushed_again() {
    let (mut world, ticket, _) = World::with_ticket(3, 2);
    let findings = acknowledgement_lost(&mut world, ticket);
    assert!(findings.is_empty(), "{findings}");
    let note = *world.phones[0].saved.first().expect("one note");
    assert_eq!(world.fate_on_phone(0, note).as_deref(), Some("merged"));
    assert_eq!(
        world.count_at_hq("SELECT count(*) FROM event WHERE act = 'note'"),
        1
    );
}

#[test]
fn fault_003_a_phone_that_takes_sending_for_merging_loses_work() {
    let (mut world, ticket, _) = World::with_ticket(3, 2);
    world.plant(0, Bug::SentIsMerged);
    world.note(0, ticket, "sent into nothing");
    assert_eq!(world.sync_with(0, NetFault::RequestLost), Synced::Cut);
    assert_eq!(world.tally.of("net.request_lost"), 1);
    let findings = world.heal_and_check();
    assert!(
        findings.list().iter().any(|finding| finding.starts_with("LOST")),
        "{findings}"
    );
}

#[test]
fn fault_004_push_repeated_reordered_split() {
    let (mut world, ticket, visit) = World::with_ticket(4, 2);
    world.perform(0, ticket, Act::Accept { visit });
    assert_eq!(world.sync_with(0, NetFault::RequestLate), Synced::Cut);
    world.perform(0, ticket, Act::Depart { visit, eta: None });
    world.note(0, ticket, "on my way");
    world.sync_with(0, NetFault::RequestTwice);
    world.note(0, ticket, "nearly there");
    assert_eq!(world.sync_with(0, NetFault::RequestLate), Synced::Cut);
    world.sync(0);
    assert_eq!(world.network.late_requests(), 2);
    world.deliver_late();
    assert_eq!(
        (
            world.tally.of("net.request_late"),
            world.tally.of("net.request_twice")
        ),
        (2, 1)
    );
    world.assert_healed();
    assert_eq!(
        world.fated("merged").intersection(&world.phones[0].saved).count(),
        4
    );
}

#[test]
fn fault_005_cut_in_mid_page() {
    for item in 0..6 {
        let (mut world, _, _) = World::with_ticket(5, 2);
        for _ in 0..3 {
            world.new_ticket(&[0]);
        }
        let held = "SELECT count(*) FROM doc";
        let before = world.count_on_phone(0, held);
        assert_eq!(world.sync_with(0, NetFault::ReplyCut), Synced::Cut);
        world.dies_at(0, FaultPoint::PageItem, item);
        assert_eq!(world.sync(0), Synced::Died);
        assert_eq!(world.deaths(0), [FaultPoint::PageItem]);
        assert_eq!(world.tally.of("net.reply_cut"), 1);
        assert_eq!(
            world.count_on_phone(0, held),
            before,
            "a page is taken whole or not at all"
        );
        world.assert_healed();
        assert_eq!(world.count_on_phone(0, held), before + 3);
    }
}

#[test]
fn fault_030_captive_portal_answers_200_with_html() {
    let (mut world, ticket, _) = World::with_ticket(30, 2);
    let note = world.note(0, ticket, "in the hotel");
    for fault in [NetFault::Portal, NetFault::Gateway, NetFault::Busy] {
        assert_eq!(world.sync_with(0, fault), Synced::Cut);
        assert_eq!(world.tally.of(fault.name()), 1);
        assert_eq!(world.fate_on_phone(0, note).as_deref(), Some("saved"));
    }
    world.clock.pass(DAY_MS);
    world.assert_healed();
    assert_eq!(world.fate_on_phone(0, note).as_deref(), Some("merged"));
}

fn replies_swapped(bug: Option<Bug>) -> Findings {
    let (mut world, ticket, _) = World::with_ticket(83, 2);
    bug.into_iter().for_each(|bug| world.plant(0, bug));
    let lost = world.new_ticket(&[0]).1;
    world.note(0, ticket, "answered late");
    world.network.replies_late = 1;
    assert_eq!(world.sync(0), Synced::Cut);
    // HQ takes the second ticket away; the phone hears of both, and then the old reply comes in.
    let visit = VisitId::new(world.now(), world.dice.bytes());
    let to = vec![cast::engineer(1)];
    let act = Act::Reassign {
        from: lost,
        visit,
        to,
        plan: None,
    };
    let by = Author::Staff(cast::dispatcher());
    let ticket = world.tickets[1];
    world.hq_does(by, ticket, act).expect("HQ takes it away");
    world.sync(0);
    assert_eq!(world.sync(0), Synced::Through { idle: true });
    world.deliver_late();
    assert_eq!(world.tally.of("net.reply_late"), 1);
    world.heal_and_check()
}

#[test]
fn fault_083_two_syncs_responses_swapped() {
    let findings = replies_swapped(None);
    assert!(findings.is_empty(), "{findings}");
}

#[test]
fn fault_083_a_page_from_anywhere_takes_the_cursor_back() {
    assert!(!replies_swapped(Some(Bug::PageFromAnywhere)).is_empty());
}
