//! Honest work, from offer to completion, once and again.

use fieldline_model::id::{LocationId, PartId};
use fieldline_model::operation::Act;
use fieldline_model::row::{Engineer, Location, Part, Row};

use super::bench::{Bench, Phone, engineer, fates, fixed, note, ticket_of};

#[tokio::test]
async fn a_day_of_work_arrives_and_stands_in_the_record() {
    let bench = Bench::new();
    let mut phone = Phone::join(&bench.app, 1).await;
    let ticket = bench.ticket().await;
    let visit = bench.offer(ticket, &[engineer(1)]).await;
    assert_eq!(phone.sync(&bench.app).await, []);

    for act in [
        Act::Accept { visit },
        Act::Depart { visit, eta: None },
        Act::Arrive {
            visit,
            position: None,
        },
    ] {
        phone.perform(ticket, act);
    }
    phone.perform(ticket, Act::Start { visit });
    phone.perform(ticket, note("seal was worn"));
    phone.perform(ticket, fixed(visit));
    let verdicts = phone.sync(&bench.app).await;

    assert_eq!(fates(&verdicts), vec!["merged"; 6]);
    assert_eq!(bench.text("SELECT status FROM ticket"), "resolved");
    assert_eq!(bench.text("SELECT label FROM ticket"), "done");
    assert_eq!(bench.text("SELECT number FROM ticket"), "T-000001");
    assert_eq!(
        bench.text("SELECT phase || result || report FROM visit"),
        "donefixednew seal"
    );
    assert_eq!(bench.count("SELECT count(*) FROM fate WHERE fate = 'merged'"), 8);
    assert_eq!(bench.count("SELECT count(*) FROM event WHERE path = 'field'"), 1);
    let order = "SELECT accepted_at <= departed_at AND departed_at <= arrived_at AND arrived_at <= started_at
        AND started_at <= done_at FROM visit";
    assert_eq!(bench.count(order), 1);
    assert!(
        phone.items.is_empty(),
        "its own work does not come back: {:?}",
        phone.items
    );
}

#[tokio::test]
async fn a_push_that_comes_again_gets_the_same_fates_and_changes_nothing() {
    let bench = Bench::new();
    let mut phone = Phone::join(&bench.app, 1).await;
    let ticket = bench.ticket().await;
    let visit = bench.offer(ticket, &[engineer(1)]).await;
    phone.sync(&bench.app).await;
    phone.perform(ticket, Act::Accept { visit });
    phone.perform(ticket, note("a"));
    let lanes = phone.lanes();

    let first = phone.send(&bench.app, lanes.clone()).await.unwrap();
    let log = bench.count("SELECT max(seq) FROM log");
    let second = phone.send(&bench.app, lanes).await.unwrap();

    assert_eq!(first.verdicts, second.verdicts);
    assert_eq!(bench.count("SELECT max(seq) FROM log"), log);
}

#[tokio::test]
async fn one_operation_in_two_changes_has_one_fate() {
    let bench = Bench::new();
    let mut phone = Phone::join(&bench.app, 1).await;
    let ticket = bench.ticket().await;
    bench.offer(ticket, &[engineer(1)]).await;
    phone.sync(&bench.app).await;
    let clean = phone.docs.clone();
    let id = phone.perform(ticket, note("a"));
    phone.sync(&bench.app).await;

    // The answer was lost, the phone took a new branch and replays.
    phone.docs = clean;
    phone.branch = 1;
    phone.perform_as(
        ticket,
        note("a"),
        id,
        fieldline_model::operation::Author::Engineer(engineer(1)),
    );
    phone.perform(ticket, note("built on it"));
    let replayed = phone.send(&bench.app, phone.lanes()).await.unwrap();

    assert_eq!(fates(&replayed.verdicts), ["merged other", "replay"]);
    let again = phone.send(&bench.app, phone.lanes()).await.unwrap();
    assert_eq!(fates(&again.verdicts), ["merged other", "replay"]);
    assert_eq!(bench.count("SELECT count(*) FROM event WHERE act = 'note'"), 1);
}

#[tokio::test]
async fn a_second_phone_of_the_engineer_gets_what_the_first_did() {
    let bench = Bench::new();
    let mut one = Phone::join(&bench.app, 1).await;
    let mut two = Phone::join_as(&bench.app, 2, 1).await;
    let ticket = bench.ticket().await;
    let visit = bench.offer(ticket, &[engineer(1)]).await;
    one.sync(&bench.app).await;
    two.sync(&bench.app).await;
    one.perform(ticket, Act::Accept { visit });
    one.sync(&bench.app).await;

    two.sync(&bench.app).await;

    assert_eq!(two.items.len(), 1, "{:?}", two.items);
}

