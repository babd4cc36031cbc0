//! Forms that come late, twice or from an old page: they change nothing that the page did not show, and say so.

use axum::http::StatusCode;
use fieldline_model::id::{AssetId, CustomerId, DeviceId, SiteId};
use fieldline_model::operation::Act;
use fieldline_model::row::{Asset, Customer, Row, Site};
use fieldline_server::auth::Role;

use crate::desk::fixed;
use crate::phone::Phone;
use crate::scene::{Answer, Browser, Scene, address, id};

/// What a page's form posts besides the button, and once more later.
async fn later(browser: &mut Browser<'_>, page: &Answer, to: &str, fields: &[(&str, &str)]) -> Answer {
    let (csrf, once) = (page.hidden("csrf"), page.hidden("once"));
    let mut all = vec![("csrf", csrf.as_str()), ("once", once.as_str())];
    all.extend(fields);
    browser.post(to, &all).await
}

/// A tab that asked about the lost phone ended the one that came for it: with one phone the form named none.
#[tokio::test]
async fn a_page_about_a_phone_that_is_gone_does_not_revoke_the_one_that_came_for_it() {
    let scene = Scene::new().await;
    let lost = Phone::join_as(&scene.app, scene.chen, 0).await;
    let mut browser = scene.signed(Role::Manager, "en").await;
    let revoke = format!("/hq/engineers/{}/revoke", scene.chen);
    let stale = browser.page(&revoke).await;
    let device = stale.hidden("device");
    assert_eq!(device, lost.device().to_string());
    later(&mut browser, &stale, &revoke, &[("device", &device)]).await;
    let told = later(&mut browser, &stale, &revoke, &[("device", &device)]).await;
    assert_eq!(told.to, "/hq/engineers");
    let told = browser.page("/hq/engineers").await;
    told.has("Nothing was changed: that phone of Chen Liqun was revoked already");

    let new = Phone::join_as(&scene.app, scene.chen, 1).await;
    let told = later(&mut browser, &stale, &revoke, &[("device", &device)]).await;
    assert_eq!(told.to, "/hq/engineers");
    let told = later(&mut browser, &stale, &revoke, &[]).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    told.has("Please say which phone")
        .has(&new.device().to_string())
        .lacks(&device);
    assert!(!new.is_revoked().await);
}

/// "The address may be mistyped", of an address the page itself had given while there was a phone.
#[tokio::test]
async fn an_engineer_without_a_phone_in_use_has_none_to_revoke_and_the_page_says_so() {
    for (lang, said) in [
        ("en", "This engineer has no phone in use."),
        ("zh-CN", "该工程师没有在用的手机。"),
    ] {
        let scene = Scene::new().await;
        let mut browser = scene.signed(Role::Manager, lang).await;
        let revoke = format!("/hq/engineers/{}/revoke", scene.chen);
        browser.page(&revoke).await.has(said).lacks("class=\"danger\"");
        let phone = Phone::join_as(&scene.app, scene.chen, 0).await;
        browser.page(&revoke).await.lacks(said).has("class=\"danger\"");
        browser.submit(&revoke, &revoke, &[]).await;
        assert!(phone.is_revoked().await);
        browser.page(&revoke).await.has(said).lacks("class=\"danger\"");
        let nobody = format!("/hq/engineers/{}/revoke", id(DeviceId::from_bytes, 0x55));
        assert_eq!(browser.get(&nobody).await.status, StatusCode::NOT_FOUND);
    }
}

/// "The phone is revoked" was the answer to ids of nobody's and of a colleague's phone.
#[tokio::test]
async fn a_phone_of_another_or_of_nobody_is_an_error_in_words() {
    let scene = Scene::new().await;
    let phone = Phone::join_as(&scene.app, scene.chen, 0).await;
    let other = Phone::join_as(&scene.app, scene.sun, 0).await;
    let (mine, others) = (phone.device().to_string(), other.device().to_string());
    let nobodys = id(DeviceId::from_bytes, 0x55).to_string();
    let both = format!("{mine}.{others}");
    let revoke = format!("/hq/engineers/{}/revoke", scene.chen);
    for (language, said) in [("en", "Not found."), ("zh-CN", "找不到此项")] {
        let mut browser = scene.signed(Role::Manager, language).await;
        for device in [
            &others,
            &nobodys,
            &both,
            &"all".to_owned(),
            &"nonsense".to_owned(),
        ] {
            let told = browser.submit(&revoke, &revoke, &[("device", device)]).await;
            assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY, "{device}");
            told.has(said);
        }
        browser
            .page("/hq/engineers")
            .await
            .lacks("is revoked")
            .lacks("已停用。");
    }
    for phone in [&phone, &other] {
        assert!(!phone.is_revoked().await);
    }
}

