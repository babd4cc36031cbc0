//! HQ's pages with real data: read in both languages, acted upon, and told what went wrong.

use axum::http::StatusCode;
use fieldline_model::id::{ArticleId, ContactId, CustomerId};
use fieldline_model::operation::{Act, Answer, ArticleHead, Author, Completion, Section, VisitResult};
use fieldline_server::auth::Role;

use crate::phone::Phone;
use crate::scene::{NASTY, Scene, address, id};

/// The label of a queue's row that waits for review.
const MARK: &str = "class=\"pill c-overruled\"";
const LANGUAGES: [&str; 2] = ["zh-CN", "en"];

pub(crate) fn fixed(visit: fieldline_model::id::VisitId) -> Act {
    let completion = Completion {
        result: VisitResult::Fixed,
        cause: None,
        remedy: None,
        text: "换轮".into(),
    };
    Act::Finish { visit, completion }
}

#[tokio::test]
async fn every_page_shows_the_record_in_both_languages_and_escapes_what_people_typed() {
    let scene = Scene::new().await;
    let ticket = scene.ticket(NASTY).await;
    let visit = scene.offer(ticket, scene.chen).await;
    let mut phone = Phone::join(&scene.app, scene.chen).await;
    phone.sync().await;
    for act in [
        Act::Accept { visit },
        Act::Depart { visit, eta: None },
        Act::Arrive {
            visit,
            position: None,
        },
        Act::Start { visit },
        Act::Note { text: NASTY.into() },
        Act::Answer {
            item: NASTY.into(),
            answer: Answer::Text(NASTY.into()),
        },
        Act::UsePart {
            part: scene.part,
            quantity: 1,
            from: scene.van,
        },
        Act::Sign {
            name: NASTY.into(),
            path: "M10 10L20 20".into(),
        },
        fixed(visit),
    ] {
        scene.pass(5);
        phone.does(ticket, act).await;
    }
    scene
        .app
        .perform(
            Author::Customer,
            ticket,
            Act::Message { text: NASTY.into() },
            None,
        )
        .await
        .unwrap();
    // The second contact tells that the first one's answer arrived.
    phone.sync().await;
    scene.pass(15);
    phone.sync().await;
    let article = id(ArticleId::from_bytes, 40);
    let head = ArticleHead {
        manual: false,
        title_zh: "打印机卡纸".into(),
        title_en: "Printer paper jam".into(),
        category: None,
        faults: vec![],
        models: vec!["ML-P3200".into()],
    };
    let section = Section {
        order: 1,
        heading_zh: "可能原因".into(),
        heading_en: "Causes".into(),
        body_zh: format!("1. 搓纸轮磨损\n2. {NASTY}"),
        body_en: "1. Worn roller".into(),
    };
    scene
        .app
        .publish_article(article, head, vec![section])
        .await
        .unwrap();
    for language in LANGUAGES {
        let mut browser = scene.signed(Role::Admin, language).await;
        let pages = [
            "/hq?state=resolved".into(),
            "/hq?q=%3Cscript%3E".into(),
            address(ticket),
            "/hq/tickets/new".into(),
            "/hq/engineers".into(),
            format!("/hq/engineers/{}/revoke", scene.chen),
            "/hq/parts?q=P001".into(),
            "/hq/articles?q=paper".into(),
            "/hq/articles?q=%E5%8D%A1%E7%BA%B8".into(),
            format!("/hq/articles/{article}"),
            scene.link(ticket).await,
        ];
        for path in pages {
            browser
                .page(&path)
                .await
                .lacks("<script>alert")
                .lacks("<img src=x");
        }
    }
    let mut browser = scene.signed(Role::Admin, "en").await;
    let page = browser.page(&address(ticket)).await;
    for text in [
        "Chen Liqun",
        "Mingcheng Law Firm",
        "P001 Pickup roller",
        "T-000009",
        "MLP32-1",
        "data:image/svg+xml",
        "Van 1",
    ] {
        page.has(text);
    }
    browser
        .page("/hq/articles?q=%E5%8D%A1%E7%BA%B8")
        .await
        .has("Printer paper jam");
    browser
        .page(&format!("/hq/articles/{article}"))
        .await
        .has("<li>Worn roller</li>");
    browser
        .page("/hq/parts?q=P001")
        .await
        .has("Pickup roller")
        .has("<strong>2</strong>");
    browser.page("/hq/engineers").await.has("1 of 1");
}

