//! Customers of one name: a ticket goes to the one that was meant, nothing that was typed is dropped in silence, and no
//! second one comes to be unasked.

use axum::http::StatusCode;
use fieldline_model::id::{ContactId, CustomerId, SiteId};
use fieldline_model::row::{Contact, Customer, Row, Site};
use fieldline_server::auth::Role;
use fieldline_server::import::customer_numbered;

use crate::scene::{Answer, Browser, Scene, id};

const NEW: &str = "/hq/tickets/new";
const TICKETS: &str = "/hq/tickets";
const BEN: [(&str, &str); 5] = [
    ("customer", "Blue Heron"),
    ("contact", "Ben"),
    ("phone", "021 0000 2"),
    ("address", "7 Quay Street"),
    ("fault_text", "no steam"),
];
const TICK: (&str, &str) = ("new_customer", "Blue Heron");

fn namesake(n: u8) -> Row {
    Row::Customer(Customer {
        id: id(CustomerId::from_bytes, n),
        name: "Blue Heron".into(),
        name_en: None,
        vip: None,
        sla_plan: None,
        contract: None,
    })
}

/// A form with the fields it had, and some more.
async fn with(browser: &mut Browser<'_>, page: &Answer, more: &[(&str, &str)]) -> Answer {
    let hidden = page.form(TICKETS);
    let mut all: Vec<(&str, &str)> = hidden
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    all.extend(BEN);
    all.extend(more);
    browser.post(TICKETS, &all).await
}

/// The ticket was created at the colleague's customer, and who called, from where and which number was gone.
#[tokio::test]
async fn lines_for_a_new_customer_are_not_dropped_when_there_is_one_by_now() {
    let scene = Scene::new().await;
    let mut browser = scene.signed(Role::Agent, "en").await;
    let mut colleague = scene.signed(Role::Agent, "en").await;
    let form = browser.page(NEW).await;
    let ada = [
        ("customer", "Blue Heron"),
        TICK,
        ("contact", "Ada"),
        ("phone", "021 0000 1"),
        ("address", "12 Mill Lane"),
        ("fault_text", "cold oven"),
    ];
    let made = colleague.submit(NEW, TICKETS, &ada).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER);

    let asked = with(&mut browser, &form, &[TICK]).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    asked
        .has("There is a customer of this name by now.")
        .has("value=\"Ben\"")
        .has("value=\"021 0000 2\"")
        .has("value=\"7 Quay Street\"")
        .has("no steam");
    browser.page("/hq").await.has("1 open");
    // The same tick once more is no answer to that question.
    let asked = with(&mut browser, &asked, &[TICK]).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    let known = with(&mut browser, &asked, &[("which", "known")]).await;
    browser
        .page(&known.to)
        .await
        .has("Ada")
        .has("no steam")
        .lacks("Ben");

    let again = with(&mut browser, &asked, &[("which", "known")]).await;
    assert_eq!(again.to, known.to, "that form has its ticket");
    let form = browser.page(NEW).await;
    let asked = with(&mut browser, &form, &[TICK]).await;
    for _ in 0..2 {
        let other = with(&mut browser, &asked, &[("which", "new")]).await;
        browser
            .page(&other.to)
            .await
            .has("Ben")
            .has("7 Quay Street")
            .lacks("Ada");
    }
    browser.page("/hq").await.has("3 open");
}

/// A name with a slip was put right when the lines were filled in already.
#[tokio::test]
async fn lines_beside_a_name_that_was_put_right_are_asked_about() {
    let scene = Scene::new().await;
    let mut browser = scene.signed(Role::Agent, "zh-CN").await;
    let form = browser.page(NEW).await;
    scene.app.put_rows(vec![namesake(41)]).await.unwrap();
    let asked = with(&mut browser, &form, &[("new_customer", "Blue Hero")]).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    asked.has("客户列表中已有这个名称").has("value=\"Ben\"");
    browser.page("/hq").await.has("没有未结的工单");
    // An answer about one name is none about another.
    let other = [("which", "known"), ("customer", "明澄律师事务所")];
    let hidden = asked.form(TICKETS);
    let mut all: Vec<(&str, &str)> = hidden
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    all.extend(BEN.into_iter().skip(1));
    all.extend(other);
    let told = browser.post(TICKETS, &all).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Nothing is typed for a new one: the customer in the list is meant.
    let plain = [("customer", "Blue Heron"), ("fault_text", "冷")];
    let made = browser.submit(NEW, TICKETS, &plain).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER);
}

/// Both found none of that name, and both made one.
#[tokio::test]
async fn of_two_that_make_a_customer_of_one_name_at_once_the_second_is_asked() {
    let scene = Scene::new().await;
    let mut one = scene.signed(Role::Agent, "en").await;
    let mut two = scene.signed(Role::Dispatcher, "en").await;
    let (form, other) = (one.page(NEW).await, two.page(NEW).await);
    let tick = [TICK];
    let (first, second) = tokio::join!(with(&mut one, &form, &tick), with(&mut two, &other, &tick));
    let mut statuses = [first.status, second.status];
    statuses.sort();
    assert_eq!(
        statuses,
        [StatusCode::SEE_OTHER, StatusCode::UNPROCESSABLE_ENTITY]
    );
    one.page("/hq").await.has("1 open");
    one.page(NEW).await.has("<option value=\"Blue Heron\"></option>");
}