/// Both read "phone · just now", now in this order and now in that.
#[tokio::test]
async fn two_phones_are_told_apart_and_stand_in_their_order() {
    let scene = Scene::new().await;
    let first = Phone::join_as(&scene.app, scene.chen, 1).await;
    scene.pass(60 * 24);
    let mut second = Phone::join_as(&scene.app, scene.chen, 0).await;
    scene.pass(10);
    second.sync().await;
    let revoke = format!("/hq/engineers/{}/revoke", scene.chen);
    let mut browser = scene.signed(Role::Manager, "en").await;
    let page = browser.page(&revoke).await;
    page.has("phone · enrolled Fri 20 Nov 14:00 · Last contact never")
        .has("phone · enrolled 14:00 · Last contact ");
    let place = |phone: &Phone| page.body.find(&format!("value=\"{}\"", phone.device())).unwrap();
    assert!(place(&first) < place(&second), "the older one first");

    let told = browser.submit(&revoke, &revoke, &[]).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY, "none was picked");
    told.has("fieldset aria-invalid=\"true\"")
        .has("Please say which phone");

    // "All" are those that the page showed.
    let all = format!("{}.{}", first.device(), second.device());
    page.has(&format!("value=\"{all}\""));
    let third = Phone::join_as(&scene.app, scene.chen, 2).await;
    browser.submit(&revoke, &revoke, &[("device", &all)]).await;
    browser
        .page("/hq/engineers")
        .await
        .has("The phone of Chen Liqun is revoked");
    for (phone, revoked) in [(&first, true), (&second, true), (&third, false)] {
        assert_eq!(phone.is_revoked().await, revoked);
    }
}

/// A tab from before ended the link that a customer had been sent since.
#[tokio::test]
async fn a_page_that_showed_another_link_does_not_end_the_newer_one() {
    let scene = Scene::new().await;
    let page = address(scene.ticket("卡纸").await);
    let link = format!("{page}/link");
    let mut browser = scene.signed(Role::Agent, "en").await;
    browser.submit(&page, &link, &[("verdict", "make")]).await;
    let stale = browser.page(&page).await;
    stale.has("The link is made. Send it to the customer.");
    browser.submit(&page, &link, &[("verdict", "make")]).await;
    browser.page(&page).await.has("there is a link already");
    let mark = stale.hidden("link");
    stale.lacks(&format!("/t/{mark}"));
    let end = [("verdict", "end"), ("link", mark.as_str())];
    later(&mut browser, &stale, &link, &end).await;
    browser
        .page(&page)
        .await
        .has("The link is ended and opens nothing any more.")
        .has("No link yet");
    later(&mut browser, &stale, &link, &end).await;
    browser
        .page(&page)
        .await
        .has("Nothing was changed: that link was ended before.");

    browser.submit(&page, &link, &[("verdict", "make")]).await;
    for old in [&end[..], &end[..1]] {
        later(&mut browser, &stale, &link, old).await;
        browser
            .page(&page)
            .await
            .has("The link on this page was made later and still works.")
            .has("http://service.example.com/t/");
    }
    let mut chinese = scene.signed(Role::Agent, "zh-CN").await;
    chinese.submit(&page, &link, &[("verdict", "end")]).await;
    chinese
        .page(&page)
        .await
        .has("链接已停用，客户不能再用它打开进度页面。");
}

/// "The ticket is cancelled" was the answer to a second reason, which is kept nowhere.
#[tokio::test]
async fn a_ticket_cancelled_before_keeps_its_reason_and_the_page_says_so() {
    let scene = Scene::new().await;
    let page = address(scene.ticket("卡纸").await);
    let cancel = format!("{page}/cancel");
    let mut browser = scene.signed(Role::Dispatcher, "en").await;
    let stale = browser.page(&page).await;
    for _ in 0..2 {
        later(&mut browser, &stale, &cancel, &[("reason", "self")]).await;
        browser.page(&page).await.has("The ticket is cancelled.");
    }
    later(&mut browser, &stale, &cancel, &[("reason", "other")]).await;
    browser
        .page(&page)
        .await
        .has("Nothing was changed: the ticket was cancelled before")
        .has("Cancelled: The customer solved it");
}

