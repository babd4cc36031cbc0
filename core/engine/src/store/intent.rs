//! Table `intent`: what the person did, in order, with its fate.

use std::collections::BTreeMap;

use fieldline_model::entry::Entry;
use fieldline_model::id::{DocumentId, EngineerId, OperationId};
use fieldline_model::operation::Author;
use fieldline_model::time::Timestamp;
use fieldline_model::wire::Fate;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::parsed;
use super::promise::{promise_delete, promise_put};
use super::tally::tally_counters;
use crate::error::EngineError;

/// One operation of this phone.
#[derive(Debug, Clone)]
pub(crate) struct Intent {
    pub(crate) operation: OperationId,
    pub(crate) document: DocumentId,
    pub(crate) entry: Entry,
    /// `None` while it is only saved here.
    pub(crate) fate: Option<Fate>,
    /// HQ has it, and a supervisor decides.
    pub(crate) held: bool,
    pub(crate) saved_at: Timestamp,
}

struct Raw {
    operation: String,
    document: String,
    entry: String,
    state: String,
    code: Option<String>,
    saved_at: i64,
    held: bool,
}

impl Raw {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            operation: row.get(0)?,
            document: row.get(1)?,
            entry: row.get(2)?,
            state: row.get(3)?,
            code: row.get(4)?,
            saved_at: row.get(5)?,
            held: row.get(6)?,
        })
    }

    fn intent(self) -> Result<Intent, EngineError> {
        Ok(Intent {
            operation: parsed(&self.operation, "intent.operation")?,
            document: parsed(&self.document, "intent.document")?,
            entry: Entry::read(&self.entry).ok_or(EngineError::BadValue("intent.entry"))?,
            fate: Fate::from_words(&self.state, self.code.as_deref()),
            held: self.held,
            saved_at: Timestamp::from_ms(self.saved_at),
        })
    }
}

/// Adds one, newest last.
pub(crate) fn intent_insert(conn: &Connection, intent: &Intent) -> Result<(), EngineError> {
    let entry = intent
        .entry
        .to_text()
        .map_err(|_| EngineError::BadValue("intent.entry"))?;
    conn.prepare_cached(
        "INSERT INTO intent (operation, document, entry, state, saved_at) VALUES (?1, ?2, ?3, 'saved', ?4)",
    )?
    .execute(params![
        intent.operation.to_string(),
        intent.document.to_string(),
        entry,
        intent.saved_at.ms()
    ])?;
    promise_put(conn, intent)
}

/// Puts back a line that the disk lost, in its old place if that is known and free.
pub(crate) fn intent_restore(
    conn: &Connection,
    intent: &Intent,
    place: Option<i64>,
    now: Timestamp,
) -> Result<(), EngineError> {
    let entry = intent
        .entry
        .to_text()
        .map_err(|_| EngineError::BadValue("intent.entry"))?;
    let fate = intent.fate.as_ref();
    conn.execute(
        "INSERT INTO intent (n, operation, document, entry, state, code, saved_at, settled_at, displaced)
         VALUES ((SELECT ?1 WHERE ?1 NOT IN (SELECT n FROM intent)), ?2, ?3, ?4, ?5, ?6, ?7, ?8,
             (SELECT inbox.code FROM inbox WHERE inbox.operation = ?2 AND fate = 'overruled' AND ?5 <> 'saved'))",
        params![
            place,
            intent.operation.to_string(),
            intent.document.to_string(),
            entry,
            fate.map_or("saved", Fate::word),
            fate.and_then(Fate::code),
            intent.saved_at.ms(),
            fate.map(|_| now.ms())
        ],
    )?;
    if fate.is_some() {
        promise_delete(conn, intent.operation)?;
        return Ok(());
    }
    promise_put(conn, intent)
}

/// A line that the disk changed so that it cannot be read, or names no document of this phone.
#[derive(Debug)]
pub(crate) struct Spoiled {
    pub(crate) n: i64,
    /// `None` when not even this can be read.
    pub(crate) operation: Option<OperationId>,
    pub(crate) document: Option<DocumentId>,
    /// The word of its fate, if it has one.
    pub(crate) fate: Option<String>,
}

