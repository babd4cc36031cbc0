//! Table `change`: the bytes this phone authored, and how far each got.

use fieldline_model::actor::Install;
use fieldline_model::id::{DocumentId, OperationId};
use rusqlite::{Connection, Row, Rows, params};

use super::parsed;
use crate::error::EngineError;

/// How far a change got. `Pending` and `Sent` are live: they are laid over the accepted state and pushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChangeState {
    Pending,
    Sent,
    Merged,
    Overruled,
    Refused,
    Left,
}

impl ChangeState {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sent => "sent",
            Self::Merged => "merged",
            Self::Overruled => "overruled",
            Self::Refused => "refused",
            Self::Left => "left",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [
            Self::Pending,
            Self::Sent,
            Self::Merged,
            Self::Overruled,
            Self::Refused,
            Self::Left,
        ]
        .into_iter()
        .find(|state| state.word() == word)
    }

    pub(crate) fn is_live(self) -> bool {
        matches!(self, Self::Pending | Self::Sent)
    }
}

/// One authored change.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) document: DocumentId,
    pub(crate) hash: [u8; 32],
    pub(crate) bytes: Vec<u8>,
    pub(crate) actor: [u8; 16],
    pub(crate) install: Install,
    pub(crate) branch: u32,
    pub(crate) operation: OperationId,
    pub(crate) state: ChangeState,
}

/// A line whose texts are not parsed yet: document, operation, state.
struct Raw(Change, String, String, String);

impl Raw {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let nowhere = DocumentId::from(fieldline_model::id::TicketId::from_bytes([0; 16]));
        let change = Change {
            document: nowhere,
            hash: row.get(1)?,
            bytes: row.get(2)?,
            actor: row.get(3)?,
            install: row.get(4)?,
            branch: row.get(5)?,
            operation: OperationId::from_bytes([0; 16]),
            state: ChangeState::Left,
        };
        Ok(Self(change, row.get(0)?, row.get(6)?, row.get(7)?))
    }

    fn change(self) -> Result<Change, EngineError> {
        let Self(change, document, operation, state) = self;
        Ok(Change {
            document: parsed(&document, "change.document")?,
            operation: parsed(&operation, "change.operation")?,
            state: ChangeState::from_word(&state).ok_or(EngineError::BadValue("change.state"))?,
            ..change
        })
    }
}

/// Adds one, newest last.
pub(crate) fn change_insert(conn: &Connection, change: &Change) -> Result<(), EngineError> {
    conn.prepare_cached(
        "INSERT INTO change (document, hash, bytes, actor, install, branch, operation, state)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        change.document.to_string(),
        &change.hash[..],
        change.bytes,
        &change.actor[..],
        &change.install[..],
        change.branch,
        change.operation.to_string(),
        change.state.word(),
    ])?;
    Ok(())
}

/// The change with this hash; none when its line cannot be read.
pub(crate) fn change_by_hash(conn: &Connection, hash: &[u8; 32]) -> Result<Option<Change>, EngineError> {
    let mut statement = conn.prepare_cached(
        "SELECT document, hash, bytes, actor, install, branch, operation, state FROM change WHERE hash = ?1",
    )?;
    Ok(readable(statement.query([&hash[..]])?)?.pop())
}

/// The lines that can be read.
fn readable(mut rows: Rows<'_>) -> Result<Vec<Change>, EngineError> {
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        changes.extend(
            Raw::read(row)
                .map_err(EngineError::from)
                .and_then(Raw::change)
                .ok(),
        );
    }
    Ok(changes)
}

/// All changes of this phone in a document, oldest first. A line the disk damaged so that it cannot be read is none:
/// its operation is written again from the intent.
pub(crate) fn change_of_document(conn: &Connection, id: DocumentId) -> Result<Vec<Change>, EngineError> {
    let mut statement = conn.prepare_cached(
        "SELECT document, hash, bytes, actor, install, branch, operation, state FROM change
         WHERE document = ?1 ORDER BY n",
    )?;
    readable(statement.query([id.to_string()])?)
}

/// All changes that carry an operation, oldest first; those that cannot be read are left out.
pub(crate) fn change_of_operation(
    conn: &Connection,
    operation: OperationId,
) -> Result<Vec<Change>, EngineError> {
    let mut statement = conn.prepare_cached(
        "SELECT document, hash, bytes, actor, install, branch, operation, state FROM change
         WHERE operation = ?1 ORDER BY n",
    )?;
    readable(statement.query([operation.to_string()])?)
}