/// The engineer stood at the machine, and one press from a page of two hours ago sent him home.
#[tokio::test]
async fn a_page_from_before_the_engineer_began_asks_once_before_it_cancels() {
    for (lang, said, done) in [
        (
            "en",
            "who may have begun. Check it now",
            "The ticket is cancelled.",
        ),
        (
            "zh-CN",
            "他可能已出发或开始处理。请核对现在的情况",
            "工单已取消。",
        ),
    ] {
        let scene = Scene::new().await;
        let ticket = scene.ticket("卡纸").await;
        let visit = scene.offer(ticket, scene.chen).await;
        let mut phone = Phone::join(&scene.app, scene.chen).await;
        phone.sync().await;
        let page = address(ticket);
        let cancel = format!("{page}/cancel");
        let mut browser = scene.signed(Role::Dispatcher, lang).await;
        let stale = browser.page(&page).await;
        let arrive = Act::Arrive {
            visit,
            position: None,
        };
        for act in [
            Act::Accept { visit },
            Act::Depart { visit, eta: None },
            arrive,
            Act::Start { visit },
        ] {
            phone.does(ticket, act).await;
        }
        let drawn = stale.form(&cancel);
        let mut fields: Vec<(&str, &str)> = drawn
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        fields.push(("reason", "self"));
        let asked = browser.post(&cancel, &fields).await;
        assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
        asked.has(said).has("value=\"self\" selected");
        browser.page(&page).await.lacks(done);
        // The page that came back shows it; sent from there it is meant.
        let drawn = asked.form(&cancel);
        let mut fields: Vec<(&str, &str)> = drawn
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        fields.push(("reason", "self"));
        assert_eq!(browser.post(&cancel, &fields).await.to, page);
        browser.page(&page).await.has(done);
    }
}

