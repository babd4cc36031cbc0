//! Work that colleagues hand each other where no network reaches (78, 79, 80): brought by another than its author, before
//! him, after him, instead of him, and over several phones.

use fieldline_engine::view::EntryView;
use fieldline_engine::{Bug, BundleError, OTHERS_WAIT_MS};
use fieldline_model::card::Card;
use fieldline_model::id::{OperationId, TicketId, VisitId};
use fieldline_model::operation::Act;
use fieldline_server::app::Bug as HqBug;
use fieldline_tests::world::phone::{Done, InstallFile};
use fieldline_tests::world::sync::Synced;
use fieldline_tests::world::{World, cast};

fn merged() -> Option<(String, Option<String>)> {
    Some(("merged".into(), None))
}

fn word(world: &World, id: OperationId) -> Option<String> {
    world.fate_at_hq(id).map(|(word, _)| word)
}

/// A ticket that so many engineers hold, the first of them without signal from now on.
fn crew(seed: u64, engineers: usize) -> (World, TicketId, VisitId) {
    let mut world = World::new(seed, engineers);
    let (ticket, visit) = world.new_ticket(&(0..engineers).collect::<Vec<_>>());
    world.settle();
    world.phones[0].offline = true;
    (world, ticket, visit)
}

/// What a phone shows of a ticket as handed over and not at HQ.
fn carried(world: &mut World, n: usize, ticket: TicketId) -> Vec<OperationId> {
    let Done::Well(view) = world.on(n, |engine, moment| engine.ticket(ticket, moment)) else {
        panic!("phone {n} shows the ticket");
    };
    let shown = view.events.iter().chain(&view.field);
    let carried = shown.filter(|entry: &&EntryView| entry.carried);
    carried.map(|entry| entry.operation).collect()
}

fn through(world: &mut World, n: usize) {
    assert!(matches!(world.sync(n), Synced::Through { .. }), "phone {n} syncs");
}

fn books(world: &World) -> Vec<i64> {
    let tables = ["log", "change", "fate", "event", "refused"];
    let count = |table| world.count_at_hq(&format!("SELECT count(*) FROM {table}"));
    tables.map(count).to_vec()
}

fn adopt(world: &mut World, id: OperationId) {
    let supervisor = cast::dispatcher();
    let adopted = world.hq.ask(async move |app| app.adopt(id, supervisor).await);
    adopted.expect("up").expect("taken over");
}

fn held(world: &mut World) -> Vec<OperationId> {
    let held = world.hq.ask(async move |app| app.held(100).await);
    held.expect("up")
        .expect("read")
        .into_iter()
        .map(|(id, _)| id)
        .collect()
}

/// The phone was destroyed: another one, with what it knew in the morning, is all its person has.
fn destroy(world: &mut World, n: usize, morning: &fieldline_tests::world::phone::Backup) {
    world.restore_phone(n, morning, InstallFile::Missing);
}

#[test]
fn fault_078_carrier_brings_it_before_the_author() {
    let (mut world, ticket, visit) = crew(78, 2);
    let accept = world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    let note = world.note(0, ticket, "在机房，没有信号");
    world.phones[1].offline = true;
    let imported = world.hand(0, 1);
    assert_eq!((imported.carried, imported.refused.len()), (2, 0));
    assert_eq!(carried(&mut world, 1, ticket), [accept, note]);
    let status = world.status(1);
    assert_eq!(
        (status.carried, status.saved_here),
        (2, 0),
        "shown, and not his own"
    );
    let phase = "SELECT phase = 'offered' FROM ticket_row";
    assert_eq!(
        look_at(&world, 1, phase),
        1,
        "nothing that HQ does not know counts on the carrier's phone"
    );

    world.phones[1].offline = false;
    through(&mut world, 1);
    assert_eq!(
        [accept, note].map(|id| world.fate_at_hq(id)),
        [merged(), merged()]
    );
    assert_eq!(world.status(1).carried, 0);
    assert!(
        world.status(1).cards.is_empty(),
        "the fate is its author's to hear"
    );
    let states = [accept, note].map(|id| world.fate_on_phone(0, id));
    assert_eq!(
        states.map(|state| state.expect("here")),
        ["saved", "saved"],
        "nobody's word but HQ's frees him"
    );
    let before = books(&world);
    world.phones[0].offline = false;
    through(&mut world, 0);
    assert_eq!(books(&world), before, "decided once");
    assert_eq!(world.fate_on_phone(0, note).as_deref(), Some("merged"));
    world.assert_healed();
    assert_eq!(world.tally.of("bundle.taken"), 1);
}

