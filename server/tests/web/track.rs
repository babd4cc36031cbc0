//! The customer's page: the walk through a whole visit, what a customer may say and see, and links that open nothing.

use axum::http::StatusCode;
use fieldline_model::id::VisitId;
use fieldline_model::operation::{Act, Completion, PauseReason, Span, VisitResult};
use fieldline_server::auth::Role;
use fieldline_server::store::StoreError;
use fieldline_server::store::event::event_list;

use crate::phone::Phone;
use crate::scene::{MINUTE, NASTY, Scene, address};

fn label(body: &str) -> &str {
    let (_, now) = body.split_once("aria-current=\"step\"").unwrap();
    let (_, word) = now.split_once("<span class=\"word\">").unwrap();
    word.split('<').next().unwrap()
}

fn headline(body: &str) -> String {
    let (_, rest) = body.split_once("<h1>").unwrap();
    rest.split("</h1>")
        .next()
        .unwrap()
        .replace("<span>", "")
        .replace("</span>", "")
}

#[tokio::test]
async fn the_six_labels_are_walked_with_a_sentence_each() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let link = scene.link(ticket).await;
    let mut browser = scene.browser("en");
    let mut seen = Vec::new();
    let page = browser.page(&link).await;
    seen.push((label(&page.body).to_owned(), headline(&page.body)));
    let visit = scene.offer(ticket, scene.chen).await;
    let mut phone = Phone::join(&scene.app, scene.chen).await;
    phone.sync().await;
    let eta = scene.app.now().plus_ms(30 * MINUTE);
    let completion = Completion {
        result: VisitResult::Fixed,
        cause: None,
        remedy: None,
        text: "换轮".into(),
    };
    let acts = [
        Act::Accept { visit },
        Act::Depart {
            visit,
            eta: Some(eta),
        },
        Act::Arrive {
            visit,
            position: None,
        },
        Act::Start { visit },
        Act::Pause {
            visit,
            reason: PauseReason::WaitingParts,
        },
        Act::Resume { visit },
        Act::Finish { visit, completion },
    ];
    for act in acts {
        let (named, shown) = (
            act.word(),
            matches!(
                act,
                Act::Depart { .. }
                    | Act::Arrive { .. }
                    | Act::Start { .. }
                    | Act::Pause { .. }
                    | Act::Resume { .. }
            ),
        );
        phone.does(ticket, act).await;
        let page = browser.page(&link).await;
        assert_eq!(page.body.contains("Chen Liqun"), shown, "{named}");
        seen.push((label(&page.body).to_owned(), headline(&page.body)));
    }
    let seen: Vec<(&str, &str)> = seen
        .iter()
        .map(|(label, line)| (label.as_str(), line.as_str()))
        .collect();
    let expected = [
        ("Received", "We have your report"),
        ("Assigning", "Visit 15:00-16:00"),
        ("On the way", "Arriving 14:20-14:50"),
        ("Arrived", "The engineer has arrived"),
        ("In progress", "The engineer is at work"),
        ("In progress", "Work is paused"),
        ("In progress", "The engineer is at work"),
        ("Done", "Fixed"),
    ];
    assert_eq!(seen, expected);
}

/// "We are finding an engineer for you" stood over a job that an engineer had accepted.
#[tokio::test]
async fn an_accepted_job_without_a_time_says_that_an_engineer_has_it() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let link = scene.link(ticket).await;
    let visit = scene.app.edge().id(VisitId::new);
    let offer = Act::Offer {
        visit,
        to: vec![scene.chen],
        plan: None,
    };
    scene.hq(ticket, offer).await;
    let mut browser = scene.browser("en");
    let offered = headline(&browser.page(&link).await.body);
    let mut phone = Phone::join(&scene.app, scene.chen).await;
    phone.sync().await;
    phone.does(ticket, Act::Accept { visit }).await;
    let accepted = headline(&browser.page(&link).await.body);
    assert_eq!(
        [offered, accepted],
        ["We are finding an engineer for you", "An engineer has your job"]
    );
}