/// "It would have to be reopened first" stood on a page that had no way to do it.
#[tokio::test]
async fn an_ended_ticket_is_taken_up_again_with_a_reason() {
    let scene = Scene::new().await;
    let page = address(scene.ticket("卡纸").await);
    let (cancel, reopen) = (format!("{page}/cancel"), format!("{page}/reopen"));
    let mut browser = scene.signed(Role::Dispatcher, "en").await;
    browser.page(&page).await.lacks(&reopen);
    browser.submit(&page, &cancel, &[("reason", "self")]).await;
    let mut agent = scene.signed(Role::Agent, "en").await;
    agent.page(&page).await.lacks(&reopen);
    let refused = agent.submit(&page, &reopen, &[("reason", "he may not")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    browser
        .submit(&page, &reopen, &[("reason", "\u{200b} ")])
        .await
        .has("Please fill this in");
    let ended = browser.page(&page).await;
    for _ in 0..2 {
        later(&mut browser, &ended, &reopen, &[("reason", "It jams again")]).await;
        browser.page(&page).await.has("The ticket is open again.");
    }
    browser
        .page(&page)
        .await
        .has("Reopened: It jams again")
        .has("/assign")
        .lacks(&reopen);
    later(&mut browser, &ended, &reopen, &[("reason", "And again")]).await;
    browser
        .page(&page)
        .await
        .has("Nothing was changed: the ticket is open.")
        .lacks("And again");
}

/// "The ticket is cancelled" was the answer to an old form on a ticket that a colleague had opened again.
#[tokio::test]
async fn a_form_that_comes_again_does_not_tell_what_stands_no_longer() {
    const REPEATED: &str = "Nothing was changed: this form was sent before and counted then.";
    let scene = Scene::new().await;
    let page = address(scene.ticket("卡纸").await);
    let (assign, reschedule) = (format!("{page}/assign"), format!("{page}/reschedule"));
    let (cancel, reopen) = (format!("{page}/cancel"), format!("{page}/reopen"));
    let (chen, sun) = (scene.chen.to_string(), scene.sun.to_string());
    let mut browser = scene.signed(Role::Dispatcher, "en").await;

    let assigns = browser.page(&page).await;
    let to_chen = [("engineer", chen.as_str())];
    later(&mut browser, &assigns, &assign, &to_chen).await;
    browser.page(&page).await.has("Assigned to Chen Liqun");
    let plans = browser.page(&page).await;
    let early = [("plan_from", "2026-11-22T09:00"), ("plan_to", "2026-11-22T10:00")];
    let late = [("plan_from", "2026-11-22T15:00"), ("plan_to", "2026-11-22T16:00")];
    later(&mut browser, &plans, &reschedule, &early).await;
    browser.page(&page).await.has("The new time is saved");
    browser.submit(&page, &reschedule, &late).await;
    later(&mut browser, &plans, &reschedule, &early).await;
    browser
        .page(&page)
        .await
        .has(REPEATED)
        .lacks("The new time is saved")
        .has("Sun 22 Nov 15:00-16:00");
    browser
        .submit(&page, &assign, &[("engineer", &sun), ("reason", "Chen is ill")])
        .await;
    later(&mut browser, &assigns, &assign, &to_chen).await;
    browser.page(&page).await.has(REPEATED).lacks("Assigned to");

    let cancels = browser.page(&page).await;
    later(&mut browser, &cancels, &cancel, &[("reason", "self")]).await;
    let reopens = browser.page(&page).await;
    later(&mut browser, &reopens, &reopen, &[("reason", "It jams again")]).await;
    later(&mut browser, &cancels, &cancel, &[("reason", "self")]).await;
    browser
        .page(&page)
        .await
        .has(REPEATED)
        .lacks("The ticket is cancelled.");
    browser.submit(&page, &cancel, &[("reason", "other")]).await;
    later(&mut browser, &reopens, &reopen, &[("reason", "It jams again")]).await;
    browser
        .page(&page)
        .await
        .has(REPEATED)
        .lacks("The ticket is open again.");
}

#[tokio::test]
async fn a_review_item_settled_before_is_told_as_such() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let visit = scene.offer(ticket, scene.chen).await;
    let mut phone = Phone::join(&scene.app, scene.chen).await;
    phone.sync().await;
    scene.hq(ticket, Act::Cancel { reason: "x".into() }).await;
    scene
        .worked_unreached(&mut phone, ticket, visit, fixed(visit))
        .await;
    let page = address(ticket);
    let mut browser = scene.signed(Role::Dispatcher, "en").await;
    let shown = browser.page(&page).await;
    let (_, review) = shown.body.split_once("/reviews/").unwrap();
    let review = format!("{page}/reviews/{}", &review[..26]);
    for said in [
        "The review item is settled.",
        "Nothing was changed: the review item was settled before.",
    ] {
        later(&mut browser, &shown, &review, &[("verdict", "reviewed")]).await;
        browser.page(&page).await.has(said);
    }
}

/// "sent, not yet confirmed" stood beside engineers without a job, and beside revoked phones.
#[tokio::test]
async fn jobs_are_said_to_be_sent_only_where_there_are_some_and_a_phone() {
    const SENT: &str = "sent, not yet confirmed";
    let scene = Scene::new().await;
    let mut phone = Phone::join(&scene.app, scene.chen).await;
    phone.sync().await;
    let mut browser = scene.signed(Role::Manager, "en").await;
    browser.page("/hq/engineers").await.lacks(SENT).has("no jobs");
    let ticket = scene.ticket("卡纸").await;
    scene.offer(ticket, scene.chen).await;
    browser.page("/hq/engineers").await.has(SENT).lacks("no jobs");
    scene.app.revoke(phone.device()).await.unwrap();
    browser.page("/hq/engineers").await.lacks(SENT).lacks("no jobs");
}

/// A machine of one customer stood on the ticket of another, without a word.
#[tokio::test]
async fn a_machine_of_another_customer_is_a_marked_field() {
    let scene = Scene::new().await;
    let (customer, site) = (id(CustomerId::from_bytes, 15), id(SiteId::from_bytes, 16));
    let rows = vec![
        Row::Customer(Customer {
            id: customer,
            name: "晨曦幼儿园".into(),
            name_en: Some("Dawn Kindergarten".into()),
            vip: None,
            sla_plan: None,
            contract: None,
        }),
        Row::Site(Site {
            id: site,
            customer,
            city: "上海市".into(),
            district: "徐汇区".into(),
            address: "漕溪北路90号".into(),
            position: None,
        }),
        Row::Asset(Asset {
            id: id(AssetId::from_bytes, 18),
            site,
            category: "printer".into(),
            model: "ML-P3200".into(),
            model_zh: "激光打印机".into(),
            model_en: "Laser printer".into(),
            serial: "MLP32-2".into(),
            warranty_end: None,
            history: Vec::new(),
        }),
    ];
    scene.app.put_rows(rows).await.unwrap();
    for (language, said) in [
        ("en", "This machine belongs to another customer."),
        ("zh-CN", "这台设备属于另一客户。"),
    ] {
        let mut browser = scene.signed(Role::Agent, language).await;
        let new = "/hq/tickets/new";
        for customer in [&[("customer", "Mingcheng Law Firm")][..], &NEW] {
            let mut fields = customer.to_vec();
            fields.extend([("asset", "MLP32-2"), ("fault_text", "It jams")]);
            let told = browser.submit(new, "/hq/tickets", &fields).await;
            assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
            told.has(said);
        }
        let own = [
            ("customer", "Dawn Kindergarten"),
            ("asset", "MLP32-2"),
            ("fault_text", "It jams"),
        ];
        let made = browser.submit(new, "/hq/tickets", &own).await;
        assert!(made.to.starts_with("/hq/tickets/"), "{}", made.body);
    }
}

/// A customer who is made with the ticket owns no machine yet.
const NEW: [(&str, &str); 5] = [
    ("customer", "Blue Heron"),
    ("new_customer", "Blue Heron"),
    ("contact", "Mo"),
    ("phone", "13900001127"),
    ("address", "1 Lake Road"),
];

#[tokio::test]
async fn what_may_stay_empty_says_so_and_what_shows_nothing_is_empty() {
    let scene = Scene::new().await;
    let page = address(scene.ticket("卡纸").await);
    let mut browser = scene.signed(Role::Dispatcher, "en").await;
    browser
        .page(&page)
        .await
        .has(">Planned from (optional)<")
        .has(">Planned until (optional)<");
    let note = browser
        .submit(
            &page,
            &format!("{page}/note"),
            &[("note", "\u{200b}\u{2060}\u{feff}")],
        )
        .await;
    assert_eq!(note.status, StatusCode::UNPROCESSABLE_ENTITY);
    note.has("Please fill this in");
}

/// A plan of 2028 read as one of this year.
#[tokio::test]
async fn a_plan_of_another_year_names_it() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let page = address(ticket);
    let chen = scene.chen.to_string();
    let mut browser = scene.signed(Role::Dispatcher, "en").await;
    let plan = [
        ("engineer", chen.as_str()),
        ("plan_from", "2028-11-24T10:00"),
        ("plan_to", "2028-11-24T12:00"),
    ];
    browser.submit(&page, &format!("{page}/assign"), &plan).await;
    browser.page(&page).await.has("Fri 24 Nov 2028 10:00-12:00");
    let customers = scene.link(ticket).await;
    browser.page(&customers).await.has("24 Nov 2028");
}

