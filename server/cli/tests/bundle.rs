//! Two phones in a terminal that hand work to each other while no network is there, by file and by QR codes.

mod common;

use common::{Hq, Phone, Server, company};
use fieldline_model::id::VisitId;
use fieldline_model::operation::Act;

#[test]
fn work_handed_to_a_colleague_reaches_hq_with_him_and_stays_with_its_author() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let server = Server::start(&data, "127.0.0.1:0");
    let hq = Hq::open(&data);
    let (ticket, _) = hq.offer(hq.engineer("Chen Liqun"), "卡纸");
    let second = hq.app.edge().id(VisitId::new);
    let to = vec![hq.engineer("Sun Xiaofeng")];
    hq.perform(
        ticket,
        Act::Offer {
            visit: second,
            to,
            plan: None,
        },
    );
    let [author, carrier] = ["Chen Liqun", "Sun Xiaofeng"].map(|name| {
        let phone = Phone::enrolled(dir.path().join(name), &data, &server.http, name);
        phone.good(&["offline"]);
        phone
    });
    let path = |name: &str| dir.path().join(name).display().to_string();
    let saved = author.good(&["note", "1", "配电间没有信号"]);
    let operation = saved["operation"].as_str().unwrap().parse().unwrap();

    let card = carrier.good(&["me", "--out", &path("card")])["card"]
        .as_str()
        .unwrap()
        .to_owned();
    let made = author.good(&[
        "bundle",
        "export",
        "--for",
        &path("card"),
        "--out",
        &path("bundle"),
    ]);
    assert_eq!(
        (made["documents"].as_u64(), made["operations"].as_u64()),
        (Some(1), Some(1))
    );
    let taken = carrier.good(&["bundle", "import", &path("bundle")]);
    assert_eq!(
        (taken["carried"].as_u64(), taken["not_carried"].as_u64()),
        (Some(1), Some(0))
    );
    assert!(
        carrier
            .says("en", &["show", "1"])
            .contains("[handed over, not at HQ yet]")
    );
    let told = carrier.says("zh", &["status"]);
    assert!(told.contains("代同事保管1项"), "{told}");

    // The same by codes; what is known is not taken twice.
    author.good(&[
        "bundle",
        "export",
        "--for",
        &card,
        "--out",
        &path("codes"),
        "--frames",
    ]);
    let codes = std::fs::read_to_string(path("codes")).unwrap();
    let shuffled: Vec<&str> = codes.lines().rev().collect();
    std::fs::write(path("codes"), shuffled.join("\r\n")).unwrap();
    assert_eq!(carrier.good(&["bundle", "import", &path("codes")])["known"], 1);
    assert!(shuffled.len() > 1, "{codes}");
    std::fs::write(path("codes"), shuffled[1..].join("\n")).unwrap();
    assert_eq!(
        carrier.bad(&["bundle", "import", &path("codes")]),
        "frames_missing"
    );

    assert_eq!(
        author.bad(&["bundle", "import", &path("bundle")]),
        "bundle_not_for_me"
    );
    assert_eq!(author.bad(&["bundle", "import", &path("card")]), "bundle_unknown");
    assert_eq!(author.bad(&["bundle", "import", &path("none")]), "file_failed");
    assert_eq!(
        author.bad(&["bundle", "export", "--for", &path("bundle"), "--out", &path("x")]),
        "card_unknown"
    );
    assert_eq!(
        carrier.bad(&["bundle", "export", "--for", &card, "--out", &path("x")]),
        "peer_self"
    );

    carrier.good(&["online"]);
    assert_eq!(
        hq.fate(operation).as_deref(),
        Some("merged"),
        "the carrier brought it"
    );
    assert_eq!(
        author.good(&["status"])["saved_here"],
        1,
        "and its author has it until HQ tells him"
    );
    let again = carrier.says("en", &["bundle", "import", &path("bundle")]);
    assert_eq!(again.trim(), "Nothing new from Chen Liqun (1 known before).");
    author.good(&["online"]);
    let status = author.good(&["status"]);
    assert_eq!(
        (status["saved_here"].as_u64(), status["at_hq"].as_u64()),
        (Some(0), Some(1))
    );
}
