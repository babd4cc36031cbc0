//! Live streams: what happens is drawn within moments, and nobody reads on who may not.

use std::time::Duration;

use axum::body::Body;
use fieldline_model::id::{OperationId, PartId};
use fieldline_model::operation::Act;
use fieldline_model::row::{Part, Row, Stock};
use fieldline_server::auth::Role;
use http_body_util::BodyExt;

use crate::phone::Phone;
use crate::scene::{NASTY, Scene, address};

/// Longer than anything here takes; a stream that says nothing fails by it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Reads until the text stands in what was sent.
async fn until(body: &mut Body, text: &str) -> String {
    let mut seen = String::new();
    let read = async {
        while !seen.contains(text) {
            let frame = body
                .frame()
                .await
                .unwrap_or_else(|| panic!("ended before “{text}”: {seen}"))
                .unwrap();
            if let Ok(data) = frame.into_data() {
                seen.push_str(std::str::from_utf8(&data).unwrap());
            }
        }
    };
    assert!(tokio::time::timeout(PATIENCE, read).await.is_ok(), "no “{text}”");
    seen
}

/// Reads to the end.
async fn ends(body: &mut Body) {
    let read = async { while body.frame().await.is_some() {} };
    assert!(tokio::time::timeout(PATIENCE, read).await.is_ok(), "still open");
}

#[tokio::test]
async fn a_row_an_entry_and_an_update_follow_an_act() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let link = scene.link(ticket).await;
    let mut desk = scene.signed(Role::Dispatcher, "en").await;
    let mut rows = desk.listen("/hq/live").await;
    let mut lines = desk.listen(&format!("{}/live", address(ticket))).await;
    let mut customer = scene
        .browser("zh-CN")
        .listen(&format!("{link}/live?lang=en"))
        .await;
    until(&mut customer, "We have your report").await;
    scene.offer(ticket, scene.chen).await;
    // A row of the ticket as it was made may come first.
    let row = until(&mut rows, "Chen Liqun").await;
    assert!(
        row.contains("event: row") && row.contains("Planned") && row.contains("Chen Liqun"),
        "{row}"
    );
    let line = until(&mut lines, "event: part").await;
    assert!(
        line.contains("event: entry") && line.contains("Offered to Chen Liqun"),
        "{line}"
    );
    let update = until(&mut customer, "Assigning").await;
    assert!(
        update.contains("event: update") && !update.contains("Chen Liqun"),
        "{update}"
    );
    scene
        .hq(
            ticket,
            Act::Note {
                text: format!("a\r\nb {NASTY}"),
            },
        )
        .await;
    let line = until(&mut lines, "Note: a").await;
    assert!(!line.contains("<script>"), "{line}");
}

#[tokio::test]
async fn a_stream_begins_where_the_page_ended() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let mut desk = scene.signed(Role::Dispatcher, "en").await;
    let page = desk.page(&address(ticket)).await;
    let (_, live) = page.body.split_once("data-live=\"").unwrap();
    let live = live.split('"').next().unwrap().to_owned();
    scene
        .hq(
            ticket,
            Act::Note {
                text: "meanwhile".into(),
            },
        )
        .await;
    let mut lines = desk.listen(&live).await;
    until(&mut lines, "Note: meanwhile").await;
    let mut rows = desk
        .listen(&format!("/hq/live?since={}", scene.app.now().ms()))
        .await;
    until(&mut rows, "T-000001").await;
}

#[tokio::test]
async fn a_stream_closes_with_its_session_or_its_link() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let link = scene.link(ticket).await;
    let mut desk = scene.signed(Role::Agent, "en").await;
    let mut rows = desk.listen("/hq/live").await;
    let mut customer = scene.browser("en").listen(&format!("{link}/live")).await;
    until(&mut customer, "update").await;
    desk.submit("/hq", "/sign-out", &[]).await;
    scene.end_links(ticket).await;
    ends(&mut rows).await;
    ends(&mut customer).await;
}

#[tokio::test]
async fn one_link_holds_a_bounded_number_of_streams() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let live = format!("{}/live", scene.link(ticket).await);
    let mut browser = scene.browser("en");
    let mut open = Vec::new();
    for _ in 0..12 {
        open.push(browser.listen(&live).await);
    }
    assert_eq!(browser.get(&live).await.status.as_u16(), 503);
}

/// The lines of the stream that say who else looks.
async fn others(body: &mut Body, text: &str) -> String {
    let seen = until(body, text).await;
    seen.rsplit("event: part").next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn who_opens_a_ticket_is_named_to_colleagues_while_it_is_open_and_to_nobody_else() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    let link = scene.link(ticket).await;
    let mut one = scene.signed(Role::Dispatcher, "en").await;
    let mut two = scene.signed(Role::Agent, "zh-CN").await;
    let name = |role: Role| format!("{} 小王", role.word());
    let (name_one, name_two) = (name(Role::Dispatcher), name(Role::Agent));
    let live = format!("{}/live", address(ticket));
    let page = one.page(&address(ticket)).await;
    page.has("<span class=\"viewing\" id=\"viewing\"></span>");

    let mut rows = one.listen("/hq/live").await;
    let mut customer = scene.browser("en").listen(&format!("{link}/live")).await;
    until(&mut customer, "We have your report").await;
    let mut first = one.listen(&live).await;
    let mut second = two.listen(&live).await;
    let seen = others(&mut first, &format!("Also here: {name_two}<")).await;
    assert!(!seen.contains(&name_one), "himself: {seen}");
    others(&mut second, &format!("也在查看：{name_one}<")).await;
    // A second page of the same person says nothing new, and closing it does not either.
    drop(two.listen(&live).await);
    // The second looks at another ticket.
    drop(second);
    others(&mut first, "id=\"viewing\"></span>").await;

    // What the queue and the customer hear first is what happened, and not who looked.
    scene.offer(ticket, scene.chen).await;
    let heard = until(&mut rows, "event: row").await;
    assert!(!heard.contains(&name_two), "{heard}");
    let heard = until(&mut customer, "event: update").await;
    assert!(heard.contains("Assigning"), "{heard}");
    assert_eq!(heard.matches("event: update").count(), 1, "{heard}");
}