#[tokio::test]
async fn a_position_is_shown_rounded_with_its_age_and_only_on_the_way() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let link = scene.link(ticket).await;
    let visit = scene.offer(ticket, scene.chen).await;
    let mut phone = Phone::join(&scene.app, scene.chen).await;
    phone.sync().await;
    phone.does(ticket, Act::Accept { visit }).await;
    phone.is_at(31.30, 121.433).await;
    let mut browser = scene.browser("en");
    browser.page(&link).await.lacks("km away");
    scene.pass(1);
    phone.does(ticket, Act::Depart { visit, eta: None }).await;
    browser
        .page(&link)
        .await
        .lacks("km away")
        .has("We have no position now");
    phone.is_at(31.228_123, 121.433).await;
    scene.pass(3);
    let page = browser.page(&link).await;
    page.has("About 4 km away")
        .has("3 min ago")
        .lacks("31.2")
        .has("Arriving");
    scene.pass(1);
    phone
        .does(
            ticket,
            Act::Arrive {
                visit,
                position: None,
            },
        )
        .await;
    browser.page(&link).await.lacks("km away").has("Chen Liqun");
}

/// "On the way, arriving Tue 14:00-16:00" was read where HQ had moved the visit while the engineer drove.
#[tokio::test]
async fn a_visit_moved_to_another_day_while_the_engineer_drives_is_told_as_that() {
    let day = |lang| if lang == "en" { "Sun 22 Nov" } else { "11月22日" };
    for (lang, moved, arriving, unknown) in [
        (
            "en",
            "Visit moved to",
            "Arriving 14:20-14:50",
            "The engineer is on the way",
        ),
        ("zh", "上门时间已改到", "预计 14:20-14:50 到达", "工程师已出发"),
    ] {
        let scene = Scene::new().await;
        let ticket = scene.ticket("卡纸").await;
        let link = scene.link(ticket).await;
        let visit = scene.offer(ticket, scene.chen).await;
        let mut phone = Phone::join(&scene.app, scene.chen).await;
        phone.sync().await;
        phone.does(ticket, Act::Accept { visit }).await;
        let eta = Some(scene.app.now().plus_ms(30 * MINUTE));
        phone.does(ticket, Act::Depart { visit, eta }).await;
        let mut browser = scene.browser(lang);
        assert_eq!(headline(&browser.page(&link).await.body), arriving);
        let start = scene.app.now().plus_ms(2 * 24 * 60 * MINUTE);
        let plan = Span {
            start,
            end: start.plus_ms(60 * MINUTE),
        };
        scene.hq(ticket, Act::Reschedule { visit, plan }).await;
        let shown = headline(&browser.page(&link).await.body);
        assert!(shown.starts_with(moved) && shown.contains(day(lang)), "{shown}");
        // He says that he comes: that is nearer than any plan.
        scene.pass(1);
        phone.sync().await;
        let arrival = scene.app.now().plus_ms(29 * MINUTE);
        phone.does(ticket, Act::Estimate { visit, arrival }).await;
        assert_eq!(headline(&browser.page(&link).await.body), arriving);

        // Whoever sets out knowing that the visit is planned for another day does not arrive by that plan.
        let early = scene.ticket("异响").await;
        let link = scene.link(early).await;
        let visit = scene.offer(early, scene.chen).await;
        scene.hq(early, Act::Reschedule { visit, plan }).await;
        phone.sync().await;
        phone.does(early, Act::Accept { visit }).await;
        phone.does(early, Act::Depart { visit, eta: None }).await;
        let page = browser.page(&link).await;
        assert_eq!(headline(&page.body), unknown);
        page.lacks(day(lang));
    }
}

/// An app without the question at the tap saved it: the door takes what is saved, and the page passes it over.
#[tokio::test]
async fn an_arrival_nobody_can_mean_is_taken_and_not_shown() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let link = scene.link(ticket).await;
    let visit = scene.offer(ticket, scene.chen).await;
    let mut phone = Phone::join(&scene.app, scene.chen).await;
    phone.sync().await;
    phone.does(ticket, Act::Accept { visit }).await;
    phone.does(ticket, Act::Depart { visit, eta: None }).await;
    let mut browser = scene.browser("en");
    let arrival = |minutes: i64| scene.app.now().plus_ms(minutes * MINUTE);
    let soon = Act::Estimate {
        visit,
        arrival: arrival(30),
    };
    phone.does(ticket, soon).await;
    let shown = headline(&browser.page(&link).await.body);
    assert_eq!(shown, "Arriving 14:20-14:50");
    let far = Act::Estimate {
        visit,
        arrival: arrival(3 * 365 * 24 * 60),
    };
    phone.does(ticket, far).await;
    assert_eq!(headline(&browser.page(&link).await.body), shown);
    let events = scene
        .app
        .store()
        .read::<_, StoreError>(move |connection| event_list(connection, &ticket.to_string(), 0, 50));
    let events = events.await.unwrap();
    let taken = events.iter().filter(|event| event.act == "estimate");
    assert_eq!(taken.filter(|event| event.outcome == "merged").count(), 2);
}

