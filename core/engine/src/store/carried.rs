//! Tables `carried`, `carried_entry`, `carried_ground` and `papers`: what colleagues handed this phone, and HQ's word for
//! phones.

use std::collections::{BTreeMap, BTreeSet};

use fieldline_model::certificate::{Certificate, Papers};
use fieldline_model::entry::Entry;
use fieldline_model::id::{DeviceId, DocumentId, OperationId};
use fieldline_model::lane::change_hash;
use fieldline_model::time::Timestamp;
use fieldline_model::wire::{Lane, Shared};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::parsed;
use crate::error::EngineError;

/// A lane that this phone carries for somebody.
#[derive(Debug, Clone)]
pub(crate) struct Carried {
    n: i64,
    /// Since when HQ lacks what it builds on.
    pub(crate) needs_since: Option<Timestamp>,
    /// Its author's phone.
    pub(crate) device: DeviceId,
    /// HQ's word for that.
    pub(crate) certificate: Certificate,
    pub(crate) lane: Lane,
}

/// Hash of the last change of a lane.
pub(crate) fn head_of(lane: &Lane) -> [u8; 32] {
    lane.changes
        .last()
        .map(|bytes| change_hash(bytes))
        .unwrap_or_default()
}

fn to_blob<T: Serialize>(value: &T, column: &'static str) -> Result<Vec<u8>, EngineError> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).map_err(|_| EngineError::BadValue(column))?;
    Ok(bytes)
}

fn from_blob<T: DeserializeOwned>(bytes: &[u8], column: &'static str) -> Result<T, EngineError> {
    ciborium::from_reader(bytes).map_err(|_| EngineError::BadValue(column))
}

type Raw = (i64, String, Vec<u8>, Vec<u8>, Option<i64>);

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
}

fn carried((n, device, certificate, lane, needs_since): Raw) -> Result<Carried, EngineError> {
    Ok(Carried {
        n,
        needs_since: needs_since.map(Timestamp::from_ms),
        device: parsed(&device, "carried.device")?,
        certificate: from_blob(&certificate, "carried.certificate")?,
        lane: from_blob(&lane, "carried.lane")?,
    })
}

/// Those that can be read: what the disk damaged its author still has, or HQ.
fn readable(rows: impl Iterator<Item = rusqlite::Result<Raw>>) -> Result<Vec<Carried>, EngineError> {
    let mut lanes = Vec::new();
    for row in rows {
        lanes.extend(carried(row?).ok());
    }
    Ok(lanes)
}

/// The lanes of a document that HQ has not got, oldest first.
pub(crate) fn carried_of(conn: &Connection, id: DocumentId) -> Result<Vec<Carried>, EngineError> {
    let mut statement = conn.prepare_cached(
        "SELECT n, device, certificate, lane, needs_since FROM carried
         WHERE document = ?1 AND taken_at IS NULL AND refused IS NULL ORDER BY n",
    )?;
    readable(statement.query_map([id.to_string()], raw)?)
}

/// Lanes that are due to be brought to HQ, oldest first, at most so many.
pub(crate) fn carried_due(
    conn: &Connection,
    now: Timestamp,
    max: usize,
) -> Result<Vec<Carried>, EngineError> {
    let mut statement = conn.prepare_cached(
        "SELECT n, device, certificate, lane, needs_since FROM carried
         WHERE taken_at IS NULL AND refused IS NULL AND due_at <= ?1 ORDER BY n LIMIT ?2",
    )?;
    let max = i64::try_from(max).unwrap_or(i64::MAX);
    readable(statement.query_map([now.ms(), max], raw)?)
}

/// Documents with lanes that HQ has not got.
pub(crate) fn carried_documents(conn: &Connection) -> Result<BTreeSet<DocumentId>, EngineError> {
    let mut statement = conn
        .prepare_cached("SELECT DISTINCT document FROM carried WHERE taken_at IS NULL AND refused IS NULL")?;
    let ids = statement.query_map([], |row| row.get::<_, String>(0))?;
    ids.map(|id| parsed(&id?, "carried.document")).collect()
}

