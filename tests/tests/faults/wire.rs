//! What does not quite fit (16, 26, 31, 88): older and newer apps, tokens that end, a page with one rotten document.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ciborium::Value;
use fieldline_engine::Bug;
use fieldline_model::id::{DocumentId, VisitId};
use fieldline_model::operation::{Act, Author};
use fieldline_model::wire::{AppVersion, Exchange, Item, Reply, WIRE, pack, unpack};
use fieldline_tests::world::check::look;
use fieldline_tests::world::hostile::Hostile;
use fieldline_tests::world::network::{Answer, Request};
use fieldline_tests::world::phone::Done;
use fieldline_tests::world::sync::{SYNC, Synced};
use fieldline_tests::world::{World, cast};

/// The fields that messages began with. What came later an app of that time neither says nor reads.
const AT_FIRST: &[&str] = &[
    // Exchange
    "hello",
    "push",
    "want",
    "page_items_max",
    "wire",
    "device",
    "install",
    "cursor",
    "write_counter",
    "app",
    "epoch",
    "seq",
    "chain",
    "document",
    "branch",
    "changes",
    "signature",
    // Reply
    "welcome",
    "verdicts",
    "page",
    "server_time",
    "acked_counter",
    "must_rotate",
    "revoked",
    "from",
    "items",
    "next",
    "more",
    "manifest",
    "documents",
    "heads",
];

/// Leaves only the first fields of the messages' own maps: those whose keys are all words of the wire. What items and
/// verdicts hold is left as it is.
fn as_at_first(value: Value) -> Value {
    match value {
        Value::Map(fields) => Value::Map(
            fields
                .into_iter()
                .filter(|(key, _)| key.as_text().is_none_or(|key| AT_FIRST.contains(&key)))
                .map(|(key, value)| {
                    let opaque = matches!(key.as_text(), Some("items" | "verdicts"));
                    (key, if opaque { value } else { as_at_first(value) })
                })
                .collect(),
        ),
        Value::Array(all) => Value::Array(all.into_iter().map(as_at_first).collect()),
        other => other,
    }
}

/// Adds a field nobody knows to every map of a message's own.
fn as_of_tomorrow(value: Value) -> Value {
    match value {
        Value::Map(fields) => {
            let mut fields: Vec<(Value, Value)> = fields
                .into_iter()
                .map(|(key, value)| {
                    let opaque = matches!(key.as_text(), Some("items" | "verdicts"));
                    (key, if opaque { value } else { as_of_tomorrow(value) })
                })
                .collect();
            fields.push((Value::Text("of_tomorrow".into()), Value::Array(vec![Value::Null])));
            Value::Map(fields)
        }
        Value::Array(all) => Value::Array(all.into_iter().map(as_of_tomorrow).collect()),
        other => other,
    }
}

type Reworded = fn(Value) -> Value;

fn reworded<M: serde::Serialize>(message: &M, how: Reworded) -> Value {
    how(Value::serialized(message).expect("a message has a value"))
}

/// As [`World::sync`], with every message reworded on its way, both ways.
fn sync_reworded(world: &mut World, n: usize, how: Reworded) {
    for _ in 0..20 {
        let Done::Well(Some(exchange)) = world.on(n, |engine, moment| engine.sync_next(moment)) else {
            panic!("a question");
        };
        let Done::Well(token) = world.on(n, |engine, _| Ok(engine.token())) else {
            panic!("a token");
        };
        let said = reworded(&exchange, how);
        assert_ne!(
            said,
            reworded(&exchange, |value| value),
            "another version's words"
        );
        let request = Request {
            path: SYNC.into(),
            token,
            body: pack(&said).expect("a message"),
            ..Request::default()
        };
        let Answer { status, body, .. } = world.hq.call(request).expect("up");
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
        let answer: Value = unpack(&body).expect("a message");
        let reply: Reply = unpack(&pack(&how(answer)).expect("a message")).expect("still a reply");
        match world.on(n, |engine, moment| engine.sync_take(&exchange, reply, moment)) {
            Done::Well(progress) if progress.more => {}
            Done::Well(_) => return,
            other => panic!("{other:?}"),
        }
    }
    panic!("the sync did not end");
}

