//! Table `doc`: the accepted state of every document this phone holds, and the attic.

use fieldline_model::document::heads;
use fieldline_model::id::DocumentId;
use fieldline_model::time::Timestamp;
use fieldline_model::wire::Manifest;
use rusqlite::{Connection, OptionalExtension, params};

use super::{parsed, to_signed};
use crate::error::EngineError;

/// A document's line, without the bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DocLine {
    pub(crate) in_scope: bool,
    pub(crate) stuck: bool,
    pub(crate) lost: bool,
    pub(crate) branch: u32,
    /// When it left this phone's scope, if that was written down.
    pub(crate) left_at: Option<Timestamp>,
}

/// The line of a document.
pub(crate) fn doc_get(conn: &Connection, id: DocumentId) -> Result<Option<DocLine>, EngineError> {
    let line = conn
        .prepare_cached("SELECT in_scope, stuck, branch, nullif(left_at, 0), lost FROM doc WHERE id = ?1")?
        .query_row([id.to_string()], |row| {
            Ok(DocLine {
                in_scope: row.get(0)?,
                stuck: row.get(1)?,
                branch: row.get(2)?,
                left_at: row.get::<_, Option<i64>>(3)?.map(Timestamp::from_ms),
                lost: row.get(4)?,
            })
        })
        .optional()?;
    Ok(line)
}

/// The bytes of the accepted state.
pub(crate) fn doc_snapshot(conn: &Connection, id: DocumentId) -> Result<Option<Vec<u8>>, EngineError> {
    let bytes = conn
        .prepare_cached("SELECT snapshot FROM doc WHERE id = ?1")?
        .query_row([id.to_string()], |row| row.get(0))
        .optional()?;
    Ok(bytes.flatten())
}

/// Its heads as they were when it was written; `None` where none were.
pub(crate) fn doc_heads(conn: &Connection, id: DocumentId) -> Result<Option<Vec<u8>>, EngineError> {
    let heads = conn
        .prepare_cached("SELECT heads FROM doc WHERE id = ?1")?
        .query_row([id.to_string()], |row| row.get(0))
        .optional()?;
    Ok(heads.flatten())
}

/// Makes the line if there is none, and notes that this reading named it.
pub(crate) fn doc_touch(conn: &Connection, id: DocumentId) -> Result<(), EngineError> {
    conn.prepare_cached(
        "INSERT INTO doc (id, kind, in_scope, run) VALUES (?1, ?2, 0, (SELECT run FROM cursor))
         ON CONFLICT (id) DO UPDATE SET run = excluded.run",
    )?
    .execute(params![id.to_string(), id.kind().word()])?;
    Ok(())
}

/// Makes lines anew that are gone although work or a screen's line of theirs is here: damaged copies, asked for whole. A
/// new branch, because nobody knows how far the old one got. At the opening of a store `all` that hangs on a document is
/// looked at, later unsent work.
pub(crate) fn doc_restore(conn: &Connection, all: bool) -> Result<Vec<DocumentId>, EngineError> {
    let mut statement = conn.prepare_cached(
        "SELECT document FROM intent WHERE state = 'saved' AND NOT EXISTS (SELECT 1 FROM doc WHERE id = document)
         UNION SELECT document FROM intent WHERE ?1 AND NOT EXISTS (SELECT 1 FROM doc WHERE id = document)
         UNION SELECT document FROM promise WHERE NOT EXISTS (SELECT 1 FROM doc WHERE id = document)
         UNION SELECT document FROM change WHERE ?1 AND NOT EXISTS (SELECT 1 FROM doc WHERE id = document)
         UNION SELECT document FROM ticket_row WHERE ?1 AND NOT EXISTS (SELECT 1 FROM doc WHERE id = document)
         UNION SELECT document FROM article WHERE ?1 AND NOT EXISTS (SELECT 1 FROM doc WHERE id = document)",
    )?;
    let lost = statement.query_map([all], |row| Ok(row.get::<_, String>(0).ok()))?;
    let lost: Vec<Option<String>> = lost.collect::<Result<_, _>>()?;
    // A name that cannot be read is damage of another line.
    let lost: Vec<DocumentId> = lost.iter().flatten().filter_map(|id| id.parse().ok()).collect();
    for id in &lost {
        conn.execute(
            "INSERT INTO doc (id, kind, snapshot, in_scope, run, stuck, want, branch)
             VALUES (?1, ?2, x'00', 1, (SELECT run FROM cursor), 1, 1,
                 (SELECT coalesce(max(branch), 0) + 1 FROM change WHERE document = ?1))",
            params![id.to_string(), id.kind().word()],
        )?;
    }
    Ok(lost)
}

/// Shows or hides. What is hidden is not asked for any more: the server would say again that it is not for this phone.
/// Where only a damaged line named it there is nothing to keep, and work on it goes out as on one that never came: HQ
/// tells its fate.
pub(crate) fn doc_set_scope(conn: &Connection, id: DocumentId, in_scope: bool) -> Result<(), EngineError> {
    conn.prepare_cached(
        "UPDATE doc SET in_scope = ?2, lost = lost AND NOT ?2, want = want AND ?2,
             left_at = CASE WHEN ?2 THEN NULL ELSE left_at END,
             stuck = stuck AND (?2 OR snapshot IS NOT x'00'),
             snapshot = CASE WHEN ?2 OR snapshot IS NOT x'00' THEN snapshot END
         WHERE id = ?1",
    )?
    .execute(params![id.to_string(), in_scope])?;
    Ok(())
}

