//! Work that comes by strange roads (36, 40, 53, 54, 77): refused while nobody could hear it, found again on a lost
//! phone, under somebody else's name, in another document, or long after it was written anew.

use fieldline_engine::Bug;
use fieldline_model::id::{OperationId, OrganisationId, TicketId, VisitId};
use fieldline_model::operation::Act;
use fieldline_model::wire::{Lane, Reply, Verdict, unpack};
use fieldline_tests::world::check::look;
use fieldline_tests::world::hostile::Hostile;
use fieldline_tests::world::network::NetFault;
use fieldline_tests::world::sync::Synced;
use fieldline_tests::world::{World, cast};

fn merged() -> Option<(String, Option<String>)> {
    Some(("merged".into(), None))
}

/// HQ refuses a step; the answer is lost, and he goes on for days building on it.
fn refused_while_offline(bug: Option<Bug>) -> (World, OperationId, Vec<OperationId>) {
    let (mut world, ticket, visit) = World::with_ticket(36, 2);
    world.plant(0, Bug::RulesSkipped);
    bug.into_iter().for_each(|bug| world.plant(0, bug));
    let refused = world
        .perform(0, ticket, Act::Start { visit })
        .expect("this app allows it");
    assert_eq!(world.sync_with(0, NetFault::ReplyLost), Synced::Cut);
    let at_hq = world.fate_at_hq(refused).map(|(word, _)| word);
    assert_eq!(at_hq.as_deref(), Some("refused"), "decided while he was gone");
    world.phones[0].offline = true;
    let mut built = Vec::new();
    for day in 0..3 {
        built.push(world.note(0, ticket, &format!("第 {day} 天")));
        world.phones[0].kill();
        world.clock.pass(86_400_000);
        assert_eq!(world.sync(0), Synced::Cut, "offline again");
    }
    assert_eq!(
        world.fate_on_phone(0, refused).as_deref(),
        Some("saved"),
        "he cannot know"
    );
    world.phones[0].offline = false;
    (world, refused, built)
}

#[test]
fn fault_036_refused_while_offline_again() {
    let (mut world, refused, built) = refused_while_offline(None);
    world.assert_healed();
    for id in built {
        assert_eq!(world.fate_at_hq(id), merged(), "written again upon what HQ has");
    }
    let cards = world.status(0).cards;
    let cards: Vec<_> = cards
        .iter()
        .map(|card| (card.operation, card.code.as_str()))
        .collect();
    assert_eq!(cards, [(refused, "not_now")], "and he is told");
}

#[test]
fn fault_036_a_phone_that_forgets_what_was_built_loses_it() {
    let (mut world, _, _) = refused_while_offline(Some(Bug::DependentsForgotten));
    assert!(!world.heal_and_check().is_empty());
}

fn revoke(world: &mut World, n: usize) {
    let device = world.status(n).device.expect("enrolled");
    let revoked = world.hq.ask(async move |app| app.revoke(device).await);
    assert!(revoked.expect("up").expect("read"));
    world.phones[n].revoked = true;
}

/// A phone is lost with unsent work, revoked, replaced; the new one finishes the job. Then the old one turns up.
fn lost_and_replaced() -> (World, TicketId, VisitId, OperationId, OperationId) {
    let (mut world, ticket, visit) = World::with_ticket(40, 2);
    world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    world.sync(0);
    world.phones[0].offline = true;
    let depart = Act::Depart { visit, eta: None };
    let step = world.perform(0, ticket, depart.clone()).expect("legal");
    let note = world.note(0, ticket, "丢手机之前记的");
    revoke(&mut world, 0);
    world.add_phone(cast::engineer(0));
    world
        .perform(2, ticket, depart)
        .expect("the new phone knows of no departure");
    let arrive = Act::Arrive {
        visit,
        position: None,
    };
    world.perform(2, ticket, arrive).expect("legal");
    assert!(matches!(world.sync(2), Synced::Through { .. }));
    world.clock.pass(20 * 86_400_000);
    world.phones[0].offline = false;
    world.sync(0);
    (world, ticket, visit, step, note)
}