fn look_at(world: &World, n: usize, sql: &str) -> i64 {
    world.count_on_phone(n, sql)
}

/// The carrier loses what he was handed. Fails where handing it over frees its author.
#[test]
fn fault_078_the_carrier_never_comes_and_the_author_has_it_still() {
    for bug in [None, Some(Bug::HandedIsSent)] {
        let (mut world, ticket, _) = crew(780, 2);
        let morning = world.phones[1].back_up();
        let note = world.note(0, ticket, "请带回");
        bug.into_iter().for_each(|bug| world.plant(0, bug));
        world.phones[1].offline = true;
        world.hand(0, 1);
        destroy(&mut world, 1, &morning);
        assert!(
            carried(&mut world, 1, ticket).is_empty(),
            "it is gone with his phone"
        );
        if bug.is_some() {
            assert!(!world.heal_and_check().is_empty(), "a promise was broken");
        } else {
            world.assert_healed();
            assert_eq!(world.fate_at_hq(note), merged());
        }
    }
}

/// A step that HQ refuses, and a note built on it, handed to a colleague.
fn refused_and_handed(seed: u64) -> (World, TicketId, OperationId, OperationId) {
    let (mut world, ticket, visit) = crew(seed, 2);
    world.plant(0, Bug::RulesSkipped);
    let refused = world
        .perform(0, ticket, Act::Start { visit })
        .expect("this app allows it");
    let built = world.note(0, ticket, "建立在被拒之上");
    world.phones[1].offline = true;
    assert_eq!(
        world.hand(0, 1).carried,
        2,
        "an app as old as the author's takes it along"
    );
    (world, ticket, refused, built)
}

#[test]
fn fault_078_carrier_brings_it_after_it_was_refused() {
    let (mut world, _, refused, built) = refused_and_handed(781);
    world.phones[0].offline = false;
    through(&mut world, 0);
    assert_eq!(word(&world, refused).as_deref(), Some("refused"));
    assert_eq!(world.fate_at_hq(built), merged(), "written again");
    let before = books(&world);
    world.phones[1].offline = false;
    through(&mut world, 1);
    assert_eq!(books(&world), before, "decided once");
    assert_eq!(
        world.status(1).carried,
        0,
        "and it need not be carried any longer"
    );
    assert!(held(&mut world).is_empty());
    world.assert_healed();
    assert_eq!(
        world.count_at_hq("SELECT count(*) FROM event WHERE act = 'note'"),
        1
    );
}

#[test]
fn fault_078_refused_in_the_carriers_hands_it_is_told_to_the_author() {
    let (mut world, _, refused, built) = refused_and_handed(782);
    world.phones[1].offline = false;
    let own = world.note(1, world.tickets[0], "搭档自己的记录");
    through(&mut world, 1);
    assert_eq!(word(&world, refused).as_deref(), Some("refused"));
    assert_eq!(
        world.fate_at_hq(own),
        merged(),
        "the carrier's own work does not wait"
    );
    assert!(world.status(1).cards.is_empty());
    assert_eq!(held(&mut world), [built], "he may never come to write it again");

    world.phones[0].offline = false;
    through(&mut world, 0);
    assert!(held(&mut world).is_empty(), "he came, so it is his");
    assert_eq!(world.fate_at_hq(built), merged());
    let cards: Vec<_> = world.status(0).cards.iter().map(|card| card.operation).collect();
    assert_eq!(cards, [refused]);
    world.assert_healed();
}

