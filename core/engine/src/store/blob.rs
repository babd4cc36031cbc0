//! Table `blob`: photos of this phone and photos fetched from HQ; what HQ has of them, and what it waits for.

use fieldline_model::blob::BlobHash;
use fieldline_model::id::{DocumentId, OperationId};
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{to_signed, to_unsigned};
use crate::error::EngineError;

/// What HQ has of a photo, as far as this phone knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlobState {
    /// It is to go up.
    Waiting,
    /// HQ has it.
    AtHq,
    /// HQ will not have it.
    Refused,
    /// It was to go up, and the file is gone or damaged.
    Lost,
}

impl BlobState {
    /// The word in tables and JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::AtHq => "at_hq",
            Self::Refused => "refused",
            Self::Lost => "lost",
        }
    }

    fn of(word: &str) -> Option<Self> {
        [Self::Waiting, Self::AtHq, Self::Refused, Self::Lost]
            .into_iter()
            .find(|state| state.word() == word)
    }
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BlobLine {
    pub(crate) document: DocumentId,
    pub(crate) hash: BlobHash,
    pub(crate) operation: OperationId,
    pub(crate) size: u64,
    pub(crate) thumb: bool,
    pub(crate) own: bool,
    pub(crate) state: BlobState,
    pub(crate) seq: Option<u64>,
    pub(crate) at: Timestamp,
}

const COLUMNS: &str = "document, hash, operation, size, thumb, own, state, seq, at";

/// A line that cannot be read tells nothing, and stops nothing.
fn line_of(row: &Row<'_>) -> rusqlite::Result<Option<BlobLine>> {
    let text = |n| row.get::<_, String>(n).ok();
    let hash = row
        .get::<_, Vec<u8>>(1)
        .ok()
        .and_then(|hash| hash.try_into().ok());
    let read = || {
        Some(BlobLine {
            document: text(0)?.parse().ok()?,
            hash: BlobHash(hash?),
            operation: text(2)?.parse().ok()?,
            size: to_unsigned(row.get(3).ok()?),
            thumb: row.get(4).ok()?,
            own: row.get(5).ok()?,
            state: BlobState::of(&text(6)?)?,
            seq: row.get::<_, Option<i64>>(7).ok()?.map(to_unsigned),
            at: Timestamp::from_ms(row.get(8).ok()?),
        })
    };
    Ok(read())
}

fn lines(conn: &Connection, rest: &str, params: impl rusqlite::Params) -> Result<Vec<BlobLine>, EngineError> {
    let mut statement = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM blob {rest}"))?;
    let found = statement.query_map(params, line_of)?;
    let found: Vec<Option<BlobLine>> = found.collect::<Result<_, _>>()?;
    Ok(found.into_iter().flatten().collect())
}

/// Keeps a line; one that is there stays as it is.
pub(crate) fn blob_insert(conn: &Connection, line: &BlobLine) -> Result<(), EngineError> {
    let sql = "INSERT OR IGNORE INTO blob (document, hash, operation, size, thumb, own, state, seq, at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    conn.prepare_cached(sql)?.execute(params![
        line.document.to_string(),
        &line.hash.0[..],
        line.operation.to_string(),
        to_signed(line.size),
        line.thumb,
        line.own,
        line.state.word(),
        line.seq.map(to_signed),
        line.at.ms(),
    ])?;
    Ok(())
}

/// An operation of this phone tells of it, whatever did before: it goes up unless HQ has it.
pub(crate) fn blob_renew(
    conn: &Connection,
    document: DocumentId,
    hash: BlobHash,
    operation: OperationId,
) -> Result<(), EngineError> {
    let sql = "UPDATE blob SET operation = ?3, state = CASE WHEN own = 1 AND state = 'at_hq' THEN state ELSE 'waiting' END,
            own = 1, told = 0, code = NULL
        WHERE document = ?1 AND hash = ?2";
    conn.prepare_cached(sql)?
        .execute(params![document.to_string(), &hash.0[..], operation.to_string()])?;
    Ok(())
}

