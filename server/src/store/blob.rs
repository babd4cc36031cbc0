//! Blobs: which bytes are here, which documents refer to them, and which are missing. The files are `crate::blob`'s.

use fieldline_model::blob::{BlobHash, Media};
use fieldline_model::id::{DeviceId, DocumentId, EngineerId, OperationId};
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::StoreError;
use super::backup::blob_back_write;
use super::log::log_head;
use super::value::{bytes, from_sql, parsed, to_sql};

/// What a document says of a blob.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BlobRef {
    pub(crate) document: DocumentId,
    pub(crate) operation: OperationId,
    /// Whose work it is of; `None` for a file that HQ attached.
    pub(crate) engineer: Option<EngineerId>,
    pub(crate) hash: BlobHash,
    pub(crate) size: u64,
    pub(crate) media: Media,
    pub(crate) thumb: bool,
}

/// Where the bytes are that a document refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlobState {
    /// Not here yet.
    Waiting,
    /// Here.
    Here,
    /// Its author's phone has lost it, and nobody has given it since.
    Lost,
}

/// A blob that is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Here {
    pub(crate) size: u64,
    pub(crate) media: Media,
}

fn here_of(row: &Row<'_>) -> rusqlite::Result<Here> {
    Ok(Here {
        size: from_sql(row.get(0)?),
        media: parsed(row, 1)?,
    })
}

/// A document refers to a blob. Twice is once.
pub(crate) fn blob_ref_add(connection: &Connection, new: &BlobRef, at: Timestamp) -> Result<(), StoreError> {
    let (document, hash) = (new.document.to_string(), &new.hash.0[..]);
    let sql = "INSERT OR IGNORE INTO blob_ref (document, hash, operation, engineer, size, media, thumb)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    connection.prepare_cached(sql)?.execute(params![
        document,
        hash,
        new.operation.to_string(),
        whose(new.engineer),
        to_sql(new.size),
        new.media.word(),
        new.thumb,
    ])?;
    if blob_shown(connection, new.document, new.hash)?.is_some() {
        return Ok(());
    }
    let sql = "INSERT OR IGNORE INTO blob_wanted (document, hash, engineer, since, once_here) VALUES (?1, ?2, ?3, ?4, ?5)";
    // What HQ attached was here before anything told of it: whoever fetched it is asked.
    let (author, once_here) = (whose(new.engineer), new.engineer.is_none());
    connection
        .prepare_cached(sql)?
        .execute(params![document, hash, author, at.ms(), once_here])?;
    Ok(())
}

/// HQ's own are nobody's, so that no phone can call them lost.
fn whose(engineer: Option<EngineerId>) -> String {
    engineer.map(|engineer| engineer.to_string()).unwrap_or_default()
}

/// An article refers no more to what this operation attached. What nothing else refers to counts as new from now on, and
/// is missed by nobody.
pub(crate) fn blob_ref_drop(
    connection: &Connection,
    document: DocumentId,
    operation: OperationId,
    at: Timestamp,
) -> Result<(), StoreError> {
    let document = document.to_string();
    let sql = "DELETE FROM blob_ref WHERE document = ?1 AND operation = ?2 RETURNING hash";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![document, operation.to_string()], |row| {
        bytes::<32>(row, 0)
    })?;
    for hash in rows.collect::<Result<Vec<_>, _>>()? {
        let sql = "DELETE FROM blob_wanted WHERE document = ?1 AND hash = ?2
            AND NOT EXISTS (SELECT 1 FROM blob_ref r WHERE r.document = ?1 AND r.hash = ?2)";
        connection
            .prepare_cached(sql)?
            .execute(params![document, &hash[..]])?;
        let sql = "UPDATE blob SET at = ?2 WHERE hash = ?1
            AND NOT EXISTS (SELECT 1 FROM blob_ref r WHERE r.hash = ?1)";
        connection
            .prepare_cached(sql)?
            .execute(params![&hash[..], at.ms()])?;
    }
    Ok(())
}

