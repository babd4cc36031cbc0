//! A phone in a terminal against a real server: a day without signal, foreign networks, a server that dies.

mod common;

use std::io::{Read, Write};
use std::net::TcpListener;

use common::{Hq, Phone, Server, company, json, until};
use fieldline_model::operation::Act;
use serde_json::Value;

fn operation(answer: &Value) -> fieldline_model::id::OperationId {
    answer["operation"]
        .as_str()
        .expect("an operation")
        .parse()
        .expect("an id")
}

#[test]
fn a_whole_visit_without_signal_reaches_hq_merged() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let server = Server::start(&data, "127.0.0.1:0");
    let hq = Hq::open(&data);
    hq.offer(hq.engineer("Chen Liqun"), "卡纸");
    let phone = Phone::enrolled(dir.path().join("phone"), &data, &server.http, "Chen Liqun");
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
        let mut command = common::fieldline();
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

/// `tick 1 1 yes` was a usage error although the help spoke of yes and no, and nothing said what an item takes.
#[test]
fn a_checklist_item_says_what_it_takes_and_takes_it_as_people_type_it() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let server = Server::start(&data, "127.0.0.1:0");
    let hq = Hq::open(&data);
    hq.offer(hq.engineer("Chen Liqun"), "卡纸");
    let phone = Phone::enrolled(dir.path().join("phone"), &data, &server.http, "Chen Liqun");
    phone.good(&["offline"]);
    let shown = phone.says("en", &["show", "1"]);
    for said in [
        "1 [ ] Powered off and cooled before opening (yes or no)",
        "4 [ ] Relative humidity at the machine (a number in %, sound from 20 to 80)",
        "5 [ ] Photo of the test page (yes once the photo is taken)",
        "7 [ ] Advice to the customer (words)",
    ] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    for (item, said) in [
        ("1", &["yes"][..]),
        ("3", &["否"]),
        ("5", &["ok"]),
        ("6", &[]),
        ("4", &["93.5", "%"]),
        ("7", &["keep", "it", "dry"]),
    ] {
        let line = [&["tick", "1", item], said].concat();
        assert_eq!(phone.good(&line)["act"], "answer", "{line:?}");
    }
    let shown = phone.says("en", &["show", "1"]);
    for said in [
        "1 [x] Powered",
        "3 [-] Paper path",
        "6 [x] Printed",
        "humidity at the machine: 93.5 % ! outside 20-80",
        "Advice to the customer: keep it dry",
    ] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    let wrong: [&[&str]; 6] = [
        &["tick", "1", "1", "maybe"],
        &["tick", "1", "2", "yes"],
        &["tick", "1", "2", "--off"],
        &["tick", "1", "1", "--text", "yes"],
        &["read", "1", "1", "5"],
        &["read", "1", "4", "5", "--unit", "V"],
    ];
    for line in wrong {
        assert_eq!(phone.bad(line), "wrong_answer", "{line:?}");
    }
    assert_eq!(phone.bad(&["tick", "1", "2"]), "answer_missing");
    let words = phone.says("en", &["tick", "1", "counter", "yes"]);
    assert_eq!(
        words,
        "Checklist item 2, “Total page counter”, takes a number in p, sound from 0 to 5000000; “yes” is no answer to it"
    );
    assert!(phone.says("zh", &["tick", "1", "2"]).contains("数字，单位p"));
}

/// "finish" was offered at the door, and refused.
#[test]
fn what_is_offered_next_passes() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let server = Server::start(&data, "127.0.0.1:0");
    let hq = Hq::open(&data);
    hq.offer(hq.engineer("Chen Liqun"), "卡纸");
    let phone = Phone::enrolled(dir.path().join("phone"), &data, &server.http, "Chen Liqun");
    phone.good(&["offline"]);
    phone.good(&["accept", "1"]);
    phone.good(&["depart", "1"]);
    let arrived = phone.good(&["arrive", "1"]);
    assert_eq!(arrived["next"], serde_json::json!(["start", "could_not"]));
    let shown = phone.says("en", &["show", "1"]);
    assert!(shown.contains("Next start, finish --result could_not"), "{shown}");
    phone.good(&["finish", "1", "--result", "could_not", "--text", "没有人开门"]);
}

