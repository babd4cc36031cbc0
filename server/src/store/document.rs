//! Documents, their changes, the fates of operations, and what was not taken.

use fieldline_model::id::{DeviceId, DocumentId, EngineerId, OperationId};
use fieldline_model::time::Timestamp;
use fieldline_model::wire::Fate;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::StoreError;
use super::value::{bytes, from_sql, parsed, parsed_maybe, to_sql};

/// A stored document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stored {
    /// As automerge saves it, uncompressed.
    pub(crate) snapshot: Vec<u8>,
    /// Sorted heads.
    pub(crate) heads: Vec<[u8; 32]>,
    /// The newest log entry contained.
    pub(crate) last_seq: u64,
}

fn split_heads(blob: &[u8]) -> Vec<[u8; 32]> {
    let (heads, _) = blob.as_chunks::<32>();
    heads.to_vec()
}

/// The whole document.
pub(crate) fn document_read(connection: &Connection, id: DocumentId) -> Result<Option<Stored>, StoreError> {
    let sql = "SELECT snapshot, heads, last_seq FROM document WHERE id = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let stored = statement.query_row([id.to_string()], |row| {
        Ok(Stored {
            snapshot: row.get(0)?,
            heads: split_heads(row.get_ref(1)?.as_blob()?),
            last_seq: from_sql(row.get(2)?),
        })
    });
    Ok(stored.optional()?)
}

/// Sorted heads and the newest log entry contained.
type HeadsAt = (Vec<[u8; 32]>, u64);

/// Not from the table itself, where the heads stand behind the snapshot.
pub(super) const DOCUMENT_HEADS: &str =
    "SELECT heads, last_seq FROM document INDEXED BY document_heads WHERE id = ?1";

/// Only its heads and newest entry: enough to know whether a loaded copy is still true.
pub(crate) fn document_heads(connection: &Connection, id: DocumentId) -> Result<Option<HeadsAt>, StoreError> {
    let mut statement = connection.prepare_cached(DOCUMENT_HEADS)?;
    let found = statement.query_row([id.to_string()], |row| {
        Ok((split_heads(row.get_ref(0)?.as_blob()?), from_sql(row.get(1)?)))
    });
    Ok(found.optional()?)
}

/// Bytes of the stored snapshot.
pub(crate) fn document_bytes(connection: &Connection, id: DocumentId) -> Result<usize, StoreError> {
    let mut statement = connection.prepare_cached("SELECT length(snapshot) FROM document WHERE id = ?1")?;
    let length: Option<i64> = statement
        .query_row([id.to_string()], |row| row.get(0))
        .optional()?;
    Ok(usize::try_from(length.unwrap_or(0)).unwrap_or(usize::MAX))
}

/// Writes the document over what was there.
pub(crate) fn document_write(
    connection: &Connection,
    id: DocumentId,
    stored: &Stored,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO document (id, kind, snapshot, heads, last_seq) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (id) DO UPDATE SET snapshot = excluded.snapshot, heads = excluded.heads,
            last_seq = excluded.last_seq";
    connection.prepare_cached(sql)?.execute(params![
        id.to_string(),
        id.kind().word(),
        stored.snapshot,
        stored.heads.concat(),
        to_sql(stored.last_seq),
    ])?;
    Ok(())
}

/// A change that was taken.
#[derive(Debug)]
pub(crate) struct ChangeRow<'a> {
    /// Its hash.
    pub(crate) hash: [u8; 32],
    /// Its document.
    pub(crate) document: DocumentId,
    /// Its actor.
    pub(crate) actor: &'a [u8],
    /// Its place in the actor's line.
    pub(crate) actor_seq: u64,
    /// Its log entry.
    pub(crate) seq: u64,
    /// Its bytes.
    pub(crate) bytes: &'a [u8],
    /// Its operation.
    pub(crate) operation: OperationId,
    /// The phone and its install; `None` = the server itself.
    pub(crate) device: Option<(DeviceId, [u8; 16])>,
}

