//! Reference rows and stock.

use fieldline_model::id::{DocumentId, EngineerId, LocationId, OperationId, PartId};
use fieldline_model::row::{Row, RowKind};
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;
use super::value::{from_json, from_sql, parsed, to_json, to_sql};

/// The row and the log entry of its newest content.
pub(crate) fn row_read(
    connection: &Connection,
    kind: RowKind,
    id: &str,
) -> Result<Option<(Row, u64)>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT body, seq FROM row WHERE kind = ?1 AND id = ?2")?;
    let found: Option<(String, i64)> = statement
        .query_row(params![kind.word(), id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    found
        .map(|(body, seq)| Ok((from_json(&body)?, from_sql(seq))))
        .transpose()
}

/// Whether the row stands there with exactly this content.
pub(crate) fn row_is(connection: &Connection, row: &Row) -> Result<bool, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT 1 FROM row WHERE kind = ?1 AND id = ?2 AND body = ?3")?;
    Ok(statement.exists(params![row.kind().word(), row.id(), to_json(row)?])?)
}

/// Writes the row over what was there.
pub(crate) fn row_write(connection: &Connection, row: &Row, seq: u64) -> Result<(), StoreError> {
    let sql = "INSERT INTO row (kind, id, body, seq) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body, seq = excluded.seq";
    connection.prepare_cached(sql)?.execute(params![
        row.kind().word(),
        row.id(),
        to_json(row)?,
        to_sql(seq)
    ])?;
    Ok(())
}

/// Deletes the row; false when there was none.
pub(crate) fn row_delete(connection: &Connection, kind: RowKind, id: &str) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached("DELETE FROM row WHERE kind = ?1 AND id = ?2")?;
    Ok(statement.execute(params![kind.word(), id])? > 0)
}

/// The engineers who drive this van.
pub(crate) fn van_engineers(
    connection: &Connection,
    location: LocationId,
) -> Result<Vec<EngineerId>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT id FROM engineer WHERE van = ?1")?;
    let engineers = statement.query_map([location.to_string()], |row| parsed(row, 0))?;
    Ok(engineers.collect::<Result<_, _>>()?)
}

/// Whether the location is known to be a van.
pub(crate) fn location_is_van(connection: &Connection, location: LocationId) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM location WHERE id = ?1 AND van")?;
    Ok(statement.exists([location.to_string()])?)
}

/// The parts with a ledger at this location.
pub(crate) fn stock_parts(connection: &Connection, location: LocationId) -> Result<Vec<PartId>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT part FROM stock WHERE location = ?1 ORDER BY part")?;
    let parts = statement.query_map([location.to_string()], |row| parsed(row, 0))?;
    Ok(parts.collect::<Result<_, _>>()?)
}

/// Whether an operation moved this part here.
pub(crate) fn movement_known(
    connection: &Connection,
    operation: OperationId,
    location: LocationId,
    part: PartId,
) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM movement WHERE operation = ?1 AND location = ?2 AND part = ?3";
    let known = [operation.to_string(), location.to_string(), part.to_string()];
    Ok(connection.prepare_cached(sql)?.exists(known)?)
}

/// How many the ledger says; 0 where nothing was ever booked.
pub(crate) fn stock_quantity(
    connection: &Connection,
    location: LocationId,
    part: PartId,
) -> Result<i64, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT quantity FROM stock WHERE location = ?1 AND part = ?2")?;
    let quantity = statement.query_row(params![location.to_string(), part.to_string()], |row| row.get(0));
    Ok(quantity.optional()?.unwrap_or(0))
}

/// Why stock moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MovementKind {
    /// It went into a machine.
    Use,
    /// It went to another place.
    Transfer,
    /// It was counted, delivered or corrected.
    Count,
}

impl MovementKind {
    fn word(self) -> &'static str {
        match self {
            Self::Use => "use",
            Self::Transfer => "transfer",
            Self::Count => "count",
        }
    }
}

