//! The writer: groups, failures, crashes.

use super::*;

fn scratch() -> (tempfile::TempDir, std::path::PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("fieldline.db");
    (dir, path)
}

fn put(store: &Store, key: &'static str) -> impl Future<Output = Result<(), StoreError>> {
    store.write(move |connection| {
        connection.execute("INSERT INTO meta (key, value) VALUES (?1, 'x')", [key])?;
        Ok(())
    })
}

fn keys(store: &Store) -> Vec<String> {
    store
        .read_blocking::<_, StoreError>(|connection| {
            let mut statement = connection.prepare("SELECT key FROM meta ORDER BY key")?;
            let keys = statement
                .query_map([], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            Ok(keys)
        })
        .unwrap()
}

#[tokio::test]
async fn a_failing_write_leaves_nothing_and_spares_its_neighbours() {
    let (_dir, path) = scratch();
    let store = Store::open(&path).unwrap();
    put(&store, "a").await.unwrap();
    let (b, twice, c) = tokio::join!(put(&store, "b"), put(&store, "a"), put(&store, "c"));
    b.unwrap();
    assert!(matches!(twice, Err(StoreError::Sql(_))));
    c.unwrap();
    assert_eq!(keys(&store), ["a", "b", "c"]);
}

#[tokio::test]
async fn a_panicking_write_is_an_error_and_the_writer_lives() {
    let (_dir, path) = scratch();
    let store = Store::open(&path).unwrap();
    let lost: Result<(), StoreError> = store.write(|_| panic!("planned")).await;
    assert!(lost.is_err());
    put(&store, "after").await.unwrap();
}

#[tokio::test]
async fn killed_before_commit_nothing_is_kept_and_after_commit_all() {
    for (point, kept) in [(WriterPoint::BeforeCommit, 0), (WriterPoint::AfterCommit, 1)] {
        let (_dir, path) = scratch();
        let store = Store::open_with(&path, Some(Arc::new(move |at| at != point))).unwrap();
        assert!(matches!(put(&store, "k").await, Err(StoreError::Unknown)));
        assert!(matches!(
            put(&store, "later").await,
            Err(StoreError::Busy | StoreError::Unknown)
        ));
        drop(store);
        assert_eq!(keys(&Store::open(&path).unwrap()).len(), kept, "{point:?}");
    }
}

/// `admin` beside a starting or ending `serve` was told that the database is locked.
#[test]
fn many_open_and_close_one_file_at_once() {
    for _ in 0..20 {
        let (_dir, path) = scratch();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..5 {
                        assert!(keys(&Store::open(&path).unwrap()).is_empty());
                    }
                });
            }
        });
    }
}

#[test]
fn a_newer_file_is_not_touched() {
    let (_dir, path) = scratch();
    drop(Store::open(&path).unwrap());
    Connection::open(&path)
        .unwrap()
        .pragma_update(None, "user_version", 99)
        .unwrap();
    assert!(matches!(
        Store::open(&path),
        Err(StoreError::Newer { found: 99, .. })
    ));
}

#[test]
fn heads_are_read_without_the_snapshots_beside_them() {
    let (_dir, path) = scratch();
    let store = Store::open(&path).unwrap();
    for sql in [scope::SCOPE_HEADS, document::DOCUMENT_HEADS] {
        let plan: Vec<String> = store
            .read_blocking::<_, StoreError>(|connection| {
                let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
                let plan = statement.query_map(["x"], |row| row.get("detail"))?;
                Ok(plan.collect::<Result<_, _>>()?)
            })
            .unwrap();
        let covered = |line: &String| line.contains("USING COVERING INDEX document_heads");
        assert!(plan.iter().any(covered), "{plan:?}");
    }
}

/// Movements had no kind, and no epoch said since when grants are known: one of a backup that was put back is the old one.
#[test]
fn a_file_without_grants_is_brought_up_with_its_ledger() {
    let (_dir, path) = scratch();
    drop(Store::open(&path).unwrap());
    let old = Connection::open(&path).unwrap();
    old.execute_batch(
        "ALTER TABLE tracking DROP COLUMN made_by; ALTER TABLE tracking DROP COLUMN ended_by;
         DROP TABLE stock_grant; DROP TABLE grant_report; DROP TABLE stock_open; DROP TABLE discrepancy;
         DROP TABLE stock_request; DROP TABLE compaction;
         DROP INDEX movement_place; DROP INDEX movement_count;
         ALTER TABLE movement DROP COLUMN kind; ALTER TABLE movement DROP COLUMN moved_at;
         ALTER TABLE movement DROP COLUMN counted; ALTER TABLE movement DROP COLUMN seen_by;
         PRAGMA user_version = 5;
         INSERT INTO meta (key, value) VALUES ('epoch', '7');
         INSERT INTO movement (operation, location, part, quantity, document, at)
         VALUES ('a', 'l', 'p', 5, NULL, 1), ('b', 'l', 'p', -1, 'ticket-x', 2);",
    )
    .unwrap();
    meta::epoch_write(&old, 8).unwrap();
    drop(old);
    let store = Store::open(&path).unwrap();
    let kinds = "SELECT group_concat(kind || moved_at || coalesce(counted, '')) FROM
        (SELECT kind, moved_at, counted FROM movement ORDER BY operation)";
    let (kinds, known): (String, bool) = store
        .read_blocking::<_, StoreError>(|connection| {
            let kinds = connection.query_row(kinds, [], |row| row.get(0))?;
            Ok((kinds, meta::grants_are_known(connection)?))
        })
        .unwrap();
    assert_eq!(kinds, "count1,use2", "no count is made out of an import");
    assert!(!known, "what was granted since the backup nobody can know here");
}

/// Nobody was written down, and nobody is made up.
#[test]
fn links_of_a_file_that_names_nobody_are_brought_up_and_name_nobody() {
    let (_dir, path) = scratch();
    drop(Store::open(&path).unwrap());
    let old = Connection::open(&path).unwrap();
    let ticket = fieldline_model::id::TicketId::from_bytes([7; 16]);
    old.execute_batch(&format!(
        "DROP INDEX stock_grant_ticket; DROP INDEX stock_request_document;
         ALTER TABLE tracking DROP COLUMN made_by; ALTER TABLE tracking DROP COLUMN ended_by;
         PRAGMA user_version = 8;
         INSERT INTO tracking (token, ticket, created_at, expires_at, revoked_at) VALUES
         ('a', '{ticket}', 1, 9, NULL), ('b', '{ticket}', 2, 9, 3);"
    ))
    .unwrap();
    drop(old);
    let store = Store::open(&path).unwrap();
    let links = store
        .read_blocking(|connection| tracking::tracking_list(connection, ticket, 10))
        .unwrap();
    let at = |link: &tracking::TrackingRow| (link.made_at.ms(), link.ended_at.map(|at| at.ms()));
    assert_eq!(
        links.iter().map(at).collect::<Vec<_>>(),
        [(2, Some(3)), (1, None)]
    );
    assert!(
        links
            .iter()
            .all(|link| (link.made_by, link.ended_by) == (None, None))
    );
}
