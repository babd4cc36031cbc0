//! Failures speak to who stands there, also for addresses that are no text.

use axum::http::StatusCode;
use fieldline_server::auth::Role;

use crate::scene::Scene;

#[tokio::test]
async fn an_address_at_hq_that_leads_nowhere_leads_back_to_the_queue() {
    let scene = Scene::new().await;
    let mut browser = scene.signed(Role::Dispatcher, "en").await;
    for path in [
        "/hq/tickets/%ff",
        "/hq/tickets/nonsense",
        "/hq/tickets/%E6%9C/live",
        "/hq/articles/01JGEQ4200B5NT6X3DHWE925NQ",
        "/hq?state=new&state=old",
    ] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        answer
            .has("There is nothing at this address")
            .has("href=\"/hq\"")
            .lacks("the company that sent you the link");
    }
    let mut stranger = scene.browser("zh-CN");
    stranger
        .get("/t/%ff")
        .await
        .has("向发给您链接的公司询问")
        .lacks("工单列表")
        .lacks("/hq");
}

#[tokio::test]
async fn a_form_of_hq_that_is_not_taken_is_told_in_words_of_hq() {
    let scene = Scene::new().await;
    let mut browser = scene.signed(Role::Dispatcher, "zh-CN").await;
    let large = browser
        .post("/hq/tickets", &[("fault_text", &"x".repeat(200_000))])
        .await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    large.has("没有发送").has("缩短后再发").has("href=\"/hq\"");
    let forged = browser.post("/hq/tickets", &[("csrf", "forged")]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    forged
        .has("页面打开时间过长")
        .has("href=\"/hq\"")
        .lacks("现在无法显示");
    let broken = browser.post("/sign-in", &[("name", "a"), ("name", "b")]).await;
    assert_eq!(broken.status, StatusCode::BAD_REQUEST);
    broken.has("<h1>").has("没有发送").lacks("duplicate");
    let mut keeper = scene.signed(Role::Keeper, "en").await;
    let denied = keeper.get("/hq/tickets/new").await;
    assert_eq!(denied.status, StatusCode::FORBIDDEN);
    denied.has("You may not do this").has("href=\"/hq\"");
}