#[tokio::test]
async fn what_a_customer_says_counts_once_and_not_too_often() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let link = scene.link(ticket).await;
    let mut browser = scene.browser("zh-CN");
    let once = browser.page(&link).await.hidden("once");
    for _ in 0..3 {
        let answer = browser.post(&format!("{link}/urge"), &[("once", &once)]).await;
        assert_eq!(answer.to, link);
    }
    browser
        .page(&link)
        .await
        .has("您已在 14:00 催单")
        .lacks("/urge\"");
    let soon = browser.post(&format!("{link}/urge"), &[("once", "")]).await;
    assert_eq!(soon.to, link);
    browser
        .page(&soon.to)
        .await
        .has("没有重复催单")
        .has("14:30 后可以再次催单");
    for i in 0..7 {
        let text = format!("第 {i} 条 {NASTY}");
        let path = format!("{link}/message");
        let answer = browser.submit(&path, &path, &[("text", &text)]).await;
        let expected = if i < 5 {
            StatusCode::SEE_OTHER
        } else {
            StatusCode::TOO_MANY_REQUESTS
        };
        assert_eq!(answer.status, expected, "{i}");
    }
    browser
        .page(&link)
        .await
        .has("第 4 条")
        .lacks("第 5 条")
        .lacks("<script>alert");
    scene.pass(31);
    browser.page(&link).await.has("/urge\"");
    let wish = [("from", "2026-11-21T09:00"), ("to", "2026-11-21T10:00")];
    let path = format!("{link}/time");
    assert_eq!(browser.submit(&path, &path, &wish).await.to, link);
    let wrong = browser
        .submit(&path, &path, &[("from", "2026-11-21T09:00"), ("to", "x")])
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.has("2026-11-21T09:00").has("value=\"x\"");
    let rated = browser.post(&format!("{link}/rating"), &[("rating", "5")]).await;
    assert_eq!(rated.to, link, "nothing to rate yet");
    browser.page(&rated.to).await.has("工作完成后才能评价");
    let mut desk = scene.signed(Role::Dispatcher, "en").await;
    let page = desk.page(&address(ticket)).await;
    assert_eq!(page.body.matches("Customer urged").count(), 1);
    page.has("Customer wishes Sat 21 Nov 09:00-10:00");
    desk.page("/hq").await.has("The customer urged");
}

/// Each looked before the other had written, and both were taken.
#[tokio::test]
async fn of_what_is_sent_truly_at_once_no_more_counts_than_the_limit() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let link = scene.link(ticket).await;
    let urge = format!("{link}/urge");
    let (mut one, mut two) = (scene.browser("en"), scene.browser("en"));
    let first = one.page(&link).await.hidden("once");
    let second = two.page(&link).await.hidden("once");
    let (first, second) = ([("once", first.as_str())], [("once", second.as_str())]);
    tokio::join!(one.post(&urge, &first), two.post(&urge, &second));
    let told = [one.page(&link).await, two.page(&link).await];
    let told = told.map(|page| page.body.contains("you urged a short while ago"));
    assert_eq!(
        told.iter().filter(|told| **told).count(),
        1,
        "one of them is told"
    );

    let path = format!("{link}/message");
    for i in 0..4 {
        one.submit(&path, &path, &[("text", &i.to_string())]).await;
    }
    let (third, fourth) = (
        one.page(&path).await.hidden("once"),
        two.page(&path).await.hidden("once"),
    );
    let fields = [("once", third.as_str()), ("text", "fifth")];
    let others = [("once", fourth.as_str()), ("text", "sixth")];
    let (one, two) = tokio::join!(one.post(&path, &fields), two.post(&path, &others));
    let mut statuses = [one.status, two.status];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::SEE_OTHER, StatusCode::TOO_MANY_REQUESTS]);
    let mut desk = scene.signed(Role::Dispatcher, "en").await;
    let page = desk.page(&address(ticket)).await;
    assert_eq!(page.body.matches("Customer urged").count(), 1);
}

