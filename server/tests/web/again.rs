//! Forms of pages that were open while somebody else worked: what comes from them acts on nothing that they did not show.

use axum::http::StatusCode;
use fieldline_model::id::VisitId;
use fieldline_model::operation::Act;
use fieldline_server::auth::Role;

use crate::phone::Phone;
use crate::scene::{Answer, Browser, Scene, address};

/// Sends the form that this page has for an address, with all its hidden fields.
async fn send(browser: &mut Browser<'_>, page: &Answer, to: &str, fields: &[(&str, &str)]) -> Answer {
    let hidden = page.form(to);
    let mut all: Vec<(&str, &str)> = hidden
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    all.extend(fields);
    browser.post(to, &all).await
}

const TOMORROW: [(&str, &str); 2] = [("plan_from", "2026-11-21T15:00"), ("plan_to", "2026-11-21T16:00")];

/// The page came back without the form, without a word, and without the reason that was typed.
#[tokio::test]
async fn a_visit_of_a_ticket_that_is_over_is_not_moved_and_the_page_says_why() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    scene.offer(ticket, scene.chen).await;
    let page = address(ticket);
    let (assign, reschedule) = (format!("{page}/assign"), format!("{page}/reschedule"));
    let mut english = scene.signed(Role::Dispatcher, "en").await;
    let mut chinese = scene.signed(Role::Dispatcher, "zh-CN").await;
    let stale = [english.page(&page).await, chinese.page(&page).await];
    let reason = "x".into();
    scene.hq(ticket, Act::Cancel { reason }).await;
    let sun = scene.sun.to_string();
    let said = [
        "Not saved: The ticket is over; it would have to be reopened first",
        "没有保存：工单已结束，须先重新打开",
    ];
    for ((browser, stale), said) in [&mut english, &mut chinese].into_iter().zip(&stale).zip(said) {
        let moved = [("engineer", sun.as_str()), ("reason", "Chen is ill")];
        let answer = send(browser, stale, &assign, &moved).await;
        assert_eq!((answer.status, &answer.to), (StatusCode::SEE_OTHER, &page));
        browser.page(&page).await.has(said);
        let answer = send(browser, stale, &reschedule, &TOMORROW).await;
        assert_eq!((answer.status, &answer.to), (StatusCode::SEE_OTHER, &page));
        browser.page(&page).await.has(said);
    }
}

/// A link that a colleague had ended was made anew by the form that had made it.
#[tokio::test]
async fn a_form_that_made_a_link_makes_no_other_once_that_is_ended() {
    let scene = Scene::new().await;
    let page = address(scene.ticket("卡纸").await);
    let link = format!("{page}/link");
    let mut browser = scene.signed(Role::Agent, "en").await;
    for _ in 0..2 {
        let before = browser.page(&page).await;
        let make = [("verdict", "make")];
        send(&mut browser, &before, &link, &make).await;
        browser.page(&page).await.has("The link is made.");
        send(&mut browser, &before, &link, &make).await;
        browser.page(&page).await.has("there is a link already");
        let mut colleague = scene.signed(Role::Agent, "zh-CN").await;
        let shown = colleague.page(&page).await;
        send(&mut colleague, &shown, &link, &[("verdict", "end")]).await;
        colleague.page(&page).await.has("还没有进度链接");
        send(&mut browser, &before, &link, &make).await;
        browser
            .page(&page)
            .await
            .has("Nothing was changed: a link was made after that page was opened, and is ended by now.")
            .has("No link yet");
    }
}

/// "Nothing was changed: the ticket was cancelled before" was the answer, and the same form cancelled it later.
#[tokio::test]
async fn a_form_from_before_an_end_and_a_reopening_ends_nothing() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let page = address(ticket);
    let (cancel, reopen) = (format!("{page}/cancel"), format!("{page}/reopen"));
    let mut browser = scene.signed(Role::Dispatcher, "en").await;
    let mut chinese = scene.signed(Role::Dispatcher, "zh-CN").await;
    let open = browser.page(&page).await;
    let cancelling = || Act::Cancel { reason: "x".into() };
    let reopening = || Act::Reopen { reason: "y".into() };
    scene.hq(ticket, cancelling()).await;
    let over = chinese.page(&page).await;
    let solved = [("reason", "self")];
    send(&mut browser, &open, &cancel, &solved).await;
    browser.page(&page).await.has("the ticket was cancelled before");

    scene.hq(ticket, reopening()).await;
    let told = send(&mut browser, &open, &cancel, &solved).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    told.has("This ticket was ended or reopened after you opened the page.")
        .has("value=\"self\" selected");
    browser
        .page(&page)
        .await
        .lacks("Cancelled: The customer solved it");
    send(&mut chinese, &over, &reopen, &[("reason", "又卡了")]).await;
    chinese.page(&page).await.has("没有改动：工单并未结束");

    scene.hq(ticket, cancelling()).await;
    let told = send(&mut chinese, &over, &reopen, &[("reason", "又卡了")]).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    told.has("您打开本页后，工单已结束或重新打开过")
        .has("value=\"又卡了\"");
    chinese.page(&page).await.lacks("重新打开：又卡了");
    // Whoever has read that sends it once more.
    send(&mut chinese, &told, &reopen, &[("reason", "又卡了")]).await;
    chinese
        .page(&page)
        .await
        .has("工单已重新打开")
        .has("重新打开：又卡了");
}

