//! What the database says of itself: whose it is, which epoch, and its counters.

use std::path::Path;

use fieldline_model::id::OrganisationId;
use rusqlite::{Connection, OptionalExtension, params};

use super::{StoreError, connect, migrate};
use crate::app::{Edge, Organisation};

/// Name of a company that has not said how it is called.
const NAME_DEFAULT: &str = "Fieldline";

fn meta_read(connection: &Connection, key: &str) -> Result<Option<String>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
    Ok(statement.query_row([key], |row| row.get(0)).optional()?)
}

fn meta_write(connection: &Connection, key: &str, value: &str) -> Result<(), StoreError> {
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
        epoch_write(&transaction, new_epoch(edge))?;
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

/// The key for the seals on cursors, made at the first opening: every copy of the database has it.
///
/// # Errors
/// [`StoreError::Corrupt`] when what stands there is no key.
pub(crate) fn seal_key(path: &Path, edge: &Edge) -> Result<[u8; 32], StoreError> {
    const KEY: &str = "seal_key";
    let mut connection = connect(path)?;
    let transaction = connection.transaction()?;
    let key = match meta_read(&transaction, KEY)? {
        Some(text) => from_hex(&text).ok_or_else(|| StoreError::Corrupt(KEY.into()))?,
        None => {
            let key: [u8; 32] = edge.bytes();
            let text: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
            meta_write(&transaction, KEY, &text)?;
            key
        }
    };
    transaction.commit()?;
    Ok(key)
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let mut key = [0; 32];
    if text.len() != 2 * key.len() {
        return None;
    }
    for (place, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * place..2 * place + 2)?, 16).ok()?;
    }
    Some(key)
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
    meta_write(connection, "epoch", &epoch.to_string())
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
