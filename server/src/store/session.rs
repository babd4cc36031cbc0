//! Sessions, script tokens, one-time links and tries to sign in. Secrets stand here as hashes only.

use fieldline_model::id::StaffId;
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;
use super::staff::{Staff, staff_get};
use crate::auth::Role;

/// A session as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Whose.
    pub staff: Staff,
    /// The token its forms carry.
    pub csrf: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ends unless used.
    pub expires_at: Timestamp,
}

/// Begins a session and forgets those that have ended.
///
/// # Errors
/// As the database says.
pub fn session_insert(
    connection: &Connection,
    hash: [u8; 32],
    staff: StaffId,
    csrf: &str,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    connection
        .prepare_cached("DELETE FROM session WHERE expires_at <= ?1")?
        .execute([now.ms()])?;
    let sql =
        "INSERT INTO session (token_hash, staff, csrf, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)";
    connection.prepare_cached(sql)?.execute(params![
        hash,
        staff.to_string(),
        csrf,
        now.ms(),
        expires_at.ms()
    ])?;
    Ok(())
}

/// The living session with this hash, of an account that is not disabled.
///
/// # Errors
/// As the database says.
pub fn session_get(
    connection: &Connection,
    hash: [u8; 32],
    now: Timestamp,
) -> Result<Option<SessionRow>, StoreError> {
    let sql =
        "SELECT staff, csrf, created_at, expires_at FROM session WHERE token_hash = ?1 AND expires_at > ?2";
    let found: Option<(String, String, i64, i64)> = connection
        .prepare_cached(sql)?
        .query_row(params![hash, now.ms()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .optional()?;
    let Some((staff, csrf, created, expires)) = found else {
        return Ok(None);
    };
    let Some(staff) = active(connection, &staff)? else {
        return Ok(None);
    };
    let (created_at, expires_at) = (Timestamp::from_ms(created), Timestamp::from_ms(expires));
    Ok(Some(SessionRow {
        staff,
        csrf,
        created_at,
        expires_at,
    }))
}

fn active(connection: &Connection, id: &str) -> Result<Option<Staff>, StoreError> {
    let id = id.parse().map_err(|_| StoreError::Corrupt("staff".into()))?;
    Ok(staff_get(connection, id)?.filter(|staff| staff.disabled_at.is_none()))
}

/// Lets a session live longer.
///
/// # Errors
/// As the database says.
pub fn session_extend(
    connection: &Connection,
    hash: [u8; 32],
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    let sql = "UPDATE session SET expires_at = ?2 WHERE token_hash = ?1";
    connection
        .prepare_cached(sql)?
        .execute(params![hash, expires_at.ms()])?;
    Ok(())
}

/// Ends a session; ending it twice changes nothing.
///
/// # Errors
/// As the database says.
pub fn session_delete(connection: &Connection, hash: [u8; 32]) -> Result<(), StoreError> {
    connection
        .prepare_cached("DELETE FROM session WHERE token_hash = ?1")?
        .execute([hash])?;
    Ok(())
}

/// A script's token as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiTokenRow {
    /// In whose name it acts.
    pub staff: Staff,
    /// What it may do at most.
    pub role: Role,
}

/// Keeps a script's token; `false` when the name is taken.
///
/// # Errors
/// As the database says.
pub fn api_token_insert(
    connection: &Connection,
    hash: [u8; 32],
    name: &str,
    staff: StaffId,
    role: Role,
    now: Timestamp,
    expires_at: Option<Timestamp>,
) -> Result<bool, StoreError> {
    let sql = "INSERT INTO api_token (token_hash, name, staff, role, created_at, expires_at, revoked_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL) ON CONFLICT DO NOTHING";
    let rows = connection.prepare_cached(sql)?.execute(params![
        hash,
        name,
        staff.to_string(),
        role.word(),
        now.ms(),
        expires_at.map(Timestamp::ms),
    ])?;
    Ok(rows == 1)
}

/// The living token with this hash, of an account that is not disabled.
///
/// # Errors
/// As the database says.
pub fn api_token_get(
    connection: &Connection,
    hash: [u8; 32],
    now: Timestamp,
) -> Result<Option<ApiTokenRow>, StoreError> {
    let sql = "SELECT staff, role FROM api_token WHERE token_hash = ?1 AND revoked_at IS NULL
               AND (expires_at IS NULL OR expires_at > ?2)";
    let found: Option<(String, String)> = connection
        .prepare_cached(sql)?
        .query_row(params![hash, now.ms()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((staff, role)) = found else {
        return Ok(None);
    };
    let role = Role::from_word(&role).ok_or_else(|| StoreError::Corrupt("api_token".into()))?;
    Ok(active(connection, &staff)?.map(|staff| ApiTokenRow { staff, role }))
}

/// A script's token as people may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiTokenView {
    /// What it is for.
    pub name: String,
    /// Sign-in name of the person in whose name it acts.
    pub user: String,
    /// What it may do at most.
    pub role: Role,
    /// Made.
    pub created_at: Timestamp,
    /// Ends by itself.
    pub expires_at: Option<Timestamp>,
    /// Ended by somebody.
    pub revoked_at: Option<Timestamp>,
}

impl ApiTokenView {
    /// Neither revoked nor past its end.
    #[must_use]
    pub fn is_living(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| end > now)
    }
}

/// All tokens of scripts by name; there are never many.
///
/// # Errors
/// As the database says.
pub fn api_token_list(connection: &Connection) -> Result<Vec<ApiTokenView>, StoreError> {
    let sql = "SELECT t.name, s.name, t.role, t.created_at, t.expires_at, t.revoked_at
        FROM api_token t JOIN staff s ON s.id = t.staff ORDER BY t.name";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let role: String = row.get(2)?;
        let moment = |at: Option<i64>| at.map(Timestamp::from_ms);
        all.push(ApiTokenView {
            name: row.get(0)?,
            user: row.get(1)?,
            role: Role::from_word(&role).ok_or_else(|| StoreError::Corrupt("api_token".into()))?,
            created_at: Timestamp::from_ms(row.get(3)?),
            expires_at: moment(row.get(4)?),
            revoked_at: moment(row.get(5)?),
        });
    }
    Ok(all)
}