/// How many bytes all lanes here have, with those that HQ has.
pub(crate) fn carried_bytes(conn: &Connection) -> Result<u64, EngineError> {
    let sql = "SELECT coalesce(sum(length(lane)), 0) FROM carried";
    Ok(conn
        .query_row(sql, [], |row| row.get::<_, i64>(0))?
        .unsigned_abs())
}

/// How many operations of colleagues this phone carries that HQ has not got.
pub(crate) fn carried_count(conn: &Connection) -> Result<u64, EngineError> {
    let sql = "SELECT coalesce(sum(changes), 0) FROM carried WHERE taken_at IS NULL AND refused IS NULL";
    Ok(conn
        .query_row(sql, [], |row| row.get::<_, i64>(0))?
        .unsigned_abs())
}

/// True when this very lane is here, whatever became of it.
pub(crate) fn carried_holds(conn: &Connection, head: &[u8; 32]) -> Result<bool, EngineError> {
    let mut statement = conn.prepare_cached("SELECT 1 FROM carried WHERE head = ?1")?;
    Ok(statement.exists([&head[..]])?)
}

/// Keeps a lane with what could be read of it. Shorter ones of the same line that it holds whole give way.
pub(crate) fn carried_add(
    conn: &Connection,
    certificate: &Certificate,
    lane: &Lane,
    entries: &BTreeMap<OperationId, Entry>,
    now: Timestamp,
) -> Result<(), EngineError> {
    let whole: BTreeSet<[u8; 32]> = lane.changes.iter().map(|bytes| change_hash(bytes)).collect();
    for old in carried_of(conn, lane.document)? {
        let same_line = (old.device, old.lane.install, old.lane.branch)
            == (certificate.device, lane.install, lane.branch);
        if same_line
            && old
                .lane
                .changes
                .iter()
                .all(|bytes| whole.contains(&change_hash(bytes)))
        {
            conn.execute("DELETE FROM carried WHERE n = ?1", [old.n])?;
        }
    }
    conn.prepare_cached(
        "INSERT INTO carried (head, document, device, certificate, lane, changes, got_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (head) DO NOTHING",
    )?
    .execute(params![
        &head_of(lane)[..],
        lane.document.to_string(),
        certificate.device.to_string(),
        to_blob(certificate, "carried.certificate")?,
        to_blob(lane, "carried.lane")?,
        i64::try_from(lane.changes.len()).unwrap_or(i64::MAX),
        now.ms(),
    ])?;
    let n = conn.last_insert_rowid();
    let mut put = conn.prepare_cached(
        "INSERT OR IGNORE INTO carried_entry (carried, operation, entry) VALUES (?1, ?2, ?3)",
    )?;
    for (operation, entry) in entries {
        let text = entry
            .to_text()
            .map_err(|_| EngineError::BadValue("carried_entry.entry"))?;
        put.execute(params![n, operation.to_string(), text])?;
    }
    Ok(())
}

/// What colleagues did in a document, as far as HQ has not got it and it could be checked here.
pub(crate) fn carried_entries(
    conn: &Connection,
    id: DocumentId,
) -> Result<BTreeMap<OperationId, Entry>, EngineError> {
    let mut statement = conn.prepare_cached(
        "SELECT operation, entry FROM carried_entry JOIN carried ON n = carried
         WHERE document = ?1 AND taken_at IS NULL AND refused IS NULL",
    )?;
    let rows = statement.query_map([id.to_string()], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    })?;
    let mut entries = BTreeMap::new();
    for row in rows {
        let (operation, text) = row?;
        let operation = parsed(&operation, "carried_entry.operation")?;
        entries.extend(Entry::read(&text).map(|entry| (operation, entry)));
    }
    Ok(entries)
}

/// HQ has it.
pub(crate) fn carried_taken(conn: &Connection, head: &[u8; 32], now: Timestamp) -> Result<(), EngineError> {
    conn.prepare_cached("UPDATE carried SET taken_at = ?2 WHERE head = ?1")?
        .execute(params![&head[..], now.ms()])?;
    Ok(())
}