/// Keeps a change.
pub(crate) fn change_add(connection: &Connection, change: &ChangeRow<'_>) -> Result<(), StoreError> {
    let sql = "INSERT INTO change (hash, document, actor, actor_seq, seq, bytes, operation, device, install)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    connection.prepare_cached(sql)?.execute(params![
        &change.hash[..],
        change.document.to_string(),
        change.actor,
        to_sql(change.actor_seq),
        to_sql(change.seq),
        change.bytes,
        change.operation.to_string(),
        change.device.map(|(device, _)| device.to_string()),
        change.device.map(|(_, install)| install),
    ])?;
    Ok(())
}

/// The operation of a change that was taken.
pub(crate) fn change_operation(
    connection: &Connection,
    hash: &[u8; 32],
) -> Result<Option<OperationId>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT operation FROM change WHERE hash = ?1")?;
    Ok(statement
        .query_row([&hash[..]], |row| parsed(row, 0))
        .optional()?)
}

/// A change and its place in the log.
#[derive(Debug, Clone)]
pub(crate) struct ChangeOfLog {
    pub(crate) hash: [u8; 32],
    pub(crate) seq: u64,
    /// Written by the install that is asked about.
    pub(crate) own: bool,
    /// Written by the phone that is asked about, under whatever install.
    pub(crate) of_device: bool,
    /// Empty when it stands in the document alone.
    pub(crate) bytes: Vec<u8>,
}

/// All changes of a document, oldest first, and which of them this install of a phone wrote.
pub(crate) fn changes_and_own(
    connection: &Connection,
    id: DocumentId,
    device: DeviceId,
    install: &[u8; 16],
) -> Result<Vec<ChangeOfLog>, StoreError> {
    let sql = "SELECT seq, device IS ?2 AND install IS ?3, device IS ?2, bytes, hash FROM change
        WHERE document = ?1 ORDER BY seq";
    let mut statement = connection.prepare_cached(sql)?;
    let key = params![id.to_string(), device.to_string(), &install[..]];
    let changes = statement.query_map(key, |row| {
        Ok(ChangeOfLog {
            seq: from_sql(row.get(0)?),
            own: row.get(1)?,
            of_device: row.get(2)?,
            bytes: row.get(3)?,
            hash: bytes(row, 4)?,
        })
    })?;
    Ok(changes.collect::<Result<_, _>>()?)
}

/// Whether this phone wrote more of a document than lies before this place in the log.
pub(crate) fn changes_beyond(
    connection: &Connection,
    id: DocumentId,
    until: u64,
    device: DeviceId,
) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM change WHERE document = ?1 AND seq > ?2 AND device = ?3";
    let key = params![id.to_string(), to_sql(until), device.to_string()];
    Ok(connection.prepare_cached(sql)?.exists(key)?)
}

/// A change as pages need it.
#[derive(Debug, Clone)]
pub(crate) struct ChangeBytes {
    /// Its bytes. Empty when it stands in the document alone.
    pub(crate) bytes: Vec<u8>,
    /// Who wrote it; `None` = the server.
    pub(crate) device: Option<DeviceId>,
    /// Under which install.
    pub(crate) install: Option<[u8; 16]>,
}

/// The change with this hash.
pub(crate) fn change_read(
    connection: &Connection,
    hash: &[u8; 32],
) -> Result<Option<ChangeBytes>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT bytes, device, install FROM change WHERE hash = ?1")?;
    let change = statement.query_row([&hash[..]], |row| {
        let install = if row.get_ref(2)? == rusqlite::types::ValueRef::Null {
            None
        } else {
            Some(bytes(row, 2)?)
        };
        Ok(ChangeBytes {
            bytes: row.get(0)?,
            device: parsed_maybe(row, 1)?,
            install,
        })
    });
    Ok(change.optional()?)
}

/// A fate and the change that won it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decided {
    /// The fate.
    pub(crate) fate: Fate,
    /// The change.
    pub(crate) hash: [u8; 32],
}