/// "It appears here once it is settled", and until then nothing did; and HQ's form began with another time.
#[tokio::test]
async fn a_wish_stands_on_the_customers_page_until_it_is_settled_and_the_plan_begins_with_it() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    scene.offer(ticket, scene.chen).await;
    let link = scene.link(ticket).await;
    let path = format!("{link}/time");
    let mut browser = scene.browser("en");
    browser.page(&link).await.lacks("You asked for");
    let wishes = [
        [("from", "2026-11-21T08:00"), ("to", "2026-11-21T09:00")],
        [("from", "2026-11-22T09:00"), ("to", "2026-11-22T10:00")],
    ];
    for wish in wishes {
        assert_eq!(browser.submit(&path, &path, &wish).await.to, link);
    }
    let mine = "You asked for Sun 22 Nov 09:00-10:00";
    browser
        .page(&link)
        .await
        .has(mine)
        .has("not settled yet")
        .lacks("21 Nov");
    let mut desk = scene.signed(Role::Dispatcher, "en").await;
    let page = desk.page(&address(ticket)).await;
    page.has("name=\"plan_from\" value=\"2026-11-22T09:00\"")
        .has("name=\"plan_to\" value=\"2026-11-22T10:00\"")
        .has("Wished time");
    let visit = scene.offer_unplanned(ticket).await;
    browser.page(&link).await.has(mine);
    let plan = Span {
        start: scene.app.now().plus_ms(180 * MINUTE),
        end: scene.app.now().plus_ms(240 * MINUTE),
    };
    scene.hq(ticket, Act::Reschedule { visit, plan }).await;
    let settled = browser.page(&link).await;
    assert_eq!(
        headline(&settled.lacks("You asked for").body),
        "Visit 17:00-18:00"
    );
    desk.page(&address(ticket))
        .await
        .lacks("value=\"2026-11-22T09:00\"");
}

/// The whole form was shown, and sent back with "this ticket is over" once it was filled in.
#[tokio::test]
async fn there_is_no_form_for_another_time_when_the_ticket_is_over() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let link = scene.link(ticket).await;
    let reason = "客户取消".to_owned();
    let mut browser = scene.browser("en");
    let path = format!("{link}/time");
    browser.page(&path).await.has("name=\"from\"");
    scene.hq(ticket, Act::Cancel { reason }).await;
    browser
        .page(&path)
        .await
        .has("This ticket is over, so another time cannot be asked for.")
        .has(&format!("{link}/message"))
        .lacks("name=\"from\"");
    let mut chinese = scene.browser("zh-CN");
    chinese.page(&path).await.has("工单已结束").lacks("<form method");
}

/// "We have your wish. The time appears here once it is settled", while the engineer stood at the door.
#[tokio::test]
async fn no_other_time_is_asked_for_once_the_engineer_set_out() {
    for (lang, on_the_way, begun, overtaken) in [
        (
            "en",
            "The engineer is on the way, so another time cannot be asked for.",
            "The visit has begun, so another time cannot be asked for.",
            "You asked for Sun 22 Nov 09:00-10:00; the engineer set out before that was settled.",
        ),
        (
            "zh-CN",
            "工程师已经出发，不能再换时间。",
            "这次上门已经开始，不能再换时间。",
            "时间还没有确定，工程师就出发了。",
        ),
    ] {
        let scene = Scene::new().await;
        let ticket = scene.ticket("卡纸").await;
        let visit = scene.offer(ticket, scene.chen).await;
        let link = scene.link(ticket).await;
        let path = format!("{link}/time");
        let mut phone = Phone::join(&scene.app, scene.chen).await;
        phone.sync().await;
        phone.does(ticket, Act::Accept { visit }).await;
        let mut browser = scene.browser(lang);
        let wish = [("from", "2026-11-22T09:00"), ("to", "2026-11-22T10:00")];
        assert_eq!(browser.submit(&path, &path, &wish).await.to, link);
        browser.page(&link).await.lacks(overtaken);
        let old = browser.page(&path).await.hidden("once");
        let later = [
            ("once", old.as_str()),
            ("from", "2026-11-23T08:00"),
            ("to", "2026-11-23T09:00"),
        ];

        scene.pass(1);
        phone.does(ticket, Act::Depart { visit, eta: None }).await;
        let arrive = Act::Arrive {
            visit,
            position: None,
        };
        for (act, said) in [
            (None, on_the_way),
            (Some(arrive), begun),
            (Some(Act::Start { visit }), begun),
        ] {
            scene.pass(1);
            if let Some(act) = act {
                phone.does(ticket, act).await;
            }
            let shown = browser.page(&path).await;
            shown
                .has(said)
                .has(&format!("{link}/message"))
                .lacks("name=\"from\"");
            let refused = browser.post(&path, &later).await;
            assert_eq!(refused.status, StatusCode::CONFLICT);
            refused
                .has("2026-11-23T08:00")
                .has(said.split_once(", ").map_or(said, |(_, rest)| rest));
            browser.page(&link).await.has(overtaken).lacks("/time\"");
        }
        let done = Completion {
            result: VisitResult::CouldNot,
            cause: None,
            remedy: None,
            text: "要换板子".into(),
        };
        phone
            .does(
                ticket,
                Act::Finish {
                    visit,
                    completion: done,
                },
            )
            .await;
        browser.page(&link).await.lacks(overtaken).has("/time\"");
        assert_eq!(
            browser.post(&path, &later).await.to,
            link,
            "there is a next visit to plan"
        );
    }
}

