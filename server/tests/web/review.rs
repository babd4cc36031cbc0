//! What the field reported although HQ had decided otherwise: shown in the engineer's own words, for good.

use fieldline_model::id::{DocumentId, EngineerId, VisitId};
use fieldline_model::operation::{Act, Completion, VisitResult};
use fieldline_model::row::{Code, Row};
use fieldline_server::auth::Role;

use crate::phone::Phone;
use crate::scene::{Scene, address};

fn done(visit: VisitId, text: &str) -> Act {
    let completion = Completion {
        result: VisitResult::Partly,
        cause: Some("PRN-JAM-C1".into()),
        remedy: Some("PRN-JAM-R1".into()),
        text: text.into(),
    };
    Act::Finish { visit, completion }
}

async fn codes(scene: &Scene) {
    let code = |code: &str, sort: &str, zh: &str, en: &str| {
        Row::Code(Code {
            code: code.into(),
            sort: sort.into(),
            category: None,
            zh: zh.into(),
            en: en.into(),
        })
    };
    let rows = vec![
        code("PRN-JAM-C1", "cause", "搓纸轮磨损", "Worn pickup roller"),
        code("PRN-JAM-R1", "remedy", "更换搓纸轮", "Replaced the roller"),
    ];
    scene.app.put_rows(rows).await.unwrap();
}

/// A ticket offered to Chen, whose phone holds it.
async fn offered(scene: &Scene) -> (DocumentId, VisitId, Phone) {
    let ticket = scene.ticket("卡纸").await;
    let visit = scene.offer(ticket, scene.chen).await;
    let mut phone = Phone::join(&scene.app, scene.chen).await;
    phone.sync().await;
    (ticket, visit, phone)
}

/// The part of the page with this id.
fn part<'a>(page: &'a str, id: &str) -> &'a str {
    let (_, rest) = page
        .split_once(&format!("id=\"{id}\""))
        .unwrap_or_else(|| panic!("no {id} in {page}"));
    rest.split("</section>").next().unwrap()
}

#[tokio::test]
async fn a_report_that_came_after_the_cancellation_is_read_in_full() {
    let scene = Scene::new().await;
    codes(&scene).await;
    let (ticket, visit, mut phone) = offered(&scene).await;
    let reason = "客户取消".to_owned();
    scene.hq(ticket, Act::Cancel { reason }).await;
    let words = "第二个轮子也磨损了，\n下周再来";
    scene
        .worked_unreached(&mut phone, ticket, visit, done(visit, words))
        .await;
    let sign = Act::Sign {
        name: "周婉如".into(),
        path: "M10 10L20 20".into(),
    };
    phone.does(ticket, sign).await;

    let page = address(ticket);
    let mut browser = scene.signed(Role::Dispatcher, "en").await;
    let shown = browser.page(&page).await;
    shown.lacks("The report appears here after completion");
    for id in ["part-reviews", "part-report"] {
        let part = part(&shown.body, id);
        for text in [
            "Chen Liqun",
            "Partly fixed",
            "Worn pickup roller",
            "Replaced the roller · 第二个轮子也磨损了，\n下周再来",
            "P001 Pickup roller × 2",
            // On site 90 min, of which the work took 60.
            "15:30-17:00",
            "1 h 0 min",
            "Signed by 周婉如",
        ] {
            assert!(part.contains(text), "no “{text}” in {id}: {part}");
        }
    }
    let box_of_reviews = part(&shown.body, "part-reviews");
    assert!(box_of_reviews.contains("Chen Liqun completed it at 17:00; HQ cancelled at 14:00."));
    assert!(part(&shown.body, "part-report").contains("HQ cancelled the ticket"));

    let (_, review) = shown.body.split_once("/reviews/").unwrap();
    let review = format!("{page}/reviews/{}", &review[..26]);
    browser.submit(&page, &review, &[("verdict", "reviewed")]).await;
    let shown = browser.page(&page).await;
    shown.lacks("part-reviews").lacks("appears here after completion");
    assert!(
        part(&shown.body, "part-report").contains("下周再来"),
        "it stays after the review"
    );

    let mut browser = scene.signed(Role::Dispatcher, "zh-CN").await;
    let shown = browser.page(&page).await;
    let report = part(&shown.body, "part-report");
    for text in [
        "陈立群",
        "部分修复",
        "搓纸轮磨损",
        "总部取消了工单",
        "1 小时 0 分",
    ] {
        assert!(report.contains(text), "no “{text}” in {report}");
    }
    shown.lacks("您的完工");
}

#[tokio::test]
async fn two_engineers_reports_stand_side_by_side_with_the_parts_of_each() {
    let scene = Scene::new().await;
    codes(&scene).await;
    let (ticket, visit, mut chen) = offered(&scene).await;
    let second = VisitId::from_bytes([77; 16]);
    let to: Vec<EngineerId> = vec![scene.sun];
    let act = Act::Reassign {
        from: visit,
        visit: second,
        to,
        plan: None,
    };
    scene.hq(ticket, act).await;
    scene
        .worked_unreached(&mut chen, ticket, visit, done(visit, "旧轮子还能用"))
        .await;
    let page = address(ticket);
    let mut browser = scene.signed(Role::Dispatcher, "en").await;
    let shown = browser.page(&page).await;
    let waiting = part(&shown.body, "part-reviews");
    assert!(waiting.contains("Completed after reassignment") && waiting.contains("旧轮子还能用"));

    let mut sun = Phone::join(&scene.app, scene.sun).await;
    sun.sync().await;
    for act in [
        Act::Accept { visit: second },
        Act::Depart {
            visit: second,
            eta: None,
        },
        Act::Arrive {
            visit: second,
            position: None,
        },
        Act::Start { visit: second },
        done(second, "换了新的"),
    ] {
        scene.pass(10);
        sun.does(ticket, act).await;
    }
    let shown = browser.page(&page).await;
    let report = part(&shown.body, "part-report");
    let (suns, chens) = report.split_once("Chen Liqun").unwrap();
    assert!(
        suns.contains("Sun Xiaofeng") && suns.contains("换了新的"),
        "{suns}"
    );
    assert!(!suns.contains("P001") && !suns.contains("Overruled"), "{suns}");
    for text in [
        "旧轮子还能用",
        "P001 Pickup roller × 2",
        "Overruled",
        "HQ gave the visit to a colleague",
    ] {
        assert!(chens.contains(text), "no “{text}” in {chens}");
    }
}
