//! Who gets in, what a form must carry, and what each post may do.

use axum::http::StatusCode;
use fieldline_server::auth::Role;

use crate::scene::{Scene, address};

#[tokio::test]
async fn a_page_sends_strangers_to_the_form_and_back_only_to_this_server() {
    let scene = Scene::new().await;
    let mut browser = scene.browser("en");
    let answer = browser.get("/hq/parts?q=a").await;
    assert_eq!(answer.to, "/sign-in?next=/hq/parts%3Fq%3Da");
    assert_eq!(
        browser
            .page("/sign-in?next=/hq/parts%3Fq%3Da")
            .await
            .hidden("next"),
        "/hq/parts?q=a"
    );
    assert_eq!(
        browser.page("/sign-in?next=//evil.example").await.hidden("next"),
        "/hq"
    );
}

#[tokio::test]
async fn a_password_signs_in_and_a_wrong_one_keeps_the_name_alone() {
    let scene = Scene::new().await;
    let staff = scene.app.staff_named("agent").await.unwrap().unwrap();
    scene
        .app
        .set_password(staff.id, "correct horse battery".into())
        .await
        .unwrap();
    let mut browser = scene.browser("zh-CN");
    let wrong = browser
        .submit(
            "/sign-in",
            "/sign-in",
            &[("name", "agent"), ("password", "nope-nope")],
        )
        .await;
    assert_eq!(wrong.status, StatusCode::FORBIDDEN);
    wrong
        .has("用户名或密码不正确")
        .has("value=\"agent\"")
        .lacks("nope-nope");
    let fields = [
        ("name", "agent"),
        ("password", "correct horse battery"),
        ("next", "/hq/engineers"),
    ];
    let good = browser.submit("/sign-in", "/sign-in", &fields).await;
    assert_eq!(good.to, "/hq/engineers");
    browser.page("/hq").await.has("agent 小王");
    assert_eq!(browser.submit("/hq", "/sign-out", &[]).await.to, "/sign-in");
    assert_eq!(browser.get("/hq").await.to, "/sign-in?next=/hq");
}

#[tokio::test]
async fn a_link_signs_in_by_its_button_only_and_once() {
    let scene = Scene::new().await;
    let staff = scene.app.staff_named("manager").await.unwrap().unwrap();
    let link = scene.app.signin_link(staff.id, 60_000).await.unwrap().reveal();
    let path = format!("/sign-in/link/{link}");
    let mut browser = scene.browser("en");
    browser.page(&path).await.has("manager 小王");
    assert_eq!(
        browser.post(&path, &[("csrf", "forged")]).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(browser.submit(&path, &path, &[]).await.to, "/hq");
    browser.page("/hq").await;
    scene
        .browser("en")
        .page(&path)
        .await
        .has("was used or has expired");
    // Who is signed in and opens the message again is where it was to lead.
    let again = browser.get(&path).await;
    assert_eq!((again.status, again.to.as_str()), (StatusCode::SEE_OTHER, "/hq"));
    browser
        .page("/hq")
        .await
        .has("You are signed in already")
        .has("manager 小王");
    let unused = scene.app.signin_link(staff.id, 60_000).await.unwrap().reveal();
    let unused = format!("/sign-in/link/{unused}");
    browser.page(&unused).await.has("manager 小王");
    scene.browser("en").page(&unused).await.has("manager 小王");
}

#[tokio::test]
async fn a_form_without_its_token_changes_nothing() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let mut browser = scene.signed(Role::Dispatcher, "en").await;
    for path in [
        "/assign",
        "/reschedule",
        "/cancel",
        "/note",
        "/link",
        "/reviews/01JGEQ4200B5NT6X3DHWE925NQ",
    ] {
        let fields = [
            ("csrf", "forged"),
            ("note", "x"),
            ("reason", "other"),
            ("verdict", "make"),
        ];
        let answer = browser.post(&(address(ticket) + path), &fields).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        answer.has("Nothing was changed").lacks("{\"");
    }
    for path in [
        "/hq/tickets",
        "/sign-out",
        &format!("/hq/engineers/{}/revoke", scene.chen),
    ] {
        assert_eq!(
            browser.post(path, &[]).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
    }
    browser.page(&address(ticket)).await.has("No notes yet");
}

#[tokio::test]
async fn each_post_sees_and_does_what_is_its_own() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let page = address(ticket);
    let mut keeper = scene.signed(Role::Keeper, "zh-CN").await;
    keeper
        .page(&page)
        .await
        .lacks("明澄")
        .lacks("13900001126")
        .lacks("漕溪")
        .has("•••26")
        .lacks("/assign")
        .lacks("/t/");
    keeper.page("/hq").await.lacks("明澄");
    keeper.page("/hq/engineers").await.lacks("/enrol");
    assert_eq!(keeper.get("/hq/tickets/new").await.status, StatusCode::FORBIDDEN);
    let mut agent = scene.signed(Role::Agent, "zh-CN").await;
    agent
        .page(&page)
        .await
        .has("明澄")
        .has("tel:13900001126")
        .lacks("/assign")
        .lacks("/cancel");
    let refused = agent
        .submit(&page, &format!("{page}/cancel"), &[("reason", "other")])
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let mut dispatcher = scene.signed(Role::Dispatcher, "zh-CN").await;
    dispatcher.page(&page).await.has("/assign").has("/cancel");
    let enrol = format!("/hq/engineers/{}/enrol", scene.chen);
    assert_eq!(
        dispatcher.submit(&page, &enrol, &[]).await.status,
        StatusCode::FORBIDDEN
    );
    scene
        .signed(Role::Manager, "zh-CN")
        .await
        .submit(&page, &enrol, &[])
        .await
        .has("fieldline phone enrol http://service.example.com ");
}

