//! The archive: a ticket that is over and was not touched for [`ARCHIVE_AFTER_DAYS`] leaves the phones. HQ goes on holding
//! and listing it.
//!
//! It leaves as a ticket does that is given to somebody else: the phone hides it, sends what it has not sent, and deletes it
//! only when everything in it is settled and a backup at HQ covers it (`engine/compact`). Whatever is written in it later, by
//! a phone that was away or at HQ, brings it back for as long again.

use fieldline_model::id::DocumentId;
use fieldline_model::time::Timestamp;
use rusqlite::Connection;

use crate::app::{App, Inner};
use crate::door::DoorError;
use crate::store::StoreError;
use crate::store::archive::{archive_due, archive_takes};
use crate::store::log::{Channel, Entry, Journal};
use crate::store::scope::{scope_holders, scope_leave};

/// How long a ticket that is over stays on the phones: a quarter, in which most faults that come back do so.
pub const ARCHIVE_AFTER_DAYS: i64 = 90;
/// The same in milliseconds.
pub const ARCHIVE_AFTER_MS: i64 = ARCHIVE_AFTER_DAYS * 24 * 60 * 60 * 1_000;
/// Tickets looked up at once.
const BATCH_MAX: u32 = 200;

impl App {
    /// Archives what is over since [`ARCHIVE_AFTER_DAYS`]; returns how many tickets.
    ///
    /// # Errors
    /// As the store says. What was done stays done.
    pub async fn archive(&self) -> Result<usize, DoorError> {
        self.archive_before(self.now().plus_ms(-ARCHIVE_AFTER_MS)).await
    }

    /// Archives what was over and quiet at this moment already.
    ///
    /// # Errors
    /// As [`App::archive`].
    pub async fn archive_before(&self, before: Timestamp) -> Result<usize, DoorError> {
        let (mut done, mut after) = (0, None);
        loop {
            let due = move |connection: &Connection| archive_due(connection, before, after, BATCH_MAX);
            let batch: Vec<DocumentId> = self.inner.store.read(due).await?;
            let Some(last) = batch.last() else {
                return Ok(done);
            };
            after = Some(*last);
            for id in batch {
                let inner = std::sync::Arc::clone(&self.inner);
                let job = move |connection: &Connection| archive_one(connection, &inner, id, before);
                done += usize::from(self.inner.store.write(job).await?);
            }
        }
    }
}

/// Asked again inside the transaction: somebody may have written meanwhile.
fn archive_one(
    connection: &Connection,
    inner: &Inner,
    id: DocumentId,
    before: Timestamp,
) -> Result<bool, StoreError> {
    if !archive_takes(connection, id, before)? {
        return Ok(false);
    }
    let mut journal = Journal::begin(connection, (inner.edge.now)())?;
    for engineer in scope_holders(connection, id)? {
        scope_leave(connection, engineer, id)?;
        journal.append(&Entry::Drop { document: id }, [Channel::Engineer(engineer)])?;
    }
    Ok(true)
}

/// A new fold must not bring back what was archived: it is no news.
pub(crate) fn is_archived(
    connection: &Connection,
    id: DocumentId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    archive_takes(connection, id, now.plus_ms(-ARCHIVE_AFTER_MS))
}