/// Such lines: of work without a fate, or of all work.
pub(crate) fn intent_spoiled(conn: &Connection, all: bool) -> Result<Vec<Spoiled>, EngineError> {
    let mut statement = conn.prepare_cached(
        "SELECT operation, document, entry, state, code, saved_at, held, n,
             EXISTS (SELECT 1 FROM doc WHERE doc.id = intent.document)
         FROM intent WHERE ?1 OR state = 'saved'",
    )?;
    let mut rows = statement.query([all])?;
    let mut spoiled = Vec::new();
    while let Some(row) = rows.next()? {
        let known: bool = row.get(8)?;
        // Text may be no text any more.
        let readable = Raw::read(row).is_ok_and(|raw| raw.intent().is_ok());
        if readable && known {
            continue;
        }
        let text = |column| row.get::<_, String>(column).ok();
        spoiled.push(Spoiled {
            n: row.get(7)?,
            operation: text(0).and_then(|id| id.parse().ok()),
            document: text(1).and_then(|id| id.parse().ok()).filter(|_| known),
            fate: text(3).filter(|state| state != "saved"),
        });
    }
    Ok(spoiled)
}

/// Writes a line anew that could not be read.
pub(crate) fn intent_rewrite(
    conn: &Connection,
    n: i64,
    document: DocumentId,
    entry: &Entry,
) -> Result<(), EngineError> {
    let entry = entry
        .to_text()
        .map_err(|_| EngineError::BadValue("intent.entry"))?;
    conn.execute(
        "UPDATE intent SET document = ?2, entry = ?3 WHERE n = ?1",
        params![n, document.to_string(), entry],
    )?;
    Ok(())
}

/// Takes a line away that cannot be read and is nowhere else, with what is left of its changes.
pub(crate) fn intent_forget(conn: &Connection, n: i64) -> Result<(), EngineError> {
    conn.execute(
        "DELETE FROM change WHERE operation = (SELECT operation FROM intent WHERE n = ?1)",
        [n],
    )?;
    conn.execute("DELETE FROM intent WHERE n = ?1", [n])?;
    Ok(())
}

/// Counts one operation whose line is gone for good.
pub(crate) fn counter_add(conn: &Connection, name: &str) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO counter (name, value) VALUES (?1, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1",
        [name],
    )?;
    tally_counters(conn)
}

/// One operation.
pub(crate) fn intent_get(conn: &Connection, id: OperationId) -> Result<Option<Intent>, EngineError> {
    conn.prepare_cached(
        "SELECT operation, document, entry, state, code, saved_at, held FROM intent WHERE operation = ?1",
    )?
    .query_row([id.to_string()], Raw::read)
    .optional()?
    .map(Raw::intent)
    .transpose()
}

/// All operations on a document, in the order they were done.
pub(crate) fn intent_of_document(conn: &Connection, id: DocumentId) -> Result<Vec<Intent>, EngineError> {
    let mut statement = conn.prepare_cached(
        "SELECT operation, document, entry, state, code, saved_at, held FROM intent WHERE document = ?1 ORDER BY n",
    )?;
    let raws: Vec<Raw> = statement
        .query_map([id.to_string()], Raw::read)?
        .collect::<Result<_, _>>()?;
    raws.into_iter().map(Raw::intent).collect()
}

/// The operations without a fate, oldest first, at most so many.
pub(crate) fn intent_saved(conn: &Connection, max: usize) -> Result<Vec<Intent>, EngineError> {
    let mut statement = conn.prepare_cached(
        "SELECT operation, document, entry, state, code, saved_at, held FROM intent WHERE state = 'saved'
         ORDER BY n LIMIT ?1",
    )?;
    let max = i64::try_from(max).unwrap_or(i64::MAX);
    let raws: Vec<Raw> = statement.query_map([max], Raw::read)?.collect::<Result<_, _>>()?;
    raws.into_iter().map(Raw::intent).collect()
}

/// Documents with operations that have neither a fate nor a readable live change: the disk lost it.
pub(crate) fn intent_without_change(conn: &Connection) -> Result<Vec<DocumentId>, EngineError> {
    let mut statement = conn.prepare_cached(
        "SELECT DISTINCT document FROM intent WHERE state = 'saved' AND NOT EXISTS (
             SELECT 1 FROM change WHERE change.operation = intent.operation AND change.document = intent.document
                AND change.state IN ('pending', 'sent'))",
    )?;
    let ids = statement.query_map([], |row| row.get::<_, String>(0))?;
    ids.map(|id| parsed(&id?, "intent.document")).collect()
}

/// Gives it its fate, or takes it back when the server lost it.
pub(crate) fn intent_settle(
    conn: &Connection,
    id: OperationId,
    fate: Option<&Fate>,
    at: Timestamp,
) -> Result<(), EngineError> {
    conn.prepare_cached(
        "UPDATE intent SET state = ?2, code = ?3, settled_at = ?4, held = 0,
             displaced = CASE ?2 WHEN 'merged' THEN displaced WHEN 'overruled' THEN ?3 END
         WHERE operation = ?1",
    )?
    .execute(params![
        id.to_string(),
        fate.map_or("saved", Fate::word),
        fate.and_then(Fate::code),
        fate.map(|_| at.ms())
    ])?;
    match fate {
        Some(_) => promise_delete(conn, id).map(drop),
        // It is promised again before the next exchange.
        None => Ok(()),
    }
}

