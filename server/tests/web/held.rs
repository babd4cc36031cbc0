//! Work that was not taken: told to HQ in words, on a page of its own and on its ticket, until somebody dealt with it.

use axum::http::StatusCode;
use fieldline_model::id::{DocumentId, VisitId};
use fieldline_model::operation::{Act, Completion, VisitResult};
use fieldline_server::auth::Role;

use crate::phone::Phone;
use crate::scene::{Scene, address};

/// A ticket on Chen's phone, which HQ revokes before it comes back with two hours of work.
async fn revoked_with_work(scene: &Scene) -> (DocumentId, Phone) {
    let ticket = scene.ticket("卡纸").await;
    let visit = scene.offer(ticket, scene.chen).await;
    let mut phone = Phone::join(&scene.app, scene.chen).await;
    phone.sync().await;
    let mut browser = scene.signed(Role::Manager, "en").await;
    let revoke = format!("/hq/engineers/{}/revoke", scene.chen);
    browser.submit(&revoke, &revoke, &[]).await;
    scene
        .worked_unreached(&mut phone, ticket, visit, done(visit))
        .await;
    (ticket, phone)
}

fn done(visit: VisitId) -> Act {
    let completion = Completion {
        result: VisitResult::Fixed,
        cause: None,
        remedy: None,
        text: "换了搓纸轮 <b>两个</b>".into(),
    };
    Act::Finish { visit, completion }
}

/// The addresses of the buttons on a page.
fn buttons(page: &str, before: &str) -> Vec<String> {
    let mark = format!("action=\"{before}");
    let rest = page.split(&mark).skip(1);
    rest.map(|rest| format!("{before}{}", rest.split('"').next().unwrap()))
        .collect()
}

#[tokio::test]
async fn work_of_a_revoked_phone_is_told_in_words_in_both_languages() {
    let scene = Scene::new().await;
    let mut browser = scene.signed(Role::Dispatcher, "en").await;
    browser
        .page("/hq/held")
        .await
        .has("Nothing to deal with")
        .has("href=\"/hq/held\"")
        .lacks("class=\"badge\"");
    let (ticket, _phone) = revoked_with_work(&scene).await;

    let page = browser.page("/hq/held").await;
    for text in [
        "Entries: 6",
        "Chen Liqun",
        "phone · revoked",
        "T-000001</a>",
        "Used P001 Pickup roller × 2",
        "<dd class=\"typed\">Fixed</dd>",
        "换了搓纸轮 &lt;b&gt;两个&lt;/b&gt;",
        "Set out",
        // Done at the phone, and come to HQ.
        "17:00</time>",
        "arrived 18:00",
        "Held</span> The phone was revoked before this arrived",
        "Take over</button>",
        "<span aria-hidden=\"true\">6</span>",
    ] {
        page.has(text);
    }
    assert!(
        page.body.find("Accepted").unwrap() < page.body.find("Completion report").unwrap(),
        "in the order it was done"
    );
    browser.page("/hq/engineers").await.has("Revoked, work to review");

    let shown = browser.page(&address(ticket)).await;
    let (_, held) = shown.body.split_once("id=\"part-held\"").unwrap();
    let held = held.split("</section>").next().unwrap();
    for text in [
        "换了搓纸轮",
        "Used P001",
        "17:00",
        "The phone was revoked",
        "Chen Liqun",
    ] {
        assert!(held.contains(text), "no “{text}” in {held}");
    }
    shown
        .lacks("appears here after completion")
        .has("A report did not enter the ticket");

    let mut browser = scene.signed(Role::Dispatcher, "zh-CN").await;
    browser
        .page("/hq/held")
        .await
        .has("隔离和被拒绝的工作")
        .has("陈立群")
        .has("使用 P001 搓纸轮 × 2")
        .has("完工报告")
        .has("已修复")
        .has("隔离中</span> 内容到达前手机已停用")
        .has("收到 18:00")
        .has("采纳</button>")
        .lacks("您的");
}