#[test]
fn a_damaged_address_of_the_server_names_the_command_that_mends_it() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let server = Server::start(&data, "127.0.0.1:0");
    let hq = Hq::open(&data);
    hq.offer(hq.engineer("Chen Liqun"), "卡纸");
    let phone = Phone::enrolled(dir.path().join("phone"), &data, &server.http, "Chen Liqun");
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
    phone.good(&["server", &server.http]);
    phone.good(&["sync"]);
    assert!(
        phone
            .says("en", &["status"])
            .contains(&format!("HQ's address: {}", server.http))
    );
}

/// "Reading or writing failed" was the answer to every command, for ever.
#[test]
fn a_phone_whose_place_mark_or_documents_are_gone_mends_itself() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let server = Server::start(&data, "127.0.0.1:0");
    let hq = Hq::open(&data);
    hq.offer(hq.engineer("Chen Liqun"), "卡纸");
    let phone = Phone::enrolled(dir.path().join("phone"), &data, &server.http, "Chen Liqun");
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
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let server = Server::start(&data, "127.0.0.1:0");
    let hq = Hq::open(&data);
    hq.offer(hq.engineer("Chen Liqun"), "卡纸");
    let phone = Phone::enrolled(dir.path().join("phone"), &data, &server.http, "Chen Liqun");
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
    phone.good(&["enrol", &common::link(&data, &server.http, "Chen Liqun")]);
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

/// "This step does not follow from the present state", and not a word about what the state is or what follows.
#[test]
fn a_step_that_does_not_follow_is_told_with_what_does() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let server = Server::start(&data, "127.0.0.1:0");
    let hq = Hq::open(&data);
    hq.offer(hq.engineer("Chen Liqun"), "卡纸");
    let phone = Phone::enrolled(dir.path().join("phone"), &data, &server.http, "Chen Liqun");
    let told = |lang| phone.says(lang, &["resume", "1"]);
    assert!(
        told("en").contains("Ticket T-000001 is now “Offered”; next: accept"),
        "{}",
        told("en")
    );
    assert!(
        told("zh").contains("工单T-000001现在是“待接单”，下一步：接单"),
        "{}",
        told("zh")
    );
    for act in ["accept", "depart", "arrive", "start", "finish"] {
        phone.good(&[act, "1"]);
        phone.good(&["list", "--all"]);
    }
    assert!(
        told("en").contains("is now “Done”; no step follows"),
        "{}",
        told("en")
    );
    // Every page of times says once in which zone.
    for (args, words) in [
        (&["status"][..], "+08:00 ("),
        (&["list", "--all"], "Planned (+08:00)"),
        (&["show", "1"], "Times are +08:00"),
        (&["parts", "--all"], "as of"),
    ] {
        let told = phone.says("en", args);
        assert!(told.contains(words), "{args:?}: {told}");
        assert_eq!(told.matches("+08:00").count(), 1, "{args:?}: {told}");
    }
}

