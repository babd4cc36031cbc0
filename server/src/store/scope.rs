//! Who holds which document, and which rows a document reaches.

use fieldline_model::id::{DocumentId, EngineerId};
use fieldline_model::row::RowKind;
use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;
use super::value::{from_sql, parsed, to_sql};

/// Stands for everybody in the table of scopes.
const EVERYBODY: &str = "shared";

/// Of the table itself the heads would be read past each snapshot.
pub(super) const SCOPE_HEADS: &str = "SELECT d.id, d.heads FROM scope s
    JOIN document d INDEXED BY document_heads ON d.id = s.document WHERE s.engineer = ?1";

/// The engineers who hold the document.
pub(crate) fn scope_holders(
    connection: &Connection,
    document: DocumentId,
) -> Result<Vec<EngineerId>, StoreError> {
    let sql = "SELECT engineer FROM scope WHERE document = ?1 AND engineer <> 'shared' ORDER BY engineer";
    let mut statement = connection.prepare_cached(sql)?;
    let holders = statement.query_map([document.to_string()], |row| parsed(row, 0))?;
    Ok(holders.collect::<Result<_, _>>()?)
}

/// The log entry by which the document came to this engineer, or to everybody; `None` when he does not hold it.
pub(crate) fn scope_since(
    connection: &Connection,
    engineer: EngineerId,
    document: DocumentId,
) -> Result<Option<u64>, StoreError> {
    let sql = "SELECT seq FROM scope WHERE document = ?1 AND engineer IN (?2, 'shared') ORDER BY seq LIMIT 1";
    let mut statement = connection.prepare_cached(sql)?;
    let seq = statement.query_row(params![document.to_string(), engineer.to_string()], |row| {
        row.get(0)
    });
    Ok(seq.optional()?.map(from_sql))
}

fn name(engineer: Option<EngineerId>) -> String {
    engineer.map_or_else(|| EVERYBODY.to_owned(), |engineer| engineer.to_string())
}

/// The engineer (`None` = everybody) holds the document from this entry on.
pub(crate) fn scope_enter(
    connection: &Connection,
    engineer: Option<EngineerId>,
    document: DocumentId,
    seq: u64,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO scope (engineer, document, seq) VALUES (?1, ?2, ?3)
        ON CONFLICT (engineer, document) DO UPDATE SET seq = excluded.seq";
    connection
        .prepare_cached(sql)?
        .execute(params![name(engineer), document.to_string(), to_sql(seq)])?;
    Ok(())
}

/// The engineer holds the document no longer.
pub(crate) fn scope_leave(
    connection: &Connection,
    engineer: EngineerId,
    document: DocumentId,
) -> Result<(), StoreError> {
    let sql = "DELETE FROM scope WHERE engineer = ?1 AND document = ?2";
    connection
        .prepare_cached(sql)?
        .execute(params![name(Some(engineer)), document.to_string()])?;
    Ok(())
}

/// Every document the engineer holds, shared ones too, with its heads.
pub(crate) fn scope_heads(
    connection: &Connection,
    engineer: EngineerId,
    mut each: impl FnMut(DocumentId, &[[u8; 32]]),
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(SCOPE_HEADS)?;
    for holder in [Some(engineer), None] {
        let mut rows = statement.query([name(holder)])?;
        while let Some(row) = rows.next()? {
            let (heads, _) = row
                .get_ref(1)?
                .as_blob()
                .map_err(rusqlite::Error::from)?
                .as_chunks::<32>();
            each(parsed(row, 0)?, heads);
        }
    }
    Ok(())
}

/// Every document the engineer holds, shared ones too.
pub(crate) fn scope_documents(
    connection: &Connection,
    engineer: EngineerId,
) -> Result<Vec<DocumentId>, StoreError> {
    let sql = "SELECT DISTINCT document FROM scope WHERE engineer IN (?1, 'shared') ORDER BY document";
    let mut statement = connection.prepare_cached(sql)?;
    let documents = statement.query_map([engineer.to_string()], |row| parsed(row, 0))?;
    Ok(documents.collect::<Result<_, _>>()?)
}

/// The rows a document reaches.
pub(crate) fn reach_list(
    connection: &Connection,
    document: DocumentId,
) -> Result<Vec<(RowKind, String)>, StoreError> {
    let sql = "SELECT row_kind, row_id FROM reach WHERE document = ?1 ORDER BY row_kind, row_id";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([document.to_string()], |row| {
        let word: String = row.get(0)?;
        let kind = RowKind::from_word(&word).ok_or(rusqlite::Error::InvalidQuery)?;
        Ok((kind, row.get(1)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The document reaches this row from now on.
pub(crate) fn reach_add(
    connection: &Connection,
    document: DocumentId,
    kind: RowKind,
    id: &str,
) -> Result<(), StoreError> {
    let sql = "INSERT OR IGNORE INTO reach (document, row_kind, row_id) VALUES (?1, ?2, ?3)";
    connection
        .prepare_cached(sql)?
        .execute(params![document.to_string(), kind.word(), id])?;
    Ok(())
}

/// The document reaches this row no longer.
pub(crate) fn reach_drop(
    connection: &Connection,
    document: DocumentId,
    kind: RowKind,
    id: &str,
) -> Result<(), StoreError> {
    let sql = "DELETE FROM reach WHERE document = ?1 AND row_kind = ?2 AND row_id = ?3";
    connection
        .prepare_cached(sql)?
        .execute(params![document.to_string(), kind.word(), id])?;
    Ok(())
}

/// The documents that reach a row.
pub(crate) fn reach_documents(
    connection: &Connection,
    kind: RowKind,
    id: &str,
) -> Result<Vec<DocumentId>, StoreError> {
    let sql = "SELECT document FROM reach WHERE row_kind = ?1 AND row_id = ?2 ORDER BY document";
    let mut statement = connection.prepare_cached(sql)?;
    let documents = statement.query_map(params![kind.word(), id], |row| parsed(row, 0))?;
    Ok(documents.collect::<Result<_, _>>()?)
}

/// The engineers whose documents reach a row.
pub(crate) fn reach_engineers(
    connection: &Connection,
    kind: RowKind,
    id: &str,
) -> Result<Vec<EngineerId>, StoreError> {
    let sql = "SELECT DISTINCT s.engineer FROM reach r JOIN scope s ON s.document = r.document
        WHERE r.row_kind = ?1 AND r.row_id = ?2 AND s.engineer <> 'shared'";
    let mut statement = connection.prepare_cached(sql)?;
    let engineers = statement.query_map(params![kind.word(), id], |row| parsed(row, 0))?;
    Ok(engineers.collect::<Result<_, _>>()?)
}

/// Whether a document this engineer holds reaches the row.
pub(crate) fn reach_holds(
    connection: &Connection,
    engineer: EngineerId,
    kind: RowKind,
    id: &str,
) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM reach r JOIN scope s ON s.document = r.document
        WHERE r.row_kind = ?1 AND r.row_id = ?2 AND s.engineer = ?3 LIMIT 1";
    Ok(connection
        .prepare_cached(sql)?
        .exists(params![kind.word(), id, engineer.to_string()])?)
}
