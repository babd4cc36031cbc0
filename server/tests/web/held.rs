//! Work that was not taken: told to HQ in words, on a page of its own and on its ticket, until somebody dealt with it.

use axum::body::Body;
use axum::http::{Request, header};
use fieldline_server::rest::rest_router;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use axum::http::StatusCode;
use fieldline_model::id::{DocumentId, VisitId};
use fieldline_model::operation::{Act, Completion, VisitResult};
use fieldline_server::auth::Role;
use fieldline_server::store::StoreError;

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

/// REST, as a manager's script asks it.
async fn rest(scene: &Scene, method: &str, path: &str) -> (u16, Value) {
    let staff = scene.app.staff_named("manager").await.unwrap().unwrap();
    let draw: [u8; 8] = scene.app.edge().bytes();
    let name = format!("script {draw:?}");
    let token = scene
        .app
        .create_api_token(&name, staff.id, Role::Manager, None)
        .await
        .unwrap();
    let request = Request::builder()
        .method(method)
        .uri(format!("/api/v1{path}"))
        .header(header::AUTHORIZATION, format!("Bearer {}", token.reveal()))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT_LANGUAGE, "en")
        .body(Body::empty())
        .unwrap();
    let answer = rest_router(scene.app.clone()).oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&bytes).unwrap())
}

/// What is held, as pairs of act and operation, in the order it was done.
async fn held_acts(scene: &Scene) -> Vec<(&'static str, String)> {
    let held = scene.app.held(50).await.unwrap();
    let named = held
        .into_iter()
        .map(|(id, entry)| (entry.unwrap().act.word(), id.to_string()));
    named.collect()
}

