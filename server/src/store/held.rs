//! Held work in table `refused`: changes of revoked phones that have no fate yet, with their authors' words.

use fieldline_model::id::{DeviceId, DocumentId, EngineerId, OperationId, StaffId};
use fieldline_model::reason::Reason;
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;
use super::value::{bytes, parsed};

/// An operation that waits for a supervisor.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    /// The change it came in.
    pub(crate) hash: [u8; 32],
    /// Its document.
    pub(crate) document: DocumentId,
    /// The phone it came from.
    pub(crate) device: DeviceId,
    /// Whose phone that is.
    pub(crate) engineer: EngineerId,
    /// Its entry's text, when it could be read.
    pub(crate) entry: Option<String>,
}

/// The held operation, if it is held and has no fate; of several changes the one that came last.
pub(crate) fn held_get(connection: &Connection, operation: OperationId) -> Result<Option<Held>, StoreError> {
    let sql = "SELECT r.hash, r.document, r.device, d.engineer, r.entry FROM refused r JOIN device d ON d.id = r.device
        WHERE r.operation = ?1 AND r.code = ?2 AND NOT EXISTS (SELECT 1 FROM fate f WHERE f.operation = r.operation)
        ORDER BY r.at DESC, r.hash DESC LIMIT 1";
    let mut statement = connection.prepare_cached(sql)?;
    let held = statement.query_row(
        params![operation.to_string(), Reason::DeviceRevoked.code()],
        |row| {
            Ok(Held {
                hash: bytes(row, 0)?,
                document: parsed(row, 1)?,
                device: parsed(row, 2)?,
                engineer: parsed(row, 3)?,
                entry: row.get(4)?,
            })
        },
    );
    Ok(held.optional()?)
}

/// Operations that wait for a supervisor, in the order they were done by their phones' clocks, at most so many.
pub(crate) fn held_waiting(
    connection: &Connection,
    limit: u32,
) -> Result<Vec<(OperationId, Option<String>)>, StoreError> {
    let sql = "SELECT operation, entry FROM refused r
        WHERE code = ?1 AND operation IS NOT NULL AND NOT EXISTS (SELECT 1 FROM fate f WHERE f.operation = r.operation)
        GROUP BY operation ORDER BY coalesce(entry ->> '$.at.wall', 0), operation LIMIT ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![Reason::DeviceRevoked.code(), limit], |row| {
        Ok((parsed(row, 0)?, row.get(1)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Held changes of a phone whose operations got their fates since `since`, the newest first, at most so many.
pub(crate) fn held_decided(
    connection: &Connection,
    device: DeviceId,
    since: Timestamp,
    limit: u32,
) -> Result<Vec<[u8; 32]>, StoreError> {
    let sql = "SELECT r.hash FROM refused r JOIN fate f ON f.operation = r.operation
        WHERE r.device = ?1 AND r.code = ?2 AND f.at >= ?3 ORDER BY f.at DESC, r.hash LIMIT ?4";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(
        params![
            device.to_string(),
            Reason::DeviceRevoked.code(),
            since.ms(),
            limit
        ],
        |row| bytes(row, 0),
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The entries that were ever held of a document.
pub(crate) fn held_of_document(
    connection: &Connection,
    document: DocumentId,
) -> Result<Vec<(OperationId, String)>, StoreError> {
    let sql = "SELECT operation, entry FROM refused
        WHERE document = ?1 AND code = ?2 AND operation IS NOT NULL AND entry IS NOT NULL";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(
        params![document.to_string(), Reason::DeviceRevoked.code()],
        |row| Ok((parsed(row, 0)?, row.get(1)?)),
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether a change is held: then nothing was decided about it.
pub(crate) fn held_holds(connection: &Connection, hash: &[u8; 32]) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM refused WHERE hash = ?1 AND code = ?2")?;
    Ok(statement.exists(params![&hash[..], Reason::DeviceRevoked.code()])?)
}

/// Notes who decided.
pub(crate) fn held_decide(
    connection: &Connection,
    operation: OperationId,
    by: StaffId,
    at: Timestamp,
) -> Result<(), StoreError> {
    let sql = "UPDATE refused SET seen_at = ?2, seen_by = ?3 WHERE operation = ?1 AND seen_at IS NULL";
    connection
        .prepare_cached(sql)?
        .execute(params![operation.to_string(), at.ms(), by.to_string()])?;
    Ok(())
}
