//! What the customer's page says of a form: what stands now, once, and to whoever sent it.

use fieldline_model::operation::Act;

use crate::scene::{Answer, Browser, Scene};

const REPEATED: &str = "Nothing new was sent: you sent this before, and we took it then.";

async fn wish(browser: &mut Browser<'_>, form: &Answer, path: &str, hour: u32) -> Answer {
    let once = form.hidden("once");
    let (from, to) = (
        format!("2026-11-22T{hour:02}:00"),
        format!("2026-11-22T{:02}:00", hour + 1),
    );
    let fields = [("once", once.as_str()), ("from", &from), ("to", &to)];
    browser.post(path, &fields).await
}

/// "We have your wish" was the answer to an old one, when a newer one or another plan counted, or the ticket was over.
#[tokio::test]
async fn a_wish_that_comes_again_is_told_as_one_that_came_before() {
    const TAKEN: &str = "We have your wish.";
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let link = scene.link(ticket).await;
    let path = format!("{link}/time");
    let mut browser = scene.browser("en");
    let old = browser.page(&path).await;
    for _ in 0..2 {
        let sent = wish(&mut browser, &old, &path, 9).await;
        browser.page(&sent.to).await.has(TAKEN).lacks(REPEATED);
    }
    let newer = browser.page(&path).await;
    wish(&mut browser, &newer, &path, 14).await;
    let sent = wish(&mut browser, &old, &path, 9).await;
    browser.page(&sent.to).await.has(REPEATED).lacks(TAKEN);

    scene.offer(ticket, scene.chen).await;
    let sent = wish(&mut browser, &newer, &path, 14).await;
    browser.page(&sent.to).await.has(REPEATED).lacks(TAKEN);

    let newest = browser.page(&path).await;
    wish(&mut browser, &newest, &path, 16).await;
    let reason = "x".into();
    scene.hq(ticket, Act::Cancel { reason }).await;
    let sent = wish(&mut browser, &newest, &path, 16).await;
    browser.page(&sent.to).await.has(REPEATED).lacks(TAKEN);
}

#[tokio::test]
async fn an_urge_and_a_message_that_come_again_are_told_as_such() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let link = scene.link(ticket).await;
    let (urge, message) = (format!("{link}/urge"), format!("{link}/message"));
    let mut browser = scene.browser("zh-CN");
    let urges = browser.page(&link).await.hidden("once");
    let words = browser.page(&message).await.hidden("once");
    let words = [("once", words.as_str()), ("text", "门铃坏了")];
    browser.post(&urge, &[("once", &urges)]).await;
    browser.page(&link).await.has("催单已收到。");
    for _ in 0..2 {
        browser.post(&message, &words).await;
        browser.page(&link).await.has("留言已收到。");
    }
    // An hour later the old urge is no new one.
    scene.pass(60);
    let sent = browser.post(&urge, &[("once", &urges)]).await;
    browser
        .page(&sent.to)
        .await
        .has("没有重复发送：这些内容您此前已发送过，我们当时已收到。")
        .lacks("催单已收到。");
    let other = browser.page(&message).await.hidden("once");
    let other = [("once", other.as_str()), ("text", "请走后门")];
    browser.post(&message, &other).await;
    browser.post(&message, &words).await;
    let page = browser.page(&link).await;
    page.has("没有重复发送").lacks("留言已收到。");
    assert_eq!(page.body.matches("门铃坏了").count(), 1);
}

/// `?sent=time` stayed in the address: a reload, a bookmark, a link that was passed on and a made-up one claimed it anew.
#[tokio::test]
async fn what_was_sent_is_told_once_and_by_no_address() {
    const LINES: [&str; 4] = [
        "We have your wish.",
        "Your message has arrived.",
        "We have noted that it is urgent.",
        "Thank you for your rating.",
    ];
    let scene = Scene::new().await;
    let (link, other) = (
        scene.link(scene.ticket("卡纸").await).await,
        scene.link(scene.ticket("又卡纸").await).await,
    );
    let mut browser = scene.browser("en");
    for word in ["time", "message", "urge", "rating"] {
        let page = browser.page(&format!("{link}?sent={word}")).await;
        for line in LINES {
            page.lacks(line);
        }
    }
    let sent = browser.submit(&link, &format!("{link}/urge"), &[]).await;
    assert_eq!(sent.to, link, "nothing stands in the address");
    let cookie = sent.header("set-cookie").unwrap_or_default().to_owned();
    assert!(cookie.contains(&format!("Path={link}; ")), "{cookie}");
    assert!(
        cookie.contains("Max-Age=60") && cookie.contains("HttpOnly"),
        "{cookie}"
    );
    // A browser brings it to no other page; if one did, that would not tell it either.
    let kept = browser.cookies.clone();
    browser.page(&other).await.lacks(LINES[2]);
    browser.cookies = kept;
    browser.page(&link).await.has(LINES[2]);
    browser.page(&link).await.lacks(LINES[2]);
    let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
    let (_, operation) = value.split_once('.').unwrap();
    for made_up in [
        format!("time.{operation}"),
        "urge.01JGEQ4200B5NT6X3DHWE925NQ".to_owned(),
        "urge".to_owned(),
        "rating.x".to_owned(),
    ] {
        browser.cookies = vec![(name.to_owned(), made_up)];
        let page = browser.page(&link).await;
        for line in LINES {
            page.lacks(line);
        }
    }
}
