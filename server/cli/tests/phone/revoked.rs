//! A phone that HQ revoked.

use crate::AtWork;
use crate::common::link;

/// "HQ decides at the next sync", it said, for ever.
#[test]
fn a_revoked_phone_says_who_decides_and_what_can_be_done() {
    let at = AtWork::begin();
    let (hq, phone) = (&at.hq, &at.phone);
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
    phone.good(&["enrol", &link(&at.data, &at.server.http, "Chen Liqun")]);
    let status = phone.good(&["status"]);
    assert_eq!(
        (&status["revoked"], &status["complete"]),
        (&false.into(), &true.into()),
        "{status}"
    );
}

/// "HQ decides at the next sync", it said of what the truth screen says waits for a decision on earlier work.
#[test]
fn what_waits_for_a_decision_says_so_at_the_tap_as_on_the_truth_screen() {
    let at = AtWork::begin();
    let (hq, phone) = (&at.hq, &at.phone);
    let device = phone.good(&["whoami"])["device"].as_str().unwrap().parse();
    hq.revoke(device.unwrap());
    phone.good(&["note", "1", "seal replaced"]);
    phone.good(&["enrol", &link(&at.data, &at.server.http, "Chen Liqun")]);
    for (lang, tap, screen) in [
        (
            "en",
            "Waits until HQ decides on earlier work here.",
            "waits until HQ decides on earlier work here",
        ),
        (
            "zh",
            "等总部先决定此工单上较早的内容。",
            "等总部先决定此工单上较早的内容",
        ),
    ] {
        let said = phone.says(lang, &["note", "1", "cleaned"]);
        assert!(said.contains(tap), "{said}");
        let said = phone.says(lang, &["status"]);
        assert!(said.contains(screen), "{said}");
    }
}
