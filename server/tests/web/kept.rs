//! What a customer typed is never lost: it is sent, or it comes back with the reason and when to try again.

use axum::http::StatusCode;
use fieldline_model::operation::{Act, PauseReason};
use fieldline_server::auth::Role;

use crate::phone::Phone;
use crate::scene::{Scene, address};

/// The sixth message within ten minutes was dropped, and the page said "We already have it".
#[tokio::test]
async fn a_message_too_many_comes_back_with_the_reason_and_goes_out_later() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let link = scene.link(ticket).await;
    let path = format!("{link}/message");
    let mut browser = scene.browser("en");
    for i in 0..5 {
        let text = format!("number {i}");
        assert_eq!(browser.submit(&path, &path, &[("text", &text)]).await.to, link);
        scene.pass(1);
    }
    let words = "The gate code is 4711\nand <the dog> is kind";
    let answer = browser.submit(&path, &path, &[("text", words)]).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.header("retry-after"), Some("301"));
    answer
        .has("Not sent: that was too much in a short time. You can send it after 14:10.")
        .has("What you entered is still below.")
        .has("The gate code is 4711\nand &lt;the dog&gt; is kind</textarea>")
        .lacks("We already have it");
    browser
        .page(&link)
        .await
        .has("You can write again after 14:10")
        .lacks("4711");
    // A minute before, it is still true; at the minute told, the form that came back goes out as it is.
    let once = answer.hidden("once");
    scene.pass(4);
    let fields = [("once", once.as_str()), ("text", words)];
    assert_eq!(
        browser.post(&path, &fields).await.status,
        StatusCode::TOO_MANY_REQUESTS
    );
    scene.pass(1);
    for _ in 0..2 {
        assert_eq!(browser.post(&path, &fields).await.to, link);
    }
    let page = browser.page(&link).await;
    assert_eq!(page.body.matches("4711").count(), 1);
    browser.page(&link).await.has("You can write again after");
}

#[tokio::test]
async fn a_wish_that_cannot_go_out_comes_back_with_its_times() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let link = scene.link(ticket).await;
    let path = format!("{link}/time");
    let mut browser = scene.browser("zh-CN");
    for day in 10..15 {
        let (from, to) = (format!("2026-12-{day}T09:00"), format!("2026-12-{day}T10:00"));
        browser
            .submit(&path, &path, &[("from", &from), ("to", &to)])
            .await;
    }
    let wish = [("from", "2026-12-21T09:00"), ("to", "2026-12-21T10:00")];
    let answer = browser.submit(&path, &path, &wish).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    answer
        .has("没有发送：短时间内发送得太多。14:10 后可以再发。")
        .has("value=\"2026-12-21T09:00\"")
        .has("value=\"2026-12-21T10:00\"");
    scene
        .hq(
            ticket,
            Act::Cancel {
                reason: "客户取消".into(),
            },
        )
        .await;
    let answer = browser.post(&path, &wish).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    answer.has("工单已结束").has("value=\"2026-12-21T09:00\"");
    let urged = browser.post(&format!("{link}/urge"), &[]).await;
    assert_eq!(urged.to, link);
    browser.page(&urged.to).await.has("没有发送：工单已结束");
}

#[tokio::test]
async fn what_was_not_sent_is_told_only_as_long_as_it_is_so() {
    let scene = Scene::new().await;
    let link = scene.link(scene.ticket("卡纸").await).await;
    let mut browser = scene.browser("en");
    browser.submit(&link, &format!("{link}/urge"), &[]).await;
    let too_soon = browser.post(&format!("{link}/urge"), &[]).await;
    assert_eq!(too_soon.to, link);
    let urged = browser.cookies.clone();
    browser.page(&link).await.has("You can urge again after 14:30");
    scene.pass(30);
    browser.cookies = urged;
    browser.page(&link).await.lacks("Not sent").has("/urge\"");
    for word in ["over", "rated", "many", "nonsense"] {
        browser.cookies = vec![("fieldline-sent".into(), format!("not.{word}"))];
        browser.page(&link).await.lacks("Not sent");
    }
    browser.page(&format!("{link}?sent=a&sent=b")).await;
}

