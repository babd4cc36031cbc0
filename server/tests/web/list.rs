//! HQ's lists: what they count is what there is, what waits is said in words, and a filter that names nothing says so.

use axum::http::StatusCode;
use fieldline_model::id::{ArticleId, EngineerId, PartId};
use fieldline_model::operation::{Act, ArticleHead, Section};
use fieldline_model::row::{Engineer, Part, Row, Stock};
use fieldline_server::auth::Role;

use crate::desk::fixed;
use crate::phone::Phone;
use crate::scene::{Scene, address};

#[tokio::test]
async fn an_ended_ticket_that_waits_for_review_says_so_and_is_counted() {
    let scene = Scene::new().await;
    scene.ticket("open").await;
    let ticket = scene.ticket("cancelled").await;
    let visit = scene.offer(ticket, scene.chen).await;
    let mut phone = Phone::join(&scene.app, scene.chen).await;
    phone.sync().await;
    let reason = "客户取消".to_owned();
    scene.hq(ticket, Act::Cancel { reason }).await;
    let mut browser = scene.signed(Role::Dispatcher, "en").await;
    browser
        .page("/hq")
        .await
        .has("1 open · 0 over deadline<")
        .has("All open (1)");
    scene
        .worked_unreached(&mut phone, ticket, visit, fixed(visit))
        .await;
    let page = browser.page("/hq").await;
    page.has("1 open · 0 over deadline · 1 to review")
        .has("All open, and to review (2)")
        .has("Needs review (1)");
    let (_, row) = page.body.split_once("cancelled</td>").unwrap();
    let row = row.split("</tr>").next().unwrap();
    assert!(row.contains("Cancelled") && row.contains("Needs review"), "{row}");
    browser
        .page("/hq?state=review")
        .await
        .has("Tickets that match: 1")
        .has("T-000002")
        .lacks("T-000001");
    let mut browser = scene.signed(Role::Dispatcher, "zh-CN").await;
    browser
        .page("/hq")
        .await
        .has("全部未结和待复核（2）")
        .has("待复核（1）")
        .has("</svg>待复核</span>");
}

#[tokio::test]
async fn a_choice_that_is_not_in_the_list_is_a_field_error_and_stays_as_it_was_sent() {
    let scene = Scene::new().await;
    let ticket = address(scene.ticket("卡纸").await);
    let mut browser = scene.signed(Role::Dispatcher, "en").await;
    let fields = [
        ("customer", "Mingcheng Law Firm"),
        ("fault_text", "it leaks"),
        ("priority", "zzz"),
    ];
    let page = browser.submit("/hq/tickets/new", "/hq/tickets", &fields).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.has("id=\"priority-error\"")
        .has("<option value=\"zzz\" selected>zzz</option>")
        .has("it leaks");
    browser.page("/hq").await.has("1 open").lacks("it leaks");

    for (form, field, id) in [
        ("cancel", "reason", "cancel-reason-error"),
        ("assign", "engineer", "assign-engineer-error"),
    ] {
        let to = format!("{ticket}/{form}");
        for (sent, why) in [("zzz", "Not found"), ("", "Please fill this in")] {
            let page = browser.submit(&ticket, &to, &[(field, sent)]).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{form} {sent}");
            page.has(&format!("id=\"{id}\"")).has(why);
        }
    }
    browser.page(&ticket).await.lacks("Cancelled:");

    browser
        .page("/hq?state=zzz")
        .await
        .has("id=\"state-error\"")
        .has("No ticket matches")
        .lacks("T-000001");
    browser
        .page("/hq/parts?location=zzz")
        .await
        .has("id=\"location-error\"")
        .has("No part matches");
}

