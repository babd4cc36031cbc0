//! Keeping the store small: settled work becomes counters, once its document was loaded and compared; hidden documents
//! without work go, once a backup at HQ covers them.

use std::collections::BTreeSet;

use automerge::Automerge;
use fieldline_model::document::{content, heads};
use fieldline_model::id::{DocumentId, OperationId};
use fieldline_model::time::Timestamp;
use rusqlite::Connection;

use crate::base;
use crate::engine::{Engine, Inner};
use crate::error::EngineError;
use crate::fault::{FaultPoint, bug};
use crate::moment::Moment;
use crate::observe::Changed;
use crate::overlay::base_load;
use crate::store::article::article_delete;
use crate::store::change::{ChangeState, change_of_document};
use crate::store::cursor::{cursor_compacted, cursor_get, cursor_set_compacted};
use crate::store::doc::{
    doc_delete, doc_heads, doc_purgeable, doc_set_base, doc_set_stuck, doc_set_want, doc_snapshot,
};
use crate::store::intent::{intent_compact, intent_of_document, intent_old_documents};

/// How long settled work is kept to be offered again should the server be restored: longer than any sane backup gap.
pub const SETTLED_KEEP_MS: i64 = 45 * 24 * 60 * 60 * 1_000;

/// A complete sync compacts at most this often, by the server's time: what is kept is counted in weeks.
pub const COMPACT_EVERY_MS: i64 = 24 * 60 * 60 * 1_000;

impl Engine {
    /// Compacts what is older than [`SETTLED_KEEP_MS`]. Unsent work, cards not dismissed and documents in scope stay.
    /// Returns how many operations became counters. Each complete sync does so by itself, once a day.
    ///
    /// # Errors
    /// As the store says.
    pub fn compact(&self, moment: &mut Moment<'_>) -> Result<usize, EngineError> {
        self.write(|inner| {
            let count = inner.compact(inner.now(&moment.time))?;
            Ok((count, Changed::status()))
        })
    }
}

impl Inner {
    /// At the end of a sync that brought everything, once a day. It can wait: that it fails fails no sync, and the next
    /// one tries again.
    pub(crate) fn compact_if_due(&mut self, now: Timestamp) -> Result<usize, EngineError> {
        let done = match self.is_compaction_due(now) {
            Ok(true) => self.compact(now),
            Ok(false) => Ok(0),
            Err(error) => Err(error),
        };
        match done {
            Err(error) if !error.is_death() => {
                tracing::warn!(code = error.code(), "what is settled was not compacted");
                Ok(0)
            }
            done => done,
        }
    }

    /// The same for photos.
    pub(crate) fn purge_photos(&mut self, now: Timestamp) -> Result<(), EngineError> {
        match self.blobs_purge(now) {
            Err(error) if error.is_death() => Err(error),
            Err(error) => {
                tracing::warn!(code = error.code(), "photos were not cleared away");
                Ok(())
            }
            Ok(_) => Ok(()),
        }
    }

    fn is_compaction_due(&self, now: Timestamp) -> Result<bool, EngineError> {
        let last = cursor_compacted(&self.store.conn)?;
        let is_due = last.is_none_or(|last| !(0..COMPACT_EVERY_MS).contains(&now.since(last)));
        Ok(is_due && cursor_get(&self.store.conn)?.complete)
    }

    fn compact(&mut self, now: Timestamp) -> Result<usize, EngineError> {
        let before = now.plus_ms(-SETTLED_KEEP_MS);
        let tx = self.store.conn.transaction()?;
        if !bug!(self.faults, CompactsUnseen) {
            look_over(&tx, before)?;
        }
        let count = intent_compact(&tx, before)?;
        for id in doc_purgeable(&tx, before)? {
            article_delete(&tx, id)?;
            doc_delete(&tx, id)?;
        }
        cursor_set_compacted(&tx, now)?;
        self.faults.at(FaultPoint::CompactBeforeCommit)?;
        tx.commit()?;
        self.open.clear();
        Ok(count)
    }
}

/// What becomes a counter stands in its document alone from then on. So each that is shown is loaded and looked through first:
/// one that cannot be read, is not what it was, or lacks an operation is asked for whole, and until it came nothing of it goes.
/// One that is missing is missed by HQ's count, and until that fits nothing is compacted at all. Of what has left HQ sends nothing any more: there HQ's word that it has the work must do.
fn look_over(conn: &Connection, before: Timestamp) -> Result<(), EngineError> {
    for id in intent_old_documents(conn, before)? {
        let doc = match base_load(conn, id) {
            Ok(Some(doc)) => doc,
            Ok(None) => continue,
            Err(EngineError::Stuck(_)) => {
                doc_set_stuck(conn, id)?;
                continue;
            }
            Err(error) => return Err(error),
        };
        // An older app wrote none down.
        let is_it = doc_heads(conn, id)?.is_none_or(|stored| stored == heads(&doc).concat());
        if is_it && holds_settled(conn, id, &doc)? {
            pack(conn, id, &doc)?;
        } else {
            tracing::warn!(document.id = %id, "{id} lacks what was done in it here; it is asked for whole");
            doc_set_want(conn, id)?;
        }
    }
    Ok(())
}

/// Whether the document holds every operation that HQ took from here. That it is there must do: HQ may have written the entry
/// again itself, in other bytes.
fn holds_settled(conn: &Connection, id: DocumentId, doc: &Automerge) -> Result<bool, EngineError> {
    let content = content(id, doc)?;
    let own = change_of_document(conn, id)?;
    let taken: BTreeSet<OperationId> = own
        .iter()
        .filter(|change| matches!(change.state, ChangeState::Merged | ChangeState::Overruled))
        .map(|change| change.operation)
        .collect();
    let intents = intent_of_document(conn, id)?;
    Ok(intents
        .iter()
        .filter(|intent| taken.contains(&intent.operation))
        .all(|intent| content.holds(intent.entry.act.path(), intent.operation)))
}

/// HQ sends documents as they are; here they are kept packed, where that is smaller.
fn pack(conn: &Connection, id: DocumentId, doc: &Automerge) -> Result<(), EngineError> {
    let Ok(packed) = base::save(id, doc) else {
        return doc_set_want(conn, id);
    };
    match doc_snapshot(conn, id)? {
        Some(kept) if packed.len() < kept.len() => doc_set_base(conn, id, doc, &packed),
        Some(_) | None => Ok(()),
    }
}
