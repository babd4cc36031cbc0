//! What the database says of itself: whose it is, which epoch, and its counters.

use std::collections::BTreeSet;
use std::path::Path;

use fieldline_model::id::{OrganisationId, TicketId};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::log::log_head;
use super::{StoreError, connect, migrate};
use crate::app::{Edge, Organisation};

/// Name of a company that has not said how it is called.
const NAME_DEFAULT: &str = "Fieldline";

pub(super) fn meta_read(connection: &Connection, key: &str) -> Result<Option<String>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
    Ok(statement.query_row([key], |row| row.get(0)).optional()?)
}

pub(super) fn meta_write(connection: &Connection, key: &str, value: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    connection.prepare_cached(sql)?.execute([key, value])?;
    Ok(())
}

/// Migrates the file and makes sure that it has an organisation, a name and an epoch.
///
/// # Errors
/// As opening and migrating fail; [`StoreError::Corrupt`] for an id that is none.
pub(crate) fn prepare(path: &Path, edge: &Edge, name: Option<&str>) -> Result<Organisation, StoreError> {
    let mut connection = connect(path)?;
    migrate::forward(&mut connection)?;
    let transaction = connection.transaction()?;
    let id = match meta_read(&transaction, "organisation")? {
        Some(id) => id
            .parse()
            .map_err(|_| StoreError::Corrupt("organisation".into()))?,
        None => {
            let id = edge.id(OrganisationId::new);
            meta_write(&transaction, "organisation", &id.to_string())?;
            id
        }
    };
    if meta_read(&transaction, "epoch")?.is_none() {
        let epoch = new_epoch(edge);
        epoch_write(&transaction, epoch)?;
        meta_write(&transaction, GRANTS_EPOCH, &epoch.to_string())?;
    }
    let kept = meta_read(&transaction, "organisation_name")?;
    let name = name
        .map(str::to_owned)
        .or(kept)
        .unwrap_or_else(|| NAME_DEFAULT.to_owned());
    meta_write(&transaction, "organisation_name", &name)?;
    transaction.commit()?;
    Ok(Organisation { id, name })
}

/// How far the log was when the present key of the receipts began to vouch.
const RECEIPT_KEY_SINCE: &str = "receipt_key_since";

/// From here on another key vouches. What was vouched for under the one before proves nothing any more.
///
/// # Errors
/// As SQLite says.
pub(super) fn receipt_key_since_write(connection: &Connection) -> Result<(), StoreError> {
    let (seq, _) = log_head(connection)?;
    meta_write(connection, RECEIPT_KEY_SINCE, &seq.to_string())
}

/// How far the log was when the present key began to vouch.
///
/// # Errors
/// As SQLite says.
pub(crate) fn receipt_key_since(connection: &Connection) -> Result<u64, StoreError> {
    let since = meta_read(connection, RECEIPT_KEY_SINCE)?;
    Ok(since.and_then(|since| since.parse().ok()).unwrap_or(u64::MAX))
}

/// Opens the database that is there, beside a server that may be running.
///
/// # Errors
/// As SQLite says.
pub(crate) fn open(path: &Path) -> Result<Connection, StoreError> {
    connect(path)
}

/// Does this in one transaction.
///
/// # Errors
/// As `work` and SQLite say; then nothing is written.
pub(crate) fn in_transaction<T>(
    connection: &mut Connection,
    work: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = work(&transaction)?;
    transaction.commit()?;
    Ok(done)
}

/// A number for an epoch: random, because a counter in a restored file would repeat itself. Never 0.
pub(crate) fn new_epoch(edge: &Edge) -> u64 {
    u64::from_be_bytes(edge.bytes()).max(1)
}

/// The present epoch.
///
/// # Errors
/// [`StoreError::Corrupt`] when there is none.
pub(crate) fn epoch(connection: &Connection) -> Result<u64, StoreError> {
    let text = meta_read(connection, "epoch")?;
    text.and_then(|text| text.parse().ok())
        .ok_or_else(|| StoreError::Corrupt("epoch".into()))
}

/// Begins another epoch.
///
/// # Errors
/// As SQLite says.
pub(crate) fn epoch_write(connection: &Connection, epoch: u64) -> Result<(), StoreError> {
    // A file of a version without grants keeps the epoch in which it had none: what was granted since, it cannot know.
    if let Some(before) = meta_read(connection, "epoch")?
        && meta_read(connection, GRANTS_EPOCH)?.is_none()
    {
        meta_write(connection, GRANTS_EPOCH, &before)?;
    }
    meta_write(connection, "epoch", &epoch.to_string())
}

/// The epoch since which no grant can be unknown here.
const GRANTS_EPOCH: &str = "grants_epoch";

/// True when every grant that was ever given stands in this record: it never went back since there are grants.
///
/// # Errors
/// As SQLite says.
pub(crate) fn grants_are_known(connection: &Connection) -> Result<bool, StoreError> {
    Ok(meta_read(connection, GRANTS_EPOCH)? == meta_read(connection, "epoch")?)
}

/// Tickets that a fold could not read.
const REFOLD_LEFT: &str = "refold_left";

/// Those that the fold of this version could not read, so that it need not try again.
///
/// # Errors
/// As SQLite says.
pub(crate) fn refold_left(connection: &Connection, version: u32) -> Result<BTreeSet<TicketId>, StoreError> {
    let text = meta_read(connection, REFOLD_LEFT)?.unwrap_or_default();
    let of_this = text.split_once(':').filter(|(of, _)| *of == version.to_string());
    let ids = of_this.map(|(_, ids)| ids).unwrap_or_default();
    // What is no id was not left by this program: at worst a ticket is tried again.
    Ok(ids.split(',').filter_map(|id| id.parse().ok()).collect())
}

/// Keeps them.
///
/// # Errors
/// As SQLite says.
pub(crate) fn refold_left_write(
    connection: &Connection,
    version: u32,
    left: &BTreeSet<TicketId>,
) -> Result<(), StoreError> {
    let ids: Vec<String> = left.iter().map(ToString::to_string).collect();
    meta_write(connection, REFOLD_LEFT, &format!("{version}:{}", ids.join(",")))
}

/// Counts the tickets' numbers.
pub(crate) const TICKET_NUMBER: &str = "ticket_number";
/// How many numbers are passed over when the record went back, and nobody can say which were given out since: phones
/// may give those tickets back.
const NUMBERS_PASSED: i64 = 1_000;

/// Passes over the numbers that tickets may have which this record has lost.
///
/// # Errors
/// As SQLite says.
pub(crate) fn ticket_numbers_pass(connection: &Connection) -> Result<(), StoreError> {
    let sql = "UPDATE counter SET value = value + ?2 WHERE name = ?1";
    connection.execute(sql, params![TICKET_NUMBER, NUMBERS_PASSED])?;
    Ok(())
}

/// The next number of a counter, from 1.
///
/// # Errors
/// As SQLite says.
pub(crate) fn counter_next(connection: &Connection, name: &str) -> Result<i64, StoreError> {
    let sql = "INSERT INTO counter (name, value) VALUES (?1, 1)
        ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value";
    Ok(connection
        .prepare_cached(sql)?
        .query_row(params![name], |row| row.get(0))?)
}