/// "HQ decides at the next sync", it said, for ever.
#[test]
fn a_revoked_phone_says_who_decides_and_what_can_be_done() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let server = Server::start(&data, "127.0.0.1:0");
    let hq = Hq::open(&data);
    hq.offer(hq.engineer("Chen Liqun"), "卡纸");
    let phone = Phone::enrolled(dir.path().join("phone"), &data, &server.http, "Chen Liqun");
    let device = phone.good(&["whoami"])["device"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    hq.revoke(device);
    phone.run(&["sync"]);
    let said = phone.says("en", &["status"]);
    assert!(
        said.contains("Nothing is left to send, and nothing waits for a decision.") && !said.contains(": 0."),
        "{said}"
    );
    assert!(phone.says("zh", &["status"]).contains("本机没有待发送的内容"));
    // Whoever only syncs or lists waited for tickets that never come.
    for args in [&["sync"][..], &["online"], &["list"], &["list", "--all"]] {
        assert!(
            phone.says("en", args).contains("HQ has revoked this phone"),
            "{args:?}"
        );
        assert!(phone.says("zh", args).contains("总部已停用此手机"), "{args:?}");
    }
    // After HQ was put back it said "Incomplete: 1 of 1", as if more were on its way.
    for (sql, words) in [
        (
            "UPDATE cursor SET complete = 1",
            "nothing new comes to a revoked phone",
        ),
        (
            "UPDATE cursor SET complete = 0",
            "a revoked phone gets the rest only once it is enrolled again",
        ),
        (
            "INSERT INTO notice VALUES ('read_again', 1)",
            "only once it is enrolled again",
        ),
    ] {
        let database = rusqlite::Connection::open(phone.store().join("phone.db")).unwrap();
        assert_eq!(database.execute(sql, []).unwrap(), 1);
        drop(database);
        let said = phone.says("en", &["status"]);
        assert!(
            said.contains(words) && !said.contains("omplete:") && !said.contains("read again"),
            "{said}"
        );
    }
    let said = phone.says("en", &["note", "1", "seal replaced"]);
    assert!(
        said.contains("HQ holds it") && !said.contains("next sync"),
        "{said}"
    );
    phone.good(&["offline"]);
    phone.good(&["accept", "1"]);
    let status = phone.good(&["status"]);
    assert_eq!(
        (&status["saved_here"], &status["held_at_hq"]),
        (&2.into(), &1.into()),
        "{status}"
    );
    let said = phone.says("en", &["status"]);
    for words in [
        "1 saved here, 0 at HQ, 0 overruled, 0 refused, 1 held until HQ decides",
        "Held at HQ, which has yet to decide: 1.",
        "going to HQ with the next sync, to be decided there: 1.",
        "T-000001 accept still here",
        "fieldline phone enrol",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    // What HQ has stands apart from what is still to be sent.
    let chinese = phone.says("zh", &["status"]);
    let (unsent, held) = chinese
        .split_once("已到总部，等总部决定")
        .expect("its own heading");
    assert!(
        unsent.contains("待发送") && unsent.contains("接单还在本机"),
        "{chinese}"
    );
    assert!(
        held.contains("备注已到总部") && !held.contains("接单"),
        "{chinese}"
    );
    let noted = phone.says("en", &["note", "1", "cleaned"]);
    assert!(noted.contains("Kept on this phone, 2 to be sent."), "{noted}");
    assert!(phone.says("en", &["status"]).contains("At HQ, not decided yet"));
    assert!(
        phone
            .says("zh", &["status"])
            .contains("1项已交到总部，等总部决定。2项还在本机")
    );

    // With its key damaged as well nothing goes, and nothing says that it does.
    let database = rusqlite::Connection::open(phone.store().join("phone.db")).unwrap();
    let damage = "UPDATE identity SET key_seed = randomblob(32)";
    assert_eq!(database.execute(damage, []).unwrap(), 1);
    drop(database);
    for (lang, true_words, untrue) in [
        (
            "en",
            "sent only once this phone is enrolled again: 2.",
            "next sync",
        ),
        ("zh", "2项还在本机，重新绑定后才会发送。", "下次同步"),
    ] {
        let said = phone.says(lang, &["status"]);
        assert!(said.contains(true_words) && !said.contains(untrue), "{said}");
    }

    // A new code makes it a phone again.
    phone.good(&["enrol", &common::link(&data, &server.http, "Chen Liqun")]);
    let status = phone.good(&["status"]);
    assert_eq!(
        (&status["revoked"], &status["complete"]),
        (&false.into(), &true.into()),
        "{status}"
    );
}

#[test]
fn a_portal_and_a_server_that_is_gone_never_fail_a_save() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let mut server = Server::start(&data, "127.0.0.1:0");
    let address = server.address();
    let hq = Hq::open(&data);
    hq.offer(hq.engineer("Chen Liqun"), "卡纸");
    let phone = Phone::enrolled(dir.path().join("phone"), &data, &server.http, "Chen Liqun");
    server.kill();

    let gone = phone.good(&["accept", "1"]);
    assert_eq!(
        (gone["saved"].as_bool(), gone["sync"]["code"].as_str()),
        (Some(true), Some("connection_refused")),
        "{gone}"
    );
    let portal = portal(&address);
    let caught = phone.good(&["depart", "1"]);
    assert_eq!(caught["sync"]["code"], "not_our_server", "{caught}");
    assert_eq!(caught["waiting"], 2);
    assert_eq!(phone.bad(&["sync"]), "not_our_server");
    portal.end();

    let server = Server::start(&data, &address);
    assert_eq!(phone.good(&["sync"])["saved_here"], 0);
    assert_eq!(hq.fate(operation(&gone)).as_deref(), Some("merged"));
    drop(server);
}

