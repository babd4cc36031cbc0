//! Work that came in when HQ no longer counted on it: the customer's page tells one story of both.

use axum::http::StatusCode;
use fieldline_model::id::{DocumentId, VisitId};
use fieldline_model::operation::{Act, Completion, VisitResult};
use fieldline_model::time::Timestamp;

use crate::phone::Phone;
use crate::scene::Scene;

/// Set out, arrive, start and finish, ten minutes each, on a phone without contact.
fn whole_visit(scene: &Scene, visit: VisitId) -> Vec<(Act, Timestamp)> {
    let completion = Completion {
        result: VisitResult::Fixed,
        cause: None,
        remedy: None,
        text: "换轮".into(),
    };
    let acts = [
        Act::Accept { visit },
        Act::Depart { visit, eta: None },
        Act::Arrive {
            visit,
            position: None,
        },
        Act::Start { visit },
        Act::Finish { visit, completion },
    ];
    let at = |act| {
        scene.pass(10);
        (act, scene.app.now())
    };
    acts.into_iter().map(at).collect()
}

async fn cancel(scene: &Scene, ticket: DocumentId) {
    let reason = "客户取消".into();
    scene.hq(ticket, Act::Cancel { reason }).await;
}

/// The labels with their class and times: "past On the way 14:25".
fn steps(body: &str) -> Vec<String> {
    let (_, list) = body.split_once("<ol class=\"steps\"").unwrap();
    let list = list.split("</ol>").next().unwrap();
    let step = |item: &str| {
        let class = item.split('"').next().unwrap().split(' ').next().unwrap();
        let texts = item.split('>').filter_map(|piece| piece.split('<').next());
        let words: Vec<&str> = texts
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .skip(1)
            .collect();
        format!("{class} {}", words.join(" "))
    };
    list.split("<li class=\"").skip(1).map(step).collect()
}

#[tokio::test]
async fn a_cancelled_ticket_on_which_somebody_worked_says_both() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let link = scene.link(ticket).await;
    let visit = scene.offer(ticket, scene.chen).await;
    let mut phone = Phone::join(&scene.app, scene.chen).await;
    phone.sync().await;
    scene.pass(5);
    cancel(&scene, ticket).await;
    let mut browser = scene.browser("en");
    let page = browser.page(&link).await;
    page.has("This ticket is cancelled").lacks("c-done");
    assert_eq!(
        steps(&page.body),
        [
            "past Received 14:00",
            "past Assigning 14:00",
            "skipped On the way (skipped)",
            "skipped Arrived (skipped)",
            "skipped In progress (skipped)",
            "now Done (now) Cancelled 14:05",
        ]
    );
    let acts = whole_visit(&scene, visit);
    phone.did_all(ticket, acts).await;
    let page = browser.page(&link).await;
    page.has("Cancelled, but an engineer still came")
        .has("cancelled (14:05)")
        .has("Service report")
        .lacks("This ticket is cancelled")
        .lacks("c-done")
        .lacks("name=\"rating\"");
    assert_eq!(
        steps(&page.body),
        [
            "past Received 14:00",
            "past Assigning 14:00",
            "past On the way 14:25",
            "past Arrived 14:35",
            "past In progress 14:45",
            "now Done (now) Completed after cancellation 14:55",
        ]
    );
    let rated = browser.post(&format!("{link}/rating"), &[("rating", "5")]).await;
    assert_eq!(rated.to, link);
    // Opened again and cancelled once more, nobody came after that.
    let reason = "误取消".into();
    scene.hq(ticket, Act::Reopen { reason }).await;
    browser
        .page(&link)
        .await
        .lacks("still came")
        .lacks("Service report");
    cancel(&scene, ticket).await;
    browser
        .page(&link)
        .await
        .has("This ticket is cancelled")
        .lacks("still came");
}

