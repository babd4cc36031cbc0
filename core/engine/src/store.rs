//! The phone's store: one SQLite file. Opening, migrating, and the statements, grouped by table below.
//!
//! SQL lives in here only. One user action is one transaction, opened and closed by the caller. It decides nothing
//! about documents, rules or sync.

pub(crate) mod agree;
pub(crate) mod article;
pub(crate) mod aside;
pub(crate) mod blob;
pub(crate) mod carried;
pub(crate) mod change;
pub(crate) mod cipher;
pub(crate) mod cursor;
pub(crate) mod doc;
pub(crate) mod grant;
pub(crate) mod heal;
pub(crate) mod held;
pub(crate) mod identity;
pub(crate) mod inbox;
pub(crate) mod install;
pub(crate) mod intent;
pub(crate) mod notice;
pub(crate) mod position;
pub(crate) mod promise;
pub(crate) mod row;
pub(crate) mod stock;
pub(crate) mod tally;
pub(crate) mod ticket_row;
pub(crate) mod trail;
pub(crate) mod unreadable;
pub(crate) mod wait;

use std::fs::{File, TryLockError};
use std::path::Path;
use std::str::FromStr;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use crate::error::EngineError;
use crate::store::cipher::StoreKey;

/// Forward migrations, oldest first; the file's `user_version` counts them.
const MIGRATIONS: &[&str] = &[
    include_str!("store/migrations/0001_start.sql"),
    include_str!("store/migrations/0002_key.sql"),
    include_str!("store/migrations/0003_wait.sql"),
    include_str!("store/migrations/0004_backup.sql"),
    include_str!("store/migrations/0005_promise.sql"),
    include_str!("store/migrations/0006_compact.sql"),
    include_str!("store/migrations/0007_heal.sql"),
    include_str!("store/migrations/0008_tally.sql"),
    include_str!("store/migrations/0009_look.sql"),
    include_str!("store/migrations/0010_blob.sql"),
    include_str!("store/migrations/0011_grants.sql"),
    include_str!("store/migrations/0012_carried.sql"),
    include_str!("store/migrations/0013_resume.sql"),
    include_str!("store/migrations/0014_position.sql"),
];
/// How long a statement waits for a lock. Nobody else should hold one, so this is short.
const BUSY_MS: u64 = 2_000;
/// SQLite's page cache, in KiB: the default of 2 MB is more than a list needs.
const CACHE_KIB: i64 = 1_024;

/// An open store and the lock that keeps others out.
pub(crate) struct Store {
    pub(crate) conn: Connection,
    /// Held as long as the store is open; the system frees it when the process dies.
    _lock: File,
}

impl Store {
    /// Opens or makes the file, alone; encrypted under `key` if there is one. Where a store was and is gone, none is made.
    pub(crate) fn open(path: &Path, key: Option<&StoreKey>) -> Result<Self, EngineError> {
        let lock = lock(&path.with_extension("lock"))?;
        aside::refuse_lost(path)?;
        cipher::refuse_mismatch(path, key)?;
        let mut conn = Connection::open(path)?;
        if let Some(key) = key {
            cipher::unlock(&conn, path, key)?;
        }
        conn.busy_timeout(std::time::Duration::from_millis(BUSY_MS))?;
        conn.pragma_update(None, "journal_mode", "WAL")?;
        conn.pragma_update(None, "synchronous", "FULL")?;
        conn.pragma_update(None, "foreign_keys", "ON")?;
        conn.pragma_update(None, "cache_size", -CACHE_KIB)?;
        // No second file beside an encrypted one, and no file made and deleted for a list that is sorted.
        conn.pragma_update(None, "temp_store", "MEMORY")?;
        // Or each statement beside a partial index is compiled anew for every value bound to it.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        conn.set_prepared_statement_cache_capacity(256);
        migrate(&mut conn, aside::is_marked(path))?;
        Ok(Self { conn, _lock: lock })
    }
}

