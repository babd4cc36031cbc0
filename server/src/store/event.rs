//! Reading the central record: what happened to a document, what waits for a supervisor, which parts were used.

use fieldline_model::id::{LocationId, OperationId, PartId, TicketId};
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, params};

use super::StoreError;
use super::ticket::{moment, moment_maybe};
use super::value::{from_sql, parsed, to_sql};

/// An entry of a ticket's or an article's document, as the record keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct EventView {
    /// Its operation.
    pub operation: OperationId,
    /// Container it stands in.
    pub path: String,
    /// Word of the act.
    pub act: String,
    /// Who, as `engineer:<id>`, `staff:<id>`, `customer` or `server`.
    pub author: String,
    /// The entry's JSON.
    pub entry: String,
    /// Device time in bounds.
    pub at: Timestamp,
    /// It was moved into them.
    pub clamped: bool,
    /// When the server got it.
    pub received_at: Timestamp,
    /// `merged` or `overruled`, as things stand.
    pub outcome: String,
    /// Why.
    pub code: Option<String>,
    /// What was decided when it came.
    pub fate: String,
    /// Place in the log.
    pub seq: u64,
}

/// Entries of a document in the order they came, those after `after`.
///
/// # Errors
/// As the database says.
pub fn event_list(
    connection: &Connection,
    document: &str,
    after: u64,
    limit: u32,
) -> Result<Vec<EventView>, StoreError> {
    let sql = "SELECT e.operation, e.path, e.act, e.author, e.entry, e.at, e.clamped, e.received_at, e.outcome, e.code,
            e.seq, f.fate
        FROM event e LEFT JOIN fate f ON f.operation = e.operation
        WHERE e.document = ?1 AND e.seq > ?2 ORDER BY e.seq LIMIT ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![document, to_sql(after), limit], |row| {
        Ok(EventView {
            operation: parsed(row, 0)?,
            path: row.get(1)?,
            act: row.get(2)?,
            author: row.get(3)?,
            entry: row.get(4)?,
            at: moment(row, 5)?,
            clamped: row.get(6)?,
            received_at: moment(row, 7)?,
            outcome: row.get(8)?,
            code: row.get(9)?,
            seq: from_sql(row.get(10)?),
            fate: row.get(11)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A review item as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewRow {
    /// Through which operation.
    pub operation: OperationId,
    /// Word of a `Review`.
    pub what: String,
    /// Since when.
    pub at: Timestamp,
    /// Settled.
    pub done_at: Option<Timestamp>,
}

/// The review items of a ticket, oldest first.
///
/// # Errors
/// As the database says.
pub fn review_list(connection: &Connection, ticket: TicketId) -> Result<Vec<ReviewRow>, StoreError> {
    let sql = "SELECT operation, what, at, done_at FROM review WHERE ticket = ?1 ORDER BY operation";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([ticket.to_string()], |row| {
        Ok(ReviewRow {
            operation: parsed(row, 0)?,
            what: row.get(1)?,
            at: moment(row, 2)?,
            done_at: moment_maybe(row, 3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Parts taken for a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UseRow {
    /// By which operation.
    pub operation: OperationId,
    /// What.
    pub part: PartId,
    /// From where.
    pub location: LocationId,
    /// How many went away.
    pub quantity: i64,
    /// When.
    pub at: Timestamp,
}

/// The parts taken for a document, oldest first.
///
/// # Errors
/// As the database says.
pub fn use_list(connection: &Connection, document: &str) -> Result<Vec<UseRow>, StoreError> {
    let sql = "SELECT operation, part, location, -quantity, at FROM movement WHERE document = ?1 AND seen_by IS NULL
        ORDER BY operation, part";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([document], |row| {
        Ok(UseRow {
            operation: parsed(row, 0)?,
            part: parsed(row, 1)?,
            location: parsed(row, 2)?,
            quantity: row.get(3)?,
            at: moment(row, 4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