/// The engineer sets out, HQ cancels, and he presses "arrived" before he hears of it.
#[tokio::test]
async fn a_visit_broken_off_is_told_as_far_as_it_went() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let link = scene.link(ticket).await;
    let visit = scene.offer(ticket, scene.chen).await;
    let mut phone = Phone::join(&scene.app, scene.chen).await;
    phone.sync().await;
    let acts = whole_visit(&scene, visit);
    phone.did_all(ticket, acts[..2].to_vec()).await;
    cancel(&scene, ticket).await;
    scene.pass(5);
    let (arrived, _) = acts[2].clone();
    phone.does(ticket, arrived).await;
    let page = scene.browser("en").page(&link).await;
    page.has("This ticket is cancelled").lacks("still came");
    assert_eq!(
        steps(&page.body)[2..],
        [
            "past On the way 14:20",
            "skipped Arrived (skipped)",
            "skipped In progress (skipped)",
            "now Done (now) Cancelled 14:50",
        ]
    );
}

#[tokio::test]
async fn a_visit_cancelled_after_work_keeps_its_report_and_says_when() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let link = scene.link(ticket).await;
    let visit = scene.offer(ticket, scene.chen).await;
    let mut phone = Phone::join(&scene.app, scene.chen).await;
    phone.sync().await;
    let mut acts = whole_visit(&scene, visit);
    if let Some((Act::Finish { completion, .. }, _)) = acts.last_mut() {
        completion.result = VisitResult::Partly;
    }
    phone.did_all(ticket, acts).await;
    scene.pass(60);
    cancel(&scene, ticket).await;
    let page = scene.browser("zh-CN").page(&link).await;
    page.has("工单已取消")
        .has("服务报告")
        .lacks("仍上门")
        .lacks("c-done");
    assert_eq!(
        steps(&page.body)[4..],
        ["past 处理中 14:40", "now 已完成 (当前) 已取消 15:50"]
    );
}

#[tokio::test]
async fn work_overruled_by_a_reassignment_is_told_until_the_colleague_is_done() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let link = scene.link(ticket).await;
    let visit = scene.offer(ticket, scene.chen).await;
    let (mut chen, mut sun) = (
        Phone::join(&scene.app, scene.chen).await,
        Phone::join(&scene.app, scene.sun).await,
    );
    chen.sync().await;
    let instead = scene.app.edge().id(VisitId::new);
    let moved = Act::Reassign {
        from: visit,
        visit: instead,
        to: vec![scene.sun],
        plan: None,
    };
    scene.hq(ticket, moved).await;
    let mut browser = scene.browser("en");
    let note = "Another engineer has already been";
    browser.page(&link).await.lacks(note);
    let acts = whole_visit(&scene, visit);
    chen.did_all(ticket, acts).await;
    let page = browser.page(&link).await;
    page.has(note).lacks("Service report");
    assert!(
        steps(&page.body)[1].starts_with("now Assigning"),
        "{:?}",
        steps(&page.body)
    );
    sun.sync().await;
    let acts = whole_visit(&scene, instead);
    sun.did_all(ticket, acts).await;
    browser.page(&link).await.lacks(note).has("<h1>Fixed</h1>");
}

#[tokio::test]
async fn work_that_came_after_the_end_is_told_with_its_report() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let link = scene.link(ticket).await;
    let visit = scene.offer(ticket, scene.chen).await;
    let mut phone = Phone::join(&scene.app, scene.chen).await;
    phone.sync().await;
    let text = "电话里解决".into();
    scene.hq(ticket, Act::Resolve { text }).await;
    let mut browser = scene.browser("en");
    let note = "came in after the ticket was ended";
    browser.page(&link).await.has("This ticket is done").lacks(note);
    let acts = whole_visit(&scene, visit);
    phone.did_all(ticket, acts).await;
    browser.page(&link).await.has(note).has("Service report");
    let rated = browser
        .submit(&link, &format!("{link}/rating"), &[("rating", "5")])
        .await;
    assert_eq!(rated.status, StatusCode::SEE_OTHER);
    assert_eq!(rated.to, link);
}