/// The line of a blob in a document.
pub(crate) fn blob_get(
    conn: &Connection,
    document: DocumentId,
    hash: BlobHash,
) -> Result<Option<BlobLine>, EngineError> {
    let key = params![document.to_string(), &hash.0[..]];
    Ok(lines(conn, "WHERE document = ?1 AND hash = ?2", key)?.pop())
}

/// Whether any document here needs this file.
pub(crate) fn blob_is_named(conn: &Connection, hash: BlobHash) -> Result<bool, EngineError> {
    let sql = "SELECT 1 FROM blob WHERE hash = ?1 LIMIT 1";
    let found = conn
        .prepare_cached(sql)?
        .query_row([&hash.0[..]], |_| Ok(()))
        .optional()?;
    Ok(found.is_some())
}

/// What is to go up or to be told, thumbnails first, then the oldest. What HQ refused to hear of is left out.
pub(crate) fn blob_due(conn: &Connection) -> Result<Vec<BlobLine>, EngineError> {
    lines(
        conn,
        "WHERE (state = 'waiting' OR (state = 'lost' AND told = 0))
            AND NOT EXISTS (SELECT 1 FROM intent WHERE intent.operation = blob.operation AND intent.state = 'refused')
         ORDER BY thumb DESC, at, hash",
        [],
    )
}

/// Every line of a document.
pub(crate) fn blob_of_document(
    conn: &Connection,
    document: DocumentId,
) -> Result<Vec<BlobLine>, EngineError> {
    lines(conn, "WHERE document = ?1", [document.to_string()])
}

/// Own photos, without thumbnails, that are in this state, oldest first.
pub(crate) fn blob_own(conn: &Connection, state: BlobState) -> Result<Vec<BlobLine>, EngineError> {
    lines(
        conn,
        "WHERE own = 1 AND thumb = 0 AND state = ?1 ORDER BY at, hash",
        [state.word()],
    )
}

/// How many own photos, without thumbnails, are waiting, at HQ, refused and lost, and how many bytes wait.
pub(crate) fn blob_counts(conn: &Connection) -> Result<[u64; 5], EngineError> {
    let sql = "SELECT
            coalesce(sum(b.state = 'waiting' AND i.state IS NOT 'refused'), 0),
            coalesce(sum(b.state = 'at_hq' AND i.state IS NOT 'refused'), 0),
            coalesce(sum(b.state = 'refused' OR i.state IS 'refused'), 0),
            coalesce(sum(b.state = 'lost' AND i.state IS NOT 'refused'), 0),
            coalesce(sum(CASE WHEN b.state = 'waiting' AND i.state IS NOT 'refused' THEN b.size ELSE 0 END), 0)
        FROM blob b LEFT JOIN intent i ON i.operation = b.operation WHERE b.own = 1 AND b.thumb = 0";
    let counts: [i64; 5] = conn.prepare_cached(sql)?.query_row([], |row| {
        Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?])
    })?;
    Ok(counts.map(to_unsigned))
}

/// It is in this state from now on. What is lost anew is to be told anew.
pub(crate) fn blob_set_state(
    conn: &Connection,
    document: DocumentId,
    hash: BlobHash,
    state: BlobState,
) -> Result<(), EngineError> {
    conn.prepare_cached("UPDATE blob SET state = ?3, told = 0 WHERE document = ?1 AND hash = ?2")?
        .execute(params![document.to_string(), &hash.0[..], state.word()])?;
    Ok(())
}

/// HQ has it; its log stood here.
pub(crate) fn blob_sent(
    conn: &Connection,
    document: DocumentId,
    hash: BlobHash,
    seq: u64,
) -> Result<(), EngineError> {
    let sql = "UPDATE blob SET state = 'at_hq', told = 0, seq = ?3 WHERE document = ?1 AND hash = ?2";
    conn.prepare_cached(sql)?
        .execute(params![document.to_string(), &hash.0[..], to_signed(seq)])?;
    Ok(())
}