#[test]
fn a_server_killed_while_phones_sync_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let mut server = Server::start(&data, "127.0.0.1:0");
    let address = server.address();
    let hq = Hq::open(&data);
    let names = ["Chen Liqun", "Sun Xiaofeng"];
    let phones: Vec<Phone> = names
        .iter()
        .map(|name| {
            hq.offer(hq.engineer(name), "故障");
            Phone::enrolled(dir.path().join(name), &data, &server.http, name)
        })
        .collect();
    let mut saved: Vec<Vec<Value>> = Vec::new();
    for round in 0..3 {
        // The kill comes while the phones work, wherever they then are; whatever they call saved must arrive.
        let under_way: Vec<Vec<Value>> = std::thread::scope(|scope| {
            let working: Vec<_> = phones
                .iter()
                .map(|phone| {
                    scope.spawn(move || {
                        (0..4)
                            .map(|n| phone.good(&["note", "1", &format!("第 {round} 轮 {n}")]))
                            .collect::<Vec<_>>()
                    })
                })
                .collect();
            server.kill();
            server = Server::start(&data, &address);
            working
                .into_iter()
                .map(|phone| phone.join().expect("no save fails"))
                .collect()
        });
        saved.extend(under_way);
    }
    for phone in &phones {
        until("everything is sent", || {
            let output = phone.run(&["sync"]);
            (output.status.success() && json(&output)["saved_here"] == 0).then_some(())
        });
    }
    for answer in saved.iter().flatten() {
        assert_eq!(hq.fate(operation(answer)).as_deref(), Some("merged"), "{answer}");
    }
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

#[test]
fn nothing_signs_for_the_customer() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let server = Server::start(&data, "127.0.0.1:0");
    let hq = Hq::open(&data);
    hq.offer(hq.engineer("Chen Liqun"), "卡纸");
    let phone = Phone::enrolled(dir.path().join("phone"), &data, &server.http, "Chen Liqun");
    assert_eq!(phone.bad(&["sign", "1", "周婉如"]), "signature_none");
    let drawing = dir.path().join("a.svg");
    let file = drawing.to_str().unwrap();
    std::fs::write(&drawing, "not a drawing").unwrap();
    assert_eq!(
        phone.bad(&["sign", "1", "周婉如", "--file", file]),
        "signature_bad"
    );
    assert_eq!(phone.good(&["status"])["at_hq"], 0);
    std::fs::write(&drawing, "<svg><path d='M40 120 L420 60'/></svg>").unwrap();
    phone.good(&["sign", "1", "周婉如", "--file", file]);
    let field = phone.good(&["show", "1"])["field"].clone();
    assert_eq!(field[0]["act"]["sign"]["path"], "M40 120 L420 60", "{field}");
}

#[test]
fn what_is_not_there_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let phone = Phone::new(dir.path().join("phone"));
    assert_eq!(phone.bad(&["status"]), "not_enrolled");
    assert_eq!(phone.bad(&["enrol", "7KQ4M2XD"]), "bad_link");
    assert_eq!(
        phone.bad(&["enrol", "http://192.0.2.1", "7KQ4M2XD"]),
        "plain_http"
    );
    assert_eq!(phone.bad(&["enrol", "hq", "7KQ4M2XD"]), "bad_address");
    assert_eq!(phone.bad(&["show", "T-1"]), "not_enrolled");
}

/// Something that answers every request with a page of its own.
struct Portal {
    thread: std::thread::JoinHandle<()>,
    stop: std::sync::Arc<std::sync::atomic::AtomicBool>,
    address: String,
}

fn portal(address: &str) -> Portal {
    let listener = until("the port is free again", || TcpListener::bind(address).ok());
    let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let seen = std::sync::Arc::clone(&stop);
    let thread = std::thread::spawn(move || {
        for stream in listener.incoming() {
            if seen.load(std::sync::atomic::Ordering::SeqCst) {
                return;
            }
            let Ok(mut stream) = stream else { continue };
            let _ = stream.read(&mut [0; 65_536]);
            let page = "<html>please sign in</html>";
            let head = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n";
            let _ = write!(stream, "{head}content-length: {}\r\n\r\n{page}", page.len());
        }
    });
    Portal {
        thread,
        stop,
        address: address.to_owned(),
    }
}