/// A movement of the ledger.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Movement {
    /// The operation it follows from; with location and part it is unique.
    pub(crate) operation: OperationId,
    /// Where.
    pub(crate) location: LocationId,
    /// What.
    pub(crate) part: PartId,
    /// How many; negative when they go away.
    pub(crate) quantity: i64,
    /// For which ticket.
    pub(crate) document: Option<DocumentId>,
    /// Why.
    pub(crate) kind: MovementKind,
    /// When it happened, as far as HQ can tell.
    pub(crate) moved_at: Timestamp,
    /// Of a count: so many were found.
    pub(crate) counted: Option<i64>,
    /// Of a correction: the count that had seen what is booked only now.
    pub(crate) seen_by: Option<OperationId>,
}

/// The last count of a part at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LastCount {
    /// Its operation.
    pub(crate) operation: OperationId,
    /// When somebody looked.
    pub(crate) at: Timestamp,
}

/// When somebody counted this part here last, if ever.
pub(crate) fn count_last(
    connection: &Connection,
    location: LocationId,
    part: PartId,
) -> Result<Option<LastCount>, StoreError> {
    let sql = "SELECT operation, moved_at FROM movement
        WHERE location = ?1 AND part = ?2 AND counted IS NOT NULL ORDER BY moved_at DESC LIMIT 1";
    let key = [location.to_string(), part.to_string()];
    let last = connection.prepare_cached(sql)?.query_row(key, |row| {
        Ok(LastCount {
            operation: parsed(row, 0)?,
            at: Timestamp::from_ms(row.get(1)?),
        })
    });
    Ok(last.optional()?)
}

/// How many of a part a count took from the ledger that no line explains which it had seen; below nothing where more was found
/// than the ledger said.
pub(crate) fn count_lacks(
    connection: &Connection,
    count: OperationId,
    location: LocationId,
    part: PartId,
) -> Result<i64, StoreError> {
    let sql = "SELECT -coalesce(sum(quantity), 0) FROM movement
        WHERE location = ?2 AND part = ?3 AND (operation = ?1 OR seen_by = ?1)";
    let key = [count.to_string(), location.to_string(), part.to_string()];
    Ok(connection.prepare_cached(sql)?.query_row(key, |row| row.get(0))?)
}

/// When this part moved here last, if ever.
pub(crate) fn moved_last(
    connection: &Connection,
    location: LocationId,
    part: PartId,
) -> Result<Option<Timestamp>, StoreError> {
    let sql = "SELECT max(moved_at) FROM movement WHERE location = ?1 AND part = ?2";
    let key = [location.to_string(), part.to_string()];
    let last: Option<i64> = connection.prepare_cached(sql)?.query_row(key, |row| row.get(0))?;
    Ok(last.map(Timestamp::from_ms))
}

/// How many came since a moment, less those that went; what was counted is not among them.
pub(crate) fn moved_since(
    connection: &Connection,
    location: LocationId,
    part: PartId,
    since: Timestamp,
) -> Result<i64, StoreError> {
    let sql = "SELECT coalesce(sum(quantity), 0) FROM movement
        WHERE location = ?1 AND part = ?2 AND moved_at >= ?3 AND counted IS NULL";
    let key = params![location.to_string(), part.to_string(), since.ms()];
    Ok(connection.prepare_cached(sql)?.query_row(key, |row| row.get(0))?)
}

/// Books a movement and its sum; false when it was booked before.
pub(crate) fn movement_add(
    connection: &Connection,
    movement: &Movement,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let Movement {
        operation,
        location,
        part,
        quantity,
        document,
        kind,
        moved_at,
        counted,
        seen_by,
    } = movement;
    let sql =
        "INSERT OR IGNORE INTO movement (operation, location, part, quantity, document, at, kind, moved_at,
            counted, seen_by)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    let booked = connection.prepare_cached(sql)?.execute(params![
        operation.to_string(),
        location.to_string(),
        part.to_string(),
        quantity,
        document.map(|document| document.to_string()),
        at.ms(),
        kind.word(),
        moved_at.ms(),
        counted,
        seen_by.map(|count| count.to_string()),
    ])?;
    if booked == 0 {
        return Ok(false);
    }
    let sql = "INSERT INTO stock (location, part, quantity) VALUES (?1, ?2, ?3)
        ON CONFLICT (location, part) DO UPDATE SET quantity = quantity + excluded.quantity";
    connection
        .prepare_cached(sql)?
        .execute(params![location.to_string(), part.to_string(), quantity])?;
    Ok(true)
}
