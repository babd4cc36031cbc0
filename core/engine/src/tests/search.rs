//! Articles and manuals, found offline in both languages.

use fieldline_model::operation::{Act, ArticleHead, Section};

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
