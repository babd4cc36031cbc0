//! What cannot be meant, and what is not there: told with what can.

use crate::AtWork;
use crate::common::{Hq, Phone, Server, company, fieldline, json};

/// `tick 1 1 yes` was a usage error although the help spoke of yes and no, and nothing said what an item takes.
#[test]
fn a_checklist_item_says_what_it_takes_and_takes_it_as_people_type_it() {
    let at = AtWork::begin();
    let phone = &at.phone;
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

/// "This step does not follow from the present state", and not a word about what the state is or what follows.
#[test]
fn a_step_that_does_not_follow_is_told_with_what_does() {
    let at = AtWork::begin();
    let phone = &at.phone;
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

#[test]
fn nothing_signs_for_the_customer() {
    let at = AtWork::begin();
    let phone = &at.phone;
    assert_eq!(phone.bad(&["sign", "1", "周婉如"]), "signature_none");
    let drawing = at.dir.path().join("a.svg");
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

/// A name that is no UTF-8 was a panic, and an hour too far off "not a whole number".
#[cfg(unix)]
#[test]
fn what_nobody_can_mean_is_told_and_no_panic() {
    use std::os::unix::ffi::OsStrExt;
    let dir = tempfile::tempdir().unwrap();
    let mut command = fieldline();
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

/// "Words are needed here", it said, and not where.
#[test]
fn missing_words_name_the_flag_that_takes_them() {
    let at = AtWork::begin();
    let phone = &at.phone;
    phone.good(&["offline"]);
    for act in ["accept", "depart", "arrive"] {
        phone.good(&[act, "1"]);
    }
    let finish = ["finish", "1", "--result", "could_not"];
    assert_eq!(phone.bad(&finish), "text_missing");
    assert!(
        phone
            .says("en", &finish)
            .contains("Words are needed here. Say them with --text.")
    );
    assert!(phone.says("zh", &finish).contains("请填写文字。请用--text说明。"));
    assert_eq!(phone.bad(&["note", "1", " "]), "text_missing");
    assert!(!phone.says("en", &["note", "1", " "]).contains("--text"));
    phone.good(&[&finish[..], &["--text", "没有人开门"]].concat());
}
