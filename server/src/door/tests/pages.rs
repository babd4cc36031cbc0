//! Pages: complete, resumable, each thing once.

use fieldline_model::id::{ArticleId, ContactId, CustomerId, EngineerId};
use fieldline_model::operation::{Act, ArticleHead, Author, FactsEdit, Section, TicketFacts};
use fieldline_model::row::{Contact, Customer, Row};
use fieldline_model::wire::{Cursor, Item};

use super::bench::{Bench, Phone, engineer, fates, note};

fn customer(n: u8, name: &str) -> Row {
    Row::Customer(Customer {
        id: CustomerId::from_bytes([n; 16]),
        name: name.into(),
        name_en: None,
        vip: None,
        sla_plan: None,
        contract: None,
    })
}

fn kinds(items: &[Item]) -> Vec<&'static str> {
    let kind = |item: &Item| match item {
        Item::Changes { .. } => "changes",
        Item::Snapshot { .. } => "snapshot",
        Item::Enter { .. } => "enter",
        Item::Drop { .. } => "drop",
        Item::Row { .. } => "row",
        Item::RowGone { .. } => "row_gone",
        Item::Fate { .. } => "fate",
    };
    items.iter().map(kind).collect()
}

#[tokio::test]
async fn a_new_phone_gets_what_is_in_pages_of_any_size_and_nothing_twice() {
    let bench = Bench::new();
    let mut worker = Phone::join(&bench.app, 1).await;
    let mut left = 0;
    for n in 0..12 {
        let ticket = bench.ticket().await;
        let visit = bench.offer(ticket, &[engineer(1)]).await;
        worker.sync(&bench.app).await;
        for text in ["a", "b", "c"] {
            worker.perform(ticket, note(text));
        }
        worker.perform(ticket, Act::Accept { visit });
        worker.sync(&bench.app).await;
        if n % 3 == 0 {
            let other = bench.app.edge().id(fieldline_model::id::VisitId::new);
            bench
                .hq(
                    ticket,
                    Act::Reassign {
                        from: visit,
                        visit: other,
                        to: vec![engineer(9)],
                        plan: None,
                    },
                )
                .await;
            left += 1;
        }
    }
    worker.sync(&bench.app).await;
    for (n, size) in [(20, 1), (21, 2), (22, 7), (23, 1_000)] {
        let mut fresh = Phone::join_as(&bench.app, n, 1).await;
        fresh.items_max = size;
        fresh.sync(&bench.app).await;
        assert_eq!(fresh.docs.len(), 12 - left);
        let snapshots = fresh
            .items
            .iter()
            .filter(|item| matches!(item, Item::Snapshot { .. }))
            .count();
        assert_eq!(snapshots, 12 - left, "pages of {size}: {:?}", kinds(&fresh.items));
        assert!(
            !kinds(&fresh.items).contains(&"changes"),
            "snapshots hold them all"
        );
        fresh.sync(&bench.app).await;
        assert!(
            fresh.items.is_empty(),
            "nothing changed: {:?}",
            kinds(&fresh.items)
        );
    }
}

#[tokio::test]
async fn a_page_lost_on_the_way_is_given_again() {
    let bench = Bench::new();
    for _ in 0..5 {
        let ticket = bench.ticket().await;
        bench.offer(ticket, &[engineer(1)]).await;
    }
    let mut phone = Phone::join(&bench.app, 1).await;
    phone.items_max = 2;
    let first = phone.send(&bench.app, vec![]).await.unwrap();
    let again = phone.send(&bench.app, vec![]).await.unwrap();
    assert_eq!(first.page, again.page);
    phone.take(again);
    let second = phone.send(&bench.app, vec![]).await.unwrap();
    assert_eq!(second.page.as_ref().unwrap().from, first.page.unwrap().next);
    // Work of HQ in between is not lost by the skipping.
    let ticket = *phone.docs.keys().next().unwrap();
    bench.hq(ticket, Act::SetFacts(Box::default())).await;
    phone.sync(&bench.app).await;
    assert_eq!(phone.docs.len(), 5);
}