/// The author's phone is gone; what was built on the refused step lives on his colleague's alone.
#[test]
fn fault_078_what_only_the_carrier_has_waits_for_a_supervisor() {
    for bug in [None, Some(HqBug::LeftBehindDropped)] {
        let (mut world, ticket, visit) = crew(783, 2);
        bug.into_iter().for_each(|bug| world.hq.plant(bug));
        let morning = world.phones[0].back_up();
        world.plant(0, Bug::RulesSkipped);
        world
            .perform(0, ticket, Act::Start { visit })
            .expect("this app allows it");
        let built = world.note(0, ticket, "只在同事手机上");
        world.hand(0, 1);
        destroy(&mut world, 0, &morning);
        through(&mut world, 1);
        if bug.is_some() {
            assert!(held(&mut world).is_empty(), "nobody hears of it any more");
            continue;
        }
        assert_eq!(held(&mut world), [built]);
        adopt(&mut world, built);
        assert_eq!(world.fate_at_hq(built), merged());
        world.assert_healed();
    }
}

#[test]
fn fault_078_carrier_brings_it_after_the_author_was_revoked() {
    for bug in [None, Some(HqBug::RelayedUnheld)] {
        let (mut world, ticket, _) = crew(784, 2);
        bug.into_iter().for_each(|bug| world.hq.plant(bug));
        let note = world.note(0, ticket, "手机随后丢失");
        world.phones[1].offline = true;
        world.hand(0, 1);
        world.revoke(0);
        world.phones[0].revoked = true;
        let own = world.note(1, ticket, "搭档自己的记录");
        world.phones[1].offline = false;
        through(&mut world, 1);
        assert_eq!(world.fate_at_hq(own), merged(), "the carrier is not blocked");
        if bug.is_some() {
            assert_eq!(world.fate_at_hq(note), merged(), "merged silently");
            continue;
        }
        assert_eq!(world.fate_at_hq(note), None, "a person decides");
        assert_eq!(held(&mut world), [note]);
        assert_eq!(world.status(1).carried, 0, "HQ has it");
        adopt(&mut world, note);
        assert_eq!(world.fate_at_hq(note), merged());
        world.assert_healed();
        assert_eq!(
            world.fate_on_phone(0, note).as_deref(),
            Some("merged"),
            "and its author is told"
        );
    }
}

/// A copied phone writes two variants of one line. One lies with a colleague, the other is at HQ.
fn two_variants(
    seed: u64,
) -> (
    World,
    TicketId,
    OperationId,
    OperationId,
    fieldline_tests::world::phone::Backup,
) {
    let (mut world, ticket, _) = crew(seed, 2);
    let morning = world.phones[0].back_up();
    let copy = world.clone_phone(0, InstallFile::Copied);
    let first = world.note(0, ticket, "甲手机的内容");
    let second = world.note(copy, ticket, "副本的内容");
    let place = "SELECT hex(actor) FROM change ORDER BY n DESC LIMIT 1";
    let actor = |n: usize| -> String {
        let db = fieldline_tests::world::check::look(&world.phones[n].db());
        db.query_row(place, [], |row| row.get(0)).expect("a change")
    };
    assert_eq!(actor(0), actor(copy), "one line, two variants");
    world.phones[1].offline = true;
    world.hand(0, 1);
    through(&mut world, copy);
    assert_eq!(world.fate_at_hq(second), merged());
    world.phones[1].offline = false;
    through(&mut world, 1);
    assert_eq!(world.fate_at_hq(first), None, "its place in the line is taken");
    assert_eq!(held(&mut world), [first]);
    assert_eq!(world.status(1).carried, 0);
    (world, ticket, first, second, morning)
}

#[test]
fn fault_079_two_variants_and_the_author_writes_his_again() {
    let (mut world, _, first, second, _) = two_variants(79);
    world.phones[0].offline = false;
    through(&mut world, 0);
    assert!(held(&mut world).is_empty());
    assert_eq!(
        [first, second].map(|id| world.fate_at_hq(id)),
        [merged(), merged()]
    );
    world.assert_healed();
}

#[test]
fn fault_079_two_variants_and_one_is_nowhere_but_with_a_colleague() {
    let (mut world, ticket, first, second, morning) = two_variants(790);
    destroy(&mut world, 0, &morning);
    world.phones[0].offline = false;
    through(&mut world, 0);
    assert_eq!(held(&mut world), [first], "nobody else has it");
    adopt(&mut world, first);
    assert_eq!(
        [first, second].map(|id| world.fate_at_hq(id)),
        [merged(), merged()]
    );
    world.note(0, ticket, "新的一天");
    world.assert_healed();
}

