//! Killed at every write: nothing acknowledged is lost, nothing is decided twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use fieldline_model::operation::Act;

use super::bench::{Bench, Phone, count, engineer, fates, note, reopen};
use crate::store::WriterPoint;

#[tokio::test]
async fn killed_around_the_commit_of_a_push_every_operation_gets_one_fate() {
    for point in [WriterPoint::BeforeCommit, WriterPoint::AfterCommit] {
        let bench = Bench::new();
        let dir = bench.dir;
        drop(bench.app);
        let (armed, fired) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let (watch, note_fired) = (Arc::clone(&armed), Arc::clone(&fired));
        let hook = Arc::new(move |at: WriterPoint| {
            let kill = at == point && watch.load(Ordering::SeqCst);
            note_fired.fetch_or(kill, Ordering::SeqCst);
            !kill
        });
        let app = reopen(dir.path(), 2, Some(hook));
        let bench = Bench { dir, app };
        let mut phone = Phone::join(&bench.app, 1).await;
        let ticket = bench.ticket().await;
        let visit = bench.offer(ticket, &[engineer(1)]).await;
        phone.sync(&bench.app).await;
        phone.perform(ticket, Act::Accept { visit });
        phone.perform(ticket, note("in the dark"));
        let lanes = phone.lanes();

        armed.store(true, Ordering::SeqCst);
        let killed = phone.send(&bench.app, lanes.clone()).await.unwrap();
        assert!(fired.load(Ordering::SeqCst), "the fault fired");
        let expected = match point {
            WriterPoint::BeforeCommit => ["later", "later"],
            // Kept, and looked up.
            WriterPoint::AfterCommit => ["merged", "merged"],
        };
        assert_eq!(fates(&killed.verdicts), expected, "{point:?}");

        let Bench { dir, app } = bench;
        drop(app);
        let app = reopen(dir.path(), 3, None);
        let again = phone.send(&app, lanes).await.unwrap();
        assert_eq!(fates(&again.verdicts), ["merged", "merged"], "{point:?}");
        assert_eq!(
            count(&app, "SELECT count(*) FROM fate WHERE device IS NOT NULL"),
            2
        );
        assert_eq!(
            count(&app, "SELECT count(*) FROM change WHERE device IS NOT NULL"),
            2
        );
        let chained = "SELECT count(*) = max(seq) FROM log";
        assert_eq!(count(&app, chained), 1, "no gaps in the log");
    }
}

#[tokio::test]
async fn an_act_whose_commit_is_unknown_is_looked_up_not_repeated() {
    let bench = Bench::new();
    let ticket = bench.ticket().await;
    let dir = bench.dir;
    drop(bench.app);
    let hook = Arc::new(|at| at != WriterPoint::AfterCommit);
    let app = reopen(dir.path(), 4, Some(hook));
    let by = fieldline_model::operation::Author::Server;
    let performed = app.perform(by, ticket, Act::Triage, None).await.unwrap();
    assert_eq!(performed.fate, fieldline_model::wire::Fate::Merged);
    drop(app);
    let app = reopen(dir.path(), 5, None);
    assert_eq!(count(&app, "SELECT count(*) FROM event WHERE act = 'triage'"), 1);
}

#[tokio::test]
async fn the_servers_actor_is_new_after_every_start() {
    let bench = Bench::new();
    let ticket = bench.ticket().await;
    let Bench { dir, app } = bench;
    drop(app);
    let app = reopen(dir.path(), 9, None);
    app.perform(
        fieldline_model::operation::Author::Server,
        ticket,
        Act::Triage,
        None,
    )
    .await
    .unwrap();
    assert_eq!(count(&app, "SELECT count(DISTINCT actor) FROM change"), 2);
    assert_eq!(count(&app, "SELECT max(actor_seq) FROM change"), 1);
}

#[tokio::test]
async fn a_refused_act_leaves_nothing() {
    let bench = Bench::new();
    let ticket = bench.ticket().await;
    bench
        .hq(
            ticket,
            Act::Cancel {
                reason: "twice".into(),
            },
        )
        .await;
    let log = bench.count("SELECT max(seq) FROM log");
    let by = fieldline_model::operation::Author::Server;
    let again = bench
        .app
        .perform(
            by,
            ticket,
            Act::Cancel {
                reason: "twice".into(),
            },
            None,
        )
        .await;
    assert!(matches!(
        again,
        Err(crate::door::DoorError::Refused(
            fieldline_model::reason::Reason::TicketOver
        ))
    ));
    assert_eq!(bench.count("SELECT max(seq) FROM log"), log);
    bench
        .hq(
            ticket,
            Act::Reopen {
                reason: "a mistake".into(),
            },
        )
        .await;
    assert_eq!(bench.text("SELECT status FROM ticket"), "triaged");
}
