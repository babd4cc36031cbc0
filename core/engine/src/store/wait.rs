//! Table `wait`: documents whose changes the server could not take, how often and why.

use fieldline_model::id::DocumentId;
use rusqlite::{Connection, params};

use crate::error::EngineError;

/// It waits.
pub(crate) fn wait_put(
    conn: &Connection,
    document: DocumentId,
    tries: u32,
    why: &str,
) -> Result<(), EngineError> {
    conn.prepare_cached(
        "INSERT INTO wait (document, tries, why) VALUES (?1, ?2, ?3)
         ON CONFLICT (document) DO UPDATE SET tries = excluded.tries, why = excluded.why",
    )?
    .execute(params![document.to_string(), tries, why])?;
    Ok(())
}

/// It waits no longer.
pub(crate) fn wait_delete(conn: &Connection, document: DocumentId) -> Result<(), EngineError> {
    conn.prepare_cached("DELETE FROM wait WHERE document = ?1")?
        .execute([document.to_string()])?;
    Ok(())
}

/// Nothing waits any longer.
pub(crate) fn wait_delete_all(conn: &Connection) -> Result<(), EngineError> {
    conn.execute("DELETE FROM wait", [])?;
    Ok(())
}

/// What waits; a line that cannot be read does not.
pub(crate) fn wait_list(conn: &Connection) -> Result<Vec<(DocumentId, u32, String)>, EngineError> {
    let mut statement = conn.prepare_cached("SELECT document, tries, why FROM wait")?;
    let mut rows = statement.query([])?;
    let mut list = Vec::new();
    while let Some(row) = rows.next()? {
        let document = row.get::<_, String>(0).ok().and_then(|id| id.parse().ok());
        if let (Some(document), Ok(tries), Ok(why)) = (document, row.get(1), row.get(2)) {
            list.push((document, tries, why));
        }
    }
    Ok(list)
}