/// HQ has lost it and could not take it back from here. It is kept, and counts as none of HQ's until HQ sends it.
pub(crate) fn doc_set_lost(conn: &Connection, id: DocumentId) -> Result<(), EngineError> {
    conn.execute(
        "UPDATE doc SET in_scope = 0, lost = 1 WHERE id = ?1",
        [id.to_string()],
    )?;
    Ok(())
}

/// Keeps a new accepted state.
pub(crate) fn doc_set_base(
    conn: &Connection,
    id: DocumentId,
    doc: &automerge::Automerge,
    bytes: &[u8],
) -> Result<(), EngineError> {
    let mut digest = Manifest::EMPTY;
    let heads = heads(doc);
    digest.add(id, &heads);
    conn.prepare_cached("UPDATE doc SET snapshot = ?2, digest = ?3, heads = ?4 WHERE id = ?1")?
        .execute(params![id.to_string(), bytes, &digest.heads[..], heads.concat()])?;
    Ok(())
}

/// It cannot be read, or could not take a change: ask for it whole.
pub(crate) fn doc_set_stuck(conn: &Connection, id: DocumentId) -> Result<(), EngineError> {
    conn.execute(
        "UPDATE doc SET stuck = 1, want = 1 WHERE id = ?1",
        [id.to_string()],
    )?;
    Ok(())
}

/// Ask for it whole; it is in order as far as this phone can tell.
pub(crate) fn doc_set_want(conn: &Connection, id: DocumentId) -> Result<(), EngineError> {
    conn.execute("UPDATE doc SET want = 1 WHERE id = ?1", [id.to_string()])?;
    Ok(())
}

/// HQ's receipt for it did not fit here: ask for it whole, to have another. What left is not sent any more.
pub(crate) fn doc_want_proof(conn: &Connection, id: DocumentId) -> Result<bool, EngineError> {
    let wanted = conn
        .prepare_cached("UPDATE doc SET want = 1 WHERE id = ?1 AND in_scope = 1 AND vouched IS NOT heads")?
        .execute([id.to_string()])?;
    Ok(wanted > 0)
}

/// It came whole.
pub(crate) fn doc_healed(conn: &Connection, id: DocumentId) -> Result<(), EngineError> {
    conn.prepare_cached("UPDATE doc SET stuck = 0, want = 0 WHERE id = ?1")?
        .execute([id.to_string()])?;
    Ok(())
}

/// Documents that no list and no index names. That is so of one that has not come or holds nothing to show yet as well.
pub(crate) fn doc_unlisted(conn: &Connection) -> Result<Vec<DocumentId>, EngineError> {
    let mut statement = conn.prepare_cached(
        "SELECT id FROM doc INDEXED BY doc_place WHERE stuck = 0 AND CASE substr(id, 1, 7)
             WHEN 'article' THEN NOT EXISTS (
                 SELECT 1 FROM article JOIN article_fts_docsize AS indexed ON indexed.id = article.n
                 WHERE article.document = doc.id)
             ELSE NOT EXISTS (SELECT 1 FROM ticket_row WHERE ticket_row.document = doc.id) END",
    )?;
    let ids = statement.query_map([], |row| row.get::<_, String>(0))?;
    ids.map(|id| parsed(&id?, "doc.id")).collect()
}

/// Documents whose proof is gone are asked for: HQ vouches for what it sends.
pub(crate) fn doc_want_unproven(conn: &Connection) -> Result<(), EngineError> {
    conn.execute(
        "UPDATE doc SET receipt = NULL, vouched = NULL, want = want OR in_scope
         WHERE receipt IS NOT NULL AND receipt NOT IN (SELECT n FROM receipt)",
        [],
    )?;
    Ok(())
}

/// Whether anything is kept beside the documents.
pub(crate) fn attic_any(conn: &Connection) -> Result<bool, EngineError> {
    Ok(conn.prepare("SELECT 1 FROM attic")?.exists([])?)
}

/// The line of this phone in the document goes on under a new actor.
pub(crate) fn doc_next_branch(conn: &Connection, id: DocumentId) -> Result<u32, EngineError> {
    let branch = conn
        .prepare_cached("UPDATE doc SET branch = branch + 1 WHERE id = ?1 RETURNING branch")?
        .query_row([id.to_string()], |row| row.get(0))?;
    Ok(branch)
}

/// Documents to ask for whole, at most so many.
pub(crate) fn doc_wanted(conn: &Connection, max: usize) -> Result<Vec<DocumentId>, EngineError> {
    let mut statement = conn.prepare_cached("SELECT id FROM doc WHERE want = 1 ORDER BY id LIMIT ?1")?;
    let ids = statement.query_map([i64::try_from(max).unwrap_or(i64::MAX)], |row| {
        row.get::<_, String>(0)
    })?;
    ids.map(|id| parsed(&id?, "doc.id")).collect()
}