/// "You asked for Sun 22 Nov 2015", which nobody meant.
#[tokio::test]
async fn a_wish_that_begins_on_a_day_gone_by_comes_back() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let link = scene.link(ticket).await;
    let path = format!("{link}/time");
    let mut browser = scene.browser("en");
    let past = [("from", "2016-11-20T09:00"), ("to", "2026-11-22T10:00")];
    let again = browser.submit(&path, &path, &past).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    again.has("This time has passed").has("2016-11-20T09:00");
    browser.page(&link).await.lacks("You asked for");
    let today = [("from", "2026-11-20T09:00"), ("to", "2026-11-20T18:00")];
    assert_eq!(browser.submit(&path, &path, &today).await.to, link);
}

/// A customer could ask for the year 2099.
#[tokio::test]
async fn a_wish_too_far_ahead_comes_back() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let link = scene.link(ticket).await;
    let path = format!("{link}/time");
    for (lang, words) in [
        ("en", "within the next 366 days"),
        ("zh", "请选 366 天以内的时间"),
    ] {
        let mut browser = scene.browser(lang);
        let far = [("from", "2099-11-20T09:00"), ("to", "2099-11-20T10:00")];
        let again = browser.submit(&path, &path, &far).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        again.has(words).has("2099-11-20T09:00");
        browser.page(&link).await.lacks("2099");
    }
}

/// The link was gone until a time that the page told, and the form behind it was shown.
#[tokio::test]
async fn a_form_that_could_not_be_sent_now_says_until_when_in_its_place() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let link = scene.link(ticket).await;
    let (message, time) = (format!("{link}/message"), format!("{link}/time"));
    let mut browser = scene.browser("en");
    for text in ["1", "2", "3", "4", "5"] {
        let answer = browser.submit(&message, &message, &[("text", text)]).await;
        assert_eq!(answer.to, link);
    }
    for (path, field) in [(&message, "name=\"text\""), (&time, "name=\"from\"")] {
        browser
            .page(path)
            .await
            .has("You can write again after 14:10.")
            .lacks(field)
            .lacks("Not sent");
    }
    scene.pass(10);
    browser.page(&message).await.has("name=\"text\"");
    browser.page(&time).await.has("name=\"from\"");
}

