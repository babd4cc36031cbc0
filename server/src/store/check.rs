//! What `check` reads: the record as one text, and stock whose sum is not its ledger's.

use fieldline_model::id::{DocumentId, LocationId, PartId, TicketId};
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;
use super::value::{from_sql, parsed};

/// How much there is: log entries, stock figures.
pub(crate) fn counts(connection: &Connection) -> Result<(u64, u64), StoreError> {
    let sql = "SELECT (SELECT count(*) FROM log), (SELECT count(*) FROM stock)";
    Ok(connection.query_row(sql, [], |row| Ok((from_sql(row.get(0)?), from_sql(row.get(1)?))))?)
}

/// Every ticket's document.
pub(crate) fn ticket_documents(connection: &Connection) -> Result<Vec<DocumentId>, StoreError> {
    let mut statement = connection.prepare("SELECT id FROM document WHERE kind = 'ticket' ORDER BY id")?;
    let rows = statement.query_map([], |row| parsed(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A ticket's row, its visits', how its events count and what is to be reviewed, as one text without the moment of the
/// last write. Of events only what the fold says of them.
pub(crate) fn record_text(connection: &Connection, ticket: TicketId) -> Result<Option<String>, StoreError> {
    let sql = "SELECT json_array(number, status, label, channel, customer, contact, site, asset, category, fault,
            fault_text, priority, vip, deadline, wished_start, wished_end, engineer, plan_start, merged_into, reviews,
            created_at, closed_at, fold_version,
            (SELECT json_group_array(json_array(id, engineer, offered_to, phase, phase_reason, withdrawn, plan_start,
                plan_end, eta, accepted_at, departed_at, arrived_at, started_at, done_at, result, cause, remedy, report))
                FROM (SELECT id, engineer, offered_to, phase, phase_reason, withdrawn, plan_start, plan_end, eta, accepted_at,
                    departed_at, arrived_at, started_at, done_at, result, cause, remedy, report
                    FROM visit WHERE ticket = ?1 ORDER BY id)),
            (SELECT json_group_array(json_array(operation, outcome, code))
                FROM (SELECT operation, outcome, code FROM event WHERE document = ?2 ORDER BY operation)),
            (SELECT json_group_array(json_array(operation, what))
                FROM (SELECT operation, what FROM review WHERE ticket = ?1 ORDER BY operation)))
        FROM ticket WHERE id = ?1";
    let document = DocumentId::from(ticket).to_string();
    let read = connection
        .prepare_cached(sql)?
        .query_row([ticket.to_string(), document], |row| row.get(0))
        .optional()?;
    Ok(read)
}

/// When a ticket's row was last written.
pub(crate) fn written_at(connection: &Connection, ticket: TicketId) -> Result<Option<Timestamp>, StoreError> {
    let read = connection
        .prepare_cached("SELECT updated_at FROM ticket WHERE id = ?1")?
        .query_row([ticket.to_string()], |row| Ok(Timestamp::from_ms(row.get(0)?)))
        .optional()?;
    Ok(read)
}

/// Stock that differs from its ledger, with what the ledger says.
pub(crate) fn stock_differing(connection: &Connection) -> Result<Vec<(LocationId, PartId, i64)>, StoreError> {
    let sql = "SELECT location, part, sum(ledger) FROM (
            SELECT location, part, quantity AS kept, 0 AS ledger FROM stock
            UNION ALL SELECT location, part, 0, quantity FROM movement)
        GROUP BY location, part HAVING sum(kept) <> sum(ledger)";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok((parsed(row, 0)?, parsed(row, 1)?, row.get(2)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Sets a stock figure to what its ledger says.
pub(crate) fn stock_rewrite(
    connection: &Connection,
    location: LocationId,
    part: PartId,
    quantity: i64,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO stock (location, part, quantity) VALUES (?1, ?2, ?3)
        ON CONFLICT (location, part) DO UPDATE SET quantity = excluded.quantity";
    connection
        .prepare_cached(sql)?
        .execute(params![location.to_string(), part.to_string(), quantity])?;
    Ok(())
}