fn live_of(body: &str) -> String {
    let (_, live) = body.split_once("data-live=\"").unwrap();
    live.split('"').next().unwrap().replace("&amp;", "&")
}

#[tokio::test]
async fn a_figure_that_changes_is_sent_alone_and_a_stream_begins_with_what_the_page_lacks() {
    let scene = Scene::new().await;
    let part = PartId::from_bytes([100; 16]);
    let belt = Row::Part(Part {
        id: part,
        number: "P000".into(),
        name_zh: "皮带".into(),
        name_en: "Belt".into(),
        models: vec![],
    });
    let stock = Row::Stock(Stock {
        location: scene.van,
        part,
        quantity: 1,
    });
    scene.app.put_rows(vec![belt, stock]).await.unwrap();
    let mut keeper = scene.signed(Role::Keeper, "en").await;
    let page = keeper.page("/hq/parts?q=P00").await;
    let cell = |what: &str| format!("id=\"{what}-{}-{}\"", scene.van, scene.part);
    page.has(&cell("stock"));
    let rows = page.body.matches("id=\"stock-").count();
    assert!(rows > 1, "another row that could be sent: {rows}");
    let count = async |quantity: i64| {
        let operation = scene.app.edge().id(OperationId::new);
        let counted = scene.app.set_stock(scene.van, scene.part, quantity, operation);
        counted.await.unwrap();
    };
    let mut stream = keeper.listen(&live_of(&page.body)).await;
    count(41).await;
    let seen = until(&mut stream, &cell("age")).await;
    assert!(
        seen.contains(&cell("stock")) && seen.contains("<strong>41</strong>"),
        "{seen}"
    );
    assert_eq!(
        seen.matches("id=\"stock-").count(),
        1,
        "the other figures stand: {seen}"
    );
    assert!(!seen.contains("<form") && !seen.contains("<input"), "{seen}");
    drop(stream);
    // Of the page as it was, the stream says first what came since.
    let mut stream = keeper.listen(&live_of(&page.body)).await;
    until(&mut stream, "<strong>41</strong>").await;
}

/// The page of the keeper said that an engineer waits, or that nobody does, until it was asked for again.
#[tokio::test]
async fn who_waits_for_a_part_is_told_with_a_form_that_works_and_without_him_when_it_is_over() {
    let scene = Scene::new().await;
    let ticket = scene.ticket("卡纸").await;
    scene.offer(ticket, scene.chen).await;
    let mut phone = Phone::join(&scene.app, scene.chen).await;
    phone.sync().await;
    let ask = |quantity| Act::RequestPart {
        part: scene.part,
        quantity,
        from: scene.van,
    };
    let mut keeper = scene.signed(Role::Keeper, "en").await;
    let mut other = scene.signed(Role::Dispatcher, "zh-CN").await;
    // Also where no part is found.
    let page = keeper.page("/hq/parts?q=nothing-like-this").await;
    let mut stream = keeper.listen(&live_of(&page.body)).await;
    let page_before = other.page("/hq/parts").await;
    let mut reading = other.listen(&live_of(&page_before.body)).await;
    phone.does(ticket, ask(40)).await;
    let seen = until(&mut stream, "event: requests").await + &until(&mut stream, "\n\n").await;
    assert!(
        seen.contains("<strong>40</strong>") && seen.contains(&address(ticket)),
        "{seen}"
    );
    let seen_by_other = until(&mut reading, "<strong>40</strong>").await;
    assert!(
        !seen_by_other.contains("<form"),
        "he may not decline: {seen_by_other}"
    );
    drop(reading);
    // Of a page drawn before, a stream says first who waits since.
    let mut reading = other.listen(&live_of(&page_before.body)).await;
    until(&mut reading, "<strong>40</strong>").await;

    // Drawn once more, its form is another one; that is no change.
    phone.does(ticket, ask(50)).await;
    let seen_next = until(&mut stream, "<strong>50</strong>").await;
    assert_eq!(seen_next.matches("event: requests").count(), 1, "{seen_next}");

    // The form that came by the stream is sent.
    let hidden = |name: &str| {
        let (_, rest) = seen.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let (csrf, once, operation) = (hidden("csrf"), hidden("once"), hidden("operation"));
    let fields = [
        ("csrf", csrf.as_str()),
        ("once", &once),
        ("operation", &operation),
        ("reason", "停产了"),
    ];
    keeper.post("/hq/parts/requests/decline", &fields).await;
    let seen = until(&mut stream, "event: requests").await + &until(&mut stream, "\n\n").await;
    assert!(
        !seen.contains(&operation) && seen.contains("<strong>50</strong>"),
        "{seen}"
    );

    // A page that shows all this is told nothing of it when a figure changes.
    let page = keeper.page("/hq/parts").await;
    let mut stream = keeper.listen(&live_of(&page.body)).await;
    let mut seen = String::new();
    for quantity in [7, 8] {
        let operation = scene.app.edge().id(OperationId::new);
        let counted = scene.app.set_stock(scene.van, scene.part, quantity, operation);
        counted.await.unwrap();
        seen += &until(&mut stream, &format!("<strong>{quantity}</strong>")).await;
    }
    assert!(!seen.contains("event: requests"), "{seen}");
}
