//! What compaction reads and writes: how far it came in the log, and changes whose bytes stand in their document alone.

use fieldline_model::id::{DocumentId, OperationId};
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;
use super::value::{bytes, from_sql, parsed, to_sql};

/// Up to which entry the log was gone through.
pub(crate) fn compacted_to(connection: &Connection) -> Result<u64, StoreError> {
    let mut statement = connection.prepare_cached("SELECT seq FROM compaction")?;
    Ok(statement.query_row([], |row| row.get(0).map(from_sql))?)
}

/// It was gone through up to this entry.
pub(crate) fn compacted_to_write(connection: &Connection, seq: u64) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached("UPDATE compaction SET seq = ?1")?;
    statement.execute([to_sql(seq)])?;
    Ok(())
}

/// The newest entry of the log that is older than `before`; 0 when none is. Read from the end: a clock that was wrong for a
/// while must not stop what comes after.
pub(crate) fn log_older(connection: &Connection, before: Timestamp) -> Result<u64, StoreError> {
    let sql = "SELECT seq FROM log WHERE at < ?1 ORDER BY seq DESC LIMIT 1";
    let found = connection
        .prepare_cached(sql)?
        .query_row([before.ms()], |row| row.get(0).map(from_sql))
        .optional()?;
    Ok(found.unwrap_or(0))
}

/// The documents with a change among these entries, each once.
pub(crate) fn log_documents(
    connection: &Connection,
    after: u64,
    until: u64,
) -> Result<Vec<DocumentId>, StoreError> {
    let sql = "SELECT DISTINCT document FROM log WHERE seq > ?1 AND seq <= ?2 AND kind = 'change' ORDER BY document";
    let mut statement = connection.prepare_cached(sql)?;
    let documents = statement.query_map([to_sql(after), to_sql(until)], |row| parsed(row, 0))?;
    Ok(documents.collect::<Result<_, _>>()?)
}

/// A change as it is kept, with what the record says of its operation.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub(crate) hash: [u8; 32],
    pub(crate) seq: u64,
    pub(crate) operation: OperationId,
    /// Empty when it stands in the document alone.
    pub(crate) bytes: Vec<u8>,
    /// The entry of the record.
    pub(crate) entry: Option<String>,
}

/// Every change of a document, oldest first.
pub(crate) fn change_list(connection: &Connection, id: DocumentId) -> Result<Vec<Kept>, StoreError> {
    let sql = "SELECT c.hash, c.seq, c.operation, c.bytes, e.entry FROM change c
        LEFT JOIN event e ON e.operation = c.operation WHERE c.document = ?1 ORDER BY c.seq";
    let mut statement = connection.prepare_cached(sql)?;
    let changes = statement.query_map([id.to_string()], |row| {
        Ok(Kept {
            hash: bytes(row, 0)?,
            seq: from_sql(row.get(1)?),
            operation: parsed(row, 2)?,
            bytes: row.get(3)?,
            entry: row.get(4)?,
        })
    })?;
    Ok(changes.collect::<Result<_, _>>()?)
}

/// How many changes of a document up to this entry have bytes of their own, and whether it has later ones.
pub(crate) fn change_tail(
    connection: &Connection,
    id: DocumentId,
    until: u64,
) -> Result<(usize, bool), StoreError> {
    let sql = "SELECT count(*) FILTER (WHERE seq <= ?2 AND length(bytes) > 0), coalesce(max(seq), 0) > ?2
        FROM change WHERE document = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let tail = statement.query_row(params![id.to_string(), to_sql(until)], |row| {
        Ok((row.get::<_, i64>(0)?, row.get(1)?))
    })?;
    Ok((usize::try_from(tail.0).unwrap_or(0), tail.1))
}

/// Lets the document alone hold these changes. All else that is known of them stays.
pub(crate) fn change_empty(connection: &Connection, hashes: &[[u8; 32]]) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached("UPDATE change SET bytes = x'' WHERE hash = ?1")?;
    for hash in hashes {
        statement.execute([&hash[..]])?;
    }
    Ok(())
}

/// Forgets these changes: what compaction must never do.
#[cfg(any(test, feature = "testing"))]
pub(crate) fn change_delete(connection: &Connection, hashes: &[[u8; 32]]) -> Result<(), StoreError> {
    for hash in hashes {
        connection.execute("DELETE FROM change WHERE hash = ?1", [&hash[..]])?;
    }
    Ok(())
}

/// Every document that alone holds a change.
pub(crate) fn documents_alone(connection: &Connection) -> Result<Vec<DocumentId>, StoreError> {
    let sql = "SELECT DISTINCT document FROM change WHERE length(bytes) = 0 ORDER BY document";
    let mut statement = connection.prepare(sql)?;
    let documents = statement.query_map([], |row| parsed(row, 0))?;
    Ok(documents.collect::<Result<_, _>>()?)
}

/// The changes that a document alone holds.
pub(crate) fn changes_alone(connection: &Connection, id: DocumentId) -> Result<Vec<[u8; 32]>, StoreError> {
    let sql = "SELECT hash FROM change WHERE document = ?1 AND length(bytes) = 0";
    let mut statement = connection.prepare_cached(sql)?;
    let hashes = statement.query_map([id.to_string()], |row| bytes(row, 0))?;
    Ok(hashes.collect::<Result<_, _>>()?)
}
