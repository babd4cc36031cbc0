//! Which tickets are over and quiet for long, and still on somebody's phone.

use fieldline_model::id::DocumentId;
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, params};

use super::StoreError;
use super::value::parsed;

/// Over and not written since before ?1; nothing of it waits for anybody: no held work for a supervisor's decision, no fate
/// for the phone that was told it, no photo for its bytes.
macro_rules! old_ticket {
    ($document:literal, $rest:literal) => {
        concat!(
            "t.closed_at < ?1 AND t.updated_at < ?1
            AND NOT EXISTS (SELECT 1 FROM refused r WHERE r.document = ",
            $document,
            " AND r.operation IS NOT NULL AND r.code IN ('device_revoked', 'left_behind')
                AND NOT EXISTS (SELECT 1 FROM fate f WHERE f.operation = r.operation))
            AND NOT EXISTS (SELECT 1 FROM unsure_fate u WHERE u.document = ",
            $document,
            ") AND NOT EXISTS (SELECT 1 FROM blob_wanted w WHERE w.document = ",
            $document,
            " AND w.lost_at IS NULL)",
            $rest
        )
    };
}

/// Tickets to archive that engineers hold, in the order of their ids, at most so many after this one. What everybody holds
/// leaves nobody.
pub(crate) fn archive_due(
    connection: &Connection,
    before: Timestamp,
    after: Option<DocumentId>,
    limit: u32,
) -> Result<Vec<DocumentId>, StoreError> {
    let sql = concat!(
        "SELECT DISTINCT s.document FROM scope s JOIN ticket t ON t.id = substr(s.document, 8)
        WHERE s.document > ?2 AND s.document LIKE 'ticket-%' AND s.engineer <> 'shared' AND ",
        old_ticket!("s.document", " ORDER BY s.document LIMIT ?3")
    );
    let after = after.map_or_else(|| "ticket-".to_owned(), |id| id.to_string());
    let mut statement = connection.prepare_cached(sql)?;
    let due = statement.query_map(params![before.ms(), after, limit], |row| parsed(row, 0))?;
    Ok(due.collect::<Result<_, _>>()?)
}

/// Whether this ticket is one for the archive, or lies there.
pub(crate) fn archive_takes(
    connection: &Connection,
    id: DocumentId,
    before: Timestamp,
) -> Result<bool, StoreError> {
    let sql = concat!(
        "SELECT 1 FROM ticket t WHERE t.id = substr(?2, 8) AND ",
        old_ticket!("?2", "")
    );
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.exists(params![before.ms(), id.to_string()])?)
}