#[tokio::test]
async fn a_ticket_brings_its_rows_and_their_changes_and_only_to_its_holders() {
    let bench = Bench::new();
    bench.app.put_row(customer(3, "Lin")).await.unwrap();
    bench.app.put_row(customer(4, "Chen")).await.unwrap();
    let mut phone = Phone::join(&bench.app, 1).await;
    let mut stranger = Phone::join(&bench.app, 2).await;
    phone.sync(&bench.app).await;
    assert!(phone.items.is_empty(), "rows nobody reaches stay here");
    let facts = TicketFacts {
        customer: Some(CustomerId::from_bytes([3; 16])),
        fault_text: "it leaks".into(),
        ..TicketFacts::default()
    };
    let ticket = bench
        .app
        .create_ticket(Author::Server, facts)
        .await
        .unwrap()
        .into();
    bench.offer(ticket, &[engineer(1)]).await;
    phone.sync(&bench.app).await;
    assert_eq!(kinds(&phone.items), ["enter", "row", "snapshot"]);

    bench.app.put_row(customer(3, "Lin & Sons")).await.unwrap();
    phone.sync(&bench.app).await;
    assert_eq!(kinds(&phone.items), ["row"]);

    let edit = FactsEdit {
        customer: Some(CustomerId::from_bytes([4; 16])),
        ..FactsEdit::default()
    };
    bench.hq(ticket, Act::SetFacts(Box::new(edit))).await;
    phone.sync(&bench.app).await;
    assert_eq!(
        kinds(&phone.items),
        ["changes", "row"],
        "the other customer came within reach"
    );

    let contact = Contact {
        id: ContactId::from_bytes([8; 16]),
        customer: CustomerId::from_bytes([3; 16]),
        name: "A".into(),
        phone: "1".into(),
    };
    bench.app.put_row(Row::Contact(contact)).await.unwrap();
    stranger.sync(&bench.app).await;
    assert!(stranger.items.is_empty(), "{:?}", kinds(&stranger.items));
}

#[tokio::test]
async fn a_reassigned_ticket_goes_and_comes() {
    let bench = Bench::new();
    let mut a = Phone::join(&bench.app, 1).await;
    let mut b = Phone::join(&bench.app, 2).await;
    let ticket = bench.ticket().await;
    let first = bench.offer(ticket, &[engineer(1)]).await;
    a.sync(&bench.app).await;
    let visit = || bench.app.edge().id(fieldline_model::id::VisitId::new);
    let to = |from, visit, n| Act::Reassign {
        from,
        visit,
        to: vec![engineer(n)],
        plan: None,
    };
    let (second, third) = (visit(), visit());
    a.perform(ticket, note("on the spot"));
    bench.hq(ticket, to(first, second, 2)).await;
    bench.hq(ticket, to(second, third, 1)).await;

    // A → B → A while A was away: one enter, nothing lost.
    assert_eq!(fates(&a.sync(&bench.app).await), ["merged"]);
    assert!(a.docs.contains_key(&ticket));
    b.sync(&bench.app).await;
    assert!(b.docs.is_empty(), "{:?}", kinds(&b.items));

    bench.hq(ticket, to(third, visit(), 2)).await;
    a.sync(&bench.app).await;
    assert_eq!(kinds(&a.items), ["changes", "drop"]);
    b.sync(&bench.app).await;
    assert!(b.docs.contains_key(&ticket));
}

#[tokio::test]
async fn articles_are_everybodys() {
    let bench = Bench::new();
    let id = ArticleId::from_bytes([7; 16]);
    let head = ArticleHead {
        manual: false,
        title_zh: "漏水".into(),
        title_en: "Leak".into(),
        category: None,
        faults: vec![],
        models: vec![],
    };
    let section = |order, body: &str| Section {
        order,
        heading_zh: "步骤".into(),
        heading_en: "Steps".into(),
        body_zh: "更换密封圈".into(),
        body_en: body.into(),
    };
    let sections = vec![section(1, "replace the seal"), section(2, "test")];
    assert!(
        bench
            .app
            .publish_article(id, head.clone(), sections.clone())
            .await
            .unwrap()
    );
    assert!(
        !bench
            .app
            .publish_article(id, head.clone(), sections)
            .await
            .unwrap(),
        "nothing new"
    );
    let mut phone = Phone::join(&bench.app, 1).await;
    phone.sync(&bench.app).await;
    assert_eq!(kinds(&phone.items), ["enter", "snapshot"]);

    phone.perform(
        id.into(),
        Act::Annotate {
            section: None,
            text: "use the blue one".into(),
        },
    );
    assert_eq!(fates(&phone.sync(&bench.app).await), ["merged"]);
    assert!(
        bench
            .app
            .publish_article(id, head, vec![section(2, "test twice")])
            .await
            .unwrap()
    );

    phone.sync(&bench.app).await;
    assert_eq!(kinds(&phone.items), ["changes"]);
    assert_eq!(bench.count("SELECT annotations FROM article"), 1);
    let found = "SELECT count(*) FROM article_text WHERE article_text MATCH '\"密封\" AND twice AND blue'";
    assert_eq!(bench.count(found), 1);
}

