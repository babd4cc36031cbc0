//! What a stolen phone may read and who it may say it is: its own engineer's, and nobody else.

use fieldline_model::certificate::Certificate;
use fieldline_model::grant::GrantsKnown;
use fieldline_model::id::{DeviceId, DocumentId};
use fieldline_model::operation::Act;
use fieldline_model::reason::Reason;
use fieldline_model::receipt::ReceiptKey;
use fieldline_model::row::Row;
use fieldline_model::wire::{
    Cursor, Exchange, Have, Heal, HeldDigest, Item, Place, Relay, Relayed, Reply, Resume, UNPACKED_BYTES_MAX,
    unpack,
};
use fieldline_tests::world::cast;
use fieldline_tests::world::check::look;

use crate::scene::{PATIENCE, Scene};

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

/// Words that only the honest engineer wrote and may read.
const SECRET: &str = "机房门禁密码写在这里";
/// The stolen phone's own, so that the search below is seen to find.
const OWN: &str = "这句话是他自己的";

/// Whatever a phone can ask HQ for, asked about another's ticket: none of the answers holds a word of it.
#[test]
fn no_question_a_phone_can_ask_tells_a_word_of_anothers_ticket() {
    let mut scene = Scene::new();
    let (own, others) = (scene.own, scene.others);
    scene.kit.perform(others, Act::Note { text: SECRET.into() });
    scene
        .kit
        .runtime
        .block_on(scene.honest.sync(PATIENCE))
        .expect("in step");
    let note = scene.note(&mut scene.document(own), own, OWN);
    scene.change(own, note);
    let theirs = DocumentId::from(others);
    let mut answers = Vec::new();
    for (road, exchange) in questions(&scene, theirs) {
        let answer = scene.exchange(&exchange);
        assert_eq!(answer.status, 200, "{road}: {}", answer.code());
        let said = zstd::bulk::decompress(&answer.body, UNPACKED_BYTES_MAX).expect("a reply");
        assert!(!holds(&said, SECRET), "{road} tells what is not his");
        answers.push((road, holds(&said, OWN)));
    }
    let told: Vec<&str> = answers
        .iter()
        .filter(|(_, own)| *own)
        .map(|(road, _)| *road)
        .collect();
    assert_eq!(
        told,
        ["all", "want"],
        "his own comes by the roads that bring documents"
    );
    scene.all_is_well(2);
}

fn holds(said: &[u8], words: &str) -> bool {
    said.windows(words.len()).any(|here| here == words.as_bytes())
}

/// Every part of an exchange that asks for something, with another's ticket in it.
fn questions(scene: &Scene, theirs: DocumentId) -> Vec<(&'static str, Exchange)> {
    // Under another install, because HQ sends nobody what his own wrote.
    let plain = || {
        let mut exchange = scene.stolen.exchange(Vec::new());
        exchange.hello.install = [0xBB; 16];
        exchange
    };
    let page = || Exchange {
        page_items_max: 1_000,
        ..plain()
    };
    let nothing_known = GrantsKnown {
        epoch: 0,
        serial: 0,
        grants: 0,
        discrepancies: 0,
        held: Vec::new(),
    };
    let have = Have(theirs, [0; 8]);
    let unproven = Heal {
        document: theirs,
        changes: Vec::new(),
        proof: None,
        told: Vec::new(),
    };
    let place = Place(1, [0; 8].into());
    let resume = Resume {
        place,
        documents: HeldDigest::from_bytes(&[0; 2_048]).expect("256 buckets of eight bytes"),
        rows: Vec::new(),
    };
    vec![
        ("all", page()),
        (
            "want",
            Exchange {
                want: vec![theirs, scene.own.into()],
                ..page()
            },
        ),
        (
            "have",
            Exchange {
                have: Some(vec![have]),
                trail: vec![place],
                ..plain()
            },
        ),
        (
            "heal",
            Exchange {
                heal: vec![unproven],
                ..plain()
            },
        ),
        (
            "resume",
            Exchange {
                resume: Some(resume),
                ..plain()
            },
        ),
        (
            "grants",
            Exchange {
                grants: Some(nothing_known),
                papers: true,
                ..plain()
            },
        ),
    ]
}