/// Why HQ does not count it at present; `None` when it does.
pub(crate) fn intent_set_displaced(
    conn: &Connection,
    id: OperationId,
    code: Option<&str>,
) -> Result<(), EngineError> {
    conn.prepare_cached("UPDATE intent SET displaced = ?2 WHERE operation = ?1")?
        .execute(params![id.to_string(), code])?;
    Ok(())
}

/// What the card of an operation should say.
#[derive(Debug)]
pub(crate) struct Uncarded {
    pub(crate) operation: OperationId,
    pub(crate) fate: &'static str,
    pub(crate) code: String,
    /// When its fate came, if it did.
    pub(crate) at: Option<Timestamp>,
}

/// Operations that did not become what the person meant and have no card.
pub(crate) fn intent_without_card(conn: &Connection) -> Result<Vec<Uncarded>, EngineError> {
    let mut statement = conn.prepare_cached(
        "SELECT operation, state = 'refused', coalesce(CASE state WHEN 'refused' THEN code ELSE displaced END, ''),
             settled_at
         FROM intent WHERE (state = 'refused' OR displaced IS NOT NULL)
            AND operation NOT IN (SELECT operation FROM inbox) ORDER BY n",
    )?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let refused: bool = row.get(1)?;
        found.push(Uncarded {
            operation: parsed(&row.get::<_, String>(0)?, "intent.operation")?,
            fate: if refused { "refused" } else { "overruled" },
            code: row.get(2)?,
            at: row.get::<_, Option<i64>>(3)?.map(Timestamp::from_ms),
        });
    }
    Ok(found)
}

/// HQ holds it for a supervisor, or does so no more.
pub(crate) fn intent_set_held(conn: &Connection, id: OperationId, held: bool) -> Result<(), EngineError> {
    conn.prepare_cached("UPDATE intent SET held = ?2 WHERE operation = ?1 AND held <> ?2")?
        .execute(params![id.to_string(), held])?;
    Ok(())
}

/// True when HQ holds something that was done on this document.
pub(crate) fn intent_held_in(conn: &Connection, document: DocumentId) -> Result<bool, EngineError> {
    let held = conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM intent WHERE document = ?1 AND held = 1)")?
        .query_row([document.to_string()], |row| row.get(0))?;
    Ok(held)
}

/// Who did the newest work on this phone that can be read.
pub(crate) fn intent_engineer(conn: &Connection) -> Result<Option<EngineerId>, EngineError> {
    let mut statement = conn.prepare_cached("SELECT entry FROM intent ORDER BY n DESC")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let entry = row.get::<_, String>(0).ok().and_then(|text| Entry::read(&text));
        if let Some(Author::Engineer(engineer)) = entry.map(|entry| entry.by) {
            return Ok(Some(engineer));
        }
    }
    Ok(None)
}

/// Documents with operations of this phone.
pub(crate) fn intent_documents(conn: &Connection) -> Result<Vec<DocumentId>, EngineError> {
    let mut statement = conn.prepare_cached("SELECT DISTINCT document FROM intent")?;
    let ids = statement.query_map([], |row| row.get::<_, String>(0))?;
    ids.map(|id| parsed(&id?, "intent.document")).collect()
}

/// How it counts at present.
const PRESENT: &str = "CASE WHEN state NOT IN ('merged', 'overruled') THEN state
    WHEN displaced IS NOT NULL THEN 'overruled' ELSE 'merged' END";

/// How many are saved, count at HQ, do not count there, were refused.
pub(crate) fn intent_counts(conn: &Connection) -> Result<[u64; 4], EngineError> {
    let mut counts = [0; 4];
    let mut statement = conn.prepare_cached(&format!(
        "SELECT present, sum(n) FROM (
             SELECT {PRESENT} AS present, count(*) AS n FROM intent GROUP BY 1
             UNION ALL SELECT name, value FROM counter
         ) GROUP BY present"
    ))?;
    let lines = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)))?;
    for line in lines {
        let (state, count) = line?;
        let place = ["saved", "merged", "overruled", "refused"]
            .iter()
            .position(|word| *word == state);
        if let Some(place) = place {
            counts[place] = u64::try_from(count).unwrap_or(0);
        }
    }
    Ok(counts)
}

