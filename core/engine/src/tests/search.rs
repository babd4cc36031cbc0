//! Articles and manuals, found offline in both languages.

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ROOT, ReadDoc};
use fieldline_model::blob::{BlobHash, Media};
use fieldline_model::id::{DocumentId, OperationId};
use fieldline_model::operation::Attachment;
use fieldline_model::operation::{Act, ArticleHead, Section};
use fieldline_model::wire::{Bytes, Item};

use super::phone::Phone;
use super::server::Server;

fn publish(title_zh: &str, title_en: &str, fault: &str) -> Act {
    Act::Publish(Box::new(ArticleHead {
        manual: false,
        title_zh: title_zh.into(),
        title_en: title_en.into(),
        category: Some("printer".into()),
        faults: vec![fault.into()],
        models: vec!["LX-200".into()],
    }))
}

fn section(order: u32, zh: &str, en: &str) -> Act {
    Act::WriteSection(Box::new(Section {
        order,
        heading_zh: "步骤".into(),
        heading_en: "Steps".into(),
        body_zh: zh.into(),
        body_en: en.into(),
    }))
}

#[test]
fn articles_are_found_in_chinese_and_english_and_annotations_too() {
    let mut server = Server::new();
    let mut phone = Phone::enrolled(&mut server);
    let jam = server.article(1);
    server.staff(
        jam.into(),
        publish("打印机卡纸的处理", "Clearing a paper jam", "PR-JAM"),
    );
    server.staff(
        jam.into(),
        section(2, "更换搓纸轮。", "Replace the pickup roller."),
    );
    server.staff(jam.into(), section(1, "关闭电源。", "Switch it off."));
    let pump = server.article(2);
    server.staff(pump.into(), publish("水泵漏水", "Leaking pump", "PU-LEAK"));
    phone.sync(&mut server);

    let found = |phone: &Phone, query: &str| {
        let lines = phone.engine().articles(query).unwrap();
        lines.iter().map(|line| line.article).collect::<Vec<_>>()
    };
    for query in [
        "卡纸",
        "打印机",
        "搓纸轮",
        "纸",
        "jams",
        "roller",
        "paper 卡纸",
        "pr jam",
    ] {
        assert_eq!(found(&phone, query), [jam], "{query}");
    }
    assert_eq!(found(&phone, "漏水"), [pump]);
    assert!(found(&phone, "变压器").is_empty() && found(&phone, "\"*(").is_empty());

    phone.perform(
        jam,
        Act::Annotate {
            section: None,
            text: "用酒精清洁传感器".into(),
        },
    );
    assert_eq!(found(&phone, "传感器"), [jam], "at once, before any sync");
    phone.sync(&mut server);
    let view = phone.with(|engine, moment| engine.article(jam, moment)).unwrap();
    let orders: Vec<u32> = view
        .sections
        .iter()
        .filter_map(|view| match &view.act {
            Act::WriteSection(section) => Some(section.order),
            _ => None,
        })
        .collect();
    assert_eq!(
        (orders, view.annotations.len(), view.annotations[0].pending),
        (vec![1, 2], 1, false)
    );
}

fn wiring() -> Act {
    Act::Attach(Box::new(Attachment {
        blob: BlobHash([7; 32]),
        size: 9,
        media: Media::Pdf,
        title_zh: "接线图".into(),
        title_en: "Wiring".into(),
        pages: Some(2),
    }))
}

#[test]
fn a_file_is_seen_in_its_article_and_found_by_its_title_until_it_is_taken_away() {
    let mut server = Server::new();
    let mut phone = Phone::enrolled(&mut server);
    let manual = server.article(1);
    server.staff(manual.into(), publish("电梯手册", "Lift manual", "LI"));
    server.staff(manual.into(), wiring());
    phone.sync(&mut server);
    let seen = |phone: &mut Phone| {
        let view = phone
            .with(|engine, moment| engine.article(manual, moment))
            .unwrap();
        let found = phone.engine().articles("接线").unwrap().len();
        (view.files, found)
    };
    let (files, found) = seen(&mut phone);
    assert_eq!((files.len(), files[0].here, found), (1, false, 1));
    let attachment = files[0].operation;
    server.staff(manual.into(), Act::Detach { attachment });
    phone.sync(&mut server);
    let (files, found) = seen(&mut phone);
    assert_eq!((files.len(), found), (0, 0));
}

/// To a phone of before, `attach` is what `engrave` is to this one: it reads the article, writes beside it, and is heard.
#[test]
fn a_phone_reads_an_article_with_an_act_of_a_newer_version_and_writes_beside_it() {
    let mut server = Server::new();
    let mut phone = Phone::enrolled(&mut server);
    let manual = server.article(1);
    let document = DocumentId::from(manual);
    server.staff(document, publish("电梯手册", "Lift manual", "LI"));
    server.staff(document, section(1, "先断电。", "Switch it off."));
    phone.sync(&mut server);
    let doc = server.docs.get_mut(&document).unwrap();
    let (_, sections) = doc.get(ROOT, "sections").unwrap().unwrap();
    let key = OperationId::from_bytes([0x3f; 16]).to_string();
    let entry =
        r#"{"act":{"engrave":{"depth":3}},"by":"server","at":{"wall":5,"boot":0,"up_ms":0,"offset_ms":0}}"#;
    let mut tx = doc.transaction();
    tx.put(&sections, key.as_str(), entry).unwrap();
    let (hash, _) = tx.commit_with(CommitOptions::default().with_time(0).with_message(&key));
    let change = doc.get_change_by_hash(&hash.unwrap()).unwrap();
    let changes = vec![Bytes::from(change.raw_bytes().to_vec())];
    server.log.push(Item::Changes { document, changes });
    server.staff(document, section(2, "再挂牌。", "Tag it."));
    phone.sync(&mut server);
    let read = |phone: &mut Phone| {
        phone
            .with(|engine, moment| engine.article(manual, moment))
            .unwrap()
    };
    assert_eq!(
        (read(&mut phone).sections.len(), read(&mut phone).files.len()),
        (2, 0)
    );
    phone.perform(
        manual,
        Act::Annotate {
            section: None,
            text: "有用".into(),
        },
    );
    phone.sync(&mut server);
    let notes = read(&mut phone).annotations;
    assert_eq!((notes.len(), notes[0].pending), (1, false));
    assert!(server.holds(document, notes[0].operation));
}
