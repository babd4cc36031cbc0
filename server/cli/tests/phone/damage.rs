//! Damage on the phone, and the way out of it.

use crate::common::link;
use crate::{AtWork, operation};

#[test]
fn a_damaged_address_of_the_server_names_the_command_that_mends_it() {
    let at = AtWork::begin();
    let phone = &at.phone;
    let database = rusqlite::Connection::open(phone.store().join("phone.db")).unwrap();
    let damage = "UPDATE identity SET server_url = 'h\u{1}tp//127'";
    assert_eq!(database.execute(damage, []).unwrap(), 1);
    drop(database);
    assert_eq!(phone.bad(&["sync"]), "bad_address");
    for (lang, words) in [
        ("en", "Give it anew with fieldline phone server"),
        ("zh", "保存的总部地址已损坏"),
    ] {
        for command in ["sync", "status"] {
            let said = phone.says(lang, &[command]);
            assert!(said.contains(words) && said.contains("phone"), "{said}");
        }
    }
    phone.good(&["server", &at.server.http]);
    phone.good(&["sync"]);
    assert!(
        phone
            .says("en", &["status"])
            .contains(&format!("HQ's address: {}", at.server.http))
    );
}

/// "Reading or writing failed" was the answer to every command, for ever.
#[test]
fn a_phone_whose_place_mark_or_documents_are_gone_mends_itself() {
    let at = AtWork::begin();
    let (hq, phone) = (&at.hq, &at.phone);
    let mut saved = vec![phone.good(&["accept", "1"])];
    for (n, damage) in [
        "DELETE FROM cursor",
        "DELETE FROM doc",
        "DELETE FROM doc; DELETE FROM cursor",
    ]
    .into_iter()
    .enumerate()
    {
        phone.good(&["offline"]);
        saved.push(phone.good(&["note", "1", &format!("note {n}")]));
        let database = rusqlite::Connection::open(phone.store().join("phone.db")).unwrap();
        database.pragma_update(None, "foreign_keys", "OFF").unwrap();
        database.execute_batch(damage).unwrap();
        drop(database);
        assert_eq!(phone.good(&["status"])["saved_here"], 1, "{damage}");
        for (lang, untrue) in [("en", "Never synced"), ("zh", "还没有同步过")] {
            let told = phone.says(lang, &["status"]);
            assert!(!told.contains(untrue), "{damage}: {told}");
        }
        phone.good(&["list"]);
        phone.good(&["online"]);
        let status = phone.good(&["sync"]);
        assert_eq!(
            (&status["saved_here"], &status["complete"], &status["stuck"]),
            (&0.into(), &true.into(), &serde_json::json!([])),
            "{damage}: {status}"
        );
        assert_eq!(phone.good(&["show", "1"])["stuck"], false, "{damage}");
    }
    for answer in &saved {
        assert_eq!(hq.fate(operation(answer)).as_deref(), Some("merged"), "{answer}");
    }
}

/// "The data file of this phone is empty", it said, over all its work.
#[test]
fn a_phone_that_lost_who_it_is_says_so_and_a_new_code_brings_its_work_to_hq() {
    let at = AtWork::begin();
    let (hq, phone) = (&at.hq, &at.phone);
    phone.good(&["offline"]);
    let mut saved = vec![
        phone.good(&["accept", "1"]),
        phone.good(&["note", "1", "fuser worn"]),
    ];
    let database = rusqlite::Connection::open(phone.store().join("phone.db")).unwrap();
    for lines in ["identity", "\"row\"", "stock"] {
        assert!(database.execute(&format!("DELETE FROM {lines}"), []).unwrap() > 0);
    }
    drop(database);
    for (lang, words, untrue) in [
        (
            "en",
            ["2 saved here", "no longer knows whose phone it is", "read again"],
            "Complete",
        ),
        (
            "zh",
            ["本机待发送2项", "不再知道属于哪家公司、哪位工程师", "重新读取"],
            "内容完整",
        ),
    ] {
        let told = phone.says(lang, &["status"]);
        assert!(words.iter().all(|words| told.contains(words)), "{told}");
        assert!(!told.contains(untrue), "{told}");
    }
    saved.push(phone.good(&["depart", "1"]));
    phone.good(&["enrol", &link(&at.data, &at.server.http, "Chen Liqun")]);
    let status = phone.good(&["sync"]);
    assert_eq!(
        (&status["saved_here"], &status["at_hq"], &status["complete"]),
        (&0.into(), &3.into(), &true.into()),
        "{status}"
    );
    for answer in &saved {
        assert_eq!(hq.fate(operation(answer)).as_deref(), Some("merged"), "{answer}");
    }
    assert!(
        !phone.good(&["parts", "--all"])["parts"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}
