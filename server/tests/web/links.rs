//! Tracking links in the ticket's timeline: who made one and who ended it.

use std::time::Duration;

use axum::body::Body;
use fieldline_model::operation::Author;
use fieldline_server::auth::Role;
use http_body_util::BodyExt;

use crate::scene::{Scene, address};

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a stream says until it says this, or until it ends.
async fn until(body: &mut Body, text: &str) -> String {
    let mut seen = String::new();
    let read = async {
        while !seen.contains(text) {
            let Some(frame) = body.frame().await else { return };
            if let Ok(data) = frame.unwrap().into_data() {
                seen.push_str(std::str::from_utf8(&data).unwrap());
            }
        }
    };
    assert!(
        tokio::time::timeout(PATIENCE, read).await.is_ok(),
        "no “{text}”: {seen}"
    );
    seen
}

/// The newest line of the timeline.
fn newest(body: &str) -> &str {
    let list = body.split("<ol>").nth(1).expect("the timeline");
    list.split("</li>").next().unwrap()
}

#[tokio::test]
async fn who_made_and_who_ended_a_tracking_link_stands_in_the_timeline() {
    let scene = Scene::new().await;
    for (lang, made, ended, both, somebody) in [
        (
            "en",
            "Tracking link made",
            "Tracking link ended",
            "2 tracking links ended",
            "System",
        ),
        (
            "zh-CN",
            "建立进度链接",
            "停用进度链接",
            "停用 2 个进度链接",
            "系统",
        ),
    ] {
        let ticket = scene.ticket("卡纸").await;
        let (page, form) = (address(ticket), format!("{}/link", address(ticket)));
        let mut agent = scene.signed(Role::Agent, lang).await;
        let mut manager = scene.signed(Role::Manager, lang).await;
        scene.pass(1);
        agent.submit(&page, &form, &[("verdict", "make")]).await;
        let shown = agent.page(&page).await;
        let line = newest(&shown.body);
        assert!(line.contains(made) && line.contains("agent 小王"), "{line}");
        scene.pass(1);
        manager.submit(&page, &form, &[("verdict", "end")]).await;
        let shown = agent.page(&page).await;
        let line = newest(&shown.body);
        assert!(line.contains(ended) && line.contains("manager 小王"), "{line}");
        shown.has(made);
        scene.pass(1);
        let (one, other) = (scene.link(ticket).await, scene.link(ticket).await);
        scene.pass(1);
        scene.end_links(ticket).await;
        let shown = agent.page(&page).await;
        let line = newest(&shown.body);
        assert!(line.contains(both) && line.contains(somebody), "{line}");
        for token in [one, other] {
            shown.lacks(token.trim_start_matches("/t/"));
        }
    }
}

#[tokio::test]
async fn open_pages_hear_of_links_and_the_customers_page_ends_with_its_own() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let mut desk = scene.signed(Role::Dispatcher, "en").await;
    let mut lines = desk.listen(&format!("{}/live", address(ticket))).await;
    let link = scene.link(ticket).await;
    let told = until(&mut lines, "Tracking link made").await;
    assert_eq!(told.matches("Tracking link made").count(), 1, "{told}");
    let mut customer = scene.browser("en").listen(&format!("{link}/live")).await;
    until(&mut customer, "update").await;
    scene.end_links(ticket).await;
    let told = until(&mut lines, "Tracking link ended").await;
    assert!(!told.contains("Tracking link made"), "told once: {told}");
    until(&mut customer, "the end of the stream").await;
}

/// A stream cannot begin behind what has no place in the log.
#[tokio::test]
async fn a_link_made_between_the_page_and_its_stream_is_told() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let mut desk = scene.signed(Role::Dispatcher, "en").await;
    let page = desk.page(&address(ticket)).await;
    let live = page.body.split("data-live=\"").nth(1).unwrap();
    let live = live.split('"').next().unwrap().to_owned();
    let id = ticket.ticket().unwrap();
    scene.app.tracking_link(id, Author::Server).await.unwrap();
    let mut lines = desk.listen(&live).await;
    until(&mut lines, "Tracking link made").await;
}