/// Both variants come to one colleague: which of them HQ has he cannot know, so he carries both.
#[test]
fn fault_079_a_colleague_carries_both_variants() {
    let (mut world, ticket, _) = crew(791, 2);
    let copy = world.clone_phone(0, InstallFile::Copied);
    let notes = [world.note(0, ticket, "甲"), world.note(copy, ticket, "乙")];
    world.phones[1].offline = true;
    world.phones[copy].offline = true;
    assert_eq!(world.hand(0, 1).carried, 1);
    assert_eq!(world.hand(copy, 1).carried, 1);
    world.phones[1].offline = false;
    through(&mut world, 1);
    assert_eq!(world.fate_at_hq(notes[0]), merged());
    assert_eq!(held(&mut world), [notes[1]]);
    world.assert_healed();
    assert_eq!(world.fate_at_hq(notes[1]), merged());
}

/// A hands to B, B to C, and B's phone is gone before it meets HQ, and so is A's. HQ's newest plan, on which A built, B and C
/// had not heard of: A's phone brings HQ's word for it along.
#[test]
fn fault_080_bundle_of_a_bundle_middle_phone_gone() {
    let (mut world, ticket, visit) = crew(80, 3);
    let mornings = [0, 1].map(|n| world.phones[n].back_up());
    world.phones[1].offline = true;
    world.phones[2].offline = true;
    world.phones[0].offline = false;
    let plan = world.hq_does(
        fieldline_model::operation::Author::Staff(cast::dispatcher()),
        ticket,
        Act::Note {
            text: "钥匙在门卫处".into(),
        },
    );
    assert!(plan.is_some());
    through(&mut world, 0);
    world.phones[0].offline = true;
    let accept = world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    let note = world.note(0, ticket, "已取钥匙");
    world.hand(0, 1);
    let own = world.note(1, ticket, "乙的记录");
    let imported = world.hand(1, 2);
    assert_eq!((imported.carried, imported.refused.len()), (3, 0));
    let mut shown = carried(&mut world, 2, ticket);
    shown.sort();
    let mut handed = [accept, note, own];
    handed.sort();
    assert_eq!(shown, handed, "checked and shown, two phones on");
    destroy(&mut world, 0, &mornings[0]);
    destroy(&mut world, 1, &mornings[1]);
    world.phones[2].offline = false;
    through(&mut world, 2);
    assert_eq!(
        [accept, note, own].map(|id| world.fate_at_hq(id)),
        [merged(), merged(), merged()]
    );
    let by = "SELECT count(DISTINCT author) FROM event WHERE act IN ('accept', 'note') AND author LIKE 'engineer:%'";
    assert_eq!(world.count_at_hq(by), 2, "each in its author's name");
    world.assert_healed();
    assert_eq!(world.tally.of("bundle.taken"), 2);
}

/// Lost on the way, brought twice, and once more after HQ went back.
#[test]
fn fault_078_a_carried_lane_survives_lost_answers_and_a_server_that_went_back() {
    let (mut world, ticket, _) = crew(785, 2);
    let backup = world.hq.back_up();
    let morning = world.phones[0].back_up();
    let note = world.note(0, ticket, "随同事带回");
    world.hand(0, 1);
    destroy(&mut world, 0, &morning);
    assert_eq!(
        world.sync_with(1, fieldline_tests::world::network::NetFault::ReplyLost),
        Synced::Cut
    );
    assert_eq!(world.status(1).carried, 1, "nobody told this phone");
    through(&mut world, 1);
    assert_eq!((world.fate_at_hq(note), world.status(1).carried), (merged(), 0));
    world.restore_hq(&backup);
    assert_eq!(world.fate_at_hq(note), None, "HQ has lost it");
    world.assert_healed();
    assert_eq!(world.fate_at_hq(note), merged());
}

