//! A program with a newer fold opens the data of an older one.

use fieldline_model::fold::FOLD_VERSION;
use fieldline_model::operation::{Act, Completion, VisitResult};

use super::bench::{Bench, Phone, count, engineer, reopen};

const STANDS: &str =
    "SELECT count(*) FROM ticket t JOIN visit v ON v.ticket = t.id JOIN event e ON e.act = 'finish'
    WHERE t.status = 'resolved' AND v.phase = 'done' AND v.done_at IS NOT NULL AND e.outcome = 'merged'";

#[tokio::test]
async fn tickets_of_an_older_fold_are_folded_anew_once() {
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
