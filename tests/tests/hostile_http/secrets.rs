//! What a stolen phone may read and who it may say it is: its own engineer's, and nobody else.

use fieldline_model::certificate::Certificate;
use fieldline_model::id::{DeviceId, DocumentId};
use fieldline_model::reason::Reason;
use fieldline_model::receipt::ReceiptKey;
use fieldline_model::row::Row;
use fieldline_model::wire::{Cursor, Exchange, Item, Relay, Relayed, Reply, unpack};
use fieldline_tests::world::cast;
use fieldline_tests::world::check::look;

use crate::scene::Scene;

#[test]
fn another_engineers_ticket_is_not_written_and_not_given() {
    let mut scene = Scene::new();
    let others = scene.others;
    let mut doc = scene.document(others);
    let note = scene.note(&mut doc, others, "不在我名下");
    scene.refused(others, note, "not_yours");
    // Everything from the start, and the other's ticket by name.
    let mut exchange = scene.stolen.exchange(Vec::new());
    exchange.page_items_max = 1_000;
    exchange.want = vec![others.into(), scene.own.into()];
    let answer = scene.exchange(&exchange);
    let reply: Reply = unpack(&answer.body).expect("a reply");
    let page = reply.page.expect("a page");
    assert!(!page.more, "one page holds it all");
    let (mine, not_mine) = (DocumentId::from(scene.own), DocumentId::from(others));
    assert!(page.items.contains(&Item::Drop { document: not_mine }));
    let given = |document: DocumentId| {
        page.items.iter().any(|item| match item {
            Item::Changes { document: id, .. }
            | Item::Snapshot { document: id, .. }
            | Item::Enter { document: id } => *id == document,
            _ => false,
        })
    };
    assert!(given(mine), "its own ticket comes");
    assert!(!given(not_mine), "the other's does not");
    let theirs = cast::facts(0).customer.expect("a customer");
    let names: Vec<_> = page
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Row {
                row: Row::Customer(row),
            } => Some(row.id),
            _ => None,
        })
        .collect();
    assert!(!names.is_empty() && !names.contains(&theirs), "{names:?}");
    scene.all_is_well(0);
}

#[test]
fn a_phones_token_opens_no_other_door() {
    let mut scene = Scene::new();
    let honest = scene
        .kit
        .engine
        .status()
        .expect("a status")
        .device
        .expect("enrolled");
    for device in [honest, DeviceId::from_bytes([7; 16])] {
        let mut exchange = scene.stolen.exchange(Vec::new());
        exchange.hello.device = device;
        exchange.page_items_max = 1_000;
        let answer = scene.exchange(&exchange);
        assert_eq!((answer.status, answer.code().as_str()), (401, "unauthenticated"));
    }
    for path in ["/api/v1/tickets", "/api/v1/customers", "/api/v1/engineers"] {
        let answer = scene.get(path);
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (401, "unauthenticated"),
            "{path}"
        );
    }
    scene.stolen.token = "nobody".into();
    let exchange = scene.stolen.exchange(Vec::new());
    let answer = scene.exchange(&exchange);
    assert_eq!((answer.status, answer.code().as_str()), (401, "unauthenticated"));
    scene.all_is_well(0);
}

#[test]
fn a_made_up_cursor_gives_nobody_a_new_epoch() {
    let mut scene = Scene::new();
    let mut exchange = scene.stolen.exchange(Vec::new());
    let answer = scene.exchange(&exchange);
    let before = unpack::<Reply>(&answer.body).expect("a reply").welcome.epoch;
    exchange.hello.cursor = Cursor {
        epoch: before,
        seq: u64::from(u32::MAX),
        ..Cursor::START
    };
    exchange.page_items_max = 1_000;
    let answer = scene.exchange(&exchange);
    let reply: Reply = unpack(&answer.body).expect("a reply");
    assert!(reply.welcome.must_reread && reply.page.is_none());
    assert_eq!(reply.welcome.epoch, before, "the others read nothing anew");
    scene.all_is_well(0);
}

/// HQ believes a certificate for a phone it does not know only under its own key, and only for the very phone that signed.
#[test]
fn a_certificate_that_is_not_hqs_makes_nobody_a_phone() {
    let mut scene = Scene::new();
    let organisation = scene.kit.app.organisation().id;
    let unknown = DeviceId::new(scene.kit.app.now(), [9; 10]);
    let mut document = scene.document(scene.own);
    let bytes = scene.note(&mut document, scene.own, "无人");
    let lane = scene.stolen.lane(scene.own.into(), &[bytes]);
    let forged = Certificate::issue(
        &ReceiptKey::from_seed(&[9; 32]),
        organisation,
        (unknown, cast::engineer(1)),
        scene.stolen.key.public(),
        scene.kit.app.now().plus_ms(1_000),
    );
    for certificate in [None, Some(forged)] {
        let relayed = Relayed {
            device: unknown,
            lane: lane.clone(),
            certificate,
            orphaned: false,
        };
        let exchange = Exchange {
            relay: vec![relayed],
            ..scene.stolen.exchange(Vec::new())
        };
        let answer = scene.exchange(&exchange);
        let reply: Reply = unpack(&answer.body).expect("a reply");
        let code = Reason::ForeignActor.code().to_owned();
        assert_eq!(reply.relayed[0].1, Relay::Refused { code });
    }
    let devices = "SELECT count(*) FROM device";
    let devices: i64 = look(&scene.store)
        .query_row(devices, [], |row| row.get(0))
        .expect("schema");
    assert_eq!(devices, 2, "nobody came to be");
}