#[tokio::test]
async fn forms_that_are_too_large_or_broken_are_told_in_words() {
    let scene = Scene::new().await;
    let link = scene.link(scene.ticket("卡纸").await).await;
    for (language, sent, large) in [
        ("zh-CN", "没有发送", "缩短后再发"),
        ("en", "Not sent", "shorten it and send it again"),
    ] {
        let mut browser = scene.browser(language);
        let text = "x".repeat(200_000);
        let answer = browser.post(&format!("{link}/message"), &[("text", &text)]).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
        answer
            .has(sent)
            .has(large)
            .has(&format!("href=\"{link}\""))
            .lacks("/hq");
        let answer = browser
            .post(&format!("{link}/message"), &[("text", "a"), ("text", "b")])
            .await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        answer.has(sent).has("<h1>").lacks("duplicate");
        // A wrong link is told nothing but that it leads nowhere.
        let plain = browser.get("/t/nonsense").await;
        for fields in [&[("text", text.as_str())][..], &[("text", "a"), ("text", "b")]] {
            let answer = browser.post("/t/nonsense/message", fields).await;
            assert_eq!((answer.status, &answer.body), (plain.status, &plain.body));
        }
    }
}

/// A number copied from an address book brings marks that turn around whatever stands behind it.
#[tokio::test]
async fn what_turns_text_around_is_taken_out_where_it_comes_in_and_where_it_is_shown() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡\u{202e}纸").await;
    let link = scene.link(ticket).await;
    let path = format!("{link}/message");
    let mut browser = scene.browser("en");
    browser
        .submit(
            &path,
            &path,
            &[("text", "call \u{202d}139 0000\u{202c}, \u{200e}ok\u{1b}[2J")],
        )
        .await;
    browser
        .page(&link)
        .await
        .has("卡纸")
        .has("call 139 0000, \u{200e}ok[2J")
        .lacks("\u{202d}");
    // A phone of another make, that takes nothing out: its work is merged, and shown without harm.
    let visit = scene.offer(ticket, scene.chen).await;
    let mut phone = Phone::join(&scene.app, scene.chen).await;
    phone.sync().await;
    phone.does(ticket, Act::Accept { visit }).await;
    let text = "换轮\u{2067}\u{202e}gpj.exe\u{9b}31m".to_owned();
    phone.does(ticket, Act::Note { text }).await;
    let page = scene.signed(Role::Agent, "en").await.page(&address(ticket)).await;
    page.has("换轮gpj.exe31m");
    let reordering = |c: char| fieldline_model::plain::is_stray(c);
    assert!(!page.body.contains(reordering));
}

/// "Urge" stood beside "the engineer has arrived", and HQ was told to hurry whoever was at work.
#[tokio::test]
async fn nobody_is_hurried_who_is_there_already() {
    let scene = Scene::new().await;
    for (number, engineer, lang, said, sooner) in [
        (
            0,
            scene.chen,
            "zh-CN",
            "没有催单：工程师已经在现场。",
            "后可以再次催单",
        ),
        (
            1,
            scene.sun,
            "en",
            "Not sent: the engineer is already there.",
            "You can urge again",
        ),
    ] {
        let ticket = scene.ticket("卡纸").await;
        let link = scene.link(ticket).await;
        let urge = format!("{link}/urge");
        let visit = scene.offer(ticket, engineer).await;
        let mut phone = Phone::join_as(&scene.app, engineer, number).await;
        phone.sync().await;
        let mut browser = scene.browser(lang);
        phone.does(ticket, Act::Accept { visit }).await;
        phone.does(ticket, Act::Depart { visit, eta: None }).await;
        let once = browser.page(&link).await.has("/urge\"").hidden("once");
        browser.post(&urge, &[("once", &once)]).await;
        browser.page(&link).await.has(sooner);
        let position = None;
        phone.does(ticket, Act::Arrive { visit, position }).await;
        // The old page's own form again: it counted in time.
        browser.page(&link).await.lacks(sooner).lacks("/urge\"");
        scene.pass(31);
        browser.page(&link).await.lacks("/urge\"");
        assert_eq!(browser.post(&urge, &[]).await.to, link);
        browser.page(&link).await.has(said);
        browser.page(&link).await.lacks(said);
        phone.does(ticket, Act::Start { visit }).await;
        browser.page(&link).await.lacks("/urge\"");
        let reason = PauseReason::WaitingParts;
        phone.does(ticket, Act::Pause { visit, reason }).await;
        browser.page(&link).await.has("/urge\"");
        browser.post(&urge, &[]).await;
        let mut desk = scene.signed(Role::Dispatcher, "en").await;
        let page = desk.page(&address(ticket)).await;
        assert_eq!(page.body.matches("Customer urged").count(), 2);
    }
}