fn lock(path: &Path) -> Result<File, EngineError> {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(EngineError::StoreBusy),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

fn migrate(conn: &mut Connection, was_here: bool) -> Result<(), EngineError> {
    let found: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found == 0 && was_here {
        return Err(EngineError::StoreEmpty);
    }
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if found > known || found < 0 {
        return Err(EngineError::StoreNewer { found, known });
    }
    for (version, sql) in (1_i64..).zip(MIGRATIONS) {
        if version > found {
            let tx = conn.transaction()?;
            tx.execute_batch(sql)?;
            tx.pragma_update(None, "user_version", version)?;
            tx.commit()?;
        }
    }
    Ok(())
}

/// Reads an id or another parsed value from a column.
pub(crate) fn parsed<T: FromStr>(text: &str, column: &'static str) -> Result<T, EngineError> {
    text.parse().map_err(|_| EngineError::BadValue(column))
}

/// Reads an id that may be absent.
pub(crate) fn parsed_option<T: FromStr>(
    text: Option<String>,
    column: &'static str,
) -> Result<Option<T>, EngineError> {
    text.map(|text| parsed(&text, column)).transpose()
}

/// SQLite has no unsigned integers: the bits are kept.
pub(crate) fn to_signed(value: u64) -> i64 {
    i64::from_ne_bytes(value.to_ne_bytes())
}

/// The reverse of [`to_signed`].
pub(crate) fn to_unsigned(value: i64) -> u64 {
    u64::from_ne_bytes(value.to_ne_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_from_the_future_is_a_clear_error() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.db");
        let store = Store::open(&path, None).unwrap();
        store.conn.pragma_update(None, "user_version", 99).unwrap();
        drop(store);
        assert!(matches!(
            Store::open(&path, None),
            Err(EngineError::StoreNewer { found: 99, .. })
        ));
    }

    #[test]
    fn a_file_of_the_version_before_is_brought_up_with_what_it_holds() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.db");
        let old = Connection::open(&path).unwrap();
        old.execute_batch(MIGRATIONS[0]).unwrap();
        old.execute_batch(
            "INSERT INTO doc (id, kind, in_scope, run) VALUES ('ticket:a', 'ticket', 0, 1), ('ticket:b', 'ticket', 1, 1);
             PRAGMA user_version = 1",
        )
        .unwrap();
        drop(old);
        let store = Store::open(&path, None).unwrap();
        let left = "SELECT group_concat(left_at IS NOT NULL) FROM (SELECT left_at FROM doc ORDER BY id)";
        let left: String = store.conn.query_row(left, [], |row| row.get(0)).unwrap();
        assert_eq!(left, "1,0", "what was hidden before may go as it might have then");
    }

    /// A store as the version before the one that made this table wrote it.
    fn before(table: &str, path: &Path) -> Connection {
        let made = MIGRATIONS
            .iter()
            .position(|sql| sql.contains(&format!("CREATE TABLE {table} ")))
            .unwrap();
        let old = Connection::open(path).unwrap();
        for sql in &MIGRATIONS[..made] {
            old.execute_batch(sql).unwrap();
        }
        old.pragma_update(None, "user_version", i64::try_from(made).unwrap())
            .unwrap();
        old
    }

    #[test]
    fn a_file_from_before_bundles_gets_their_tables_and_keeps_what_it_holds() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.db");
        let old = before("carried", &path);
        old.execute_batch("INSERT INTO doc (id, kind, in_scope, run) VALUES ('ticket:a', 'ticket', 1, 1)")
            .unwrap();
        drop(old);
        let store = Store::open(&path, None).unwrap();
        let count = "SELECT (SELECT count(*) FROM doc), (SELECT count(*) FROM carried)";
        let counts = store
            .conn
            .query_row(count, [], |row| Ok((row.get(0)?, row.get(1)?)));
        assert_eq!(counts.unwrap(), (1_i64, 0_i64));
    }

    /// What is not counted cannot be missed: from its first moment on the store knows that it holds no grant.
    #[test]
    fn a_file_from_before_grants_counts_none_and_keeps_its_other_counts() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.db");
        let old = before("stock_grant", &path);
        old.execute_batch("UPDATE tally SET value = 7 WHERE name = 'stock'")
            .unwrap();
        drop(old);
        let store = Store::open(&path, None).unwrap();
        let counts = "SELECT (SELECT value FROM tally WHERE name = 'stock_grant'),
            (SELECT value FROM tally WHERE name = 'stock')";
        let counts = store
            .conn
            .query_row(counts, [], |row| Ok((row.get(0)?, row.get(1)?)));
        assert_eq!(counts.unwrap(), (Some(0_i64), 7_i64));
    }

    #[test]
    fn a_second_opener_is_told_the_store_is_busy() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.db");
        let first = Store::open(&path, None).unwrap();
        assert!(matches!(Store::open(&path, None), Err(EngineError::StoreBusy)));
        drop(first);
        assert!(Store::open(&path, None).is_ok());
    }

    #[test]
    fn a_file_that_is_no_database_is_a_clear_error() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.db");
        std::fs::write(
            &path,
            b"this is certainly not a database, however long it may become in the end",
        )
        .unwrap();
        assert!(matches!(
            Store::open(&path, None),
            Err(EngineError::StoreDamaged(_))
        ));
    }
}