/// HQ will not have it.
pub(crate) fn blob_refused(
    conn: &Connection,
    document: DocumentId,
    hash: BlobHash,
    code: &str,
) -> Result<(), EngineError> {
    let sql = "UPDATE blob SET state = 'refused', code = ?3 WHERE document = ?1 AND hash = ?2";
    conn.prepare_cached(sql)?
        .execute(params![document.to_string(), &hash.0[..], code])?;
    Ok(())
}

/// HQ knows that it is lost.
pub(crate) fn blob_told(conn: &Connection, document: DocumentId, hash: BlobHash) -> Result<(), EngineError> {
    conn.prepare_cached("UPDATE blob SET told = 1 WHERE document = ?1 AND hash = ?2 AND state = 'lost'")?
        .execute(params![document.to_string(), &hash.0[..]])?;
    Ok(())
}

/// HQ began another epoch: whether it has what it had is asked again, and places in its log mean nothing any more.
pub(crate) fn blob_doubt(conn: &Connection) -> Result<(), EngineError> {
    conn.execute(
        "UPDATE blob SET state = 'waiting' WHERE state = 'at_hq' AND own = 1",
        [],
    )?;
    conn.execute("UPDATE blob SET told = 0 WHERE state = 'lost'", [])?;
    // Known to have been there once, and by no backup.
    conn.execute("UPDATE blob SET seq = ?1 WHERE seq IS NOT NULL", [i64::MAX])?;
    Ok(())
}

/// Whether HQ had the blobs of this operation is not known any more.
pub(crate) fn blob_doubt_of(conn: &Connection, operation: OperationId) -> Result<(), EngineError> {
    conn.prepare_cached("UPDATE blob SET seq = ?2 WHERE operation = ?1 AND own = 1")?
        .execute(params![operation.to_string(), i64::MAX])?;
    Ok(())
}

/// Forgets a line.
pub(crate) fn blob_delete(
    conn: &Connection,
    document: DocumentId,
    hash: BlobHash,
) -> Result<(), EngineError> {
    conn.prepare_cached("DELETE FROM blob WHERE document = ?1 AND hash = ?2")?
        .execute(params![document.to_string(), &hash.0[..]])?;
    Ok(())
}

/// Own photos HQ has, by a backup beyond the place where it had them, oldest first; and what was fetched. One file may be for
/// several documents, and stays while one of them needs it.
pub(crate) fn blob_purgeable(conn: &Connection) -> Result<Vec<BlobLine>, EngineError> {
    lines(
        conn,
        "WHERE thumb = 0 AND state = 'at_hq'
            AND (own = 0 OR seq < (SELECT coalesce(backup_seq, 0) FROM cursor))
            AND NOT EXISTS (SELECT 1 FROM blob AS other WHERE other.hash = blob.hash AND (other.thumb = 1
                OR (other.own = 1 AND (other.state <> 'at_hq'
                    OR coalesce(other.seq, ?1) >= (SELECT coalesce(backup_seq, 0) FROM cursor)))))
         ORDER BY at, hash",
        [i64::MAX],
    )
}

/// Photos that intents tell of and no line names: a damaged file lost them.
pub(crate) fn blob_unlisted(conn: &Connection) -> Result<Vec<OperationId>, EngineError> {
    let sql = "SELECT operation FROM intent WHERE instr(entry, '\"photo\"') AND state <> 'refused'
        AND operation NOT IN (SELECT operation FROM blob)";
    let mut statement = conn.prepare_cached(sql)?;
    let found = statement.query_map([], |row| row.get::<_, String>(0))?;
    let found: Vec<String> = found.collect::<Result<_, _>>()?;
    Ok(found.into_iter().filter_map(|id| id.parse().ok()).collect())
}

/// Whether photos wait for a network that costs nothing.
pub(crate) fn wifi_only(conn: &Connection) -> Result<bool, EngineError> {
    let found = conn
        .prepare_cached("SELECT wifi_only FROM identity")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(found.unwrap_or(true))
}

/// Sets whether they do.
pub(crate) fn wifi_only_set(conn: &Connection, on: bool) -> Result<(), EngineError> {
    conn.execute("UPDATE identity SET wifi_only = ?1", [on])?;
    Ok(())
}