#[tokio::test]
async fn a_ticket_is_taken_once_however_often_the_form_comes() {
    let scene = Scene::new().await;
    let mut browser = scene.signed(Role::Agent, "en").await;
    let form = browser.page("/hq/tickets/new").await;
    let (csrf, once) = (form.hidden("csrf"), form.hidden("once"));
    let fields = [
        ("csrf", csrf.as_str()),
        ("once", &once),
        ("customer", "mingcheng law firm"),
        ("asset", "MLP32-1"),
        ("fault_code", "PRN-JAM"),
        ("fault_text", ""),
        ("priority", "urgent"),
    ];
    let first = browser.post("/hq/tickets", &fields).await;
    assert!(first.to.starts_with("/hq/tickets/"), "{}", first.body);
    let page = browser.page(&first.to).await;
    page.has("Ticket T-000001 is created")
        .has("Urgent")
        .has("Paper jam")
        .has("http://service.example.com/t/");
    browser.page(&first.to).await.lacks("is created");
    // "Created" was the answer to a form that came back with something else in it, which was dropped.
    for (field, value) in [("priority", "normal"), ("fault_text", "and it smells")] {
        let corrected = fields.map(|(name, typed)| (name, if name == field { value } else { typed }));
        let again = browser.post("/hq/tickets", &corrected).await;
        assert_eq!(first.to, again.to);
        browser
            .page(&first.to)
            .await
            .has("Nothing was changed: this form made ticket T-000001 before")
            .lacks("is created")
            .has("Urgent");
    }
    browser.page("/hq").await.has("1 open");
}

#[tokio::test]
async fn a_wrong_form_comes_back_as_it_was_typed() {
    let scene = Scene::new().await;
    let mut browser = scene.signed(Role::Dispatcher, "en").await;
    let fields = [
        ("customer", "Blue Heron"),
        ("asset", "nothing"),
        ("fault_text", "it \"leaks\""),
        ("wished_from", "2026-11-21T09:00"),
        ("wished_to", "2026-11-21T08:00"),
    ];
    let page = browser.submit("/hq/tickets/new", "/hq/tickets", &fields).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    for text in [
        "value=\"Blue Heron\"",
        "value=\"nothing\"",
        "it &quot;leaks&quot;",
        "2026-11-21T08:00",
        "This is a new customer",
    ] {
        page.has(text);
    }
    let far = [
        ("fault_text", "cold"),
        ("wished_from", "2099-11-21T09:00"),
        ("wished_to", "2099-11-21T10:00"),
    ];
    let page = browser.submit("/hq/tickets/new", "/hq/tickets", &far).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.has("within the next 366 days").has("2099-11-21T10:00");
    let ticket = scene.ticket("卡纸").await;
    let assign = address(ticket) + "/assign";
    let page = browser
        .submit(
            &address(ticket),
            &assign,
            &[("plan_from", "soon"), ("plan_to", "2020-01-01T00:00")],
        )
        .await;
    page.has("value=\"soon\"")
        .has("2020-01-01T00:00")
        .has("Please fill this in")
        .has("not a time");
    let long = "长".repeat(4_001);
    let page = browser
        .submit(&address(ticket), &(address(ticket) + "/note"), &[("note", &long)])
        .await;
    page.has(&long).has("At most 4000 characters");
}