#[tokio::test]
async fn a_used_part_is_booked_once_and_told_to_the_van() {
    let bench = Bench::new();
    let (van, part) = (LocationId::from_bytes([5; 16]), PartId::from_bytes([6; 16]));
    let location = Location {
        id: van,
        van: true,
        name_zh: "车".into(),
        name_en: "van".into(),
    };
    let driver = Engineer {
        id: engineer(1),
        name: "王".into(),
        name_en: String::new(),
        skills: vec![],
        van: Some(van),
    };
    let seal = Part {
        id: part,
        number: "S-1".into(),
        name_zh: "密封".into(),
        name_en: "seal".into(),
        models: vec![],
    };
    let rows = vec![Row::Location(location), Row::Engineer(driver), Row::Part(seal)];
    assert_eq!(bench.app.put_rows(rows.clone()).await.unwrap(), 3);
    assert_eq!(
        bench.app.put_rows(rows).await.unwrap(),
        0,
        "unchanged rows get no new version"
    );
    let count = bench.app.edge().id(fieldline_model::id::OperationId::new);
    assert!(bench.app.set_stock(van, part, 3, count).await.unwrap());
    assert!(
        !bench.app.set_stock(van, part, 9, count).await.unwrap(),
        "one operation books once"
    );

    let mut phone = Phone::join(&bench.app, 1).await;
    let ticket = bench.ticket().await;
    bench.offer(ticket, &[engineer(1)]).await;
    phone.sync(&bench.app).await;
    phone.perform(
        ticket,
        Act::UsePart {
            part,
            quantity: 2,
            from: van,
        },
    );
    let lanes = phone.lanes();
    phone.sync(&bench.app).await;
    phone.send(&bench.app, lanes).await.unwrap();

    assert_eq!(bench.count("SELECT quantity FROM stock"), 1);
    assert_eq!(bench.count("SELECT count(*) FROM movement"), 2);
    let told = phone.items.iter().any(
        |item| matches!(item, fieldline_model::wire::Item::Row { row: Row::Stock(stock) } if stock.quantity == 1),
    );
    assert!(told, "{:?}", phone.items);
}

#[tokio::test]
async fn work_done_after_a_cancellation_is_kept_overruled_and_reviewed() {
    let bench = Bench::new();
    let (van, part) = (LocationId::from_bytes([5; 16]), PartId::from_bytes([6; 16]));
    let mut phone = Phone::join(&bench.app, 1).await;
    let ticket = bench.ticket().await;
    let visit = bench.offer(ticket, &[engineer(1)]).await;
    phone.sync(&bench.app).await;
    for act in [
        Act::Accept { visit },
        Act::Depart { visit, eta: None },
        Act::Arrive {
            visit,
            position: None,
        },
        Act::Start { visit },
        Act::UsePart {
            part,
            quantity: 1,
            from: van,
        },
        fixed(visit),
    ] {
        phone.perform(ticket, act);
    }
    bench
        .hq(
            ticket,
            Act::Cancel {
                reason: "customer called".into(),
            },
        )
        .await;

    let verdicts = phone.sync(&bench.app).await;

    let fates = fates(&verdicts);
    assert_eq!(fates[4], "merged", "the part went into the machine");
    assert_eq!(fates[5], "overruled completed_after_cancellation");
    assert_eq!(
        bench.text("SELECT what FROM review"),
        "completed_after_cancellation"
    );
    assert_eq!(bench.count("SELECT reviews FROM ticket"), 1);
    assert_eq!(bench.text("SELECT status FROM ticket"), "cancelled");
    assert_eq!(bench.count("SELECT quantity FROM stock"), -1);
    assert!(!phone.docs.contains_key(&ticket), "it left the phone");
}

#[tokio::test]
async fn device_times_are_held_between_what_came_before_and_the_receipt() {
    let bench = Bench::new();
    let mut phone = Phone::join(&bench.app, 1).await;
    let ticket = bench.ticket().await;
    let visit = bench.offer(ticket, &[engineer(1)]).await;
    phone.sync(&bench.app).await;
    phone.perform(ticket, Act::Accept { visit });
    phone.perform(ticket, note("first"));
    phone.sync(&bench.app).await;
    let sound = "SELECT count(*) FROM event e WHERE e.at <= e.received_at AND e.at >=
        (SELECT max(at) FROM event WHERE act = 'offer')  AND e.author LIKE 'engineer:%'";
    assert_eq!(bench.count(sound), 2);
    assert_eq!(
        bench.count("SELECT count(*) FROM event WHERE clamped AND author LIKE 'engineer:%'"),
        2
    );
    assert_eq!(bench.text("SELECT id FROM ticket"), ticket_of(ticket).to_string());
}
