//! Rows of unsent work are gone from the phone's file (14): put back from what is left, or told by name; never silence.

use fieldline_engine::SETTLED_KEEP_MS;
use fieldline_model::id::OperationId;
use fieldline_model::operation::{Act, Author};
use fieldline_model::wire::Item;
use fieldline_tests::world::check::look;
use fieldline_tests::world::damage::Damage;
use fieldline_tests::world::network::NetFault;
use fieldline_tests::world::phone::Done;
use fieldline_tests::world::{World, cast};

/// One operation is unsent, and the disk takes every trace of it but the promise.
fn swept() -> (World, OperationId) {
    let (mut world, ticket, _) = World::with_ticket(14, 2);
    world.note(0, ticket, "before");
    world.sync(0);
    let gone = world.note(0, ticket, "nobody will ever read this");
    assert!(world.damage(0, Damage::WorkGone));
    (world, gone)
}

fn run(world: &mut World, sql: &str) {
    world.phones[0].kill();
    let db = look(&world.phones[0].db());
    db.pragma_update(None, "foreign_keys", "OFF").expect("a pragma");
    db.execute_batch(sql).expect("damage");
}

#[test]
fn fault_014_work_of_which_nothing_is_left_is_told_by_name_until_the_person_knows() {
    let (mut world, gone) = swept();
    let ticket = world.tickets[0];
    for _ in 0..3 {
        let status = world.status(0);
        assert_eq!(status.missing.len(), 1);
        let line = &status.missing[0];
        assert_eq!((line.operation, line.act.as_str()), (gone, "note"));
        assert!(!line.number.is_empty() && world.says(0, "work_missing"));
        world.sync(0);
        world.phones[0].kill();
        world.clock.pass(60_000);
    }
    let other = world.note(0, ticket, "work goes on");
    world.assert_healed();
    assert_eq!(world.tally.of("work.missing"), 1);
    assert_eq!(world.fate_at_hq(gone), None, "nothing was made up");
    assert_eq!(world.fate_on_phone(0, other).as_deref(), Some("merged"));
    assert!(matches!(
        world.on(0, |engine, _| engine.dismiss(gone)),
        Done::Well(true)
    ));
    world.phones[0].kill();
    let status = world.status(0);
    assert!(status.missing.is_empty() && status.missing_unnamed == 0);
    assert!(!world.says(0, "work_missing"));
}

#[test]
fn fault_014_what_hq_has_of_it_comes_back_and_is_counted() {
    let (mut world, ticket, visit) = World::with_ticket(14, 2);
    let accept = world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    world.sync_with(0, NetFault::ReplyLost);
    assert!(world.damage(0, Damage::WorkGone));
    assert_eq!(world.status(0).missing.len(), 1, "it cannot know yet");
    world.assert_healed();
    assert_eq!(world.fate_at_hq(accept), Some(("merged".into(), None)));
    let status = world.status(0);
    assert_eq!((status.at_hq, status.missing.len()), (1, 0), "HQ told its fate");
    assert!(!world.says(0, "work_missing"));
}

#[test]
fn fault_014_what_stands_in_the_accepted_state_is_put_back_word_for_word() {
    let (mut world, ticket, _) = World::with_ticket(14, 2);
    let note = world.note(0, ticket, "HQ has it and writes upon it");
    world.sync_with(0, NetFault::ReplyLost);
    let seen = Act::Note { text: "seen".into() };
    world
        .hq_does(Author::Staff(cast::dispatcher()), ticket, seen)
        .expect("legal");
    // The page brings HQ's note, which stands upon the phone's; nobody tells the fate.
    world.tamper = Some(Box::new(|_, reply| {
        reply.verdicts.clear();
        let items = reply.page.iter_mut().flat_map(|page| &mut page.items);
        assert!(items.count() > 0, "the page came");
        reply
            .page
            .iter_mut()
            .for_each(|page| page.items.retain(|item| !matches!(item, Item::Fate { .. })));
    }));
    world.sync(0);
    world.tamper = None;
    assert!(world.damage(0, Damage::WorkGone));
    let status = world.status(0);
    assert_eq!((status.saved_here, status.missing.len()), (1, 0));
    world.assert_healed();
    assert_eq!(world.fate_on_phone(0, note).as_deref(), Some("merged"));
}

#[test]
fn fault_014_what_was_built_on_missing_work_goes_its_way() {
    let (mut world, gone) = swept();
    let ticket = world.tickets[0];
    let after = world.note(0, ticket, "saved after the damage");
    world.sync(0);
    assert!(world.fate_at_hq(after).is_some(), "at once");
    world.assert_healed();
    assert_eq!(world.fate_at_hq(gone), None);
}

#[test]
fn fault_014_work_that_left_nothing_but_a_count_is_counted() {
    let (mut world, gone) = swept();
    run(&mut world, "DELETE FROM promise");
    let status = world.status(0);
    assert_eq!((status.missing.len(), status.missing_unnamed), (0, 1));
    assert!(world.says(0, "work_missing"));
    world.sync(0);
    assert_eq!(world.status(0).missing_unnamed, 1);
    assert_eq!(world.fate_at_hq(gone), None);
}