/// Both had looked before either pressed: two visits began, and the page knew of one.
#[tokio::test]
async fn of_two_who_assign_at_once_one_wins_and_the_other_is_told() {
    const MEANWHILE: &str = "Somebody changed this visit after you opened the page";
    let scene = Scene::new().await;
    let (chen, sun) = (scene.chen.to_string(), scene.sun.to_string());
    let mut one = scene.signed(Role::Dispatcher, "en").await;
    let mut other = scene.signed(Role::Dispatcher, "en").await;
    for _ in 0..5 {
        let page = address(scene.ticket("卡纸").await);
        let assign = format!("{page}/assign");
        let seen = [one.page(&page).await, other.page(&page).await];
        let assigned = seen.each_ref().map(|page| page.hidden("assigned"));
        let to_chen = [("assigned", assigned[0].as_str()), ("engineer", &chen)];
        let to_sun = [("assigned", assigned[1].as_str()), ("engineer", &sun)];
        let (first, second) = tokio::join!(
            later(&mut one, &seen[0], &assign, &to_chen),
            later(&mut other, &seen[1], &assign, &to_sun)
        );
        let won = [&first, &second].map(|answer| answer.status == StatusCode::SEE_OTHER);
        assert_ne!(won[0], won[1], "{} {}", first.status, second.status);
        let lost = if won[0] { second } else { first };
        lost.has(MEANWHILE);
        let shown = one.page(&page).await;
        assert_eq!(shown.body.matches("Offered to ").count(), 1);
    }
}