/// The events of a ticket by their acts: time, whether it was moved, outcome, fate.
async fn events(scene: &Scene, ticket: DocumentId) -> Vec<Value> {
    let path = format!("/tickets/{}", ticket.ticket().unwrap());
    rest(scene, "GET", &path).await.1["events"]
        .as_array()
        .unwrap()
        .clone()
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
    // What has to be decided cannot be put away, and the page does not say that it was.
    browser.submit("/hq/held", &all[0], &[("decision", "seen")]).await;
    let kept = browser.page("/hq/held").await;
    kept.has("Entries: 6").lacks("Marked as dealt with");
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

#[tokio::test]
async fn what_is_held_is_told_by_rest_until_it_is_decided_and_refused_is_only_what_is() {
    let scene = Scene::new().await;
    let (_, mut phone) = revoked_with_work(&scene).await;
    // The same once more, in other bytes: one operation all the same.
    phone.pushes_again().await;
    let acts = held_acts(&scene).await;
    let [_, depart, .., part, finish] = acts.as_slice() else {
        panic!("{acts:?}")
    };
    let fate = async |id: &str| rest(&scene, "GET", &format!("/fates/{id}")).await;

    let (status, told) = fate(&depart.1).await;
    assert_eq!(
        (status, &told["fate"], &told["at"]),
        (200, &json!(null), &json!(null))
    );
    assert_eq!(told["held"]["engineer"], json!(scene.chen));
    assert_eq!(told["held"]["overdue"], json!(false));
    let (_, held) = rest(&scene, "GET", "/held").await;
    let ids: Vec<&str> = held["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|held| held["operation"].as_str().unwrap())
        .collect();
    let mut all: Vec<&str> = acts.iter().map(|(_, id)| id.as_str()).collect();
    all.sort_unstable();
    assert_eq!(ids, all, "each once");
    assert_eq!(rest(&scene, "GET", "/refused").await.1["items"], json!([]));

    // Taken over before what it was built on: told what comes first, and nothing is done.
    let (status, told) = rest(&scene, "POST", &format!("/held/{}/adopt", depart.1)).await;
    assert_eq!((status, &told["code"]), (409, &json!("earlier_held")));
    assert_eq!(told["detail"], json!(format!("decide first: {}", acts[0].1)));
    for (_, id) in &acts {
        if *id != part.1 {
            assert_eq!(rest(&scene, "POST", &format!("/held/{id}/adopt")).await.0, 200);
        }
    }
    rest(&scene, "POST", &format!("/held/{}/decline", part.1)).await;
    let (_, told) = fate(&finish.1).await;
    assert_eq!((&told["fate"], &told["held"]), (&json!("merged"), &json!(null)));
    assert_eq!(fate(&part.1).await.1["fate"], "refused");
    let (_, refused) = rest(&scene, "GET", "/refused").await;
    let items = refused["items"].as_array().unwrap();
    assert_eq!(items.len(), 1, "{refused}");
    assert_eq!(
        (&items[0]["operation"], &items[0]["code"]),
        (&json!(part.1), &json!("not_adopted"))
    );
    assert_eq!(rest(&scene, "GET", "/held").await.1["items"], json!([]));
    let mut browser = scene.signed(Role::Dispatcher, "en").await;
    browser
        .page("/hq/held?all=1")
        .await
        .has("Refused</span> HQ looked at it and did not take it over")
        .lacks("Held</span>");
}

#[tokio::test]
async fn what_is_taken_over_out_of_its_order_keeps_its_own_time() {
    let scene = Scene::new().await;
    let (ticket, _phone) = revoked_with_work(&scene).await;
    let done = scene.app.now();
    scene.pass(600);
    let acts = held_acts(&scene).await;
    let adopt = async |act: &str| {
        let (_, id) = acts.iter().find(|(word, _)| *word == act).unwrap();
        assert_eq!(
            rest(&scene, "POST", &format!("/held/{id}/adopt")).await.0,
            200,
            "{act}"
        );
    };
    for act in ["accept", "depart", "arrive", "start", "finish", "use_part"] {
        adopt(act).await;
    }
    let events = events(&scene, ticket).await;
    let at = |act: &str| events.iter().find(|event| event["act"] == act).unwrap();
    let (part, finish) = (at("use_part"), at("finish"));
    assert!(part["at"].as_str() < finish["at"].as_str(), "{part} {finish}");
    for event in [part, finish] {
        assert_eq!(
            (&event["clamped"], &event["outcome"], &event["fate"]),
            (&json!(false), &json!("merged"), &json!("merged"))
        );
    }
    // HQ had them when the phone sent them, not when somebody decided.
    let received = serde_json::to_value(fieldline_server::rest::shape::Time(done)).unwrap();
    assert_eq!(part["received_at"], received);
    let mut browser = scene.signed(Role::Manager, "en").await;
    browser
        .page(&address(ticket))
        .await
        .lacks("phone clock was off")
        .has("Used P001");
}

/// Six cards of one visit, each naming engineer, phone and ticket anew, in an order nobody could see.
#[tokio::test]
async fn what_one_phone_brought_for_one_ticket_stands_in_one_card_in_the_order_it_was_done() {
    let scene = Scene::new().await;
    let (ticket, mut phone) = revoked_with_work(&scene).await;
    scene.pass(30);
    let text = "forgot the cover".to_owned();
    phone
        .did_all(ticket, vec![(Act::Note { text }, scene.app.now())])
        .await;
    let mut browser = scene.signed(Role::Manager, "en").await;
    let shown = browser.page("/hq/held").await;
    shown.has("What arrived last stands first; in a card, the steps stand in the order they were done.");
    let cards: Vec<&str> = shown.body.split("<tbody class=\"h-card\"").skip(1).collect();
    let [note, visit] = cards.as_slice() else {
        panic!("{} cards", cards.len());
    };
    assert!(note.contains("forgot the cover"), "{note}");
    for (card, steps) in [(note, 1), (visit, 6)] {
        assert_eq!(card.matches("Chen Liqun").count(), 1, "{card}");
        assert_eq!(card.matches(&address(ticket)).count(), 1, "{card}");
        assert_eq!(buttons(card, "/hq/held/").len(), steps);
    }
    let steps = ["Accepted", "Arrived", "Used P001", "换了搓纸轮"];
    let places = steps.map(|step| visit.find(step));
    assert!(
        places.is_sorted() && places.iter().all(Option::is_some),
        "{places:?} in {visit}"
    );
}

/// "Used P001 × 2": out of which van, nobody could say who was to decide.
#[tokio::test]
async fn a_held_part_says_where_it_was_taken_from() {
    let scene = Scene::new().await;
    let (_, _phone) = revoked_with_work(&scene).await;
    let mut browser = scene.signed(Role::Manager, "en").await;
    let shown = browser.page("/hq/held").await;
    shown.has("Used P001 Pickup roller × 2, from Van 1");
    let mut chinese = scene.signed(Role::Manager, "zh-CN").await;
    chinese
        .page("/hq/held")
        .await
        .has("使用 P001 搓纸轮 × 2，取自一号车");
}

#[tokio::test]
async fn a_step_taken_over_alone_says_what_comes_first_and_all_of_a_ticket_go_in_order() {
    let scene = Scene::new().await;
    let (ticket, _phone) = revoked_with_work(&scene).await;
    let mut browser = scene.signed(Role::Manager, "en").await;
    let shown = browser.page("/hq/held").await;
    shown.has("Take over all 6 of this ticket in order");
    assert_eq!(shown.body.matches("adopt_together").count(), 1, "offered once");
    let together = shown.hidden("held");
    let all = buttons(&shown.body, "/hq/held/");
    browser
        .submit("/hq/held", &all[2], &[("decision", "adopt")])
        .await;
    browser
        .page("/hq/held")
        .await
        .has("Not taken over: “Accepted” comes before it and is still held")
        .has("Entries: 6");
    let mut chinese = scene.signed(Role::Manager, "zh-CN").await;
    chinese
        .submit("/hq/held", &all[2], &[("decision", "adopt")])
        .await;
    chinese
        .page("/hq/held")
        .await
        .has("没有采纳：在它之前的“接单”还在隔离中");

    // Named in any order, they are taken over in theirs.
    let mut turned: Vec<&str> = together.split('.').collect();
    turned.reverse();
    let turned = turned.join(".");
    browser
        .submit(
            "/hq/held",
            &all[0],
            &[("decision", "adopt_together"), ("held", &turned)],
        )
        .await;
    browser
        .page("/hq/held")
        .await
        .has("Taken over")
        .has("Nothing to deal with");
    let events = events(&scene, ticket).await;
    assert!(events.iter().all(|event| event["clamped"] == false), "{events:?}");
}

#[tokio::test]
async fn a_step_whose_predecessor_was_not_taken_over_says_what_can_be_done() {
    let scene = Scene::new().await;
    let (_, _phone) = revoked_with_work(&scene).await;
    let mut browser = scene.signed(Role::Manager, "en").await;
    let all = buttons(&browser.page("/hq/held").await.body, "/hq/held/");
    browser
        .submit("/hq/held", &all[0], &[("decision", "decline")])
        .await;
    browser
        .submit("/hq/held", &all[1], &[("decision", "adopt")])
        .await;
    browser.page("/hq/held").await.has(
        "Not taken over: This step does not follow from the present state; “Accepted” before it was not taken over. What counts of it can be written",
    );
}

/// "The content cannot be read · Refused", with "enter it by hand" above it: of a note that came by itself an hour later.
#[tokio::test]
async fn what_follows_held_work_waits_for_the_decision_and_nobody_has_to_deal_with_it() {
    for (lang, waits, decided, before) in [
        (
            "en",
            "Waits</span> It follows work that is held; once that is decided the phone brings it by itself",
            "Waits</span> What it builds on is decided; the phone brings this again by itself",
            "Refused</span>",
        ),
        (
            "zh-CN",
            "等待中</span> 它接着一项隔离中的工作；那一项有了决定，手机会自动送来",
            "等待中</span> 它依据的工作已有结论；手机下次同步会自动重新送来",
            "已拒绝</span>",
        ),
    ] {
        let scene = Scene::new().await;
        let ticket = scene.ticket("卡纸").await;
        scene.offer(ticket, scene.chen).await;
        let mut phone = Phone::join(&scene.app, scene.chen).await;
        phone.sync().await;
        let mut browser = scene.signed(Role::Manager, lang).await;
        let revoke = format!("/hq/engineers/{}/revoke", scene.chen);
        browser.submit(&revoke, &revoke, &[]).await;
        let note = |text: &str| Act::Note { text: text.into() };
        phone.does(ticket, note("offline one")).await;
        phone.enrols_again().await;
        scene.pass(1);
        phone.does_in_vain(ticket, note("offline two")).await;

        let badge = "<span aria-hidden=\"true\">1</span>";
        let shown = browser.page("/hq/held").await;
        shown.has("offline two").has(waits).has(badge).lacks(before);
        let held = buttons(&shown.body, "/hq/held/");
        assert_eq!(held.len(), 1, "only what is held can be decided");
        let boxed = browser.page(&address(ticket)).await;
        boxed.has(waits).lacks("value=\"seen\"");
        // Also from a page that offered it, it is not put away.
        let ids = boxed.hidden("held");
        let waiting = ids.split('.').find(|id| !held[0].contains(id)).unwrap();
        let pressed = [("decision", "seen")];
        browser
            .submit("/hq/held", &format!("/hq/held/{waiting}"), &pressed)
            .await;
        browser.page("/hq/held").await.has(waits).lacks("flash c-done");

        browser
            .submit("/hq/held", &held[0], &[("decision", "adopt")])
            .await;
        browser
            .page("/hq/held")
            .await
            .has("offline two")
            .has(decided)
            .lacks(waits)
            .lacks("class=\"badge\"");
    }
}

/// "Not taken over" was all it said, of five of which some were.
#[tokio::test]
async fn of_several_taken_over_the_page_says_how_many_and_which_not_and_why() {
    for (lang, words) in [
        (
            "en",
            [
                "Taken over: 1 of 5.",
                "“Set out” (This step does not follow from the present state; “Accepted” before it was not taken over)",
                "“Arrived” (an earlier step it was built on is still held)",
            ],
        ),
        (
            "zh-CN",
            [
                "共 5 项，采纳了 1 项。",
                "“出发”（当前状态不能执行此操作；它之前的“接单”没有采纳）",
                "“到达现场”（在它之前的步骤还在隔离中）",
            ],
        ),
    ] {
        let scene = Scene::new().await;
        let (_, _phone) = revoked_with_work(&scene).await;
        let mut browser = scene.signed(Role::Manager, lang).await;
        let all = buttons(&browser.page("/hq/held").await.body, "/hq/held/");
        browser
            .submit("/hq/held", &all[0], &[("decision", "decline")])
            .await;
        let together = browser.page("/hq/held").await.hidden("held");
        let pressed = [("decision", "adopt_together"), ("held", together.as_str())];
        browser.submit("/hq/held", &all[1], &pressed).await;
        let told = browser.page("/hq/held").await;
        for said in words {
            told.has(said);
        }
        assert_eq!(
            buttons(&told.body, "/hq/held/").len(),
            4,
            "the part used was taken"
        );
    }
}

/// "Take over all 6" said "1 of 5": of the sixth, which a colleague had declined meanwhile, not a word.
#[tokio::test]
async fn of_several_taken_over_what_a_colleague_decided_meanwhile_is_told_too() {
    for (lang, first, rest, again) in [
        (
            "en",
            "Taken over: 1 of 6.",
            "The rest had been decided already: taken over 0, not taken over 1.",
            "“Accepted” before it was not taken over",
        ),
        (
            "zh-CN",
            "共 6 项，采纳了 1 项。",
            "其余此前已决定：采纳 0 项，不采纳 1 项。",
            "它之前的“接单”没有采纳",
        ),
    ] {
        let scene = Scene::new().await;
        let (_, _phone) = revoked_with_work(&scene).await;
        let mut one = scene.signed(Role::Manager, lang).await;
        let mut two = scene.signed(Role::Dispatcher, lang).await;
        let shown = one.page("/hq/held").await;
        let (all, together) = (buttons(&shown.body, "/hq/held/"), shown.hidden("held"));
        two.submit("/hq/held", &all[0], &[("decision", "decline")]).await;
        let pressed = [("decision", "adopt_together"), ("held", together.as_str())];
        one.submit("/hq/held", &all[1], &pressed).await;
        one.page("/hq/held").await.has(first).has(rest).has(again);
        // Pressed once more from the old page, one by one at last, the step that is missing is named all the same.
        one.submit("/hq/held", &all[1], &[("decision", "adopt")]).await;
        one.page("/hq/held").await.has(again);
    }
}

/// "It stands on its ticket now" was all it said, where the ticket was a colleague's by then.
#[tokio::test]
async fn of_work_taken_over_the_page_says_how_much_does_not_count_and_why() {
    for (lang, said) in [
        (
            "en",
            "Taken over: 6. Of these no longer counted: 5 (HQ gave the visit to a colleague).",
        ),
        (
            "zh-CN",
            "采纳了 6 项，并入工单。其中 5 项已不再计入：上门改派给了他人。",
        ),
    ] {
        let scene = Scene::new().await;
        let (ticket, _phone) = revoked_with_work(&scene).await;
        let mut browser = scene.signed(Role::Manager, lang).await;
        let (page, sun) = (address(ticket), scene.sun.to_string());
        let given = [("engineer", sun.as_str()), ("reason", "no phone")];
        browser.submit(&page, &format!("{page}/assign"), &given).await;
        let shown = browser.page("/hq/held").await;
        let (all, together) = (buttons(&shown.body, "/hq/held/"), shown.hidden("held"));
        let pressed = [("decision", "adopt_together"), ("held", together.as_str())];
        browser.submit("/hq/held", &all[0], &pressed).await;
        browser
            .page("/hq/held")
            .await
            .has(said)
            .has("class=\"flash c-breach\"");
        let displaced = |event: &&Value| event["outcome"] == "overruled";
        assert_eq!(events(&scene, ticket).await.iter().filter(displaced).count(), 5);
    }
}

#[tokio::test]
async fn the_ticket_counts_held_work_as_held() {
    let scene = Scene::new().await;
    let (ticket, _phone) = revoked_with_work(&scene).await;
    let mut browser = scene.signed(Role::Manager, "en").await;
    let page = browser.page(&address(ticket)).await;
    let (_, fates) = page.body.split_once("ticket-fates").unwrap();
    let fates = fates.split("</ul>").next().unwrap();
    assert!(
        fates.contains("Held</span> <strong>6") && !fates.contains("Refused"),
        "{fates}"
    );
}

#[tokio::test]
async fn held_work_that_waits_too_long_is_told_everywhere_and_stays() {
    let scene = Scene::new().await;
    let (ticket, _phone) = revoked_with_work(&scene).await;
    let mut browser = scene.signed(Role::Manager, "en").await;
    browser.page("/hq/held").await.lacks("Overdue");
    assert_eq!(scene.app.tell_overdue().await.unwrap(), 0);
    scene.pass(30 * 24 * 60);
    assert_eq!(scene.app.tell_overdue().await.unwrap(), 6);
    assert_eq!(scene.app.tell_overdue().await.unwrap(), 0, "told once");
    let mut browser = scene.signed(Role::Manager, "en").await;
    browser
        .page("/hq")
        .await
        .has("Held for more than 30 days without a decision: 6");
    browser
        .page("/hq/held")
        .await
        .has("Held for more than 30 days without a decision: 6")
        .has("Overdue</span>")
        .has("Entries: 6");
    browser.page(&address(ticket)).await.has("Overdue</span>");
    let (_, held) = rest(&scene, "GET", "/held").await;
    assert_eq!(held["items"][0]["overdue"], json!(true));
    // Who may not read held work is not told of it.
    let mut keeper = scene.signed(Role::Keeper, "en").await;
    keeper.page("/hq").await.lacks("without a decision");
}

/// A supervisor who came second was told "Marked as dealt with", whatever had been decided.
#[tokio::test]
async fn a_decision_that_comes_second_is_told_how_it_was_decided() {
    let ways = [
        ("en", "adopt", "decline", "decided already: taken over."),
        ("en", "decline", "adopt", "decided already: not taken over."),
        ("en", "adopt", "adopt", "decided already: taken over."),
        ("zh-CN", "adopt", "decline", "没有改动：此前已决定采纳。"),
        ("zh-CN", "decline", "adopt", "没有改动：此前已决定不采纳。"),
    ];
    for (lang, first, second, said) in ways {
        let scene = Scene::new().await;
        let (_, _phone) = revoked_with_work(&scene).await;
        let mut one = scene.signed(Role::Manager, lang).await;
        let mut two = scene.signed(Role::Dispatcher, lang).await;
        let all = buttons(&one.page("/hq/held").await.body, "/hq/held/");
        one.submit("/hq/held", &all[0], &[("decision", first)]).await;
        two.submit("/hq/held", &all[0], &[("decision", second)]).await;
        let told = two.page("/hq/held").await;
        told.has(said).lacks("Marked as dealt with").lacks("已记为处理过");
        let colour = if first == second {
            "flash c-done"
        } else {
            "flash c-breach"
        };
        told.has(colour);
        assert_eq!(buttons(&told.body, "/hq/held/").len(), 5);
    }
}

/// "This step does not follow from the present state", where the engineer's own phone had come after the page was opened.
#[tokio::test]
async fn a_decision_after_the_engineers_own_phone_came_is_told_that_it_brings_the_work() {
    for (lang, one, rest) in [
        (
            "en",
            "the engineer's own phone has come meanwhile and brings this work itself",
            "Taken over: 5. The engineer's own phone has come meanwhile and brings the rest itself (1).",
        ),
        (
            "zh-CN",
            "工程师自己的手机已与总部联系，这项工作由它重新送来",
            "采纳了 5 项，并入工单。另有 1 项由工程师自己的手机重新送来",
        ),
    ] {
        // As when what a colleague had brought of it is released to its author (`held_release`), and as when the phone was
        // enrolled again and has brought the work already.
        let release = "UPDATE refused SET code = 'built_on_refused' WHERE hash = unhex(?1)";
        let brought = "INSERT INTO fate (operation, document, fate, hash, at)
            SELECT operation, document, 'merged', zeroblob(32), 0 FROM refused WHERE hash = unhex(?1)";
        for (decision, came) in [
            ("adopt", release),
            ("decline", release),
            ("adopt", brought),
            ("decline", brought),
        ] {
            let scene = Scene::new().await;
            let (_, _phone) = revoked_with_work(&scene).await;
            let mut browser = scene.signed(Role::Manager, lang).await;
            let shown = browser.page("/hq/held").await;
            let (all, together) = (buttons(&shown.body, "/hq/held/"), shown.hidden("held"));
            let last = all.last().unwrap();
            let hash = last.rsplit('/').next().unwrap().to_owned();
            let done = scene
                .app
                .store()
                .write::<_, StoreError>(move |connection| Ok(connection.execute(came, [&hash])?))
                .await;
            assert_eq!(done.unwrap(), 1, "the fault fired");
            browser.submit("/hq/held", last, &[("decision", decision)]).await;
            let told = browser.page("/hq/held").await;
            told.has(one).has("flash c-breach").lacks("present state");
            let pressed = [("decision", "adopt_together"), ("held", together.as_str())];
            browser.submit("/hq/held", &all[0], &pressed).await;
            browser.page("/hq/held").await.has(rest);
        }
    }
}

#[tokio::test]
async fn a_box_of_which_a_part_was_decided_says_what_was_decided_now_and_what_before() {
    let scene = Scene::new().await;
    let (ticket, _phone) = revoked_with_work(&scene).await;
    let page = address(ticket);
    let mut browser = scene.signed(Role::Manager, "en").await;
    let stale = browser.page(&page).await.hidden("held");
    let all = buttons(&browser.page("/hq/held").await.body, "/hq/held/");
    for (to, decision) in [(&all[0], "adopt"), (&all[5], "decline")] {
        browser.submit("/hq/held", to, &[("decision", decision)]).await;
    }
    let to = format!("{page}/held");
    let pressed = [("held", stale.as_str()), ("decision", "decline")];
    browser.submit(&page, &to, &pressed).await;
    browser.page(&page).await.has(
        "Not taken over: 4; the engineer is told. The rest had been decided already: taken over 1, not taken over 1.",
    );
    browser.submit(&page, &to, &pressed).await;
    browser
        .page(&page)
        .await
        .has("it had been decided already: taken over 1, not taken over 5.");
}

/// What is held came in part by itself once the phone was enrolled again, and no word had said that it would.
#[tokio::test]
async fn held_work_says_that_its_engineer_enrolled_a_phone_since() {
    let scene = Scene::new().await;
    let (_, _phone) = revoked_with_work(&scene).await;
    let mut browser = scene.signed(Role::Manager, "en").await;
    let said = "If it is this same phone that the engineer has now";
    let was = "was revoked; the engineer has a phone again";
    browser
        .page("/hq/held")
        .await
        .lacks(said)
        .has(" · revoked<")
        .lacks(was);
    let again = "INSERT INTO device (id, engineer, name, public_key, token_hash, enrolled_at)
        SELECT 'again', engineer, 'phone', zeroblob(32), x'05', revoked_at + 1 FROM device WHERE revoked_at IS NOT NULL";
    let written = scene
        .app
        .store()
        .write::<_, StoreError>(move |connection| Ok(connection.execute(again, [])?))
        .await;
    assert_eq!(written.unwrap(), 1, "the fault fired");
    browser
        .page("/hq/held")
        .await
        .has(said)
        .has(was)
        .lacks(" · revoked<");
}
