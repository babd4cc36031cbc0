//! Files of manuals: seen in the article, fetched once, read without a network, copied out.

use fieldline_model::id::ArticleId;
use fieldline_model::operation::{ArticleHead, Section};
use fieldline_server::blob::NewFile;

use crate::AtWork;

const PDF: &[u8] = b"%PDF-1.4 a drawing of the door drive";

/// A manual with one file.
fn manual(at: &AtWork) -> String {
    let id = ArticleId::from_bytes([7; 16]);
    let head = ArticleHead {
        manual: true,
        title_zh: "门机手册".into(),
        title_en: "Door drive".into(),
        category: None,
        faults: Vec::new(),
        models: Vec::new(),
    };
    let section = Section {
        order: 1,
        heading_zh: "安全".into(),
        heading_en: "Safety".into(),
        body_zh: "先断电。".into(),
        body_en: "Switch off first.".into(),
    };
    let file = NewFile {
        bytes: PDF.to_vec(),
        title_zh: "接线图".into(),
        title_en: "Wiring".into(),
        pages: Some(4),
    };
    at.hq.publish(id, head, vec![section]);
    at.hq.attach(id, file);
    id.to_string()
}

#[test]
fn a_manuals_file_is_fetched_once_and_read_without_a_network() {
    let at = AtWork::begin();
    let phone = &at.phone;
    let id = manual(&at);
    phone.good(&["sync"]);
    let shown = phone.good(&["article", &id]);
    assert_eq!(shown["files"][0]["file"]["title_zh"], "接线图", "{shown}");
    assert_eq!(shown["files"][0]["here"], false);
    let said = phone.says("zh", &["article", &id]);
    assert!(said.contains("接线图·PDF·4页"), "{said}");

    phone.good(&["offline"]);
    assert_eq!(phone.bad(&["get-file", &id, "1"]), "set_offline");
    phone.good(&["online"]);
    assert_eq!(phone.bad(&["--metered", "get-file", &id, "1"]), "network_metered");
    assert_eq!(phone.bad(&["get-file", &id, "2"]), "no_such_file");
    let fetched = phone.good(&["get-file", &id, "1"]);
    assert_eq!(fetched["bytes"], PDF.len());

    phone.good(&["offline"]);
    let out = at.dir.path().join("wiring.pdf").display().to_string();
    phone.good(&["get-file", &id, "1", "--to", &out]);
    assert_eq!(std::fs::read(&out).unwrap(), PDF);
    assert_eq!(phone.good(&["article", &id])["files"][0]["here"], true);
    assert!(phone.says("en", &["article", &id]).contains("on this phone"));
}
