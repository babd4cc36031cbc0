//! Tracking links: which token shows which ticket, and until when.

use fieldline_model::id::TicketId;
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;
use super::value::parsed;

/// Keeps a link.
///
/// # Errors
/// As the database says.
pub fn tracking_insert(
    connection: &Connection,
    token: &str,
    ticket: TicketId,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO tracking (token, ticket, created_at, expires_at, revoked_at) VALUES (?1, ?2, ?3, ?4, NULL)
        ON CONFLICT (token) DO NOTHING";
    connection
        .prepare_cached(sql)?
        .execute(params![token, ticket.to_string(), now.ms(), expires_at.ms()])?;
    Ok(())
}

/// The ticket a living link shows.
///
/// # Errors
/// As the database says; revoked, expired and unknown are all `None`.
pub fn tracking_get(
    connection: &Connection,
    token: &str,
    now: Timestamp,
) -> Result<Option<TicketId>, StoreError> {
    let sql = "SELECT ticket FROM tracking WHERE token = ?1 AND revoked_at IS NULL AND expires_at > ?2";
    Ok(connection
        .prepare_cached(sql)?
        .query_row(params![token, now.ms()], |row| parsed(row, 0))
        .optional()?)
}

/// The newest living link of a ticket.
///
/// # Errors
/// As the database says.
pub fn tracking_of(
    connection: &Connection,
    ticket: TicketId,
    now: Timestamp,
) -> Result<Option<String>, StoreError> {
    let sql = "SELECT token FROM tracking WHERE ticket = ?1 AND revoked_at IS NULL AND expires_at > ?2
        ORDER BY created_at DESC, token LIMIT 1";
    let found = connection
        .prepare_cached(sql)?
        .query_row(params![ticket.to_string(), now.ms()], |row| row.get(0));
    Ok(found.optional()?)
}

/// How many links a ticket has had, living or not.
///
/// # Errors
/// As the database says.
pub fn tracking_count(connection: &Connection, ticket: TicketId) -> Result<i64, StoreError> {
    let sql = "SELECT count(*) FROM tracking WHERE ticket = ?1";
    Ok(connection
        .prepare_cached(sql)?
        .query_row(params![ticket.to_string()], |row| row.get(0))?)
}

/// Ends every living link of a ticket and says how many.
///
/// # Errors
/// As the database says.
pub fn tracking_revoke(
    connection: &Connection,
    ticket: TicketId,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let sql =
        "UPDATE tracking SET revoked_at = ?2 WHERE ticket = ?1 AND revoked_at IS NULL AND expires_at > ?2";
    Ok(connection
        .prepare_cached(sql)?
        .execute(params![ticket.to_string(), now.ms()])?)
}
