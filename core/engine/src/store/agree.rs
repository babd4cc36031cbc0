//! What `intent`, `promise` and `change` say of one operation, held side by side: every operation saved here is named
//! in at least two of them. SQL alone; who is right is decided in `crate::agree`.

use rusqlite::{Connection, params};

use crate::error::EngineError;

/// A promise and the intent in its place that name one work differently. What is no text reads with marks in it.
#[derive(Debug)]
pub(crate) struct Apart {
    pub(crate) n: i64,
    pub(crate) intent: String,
    pub(crate) promise: String,
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Unsent work whose promise, known by its place and time, has another name.
pub(crate) fn agree_apart(conn: &Connection) -> Result<Vec<Apart>, EngineError> {
    let mut statement = conn.prepare_cached(
        "SELECT intent.n, CAST(intent.operation AS BLOB), CAST(promise.operation AS BLOB)
         FROM promise JOIN intent ON intent.n = promise.n AND intent.saved_at = promise.saved_at
         WHERE intent.state = 'saved' AND intent.operation <> promise.operation
            AND promise.operation NOT IN (SELECT operation FROM intent)
            AND intent.operation NOT IN (SELECT operation FROM promise)",
    )?;
    let apart = statement.query_map([], |row| {
        Ok(Apart {
            n: row.get(0)?,
            intent: lossy(&row.get::<_, Vec<u8>>(1)?),
            promise: lossy(&row.get::<_, Vec<u8>>(2)?),
        })
    })?;
    Ok(apart.collect::<Result<_, _>>()?)
}

/// True when a change goes by this name.
pub(crate) fn agree_has_change(conn: &Connection, operation: &str) -> Result<bool, EngineError> {
    Ok(conn
        .prepare_cached("SELECT 1 FROM change WHERE operation = ?1")?
        .exists([operation])?)
}

/// Gives the intent in that place its name back.
pub(crate) fn agree_name_intent(conn: &Connection, n: i64, operation: &str) -> Result<(), EngineError> {
    conn.execute(
        "UPDATE intent SET operation = ?2 WHERE n = ?1",
        params![n, operation],
    )?;
    Ok(())
}

/// Gives the promise in that place its name back: the one no intent goes by.
pub(crate) fn agree_name_promise(conn: &Connection, n: i64, operation: &str) -> Result<(), EngineError> {
    conn.execute(
        "UPDATE promise SET operation = ?2 WHERE n = ?1 AND operation NOT IN (SELECT operation FROM intent)",
        params![n, operation],
    )?;
    Ok(())
}

/// Gives a change its name back, where an intent goes by it. False where none does.
pub(crate) fn agree_name_change(conn: &Connection, n: i64, operation: &str) -> Result<bool, EngineError> {
    let named = conn.execute(
        "UPDATE change SET operation = ?2 WHERE n = ?1 AND ?2 IN (SELECT operation FROM intent)",
        params![n, operation],
    )?;
    Ok(named > 0)
}

/// Changes whose name no intent goes by: place, that name and the bytes.
pub(crate) fn agree_orphans(conn: &Connection) -> Result<Vec<(i64, String, Vec<u8>)>, EngineError> {
    let mut statement = conn.prepare_cached(
        "SELECT n, CAST(operation AS BLOB), bytes FROM change
         WHERE operation NOT IN (SELECT operation FROM intent) ORDER BY n",
    )?;
    let orphans = statement.query_map([], |row| {
        Ok((row.get(0)?, lossy(&row.get::<_, Vec<u8>>(1)?), row.get(2)?))
    })?;
    Ok(orphans.collect::<Result<_, _>>()?)
}

/// Intents whose name is in no other table: place and entry, where that is a text.
pub(crate) fn agree_unnamed(conn: &Connection) -> Result<Vec<(i64, String)>, EngineError> {
    let mut statement = conn.prepare_cached(
        "SELECT n, CAST(entry AS BLOB) FROM intent
         WHERE operation NOT IN (SELECT operation FROM change) AND operation NOT IN (SELECT operation FROM promise)",
    )?;
    let lines = statement.query_map([], |row| Ok((row.get(0)?, lossy(&row.get::<_, Vec<u8>>(1)?))))?;
    Ok(lines.collect::<Result<_, _>>()?)
}

/// Operations that are not everywhere said to be of one document: of unsent work, or of all.
pub(crate) fn agree_scattered(conn: &Connection, all: bool) -> Result<Vec<String>, EngineError> {
    let mut statement = conn.prepare_cached(
        "SELECT CAST(operation AS BLOB) FROM intent WHERE (?1 OR state = 'saved') AND (
             EXISTS (SELECT 1 FROM promise WHERE promise.operation = intent.operation
                 AND promise.document <> intent.document)
             OR EXISTS (SELECT 1 FROM change WHERE change.operation = intent.operation
                 AND change.document <> intent.document))",
    )?;
    let ids = statement.query_map([all], |row| Ok(lossy(&row.get::<_, Vec<u8>>(0)?)))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// The documents this phone holds that an operation is said to be of, and how often each is named.
pub(crate) fn agree_documents(conn: &Connection, operation: &str) -> Result<Vec<(String, i64)>, EngineError> {
    let mut statement = conn.prepare_cached(
        "SELECT document, count(*) FROM (
             SELECT document FROM intent WHERE operation = ?1
             UNION ALL SELECT document FROM promise WHERE operation = ?1
             UNION ALL SELECT document FROM change WHERE operation = ?1)
         WHERE document IN (SELECT id FROM doc) GROUP BY document",
    )?;
    let said = statement.query_map([operation], |row| {
        Ok((lossy(row.get_ref(0)?.as_bytes()?), row.get(1)?))
    })?;
    Ok(said.collect::<Result<_, _>>()?)
}

/// From now on it is of this document everywhere.
pub(crate) fn agree_settle_document(
    conn: &Connection,
    operation: &str,
    document: &str,
) -> Result<(), EngineError> {
    for sql in [
        "UPDATE intent SET document = ?2 WHERE operation = ?1",
        "UPDATE promise SET document = ?2 WHERE operation = ?1",
        "UPDATE change SET document = ?2 WHERE operation = ?1",
    ] {
        conn.prepare_cached(sql)?.execute([operation, document])?;
    }
    Ok(())
}