#[tokio::test]
async fn what_somebody_dealt_with_leaves_the_list_and_the_count_and_stays_readable() {
    let scene = Scene::new().await;
    let (ticket, _phone) = revoked_with_work(&scene).await;
    let page = address(ticket);
    let mut browser = scene.signed(Role::Dispatcher, "en").await;
    let shown = browser.page("/hq/held").await;
    let all = buttons(&shown.body, "/hq/held/");
    assert_eq!(all.len(), 6);
    for to in &all[..5] {
        // Twice is once.
        for _ in 0..2 {
            let pressed = [("decision", "decline")];
            assert_eq!(browser.submit("/hq/held", to, &pressed).await.to, "/hq/held");
        }
    }
    browser
        .page("/hq/held")
        .await
        .has("Entries: 1")
        .has("<span aria-hidden=\"true\">1</span>");
    let shown = browser.page(&page).await;
    let (to, left) = (format!("{page}/held"), shown.hidden("held"));
    assert_eq!(left.len(), 64, "one is left");
    assert_eq!(
        browser
            .submit(&page, &to, &[("held", &left), ("decision", "decline")])
            .await
            .to,
        page
    );
    browser
        .page(&page)
        .await
        .lacks("part-held")
        .lacks("class=\"badge\"");
    browser.page("/hq/held").await.has("Nothing to deal with");
    browser.page("/hq/engineers").await.lacks("work to review");
    let read = browser.page("/hq/held?all=1").await;
    read.has("Entries: 6").has("换了搓纸轮");
    assert_eq!(read.body.matches("Dealt with by dispatcher 小王").count(), 6);
    let unknown = format!("/hq/held/{}", "00".repeat(32));
    let answer = browser.submit("/hq", &unknown, &[("decision", "seen")]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn refused_work_is_told_with_its_reason_as_hq_reads_it() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let visit = scene.offer(ticket, scene.chen).await;
    let mut phone = Phone::join(&scene.app, scene.chen).await;
    phone.sync().await;
    // The app of a later day would not let him: a start before anything else.
    phone.does(ticket, Act::Start { visit }).await;
    let mut browser = scene.signed(Role::Manager, "en").await;
    browser
        .page("/hq/held")
        .await
        .has("Entries: 1")
        .has("Started work")
        .has("Refused</span> This step does not follow from the present state")
        .lacks("revoked</span>");
    browser.page(&address(ticket)).await.has("part-held");
    let shown = browser.page("/hq/held").await;
    let button = buttons(&shown.body, "/hq/held/").remove(0);
    browser.submit("/hq/held", &button, &[("decision", "seen")]).await;
    browser
        .page("/hq/held")
        .await
        .has("Marked as dealt with")
        .has("Nothing to deal with");
}

#[tokio::test]
async fn what_a_supervisor_takes_over_stands_on_the_ticket_in_the_engineers_name() {
    let scene = Scene::new().await;
    let (ticket, _phone) = revoked_with_work(&scene).await;
    let mut browser = scene.signed(Role::Manager, "en").await;
    let shown = browser.page("/hq/held").await;
    let all = buttons(&shown.body, "/hq/held/");
    // What has to be decided cannot be put away.
    browser.submit("/hq/held", &all[0], &[("decision", "seen")]).await;
    browser.page("/hq/held").await.has("Entries: 6");
    for to in &all {
        browser.submit("/hq/held", to, &[("decision", "adopt")]).await;
    }
    browser
        .page("/hq/held")
        .await
        .has("Taken over")
        .has("Nothing to deal with");
    browser
        .page(&address(ticket))
        .await
        .lacks("part-held")
        .has("换了搓纸轮 &lt;b&gt;两个&lt;/b&gt;")
        .has("Chen Liqun");
}

#[tokio::test]
async fn only_who_may_read_refused_work_sees_the_page_and_the_box() {
    let scene = Scene::new().await;
    let (ticket, _phone) = revoked_with_work(&scene).await;
    for role in [Role::Agent, Role::Keeper] {
        let mut browser = scene.signed(role, "en").await;
        assert_eq!(browser.get("/hq/held").await.status, StatusCode::FORBIDDEN);
        browser
            .page(&address(ticket))
            .await
            .lacks("part-held")
            .lacks("/hq/held")
            .lacks("换了搓纸轮");
    }
    let mut manager = scene.signed(Role::Manager, "en").await;
    let shown = manager.page("/hq/held").await;
    let first = buttons(&shown.body, "/hq/held/").remove(0);
    let mut keeper = scene.signed(Role::Keeper, "en").await;
    let answer = keeper.submit("/hq/parts", &first, &[("decision", "adopt")]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    manager.page("/hq/held").await.has("Entries: 6");
}

#[tokio::test]
async fn a_long_list_of_held_work_is_paged() {
    let scene = Scene::new().await;
    let (ticket, mut phone) = revoked_with_work(&scene).await;
    let notes = (0..40).map(|n| {
        (
            Act::Note {
                text: format!("记录 {n}."),
            },
            scene.app.now(),
        )
    });
    phone.did_all(ticket, notes.collect()).await;
    let mut browser = scene.signed(Role::Dispatcher, "en").await;
    let first = browser.page("/hq/held").await;
    first.has("Entries: 46").has("1–30 of 46");
    assert_eq!(buttons(&first.body, "/hq/held/").len(), 30);
    let rest = browser.page("/hq/held?page=2").await;
    rest.has("31–46 of 46");
    assert_eq!(buttons(&rest.body, "/hq/held/").len(), 16);
    assert_eq!(browser.get("/hq/held?page=x").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_language_switch_keeps_the_enrolment_code_and_makes_no_other() {
    let scene = Scene::new().await;
    let mut browser = scene.signed(Role::Manager, "zh-CN").await;
    let enrol = format!("/hq/engineers/{}/enrol", scene.chen);
    let page = browser.submit("/hq/engineers", &enrol, &[]).await;
    let code = page.hidden("code");
    page.has("绑定手机").has(&format!("<p class=\"code\">{code}</p>"));
    page.has(&format!("action=\"{enrol}?lang=en\""))
        .lacks("?lang=en\" lang");

    let csrf = page.hidden("csrf");
    let again = [("csrf", csrf.as_str()), ("code", &code)];
    let switched = browser.post(&format!("{enrol}?lang=en"), &again).await;
    switched
        .has("Enrol a phone for Chen Liqun")
        .has(&format!("<p class=\"code\">{code}</p>"));
    browser.page("/hq/engineers").await.has("Engineers");

    // Only the engineer's own, unused and living code is shown again.
    let others = format!("/hq/engineers/{}/enrol", scene.sun);
    for (to, code) in [(&others, code.as_str()), (&enrol, "AAAAA-AAAAA")] {
        let answer = browser.post(to, &[("csrf", &csrf), ("code", code)]).await;
        assert_eq!(answer.to, "/hq/engineers");
    }
    scene.pass(31);
    let late = browser.post(&enrol, &again).await;
    assert_eq!(late.to, "/hq/engineers");
}
