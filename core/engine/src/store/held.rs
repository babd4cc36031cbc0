//! Table `held`: downloaded changes that wait for others.

use fieldline_model::id::DocumentId;
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, params};

use crate::error::EngineError;

/// Keeps one.
pub(crate) fn held_put(
    conn: &Connection,
    document: DocumentId,
    hash: &[u8; 32],
    bytes: &[u8],
    since: Timestamp,
) -> Result<(), EngineError> {
    conn.prepare_cached(
        "INSERT INTO held (hash, document, bytes, since) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (hash) DO UPDATE SET since = excluded.since WHERE held.since = 0",
    )?
    .execute(params![&hash[..], document.to_string(), bytes, since.ms()])?;
    Ok(())
}

/// What waits for a document.
pub(crate) fn held_list(conn: &Connection, document: DocumentId) -> Result<Vec<Vec<u8>>, EngineError> {
    let mut statement = conn
        .prepare_cached("SELECT bytes FROM held WHERE document = ?1 AND since <> 0 ORDER BY since, hash")?;
    let list = statement
        .query_map([document.to_string()], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(list)
}

/// What waits for a document is kept, and waits no longer. Returns how many.
pub(crate) fn held_set_aside(conn: &Connection, document: DocumentId) -> Result<usize, EngineError> {
    Ok(conn.execute(
        "UPDATE held SET since = 0 WHERE document = ?1 AND since <> 0",
        [document.to_string()],
    )?)
}

/// It waits no longer.
pub(crate) fn held_delete(conn: &Connection, hash: &[u8; 32]) -> Result<(), EngineError> {
    conn.prepare_cached("DELETE FROM held WHERE hash = ?1")?
        .execute([&hash[..]])?;
    Ok(())
}

/// The documents that wait for changes, and how many wait in all.
pub(crate) fn held_documents(conn: &Connection) -> Result<(Vec<DocumentId>, u64), EngineError> {
    let mut statement =
        conn.prepare_cached("SELECT document, count(*) FROM held WHERE since <> 0 GROUP BY document")?;
    let lines: Vec<(String, i64)> = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let count = lines.iter().map(|(_, n)| u64::try_from(*n).unwrap_or(0)).sum();
    let ids = lines
        .iter()
        .map(|(id, _)| super::parsed(id, "held.document"))
        .collect::<Result<_, _>>()?;
    Ok((ids, count))
}