#[tokio::test]
async fn a_new_customer_is_made_with_the_ticket_when_somebody_says_so() {
    let scene = Scene::new().await;
    let mut browser = scene.signed(Role::Agent, "en").await;
    let base = [("customer", "Blue Heron"), ("fault_text", "cold oven")];
    let asked = browser.submit("/hq/tickets/new", "/hq/tickets", &base).await;
    asked.has("name=\"new_customer\"");
    let mut fields = base.to_vec();
    fields.extend([
        ("new_customer", "Blue Heron"),
        ("contact", "Ada"),
        ("phone", "abc"),
        ("address", "12 Mill Lane"),
    ]);
    browser
        .submit("/hq/tickets/new", "/hq/tickets", &fields)
        .await
        .has("not a telephone number")
        .has("value=\"Ada\"");
    fields.push(("phone", "021 0000 1"));
    fields.retain(|field| *field != ("phone", "abc"));
    let made = browser.submit("/hq/tickets/new", "/hq/tickets", &fields).await;
    browser
        .page(&made.to)
        .await
        .has("Blue Heron")
        .has("02100001")
        .has("12 Mill Lane");
    let known = browser.submit("/hq/tickets/new", "/hq/tickets", &base).await;
    assert_eq!(known.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_page_opened_before_a_colleagues_change_does_not_undo_it_unasked() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let page = address(ticket);
    let (assign, reschedule) = (format!("{page}/assign"), format!("{page}/reschedule"));
    let mut early = scene.signed(Role::Dispatcher, "en").await;
    let stale = early.page(&page).await;
    let mut colleague = scene.signed(Role::Dispatcher, "zh").await;
    let (chen, sun) = (scene.chen.to_string(), scene.sun.to_string());
    colleague.submit(&page, &assign, &[("engineer", &chen)]).await;

    let (csrf, once, seen) = (
        stale.hidden("csrf"),
        stale.hidden("once"),
        stale.hidden("assigned"),
    );
    let fields = [
        ("csrf", csrf.as_str()),
        ("once", &once),
        ("assigned", &seen),
        ("engineer", &sun),
        ("reason", "Chen is ill"),
    ];
    let told = early.post(&assign, &fields).await;
    told.has("Somebody changed this visit after you opened the page")
        .has("Chen Liqun");
    early.page(&page).await.lacks("Moved from");
    // The page that came back knows of the change, and its form counts.
    let again = told.hidden("assigned");
    assert_ne!(again, seen);
    let fields = fields.map(|(name, value)| (name, if name == "assigned" { &again } else { value }));
    early.post(&assign, &fields).await;
    early
        .page(&page)
        .await
        .has("Moved from Chen Liqun to Sun Xiaofeng");

    let plan = [
        ("plan_from", "2026-11-22T09:00"),
        ("plan_to", "2026-11-22T10:00"),
        ("assigned", again.as_str()),
        ("csrf", &csrf),
        ("once", &once),
    ];
    early
        .post(&reschedule, &plan)
        .await
        .has("Somebody changed this visit after you opened the page");
    early.submit(&page, &reschedule, &plan[..2]).await;
    early.page(&page).await.has("The new time is saved");
}

/// A link that dialled nothing stood where the number would.
#[tokio::test]
async fn a_contact_without_a_telephone_has_no_link_to_dial() {
    let scene = Scene::new().await;
    let page = address(scene.ticket("卡纸").await);
    let contact = fieldline_model::row::Contact {
        id: id(ContactId::from_bytes, 7),
        customer: id(CustomerId::from_bytes, 5),
        name: "周婉如".into(),
        phone: " ".into(),
    };
    let row = fieldline_model::row::Row::Contact(contact);
    scene.app.put_rows(vec![row]).await.unwrap();
    for role in [Role::Agent, Role::Keeper] {
        let mut browser = scene.signed(role, "en").await;
        let shown = browser.page(&page).await;
        shown
            .has("<dt>Contact</dt>")
            .lacks("tel:")
            .lacks("<dt>Phone</dt>");
    }
}

#[tokio::test]
async fn a_dispatcher_assigns_moves_reassigns_and_cancels_and_each_form_counts_once() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let page = address(ticket);
    let mut browser = scene.signed(Role::Dispatcher, "en").await;
    let shown = browser.page(&page).await;
    shown
        .has("Chen Liqun · today: 0 · skills match")
        .has("Sun Xiaofeng · today: 0 · missing: Printers");
    let (csrf, once, chen) = (shown.hidden("csrf"), shown.hidden("once"), scene.chen.to_string());
    let fields = [
        ("csrf", csrf.as_str()),
        ("once", &once),
        ("engineer", &chen),
        ("plan_from", "2026-11-21T09:00"),
        ("plan_to", "2026-11-21T11:00"),
    ];
    for _ in 0..2 {
        assert_eq!(browser.post(&format!("{page}/assign"), &fields).await.to, page);
    }
    let shown = browser.page(&page).await;
    shown
        .has("Assigned to Chen Liqun")
        .has("Sat 21 Nov 09:00-11:00")
        .lacks("Moved from");
    let sun = scene.sun.to_string();
    let assign = format!("{page}/assign");
    browser
        .submit(&page, &assign, &[("engineer", &sun)])
        .await
        .has("Please fill this in");
    browser
        .submit(&page, &assign, &[("engineer", &sun), ("reason", "Chen is ill")])
        .await;
    browser
        .page(&page)
        .await
        .has("Moved from Chen Liqun to Sun Xiaofeng")
        .has("Chen is ill");
    let plan = [
        ("plan_from", "2026-11-22T09:00"),
        ("plan_to", "2026-11-22T10:00"),
        ("reason", ""),
    ];
    browser.submit(&page, &format!("{page}/reschedule"), &plan).await;
    browser
        .page(&page)
        .await
        .has("The new time is saved")
        .has("Sun 22 Nov 09:00-10:00");
    browser.submit(&page, &format!("{page}/reschedule"), &plan).await;
    let same = browser.page(&page).await;
    same.has("Nothing was changed: the visit was planned for that time already");
    assert_eq!(same.body.matches("Plan moved to").count(), 1, "{}", same.body);
    browser
        .submit(&page, &format!("{page}/cancel"), &[("reason", "self")])
        .await;
    browser
        .page(&page)
        .await
        .has("The ticket is cancelled")
        .has("The customer solved it")
        .lacks("/assign");
    let csrf = browser.page(&page).await.hidden("csrf");
    browser
        .post(&format!("{page}/cancel"), &[("csrf", &csrf), ("reason", "other")])
        .await;
    browser
        .page(&page)
        .await
        .has("Nothing was changed: the ticket was cancelled before");
}