/// A whole visit, a refusal of an app with other rules, work of others, all in another version's words.
fn works_in_other_words(seed: u64, how: Reworded, store: &str) {
    let (mut world, ticket, visit) = World::with_ticket(seed, 2);
    world.phones[0].kill();
    look(&world.phones[0].db())
        .execute_batch(store)
        .expect("its store");
    world.plant(0, Bug::RulesSkipped);
    let accepted = world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    let note = world.note(0, ticket, "旧版应用也能用");
    let refused = world
        .perform(0, ticket, Act::Resume { visit })
        .expect("its rules allow it");
    let after = world.note(0, ticket, "之后写的");
    let (other, _) = world.new_ticket(&[0]);
    sync_reworded(&mut world, 0, how);
    sync_reworded(&mut world, 0, how);
    for id in [accepted, note, after] {
        assert_eq!(world.fate_on_phone(0, id).as_deref(), Some("merged"));
    }
    assert_eq!(world.fate_on_phone(0, refused).as_deref(), Some("refused"));
    let held = format!(
        "SELECT count(*) FROM doc WHERE id = '{}'",
        DocumentId::from(other)
    );
    assert_eq!(world.count_on_phone(0, &held), 1, "and what is new comes");
    assert!(world.status(0).complete);
    // Updated, it goes on where it stood.
    world.note(0, other, "更新以后");
    world.assert_healed();
    assert!(!world.says(0, "epoch_changed") && !world.says(0, "read_again"));
}

/// As far as messages and rules go; stores of older versions are opened in the engine's own tests (`tests/older`). Fails
/// where a later field has no meaning when it is missing.
#[test]
fn fault_016_app_two_versions_old_against_a_new_server_and_back() {
    // Cursors had no seal then.
    works_in_other_words(16, as_at_first, "UPDATE cursor SET seal = zeroblob(16)");
}

/// An app that HQ's server serves no more: what its engineer did goes on reaching HQ, and he is asked to update.
#[test]
fn fault_016_an_app_older_than_hq_wants_still_pushes_and_is_told() {
    let (mut world, ticket, visit) = World::with_ticket(16, 2);
    world.phones[0].app = "fieldline 1.1.9";
    world.phones[0].kill();
    world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    world.hq.kill();
    world.hq.min_app = AppVersion::of("1.2.0");
    world.repair_hq();
    let (_, his) = world.new_ticket(&[1]);
    let (new, _) = world.new_ticket(&[0]);
    world.sync(0);
    world.sync(1);
    let merged = Some(("merged".to_owned(), None));
    let accepted = world.phones[0].saved.first().copied().expect("saved");
    assert_eq!(world.fate_at_hq(accepted), merged);
    assert_eq!(world.fate_on_phone(0, accepted).as_deref(), Some("merged"));
    let holds = |world: &World, n: usize, visit: VisitId| {
        world.count_on_phone(
            n,
            &format!("SELECT count(*) FROM ticket_row WHERE visit = '{visit}'"),
        )
    };
    assert_eq!(
        holds(&world, 1, his),
        1,
        "who does not say how old he is is served"
    );
    let in_scope = format!("SELECT count(*) FROM doc WHERE id = '{}'", DocumentId::from(new));
    assert_eq!(world.count_on_phone(0, &in_scope), 0);
    assert!(world.says(0, "app_too_old") && !world.says(1, "app_too_old"));
    let note = world.note(0, ticket, "still at work");
    world.sync(0);
    assert_eq!(world.fate_at_hq(note), merged);

    world.phones[0].app = "fieldline 1.2.0";
    world.phones[0].kill();
    world.sync(0);
    assert_eq!(world.count_on_phone(0, &in_scope), 1);
    assert!(!world.says(0, "app_too_old"));
    world.assert_healed();
}

/// Fails where a message is read with `deny_unknown_fields`.
#[test]
fn fault_026_fields_of_a_newer_version_are_passed_over_both_ways() {
    works_in_other_words(26, as_of_tomorrow, "");
}

#[test]
fn fault_026_another_wire_version_takes_nothing_and_says_what_to_do() {
    let (mut world, ticket, _) = World::with_ticket(26, 2);
    let newer = Hostile::of(&world, 0);
    let (id, note) = newer.note(&mut world, ticket, "新版写的");
    let phone = &newer.phone;
    let before = world.count_at_hq("SELECT count(*) FROM change");
    for wire in [0, WIRE + 1, u16::MAX] {
        let mut exchange: Exchange =
            phone.exchange(vec![phone.lane(ticket.into(), std::slice::from_ref(&note))]);
        exchange.hello.wire = wire;
        let request = Request {
            path: SYNC.into(),
            token: Some(phone.token.clone()),
            body: pack(&exchange).expect("a message"),
            ..Request::default()
        };
        let answer = world.hq.call(request).expect("up");
        let said = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(
            answer.status == 426 && said.contains("wire_version"),
            "{}: {said}",
            answer.status
        );
    }
    assert_eq!(world.count_at_hq("SELECT count(*) FROM change"), before);
    world.ledger.write_off(id, "it was never taken");
    world.note(0, ticket, "这个版本写的");
    world.assert_healed();
}

#[test]
fn fault_026_a_newer_server_is_told_and_work_goes_on() {
    let (mut world, ticket, _) = World::with_ticket(26, 2);
    world.tamper = Some(Box::new(|n, reply| {
        if n == 0 {
            reply.welcome.wire = WIRE + 1;
        }
    }));
    let note = world.note(0, ticket, "服务器先升级了");
    world.sync(0);
    assert_eq!(world.fate_on_phone(0, note).as_deref(), Some("merged"));
    assert!(world.says(0, "server_newer") && !world.says(1, "server_newer"));
    world.tamper = None;
    world.assert_healed();
}