/// A plan was moved under an engineer who was at the door by then, and nobody was told.
#[tokio::test]
async fn a_page_from_before_the_engineer_went_on_asks_once_more() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let visit = scene.offer(ticket, scene.chen).await;
    let mut phone = Phone::join(&scene.app, scene.chen).await;
    phone.sync().await;
    let page = address(ticket);
    let (assign, reschedule) = (format!("{page}/assign"), format!("{page}/reschedule"));
    let sun = scene.sun.to_string();
    let moved = [("engineer", sun.as_str()), ("reason", "Chen is ill")];
    let mut browser = scene.signed(Role::Dispatcher, "en").await;
    let steps = [
        Act::Accept { visit },
        Act::Depart { visit, eta: None },
        Act::Arrive {
            visit,
            position: None,
        },
        Act::Start { visit },
    ];
    let mut told = browser.page(&page).await;
    for step in steps {
        let (word, stale) = (step.word(), browser.page(&page).await);
        scene.pass(1);
        phone.does(ticket, step).await;
        for (to, fields) in [(&reschedule, &TOMORROW), (&assign, &moved)] {
            told = send(&mut browser, &stale, to, fields).await;
            assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY, "{word} {to}");
            told.has("Somebody changed this visit after you opened the page: who comes, when, or how far");
        }
        browser.page(&page).await.lacks("Chen is ill").lacks("Plan moved");
    }
    send(&mut browser, &told, &assign, &moved).await;
    browser.page(&page).await.has("Assigned to Sun Xiaofeng");
}

/// Of several who were asked one had accepted, and lost the visit to a page that knew nothing of it.
#[tokio::test]
async fn a_page_from_before_one_of_several_answered_asks_once_more() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let visit = scene.app.edge().id(VisitId::new);
    let to = vec![scene.chen, scene.sun];
    let plan = None;
    scene.hq(ticket, Act::Offer { visit, to, plan }).await;
    let page = address(ticket);
    let assign = format!("{page}/assign");
    let sun = scene.sun.to_string();
    let moved = [("engineer", sun.as_str()), ("reason", "He is near")];
    let mut browser = scene.signed(Role::Dispatcher, "zh-CN").await;
    let stale = browser.page(&page).await;
    let mut phone = Phone::join(&scene.app, scene.chen).await;
    phone.sync().await;
    phone.does(ticket, Act::Accept { visit }).await;
    let told = send(&mut browser, &stale, &assign, &moved).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    told.has("您打开本页后，这次上门已有变动");
}

/// "Please correct the marked fields" stood above "nothing was changed".
#[tokio::test]
async fn a_phone_that_is_revoked_already_is_told_plainly_beside_another_in_use() {
    let scene = Scene::new().await;
    let first = Phone::join_as(&scene.app, scene.chen, 0).await;
    let second = Phone::join_as(&scene.app, scene.chen, 1).await;
    let revoke = format!("/hq/engineers/{}/revoke", scene.chen);
    let one = first.device().to_string();
    for (language, revoked, before) in [
        (
            "en",
            "The phone of Chen Liqun is revoked",
            "Nothing was changed: that phone of Chen Liqun was revoked already.",
        ),
        ("zh-CN", "", "没有改动：陈立群的那部手机此前已停用。"),
    ] {
        let mut browser = scene.signed(Role::Manager, language).await;
        if !first.is_revoked().await {
            let page = browser.page(&revoke).await;
            send(&mut browser, &page, &revoke, &[("device", &one)]).await;
            browser.page("/hq/engineers").await.has(revoked);
        }
        let page = browser.page(&revoke).await;
        let again = [("csrf", page.hidden("csrf")), ("device", one.clone())];
        let again: Vec<(&str, &str)> = again
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let told = browser.post(&revoke, &again).await;
        assert_eq!(
            (told.status, told.to.as_str()),
            (StatusCode::SEE_OTHER, "/hq/engineers")
        );
        browser.page("/hq/engineers").await.has(before);
        // Of those that were named one is in use: nobody has said what is to become of it now.
        let both = format!("{one}.{}", second.device());
        let both = [again[0], ("device", both.as_str())];
        let told = browser.post(&revoke, &both).await;
        assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!second.is_revoked().await);
    }
}