#[tokio::test]
async fn work_done_after_a_cancellation_waits_for_review_and_is_settled() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let visit = scene.offer(ticket, scene.chen).await;
    let mut phone = Phone::join(&scene.app, scene.chen).await;
    phone.sync().await;
    scene
        .hq(
            ticket,
            Act::Cancel {
                reason: "客户取消".into(),
            },
        )
        .await;
    // Out of reach all the time, the phone knows of no cancellation.
    let acts = [
        Act::Accept { visit },
        Act::Depart { visit, eta: None },
        Act::Arrive {
            visit,
            position: None,
        },
        Act::Start { visit },
        fixed(visit),
    ];
    let mut offline = Vec::new();
    for act in acts {
        scene.pass(30);
        offline.push((act, scene.app.now()));
    }
    scene.pass(60);
    phone.did_all(ticket, offline).await;
    let mut browser = scene.signed(Role::Dispatcher, "en").await;
    browser.page("/hq").await.has(MARK);
    let page = address(ticket);
    let shown = browser.page(&page).await;
    shown
        .has("Completed after cancellation")
        .has("Overruled")
        .has("No contact for");
    let (_, review) = shown.body.split_once("/reviews/").unwrap();
    let review = format!("{page}/reviews/{}", &review[..26]);
    browser.submit(&page, &review, &[("verdict", "reviewed")]).await;
    browser
        .page(&page)
        .await
        .has("The review item is settled")
        .lacks("part-reviews");
    browser.page("/hq").await.lacks(MARK);
}

#[tokio::test]
async fn a_phone_is_enrolled_and_revoked() {
    let scene = Scene::new().await;
    let _phone = Phone::join(&scene.app, scene.chen).await;
    let mut browser = scene.signed(Role::Manager, "en").await;
    let enrol = format!("/hq/engineers/{}/enrol", scene.chen);
    let page = browser.submit("/hq/engineers", &enrol, &[]).await;
    page.has("fieldline phone enrol http://service.example.com ")
        .has("<svg class=\"qr\"")
        .lacks("revokes the old one");
    let revoke = format!("/hq/engineers/{}/revoke", scene.chen);
    browser.submit(&revoke, &revoke, &[]).await;
    browser
        .page("/hq/engineers")
        .await
        .has("The phone of Chen Liqun is revoked")
        .has("Revoked");
}