/// Operations that only their changes tell of, in the order they were done.
pub(crate) fn change_without_intent(conn: &Connection) -> Result<Vec<OperationId>, EngineError> {
    let mut statement = conn.prepare_cached(
        "SELECT operation FROM change
         WHERE NOT EXISTS (SELECT 1 FROM intent WHERE intent.operation = change.operation)
         GROUP BY operation ORDER BY min(n)",
    )?;
    // Text may be no text any more.
    let ids: Vec<Option<String>> = statement
        .query_map([], |row| Ok(row.get(0).ok()))?
        .collect::<Result<_, _>>()?;
    Ok(ids
        .iter()
        .flatten()
        .filter_map(|id| parsed(id, "change.operation").ok())
        .collect())
}

/// The newest lines that can be read, whatever became of them.
pub(crate) fn change_newest(conn: &Connection, max: u32) -> Result<Vec<Change>, EngineError> {
    let mut statement = conn.prepare_cached(
        "SELECT document, hash, bytes, actor, install, branch, operation, state FROM change ORDER BY n DESC LIMIT ?1",
    )?;
    readable(statement.query([max])?)
}

/// Live changes, oldest first. A line that cannot be read counts as left behind from now on; its operation is written
/// again. The caller stops when it has enough.
pub(crate) fn change_live(
    conn: &Connection,
    mut take: impl FnMut(Change) -> Result<bool, EngineError>,
) -> Result<(), EngineError> {
    let mut statement = conn.prepare_cached(
        "SELECT document, hash, bytes, actor, install, branch, operation, state, n FROM change
         WHERE state IN ('pending', 'sent') ORDER BY n",
    )?;
    let mut unreadable: Vec<i64> = Vec::new();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        match Raw::read(row).map_err(EngineError::from).and_then(Raw::change) {
            Ok(change) => {
                if !take(change)? {
                    break;
                }
            }
            Err(_) => unreadable.push(row.get(8)?),
        }
    }
    for line in unreadable {
        conn.execute("UPDATE change SET state = 'left' WHERE n = ?1", [line])?;
    }
    Ok(())
}

/// Documents with live changes that can be read.
pub(crate) fn change_live_documents(conn: &Connection) -> Result<Vec<DocumentId>, EngineError> {
    let mut statement =
        conn.prepare_cached("SELECT DISTINCT document FROM change WHERE state IN ('pending', 'sent')")?;
    let ids: Vec<Option<String>> = statement
        .query_map([], |row| Ok(row.get(0).ok()))?
        .collect::<Result<_, _>>()?;
    Ok(ids
        .iter()
        .flatten()
        .filter_map(|id| parsed(id, "change.document").ok())
        .collect())
}

/// Notes how far it got.
pub(crate) fn change_set_state(
    conn: &Connection,
    hash: &[u8; 32],
    state: ChangeState,
) -> Result<(), EngineError> {
    conn.prepare_cached("UPDATE change SET state = ?2 WHERE hash = ?1")?
        .execute(params![&hash[..], state.word()])?;
    Ok(())
}

/// Puts a line back that the disk damaged or lost.
pub(crate) fn change_restore(conn: &Connection, change: &Change) -> Result<(), EngineError> {
    conn.prepare_cached("DELETE FROM change WHERE hash = ?1")?
        .execute([&change.hash[..]])?;
    change_insert(conn, change)
}

/// Puts bytes and actor back as the accepted state still holds them.
pub(crate) fn change_set_bytes(
    conn: &Connection,
    hash: &[u8; 32],
    bytes: &[u8],
    actor: &[u8],
) -> Result<(), EngineError> {
    conn.prepare_cached("UPDATE change SET bytes = ?2, actor = ?3 WHERE hash = ?1")?
        .execute(params![&hash[..], bytes, actor])?;
    Ok(())
}

/// The server may have lost everything: what it once took is offered again.
pub(crate) fn change_offer_again(conn: &Connection) -> Result<(), EngineError> {
    conn.execute(
        "UPDATE change SET state = 'pending' WHERE state IN ('sent', 'merged', 'overruled')",
        [],
    )?;
    conn.execute(
        "UPDATE intent SET state = 'saved', code = NULL, settled_at = NULL, held = 0, displaced = NULL
         WHERE operation IN (SELECT operation FROM change WHERE state = 'pending')",
        [],
    )?;
    Ok(())
}