#[test]
fn fault_014_an_intent_that_is_gone_is_put_back_from_its_change() {
    let (mut world, ticket, visit) = World::with_ticket(14, 2);
    let settled = world.note(0, ticket, "merged long ago");
    world.sync(0);
    let accept = world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    let depart = world
        .perform(0, ticket, Act::Depart { visit, eta: None })
        .expect("legal");
    run(
        &mut world,
        &format!("DELETE FROM intent WHERE operation IN ('{settled}', '{accept}')"),
    );
    let status = world.status(0);
    assert_eq!(
        (status.saved_here, status.at_hq),
        (2, 1),
        "nobody forgot anything"
    );
    assert!(world.says(0, "damage_mended") && !world.says(0, "work_missing"));
    world.sync(0);
    for id in [settled, accept, depart] {
        assert_eq!(world.fate_on_phone(0, id).as_deref(), Some("merged"));
    }
    let status = world.status(0);
    assert_eq!((status.saved_here, status.at_hq), (0, 3));
    world.assert_healed();
}

#[test]
fn fault_014_a_sync_ends_although_the_intent_went_while_it_was_under_way() {
    let (mut world, ticket, _) = World::with_ticket(14, 2);
    let note = world.note(0, ticket, "sent, then forgotten");
    let exchange = match world.on(0, |engine, moment| engine.sync_next(moment)) {
        Done::Well(Some(exchange)) => exchange,
        other => panic!("no exchange: {other:?}"),
    };
    assert_eq!(exchange.push.len(), 1);
    world.sync_with(0, NetFault::ReplyLost);
    let path = world.phones[0].db();
    let db = look(&path);
    db.pragma_update(None, "foreign_keys", "OFF").expect("a pragma");
    db.execute("DELETE FROM intent", []).expect("damage");
    drop(db);
    world.assert_healed();
    assert_eq!(world.fate_on_phone(0, note).as_deref(), Some("merged"));
    assert_eq!(world.status(0).at_hq, 1);
}

#[test]
fn fault_014_nothing_is_missed_that_was_only_put_away() {
    let (mut world, ticket, visit) = World::with_ticket(14, 2);
    world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    world.settle();
    world.clock.pass(SETTLED_KEEP_MS + 1_000);
    world.sync(0);
    assert_eq!(world.tally.of("phone.compacted"), 1);
    assert_eq!(world.count_on_phone(0, "SELECT count(*) FROM intent"), 0);
    world.note(0, ticket, "after that");
    world.phones[0].kill();
    std::fs::remove_file(world.phones[0].db().with_extension("install")).expect("a file");
    for _ in 0..2 {
        let status = world.status(0);
        assert!(world.says(0, "install_rotated") && !world.says(0, "work_missing"));
        assert_eq!((status.missing.len(), status.missing_unnamed), (0, 0));
        world.sync(0);
    }
}

/// Once a line of `intent` that could not be read stopped every exchange, and `note` still said "saved".
#[test]
fn fault_014_a_line_of_work_that_cannot_be_read_is_written_anew() {
    let (mut world, ticket, _) = World::with_ticket(14, 2);
    let settled = world.note(0, ticket, "HQ has this");
    world.sync(0);
    for damage in [
        "UPDATE intent SET entry = replace(entry, '\"note\"', '\"nope\"')",
        "UPDATE intent SET entry = substr(entry, 2)",
        "UPDATE intent SET document = 'ticket-?'",
        "UPDATE intent SET entry = CAST(x'ff' AS TEXT)",
    ] {
        let saved = world.note(0, ticket, "only here");
        run(&mut world, damage);
        assert!(world.says(0, "damage_mended"), "{damage}");
        world.assert_healed();
        assert_eq!(world.fate_at_hq(saved), Some(("merged".into(), None)), "{damage}");
    }
    assert_eq!(world.fate_on_phone(0, settled).as_deref(), Some("merged"));
    let status = world.status(0);
    assert_eq!(
        (status.at_hq, status.saved_here, status.missing_unnamed),
        (5, 0, 0)
    );
}

/// Its hash and its intent are gone: the bytes still prove themselves.
#[test]
fn fault_014_words_are_put_back_from_a_change_whose_hash_is_damaged() {
    let (mut world, ticket, _) = World::with_ticket(14, 2);
    let note = world.note(0, ticket, "twice unlucky");
    assert!(world.damage(0, Damage::Hash) && world.damage(0, Damage::IntentGone));
    world.assert_healed();
    assert_eq!(world.fate_at_hq(note), Some(("merged".into(), None)));
    assert_eq!(world.status(0).missing.len(), 0);
}

/// Its words are gone from everywhere on this phone; that HQ has it is not.
#[test]
fn fault_014_settled_work_that_cannot_be_read_still_counts_as_settled() {
    let (mut world, ticket, _) = World::with_ticket(14, 2);
    let note = world.note(0, ticket, "HQ has this");
    world.sync(0);
    let at_hq = world.status(0).at_hq;
    run(
        &mut world,
        &format!(
            "UPDATE intent SET entry = '?', document = '?' WHERE operation = '{note}';
             DELETE FROM change WHERE operation = '{note}';"
        ),
    );
    let status = world.status(0);
    assert_eq!((status.at_hq, status.missing_unnamed), (at_hq, 0));
    assert!(status.missing.is_empty());
    world.sync(0);
    assert_eq!(world.fate_at_hq(note), Some(("merged".into(), None)));
}
