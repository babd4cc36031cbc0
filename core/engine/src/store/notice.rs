//! Table `notice`: what the phone itself has to say, one line per code.

use fieldline_model::time::Timestamp;
use rusqlite::{Connection, params};

use crate::error::EngineError;

/// Says it, with the time of the last occasion.
pub(crate) fn notice_put(conn: &Connection, code: &str, at: Timestamp) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO notice (code, at) VALUES (?1, ?2) ON CONFLICT (code) DO UPDATE SET at = excluded.at",
        params![code, at.ms()],
    )?;
    Ok(())
}

/// Says it, with the time of the first occasion.
pub(crate) fn notice_keep(conn: &Connection, code: &str, at: Timestamp) -> Result<(), EngineError> {
    conn.prepare_cached("INSERT INTO notice (code, at) VALUES (?1, ?2) ON CONFLICT (code) DO NOTHING")?
        .execute(params![code, at.ms()])?;
    Ok(())
}

/// It holds no longer.
pub(crate) fn notice_delete(conn: &Connection, code: &str) -> Result<(), EngineError> {
    conn.prepare_cached("DELETE FROM notice WHERE code = ?1")?
        .execute([code])?;
    Ok(())
}

/// All, newest first.
pub(crate) fn notice_list(conn: &Connection) -> Result<Vec<(String, Timestamp)>, EngineError> {
    let mut statement = conn.prepare_cached("SELECT code, at FROM notice ORDER BY at DESC, code")?;
    let list = statement
        .query_map([], |row| Ok((row.get(0)?, Timestamp::from_ms(row.get(1)?))))?
        .collect::<Result<_, _>>()?;
    Ok(list)
}