/// Ends a script's token by its name.
///
/// # Errors
/// As the database says.
pub fn api_token_revoke(connection: &Connection, name: &str, now: Timestamp) -> Result<bool, StoreError> {
    let sql = "UPDATE api_token SET revoked_at = ?2 WHERE name = ?1 AND revoked_at IS NULL";
    Ok(connection.prepare_cached(sql)?.execute(params![name, now.ms()])? == 1)
}

/// Keeps a one-time link.
///
/// # Errors
/// As the database says.
pub fn signin_link_insert(
    connection: &Connection,
    hash: [u8; 32],
    staff: StaffId,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO signin_link (token_hash, staff, expires_at, used_at) VALUES (?1, ?2, ?3, NULL)";
    connection
        .prepare_cached(sql)?
        .execute(params![hash, staff.to_string(), expires_at.ms()])?;
    Ok(())
}

/// Whom an unused link would sign in.
///
/// # Errors
/// As the database says.
pub fn signin_link_get(
    connection: &Connection,
    hash: [u8; 32],
    now: Timestamp,
) -> Result<Option<Staff>, StoreError> {
    let sql = "SELECT staff FROM signin_link WHERE token_hash = ?1 AND used_at IS NULL AND expires_at > ?2";
    let found: Option<String> = connection
        .prepare_cached(sql)?
        .query_row(params![hash, now.ms()], |row| row.get(0))
        .optional()?;
    found.map_or(Ok(None), |staff| active(connection, &staff))
}

/// Uses a link up, once; `None` when that cannot be, for whatever reason.
///
/// # Errors
/// As the database says.
pub fn signin_link_use(
    connection: &Connection,
    hash: [u8; 32],
    now: Timestamp,
) -> Result<Option<Staff>, StoreError> {
    let Some(staff) = signin_link_get(connection, hash, now)? else {
        return Ok(None);
    };
    let sql = "UPDATE signin_link SET used_at = ?2 WHERE token_hash = ?1";
    connection.prepare_cached(sql)?.execute(params![hash, now.ms()])?;
    Ok(Some(staff))
}

/// Tries under one key since the first of them.
///
/// # Errors
/// As the database says.
pub fn signin_try_get(
    connection: &Connection,
    key: [u8; 32],
) -> Result<Option<(u32, Timestamp)>, StoreError> {
    let sql = "SELECT tries, first_at FROM signin_try WHERE key = ?1";
    let found: Option<(u32, i64)> = connection
        .prepare_cached(sql)?
        .query_row([key], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found.map(|(tries, first)| (tries, Timestamp::from_ms(first))))
}

/// Counts one more try and forgets windows that began before `forget_before`.
///
/// # Errors
/// As the database says.
pub fn signin_try_add(
    connection: &Connection,
    key: [u8; 32],
    now: Timestamp,
    forget_before: Timestamp,
) -> Result<(), StoreError> {
    connection
        .prepare_cached("DELETE FROM signin_try WHERE first_at <= ?1")?
        .execute([forget_before.ms()])?;
    let sql = "INSERT INTO signin_try (key, tries, first_at) VALUES (?1, 1, ?2)
               ON CONFLICT (key) DO UPDATE SET tries = tries + 1";
    connection.prepare_cached(sql)?.execute(params![key, now.ms()])?;
    Ok(())
}

/// Takes tries back: all of them, or the one that succeeded.
///
/// # Errors
/// As the database says.
pub fn signin_try_forgive(connection: &Connection, key: [u8; 32], all: bool) -> Result<(), StoreError> {
    let sql = "UPDATE signin_try SET tries = CASE WHEN ?2 THEN 0 ELSE max(tries - 1, 0) END WHERE key = ?1";
    connection.prepare_cached(sql)?.execute(params![key, all])?;
    Ok(())
}
