//! Reading what became of operations, and the changes that were not taken.

use fieldline_model::id::{DeviceId, OperationId};
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;
use super::ticket::moment;
use super::value::{parsed, parsed_maybe};

/// What became of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FateRow {
    /// The operation.
    pub operation: OperationId,
    /// Its document.
    pub document: String,
    /// `merged`, `overruled` or `refused`.
    pub fate: String,
    /// Why.
    pub code: Option<String>,
    /// The phone it came from; none = the server itself.
    pub device: Option<DeviceId>,
    /// When it was decided.
    pub at: Timestamp,
    /// How it counts at present: `merged`, or `overruled` by what came later, and why. None of what was refused.
    pub outcome: Option<(String, Option<String>)>,
}

/// The fate of an operation.
///
/// # Errors
/// As the database says.
pub fn fate_get(connection: &Connection, operation: OperationId) -> Result<Option<FateRow>, StoreError> {
    let sql = "SELECT f.operation, f.document, f.fate, f.code, f.device, f.at, e.outcome, e.code
        FROM fate f LEFT JOIN event e ON e.operation = f.operation WHERE f.operation = ?1";
    let fate = connection
        .prepare_cached(sql)?
        .query_row([operation.to_string()], |row| {
            Ok(FateRow {
                operation: parsed(row, 0)?,
                document: row.get(1)?,
                fate: row.get(2)?,
                code: row.get(3)?,
                device: parsed_maybe(row, 4)?,
                at: moment(row, 5)?,
                outcome: match row.get(6)? {
                    Some(outcome) => Some((outcome, row.get(7)?)),
                    None => None,
                },
            })
        });
    Ok(fate.optional()?)
}

/// The number of the ticket that is this document; none of an article, or of a ticket HQ does not have.
///
/// # Errors
/// As the database says.
pub fn document_number(connection: &Connection, document: &str) -> Result<Option<String>, StoreError> {
    let Some(ticket) = document.strip_prefix("ticket-") else {
        return Ok(None);
    };
    let mut statement = connection.prepare_cached("SELECT number FROM ticket WHERE id = ?1")?;
    Ok(statement.query_row([ticket], |row| row.get(0)).optional()?)
}

/// A change that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRow {
    /// Its hash in hexadecimal.
    pub hash: String,
    /// Its document.
    pub document: String,
    /// Its operation, when it could be read.
    pub operation: Option<OperationId>,
    /// Why.
    pub code: String,
    /// The phone it came from.
    pub device: DeviceId,
    /// The author's own words, when they could be read.
    pub entry: Option<String>,
    /// When it came.
    pub at: Timestamp,
}

/// Refused changes by hash, those after `after`, with one document's only when it is given: every refused operation
/// once, by the change that got the fate, and changes whose operation cannot be read. What is held, was taken over or
/// comes again in another change is not refused.
///
/// # Errors
/// As the database says.
pub fn refused_list(
    connection: &Connection,
    document: Option<&str>,
    after: &str,
    limit: u32,
) -> Result<Vec<RefusedRow>, StoreError> {
    let sql =
        "SELECT lower(hex(r.hash)), r.document, r.operation, coalesce(f.code, r.code), r.device, r.entry, r.at
        FROM refused r LEFT JOIN fate f ON f.operation = r.operation
        WHERE r.hash > unhex(?1) AND (?2 IS NULL OR r.document = ?2)
          AND (r.operation IS NULL OR (f.fate = 'refused' AND f.hash = r.hash))
        ORDER BY r.hash LIMIT ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![after, document, limit], |row| {
        Ok(RefusedRow {
            hash: row.get(0)?,
            document: row.get(1)?,
            operation: parsed_maybe(row, 2)?,
            code: row.get(3)?,
            device: parsed(row, 4)?,
            entry: row.get(5)?,
            at: moment(row, 6)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
