//! Forms of pages that were open while somebody else worked: what comes from them acts on nothing that they did not show.

use axum::http::StatusCode;
use fieldline_model::operation::Act;
use fieldline_server::auth::Role;

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
