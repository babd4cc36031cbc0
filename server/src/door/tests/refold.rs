//! A program with a newer fold opens the data of an older one.

use fieldline_model::fold::FOLD_VERSION;
use fieldline_model::id::DocumentId;
use fieldline_model::operation::{Act, Completion, VisitResult};
use fieldline_model::time::Timestamp;

use super::bench::{Bench, Phone, count, engineer, reopen};

const STANDS: &str =
    "SELECT count(*) FROM ticket t JOIN visit v ON v.ticket = t.id JOIN event e ON e.act = 'finish'
    WHERE t.status = 'resolved' AND v.phase = 'done' AND v.done_at IS NOT NULL AND e.outcome = 'merged'";

fn id_of(ticket: DocumentId) -> String {
    ticket.ticket().expect("a ticket").to_string()
}

/// A ticket whose visit went to its end.
async fn finished() -> (Bench, DocumentId) {
    let bench = Bench::new();
    let mut phone = Phone::join(&bench.app, 1).await;
    let ticket = bench.ticket().await;
    let visit = bench.offer(ticket, &[engineer(1)]).await;
    phone.sync(&bench.app).await;
    let completion = Completion {
        result: VisitResult::Fixed,
        cause: None,
        remedy: None,
        text: "done".into(),
    };
    for act in [
        Act::Accept { visit },
        Act::Depart { visit, eta: None },
        Act::Arrive {
            visit,
            position: None,
        },
        Act::Start { visit },
        Act::Finish { visit, completion },
    ] {
        phone.perform(ticket, act);
    }
    phone.sync(&bench.app).await;
    (bench, ticket)
}

/// A repair wrote ticket and visits anew and left what counts and what is to be reviewed as it was damaged.
#[tokio::test]
async fn a_repair_puts_right_all_that_the_documents_say() {
    let (bench, ticket) = finished().await;
    let right = |bench: &Bench| bench.count(STANDS) == 1 && bench.count("SELECT count(*) FROM review") == 0;
    assert!(right(&bench) && bench.app.check(false).await.unwrap().findings.is_empty());
    let path = bench.dir.path().join(crate::app::DATABASE_FILE);
    for damage in [
        "UPDATE event SET outcome = 'overruled', code = 'superseded' WHERE act = 'finish'",
        "INSERT INTO review (operation, ticket, what, at) SELECT operation, substr(document, 8), 'second_report', 1
            FROM event WHERE act = 'finish'",
        "UPDATE visit SET phase = 'working', done_at = NULL",
    ] {
        let database = rusqlite::Connection::open(&path).unwrap();
        assert_eq!(database.execute(damage, []).unwrap(), 1, "{damage}");
        drop(database);
        for (repair, stands) in [(false, false), (true, true)] {
            let report = bench.app.check(repair).await.unwrap();
            assert_eq!(report.findings.len(), 1, "{damage}");
            assert_eq!(report.findings[0].id, id_of(ticket));
            assert_eq!((right(&bench), report.repaired == 1), (stands, repair), "{damage}");
        }
        assert!(bench.app.check(false).await.unwrap().findings.is_empty());
    }
}

/// It was tried, and logged as an error, at every start.
#[tokio::test]
async fn a_ticket_that_cannot_be_folded_anew_is_tried_once_and_named_by_the_check() {
    let (Bench { dir, app }, ticket) = finished().await;
    drop(app);
    let path = dir.path().join(crate::app::DATABASE_FILE);
    let database = rusqlite::Connection::open(&path).unwrap();
    let snapshot = "SELECT snapshot FROM document WHERE kind = 'ticket'";
    let whole: Vec<u8> = database.query_row(snapshot, [], |row| row.get(0)).unwrap();
    database
        .execute_batch(&format!(
            "UPDATE ticket SET fold_version = {}; UPDATE document SET snapshot = x'00'",
            FOLD_VERSION - 1
        ))
        .unwrap();
    let left = || {
        let sql = "SELECT value FROM meta WHERE key = 'refold_left'";
        database.query_row(sql, [], |row| row.get::<_, String>(0)).ok()
    };
    assert_eq!(left(), None);
    let app = reopen(dir.path(), 2, None);
    assert_eq!(left(), Some(format!("{FOLD_VERSION}:{}", id_of(ticket))));
    let report = app.check(false).await.unwrap();
    assert!(report.findings.iter().any(|finding| finding.id == id_of(ticket)));
    drop(app);

    // It could be read again by now, and is not tried: a repair writes it anew.
    database
        .execute("UPDATE document SET snapshot = ?1", [whole])
        .unwrap();
    let now = Timestamp::from_ms(super::bench::START);
    assert_eq!(crate::refold::refold(&path, now).unwrap(), 0);
    let app = reopen(dir.path(), 3, None);
    assert_eq!(app.check(true).await.unwrap().repaired, 1);
    assert!(app.check(false).await.unwrap().findings.is_empty());
}

#[tokio::test]
async fn tickets_of_an_older_fold_are_folded_anew_once() {
    let (bench, _) = finished().await;
    assert_eq!(bench.count(STANDS), 1);
    let Bench { dir, app } = bench;
    drop(app);

    let database = rusqlite::Connection::open(dir.path().join(crate::app::DATABASE_FILE)).unwrap();
    let older = format!("UPDATE ticket SET status = 'in_progress', fold_version = {};
        UPDATE visit SET phase = 'working', done_at = NULL;
        UPDATE event SET outcome = 'overruled', code = 'superseded' WHERE act = 'finish';
        INSERT INTO review (operation, ticket, what, at) SELECT operation, substr(document, 8), 'second_report', 1
            FROM event WHERE act = 'finish'", FOLD_VERSION - 1);
    database.execute_batch(&older).unwrap();
    drop(database);

    let app = reopen(dir.path(), 2, None);
    assert_eq!(count(&app, STANDS), 1);
    assert_eq!(count(&app, "SELECT count(*) FROM review"), 0);
    assert_eq!(count(&app, "SELECT reviews FROM ticket"), 0);
    let left = format!("SELECT count(*) FROM ticket WHERE fold_version <> {FOLD_VERSION}");
    assert_eq!(count(&app, &left), 0);
    assert!(app.check(false).await.unwrap().findings.is_empty());
}