/// How what HQ took of a document counts at present: the reason's code, or none when it counts as meant.
pub(crate) fn intent_present_of(
    conn: &Connection,
    document: DocumentId,
) -> Result<BTreeMap<OperationId, Option<String>>, EngineError> {
    let mut statement = conn.prepare_cached(
        "SELECT operation, displaced FROM intent WHERE document = ?1 AND state IN ('merged', 'overruled')",
    )?;
    let lines = statement.query_map([document.to_string()], |row| {
        Ok((row.get::<_, String>(0)?, row.get(1)?))
    })?;
    lines
        .map(|line| {
            let (operation, code) = line?;
            Ok((parsed(&operation, "intent.operation")?, code))
        })
        .collect()
}

/// Operations on a document that HQ took under other bytes than this phone's, oldest first, and whether they count there.
pub(crate) fn intent_taken_otherwise(
    conn: &Connection,
    document: DocumentId,
) -> Result<Vec<(Intent, bool)>, EngineError> {
    let mut statement = conn.prepare_cached(
        "SELECT operation, document, entry, state, code, saved_at, held, displaced IS NULL
         FROM intent WHERE document = ?1 AND state IN ('merged', 'overruled')
             AND EXISTS (SELECT 1 FROM change WHERE operation = intent.operation AND state = 'left')
             AND NOT EXISTS (SELECT 1 FROM change WHERE operation = intent.operation AND state <> 'left')
         ORDER BY n",
    )?;
    let raws: Vec<(Raw, bool)> = statement
        .query_map([document.to_string()], |row| Ok((Raw::read(row)?, row.get(7)?)))?
        .collect::<Result<_, _>>()?;
    raws.into_iter()
        .map(|(raw, counts)| Ok((raw.intent()?, counts)))
        .collect()
}

/// How many of those without a fate HQ holds.
pub(crate) fn intent_held(conn: &Connection) -> Result<u64, EngineError> {
    let count: i64 = conn
        .prepare_cached("SELECT count(*) FROM intent WHERE state = 'saved' AND held = 1")?
        .query_row([], |row| row.get(0))?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// The operations on a document that HQ holds.
pub(crate) fn intent_held_of(
    conn: &Connection,
    document: DocumentId,
) -> Result<Vec<OperationId>, EngineError> {
    let mut statement = conn.prepare_cached(
        "SELECT operation FROM intent WHERE document = ?1 AND state = 'saved' AND held = 1 ORDER BY n",
    )?;
    let ids = statement.query_map([document.to_string()], |row| row.get::<_, String>(0))?;
    ids.map(|id| parsed(&id?, "intent.operation")).collect()
}

/// What may become a counter, of what was settled before ?1. Operations on documents that still have work without a fate
/// stay: a replay may need what they knew. So do those on documents that are asked for whole: then they may be all there is.
const OLD: &str = "state <> 'saved' AND settled_at < ?1
    AND document NOT IN (SELECT document FROM intent WHERE state = 'saved')
    AND document NOT IN (SELECT id FROM doc WHERE in_scope = 1 AND (stuck = 1 OR want = 1))
    AND operation NOT IN (SELECT operation FROM inbox WHERE dismissed = 0)";

/// The documents that are shown and of which [`intent_compact`] would take operations.
pub(crate) fn intent_old_documents(
    conn: &Connection,
    before: Timestamp,
) -> Result<Vec<DocumentId>, EngineError> {
    let mut statement = conn.prepare(&format!(
        "SELECT DISTINCT document FROM intent WHERE {OLD}
             AND document IN (SELECT id FROM doc WHERE in_scope = 1 AND snapshot IS NOT NULL) ORDER BY document"
    ))?;
    let ids = statement.query_map([before.ms()], |row| row.get::<_, String>(0))?;
    ids.map(|id| parsed(&id?, "intent.document")).collect()
}

/// Turns operations settled before `before` into counters, with their changes.
pub(crate) fn intent_compact(conn: &Connection, before: Timestamp) -> Result<usize, EngineError> {
    conn.execute(
        &format!(
            "INSERT INTO counter (name, value) SELECT {PRESENT}, count(*) FROM intent WHERE {OLD} GROUP BY 1
             ON CONFLICT (name) DO UPDATE SET value = value + excluded.value"
        ),
        [before.ms()],
    )?;
    tally_counters(conn)?;
    conn.execute(
        &format!("DELETE FROM promise WHERE operation IN (SELECT operation FROM intent WHERE {OLD})"),
        [before.ms()],
    )?;
    conn.execute(
        &format!("DELETE FROM change WHERE operation IN (SELECT operation FROM intent WHERE {OLD})"),
        [before.ms()],
    )?;
    Ok(conn.execute(&format!("DELETE FROM intent WHERE {OLD}"), [before.ms()])?)
}
