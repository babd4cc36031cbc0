//! What a backup and a restore do inside database files: the copy, the checks of it, and what a record that was put
//! back must not bring with it.

use std::path::Path;

use fieldline_model::id::OrganisationId;
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, OpenFlags, TransactionBehavior, params};
use serde::Serialize;

use super::blob::blob_renew;
use super::log::{log_chain, log_head};
use super::meta::{epoch, epoch_write, meta_read, meta_write, ticket_numbers_pass};
use super::value::from_sql;
use super::{StoreError, connect};

/// The newest verified backup covers the log up to here.
const COVERED_SEQ: &str = "backup_seq";
const COVERED_AT: &str = "backup_at";
/// How far the log reached when a file that HQ had lost came back: a backup has it only when it reaches further.
const BLOB_BACK_SEQ: &str = "blob_back_seq";
/// When the record was put back, and how old the backup was.
const RESTORED_AT: &str = "restored_at";
const RESTORED_TO: &str = "restored_to";
/// The place where it was opened last, and when it was found in another one.
const HOME: &str = "home";
const MOVED_AT: &str = "moved_at";
/// There while nothing may go out to people and other systems.
const OUTBOUND_HELD: &str = "outbound_held";

/// Where a database file stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stand {
    pub(crate) organisation: OrganisationId,
    pub(crate) company: String,
    pub(crate) schema: u32,
    pub(crate) epoch: u64,
    pub(crate) seq: u64,
    pub(crate) chain: [u8; 32],
}

/// A record that was put back, or is in another place than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Restored {
    /// When that was done, or noticed.
    pub at: Timestamp,
    /// When the backup was taken; `None` when the record was moved or copied as it stood.
    pub to: Option<Timestamp>,
    /// Nothing goes out until somebody says so.
    pub outbound_held: bool,
}

/// Opens a file that is not the server's own, without making one.
pub(crate) fn open_copy(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Ok(Connection::open_with_flags(path, flags)?)
}

/// Copies the database as it stands at one moment into a new file, while others read and write it.
pub(crate) fn copy_whole(from: &Path, to: &Path) -> Result<(), StoreError> {
    let source = connect(from)?;
    let mut target = Connection::open(to)?;
    {
        let copy = rusqlite::backup::Backup::new(&source, &mut target)?;
        // All pages in one step: in smaller ones every write of another process would begin the copy anew.
        while copy.step(-1)? != rusqlite::backup::StepResult::Done {
            std::thread::sleep(super::BUSY_PAUSE);
        }
    }
    // One file, with nothing beside it that could be forgotten.
    target.pragma_update(None, "journal_mode", "DELETE")?;
    target.pragma_update(None, "synchronous", "FULL")?;
    Ok(())
}

/// What SQLite itself finds wrong with a file; `None` when it is whole.
pub(crate) fn damage(connection: &Connection) -> Result<Option<String>, StoreError> {
    let found: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if found != "ok" {
        return Ok(Some(found));
    }
    let orphan = connection.prepare("PRAGMA foreign_key_check")?.exists([])?;
    Ok(orphan.then(|| "foreign key".to_owned()))
}

/// Where the file stands.
pub(crate) fn stand(connection: &Connection) -> Result<Stand, StoreError> {
    let text = |key: &str| meta_read(connection, key)?.ok_or_else(|| StoreError::Corrupt(key.to_owned()));
    let (seq, chain) = log_head(connection)?;
    Ok(Stand {
        organisation: text("organisation")?
            .parse()
            .map_err(|_| StoreError::Corrupt("organisation".into()))?,
        company: text("organisation_name")?,
        schema: connection.pragma_query_value(None, "user_version", |row| row.get(0))?,
        epoch: epoch(connection)?,
        seq,
        chain,
    })
}

/// Opens a backup's database, which nobody may change.
pub(crate) fn open_backup(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Ok(Connection::open_with_flags(path, flags)?)
}

/// The last entry that both logs have. A chain hash says all that came before it, so behind the first difference
/// nothing is the same.
pub(crate) fn shared(one: &Connection, other: &Connection) -> Result<u64, StoreError> {
    let (mut same, mut end) = (0, log_head(one)?.0.min(log_head(other)?.0));
    while same < end {
        let middle = end - (end - same) / 2;
        let chain = log_chain(one, middle)?;
        if chain.is_some() && chain == log_chain(other, middle)? {
            same = middle;
        } else {
            end = middle - 1;
        }
    }
    Ok(same)
}

/// Writes down how far the newest verified backup reaches.
pub(crate) fn covered_write(connection: &Connection, seq: u64, at: Timestamp) -> Result<(), StoreError> {
    meta_write(connection, COVERED_SEQ, &seq.to_string())?;
    meta_write(connection, COVERED_AT, &at.ms().to_string())
}

/// How far the newest verified backup reaches; 0 when there is none that has every file which was lost and came back.
pub(crate) fn covered(connection: &Connection) -> Result<u64, StoreError> {
    let covered = number(connection, COVERED_SEQ)?;
    let back = number(connection, BLOB_BACK_SEQ)?;
    Ok(if covered > back {
        covered.map_or(0, from_sql)
    } else {
        0
    })
}

/// A file that HQ had lost came back when the log reached up to `seq`.
pub(crate) fn blob_back_write(connection: &Connection, seq: u64) -> Result<(), StoreError> {
    meta_write(connection, BLOB_BACK_SEQ, &seq.to_string())
}