#[tokio::test]
async fn whoever_has_no_phone_is_marked_in_the_list_to_assign_from() {
    let scene = Scene::new().await;
    let wu = EngineerId::from_bytes([21; 16]);
    let row = Engineer {
        id: wu,
        name: "吴磊".into(),
        name_en: "Wu Lei".into(),
        skills: vec!["printer".into()],
        van: None,
    };
    scene.app.put_rows(vec![Row::Engineer(row)]).await.unwrap();
    let page = address(scene.ticket("卡纸").await);
    let mut chen = Phone::join(&scene.app, scene.chen).await;
    Phone::join(&scene.app, scene.sun).await;
    let mut browser = scene.signed(Role::Manager, "en").await;
    browser
        .page(&page)
        .await
        .has("Wu Lei · today: 0 · skills match · no phone, gets no tickets")
        .has("Sun Xiaofeng · today: 0 · missing: Printers · phone not heard of yet");
    chen.sync().await;
    let first = browser.page(&page).await;
    first.has("Chen Liqun · today: 0 · skills match · seen just now");
    let place = |name: &str| first.body.find(&format!("{name} · today")).unwrap();
    assert!(
        place("Chen Liqun") < place("Wu Lei"),
        "a phone that brings the visit counts"
    );
    let revoke = format!("/hq/engineers/{}/revoke", scene.chen);
    browser.submit(&revoke, &revoke, &[]).await;
    browser
        .page(&page)
        .await
        .has("Chen Liqun · today: 0 · skills match · phone revoked, gets no tickets");
    let mut browser = scene.signed(Role::Manager, "zh-CN").await;
    browser
        .page(&page)
        .await
        .has("陈立群 · 今日 0 单 · 技能相符 · 手机已停用，收不到工单")
        .has("没有手机，收不到工单");
}

