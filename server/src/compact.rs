//! Compaction: of old changes HQ keeps the bytes in their document alone.
//!
//! A change stands at HQ twice, in its document's snapshot and by itself. After [`COMPACT_AFTER_DAYS`] the second copy
//! goes, only after the stored snapshot was loaded and compared: same heads, each of these changes byte for byte, each
//! operation as the record has it. That takes long and is done on a reader, so that the writer serves others; in its
//! transaction the stored document must be, byte for byte, the one that was compared. What is known of a change beside its bytes stays for ever
//! (fate, place in the log, who brought it under which install). Whoever needs the bytes takes them out of the
//! document (`compact/unfold`), so phones are sent exactly what they were sent before.
//!
//! What must never happen here: a document written, a row deleted, a byte gone that was not found elsewhere first.

mod unfold;
mod unreadable;

use std::collections::HashMap;
use std::sync::Arc;

use fieldline_model::document::{self, Content};
use fieldline_model::entry::Entry;
use fieldline_model::id::{DocumentId, OperationId};
use fieldline_model::time::Timestamp;
use rusqlite::Connection;

use crate::app::{App, Inner, bug};
use crate::door::DoorError;
use crate::store::StoreError;
use crate::store::compact::{self as store, Kept};
use crate::store::document::{Stored, document_read};

pub(crate) use unfold::{Unfolded, is_damaged};
pub(crate) use unreadable::Unreadable;

/// How old a change is when its bytes go: by then nearly every phone has it, and is not sent it again.
pub const COMPACT_AFTER_DAYS: i64 = 30;
/// The same in milliseconds.
pub const COMPACT_AFTER_MS: i64 = COMPACT_AFTER_DAYS * 24 * 60 * 60 * 1_000;
/// Where younger changes follow, fewer old ones than these wait for them: each compaction loads the whole document.
pub const COMPACT_CHANGES_MIN: usize = 32;
/// Entries of the log gone through between two notes of the place.
const SLICE_ENTRIES: u64 = 500;

/// What a compaction did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Compacted {
    /// Documents that alone hold more now.
    pub documents: usize,
    /// Changes whose second copy went.
    pub changes: usize,
    /// Its bytes.
    pub bytes: usize,
    /// Documents whose snapshot is not what their changes say; nothing of them went.
    pub differing: usize,
}

impl Compacted {
    fn join(&mut self, other: Self) {
        self.documents += other.documents;
        self.changes += other.changes;
        self.bytes += other.bytes;
        self.differing += other.differing;
    }
}

impl App {
    /// Compacts what is older than [`COMPACT_AFTER_DAYS`], a document at a time.
    ///
    /// # Errors
    /// As the store says. What was done stays done, and the next one goes on from there.
    pub async fn compact(&self) -> Result<Compacted, DoorError> {
        self.compact_before(self.now().plus_ms(-COMPACT_AFTER_MS)).await
    }

    /// Compacts what the log took before this moment.
    ///
    /// # Errors
    /// As [`App::compact`].
    pub async fn compact_before(&self, before: Timestamp) -> Result<Compacted, DoorError> {
        let store = &self.inner.store;
        let bounds = move |connection: &Connection| {
            let place = store::compacted_to(connection)?;
            Ok::<_, StoreError>((place, store::log_older(connection, before)?))
        };
        let (mut place, horizon) = store.read(bounds).await?;
        let mut done = Compacted::default();
        while place < horizon {
            let until = horizon.min(place + SLICE_ENTRIES);
            let due = move |connection: &Connection| due(connection, place, until, horizon);
            for id in store.read(due).await? {
                done.join(self.compact_document(id, horizon).await?);
            }
            let note = move |connection: &Connection| store::compacted_to_write(connection, until);
            store.write(note).await?;
            place = until;
        }
        Ok(done)
    }

    async fn compact_document(&self, id: DocumentId, horizon: u64) -> Result<Compacted, DoorError> {
        let store = &self.inner.store;
        let inner = Arc::clone(&self.inner);
        let compare = move |connection: &Connection| compare(connection, &inner, id, horizon);
        let Some(compared) = store.read(compare).await? else {
            tracing::error!(document.id = %id, "{id} is not what its changes say: their bytes stay");
            return Ok(Compacted {
                differing: 1,
                ..Compacted::default()
            });
        };
        let inner = Arc::clone(&self.inner);
        store
            .write(move |connection| empty(connection, &inner, &compared))
            .await
    }
}

/// What was compared, and may go while the document stays as it was then.
struct Compared {
    id: DocumentId,
    stored: Stored,
    hashes: Vec<[u8; 32]>,
    bytes: usize,
}

/// The documents to look at among these entries of the log.
fn due(connection: &Connection, after: u64, until: u64, horizon: u64) -> Result<Vec<DocumentId>, StoreError> {
    let mut due = Vec::new();
    for id in store::log_documents(connection, after, until)? {
        let (old, goes_on) = store::change_tail(connection, id, horizon)?;
        if old >= COMPACT_CHANGES_MIN || (old > 0 && !goes_on) {
            due.push(id);
        }
    }
    Ok(due)
}