fn decided(row: &Row<'_>) -> rusqlite::Result<Decided> {
    let word: String = row.get(0)?;
    let code: Option<String> = row.get(1)?;
    let fate = Fate::from_words(&word, code.as_deref()).ok_or(rusqlite::Error::InvalidQuery)?;
    Ok(Decided {
        fate,
        hash: bytes(row, 2)?,
    })
}

/// The operation's fate, if it has one.
pub(crate) fn fate_read(
    connection: &Connection,
    operation: OperationId,
) -> Result<Option<Decided>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT fate, code, hash FROM fate WHERE operation = ?1")?;
    Ok(statement.query_row([operation.to_string()], decided).optional()?)
}

/// Decides a fate. Decided once: a second attempt is an error of the caller.
pub(crate) fn fate_add(
    connection: &Connection,
    operation: OperationId,
    document: DocumentId,
    decided: &Decided,
    device: Option<DeviceId>,
    at: Timestamp,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO fate (operation, document, fate, code, hash, device, at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    connection.prepare_cached(sql)?.execute(params![
        operation.to_string(),
        document.to_string(),
        decided.fate.word(),
        decided.fate.code(),
        &decided.hash[..],
        device.map(|device| device.to_string()),
        at.ms(),
    ])?;
    Ok(())
}

/// A change that was not taken.
#[derive(Debug)]
pub(crate) struct RefusedRow<'a> {
    /// Its hash.
    pub(crate) hash: [u8; 32],
    /// Its document.
    pub(crate) document: DocumentId,
    /// Its operation, when it could be read.
    pub(crate) operation: Option<OperationId>,
    /// Why.
    pub(crate) code: &'a str,
    /// Whose.
    pub(crate) device: DeviceId,
    /// Its bytes.
    pub(crate) bytes: &'a [u8],
    /// The person's own words, when they could be read.
    pub(crate) entry: Option<&'a str>,
}

/// Keeps a change that was not taken. Twice is once.
pub(crate) fn refused_add(
    connection: &Connection,
    refused: &RefusedRow<'_>,
    at: Timestamp,
) -> Result<(), StoreError> {
    let sql = "INSERT OR IGNORE INTO refused (hash, document, operation, code, device, bytes, entry, at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    connection.prepare_cached(sql)?.execute(params![
        &refused.hash[..],
        refused.document.to_string(),
        refused.operation.map(|operation| operation.to_string()),
        refused.code,
        refused.device.to_string(),
        refused.bytes,
        refused.entry,
        at.ms(),
    ])?;
    Ok(())
}

/// Whether a change with this hash was not taken before.
pub(crate) fn refused_holds(connection: &Connection, hash: &[u8; 32]) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM refused WHERE hash = ?1")?;
    Ok(statement.exists([&hash[..]])?)
}

/// Whether a phone of this engineer brought a change with this hash that was not taken.
pub(crate) fn refused_of(
    connection: &Connection,
    hash: &[u8; 32],
    engineer: EngineerId,
) -> Result<bool, StoreError> {
    let sql =
        "SELECT 1 FROM refused r JOIN device d ON d.id = r.device WHERE r.hash = ?1 AND d.engineer = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.exists(params![&hash[..], engineer.to_string()])?)
}

/// The operation of a change that was not taken; the outer `None` when there is no such change.
pub(crate) fn refused_operation(
    connection: &Connection,
    hash: &[u8; 32],
) -> Result<Option<Option<OperationId>>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT operation FROM refused WHERE hash = ?1")?;
    Ok(statement
        .query_row([&hash[..]], |row| parsed_maybe(row, 0))
        .optional()?)
}

/// The log entry of an operation's change.
pub(crate) fn operation_seq(
    connection: &Connection,
    operation: OperationId,
) -> Result<Option<u64>, StoreError> {
    // `change` has no index by operation; the event with the same operation names the entry.
    let mut statement = connection.prepare_cached("SELECT seq FROM event WHERE operation = ?1")?;
    let seq = statement.query_row([operation.to_string()], |row| row.get(0));
    Ok(seq.optional()?.map(from_sql))
}
