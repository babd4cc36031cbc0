//! A day without signal, and what HQ makes of it.

use fieldline_model::operation::Act;
use serde_json::Value;

use crate::common::{Hq, Phone, Server, company, fieldline};
use crate::{AtWork, operation};

#[test]
fn a_whole_visit_without_signal_reaches_hq_merged() {
    let at = AtWork::begin();
    let (hq, phone) = (&at.hq, &at.phone);
    assert_eq!(phone.good(&["list"])["tickets"].as_array().unwrap().len(), 1);

    phone.good(&["offline"]);
    let day: [&[&str]; 10] = [
        &["accept", "1"],
        &["depart", "T-000001", "--eta", "25"],
        &["arrive", "t-1"],
        &["start", "1"],
        &["note", "1", "搓纸轮磨损"],
        &["tick", "1", "1"],
        &["pause", "1", "--reason", "waiting_parts"],
        &["resume", "1"],
        &["sign", "1", "周婉如", "--path", "M40 120 L420 60"],
        &["finish", "1", "--result", "fixed", "--text", "已更换"],
    ];
    let saved: Vec<Value> = day.iter().map(|act| phone.good(act)).collect();
    let waiting = u64::try_from(saved.len()).unwrap();
    let last = saved.last().unwrap();
    assert_eq!(
        (last["saved"].as_bool(), last["waiting"].as_u64()),
        (Some(true), Some(waiting))
    );
    assert_eq!(phone.bad(&["accept", "T-1"]), "not_now");
    assert_eq!(phone.bad(&["sync"]), "set_offline");
    assert!(hq.fate(operation(last)).is_none());

    let online = phone.good(&["online"]);
    assert_eq!(online["saved_here"], 0, "{online}");
    for answer in &saved {
        assert_eq!(hq.fate(operation(answer)).as_deref(), Some("merged"), "{answer}");
    }
    let status = phone.good(&["status"]);
    assert_eq!(
        (status["at_hq"].as_u64(), status["complete"].as_bool()),
        (Some(waiting), Some(true)),
        "{status}"
    );
}

#[test]
fn work_done_after_a_cancellation_is_overruled_with_its_reason() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let server = Server::start(&data, "127.0.0.1:0");
    let hq = Hq::open(&data);
    let (ticket, _) = hq.offer(hq.engineer("Sun Xiaofeng"), "不制冷");
    let phone = Phone::enrolled(dir.path().join("phone"), &data, &server.http, "Sun Xiaofeng");
    phone.good(&["offline"]);
    let accepted = phone.good(&["accept", "1"]);
    hq.perform(
        ticket,
        Act::Cancel {
            reason: "客户取消".into(),
        },
    );
    let online = phone.good(&["online"]);
    assert_eq!(
        (online["overruled"].as_u64(), online["saved_here"].as_u64()),
        (Some(1), Some(0)),
        "{online}"
    );
    let card = &online["cards"][0];
    assert_eq!(
        (card["operation"].as_str(), card["code"].as_str()),
        (accepted["operation"].as_str(), Some("cancelled"))
    );
    assert!(!card["reason"].as_str().unwrap().is_empty());
    // The card names the ticket, so it can be read, and says what happened to it.
    let shown = phone.good(&["show", "T-000001"]);
    assert_eq!(
        (&shown["status"], &shown["in_scope"], &shown["cards"][0]["code"]),
        (&"cancelled".into(), &false.into(), &"cancelled".into())
    );
    let words = phone.says("en", &["show", "t-1"]);
    assert!(words.contains("HQ cancelled this ticket"), "{words}");
    assert!(
        words.contains("The customer called it off") && words.contains("accept: overruled"),
        "{words}"
    );
    assert!(phone.says("zh", &["show", "t-1"]).contains("总部已取消这张工单"));
    assert_eq!(phone.bad(&["note", "T-1", "还是去了"]), "out_of_scope");
    assert_eq!(phone.good(&["dismiss", "all"])["dismissed"], 1);
    assert_eq!(hq.fate(operation(&accepted)).as_deref(), Some("overruled"));
    let id = accepted["operation"].as_str().expect("an id");
    fate_is_told_with_number_and_both_reasons(&data, id);

    // Months later its bytes are gone; what the phone knows of it is said all the same.
    let database = rusqlite::Connection::open(phone.store().join("phone.db")).unwrap();
    database
        .execute_batch(
            "DELETE FROM change; DELETE FROM intent; DELETE FROM ticket_row; DELETE FROM doc WHERE kind = 'ticket'",
        )
        .unwrap();
    drop(database);
    assert_eq!(phone.bad(&["show", "T-1"]), "ticket_left");
    assert!(
        phone
            .says("en", &["show", "T-1"])
            .contains("HQ had cancelled the ticket")
    );
    assert_eq!(phone.bad(&["show", "T-2"]), "no_such_ticket");
}

