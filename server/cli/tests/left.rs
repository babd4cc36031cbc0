//! A ticket that HQ takes away under the engineer's hands is named where he looks.

mod common;

use common::{Hq, Phone, Server, company};
use fieldline_model::operation::Act;

/// It was in no list any more, and "not yours to write" was all that was said.
#[test]
fn a_cancelled_job_is_named_with_its_reason() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let server = Server::start(&data, "127.0.0.1:0");
    let hq = Hq::open(&data);
    let (ticket, _) = hq.offer(hq.engineer("Sun Xiaofeng"), "不制冷");
    let phone = Phone::enrolled(dir.path().join("phone"), &data, &server.http, "Sun Xiaofeng");
    for act in ["accept", "depart", "arrive", "start"] {
        phone.good(&[act, "1"]);
    }
    let none = phone.says("en", &["sync"]);
    assert!(!none.contains("Not yours any more"), "{none}");
    let reason = "customer".into();
    hq.perform(ticket, Act::Cancel { reason });
    let said = phone.says("en", &["sync"]);
    assert!(
        said.contains("Not yours any more: T-000001 (Cancelled)."),
        "{said}"
    );
    let again = phone.says("en", &["sync"]);
    assert!(!again.contains("Not yours any more"), "{again}");
    for args in [&["list"][..], &["list", "--all"]] {
        let said = phone.says("zh", args);
        assert!(
            said.contains("已不在您名下：T-000001(已取消)"),
            "{args:?}: {said}"
        );
    }
    let said = phone.says("en", &["finish", "T-000001"]);
    assert!(
        said.contains("This ticket is not yours to write") && said.contains("HQ cancelled this ticket"),
        "{said}"
    );
    assert!(
        phone
            .says("zh", &["finish", "T-000001"])
            .contains("总部已取消这张工单")
    );
}

/// It was in no list any more, and nothing was said.
#[test]
fn an_offer_that_a_colleague_took_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    company(&data);
    let server = Server::start(&data, "127.0.0.1:0");
    let hq = Hq::open(&data);
    let both = ["Chen Liqun", "Sun Xiaofeng"].map(|name| hq.engineer(name));
    for fault in ["卡纸", "不制冷", "漏水"] {
        hq.offer_to_any(both.to_vec(), fault);
    }
    let chen = Phone::enrolled(dir.path().join("chen"), &data, &server.http, "Chen Liqun");
    let sun = Phone::enrolled(dir.path().join("sun"), &data, &server.http, "Sun Xiaofeng");
    // One he turned down himself is no news to him.
    chen.good(&["decline", "T-2"]);
    sun.good(&["sync"]);
    for ticket in ["T-1", "T-2"] {
        sun.good(&["accept", ticket]);
    }
    // One that was done by the time he hears of it is gone all the same.
    sun.good(&["offline"]);
    for act in ["accept", "depart", "arrive", "start", "finish"] {
        sun.good(&[act, "T-3"]);
    }
    sun.good(&["online"]);
    let said = chen.says("en", &["sync"]);
    assert!(
        said.contains("Not yours any more: T-000001 (a colleague has it), T-000003 (a colleague has it)."),
        "{said}"
    );
    assert!(
        chen.says("zh", &["list"])
            .contains("已不在您名下：T-000001(由同事负责)、T-000003(由同事负责)")
    );
    let shown = chen.says("en", &["show", "T-1"]);
    assert!(
        shown.contains("A colleague's acceptance reached HQ first"),
        "{shown}"
    );
    assert!(!chen.says("en", &["sync"]).contains("Not yours any more"));
}
