//! Keeping the store small: settled work becomes counters, hidden documents without work go, once a backup at HQ covers
//! them.

use fieldline_model::time::Timestamp;

use crate::engine::Engine;
use crate::error::EngineError;
use crate::fault::FaultPoint;
use crate::moment::Moment;
use crate::observe::Changed;
use crate::store::article::article_delete;
use crate::store::doc::{doc_delete, doc_purgeable};
use crate::store::intent::intent_compact;

/// How long settled work is kept to be offered again should the server be restored: longer than any sane backup gap.
pub const SETTLED_KEEP_MS: i64 = 45 * 24 * 60 * 60 * 1_000;

impl Engine {
    /// Compacts what is older than [`SETTLED_KEEP_MS`]. Unsent work, cards not dismissed and documents in scope stay.
    /// Returns how many operations became counters.
    ///
    /// # Errors
    /// As the store says.
    pub fn compact(&self, moment: &mut Moment<'_>) -> Result<usize, EngineError> {
        self.write(|inner| {
            let before: Timestamp = inner.now(&moment.time).plus_ms(-SETTLED_KEEP_MS);
            let tx = inner.store.conn.transaction()?;
            let count = intent_compact(&tx, before)?;
            for id in doc_purgeable(&tx, before)? {
                article_delete(&tx, id)?;
                doc_delete(&tx, id)?;
            }
            inner.faults.at(FaultPoint::CompactBeforeCommit)?;
            tx.commit()?;
            inner.open.clear();
            Ok((count, Changed::status()))
        })
    }
}