#[tokio::test]
async fn knowledge_counts_what_there_is_and_pages_through_it() {
    let scene = Scene::new().await;
    for n in 0..43_u8 {
        let head = ArticleHead {
            manual: false,
            title_zh: format!("卡纸 {n}"),
            title_en: format!("Jam {n}"),
            category: None,
            faults: vec![],
            models: vec![],
        };
        let section = Section {
            order: 1,
            heading_zh: "步骤".into(),
            heading_en: "Steps".into(),
            body_zh: "清洁".into(),
            body_en: "Clean".into(),
        };
        let id = ArticleId::from_bytes([n + 1; 16]);
        scene.app.publish_article(id, head, vec![section]).await.unwrap();
    }
    let mut browser = scene.signed(Role::Agent, "en").await;
    for (path, word) in [("/hq/articles?", ""), ("/hq/articles?q=jam&", "value=\"jam\"")] {
        let first = browser.page(path).await;
        first.has("Articles found: 43").has("1–40 of 43").has(word);
        assert_eq!(first.body.matches("<h2><a").count(), 40);
        let rest = browser.page(&format!("{path}page=2")).await;
        rest.has("Articles found: 43").has("41–43 of 43");
        assert_eq!(rest.body.matches("<h2><a").count(), 3);
        for title in rest.body.split("/hq/articles/").skip(1) {
            assert!(
                !first.body.contains(&title[..26]),
                "an article stands on one page only"
            );
        }
    }
    let wrong = browser.get("/hq/articles?page=zzz").await;
    assert_eq!(wrong.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn stock_is_counted_paged_and_searched() {
    let scene = Scene::new().await;
    let mut rows = Vec::new();
    for n in 0..60_u8 {
        let part = PartId::from_bytes([n + 100; 16]);
        rows.push(Row::Part(Part {
            id: part,
            number: format!("B{n:03}"),
            name_zh: format!("皮带 {n}"),
            name_en: format!("Belt {n}"),
            models: vec![],
        }));
        rows.push(Row::Stock(Stock {
            location: scene.van,
            part,
            quantity: 1,
        }));
    }
    scene.app.put_rows(rows).await.unwrap();
    let mut browser = scene.signed(Role::Keeper, "en").await;
    let first = browser.page("/hq/parts").await;
    first
        .has("Stock entries: 61")
        .has("1–50 of 61")
        .has("B049")
        .lacks("B050");
    let rest = browser.page("/hq/parts?page=2").await;
    rest.has("51–61 of 61").has("B050").has("P001").lacks("B049");
    browser
        .page("/hq/parts?q=belt%205")
        .await
        .has("Stock entries: 11")
        .lacks("P001")
        .lacks("Next page");
}

#[tokio::test]
async fn what_a_dispatcher_picked_is_read_in_the_readers_language_and_typed_words_stay() {
    let scene = Scene::new().await;
    let page = address(scene.ticket("卡纸").await);
    let mut writer = scene.signed(Role::Dispatcher, "zh-CN").await;
    let mut reader = scene.signed(Role::Manager, "en").await;
    let (chen, sun) = (scene.chen.to_string(), scene.sun.to_string());
    let plan = [("plan_from", "2026-11-22T09:00"), ("plan_to", "2026-11-22T10:00")];
    let assign = format!("{page}/assign");
    writer.submit(&page, &assign, &[("engineer", &chen)]).await;
    writer
        .submit(&page, &assign, &[("engineer", &sun), ("reason", "陈生病")])
        .await;
    let moved = [plan[0], plan[1], ("reason", "客户要求")];
    writer.submit(&page, &format!("{page}/reschedule"), &moved).await;
    writer
        .submit(&page, &format!("{page}/note"), &[("note", "带梯子")])
        .await;
    writer
        .submit(&page, &format!("{page}/cancel"), &[("reason", "self")])
        .await;
    writer
        .page(&page)
        .await
        .has("改派原因：陈生病")
        .has("改时间的原因：客户要求")
        .has("备注：带梯子")
        .has("取消：客户已自行解决");
    let read = reader.page(&page).await;
    read.has("Reason for the reassignment: 陈生病")
        .has("Reason for the new time: 客户要求")
        .has("Note: 带梯子")
        .has("Cancelled: The customer solved it")
        .lacks("原因：")
        .lacks("客户已自行解决");
    // In the notes as in the timeline.
    assert_eq!(
        read.body.matches("Reason for the reassignment: 陈生病").count(),
        2
    );
}

/// In an English queue stood little but Chinese, although the record knows every fault's name in both languages.
#[tokio::test]
async fn names_of_faults_are_in_the_readers_language_and_customers_words_in_their_own() {
    let scene = Scene::new().await;
    let ticket = address(scene.ticket("一天要掏七八回").await);
    let mut browser = scene.signed(Role::Dispatcher, "en").await;
    browser.page("/hq").await.has("Paper jam · 一天要掏七八回");
    browser
        .page(&ticket)
        .await
        .has("Paper jam · 搓纸轮磨损 · Replaced</p>")
        .lacks("更换 / Replaced");
    let mut browser = scene.signed(Role::Dispatcher, "zh-CN").await;
    browser.page("/hq").await.has("卡纸 · 一天要掏七八回");
    browser.page(&ticket).await.has("卡纸 · 搓纸轮磨损 · 更换</p>");
}

#[tokio::test]
async fn the_engineers_come_in_parts() {
    let scene = Scene::new().await;
    let many = (0..60_u8).map(|n| {
        Row::Engineer(Engineer {
            id: EngineerId::from_bytes([100 + n; 16]),
            name: format!("工程师{n:02}"),
            name_en: format!("Engineer {n:02}"),
            skills: vec![],
            van: None,
        })
    });
    scene.app.put_rows(many.collect()).await.unwrap();
    let mut browser = scene.signed(Role::Manager, "en").await;
    let first = browser.page("/hq/engineers").await;
    first
        .has("Engineers: 62")
        .has("1–50 of 62")
        .has("Engineer 00")
        .lacks("Chen Liqun");
    let rest = browser.page("/hq/engineers?page=2").await;
    rest.has("51–62 of 62").has("Chen Liqun").lacks("Engineer 00");
    assert_eq!(
        browser.get("/hq/engineers?page=x").await.status,
        StatusCode::NOT_FOUND
    );
    // The line after revoking names who is on another part.
    let mut phone = Phone::join(&scene.app, scene.chen).await;
    phone.sync().await;
    let revoke = format!("/hq/engineers/{}/revoke", scene.chen);
    browser.submit(&revoke, &revoke, &[]).await;
    browser.page("/hq/engineers").await.has("Chen Liqun");
}

#[tokio::test]
async fn a_phone_counts_as_holding_what_it_confirmed_and_before_that_nothing_is_claimed() {
    let scene = Scene::new().await;
    for _ in 0..2 {
        let ticket = scene.ticket("卡纸").await;
        scene.offer(ticket, scene.chen).await;
    }
    let mut phone = Phone::join(&scene.app, scene.chen).await;
    let mut browser = scene.signed(Role::Manager, "en").await;
    browser.page("/hq/engineers").await.lacks("not yet confirmed");
    phone.sync().await;
    browser
        .page("/hq/engineers")
        .await
        .has("sent, not yet confirmed")
        .lacks("0 of 2");
    // At once, not a minute later: where a phone stands is news.
    phone.sync().await;
    browser
        .page("/hq/engineers")
        .await
        .has("2 of 2")
        .lacks("not yet confirmed");
    let ticket = scene.ticket("卡纸").await;
    scene.offer(ticket, scene.chen).await;
    browser.page("/hq/engineers").await.has("2 of 3");
}

#[tokio::test]
async fn earlier_work_is_told_in_the_readers_language() {
    let scene = Scene::new().await;
    let rows = scene.rows().into_iter().map(|row| match row {
        Row::Asset(mut asset) => {
            asset.history[0].cause = fieldline_model::row::in_both("搓纸轮磨损", "Worn pickup roller");
            asset.history[0].remedy = "Replaced feeder 1 / 2".into();
            Row::Asset(asset)
        }
        row => row,
    });
    scene.app.put_rows(rows.collect()).await.unwrap();
    let ticket = address(scene.ticket("卡纸").await);
    for (lang, own, other) in [
        ("en", "Worn pickup roller", "磨损"),
        ("zh-CN", "搓纸轮磨损", "Worn"),
    ] {
        let mut browser = scene.signed(Role::Manager, lang).await;
        browser
            .page(&ticket)
            .await
            .has(own)
            .lacks(other)
            .has("Replaced feeder 1 / 2");
    }
}

/// A shelf of thirty bins, and after each the whole stock from its first line again.
#[tokio::test]
async fn after_a_count_the_page_is_as_it_was_searched() {
    let scene = Scene::new().await;
    let mut keeper = scene.signed(Role::Keeper, "en").await;
    let van = scene.van.to_string();
    let path = format!("/hq/parts?q=P001&location={van}");
    let shown = keeper.page(&path).await;
    let part = scene.part.to_string();
    for quantity in ["17", "18"] {
        let drawn = shown.form("/hq/parts/count");
        let mut fields: Vec<(&str, &str)> = drawn
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert!(fields.contains(&("part", &part)), "{fields:?}");
        fields.push(("quantity", quantity));
        let answer = keeper.post("/hq/parts/count", &fields).await;
        assert_eq!(answer.to, path, "booked, and not because of an old figure");
        keeper
            .page(&answer.to)
            .await
            .has("The count")
            .has("name=\"q\" value=\"P001\"");
    }
    // What was searched stays what it is, and is no second field.
    let (form, odd) = (
        [("location", van.as_str()), ("part", &part), ("quantity", "17")],
        "a&page=9 #ü",
    );
    let place = [("q", odd), ("page", "2"), ("seen", "17")];
    let answer = keeper
        .submit("/hq/parts", "/hq/parts/count", &[&form[..], &place].concat())
        .await;
    assert_eq!(answer.to, "/hq/parts?q=a%26page%3D9%20%23%C3%BC&page=2");
}

#[tokio::test]
async fn a_keeper_counts_on_the_page_and_a_dispatcher_does_not() {
    let scene = Scene::new().await;
    let mut keeper = scene.signed(Role::Keeper, "en").await;
    let path = "/hq/parts?q=P001";
    keeper.page(path).await.has("Book the count");
    let (van, part) = (scene.van.to_string(), scene.part.to_string());
    let form = |quantity| {
        [
            ("location", van.as_str()),
            ("part", part.as_str()),
            ("quantity", quantity),
        ]
    };
    let answer = keeper.submit(path, "/hq/parts/count", &form("17")).await;
    assert_eq!(answer.to, "/hq/parts");
    keeper.page("/hq/parts").await.has("The count is booked.");
    keeper.page(path).await.has("<strong>17</strong>");
    // An old page, and a form that comes again after somebody else counted.
    let stale = keeper.page(path).await;
    keeper
        .submit(
            path,
            "/hq/parts/count",
            &[&form("12")[..], &[("seen", "17")]].concat(),
        )
        .await;
    keeper.page("/hq/parts").await.has("The count is booked.");
    let (csrf, once) = (stale.hidden("csrf"), stale.hidden("once"));
    let old = [("csrf", csrf.as_str()), ("once", &once), ("seen", "17")];
    keeper
        .post("/hq/parts/count", &[&old[..], &form("9")].concat())
        .await;
    keeper
        .page("/hq/parts")
        .await
        .has("The count was not booked: the figure changed")
        .has("<strong>12</strong>");
    let new = [("csrf", csrf.as_str()), ("once", &once), ("seen", "12")];
    for said in ["The count is booked.", "this count was booked before"] {
        keeper
            .post("/hq/parts/count", &[&new[..], &form("17")].concat())
            .await;
        keeper.page("/hq/parts").await.has(said);
    }
    for wrong in ["", "-3", "10001", "abc"] {
        let answer = keeper.submit(path, "/hq/parts/count", &form(wrong)).await;
        assert_eq!(answer.status, 422, "{wrong}");
        answer
            .has("Nothing is saved yet.")
            .has("<details open")
            .has(&format!("value=\"{wrong}\" aria-invalid=\"true\""))
            .has("<strong>17</strong>");
        let said = if wrong.is_empty() {
            "Please fill this in."
        } else {
            "A whole number from 0 to 10000, please."
        };
        answer.has(said);
        // Put right, the same page books it.
        answer.has("name=\"seen\" value=\"17\"").hidden("csrf");
    }
    // The page comes back as it was searched, and with the part where the search does not hold it any more.
    let place = [("q", "P001"), ("at", van.as_str()), ("page", "1")];
    let answer = keeper
        .submit(path, "/hq/parts/count", &[&form("abc")[..], &place].concat())
        .await;
    answer.has("name=\"q\" value=\"P001\"").has("value=\"abc\"");
    let place = [("q", "no such part"), ("page", "x")];
    let answer = keeper
        .submit(path, "/hq/parts/count", &[&form("abc")[..], &place].concat())
        .await;
    answer.has("value=\"abc\"");
    keeper.page(path).await.has("<strong>17</strong>");
    let mut dispatcher = scene.signed(Role::Dispatcher, "en").await;
    dispatcher.page(path).await.lacks("Book the count");
    let answer = dispatcher.submit(path, "/hq/parts/count", &form("3")).await;
    assert_eq!(answer.status, 403);
}

#[tokio::test]
async fn the_visits_of_the_planned_day_are_not_called_todays() {
    let scene = Scene::new().await;
    let page = address(scene.ticket("卡纸").await);
    // 23:05: the next full hour is tomorrow's.
    scene.pass(9 * 60 + 5);
    let mut browser = scene.signed(Role::Manager, "en").await;
    let shown = browser.page(&page).await;
    shown.has("Chen Liqun · Sat 21 Nov: 0 ·").lacks("today: 0");
    let mut browser = scene.signed(Role::Manager, "zh-CN").await;
    browser.page(&page).await.has("陈立群 · 11月21日 周六 0 单 ·");
}

/// REST alone could decline what an engineer had asked for.
#[tokio::test]
async fn a_keeper_declines_a_request_with_a_reason_that_stands_on_the_ticket() {
    for (lang, waits, required, declined, before) in [
        (
            "en",
            "Parts that engineers wait for",
            "Please fill this in",
            "The request is declined",
            "this request had been granted or declined before",
        ),
        (
            "zh-CN",
            "等待发放的申领",
            "请填写此项",
            "申领未批准；原因已写在工单上",
            "这项申领此前已经发放或未获批准",
        ),
    ] {
        let scene = Scene::new().await;
        let ticket = scene.ticket("卡纸").await;
        scene.offer(ticket, scene.chen).await;
        let mut phone = Phone::join(&scene.app, scene.chen).await;
        phone.sync().await;
        let mut keeper = scene.signed(Role::Keeper, lang).await;
        let path = "/hq/parts";
        keeper.page(path).await.lacks(waits);
        let ask = Act::RequestPart {
            part: scene.part,
            quantity: 40,
            from: scene.van,
        };
        phone.does(ticket, ask).await;
        let shown = keeper.page(path).await;
        shown.has(waits).has("<strong>40</strong>").has(&address(ticket));
        let to = "/hq/parts/requests/decline";
        let operation = shown.hidden("operation");
        let form = |reason| [("operation", operation.as_str()), ("reason", reason)];
        // A second look at it, from which somebody presses later.
        let stale = keeper.page(path).await.form(to);
        let again = keeper.submit(path, to, &form(" ")).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        again.has(required).has("details open");
        let long = "长".repeat(501);
        let again = keeper.submit(path, to, &form(&long)).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        again.has(&long);
        keeper.page(path).await.has(waits);
        assert_eq!(keeper.submit(path, to, &form("停产了 <b>")).await.to, path);
        keeper.page(path).await.has(declined).lacks(waits);
        keeper
            .page(&address(ticket))
            .await
            .has("停产了 &lt;b&gt;")
            .has("P001 × 40");
        let stale: Vec<(&str, &str)> = stale
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(|(name, _)| *name != "operation" && *name != "reason")
            .collect();
        keeper.post(to, &[&stale[..], &form("再次")].concat()).await;
        keeper.page(path).await.has(before);
        keeper.page(&address(ticket)).await.lacks("再次");

        // Who may only look is offered nothing, and refused.
        let ask = Act::RequestPart {
            part: scene.part,
            quantity: 50,
            from: scene.van,
        };
        phone.does(ticket, ask).await;
        let mut dispatcher = scene.signed(Role::Dispatcher, lang).await;
        let shown = dispatcher.page(path).await;
        shown.has("<strong>50</strong>").lacks(to);
        let refused = dispatcher.submit("/hq/tickets/new", to, &form("x")).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
    }
}
