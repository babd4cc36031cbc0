//! What a ticket's page reads, at HQ and at the customer's: every entry with both times, open review items, fates.

use fieldline_model::fold::{Events, TicketState, fold};
use fieldline_model::id::{DocumentId, EngineerId, OperationId, StaffId, TicketId};
use fieldline_model::operation::{Path, Position};
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;
use super::value::{from_sql, parsed};

/// One entry of a document as it was received.
#[derive(Debug, Clone)]
pub(crate) struct EventItem {
    pub(crate) operation: OperationId,
    /// The key of its path.
    pub(crate) path: String,
    /// The entry's JSON.
    pub(crate) entry: String,
    /// True time.
    pub(crate) at: Timestamp,
    pub(crate) clamped: bool,
    pub(crate) received: Timestamp,
    /// Why it was overruled.
    pub(crate) overruled: Option<String>,
    pub(crate) seq: u64,
}

/// Every entry of a document, in the order of the log.
pub(crate) fn event_list(
    connection: &Connection,
    document: DocumentId,
) -> Result<Vec<EventItem>, StoreError> {
    let sql = "SELECT operation, path, entry, at, clamped, received_at,
            CASE outcome WHEN 'overruled' THEN coalesce(code, '') END, seq
        FROM event WHERE document = ?1 ORDER BY seq";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([document.to_string()], |row| {
        Ok(EventItem {
            operation: parsed(row, 0)?,
            path: row.get(1)?,
            entry: row.get(2)?,
            at: Timestamp::from_ms(row.get(3)?),
            clamped: row.get(4)?,
            received: Timestamp::from_ms(row.get(5)?),
            overruled: row.get(6)?,
            seq: from_sql(row.get(7)?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Why an operation does not count at present; nothing where it does.
pub(crate) fn event_overruled(
    connection: &Connection,
    operation: OperationId,
) -> Result<Option<String>, StoreError> {
    let sql = "SELECT coalesce(code, '') FROM event WHERE operation = ?1 AND outcome = 'overruled'";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement
        .query_row([operation.to_string()], |row| row.get(0))
        .optional()?)
}

/// The ticket that these entries make, folded anew.
pub(crate) fn folded(items: &[EventItem]) -> TicketState {
    let mut events = Events::default();
    for item in items.iter().filter(|item| item.path == Path::Events.key()) {
        events.insert(item.operation, [item.entry.as_str()]);
    }
    fold(&events)
}

/// A review item that nobody has settled.
#[derive(Debug, Clone)]
pub(crate) struct OpenReview {
    pub(crate) operation: OperationId,
    /// The word of `model::fold::Review`.
    pub(crate) what: String,
}

/// The review items of a ticket that wait.
pub(crate) fn review_open(connection: &Connection, ticket: TicketId) -> Result<Vec<OpenReview>, StoreError> {
    let sql =
        "SELECT operation, what FROM review WHERE ticket = ?1 AND done_at IS NULL ORDER BY at, operation";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([ticket.to_string()], |row| {
        Ok(OpenReview {
            operation: parsed(row, 0)?,
            what: row.get(1)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Settles a review item; false when it was settled before or never was.
pub(crate) fn review_settle(
    connection: &Connection,
    ticket: TicketId,
    operation: OperationId,
    by: StaffId,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let sql = "UPDATE review SET done_at = ?3, done_by = ?4 WHERE operation = ?1 AND ticket = ?2 AND done_at IS NULL";
    let settled = connection.prepare_cached(sql)?.execute(params![
        operation.to_string(),
        ticket.to_string(),
        at.ms(),
        by.to_string()
    ])?;
    let sql =
        "UPDATE ticket SET reviews = (SELECT count(*) FROM review WHERE ticket = ?1 AND done_at IS NULL)
        WHERE id = ?1";
    connection.prepare_cached(sql)?.execute([ticket.to_string()])?;
    Ok(settled > 0)
}

/// How many operations on a document count at present, how many do not, how many were refused, how many are held and have
/// no fate; and how many were merged first and do not count any more.
pub(crate) fn fate_counts(connection: &Connection, document: DocumentId) -> Result<[u32; 5], StoreError> {
    let sql = "SELECT count(*) FILTER (WHERE coalesce(e.outcome, fate) = 'merged'),
            count(*) FILTER (WHERE coalesce(e.outcome, fate) = 'overruled'),
            count(*) FILTER (WHERE fate = 'refused'),
            (SELECT count(DISTINCT r.operation) FROM refused r WHERE r.document = ?1 AND r.code IN ('device_revoked', 'left_behind')
                AND NOT EXISTS (SELECT 1 FROM fate h WHERE h.operation = r.operation)),
            count(*) FILTER (WHERE fate = 'merged' AND e.outcome = 'overruled')
        FROM fate LEFT JOIN event e ON e.operation = fate.operation
        WHERE fate.operation IN (SELECT operation FROM event WHERE document = ?1)
            OR fate.operation IN (SELECT operation FROM refused WHERE document = ?1)";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row([document.to_string()], |row| {
        Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?])
    })?)
}

/// The name of a person at HQ, as shown.
pub(crate) fn staff_display_name(connection: &Connection, id: StaffId) -> Result<Option<String>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT display_name FROM staff WHERE id = ?1")?;
    Ok(statement
        .query_row([id.to_string()], |row| row.get(0))
        .optional()?)
}

/// Where an engineer was last, and when.
pub(crate) fn position_read(
    connection: &Connection,
    engineer: EngineerId,
) -> Result<Option<(Position, Timestamp)>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT lat, lon, at FROM position WHERE engineer = ?1")?;
    let found = statement.query_row([engineer.to_string()], |row| {
        Ok((
            Position {
                lat: row.get(0)?,
                lon: row.get(1)?,
            },
            Timestamp::from_ms(row.get(2)?),
        ))
    });
    Ok(found.optional()?)
}

/// The newest living link of a ticket: token, and until when.
pub(crate) fn link_current(
    connection: &Connection,
    ticket: TicketId,
    now: Timestamp,
) -> Result<Option<(String, Timestamp)>, StoreError> {
    let sql =
        "SELECT token, expires_at FROM tracking WHERE ticket = ?1 AND revoked_at IS NULL AND expires_at > ?2
        ORDER BY created_at DESC, token LIMIT 1";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_row(params![ticket.to_string(), now.ms()], |row| {
        Ok((row.get(0)?, Timestamp::from_ms(row.get(1)?)))
    });
    Ok(found.optional()?)
}

/// Until when a living link works, and which ticket it was made for.
pub(crate) fn link_find(
    connection: &Connection,
    token: &str,
    now: Timestamp,
) -> Result<Option<(TicketId, Timestamp)>, StoreError> {
    let sql =
        "SELECT ticket, expires_at FROM tracking WHERE token = ?1 AND revoked_at IS NULL AND expires_at > ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_row(params![token, now.ms()], |row| {
        Ok((parsed(row, 0)?, Timestamp::from_ms(row.get(1)?)))
    });
    Ok(found.optional()?)
}