impl Portal {
    fn end(self) {
        self.stop.store(true, std::sync::atomic::Ordering::SeqCst);
        let _ = std::net::TcpStream::connect(&self.address);
        self.thread.join().expect("the portal ends");
    }
}

/// "Synced. 1 saved here" was all it said, and of a note "HQ decides at the next sync".
#[test]
fn what_hq_cannot_take_now_is_said_and_stays_here() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let server = Server::start(&data, "127.0.0.1:0");
    let hq = Hq::open(&data);
    hq.offer(hq.engineer("Chen Liqun"), "卡纸");
    let phone = Phone::enrolled(dir.path().join("phone"), &data, &server.http, "Chen Liqun");
    let database = rusqlite::Connection::open(data.join("fieldline.db")).unwrap();
    // As a full disk: nothing that is brought can be written.
    let full = "CREATE TRIGGER full BEFORE INSERT ON fate BEGIN SELECT RAISE(ABORT, 'full'); END";
    database.execute_batch(full).unwrap();
    let said = phone.says("en", &["note", "1", "first"]);
    assert!(said.contains("could not take it now"), "{said}");
    for (lang, words) in [
        (
            "en",
            "HQ could not take all now; still here and sent again with a later sync: 1",
        ),
        ("zh", "总部这次没能接收1项"),
    ] {
        let said = phone.says(lang, &["sync"]);
        assert!(said.contains(words), "{said}");
    }
    let synced = phone.good(&["sync"]);
    assert_eq!(
        (&synced["not_taken"], &synced["saved_here"]),
        (&1.into(), &1.into())
    );
    database.execute_batch("DROP TRIGGER full").unwrap();
    let synced = phone.good(&["sync"]);
    assert_eq!(
        (&synced["not_taken"], &synced["saved_here"]),
        (&0.into(), &0.into())
    );
    assert!(!phone.says("en", &["sync"]).contains("could not take"));
}

/// "The number is out of range" was told of a van named twice.
#[test]
fn parts_are_not_moved_to_where_they_are() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let server = Server::start(&data, "127.0.0.1:0");
    let hq = Hq::open(&data);
    hq.offer(hq.engineer("Chen Liqun"), "卡纸");
    let phone = Phone::enrolled(dir.path().join("phone"), &data, &server.http, "Chen Liqun");
    let parts = phone.good(&["parts", "--all"]);
    let line = &parts["parts"][0];
    let [part, place] = ["part", "location"].map(|key| line[key].as_str().expect("an id"));
    let line = ["transfer-part", "1", part, place, "--from", place];
    assert_eq!(phone.bad(&line), "same_place");
    let said = phone.says("en", &line);
    assert!(said.contains("would go to the place they come from"), "{said}");
}

/// A name that is no UTF-8 was a panic, and an hour too far off "not a whole number".
#[cfg(unix)]
#[test]
fn what_nobody_can_mean_is_told_and_no_panic() {
    use std::os::unix::ffi::OsStrExt;
    let dir = tempfile::tempdir().unwrap();
    let mut command = common::fieldline();
    command.args(["--json", "phone", "--store"]).arg(dir.path());
    let odd = std::ffi::OsStr::from_bytes(b"\xff");
    let output = command.arg("show").arg(odd).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert_eq!(json(&output)["error"]["code"], "usage");

    let data = dir.path().join("data");
    company(&data);
    let server = Server::start(&data, "127.0.0.1:0");
    let hq = Hq::open(&data);
    hq.offer(hq.engineer("Chen Liqun"), "卡纸");
    let phone = Phone::enrolled(dir.path().join("phone"), &data, &server.http, "Chen Liqun");
    phone.good(&["accept", "1"]);
    let far = ["depart", "1", "--eta", "99999999999"];
    assert_eq!(phone.bad(&far), "arrival_out_of_range");
    assert!(phone.says("en", &["dismiss", ""]).contains("about operation “”"));
}