fn number(connection: &Connection, key: &str) -> Result<Option<i64>, StoreError> {
    let text = meta_read(connection, key)?;
    text.map(|text| text.parse().map_err(|_| StoreError::Corrupt(key.to_owned())))
        .transpose()
}

/// Makes a copy the record again: a new epoch, nothing goes out, nobody is signed in, and no code or link of then works.
pub(crate) fn put_back(
    connection: &mut Connection,
    epoch: u64,
    numbers_known: bool,
    covered_seq: u64,
    taken_at: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    let transaction = connection.transaction()?;
    epoch_write(&transaction, epoch)?;
    covered_write(&transaction, covered_seq, taken_at)?;
    blob_renew(&transaction, now)?;
    if !numbers_known {
        ticket_numbers_pass(&transaction)?;
    }
    meta_write(&transaction, RESTORED_AT, &now.ms().to_string())?;
    meta_write(&transaction, RESTORED_TO, &taken_at.ms().to_string())?;
    meta_write(&transaction, OUTBOUND_HELD, "1")?;
    transaction.execute_batch(
        "DELETE FROM session; DELETE FROM signin_link; DELETE FROM enrol_code WHERE used_at IS NULL;",
    )?;
    transaction.commit()?;
    Ok(())
}

/// What was closed since the backup stays closed: phones, accounts, tokens, links for customers. Numbers go on from
/// where the newer record was.
pub(crate) fn close_again(connection: &Connection, newer: &Path) -> Result<usize, StoreError> {
    let name = newer.to_str().ok_or_else(|| StoreError::Corrupt("path".into()))?;
    connection.execute("ATTACH DATABASE ?1 AS newer", [name])?;
    let closed = close_from_newer(connection).and_then(|closed| {
        let sql = "INSERT INTO counter (name, value) SELECT name, value FROM newer.counter WHERE true
            ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)";
        connection.execute(sql, [])?;
        Ok(closed)
    });
    connection.execute_batch("DETACH DATABASE newer")?;
    closed
}

fn close_from_newer(connection: &Connection) -> Result<usize, StoreError> {
    let sql = [
        "UPDATE device SET revoked_at = n.revoked_at FROM newer.device n
            WHERE n.id = device.id AND n.revoked_at IS NOT NULL AND device.revoked_at IS NULL",
        "UPDATE staff SET disabled_at = n.disabled_at FROM newer.staff n
            WHERE n.id = staff.id AND n.disabled_at IS NOT NULL AND staff.disabled_at IS NULL",
        "UPDATE api_token SET revoked_at = n.revoked_at FROM newer.api_token n
            WHERE n.token_hash = api_token.token_hash AND n.revoked_at IS NOT NULL AND api_token.revoked_at IS NULL",
        "UPDATE tracking SET revoked_at = n.revoked_at FROM newer.tracking n
            WHERE n.token = tracking.token AND n.revoked_at IS NOT NULL AND tracking.revoked_at IS NULL",
    ];
    let mut closed = 0;
    for sql in sql {
        closed += connection.execute(sql, [])?;
    }
    Ok(closed)
}

/// Brings everything of a write-ahead log into the file itself; `false` when somebody reads or writes it.
pub(crate) fn fold_in(path: &Path) -> Result<bool, StoreError> {
    let connection = open_copy(path)?;
    let busy: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", params![], |row| row.get(0))?;
    connection.close().map_err(|(_, error)| error)?;
    Ok(busy == 0)
}

/// Whether the record was put back, and whether anything may go out since.
pub(crate) fn restored(connection: &Connection) -> Result<Option<Restored>, StoreError> {
    let moved = number(connection, MOVED_AT)?.map(|at| (at, None));
    let put_back = number(connection, RESTORED_AT)?.zip(number(connection, RESTORED_TO)?);
    let Some((at, to)) = put_back.map(|(at, to)| (at, Some(to))).or(moved) else {
        return Ok(None);
    };
    Ok(Some(Restored {
        at: Timestamp::from_ms(at),
        to: to.map(Timestamp::from_ms),
        outbound_held: meta_read(connection, OUTBOUND_HELD)?.is_some(),
    }))
}

/// Whether the record is in another place than when it was opened last. Then nothing goes out until somebody says that this
/// is the one that counts.
pub(crate) fn is_moved(connection: &mut Connection, home: &str, now: Timestamp) -> Result<bool, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let known = meta_read(&transaction, HOME)?;
    if known.as_deref() == Some(home) {
        return Ok(false);
    }
    meta_write(&transaction, HOME, home)?;
    let moved = known.is_some();
    if moved {
        if meta_read(&transaction, OUTBOUND_HELD)?.is_none() {
            // Put back long ago: not why it is held now.
            transaction.execute(
                "DELETE FROM meta WHERE key IN (?1, ?2)",
                [RESTORED_AT, RESTORED_TO],
            )?;
        }
        meta_write(&transaction, MOVED_AT, &now.ms().to_string())?;
        meta_write(&transaction, OUTBOUND_HELD, "1")?;
    }
    transaction.commit()?;
    Ok(moved)
}

/// Lets messages go out again; `false` when nothing was held.
pub(crate) fn outbound_release(connection: &Connection) -> Result<bool, StoreError> {
    let sql = "DELETE FROM meta WHERE key = ?1";
    Ok(connection.execute(sql, [OUTBOUND_HELD])? > 0)
}