/// "There is no customer Blue Heron in the list", where two stood, and the tick below made a third.
#[tokio::test]
async fn a_name_that_several_have_is_told_as_such_and_makes_no_other_unasked() {
    let scene = Scene::new().await;
    let two = vec![namesake(41), namesake(42)];
    scene.app.put_rows(two).await.unwrap();
    for (language, several, none) in [
        ("en", "Several customers have this name.", "There is no customer"),
        ("zh-CN", "有多个客户用这个名称", "客户列表中没有"),
    ] {
        let mut browser = scene.signed(Role::Agent, language).await;
        let form = browser.page(NEW).await;
        let mut told = with(&mut browser, &form, &[]).await;
        for _ in 0..2 {
            assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
            told.has(several).lacks(none).has("value=\"Ben\"");
            told = with(&mut browser, &told, &[TICK]).await;
        }
        let bare = [("customer", "Blue Heron"), ("fault_text", "cold")];
        let told = browser.submit(NEW, TICKETS, &bare).await;
        told.has(several).lacks(none);
    }
    let mut browser = scene.signed(Role::Agent, "en").await;
    let form = browser.page(NEW).await;
    let told = with(&mut browser, &form, &[]).await;
    let third = with(&mut browser, &told, &[("which", "new")]).await;
    browser.page(&third.to).await.has("Ben");
}

/// A namesake with somebody to talk to and a place to go to.
fn household(n: u8, contact: &str, phone: &str, address: &str) -> Vec<Row> {
    let customer = id(CustomerId::from_bytes, n);
    vec![
        namesake(n),
        Row::Contact(Contact {
            id: id(ContactId::from_bytes, n),
            customer,
            name: contact.into(),
            phone: phone.into(),
        }),
        Row::Site(Site {
            id: id(SiteId::from_bytes, n),
            customer,
            city: "Porthaven".into(),
            district: String::new(),
            address: address.into(),
            position: None,
        }),
    ]
}

/// Of two customers of one name the list showed two ids, and nobody at a telephone knows an id.
#[tokio::test]
async fn customers_of_one_name_are_told_apart_and_the_one_picked_is_meant() {
    let scene = Scene::new().await;
    let ada = household(41, "Ada", "02100000417", "12 Mill Lane");
    let ben = household(42, "Ben", "02100002859", "7 Quay Street");
    scene.app.put_rows([ada, ben].concat()).await.unwrap();
    let mut browser = scene.signed(Role::Agent, "en").await;
    let form = browser.page(NEW).await;
    let second = id(CustomerId::from_bytes, 42).to_string();
    form.has("Blue Heron · 0417 · 12 Mill Lane, Porthaven")
        .has(&format!(
            "<option value=\"{second}\">Blue Heron · 2859 · 7 Quay Street, Porthaven</option>"
        ))
        .lacks("02100002859");
    let plain = [("customer", "Blue Heron"), ("fault_text", "cold")];
    let asked = browser.submit(NEW, TICKETS, &plain).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    asked.has(&format!("type=\"radio\" name=\"which\" value=\"{second}\""));
    asked.has("2859 · 7 Quay Street, Porthaven");
    let hidden = asked.form(TICKETS);
    let mut all: Vec<(&str, &str)> = hidden
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    all.extend(plain);
    // An id that is not among them is no answer.
    let foreign = id(CustomerId::from_bytes, 5).to_string();
    let told = browser
        .post(TICKETS, &[&all[..], &[("which", foreign.as_str())]].concat())
        .await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    let made = browser
        .post(TICKETS, &[&all[..], &[("which", second.as_str())]].concat())
        .await;
    assert_eq!(made.status, StatusCode::SEE_OTHER);
    browser
        .page(&made.to)
        .await
        .has("Ben")
        .has("7 Quay Street")
        .lacks("Ada");
    let picked = [("customer", second.as_str()), ("fault_text", "cold")];
    let made = browser.submit(NEW, TICKETS, &picked).await;
    browser.page(&made.to).await.has("Ben").lacks("Ada");
}

/// The number on the contract was answered with "There is no customer C001 in the list".
#[tokio::test]
async fn a_customer_is_found_by_the_companys_own_number() {
    let scene = Scene::new().await;
    let mut rows = household(41, "Ada", "02100000417", "12 Mill Lane");
    let own = customer_numbered("C001");
    for row in &mut rows {
        match row {
            Row::Customer(customer) => customer.id = own,
            Row::Contact(contact) => contact.customer = own,
            Row::Site(site) => site.customer = own,
            _ => {}
        }
    }
    scene.app.put_rows(rows).await.unwrap();
    let mut browser = scene.signed(Role::Agent, "en").await;
    for typed in ["C001", " c001 "] {
        let made = browser
            .submit(NEW, TICKETS, &[("customer", typed), ("fault_text", "cold")])
            .await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{typed}");
        browser.page(&made.to).await.has("Blue Heron").has("Ada");
    }
    let unknown = [("customer", "C002"), ("fault_text", "cold")];
    let told = browser.submit(NEW, TICKETS, &unknown).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    told.has("There is no customer C002");
}