/// Another copy enrolled, an administrator cleaned up: the phone's token ends between two exchanges of one sync. Fails
/// where a refused token is not kept in mind (`token_refused`).
#[test]
fn fault_031_token_expires_in_mid_sync() {
    let (mut world, ticket, visit) = World::with_ticket(31, 2);
    let first = world.perform(0, ticket, Act::Accept { visit }).expect("legal");
    let Done::Well(Some(exchange)) = world.on(0, |engine, moment| engine.sync_next(moment)) else {
        panic!("a question");
    };
    let reply = world.answer(0, &exchange);
    let second = world.note(0, ticket, "第二句");
    let taken = world.on(0, |engine, moment| engine.sync_take(&exchange, reply, moment));
    assert!(
        matches!(&taken, Done::Well(progress) if progress.more),
        "in mid-sync: {taken:?}"
    );
    let ended = "UPDATE device_token SET token_hash = zeroblob(32)
                 WHERE device = (SELECT id FROM device ORDER BY enrolled_at, id LIMIT 1)";
    assert_eq!(world.hq.db().execute(ended, []).expect("written"), 1);
    let status = world.status(0);
    let known = format!(
        "SELECT count(*) FROM device_token WHERE device = '{}' AND token_hash = zeroblob(32)",
        status.device.expect("enrolled")
    );
    assert_eq!(world.count_at_hq(&known), 1, "it is this phone's");

    assert_eq!(world.sync(0), Synced::Cut);
    assert_eq!(world.tally.of("phone.not_accepted"), 1);
    let status = world.status(0);
    let why: Vec<_> = status
        .waiting
        .iter()
        .map(|line| (line.operation, line.why))
        .collect();
    assert!(status.must_enrol && why == [(second, "sign_in")], "{why:?}");
    let third = world.note(0, ticket, "没有登录也照样干活");
    assert_eq!(world.sync(0), Synced::Cut);
    world.enrol(0);
    world.assert_healed();
    for id in [first, second, third] {
        assert_eq!(world.fate_at_hq(id), Some(("merged".into(), None)));
    }
    assert!(!world.status(0).must_enrol);
}

/// Fails where a change that cannot be read fails the page instead of marking its document.
#[test]
fn fault_088_page_poisoned_by_one_document() {
    let (mut world, ticket, _) = World::with_ticket(88, 2);
    let (rotten, _) = world.new_ticket(&[0]);
    world.settle();
    let stood = world.count_on_phone(0, "SELECT seq FROM cursor");
    for (place, ticket) in [ticket, rotten, ticket].into_iter().enumerate() {
        let text = format!("总部第 {place} 句");
        let by = Author::Staff(cast::dispatcher());
        world.hq_does(by, ticket, Act::Note { text }).expect("HQ writes");
    }
    let (new, _) = world.new_ticket(&[0]);
    let spoiled = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&spoiled);
    let poison = DocumentId::from(rotten);
    world.tamper = Some(Box::new(move |n, reply| {
        let pages = reply.page.iter_mut().filter(|_| n == 0);
        for item in pages.flat_map(|page| &mut page.items) {
            match item {
                Item::Changes { document, changes } if *document == poison => {
                    changes.iter_mut().for_each(|bytes| bytes.reverse());
                    count.fetch_add(1, Ordering::Relaxed);
                }
                _ => {}
            }
        }
    }));
    let Done::Well(Some(exchange)) = world.on(0, |engine, moment| engine.sync_next(moment)) else {
        panic!("a question");
    };
    let mut reply = world.answer(0, &exchange);
    let mut tamper = world.tamper.take().expect("somebody");
    tamper(0, &mut reply);
    assert_eq!(spoiled.load(Ordering::Relaxed), 1, "one document is rotten");
    let taken = world.on(0, |engine, moment| engine.sync_take(&exchange, reply, moment));
    assert!(
        matches!(&taken, Done::Well(progress) if progress.applied),
        "{taken:?}"
    );
    assert!(
        world.count_on_phone(0, "SELECT seq FROM cursor") > stood,
        "the page was taken"
    );
    let held = format!(
        "SELECT count(*) FROM doc WHERE id = '{}' AND snapshot IS NOT NULL",
        DocumentId::from(new)
    );
    assert_eq!(world.count_on_phone(0, &held), 1, "with everything else in it");
    let stuck = "SELECT count(*) FROM doc WHERE stuck = 1";
    assert_eq!(world.count_on_phone(0, stuck), 1, "the one is asked for whole");
    world.note(0, ticket, "别的工单照常");
    world.assert_healed();
    assert_eq!(world.count_on_phone(0, stuck), 0);
}