/// What a colleague brings builds on what HQ has lost and he does not hold: after some days a supervisor is asked. Then its
/// author comes, gives back what it builds on, and it is his again. Fails without `release_relayed` at HQ.
#[test]
fn fault_078_what_built_on_lost_work_is_its_authors_again_when_he_comes() {
    let (mut world, ticket, _) = crew(787, 2);
    let backup = world.hq.back_up();
    world.phones[1].offline = true;
    world.phones[0].offline = false;
    let lost = world.note(0, ticket, "总部会丢的");
    through(&mut world, 0);
    assert_eq!(world.fate_at_hq(lost), merged());
    world.phones[0].offline = true;
    world.restore_hq(&backup);
    let note = world.note(0, ticket, "请带回");
    assert_eq!(world.hand(0, 1).carried, 1);
    world.phones[1].offline = false;
    through(&mut world, 1);
    assert!(held(&mut world).is_empty(), "its author may come any day");
    world.clock.pass(OTHERS_WAIT_MS + 1);
    through(&mut world, 1);
    assert_eq!(held(&mut world), [note], "nobody knows whether he will");
    assert_eq!(world.fate_at_hq(lost), None, "HQ has it from nobody");

    world.phones[0].offline = false;
    through(&mut world, 0);
    assert_eq!(
        [lost, note].map(|id| world.fate_at_hq(id)),
        [merged(), merged()],
        "no supervisor need decide"
    );
    assert!(held(&mut world).is_empty());
    world.assert_healed();
}

/// What only one of them may hold stays where it is, and nobody hands anything to whom HQ does not prove.
#[test]
fn a_colleague_is_handed_what_both_may_hold_and_nothing_else() {
    let (mut world, ticket, _) = crew(786, 2);
    world.phones[0].offline = false;
    let (alone, _) = world.new_ticket(&[0]);
    world.settle();
    world.phones[0].offline = true;
    let secret = world.note(0, alone, "只归甲");
    let card = world.card(1);
    assert_eq!(world.bundle(0, &card), Err(BundleError::Nothing));
    let shared = world.note(0, ticket, "两人都有");
    let bytes = world.bundle(0, &card).expect("something");
    world.take_bundle(1, &bytes).expect("for this phone");
    assert_eq!(carried(&mut world, 1, ticket), [shared]);
    let seen = format!("SELECT count(*) FROM carried_entry WHERE operation = '{secret}'");
    assert_eq!(look_at(&world, 1, &seen), 0);
    let twice = world.take_bundle(1, &bytes).expect("twice is once");
    assert_eq!((twice.carried, twice.known), (0, 1));

    let own = world.card(0);
    assert_eq!(world.bundle(0, &own), Err(BundleError::PeerSelf));
    let stranger = Card {
        bundle_key: [9; 32],
        ..card
    };
    assert_eq!(world.bundle(0, &stranger), Err(BundleError::PeerUnproven));
    assert_eq!(world.take_bundle(0, &bytes), Err(BundleError::NotForMe));
    let mut elsewhere = card;
    elsewhere.organisation = fieldline_model::id::OrganisationId::from_bytes([7; 16]);
    assert_eq!(world.bundle(0, &elsewhere), Err(BundleError::OtherCompany));
    world.clock.pass(31 * 86_400_000);
    assert_eq!(
        world.bundle(0, &card),
        Err(BundleError::NoPapers),
        "its own has run out too"
    );
    world.phones[0].offline = false;
    through(&mut world, 0);
    assert_eq!(world.bundle(0, &card), Err(BundleError::PeerExpired));
    world.assert_healed();
}

/// The author's phone is put back to the morning under the same install, which HQ never heard had written: what its colleague
/// brought comes down to it like anybody's. The dice found it: HQ's receipt did not fit what the phone held.
#[test]
fn fault_079_a_phone_put_back_gets_its_own_work_that_a_colleague_brought() {
    let (mut world, ticket, _) = crew(792, 2);
    let morning = world.phones[0].back_up();
    let note = world.note(0, ticket, "中午的记录");
    world.hand(0, 1);
    through(&mut world, 1);
    world.restore_phone(0, &morning, InstallFile::Kept);
    world.phones[0].offline = false;
    through(&mut world, 0);
    assert!(world.status(0).complete);
    let reset = "SELECT reset_at IS NOT NULL FROM cursor";
    assert_eq!(look_at(&world, 0, reset), 0, "nothing need be read again");
    let Done::Well(view) = world.on(0, |engine, moment| engine.ticket(ticket, moment)) else {
        panic!("the ticket is there");
    };
    assert!(
        view.field
            .iter()
            .any(|entry| entry.operation == note && !entry.carried)
    );
    world.assert_healed();
}