/// What may go of a document; none when it is not what its changes say.
fn compare(
    connection: &Connection,
    inner: &Inner,
    id: DocumentId,
    horizon: u64,
) -> Result<Option<Compared>, StoreError> {
    let kept = store::change_list(connection, id)?;
    let Some(stored) = document_read(connection, id)? else {
        return Ok(None);
    };
    if !bug!(inner, CompactsUnseen) && !holds(id, &stored, &kept) {
        return Ok(None);
    }
    let old = |change: &&Kept| change.seq <= horizon && !change.bytes.is_empty();
    Ok(Some(Compared {
        id,
        stored,
        hashes: kept.iter().filter(old).map(|change| change.hash).collect(),
        bytes: kept.iter().filter(old).map(|change| change.bytes.len()).sum(),
    }))
}

/// Lets go what was compared, in one transaction. A document that was written since keeps all: its new change stands in the log,
/// and brings it here again when that is old.
fn empty(connection: &Connection, inner: &Inner, compared: &Compared) -> Result<Compacted, DoorError> {
    if document_read(connection, compared.id)?.as_ref() != Some(&compared.stored) {
        return Ok(Compacted::default());
    }
    if bug!(inner, CompactDeletes) {
        #[cfg(any(test, feature = "testing"))]
        store::change_delete(connection, &compared.hashes)?;
        return Ok(Compacted::default());
    }
    store::change_empty(connection, &compared.hashes)?;
    Ok(Compacted {
        documents: usize::from(!compared.hashes.is_empty()),
        changes: compared.hashes.len(),
        bytes: compared.bytes,
        differing: 0,
    })
}

/// Whether the document, loaded as it lies on the disk, holds every change byte for byte and says of every operation what
/// the record says. Loading derives each hash anew.
fn holds(id: DocumentId, stored: &Stored, kept: &[Kept]) -> bool {
    let Ok(doc) = document::load(id, &stored.snapshot) else {
        return false;
    };
    let Ok(content) = document::content(id, &doc) else {
        return false;
    };
    let (entries, written) = (entries(&content), document::changes(&doc));
    document::heads(&doc) == stored.heads
        && kept.iter().all(|change| {
            let here = written.get(&change.hash);
            let recorded = change.entry.as_deref().and_then(Entry::read);
            here.is_some_and(|bytes| change.bytes.is_empty() || *bytes == change.bytes)
                && recorded.is_some()
                && recorded.as_ref() == entries.get(&change.operation).copied()
        })
}

fn entries(content: &Content) -> HashMap<OperationId, &Entry> {
    let events = content.events.entries().iter().map(|(id, entry)| (*id, entry));
    let others = content.entries.iter().map(|((_, id), entry)| (*id, entry));
    events.chain(others).collect()
}

/// The documents that alone hold a change and do not.
pub(crate) fn documents_lacking(connection: &Connection) -> Result<Vec<DocumentId>, StoreError> {
    let mut lacking = Vec::new();
    for id in store::documents_alone(connection)? {
        let doc = document_read(connection, id)?.and_then(|stored| document::load(id, &stored.snapshot).ok());
        let written = doc.as_ref().map(document::changes).unwrap_or_default();
        let alone = store::changes_alone(connection, id)?;
        if !alone.iter().all(|hash| written.contains_key(hash)) {
            lacking.push(id);
        }
    }
    Ok(lacking)
}

#[cfg(test)]
mod tests {
    use fieldline_model::operation::{Act, Author, TicketFacts};

    use super::*;
    use crate::app::{Edge, Options};

    async fn compared(app: &App, id: DocumentId) -> Compared {
        let inner = Arc::clone(&app.inner);
        let read = move |connection: &Connection| compare(connection, &inner, id, u64::MAX);
        app.inner.store.read(read).await.unwrap().expect("it is sound")
    }

    async fn emptied(app: &App, compared: Compared) -> usize {
        let inner = Arc::clone(&app.inner);
        let write = move |connection: &Connection| empty(connection, &inner, &compared);
        app.inner.store.write(write).await.unwrap().changes
    }

    /// Fails when the writer does not look again at what a reader compared.
    #[tokio::test]
    async fn a_document_that_was_written_since_it_was_compared_keeps_all_its_bytes() {
        let dir = tempfile::tempdir().unwrap();
        let app = App::open(dir.path(), Edge::system(), Options::default()).unwrap();
        let facts = TicketFacts {
            fault_text: "it leaks".into(),
            ..TicketFacts::default()
        };
        let ticket = app.create_ticket(Author::Server, facts).await;
        let id = DocumentId::from(ticket.unwrap());
        let before = compared(&app, id).await;
        let act = Act::Note {
            text: "written meanwhile".into(),
        };
        app.perform(Author::Server, id, act, None).await.unwrap();
        assert_eq!(emptied(&app, before).await, 0);
        let now = compared(&app, id).await;
        assert_eq!((now.hashes.len(), emptied(&app, now).await), (2, 2));
    }
}
