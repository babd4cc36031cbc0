//! Keeping the store small: settled work becomes counters, hidden documents without work go, once a backup at HQ covers
//! them.

use fieldline_model::time::Timestamp;

use crate::engine::{Engine, Inner};
use crate::error::EngineError;
use crate::fault::FaultPoint;
use crate::moment::Moment;
use crate::observe::Changed;
use crate::store::article::article_delete;
use crate::store::cursor::{cursor_compacted, cursor_get, cursor_set_compacted};
use crate::store::doc::{doc_delete, doc_purgeable};
use crate::store::intent::intent_compact;

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
