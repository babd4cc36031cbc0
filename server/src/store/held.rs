//! Held work in table `refused`: changes that have no fate yet and wait for a supervisor, with their authors' words. They came
//! from revoked phones, or a colleague's phone brought them and they do not follow what their author's phone sent.

use fieldline_model::id::{DeviceId, DocumentId, EngineerId, OperationId, StaffId};
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::StoreError;
use super::meta::meta_write;
use super::value::{bytes, parsed};

/// An operation that waits for a supervisor.
#[derive(Debug, Clone)]
pub struct Held {
    /// Its name.
    pub operation: OperationId,
    /// The change it came in.
    pub(crate) hash: [u8; 32],
    /// Its document.
    pub document: DocumentId,
    /// The phone it came from.
    pub device: DeviceId,
    /// Whose phone that is.
    pub engineer: EngineerId,
    /// Its entry's text, when it could be read.
    pub entry: Option<String>,
    /// When it first came.
    pub since: Timestamp,
    /// Why it is held: a code of [`fieldline_model::reason::Reason`].
    pub code: String,
}

/// Of several changes of one operation the one that came last stands for it. Rows are
/// numbered as they come, and a phone sends what it wrote in that order: no clock says it better.
macro_rules! held_sql {
    ($rest:literal) => {
        concat!(
            "SELECT r.operation, r.hash, r.document, r.device, d.engineer, r.entry, o.since, r.code
            FROM (SELECT operation, min(at) AS since, min(rowid) AS place, max(rowid) AS last FROM refused
                WHERE code IN ('device_revoked', 'left_behind') AND operation IS NOT NULL GROUP BY operation) o
            JOIN refused r ON r.rowid = o.last JOIN device d ON d.id = r.device
            WHERE NOT EXISTS (SELECT 1 FROM fate f WHERE f.operation = o.operation) ",
            $rest
        )
    };
}

fn held_row(row: &Row<'_>) -> rusqlite::Result<Held> {
    Ok(Held {
        operation: parsed(row, 0)?,
        hash: bytes(row, 1)?,
        document: parsed(row, 2)?,
        device: parsed(row, 3)?,
        engineer: parsed(row, 4)?,
        entry: row.get(5)?,
        since: Timestamp::from_ms(row.get(6)?),
        code: row.get(7)?,
    })
}

/// The held operation, if it is held and has no fate.
///
/// # Errors
/// As the database says.
pub fn held_get(connection: &Connection, operation: OperationId) -> Result<Option<Held>, StoreError> {
    let mut decided = connection.prepare_cached("SELECT 1 FROM fate WHERE operation = ?1")?;
    if decided.exists([operation.to_string()])? {
        return Ok(None);
    }
    held_ever(connection, operation)
}

/// An operation that is or was held, decided or not.
pub(crate) fn held_ever(connection: &Connection, operation: OperationId) -> Result<Option<Held>, StoreError> {
    let sql = "SELECT r.operation, r.hash, r.document, r.device, d.engineer, r.entry,
            (SELECT min(o.at) FROM refused o WHERE o.operation = r.operation AND o.code IN ('device_revoked', 'left_behind')), r.code
        FROM refused r JOIN device d ON d.id = r.device
        WHERE r.operation = ?1 AND r.code IN ('device_revoked', 'left_behind')
        ORDER BY r.rowid DESC LIMIT 1";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement
        .query_row([operation.to_string()], held_row)
        .optional()?)
}