/// Size and kind that the document tells of this blob by this author's operation.
pub(crate) fn blob_ref_by(
    connection: &Connection,
    document: DocumentId,
    hash: BlobHash,
    engineer: EngineerId,
) -> Result<Option<Here>, StoreError> {
    let sql = "SELECT size, media FROM blob_ref WHERE document = ?1 AND hash = ?2 AND engineer = ?3 LIMIT 1";
    let key = params![document.to_string(), &hash.0[..], engineer.to_string()];
    Ok(connection
        .prepare_cached(sql)?
        .query_row(key, here_of)
        .optional()?)
}

/// The blob, if it is here and somebody who may write in this document has shown it.
pub(crate) fn blob_shown(
    connection: &Connection,
    document: DocumentId,
    hash: BlobHash,
) -> Result<Option<Here>, StoreError> {
    let sql = "SELECT size, media FROM blob
        WHERE hash = ?2 AND EXISTS (SELECT 1 FROM blob_proof WHERE document = ?1 AND hash = ?2)";
    let key = params![document.to_string(), &hash.0[..]];
    Ok(connection
        .prepare_cached(sql)?
        .query_row(key, here_of)
        .optional()?)
}

/// The blob, if it may be read by this document: the document refers to it, and it was shown.
pub(crate) fn blob_readable(
    connection: &Connection,
    document: DocumentId,
    hash: BlobHash,
) -> Result<Option<Here>, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM blob_ref WHERE document = ?1 AND hash = ?2)";
    let key = params![document.to_string(), &hash.0[..]];
    let refers: bool = connection.prepare_cached(sql)?.query_row(key, |row| row.get(0))?;
    if refers {
        blob_shown(connection, document, hash)
    } else {
        Ok(None)
    }
}

/// Its bytes are here, shown for this document by this phone.
pub(crate) fn blob_arrived(
    connection: &Connection,
    (document, hash): (DocumentId, BlobHash),
    here: Here,
    device: DeviceId,
    at: Timestamp,
) -> Result<(), StoreError> {
    let sql = "INSERT OR IGNORE INTO blob (hash, size, media, at) VALUES (?1, ?2, ?3, ?4)";
    let row = params![&hash.0[..], to_sql(here.size), here.media.word(), at.ms()];
    connection.prepare_cached(sql)?.execute(row)?;
    let document = document.to_string();
    let sql = "INSERT OR IGNORE INTO blob_proof (document, hash, device, at) VALUES (?1, ?2, ?3, ?4)";
    let row = params![document, &hash.0[..], device.to_string(), at.ms()];
    connection.prepare_cached(sql)?.execute(row)?;
    blob_missed_no_more(connection, hash)
}

/// Its bytes are here: no document for which it was ever shown misses it any more. What was lost and is back may have been
/// brought by another phone than its author's, who then does not know that backups of until now lack it.
fn blob_missed_no_more(connection: &Connection, hash: BlobHash) -> Result<(), StoreError> {
    let sql = "DELETE FROM blob_wanted WHERE hash = ?1
        AND document IN (SELECT document FROM blob_proof WHERE hash = ?1) RETURNING once_here";
    let mut statement = connection.prepare_cached(sql)?;
    let missed = statement.query_map([&hash.0[..]], |row| row.get::<_, bool>(0))?;
    if missed.collect::<Result<Vec<_>, _>>()?.contains(&true) {
        blob_back_write(connection, log_head(connection)?.0)?;
    }
    Ok(())
}

/// While a photo is asked for again that was told as lost, each copy of its phone is: so long after the first may it answer.
const ASKED_AGAIN_MS: i64 = 25 * 60 * 60 * 1_000;

/// Its author's phone has it no more. False when it is not missed, or that is known.
pub(crate) fn blob_lost(
    connection: &Connection,
    document: DocumentId,
    hash: BlobHash,
    engineer: EngineerId,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let key = (document.to_string(), &hash.0[..], engineer.to_string());
    let sql = "UPDATE blob_wanted SET lost_at = ?4
        WHERE document = ?1 AND hash = ?2 AND engineer = ?3 AND lost_at IS NULL";
    let row = params![key.0, key.1, key.2, at.ms()];
    let is_news = connection.prepare_cached(sql)?.execute(row)? > 0;
    let sql = "UPDATE blob_wanted SET lost_at = ?4
        WHERE document = ?1 AND hash = ?2 AND engineer = ?3 AND lost_at < ?5";
    let row = params![key.0, key.1, key.2, at.ms(), at.plus_ms(-ASKED_AGAIN_MS).ms()];
    connection.prepare_cached(sql)?.execute(row)?;
    Ok(is_news)
}