#[tokio::test]
async fn a_lost_answer_is_made_good_by_the_feed_and_a_wanted_document_comes_whole() {
    let bench = Bench::new();
    let mut phone = Phone::join(&bench.app, 1).await;
    let ticket = bench.ticket().await;
    bench.offer(ticket, &[engineer(1)]).await;
    phone.sync(&bench.app).await;
    phone.perform(ticket, note("a"));
    let lost = phone.send(&bench.app, phone.lanes()).await.unwrap();
    assert!(
        lost.page.unwrap().items.is_empty(),
        "told by the verdict, not again by the page"
    );
    phone.outbox.clear();
    phone.sync(&bench.app).await;
    assert_eq!(kinds(&phone.items), ["fate"]);

    let strange = fieldline_model::id::TicketId::from_bytes([99; 16]).into();
    let mut request = phone.request(vec![]);
    request.want = vec![ticket, strange];
    let reply = bench.app.exchange(&phone.token, request).await.unwrap();
    assert_eq!(kinds(&reply.page.unwrap().items), ["snapshot", "drop"]);
}

/// Cursors that the log does not know: past its end, and of another history.
fn strange(cursor: Cursor) -> [Cursor; 2] {
    let seq = cursor.seq + 1_000;
    [
        Cursor { seq, ..cursor },
        Cursor {
            chain: [0xAA; 8],
            ..cursor
        },
    ]
}

#[tokio::test]
async fn a_cursor_from_the_future_begins_a_new_epoch_and_takes_nothing() {
    let bench = Bench::new();
    let mut phone = Phone::join(&bench.app, 1).await;
    let ticket = bench.ticket().await;
    bench.offer(ticket, &[engineer(1)]).await;
    phone.sync(&bench.app).await;
    phone.perform(ticket, note("a"));
    let old = bench.app.epoch().await.unwrap();
    for wrong in strange(phone.cursor) {
        let epoch = bench.app.epoch().await.unwrap();
        let seal_key = bench.app.inner.seal_key;
        phone.cursor = seal_key.sealed(phone.device, Cursor { epoch, ..wrong });
        let reply = phone.send(&bench.app, phone.lanes()).await.unwrap();
        assert_ne!(reply.welcome.epoch, epoch);
        assert!(reply.verdicts.is_empty() && reply.page.is_none());
    }
    // Of another epoch: greeted only.
    phone.cursor.epoch = old;
    let reply = phone.send(&bench.app, phone.lanes()).await.unwrap();
    assert!(reply.verdicts.is_empty() && reply.page.is_none());
    assert_eq!(bench.count("SELECT count(*) FROM event WHERE act = 'note'"), 0);
}

#[tokio::test]
async fn a_cursor_this_server_did_not_give_out_begins_no_epoch() {
    let bench = Bench::new();
    let mut phone = Phone::join(&bench.app, 1).await;
    let ticket = bench.ticket().await;
    bench.offer(ticket, &[engineer(1)]).await;
    phone.sync(&bench.app).await;
    phone.perform(ticket, note("a"));
    let epoch = bench.app.epoch().await.unwrap();
    for wrong in strange(phone.cursor) {
        phone.cursor = wrong;
        let reply = phone.send(&bench.app, phone.lanes()).await.unwrap();
        assert_eq!(reply.welcome.epoch, epoch);
        assert!(reply.welcome.must_reread);
        assert!(reply.verdicts.is_empty() && reply.page.is_none());
    }
}

#[tokio::test]
async fn listeners_hear_what_was_committed() {
    let bench = Bench::new();
    let mut live = bench.app.subscribe();
    let ticket = bench.ticket().await;
    bench.offer(ticket, &[engineer(1)]).await;
    let first = live.recv().await.unwrap();
    assert_eq!((first.document, first.kind.as_str()), (Some(ticket), "create"));
    let second = live.recv().await.unwrap();
    assert_eq!(second.kind, "offer");
    let to: EngineerId = engineer(1);
    assert!(
        second
            .channels
            .contains(&crate::store::log::Channel::Engineer(to))
    );
}