/// Fails where a revoked phone's lanes are taken like anybody's (`hold_lane` in `exchange`).
#[test]
fn fault_040_lost_device_found_again_online() {
    let (mut world, ticket, visit, step, note) = lost_and_replaced();
    for id in [step, note] {
        assert_eq!(
            world.fate_at_hq(id),
            None,
            "a person decides what a lost phone brings"
        );
        assert_eq!(
            world.fate_on_phone(0, id).as_deref(),
            Some("saved"),
            "and nothing is wiped"
        );
    }
    let why: Vec<_> = world.status(0).waiting.iter().map(|line| line.why).collect();
    assert_eq!(why, ["held", "held"]);
    let phase = |world: &World| {
        let state = world.state_at_hq(ticket).expect("there");
        state.visits.get(&visit).map(|visit| visit.phase.word())
    };
    assert_eq!(phase(&world), Some("arrived"), "what the new phone did stands");

    let supervisor = cast::dispatcher();
    let adopted = world
        .hq
        .ask(async move |app| app.adopt_in_order(vec![step, note], supervisor).await);
    adopted.expect("up").expect("taken over");
    world.sync(0);
    assert_eq!(world.fate_at_hq(note), merged());
    let late = world.fate_at_hq(step).map(|(word, _)| word);
    assert_eq!(late.as_deref(), Some("overruled"), "he set out once");
    assert_eq!(phase(&world), Some("arrived"), "and nothing goes back");
    world.assert_healed();
}

/// Found, it becomes his second phone. What HQ holds of it is still for a person; what he does now goes through.
#[test]
fn fault_040_lost_device_found_again_and_enrolled_again() {
    let (mut world, ticket, _, step, note) = lost_and_replaced();
    world.enrol(0);
    world.phones[0].revoked = false;
    world.sync(0);
    assert_eq!(
        [step, note].map(|id| world.fate_at_hq(id)),
        [None, None],
        "still held"
    );
    let other = world.new_ticket(&[0]).0;
    world.sync(0);
    let fresh = world.note(0, other, "找回来以后");
    world.sync(0);
    assert_eq!(world.fate_at_hq(fresh), merged(), "other work does not wait");
    let supervisor = cast::dispatcher();
    for id in [step, note] {
        let declined = world
            .hq
            .ask(async move |app| app.decline_held(id, supervisor).await);
        declined.expect("up").expect("declined");
    }
    world.note(2, ticket, "新手机照常");
    world.assert_healed();
    assert_eq!(world.fate_on_phone(0, note).as_deref(), Some("refused"));
}

fn verdicts(world: &mut World, hostile: &Hostile, lane: Lane) -> Vec<Verdict> {
    let answer = hostile.push(world, vec![lane]);
    let reply: Reply = unpack(&answer.body).expect("a reply");
    reply.verdicts.into_iter().map(|(_, verdict)| verdict).collect()
}

/// What a phone is about to send, overheard: operation and bytes.
fn overheard(world: &World, n: usize) -> (OperationId, Vec<u8>) {
    let sql = "SELECT operation, bytes FROM change WHERE state = 'pending' ORDER BY n DESC LIMIT 1";
    look(&world.phones[n].db())
        .query_row(sql, [], |row| {
            Ok((row.get::<_, String>(0)?.parse().expect("operation"), row.get(1)?))
        })
        .expect("unsent work")
}