/// It is brought again, and not before.
pub(crate) fn carried_put_off(
    conn: &Connection,
    head: &[u8; 32],
    until: Timestamp,
) -> Result<(), EngineError> {
    conn.prepare_cached("UPDATE carried SET due_at = ?2 WHERE head = ?1")?
        .execute(params![&head[..], until.ms()])?;
    Ok(())
}

/// HQ lacks what it builds on, from now on if not since before.
pub(crate) fn carried_needs(conn: &Connection, head: &[u8; 32], now: Timestamp) -> Result<(), EngineError> {
    conn.prepare_cached("UPDATE carried SET needs_since = coalesce(needs_since, ?2) WHERE head = ?1")?
        .execute(params![&head[..], now.ms()])?;
    Ok(())
}

/// HQ will never have it.
pub(crate) fn carried_refused(conn: &Connection, head: &[u8; 32], code: &str) -> Result<(), EngineError> {
    conn.prepare_cached("UPDATE carried SET refused = ?2 WHERE head = ?1")?
        .execute(params![&head[..], code])?;
    Ok(())
}

/// HQ may have lost what it had: everything is brought once more.
pub(crate) fn carried_offer_again(conn: &Connection) -> Result<(), EngineError> {
    conn.execute(
        "UPDATE carried SET taken_at = NULL, due_at = 0, needs_since = NULL",
        [],
    )?;
    Ok(())
}

/// Throws away what HQ took or refused and that came before `until`.
pub(crate) fn carried_forget(conn: &Connection, until: Timestamp) -> Result<(), EngineError> {
    conn.prepare_cached(
        "DELETE FROM carried WHERE (taken_at IS NOT NULL OR refused IS NOT NULL) AND coalesce(taken_at, got_at) < ?1",
    )?
    .execute([until.ms()])?;
    conn.prepare_cached("DELETE FROM carried_ground WHERE document NOT IN (SELECT document FROM carried)")?
        .execute([])?;
    Ok(())
}

/// What HQ had vouched for of a document when it was handed over here.
pub(crate) fn ground_get(conn: &Connection, id: DocumentId) -> Result<Option<Shared>, EngineError> {
    let bytes: Option<Vec<u8>> = conn
        .prepare_cached("SELECT shared FROM carried_ground WHERE document = ?1")?
        .query_row([id.to_string()], |row| row.get(0))
        .optional()?;
    bytes
        .map(|bytes| from_blob(&bytes, "carried_ground.shared"))
        .transpose()
}

/// Keeps it instead of what was here.
pub(crate) fn ground_put(conn: &Connection, ground: &Shared) -> Result<(), EngineError> {
    conn.prepare_cached("INSERT OR REPLACE INTO carried_ground (document, shared) VALUES (?1, ?2)")?
        .execute(params![
            ground.document.to_string(),
            to_blob(ground, "carried_ground.shared")?
        ])?;
    Ok(())
}

/// HQ's word for this phone, and the key by which it gives it.
pub(crate) fn papers_get(conn: &Connection) -> Result<Option<Papers>, EngineError> {
    let found = conn
        .prepare_cached("SELECT hq_key, certificate FROM papers")?
        .query_row([], |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?)))
        .optional()?;
    // What cannot be read is asked for anew.
    let papers = found.and_then(|(hq_key, certificate)| {
        let certificate = from_blob(&certificate, "papers.certificate").ok()?;
        Some(Papers { hq_key, certificate })
    });
    Ok(papers)
}

/// Keeps them.
pub(crate) fn papers_put(conn: &Connection, papers: &Papers) -> Result<(), EngineError> {
    conn.prepare_cached("INSERT OR REPLACE INTO papers (one, hq_key, certificate) VALUES (1, ?1, ?2)")?
        .execute(params![
            &papers.hq_key[..],
            to_blob(&papers.certificate, "papers.certificate")?
        ])?;
    Ok(())
}