#[tokio::test]
async fn every_answer_is_closed_to_the_outside() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let link = scene.link(ticket).await;
    let mut browser = scene.signed(Role::Admin, "en").await;
    for path in [
        "/hq",
        "/sign-in",
        &link,
        "/t/wrong",
        "/hq/tickets/nonsense",
        "/web/hq.css",
    ] {
        let answer = browser.get(path).await;
        let header = |name: &str| {
            answer
                .headers
                .iter()
                .find(|(n, _)| n == name)
                .map(|(_, v)| v.as_str())
        };
        assert!(
            header("content-security-policy").is_some_and(|v| v.contains("frame-ancestors 'none'")),
            "{path}"
        );
        assert_eq!(header("x-content-type-options"), Some("nosniff"));
        let kept = header("cache-control").unwrap();
        assert_eq!(kept == "no-store", !path.starts_with("/web/"), "{path}: {kept}");
    }
    let answer = browser.get("/hq?lang=zh").await;
    answer.has("lang=\"zh-CN\"");
    browser.page("/hq").await.has("lang=\"zh-CN\"");
}

/// The sign-in page came without a word, and led to the queue; what had been typed was gone.
#[tokio::test]
async fn a_form_without_a_session_says_that_it_was_not_sent_and_leads_back_to_its_page() {
    let scene = Scene::new().await;
    let ticket = address(scene.ticket("卡纸").await);
    let chen = format!("/hq/engineers/{}", scene.chen);
    for (language, said) in [
        ("en", "Not sent: you are not signed in any more."),
        ("zh-CN", "没有提交：登录已失效。"),
    ] {
        let mut browser = scene.browser(language);
        for (to, page) in [
            (format!("{ticket}/note"), ticket.clone()),
            (
                format!("{ticket}/reviews/01JGEQ4200B5NT6X3DHWE925NQ"),
                ticket.clone(),
            ),
            ("/hq/tickets".into(), "/hq/tickets/new".into()),
            (format!("{chen}/revoke"), format!("{chen}/revoke")),
            (format!("{chen}/enrol"), "/hq/engineers".into()),
            ("/hq/held/01JGEQ4200B5NT6X3DHWE925NQ".into(), "/hq/held".into()),
            ("/hq/release-outbound".into(), "/hq".into()),
        ] {
            let answer = browser.post(&to, &[("note", "secret words")]).await;
            assert_eq!(answer.to, format!("/sign-in?next={page}"), "{to}");
            let asked = browser.page(&answer.to).await;
            asked.has(said).lacks("secret words");
            assert_eq!(asked.hidden("next"), page);
            browser.page(&answer.to).await.lacks(said);
        }
        assert_eq!(browser.post("/sign-out", &[]).await.to, "/sign-in");
        browser.page("/sign-in").await.lacks(said);
    }
}