/// What this engineer's phone may have and HQ misses: his own since before `before` or that was here once, and of what he
/// holds whatever was here once. The oldest first, then what was told as lost: once a day, because a copy of the phone may have said so; and
/// last files of HQ's own, which keep no photo waiting.
pub(crate) fn blob_lacks(
    connection: &Connection,
    engineer: EngineerId,
    before: Timestamp,
    limit: usize,
) -> Result<Vec<(DocumentId, BlobHash)>, StoreError> {
    let sql = "SELECT document, hash, since, lost_at IS NOT NULL AS lost, engineer = '' AS own FROM blob_wanted
            WHERE engineer = ?1 AND CASE WHEN lost_at IS NULL THEN once_here OR since < ?2 ELSE lost_at < ?2 END
        UNION SELECT document, hash, since, lost_at IS NOT NULL AS lost, engineer = '' AS own FROM blob_wanted
            WHERE once_here = 1 AND NOT (engineer = ?1 AND lost_at IS NOT NULL AND lost_at >= ?2)
                AND EXISTS (SELECT 1 FROM scope WHERE scope.engineer IN (?1, 'shared')
                    AND scope.document = blob_wanted.document)
        ORDER BY own, lost, since, document, hash LIMIT ?3";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![engineer.to_string(), before.ms(), limit], |row| {
        Ok((parsed(row, 0)?, BlobHash(bytes(row, 1)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether HQ has missed a blob of this engineer's since `after`, told as lost or not.
pub(crate) fn blob_misses(
    connection: &Connection,
    engineer: EngineerId,
    after: Timestamp,
) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM blob_wanted w JOIN blob_ref r ON r.document = w.document AND r.hash = w.hash
        WHERE w.once_here = 1 AND w.since >= ?2 AND r.engineer = ?1)";
    let row = params![engineer.to_string(), after.ms()];
    Ok(connection.prepare_cached(sql)?.query_row(row, |row| row.get(0))?)
}

/// Where each blob is that the document refers to.
pub(crate) fn blob_states(
    connection: &Connection,
    document: DocumentId,
) -> Result<Vec<(BlobHash, BlobState)>, StoreError> {
    let sql = "SELECT r.hash, w.lost_at IS NOT NULL,
            EXISTS (SELECT 1 FROM blob b WHERE b.hash = r.hash)
                AND EXISTS (SELECT 1 FROM blob_proof p WHERE p.document = r.document AND p.hash = r.hash)
        FROM blob_ref r LEFT JOIN blob_wanted w ON w.document = r.document AND w.hash = r.hash
        WHERE r.document = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([document.to_string()], |row| {
        let state = match (row.get(2)?, row.get(1)?) {
            (true, _) => BlobState::Here,
            (false, true) => BlobState::Lost,
            (false, false) => BlobState::Waiting,
        };
        Ok((BlobHash(bytes(row, 0)?), state))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Blobs after a name, in order: what should lie in the files.
pub(crate) fn blob_list(
    connection: &Connection,
    after: Option<BlobHash>,
    limit: usize,
) -> Result<Vec<(BlobHash, u64)>, StoreError> {
    let sql = "SELECT hash, size FROM blob WHERE hash > ?1 ORDER BY hash LIMIT ?2";
    let after = after.map_or(Vec::new(), |hash| hash.0.to_vec());
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![after, limit], |row| {
        Ok((BlobHash(bytes(row, 0)?), from_sql(row.get(1)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Its file is gone: whoever holds it is asked.
pub(crate) fn blob_gone(connection: &Connection, hash: BlobHash, at: Timestamp) -> Result<(), StoreError> {
    let sql = "INSERT INTO blob_wanted (document, hash, engineer, since, once_here)
        SELECT document, hash, min(engineer), ?2, 1 FROM blob_ref r WHERE hash = ?1
            AND EXISTS (SELECT 1 FROM blob_proof p WHERE p.document = r.document AND p.hash = r.hash)
        GROUP BY document, hash
        ON CONFLICT (document, hash) DO UPDATE SET once_here = 1";
    connection
        .prepare_cached(sql)?
        .execute(params![&hash.0[..], at.ms()])?;
    connection
        .prepare_cached("DELETE FROM blob WHERE hash = ?1")?
        .execute([&hash.0[..]])?;
    Ok(())
}

/// The files hold a blob that was not known. False when it was.
pub(crate) fn blob_found(
    connection: &Connection,
    hash: BlobHash,
    here: Here,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let sql = "INSERT OR IGNORE INTO blob (hash, size, media, at) VALUES (?1, ?2, ?3, ?4)";
    let row = params![&hash.0[..], to_sql(here.size), here.media.word(), at.ms()];
    let is_new = connection.prepare_cached(sql)?.execute(row)? > 0;
    blob_missed_no_more(connection, hash)?;
    Ok(is_new)
}

/// Whether bytes of this name are here, whoever may read them.
pub(crate) fn blob_is_here(connection: &Connection, hash: BlobHash) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM blob WHERE hash = ?1)";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([&hash.0[..]], |row| row.get(0))?)
}

/// Blobs that were here once and are not: how many phones are asked for, and how many were told as lost for each document
/// that wants them.
pub(crate) fn blobs_gone(connection: &Connection) -> Result<(u64, u64), StoreError> {
    let sql = "SELECT count(*) FILTER (WHERE NOT lost), count(*) FILTER (WHERE lost)
        FROM (SELECT min(lost_at IS NOT NULL) AS lost FROM blob_wanted WHERE once_here = 1 GROUP BY hash)";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([], |row| Ok((from_sql(row.get(0)?), from_sql(row.get(1)?))))?)
}

/// Documents by which a blob is missed.
pub(crate) fn blob_wanted_by(connection: &Connection, hash: BlobHash) -> Result<Vec<DocumentId>, StoreError> {
    let sql = "SELECT document FROM blob_wanted WHERE hash = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([&hash.0[..]], |row| parsed(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether nothing refers to the blob `b`, and nothing will: what is held names its photos in its entry alone until somebody
/// decides.
macro_rules! unreferenced {
    () => {
        "NOT EXISTS (SELECT 1 FROM blob_ref r WHERE r.hash = b.hash)
        AND NOT EXISTS (SELECT 1 FROM refused h WHERE h.operation IS NOT NULL AND instr(h.entry, lower(hex(b.hash)))
            AND NOT EXISTS (SELECT 1 FROM fate f WHERE f.operation = h.operation))"
    };
}

/// Blobs here since before `before` to which nothing refers; with the planted bug, also others.
pub(crate) fn blob_stale(
    connection: &Connection,
    before: Timestamp,
    also_referred: bool,
    limit: usize,
) -> Result<Vec<BlobHash>, StoreError> {
    let sql = concat!(
        "SELECT hash FROM blob b WHERE at < ?1 AND (?3 OR (",
        unreferenced!(),
        ")) LIMIT ?2"
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![before.ms(), limit, also_referred], |row| {
        Ok(BlobHash(bytes(row, 0)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Forgets a blob unless something refers to it by now; with the planted bug, even then. False when it stays.
pub(crate) fn blob_forget(
    connection: &Connection,
    hash: BlobHash,
    before: Timestamp,
    also_referred: bool,
) -> Result<bool, StoreError> {
    let sql = concat!(
        "DELETE FROM blob AS b WHERE hash = ?1 AND at < ?2 AND (?3 OR (",
        unreferenced!(),
        "))"
    );
    let gone = connection
        .prepare_cached(sql)?
        .execute(params![&hash.0[..], before.ms(), also_referred])?;
    if gone > 0 {
        connection
            .prepare_cached("DELETE FROM blob_proof WHERE hash = ?1")?
            .execute([&hash.0[..]])?;
    }
    Ok(gone > 0)
}

/// The record was put back: references made since will come again, so that what nothing refers to counts as new.
pub(crate) fn blob_renew(connection: &Connection, now: Timestamp) -> Result<(), StoreError> {
    let sql = "UPDATE blob SET at = ?1 WHERE NOT EXISTS (SELECT 1 FROM blob_ref r WHERE r.hash = blob.hash)";
    connection.prepare_cached(sql)?.execute([now.ms()])?;
    Ok(())
}
