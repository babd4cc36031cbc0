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