#[tokio::test]
async fn the_end_shows_report_signature_and_takes_one_rating() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let link = scene.link(ticket).await;
    let visit = scene.offer(ticket, scene.chen).await;
    let mut phone = Phone::join(&scene.app, scene.chen).await;
    phone.sync().await;
    let completion = Completion {
        result: VisitResult::Fixed,
        cause: None,
        remedy: None,
        text: "换轮".into(),
    };
    for act in [
        Act::Accept { visit },
        Act::Depart { visit, eta: None },
        Act::Arrive {
            visit,
            position: None,
        },
        Act::Start { visit },
        Act::Note {
            text: "only for the house".into(),
        },
        Act::UsePart {
            part: scene.part,
            quantity: 2,
            from: scene.van,
        },
        Act::Sign {
            name: "周婉如".into(),
            path: "M10 10L20 20".into(),
        },
        Act::Finish { visit, completion },
    ] {
        scene.pass(10);
        phone.does(ticket, act).await;
    }
    let mut browser = scene.browser("zh-CN");
    let page = browser.page(&link).await;
    page.has("P001 搓纸轮 × 2")
        .has("换轮")
        .has("周婉如于")
        .has("data:image/svg+xml")
        .lacks("only for the house")
        .lacks("陈立群");
    let path = format!("{link}/rating");
    let wrong = browser
        .submit(&link, &path, &[("rating", "6"), ("text", "很准时")])
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong
        .has("评价还没有提交")
        .has("请选择 1 到 5 分")
        .has("很准时")
        .lacks("谢谢您的评价");
    let long = "好".repeat(1_001);
    let wrong = browser
        .submit(&link, &path, &[("rating", "4"), ("text", &long)])
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.has("最多 1000 个字").has(&long).has("value=\"4\" checked");
    assert_eq!(
        browser
            .submit(&link, &path, &[("rating", "4"), ("text", "准时")])
            .await
            .to,
        link
    );
    let again = browser.post(&path, &[("rating", "1")]).await;
    assert_eq!(again.to, link);
    browser.page(&again.to).await.has("您已经评价过");
    let again = browser
        .post(&path, &[("rating", "1"), ("text", "后来又坏了")])
        .await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    again
        .has("您已经评价过")
        .has("可以作为留言发送")
        .has("后来又坏了")
        .has(&format!("action=\"{link}/message\""));
    browser.page(&link).await.has("您的评价：4 分");
}

#[tokio::test]
async fn a_merged_ticket_shows_the_survivor_and_a_cancelled_one_says_so() {
    let scene = Scene::new().await;
    let (one, other) = (scene.ticket("卡纸").await, scene.ticket("又卡纸").await);
    let link = scene.link(one).await;
    scene
        .hq(
            one,
            Act::MergeInto {
                ticket: other.ticket().unwrap(),
            },
        )
        .await;
    let mut browser = scene.browser("en");
    browser
        .page(&link)
        .await
        .has("Your ticket T-000001 was joined")
        .has("Ticket T-000002")
        .has("又卡纸");
    let path = format!("{link}/message");
    browser.submit(&path, &path, &[("text", "hello there")]).await;
    scene
        .signed(Role::Agent, "en")
        .await
        .page(&address(other))
        .await
        .has("hello there");
    scene
        .hq(
            other,
            Act::Cancel {
                reason: "客户取消".into(),
            },
        )
        .await;
    browser
        .page(&link)
        .await
        .has("This ticket is cancelled")
        .lacks("/urge")
        .lacks("客户取消");
}

#[tokio::test]
async fn links_that_open_nothing_get_the_very_same_bytes() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let (revoked, expired) = (scene.link(ticket).await, scene.link(ticket).await);
    scene.end_links(ticket).await;
    let living = scene.link(ticket).await;
    for language in ["zh-CN", "en"] {
        let mut browser = scene.browser(language);
        browser.page(&living).await;
        let plain = browser.get("/t/nonsense").await;
        assert_eq!(plain.status, StatusCode::NOT_FOUND);
        let mut forged = living.clone();
        forged.replace_range(3..4, if living.as_bytes()[3] == b'A' { "B" } else { "A" });
        for wrong in [
            &revoked,
            &expired,
            &forged,
            &format!("{living}="),
            "/t/%E6%9C%BA",
            "/t/' OR 1=1".replace(' ', "%20").as_str(),
        ] {
            for act in ["", "/live", "/message", "/time"] {
                let answer = browser.get(&format!("{wrong}{act}")).await;
                assert_eq!(
                    (answer.status, &answer.body, &answer.headers),
                    (plain.status, &plain.body, &plain.headers),
                    "{wrong}{act}"
                );
            }
            for act in ["/urge", "/message", "/time", "/rating"] {
                let answer = browser
                    .post(&format!("{wrong}{act}"), &[("rating", "5"), ("text", "x")])
                    .await;
                assert_eq!((answer.status, &answer.body), (plain.status, &plain.body));
            }
        }
    }
    scene.pass(91 * 24 * 60);
    assert_eq!(
        scene.browser("en").get(&living).await.status,
        StatusCode::NOT_FOUND
    );
}
