//! What a supervisor decides about held work: taken over, or not.
//!
//! Taken over means written by the server into the document with the author's own words, times and operation id; who
//! did it and when stands beside the held change. It passes the same rules as ever, by what its author could know.

use std::collections::HashMap;

use fieldline_model::entry::Entry;
use fieldline_model::id::{OperationId, StaffId};
use fieldline_model::operation::{Author, Operation};
use fieldline_model::reason::Reason;
use fieldline_model::wire::Fate;
use rusqlite::Connection;

use super::judge::Writer;
use super::perform::{Draft, author_all};
use super::{DoorError, Performed};
use crate::app::{App, Inner};
use crate::store::document::{self as documents, Decided};
use crate::store::happened::domain_event_add;
use crate::store::held::{Held, held_decide, held_get, held_of_document, held_waiting};
use crate::store::log::{Channel, Entry as LogEntry, Journal};

impl App {
    /// Held operations without a fate, with their entries where those can be read, in the order they were done; at most
    /// `limit`.
    ///
    /// # Errors
    /// As the store says.
    pub async fn held(&self, limit: u32) -> Result<Vec<(OperationId, Option<Entry>)>, DoorError> {
        let read = |(id, text): (OperationId, Option<String>)| (id, text.as_deref().and_then(Entry::read));
        let held = self
            .inner
            .store
            .read(move |connection| held_waiting(connection, limit));
        Ok(held.await?.into_iter().map(read).collect())
    }

    /// Takes a held operation over into its document. Its author is told "merged" or "overruled".
    ///
    /// # Errors
    /// [`DoorError::NotHeld`] when it is not held or was decided; [`DoorError::Refused`] when a rule says no or its
    /// words cannot be read: then it is still held.
    pub async fn adopt(&self, operation: OperationId, by: StaffId) -> Result<Performed, DoorError> {
        let inner = std::sync::Arc::clone(&self.inner);
        let job = move |connection: &Connection| adopt(connection, &inner, operation, by);
        let adopted = self.inner.store.write(job).await;
        self.inner.wake.notify_one();
        adopted
    }

    /// Decides that a held operation is not taken over. Its author is told "refused" with [`Reason::NotAdopted`].
    ///
    /// # Errors
    /// [`DoorError::NotHeld`] when it is not held or was decided.
    pub async fn decline_held(&self, operation: OperationId, by: StaffId) -> Result<(), DoorError> {
        let inner = std::sync::Arc::clone(&self.inner);
        let job = move |connection: &Connection| decline(connection, &inner, operation, by);
        let declined = self.inner.store.write(job).await;
        self.inner.wake.notify_one();
        declined
    }
}

fn adopt(
    connection: &Connection,
    inner: &Inner,
    id: OperationId,
    by: StaffId,
) -> Result<Performed, DoorError> {
    let held = held_get(connection, id)?.ok_or(DoorError::NotHeld)?;
    let entry = held.entry.as_deref().and_then(Entry::read);
    let entry = entry.ok_or(DoorError::Refused(Reason::BadEntry))?;
    if entry.by != Author::Engineer(held.engineer) {
        return Err(DoorError::Refused(Reason::NotAllowed));
    }
    let ground = inner.grounds.take(connection, held.document)?;
    let before = entries_before(connection, &held)?;
    let prev =
        ground
            .content()
            .events
            .known_among(&entry.prev, |id| before.get(&id).map(Vec::as_slice), |_| false);
    inner.grounds.keep(ground);
    let draft = Draft {
        operation: Operation {
            id,
            document: held.document,
            by: entry.by,
            at: entry.at,
            act: entry.act,
        },
        prev: Some(prev),
    };
    let performed = author_all(connection, inner, held.document, Writer::Adopter, vec![draft])?;
    let performed = performed
        .into_iter()
        .next()
        .ok_or_else(|| DoorError::Document("nothing was adopted".into()))?;
    let mut journal = Journal::begin(connection, (inner.edge.now)())?;
    journal.append(&LogEntry::Fate { operation: id }, [Channel::Device(held.device)])?;
    held_decide(connection, id, by, journal.at())?;
    domain_event_add(&journal, Some(held.document), "adopt", Some(id))?;
    Ok(performed)
}

/// What each held operation on the document was built on: an event that follows one which was not taken over follows
/// what that one followed.
fn entries_before(
    connection: &Connection,
    held: &Held,
) -> Result<HashMap<OperationId, Vec<OperationId>>, DoorError> {
    let texts = held_of_document(connection, held.document)?;
    let read = texts
        .into_iter()
        .filter_map(|(id, text)| Entry::read(&text).map(|entry| (id, entry.prev)));
    Ok(read.collect())
}

fn decline(connection: &Connection, inner: &Inner, id: OperationId, by: StaffId) -> Result<(), DoorError> {
    let held = held_get(connection, id)?.ok_or(DoorError::NotHeld)?;
    let mut journal = Journal::begin(connection, (inner.edge.now)())?;
    let decided = Decided {
        fate: Fate::Refused {
            code: Reason::NotAdopted.code().to_owned(),
        },
        hash: held.hash,
    };
    documents::fate_add(
        connection,
        id,
        held.document,
        &decided,
        Some(held.device),
        journal.at(),
    )?;
    journal.append(&LogEntry::Fate { operation: id }, [Channel::Device(held.device)])?;
    held_decide(connection, id, by, journal.at())?;
    domain_event_add(&journal, Some(held.document), "decline_held", Some(id))?;
    Ok(())
}