/// `admin fate` told only the reason of then, the phone and the timeline only that of now; and no number.
fn fate_is_told_with_number_and_both_reasons(data: &std::path::Path, operation: &str) {
    let said = |lang: &str| {
        let mut command = fieldline();
        command.args(["admin", "fate", operation, "--lang", lang, "--data"]);
        let output = command.arg(data).output().expect("the binary starts");
        String::from_utf8(output.stdout).expect("words")
    };
    let before = said("en");
    assert!(
        before.contains("T-000001 (ticket-") && !before.contains("by now"),
        "{before}"
    );
    let database = rusqlite::Connection::open(data.join("fieldline.db")).expect("a database");
    let sql = "UPDATE event SET code = 'superseded' WHERE operation = ?1";
    assert_eq!(database.execute(sql, [operation]).expect("it is written"), 1);
    for (lang, then, now) in [
        (
            "en",
            "Overruled: HQ had cancelled",
            "by now it is: Another step counts",
        ),
        ("zh", "总部已取消工单", "现在的原因是：已有其他步骤计入"),
    ] {
        let text = said(lang);
        assert!(text.contains(then) && text.contains(now), "{text}");
    }
}

/// "finish" was offered at the door, and refused.
#[test]
fn what_is_offered_next_passes() {
    let at = AtWork::begin();
    let phone = &at.phone;
    phone.good(&["offline"]);
    phone.good(&["accept", "1"]);
    phone.good(&["depart", "1"]);
    let arrived = phone.good(&["arrive", "1"]);
    assert_eq!(arrived["next"], serde_json::json!(["start", "could_not"]));
    let shown = phone.says("en", &["show", "1"]);
    assert!(shown.contains("Next start, finish --result could_not"), "{shown}");
    phone.good(&["finish", "1", "--result", "could_not", "--text", "没有人开门"]);
}

/// The tour finishes visit 1 and looks at it: that was the next visit once.
#[test]
fn a_number_means_what_stood_there_in_the_list_last_shown() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let server = Server::start(&data, "127.0.0.1:0");
    let hq = Hq::open(&data);
    let chen = hq.engineer("Chen Liqun");
    for fault in ["卡纸", "不制冷", "漏水"] {
        hq.offer(chen, fault);
    }
    let phone = Phone::enrolled(dir.path().join("phone"), &data, &server.http, "Chen Liqun");
    phone.good(&["offline"]);
    // Nothing was listed yet: the first number settles what numbers mean.
    let first = phone.good(&["accept", "1"])["number"].clone();
    let second = phone.good(&["accept", "2"])["number"].clone();
    assert_ne!(first, second);
    for act in ["depart", "arrive", "start"] {
        phone.good(&[act, "1"]);
    }
    phone.good(&["finish", "1", "--text", "已更换"]);
    assert_eq!(
        phone.good(&["show", "1"])["facts"]["number"],
        first,
        "finished, and still 1"
    );
    assert_eq!(phone.good(&["note", "2", "下一个"])["number"], second);
    // A new list numbers anew, and what it does not show has no number.
    let listed = phone.good(&["list"]);
    let numbers: Vec<&Value> = listed["tickets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| &line["number"])
        .collect();
    assert_eq!(numbers.len(), 2);
    assert_eq!(&phone.good(&["show", "1"])["facts"]["number"], numbers[0]);
    assert_ne!(phone.good(&["show", "1"])["facts"]["number"], first);
    assert_eq!(phone.bad(&["show", "3"]), "no_such_ticket");
    phone.good(&["list", "--all"]);
    assert_eq!(phone.good(&["show", "3"])["facts"]["number"], first);
}
