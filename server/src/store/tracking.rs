//! Tracking links: which token shows which ticket, until when, and who made and ended it.

use fieldline_model::id::TicketId;
use fieldline_model::operation::Author;
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
    by: Author,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO tracking (token, ticket, created_at, expires_at, revoked_at, made_by)
        VALUES (?1, ?2, ?3, ?4, NULL, ?5) ON CONFLICT (token) DO NOTHING";
    connection.prepare_cached(sql)?.execute(params![
        token,
        ticket.to_string(),
        now.ms(),
        expires_at.ms(),
        by.to_string()
    ])?;
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
    by: Author,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let sql = "UPDATE tracking SET revoked_at = ?2, ended_by = ?3
        WHERE ticket = ?1 AND revoked_at IS NULL AND expires_at > ?2";
    Ok(connection
        .prepare_cached(sql)?
        .execute(params![ticket.to_string(), now.ms(), by.to_string()])?)
}

/// A link as it was made and ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TrackingRow {
    pub(crate) token: String,
    pub(crate) made_at: Timestamp,
    /// Nobody where it was made before this was kept.
    pub(crate) made_by: Option<Author>,
    /// When HQ ended it; what ends by itself has none.
    pub(crate) ended_at: Option<Timestamp>,
    pub(crate) ended_by: Option<Author>,
}

/// The newest links of a ticket, living or not, at most so many.
pub(crate) fn tracking_list(
    connection: &Connection,
    ticket: TicketId,
    limit: u32,
) -> Result<Vec<TrackingRow>, StoreError> {
    let sql = "SELECT token, created_at, made_by, revoked_at, ended_by FROM tracking WHERE ticket = ?1
        ORDER BY created_at DESC, token LIMIT ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![ticket.to_string(), limit], |row| {
        let author = |column| {
            let text: Option<String> = row.get(column)?;
            // A later program may know other authors.
            Ok::<_, rusqlite::Error>(text.and_then(|text| text.parse().ok()))
        };
        Ok(TrackingRow {
            token: row.get(0)?,
            made_at: Timestamp::from_ms(row.get(1)?),
            made_by: author(2)?,
            ended_at: row.get::<_, Option<i64>>(3)?.map(Timestamp::from_ms),
            ended_by: author(4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
