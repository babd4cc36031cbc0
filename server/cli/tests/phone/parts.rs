//! Parts that are used and moved.

use serde_json::Value;

use crate::{AtWork, operation};

/// "The number is out of range" was told of a van named twice.
#[test]
fn parts_are_not_moved_to_where_they_are() {
    let at = AtWork::begin();
    let phone = &at.phone;
    let parts = phone.good(&["parts", "--all"]);
    let line = &parts["parts"][0];
    let [part, place] = ["part", "location"].map(|key| line[key].as_str().expect("an id"));
    let line = ["transfer-part", "1", part, place, "--from", place];
    assert_eq!(phone.bad(&line), "same_place");
    let said = phone.says("en", &line);
    assert!(said.contains("would go to the place they come from"), "{said}");
}

/// 99 of a part of which the van held 2 were saved without a word.
#[test]
fn more_parts_than_are_there_are_saved_and_told() {
    let at = AtWork::begin();
    let (hq, phone) = (&at.hq, &at.phone);
    let parts = phone.good(&["parts", "--all"]);
    let lies = |line: &Value| line["quantity"].as_i64() > Some(1);
    let line = parts["parts"].as_array().unwrap().iter().find(|line| lies(line));
    let line = line.expect("parts that lie somewhere").clone();
    let [part, place, name_zh, name_en] =
        ["part", "location", "location_zh", "location_en"].map(|key| line[key].as_str().expect("words"));
    let there = line["quantity"].as_i64().unwrap();
    phone.good(&["offline"]);
    let take = |n: i64| ["use-part", "1", part, &n.to_string(), "--from", place].map(str::to_owned);
    let said = |lang: &str, n: i64| phone.says(lang, &take(n).each_ref().map(String::as_str));
    // As many as there are is nothing to speak of.
    let all = said("en", there);
    assert!(
        all.contains("Saved") && !all.contains("this phone's count"),
        "{all}"
    );
    let more = phone.good(&take(99).each_ref().map(String::as_str));
    assert_eq!(
        (&more["saved"], &more["there"]),
        (&true.into(), &0.into()),
        "{more}"
    );
    let en = said("en", 7);
    assert!(
        en.contains(&format!(
            "By this phone's count {name_en} holds 0, and 7 were said"
        )),
        "{en}"
    );
    let zh = said("zh", 7);
    assert!(zh.contains(&format!("{name_zh}只有0件，少于所填的7件")), "{zh}");
    phone.good(&["online"]);
    assert_eq!(hq.fate(operation(&more)).as_deref(), Some("merged"));
}

/// 99 of a part went to another place without a word, and the list called them used.
#[test]
fn more_parts_than_are_there_are_transferred_and_told_apart_from_what_was_used() {
    let at = AtWork::begin();
    let (hq, phone) = (&at.hq, &at.phone);
    let parts = phone.good(&["parts", "--all"]);
    let lines = parts["parts"].as_array().unwrap();
    let line = lines
        .iter()
        .find(|line| line["quantity"].as_i64() > Some(2))
        .unwrap();
    let text = |line: &Value, key: &str| line[key].as_str().expect("words").to_owned();
    let [part, place, name_en, name_zh] =
        ["part", "location", "location_en", "location_zh"].map(|key| text(line, key));
    let database = rusqlite::Connection::open(at.data.join("fieldline.db")).unwrap();
    let elsewhere = "SELECT id FROM location WHERE id <> ?1 ORDER BY id";
    let to: String = database.query_row(elsewhere, [&place], |row| row.get(0)).unwrap();
    let there = line["quantity"].as_i64().unwrap();
    phone.good(&["offline"]);
    let take = |n: i64| {
        let n = n.to_string();
        ["transfer-part", "1", &part, &to, &n, "--from", &place].map(str::to_owned)
    };
    let said = |lang: &str, n: i64| phone.says(lang, &take(n).each_ref().map(String::as_str));
    phone.good(&["use-part", "1", &part, "1", "--from", &place]);
    let all = said("en", there - 1);
    assert!(
        all.contains("Saved") && !all.contains("this phone's count"),
        "{all}"
    );
    let listed = |lang| phone.says(lang, &["parts", "--all"]);
    let en = listed("en");
    assert!(
        en.contains(&format!("1 used here · {} transferred from here", there - 1)),
        "{en}"
    );
    let zh = listed("zh");
    assert!(zh.contains(&format!("本机已用1·本机已调出{}", there - 1)), "{zh}");
    let more = phone.good(&take(99).each_ref().map(String::as_str));
    assert_eq!(
        (&more["saved"], &more["there"]),
        (&true.into(), &0.into()),
        "{more}"
    );
    let en = said("en", 7);
    assert!(
        en.contains(&format!(
            "By this phone's count {name_en} holds 0, and 7 were said to be transferred"
        )),
        "{en}"
    );
    let zh = said("zh", 7);
    assert!(zh.contains(&format!("{name_zh}只有0件，少于要调出的7件")), "{zh}");
    phone.good(&["online"]);
    assert_eq!(hq.fate(operation(&more)).as_deref(), Some("merged"));
}