/// Somebody brings another's work as his own, or spoiled in another's name, to get it refused before it comes. Fails
/// where a lane is looked at whose actor is not derived from the device (`is_signed` in `model::lane`).
#[test]
fn fault_053_change_signed_under_anothers_actor() {
    let (mut world, ticket, _) = World::with_ticket(53, 2);
    world
        .offer(ticket, vec![cast::engineer(1)])
        .expect("both hold it");
    world.settle();
    let hostile = Hostile::of(&world, 0);
    let note = world.note(1, ticket, "别人的话");
    let (id, bytes) = overheard(&world, 1);
    assert_eq!(id, note);
    let mut spoiled = bytes.clone();
    let last = spoiled.len() - 1;
    spoiled[last] ^= 1;
    for stolen in [bytes, spoiled] {
        let lane = hostile.phone.lane(ticket.into(), &[stolen]);
        let verdicts = verdicts(&mut world, &hostile, lane);
        assert!(
            matches!(verdicts[..], [Verdict::Unproven | Verdict::Replay]),
            "nothing is decided about another's work: {verdicts:?}"
        );
        assert_eq!(world.fate_at_hq(note), None);
    }
    assert_eq!(world.tally.of("hostile.push"), 2);
    world.assert_healed();
    assert_eq!(world.fate_at_hq(note), merged(), "its own phone brings it");
}

/// Fails where the signature covers neither document nor organisation (`Line` in `model::actor`).
#[test]
fn fault_054_frame_replayed_into_another_document_or_organisation() {
    let (mut world, ticket, _) = World::with_ticket(54, 2);
    let (other, _) = world.new_ticket(&[0]);
    world.settle();
    let hostile = Hostile::of(&world, 0);
    let (id, bytes) = hostile.note(&mut world, ticket, "只属于一张工单");
    let honest = hostile.phone.lane(ticket.into(), std::slice::from_ref(&bytes));
    let mut moved = honest.clone();
    moved.document = other.into();
    let elsewhere = hostile
        .phone
        .clone()
        .of_organisation(OrganisationId::from_bytes([7; 16]))
        .lane(ticket.into(), &[bytes]);
    for lane in [moved, elsewhere] {
        assert_eq!(verdicts(&mut world, &hostile, lane), [Verdict::Unproven]);
        assert_eq!(world.fate_at_hq(id), None);
    }
    // In its own place the very same frame is good: it was refused for where it came to.
    let [Verdict::Fate { operation, .. }] = verdicts(&mut world, &hostile, honest)[..] else {
        panic!("it is taken");
    };
    assert_eq!((operation, world.fate_at_hq(id)), (id, merged()));
    let entries = "SELECT count(DISTINCT document) FROM event WHERE act = 'note'";
    assert_eq!(world.count_at_hq(entries), 1);
    // It is nobody's on the honest phone: HQ's own books must fit all the same.
    world.phones[0].kill();
    world.assert_healed();
}

/// The first push is held up on the road; the second is refused in part and the rest written again. Then the first one
/// comes in after all, with the old bytes of work that has its fate under new ones. Many defences, none needed alone: what
/// builds on a refused change is refused by its hash, an operation that has a fate is not judged, and has room for one.
#[test]
fn fault_077_refused_original_relayed_after_the_replay() {
    let (mut world, ticket, visit) = World::with_ticket(77, 2);
    world.plant(0, Bug::RulesSkipped);
    let refused = world
        .perform(0, ticket, Act::Start { visit })
        .expect("this app allows it");
    let built = world.note(0, ticket, "建立在被拒之上");
    assert_eq!(world.sync_with(0, NetFault::RequestLate), Synced::Cut);
    assert_eq!(world.network.late_requests(), 1);
    world.settle();
    assert_eq!(world.fate_at_hq(built), merged());
    let copies = "SELECT count(DISTINCT hash) FROM change WHERE operation IN
                  (SELECT operation FROM intent WHERE state = 'merged')";
    assert_eq!(world.count_on_phone(0, copies), 2, "it was written twice");
    let books =
        ["log", "change", "fate", "event", "refused"].map(|table| format!("SELECT count(*) FROM {table}"));
    let before = books.clone().map(|sql| world.count_at_hq(&sql));
    world.deliver_late();
    assert_eq!(books.map(|sql| world.count_at_hq(&sql)), before, "decided once");
    world.assert_healed();
    assert_eq!(
        world.fate_at_hq(refused).map(|(word, _)| word).as_deref(),
        Some("refused")
    );
    assert_eq!(
        world.count_at_hq("SELECT count(*) FROM event WHERE act = 'note'"),
        1
    );
}
