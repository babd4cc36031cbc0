//! Requests that may be repeated, and the answers they got.

use fieldline_model::id::StaffId;
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;

/// What a request with a key finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// It is to run, with the moment of its first try.
    Run {
        /// That moment.
        at: Timestamp,
    },
    /// It ran; this was the answer.
    Answered {
        /// Status.
        status: u16,
        /// JSON.
        body: Vec<u8>,
    },
    /// The key belongs to another request.
    Other,
}

/// Takes a key for a request, forgetting keys from before `forget_before`.
///
/// # Errors
/// As the database says.
pub fn once_begin(
    connection: &Connection,
    staff: StaffId,
    key: &str,
    hash: [u8; 32],
    now: Timestamp,
    forget_before: Timestamp,
) -> Result<Begun, StoreError> {
    connection
        .prepare_cached("DELETE FROM idempotency WHERE at <= ?1")?
        .execute([forget_before.ms()])?;
    let staff = staff.to_string();
    let sql = "SELECT request_hash, status, body, at FROM idempotency WHERE staff = ?1 AND key = ?2";
    let found: Option<(Vec<u8>, u16, Vec<u8>, i64)> = connection
        .prepare_cached(sql)?
        .query_row([staff.as_str(), key], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .optional()?;
    let Some((kept, status, body, at)) = found else {
        let sql = "INSERT INTO idempotency (staff, key, request_hash, status, body, at) VALUES (?1, ?2, ?3, 0, x'', ?4)";
        connection
            .prepare_cached(sql)?
            .execute(params![staff, key, hash, now.ms()])?;
        return Ok(Begun::Run { at: now });
    };
    Ok(match (kept == hash, status) {
        (false, _) => Begun::Other,
        (true, 0) => Begun::Run {
            at: Timestamp::from_ms(at),
        },
        (true, status) => Begun::Answered { status, body },
    })
}

/// Keeps the answer.
///
/// # Errors
/// As the database says.
pub fn once_finish(
    connection: &Connection,
    staff: StaffId,
    key: &str,
    status: u16,
    body: &[u8],
) -> Result<(), StoreError> {
    let sql = "UPDATE idempotency SET status = ?3, body = ?4 WHERE staff = ?1 AND key = ?2";
    connection
        .prepare_cached(sql)?
        .execute(params![staff.to_string(), key, status, body])?;
    Ok(())
}

/// Frees a key whose request did nothing.
///
/// # Errors
/// As the database says.
pub fn once_release(connection: &Connection, staff: StaffId, key: &str) -> Result<(), StoreError> {
    let sql = "DELETE FROM idempotency WHERE staff = ?1 AND key = ?2 AND status = 0";
    connection
        .prepare_cached(sql)?
        .execute([staff.to_string().as_str(), key])?;
    Ok(())
}
