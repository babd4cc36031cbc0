//! What the customer's page says of a form: what stands now, once, and to whoever sent it.

use crate::scene::Scene;

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