/// Each reload of the page with the code made one more that works.
#[tokio::test]
async fn an_enrol_form_that_comes_again_shows_its_code_and_makes_no_other() {
    let scene = Scene::new().await;
    let mut browser = scene.signed(Role::Manager, "en").await;
    let form = browser.page("/hq/engineers").await;
    let (csrf, once) = (form.hidden("csrf"), form.hidden("once"));
    let fields = [("csrf", csrf.as_str()), ("once", once.as_str())];
    let enrol = format!("/hq/engineers/{}/enrol", scene.chen);
    let first = browser.post(&enrol, &fields).await;
    let code = first.hidden("code");
    scene.pass(20);
    let again = browser.post(&enrol, &fields).await;
    assert_eq!(again.hidden("code"), code);
    again.has("Valid until 14:30");
    // Each engineer has his own, and a form of its own makes another.
    let others = format!("/hq/engineers/{}/enrol", scene.sun);
    assert_ne!(browser.post(&others, &fields).await.hidden("code"), code);
    let more = first.hidden("once");
    let more = [("csrf", csrf.as_str()), ("once", more.as_str())];
    let other = browser.post(&enrol, &more).await.hidden("code");
    assert_ne!(other, code);
    // A used one stays used, also when it is long too old.
    let _phone = Phone::join_by(&scene.app, scene.chen, 0, code).await;
    for minutes in [0, 60] {
        scene.pass(minutes);
        // Another code, with which the old ones are looked through.
        browser.submit("/hq/engineers", &enrol, &[]).await;
        let told = browser.post(&enrol, &fields).await;
        assert_eq!(told.to, "/hq/engineers");
        let page = browser.page(&told.to).await;
        page.has("That form had made a code before").lacks(&other);
    }
}

/// Three lines said "phone, enrolled 14:00".
#[tokio::test]
async fn phones_that_bear_one_name_are_told_apart() {
    let scene = Scene::new().await;
    let mut phones = [
        Phone::join_as(&scene.app, scene.chen, 0).await,
        Phone::join_as(&scene.app, scene.chen, 1).await,
    ];
    phones[1].sync().await;
    let mut browser = scene.signed(Role::Manager, "en").await;
    let page = browser
        .page(&format!("/hq/engineers/{}/revoke", scene.chen))
        .await;
    let tails = phones.each_ref().map(|phone| {
        let id = phone.device().to_string();
        format!("id ends in {}", &id[id.len() - 6..])
    });
    assert_ne!(tails[0], tails[1]);
    page.has(&tails[0]).has(&tails[1]).has("app test");
    assert_eq!(page.body.matches("app test").count(), 1, "the other never said");
}

/// One button ended both, under the words "this phone".
#[tokio::test]
async fn of_two_phones_the_one_that_is_picked_is_revoked() {
    let scene = Scene::new().await;
    let phones = [
        Phone::join_as(&scene.app, scene.chen, 0).await,
        Phone::join_as(&scene.app, scene.chen, 1).await,
    ];
    let mut browser = scene.signed(Role::Manager, "en").await;
    let revoke = format!("/hq/engineers/{}/revoke", scene.chen);
    let page = browser.page(&revoke).await;
    page.has("This engineer uses 2 phones. Which one?")
        .has("All of them");
    let lost = phones[0].device().to_string();
    browser.submit(&revoke, &revoke, &[]).await;
    for phone in &phones {
        assert!(!phone.is_revoked().await, "none was picked");
    }
    for _ in 0..2 {
        browser.submit(&revoke, &revoke, &[("device", &lost)]).await;
    }
    browser.page(&revoke).await.lacks("Which one?").lacks(&lost);
    for (phone, revoked) in phones.iter().zip([true, false]) {
        assert_eq!(phone.is_revoked().await, revoked);
    }
}

#[tokio::test]
async fn the_queue_pages_by_its_cursor_and_finds_numbers_in_every_state() {
    let scene = Scene::new().await;
    for i in 0..53 {
        scene.ticket(&format!("fault {i}")).await;
    }
    let mut browser = scene.signed(Role::Agent, "en").await;
    let first = browser.page("/hq").await;
    assert_eq!(first.body.matches("<tr role=\"row\" id=").count(), 50);
    let after = first.hidden("after");
    let rest = browser.page(&format!("/hq?after={after}")).await;
    assert_eq!(rest.body.matches("<tr role=\"row\" id=").count(), 3);
    let last = scene.ticket("gone").await;
    scene.hq(last, Act::Cancel { reason: "x".into() }).await;
    browser.page("/hq?q=t-000054").await.has("T-000054");
    browser.page("/hq?q=gone").await.lacks("T-000054");
    browser.page("/hq?q=gone&state=cancelled").await.has("T-000054");
    assert_eq!(
        browser.get("/hq?after=nonsense").await.status,
        StatusCode::NOT_FOUND
    );
}
