//! HQ's pages name what happened, and who may decide, as it is.

use fieldline_model::operation::{Act, PauseReason};
use fieldline_server::auth::Role;

use crate::phone::Phone;
use crate::scene::{Scene, address};

/// Work that went on after a pause stood in the timeline as begun a second time.
#[tokio::test]
async fn work_that_goes_on_is_not_told_as_begun_again() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let visit = scene.offer(ticket, scene.chen).await;
    let mut phone = Phone::join(&scene.app, scene.chen).await;
    phone.sync().await;
    let reason = PauseReason::Break;
    for act in [
        Act::Accept { visit },
        Act::Depart { visit, eta: None },
        Act::Arrive {
            visit,
            position: None,
        },
        Act::Start { visit },
        Act::Pause { visit, reason },
        Act::Resume { visit },
    ] {
        scene.pass(5);
        phone.does(ticket, act).await;
    }
    for (language, begun, resumed) in [
        ("en", "Started work", "Resumed work"),
        ("zh-CN", "开始处理", "继续处理"),
    ] {
        let page = scene
            .signed(Role::Agent, language)
            .await
            .page(&address(ticket))
            .await;
        assert_eq!(page.body.matches(begun).count(), 1, "{begun}");
        assert_eq!(page.body.matches(resumed).count(), 1, "{resumed}");
    }
}

/// "Until a supervisor decides" stood above buttons that every dispatcher has.
#[tokio::test]
async fn held_work_waits_for_those_who_may_decide() {
    let scene = Scene::new().await;
    let _phone = Phone::join(&scene.app, scene.chen).await;
    let revoke = format!("/hq/engineers/{}/revoke", scene.chen);
    for (language, nobody) in [("en", "supervisor"), ("zh-CN", "主管")] {
        let mut browser = scene.signed(Role::Dispatcher, language).await;
        browser.page("/hq/held").await.lacks(nobody);
        let mut browser = scene.signed(Role::Manager, language).await;
        browser.page(&revoke).await.lacks(nobody);
    }
}