/// Operations that wait for a supervisor, in the order they were done, at most so many.
pub(crate) fn held_waiting(connection: &Connection, limit: u32) -> Result<Vec<Held>, StoreError> {
    let mut statement = connection.prepare_cached(held_sql!("ORDER BY o.place LIMIT ?1"))?;
    let rows = statement.query_map([limit], held_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Operations that wait for a supervisor by their ids, those after `after`, with one document's only when it is given.
///
/// # Errors
/// As the database says.
pub fn held_page(
    connection: &Connection,
    document: Option<&str>,
    after: &str,
    limit: u32,
) -> Result<Vec<Held>, StoreError> {
    let sql =
        held_sql!("AND o.operation > ?1 AND (?2 IS NULL OR r.document = ?2) ORDER BY o.operation LIMIT ?3");
    let mut statement = connection.prepare_cached(sql)?;
    let asked = params![after, document, limit];
    let rows = statement.query_map(asked, held_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Where an operation stands in the order in which its phone did things; none when no change of it is here.
pub(crate) fn held_place(connection: &Connection, operation: OperationId) -> Result<Option<i64>, StoreError> {
    let sql =
        "SELECT min(rowid) FROM refused WHERE code IN ('device_revoked', 'left_behind') AND operation = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row([operation.to_string()], |row| row.get(0))?)
}

/// The latest true time of what a phone did to a document before that place, as far as it stands there.
pub(crate) fn held_line_time(
    connection: &Connection,
    held: &Held,
    place: i64,
) -> Result<Option<Timestamp>, StoreError> {
    let sql = "SELECT max(e.at) FROM event e WHERE e.document = ?1 AND e.operation IN (
            SELECT c.operation FROM change c WHERE c.document = ?1 AND c.device = ?2
            UNION ALL SELECT r.operation FROM refused r
                WHERE r.document = ?1 AND r.device = ?2 AND r.code IN ('device_revoked', 'left_behind')
                    AND r.rowid < ?3)";
    let mut statement = connection.prepare_cached(sql)?;
    let (document, device) = (held.document.to_string(), held.device.to_string());
    let key = params![document, device, place];
    let at: Option<i64> = statement.query_row(key, |row| row.get(0))?;
    Ok(at.map(Timestamp::from_ms))
}

/// Up to when what came and is held was told to be overdue.
const TOLD: &str = "held_overdue_told";

/// Held operations that came by `until`, as far as nobody was told that they are overdue.
pub(crate) fn held_due(
    connection: &Connection,
    until: Timestamp,
) -> Result<Vec<(OperationId, DocumentId)>, StoreError> {
    let sql = held_sql!(
        "AND o.since <= ?1 AND o.since > coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE key = ?2), -1)
        ORDER BY o.place"
    );
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![until.ms(), TOLD], held_row)?;
    let due = rows.map(|held| held.map(|held| (held.operation, held.document)));
    Ok(due.collect::<Result<_, _>>()?)
}

/// Notes that all of it was told.
pub(crate) fn held_told(connection: &Connection, until: Timestamp) -> Result<(), StoreError> {
    meta_write(connection, TOLD, &until.ms().to_string())
}

/// How many held operations came by `until`.
pub(crate) fn held_overdue(connection: &Connection, until: Timestamp) -> Result<u32, StoreError> {
    let sql = "SELECT count(*) FROM (SELECT 1 FROM refused r WHERE r.code IN ('device_revoked', 'left_behind') AND r.operation IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM fate f WHERE f.operation = r.operation)
        GROUP BY r.operation HAVING min(r.at) <= ?1)";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row([until.ms()], |row| row.get(0))?)
}

/// Held changes of a phone whose operations got their fates since `since`, the newest first, at most so many.
pub(crate) fn held_decided(
    connection: &Connection,
    device: DeviceId,
    since: Timestamp,
    limit: u32,
) -> Result<Vec<[u8; 32]>, StoreError> {
    let sql = "SELECT r.hash FROM refused r JOIN fate f ON f.operation = r.operation
        WHERE r.device = ?1 AND r.code = 'device_revoked' AND f.at >= ?2 ORDER BY f.at DESC, r.hash LIMIT ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![device.to_string(), since.ms(), limit], |row| {
        bytes(row, 0)
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The entries that were ever held of a document.
pub(crate) fn held_of_document(
    connection: &Connection,
    document: DocumentId,
) -> Result<Vec<(OperationId, String)>, StoreError> {
    let sql = "SELECT operation, entry FROM refused
        WHERE document = ?1 AND code IN ('device_revoked', 'left_behind') AND operation IS NOT NULL AND entry IS NOT NULL";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([document.to_string()], |row| Ok((parsed(row, 0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether a change is held: then nothing was decided about it.
pub(crate) fn held_holds(connection: &Connection, hash: &[u8; 32]) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT 1 FROM refused WHERE hash = ?1 AND code IN ('device_revoked', 'left_behind')",
    )?;
    Ok(statement.exists([&hash[..]])?)
}

/// Notes who decided.
pub(crate) fn held_decide(
    connection: &Connection,
    operation: OperationId,
    by: StaffId,
    at: Timestamp,
) -> Result<(), StoreError> {
    let sql = "UPDATE refused SET seen_at = ?2, seen_by = ?3 WHERE operation = ?1 AND seen_at IS NULL";
    connection
        .prepare_cached(sql)?
        .execute(params![operation.to_string(), at.ms(), by.to_string()])?;
    Ok(())
}

/// Whoever wrote it goes on himself: what was held because nobody knew whether he would is left behind as ever, and he
/// writes it again.
pub(crate) fn held_release(connection: &Connection, hash: &[u8; 32]) -> Result<(), StoreError> {
    let sql = "UPDATE refused SET code = 'built_on_refused' WHERE hash = ?1 AND code = 'left_behind'";
    connection.prepare_cached(sql)?.execute([&hash[..]])?;
    Ok(())
}

/// What is kept of a change that only was left behind gives way to what is held of it, so that held changes stand in the
/// order in which they were done.
pub(crate) fn held_make_way(connection: &Connection, hash: &[u8; 32]) -> Result<(), StoreError> {
    let sql = "DELETE FROM refused WHERE hash = ?1 AND code = 'built_on_refused'";
    connection.prepare_cached(sql)?.execute([&hash[..]])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use fieldline_model::reason::Reason;

    use crate::door::BUILT_ON_REFUSED;

    #[test]
    fn the_codes_in_the_statements_are_those_of_the_model() {
        let codes = [Reason::DeviceRevoked, Reason::LeftBehind].map(Reason::code);
        assert_eq!(codes, ["device_revoked", "left_behind"]);
        assert_eq!(BUILT_ON_REFUSED, "built_on_refused");
    }
}
