//! Table `promise`: what this phone said "saved" to and HQ has not answered; and how much it ever said so to.

use fieldline_model::id::{DocumentId, OperationId};
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::intent::Intent;
use super::parsed;
use crate::error::EngineError;
use crate::view::Missing;

/// One promise that nothing else on this phone knows of.
#[derive(Debug)]
pub(crate) struct Broken {
    pub(crate) missing: Missing,
    /// Its place among the intents.
    pub(crate) n: i64,
    /// HQ was asked for its document.
    pub(crate) asked: bool,
}

/// Gives it, for an intent that stands in its table without a fate.
pub(crate) fn promise_put(conn: &Connection, intent: &Intent) -> Result<(), EngineError> {
    conn.prepare_cached(
        "INSERT INTO promise (operation, n, document, act, saved_at)
         SELECT operation, n, document, ?2, saved_at FROM intent WHERE operation = ?1 AND state = 'saved'
         ON CONFLICT (operation) DO NOTHING",
    )?
    .execute(params![intent.operation.to_string(), intent.entry.act.word()])?;
    Ok(())
}

/// It is kept: there is a fate. False when there was none.
pub(crate) fn promise_delete(conn: &Connection, operation: OperationId) -> Result<bool, EngineError> {
    let kept = conn
        .prepare_cached("DELETE FROM promise WHERE operation = ?1")?
        .execute([operation.to_string()])?;
    Ok(kept > 0)
}

/// HQ is asked for its document, once.
pub(crate) fn promise_set_asked(conn: &Connection, operation: OperationId) -> Result<(), EngineError> {
    conn.execute(
        "UPDATE promise SET asked = 1 WHERE operation = ?1",
        [operation.to_string()],
    )?;
    Ok(())
}

/// Operations without a fate whose promise is gone.
pub(crate) fn promise_lacking(conn: &Connection) -> Result<Vec<OperationId>, EngineError> {
    let mut statement = conn.prepare_cached(
        "SELECT operation FROM intent WHERE state = 'saved'
            AND NOT EXISTS (SELECT 1 FROM promise WHERE promise.operation = intent.operation)",
    )?;
    let ids = statement.query_map([], |row| row.get::<_, String>(0))?;
    ids.map(|id| parsed(&id?, "intent.operation")).collect()
}

/// The promise for an operation.
pub(crate) fn promise_get(conn: &Connection, operation: OperationId) -> Result<Option<Broken>, EngineError> {
    conn.prepare_cached(
        "SELECT operation, promise.document, coalesce(number, ''), act, saved_at, n, asked
         FROM promise LEFT JOIN ticket_row ON ticket_row.document = promise.document WHERE operation = ?1",
    )?
    .query_row([operation.to_string()], read)
    .optional()?
    .map(Raw::broken)
    .transpose()
}

/// Promises whose operation is gone, oldest first.
pub(crate) fn promise_broken(conn: &Connection) -> Result<Vec<Broken>, EngineError> {
    let mut statement = conn.prepare_cached(
        "SELECT operation, promise.document, coalesce(number, ''), act, saved_at, n, asked
         FROM promise LEFT JOIN ticket_row ON ticket_row.document = promise.document
         WHERE NOT EXISTS (SELECT 1 FROM intent WHERE intent.operation = promise.operation) ORDER BY n",
    )?;
    let raws: Vec<Raw> = statement.query_map([], read)?.collect::<Result<_, _>>()?;
    raws.into_iter().map(Raw::broken).collect()
}

struct Raw {
    operation: String,
    document: String,
    number: String,
    act: String,
    saved_at: i64,
    n: i64,
    asked: bool,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok(Raw {
        operation: row.get(0)?,
        document: row.get(1)?,
        number: row.get(2)?,
        act: row.get(3)?,
        saved_at: row.get(4)?,
        n: row.get(5)?,
        asked: row.get(6)?,
    })
}

impl Raw {
    fn broken(self) -> Result<Broken, EngineError> {
        let document: DocumentId = parsed(&self.document, "promise.document")?;
        Ok(Broken {
            missing: Missing {
                operation: parsed(&self.operation, "promise.operation")?,
                document,
                number: self.number,
                act: self.act,
                saved_at: Timestamp::from_ms(self.saved_at),
            },
            n: self.n,
            asked: self.asked,
        })
    }
}

/// How many operations were saved here that neither a line nor a counter nor a promise tells of any more.
pub(crate) fn promise_unnamed(conn: &Connection) -> Result<u64, EngineError> {
    let gone: i64 = conn
        .prepare_cached(
            "SELECT written - (SELECT count(*) FROM intent) - (SELECT coalesce(sum(value), 0) FROM counter)
                - (SELECT count(*) FROM promise WHERE operation NOT IN (SELECT operation FROM intent))
             FROM identity",
        )?
        .query_row([], |row| row.get(0))?;
    Ok(u64::try_from(gone).unwrap_or(0))
}
