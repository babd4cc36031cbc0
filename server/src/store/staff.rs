//! People at HQ: their accounts.

use fieldline_model::id::StaffId;
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::StoreError;
use crate::auth::Role;

/// An account as tables know it, without its password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// Id.
    pub id: StaffId,
    /// Name to sign in with.
    pub name: String,
    /// Name on screens.
    pub display_name: String,
    /// Post.
    pub role: Role,
    /// `zh` or `en`.
    pub lang: String,
    /// Since when nobody may sign in with it.
    pub disabled_at: Option<Timestamp>,
}

fn staff_of(row: &Row<'_>) -> rusqlite::Result<Result<Staff, StoreError>> {
    let id: String = row.get("id")?;
    let role: String = row.get("role")?;
    let (Ok(id), Some(role)) = (id.parse(), Role::from_word(&role)) else {
        return Ok(Err(StoreError::Corrupt("staff".into())));
    };
    Ok(Ok(Staff {
        id,
        name: row.get("name")?,
        display_name: row.get("display_name")?,
        role,
        lang: row.get("lang")?,
        disabled_at: row.get::<_, Option<i64>>("disabled_at")?.map(Timestamp::from_ms),
    }))
}

/// Makes an account; `false` when the name or the id is taken.
///
/// # Errors
/// As the database says.
pub fn staff_insert(
    connection: &Connection,
    staff: &Staff,
    password_hash: Option<&str>,
) -> Result<bool, StoreError> {
    let sql = "INSERT INTO staff (id, name, display_name, role, password_hash, lang, disabled_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING";
    let rows = connection.prepare_cached(sql)?.execute(params![
        staff.id.to_string(),
        staff.name,
        staff.display_name,
        staff.role.word(),
        password_hash,
        staff.lang,
        staff.disabled_at.map(Timestamp::ms),
    ])?;
    Ok(rows == 1)
}

/// The account with this id.
///
/// # Errors
/// As the database says.
pub fn staff_get(connection: &Connection, id: StaffId) -> Result<Option<Staff>, StoreError> {
    let sql = "SELECT id, name, display_name, role, lang, disabled_at FROM staff WHERE id = ?1";
    connection
        .prepare_cached(sql)?
        .query_row([id.to_string()], staff_of)
        .optional()?
        .transpose()
}

/// The account with this sign-in name.
///
/// # Errors
/// As the database says.
pub fn staff_by_name(connection: &Connection, name: &str) -> Result<Option<Staff>, StoreError> {
    let sql = "SELECT id, name, display_name, role, lang, disabled_at FROM staff WHERE name = ?1";
    connection
        .prepare_cached(sql)?
        .query_row([name], staff_of)
        .optional()?
        .transpose()
}

/// Every account by name; a company has at most a few hundred.
///
/// # Errors
/// As the database says.
pub fn staff_list(connection: &Connection) -> Result<Vec<Staff>, StoreError> {
    let sql = "SELECT id, name, display_name, role, lang, disabled_at FROM staff ORDER BY name";
    let mut statement = connection.prepare_cached(sql)?;
    statement.query_map([], staff_of)?.map(|row| row?).collect()
}

/// The stored password hash of an account that may sign in.
///
/// # Errors
/// As the database says.
pub fn staff_password(connection: &Connection, name: &str) -> Result<Option<(StaffId, String)>, StoreError> {
    let sql = "SELECT id, password_hash FROM staff
               WHERE name = ?1 AND disabled_at IS NULL AND password_hash IS NOT NULL";
    let found: Option<(String, String)> = connection
        .prepare_cached(sql)?
        .query_row([name], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((id, hash)) = found else { return Ok(None) };
    let id = id.parse().map_err(|_| StoreError::Corrupt("staff".into()))?;
    Ok(Some((id, hash)))
}

/// Sets a password and ends every session of the account: whoever knew the old one is out.
///
/// # Errors
/// As the database says.
pub fn staff_set_password(
    connection: &Connection,
    id: StaffId,
    password_hash: &str,
) -> Result<bool, StoreError> {
    let id = id.to_string();
    let sql = "UPDATE staff SET password_hash = ?2 WHERE id = ?1";
    let rows = connection
        .prepare_cached(sql)?
        .execute([id.as_str(), password_hash])?;
    connection
        .prepare_cached("DELETE FROM session WHERE staff = ?1")?
        .execute([&id])?;
    Ok(rows == 1)
}

/// Whether this is the only open account of an administrator.
///
/// # Errors
/// As the database says.
pub fn staff_is_last_admin(connection: &Connection, id: StaffId) -> Result<bool, StoreError> {
    let sql = "SELECT count(*) = 1 AND max(id) = ?1 FROM staff WHERE role = 'admin' AND disabled_at IS NULL";
    let last = connection
        .prepare_cached(sql)?
        .query_row([id.to_string()], |row| row.get::<_, Option<bool>>(0))?;
    Ok(last.unwrap_or(false))
}

/// Closes an account: no sign-in, no session, no token works from now on.
///
/// # Errors
/// As the database says.
pub fn staff_disable(connection: &Connection, id: StaffId, now: Timestamp) -> Result<bool, StoreError> {
    let id = id.to_string();
    let sql = "UPDATE staff SET disabled_at = ?2 WHERE id = ?1 AND disabled_at IS NULL";
    let rows = connection.prepare_cached(sql)?.execute(params![id, now.ms()])?;
    connection
        .prepare_cached("DELETE FROM session WHERE staff = ?1")?
        .execute([&id])?;
    Ok(rows == 1)
}