/// Documents that cannot be read and are fetched again. Those that HQ took away are not.
pub(crate) fn doc_stuck_list(conn: &Connection) -> Result<Vec<DocumentId>, EngineError> {
    let mut statement = conn.prepare_cached("SELECT id FROM doc WHERE stuck = 1 AND want = 1 ORDER BY id")?;
    let ids = statement.query_map([], |row| row.get::<_, String>(0))?;
    ids.map(|id| parsed(&id?, "doc.id")).collect()
}

/// What this phone holds, counted as the server counts.
pub(crate) fn doc_manifest(conn: &Connection) -> Result<Manifest, EngineError> {
    let mut statement =
        conn.prepare_cached("SELECT digest FROM doc WHERE in_scope = 1 AND snapshot IS NOT NULL")?;
    let mut manifest = Manifest::EMPTY;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        // One that cannot be read fits nothing.
        let digest: [u8; 8] = row.get(0).unwrap_or_default();
        manifest
            .heads
            .iter_mut()
            .zip(digest)
            .for_each(|(into, byte)| *into ^= byte);
        manifest.documents = manifest.documents.saturating_add(1);
    }
    Ok(manifest)
}

/// After a second reading of the same epoch: hides what it did not name.
pub(crate) fn doc_hide_unnamed(conn: &Connection) -> Result<usize, EngineError> {
    Ok(conn.execute(
        "UPDATE doc SET in_scope = 0 WHERE in_scope = 1 AND run < (SELECT run FROM cursor)",
        [],
    )?)
}

/// The documents that are shown and have come.
pub(crate) fn doc_in_scope(conn: &Connection) -> Result<Vec<DocumentId>, EngineError> {
    let mut statement =
        conn.prepare_cached("SELECT id FROM doc WHERE in_scope = 1 AND snapshot IS NOT NULL ORDER BY id")?;
    let ids = statement.query_map([], |row| row.get::<_, String>(0))?;
    ids.map(|id| parsed(&id?, "doc.id")).collect()
}

/// Writes down when and where in the log hidden documents left scope.
pub(crate) fn doc_note_left(conn: &Connection, seq: u64, at: Timestamp) -> Result<(), EngineError> {
    conn.prepare_cached("UPDATE doc SET left_seq = ?1, left_at = ?2 WHERE in_scope = 0 AND left_at IS NULL")?
        .execute(params![to_signed(seq), at.ms()])?;
    Ok(())
}

/// Another epoch counts its log anew: how far that covers what left before, nobody can say.
pub(crate) fn doc_forget_left(conn: &Connection) -> Result<(), EngineError> {
    conn.execute("UPDATE doc SET left_seq = NULL", [])?;
    Ok(())
}

/// Whether any document was ever here.
pub(crate) fn doc_any(conn: &Connection) -> Result<bool, EngineError> {
    Ok(conn.prepare("SELECT 1 FROM doc")?.exists([])?)
}

/// Keeps what the phone held when the server sent less.
pub(crate) fn attic_put(
    conn: &Connection,
    id: DocumentId,
    bytes: &[u8],
    epoch: u64,
) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO attic (document, snapshot, epoch) VALUES (?1, ?2, ?3) ON CONFLICT (document) DO NOTHING",
        params![id.to_string(), bytes, to_signed(epoch)],
    )?;
    Ok(())
}

/// What was kept of it so.
pub(crate) fn attic_get(conn: &Connection, id: DocumentId) -> Result<Option<Vec<u8>>, EngineError> {
    let bytes = conn
        .prepare_cached("SELECT snapshot FROM attic WHERE document = ?1")?
        .query_row([id.to_string()], |row| row.get(0))
        .optional()?;
    Ok(bytes)
}

/// Hidden documents without unsent work whose own changes are all settled, and which a backup at HQ covers or which left
/// before `before`: their bytes may go.
pub(crate) fn doc_purgeable(conn: &Connection, before: Timestamp) -> Result<Vec<DocumentId>, EngineError> {
    let mut statement = conn.prepare_cached(
        "SELECT id FROM doc WHERE in_scope = 0 AND want = 0
            AND (left_at < ?1 OR left_seq <= (SELECT backup_seq FROM cursor))
            AND NOT EXISTS (SELECT 1 FROM intent WHERE document = doc.id)
            AND NOT EXISTS (SELECT 1 FROM attic WHERE document = doc.id)
            AND NOT EXISTS (SELECT 1 FROM held WHERE document = doc.id)",
    )?;
    let ids = statement.query_map([before.ms()], |row| row.get::<_, String>(0))?;
    ids.map(|id| parsed(&id?, "doc.id")).collect()
}

/// Removes a document and what hangs on it.
pub(crate) fn doc_delete(conn: &Connection, id: DocumentId) -> Result<(), EngineError> {
    conn.execute("DELETE FROM doc WHERE id = ?1", [id.to_string()])?;
    Ok(())
}
