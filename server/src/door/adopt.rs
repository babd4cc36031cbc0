//! What a supervisor decides about held work: taken over, or not.
//!
//! Taken over means written by the server into the document with the author's own words, times and operation id; who
//! did it and when stands beside the held change. It passes the same rules as ever, by what its author could know.

use std::collections::{BTreeSet, HashMap};

use fieldline_model::entry::Entry;
use fieldline_model::fold::Events;
use fieldline_model::id::{OperationId, StaffId};
use fieldline_model::operation::{Author, Operation};
use fieldline_model::reason::Reason;
use fieldline_model::time::Timestamp;
use fieldline_model::wire::Fate;
use rusqlite::Connection;

use super::ground::Ground;
use super::judge::Writer;
use super::perform::{Draft, author_all};
use super::settle::Bounds;
use super::{DoorError, Performed};
use crate::app::{App, Inner};
use crate::store::document::{self as documents, Decided};
use crate::store::happened::domain_event_add;
use crate::store::held::{
    Held, held_decide, held_ever, held_get, held_line_time, held_of_document, held_place, held_waiting,
};
use crate::store::log::{Channel, Entry as LogEntry, Journal};

/// What became of each operation that was to be taken over.
pub type Adopted = Vec<(OperationId, Result<Performed, DoorError>)>;

impl App {
    /// Held operations without a fate, with their entries where those can be read, in the order they were done; at most
    /// `limit`.
    ///
    /// # Errors
    /// As the store says.
    pub async fn held(&self, limit: u32) -> Result<Vec<(OperationId, Option<Entry>)>, DoorError> {
        let read = |held: Held| (held.operation, held.entry.as_deref().and_then(Entry::read));
        let held = self
            .inner
            .store
            .read(move |connection| held_waiting(connection, limit));
        Ok(held.await?.into_iter().map(read).collect())
    }

    /// Takes a held operation over into its document, at its own time. Its author is told "merged" or "overruled".
    ///
    /// # Errors
    /// [`DoorError::NotHeld`] when it is not held or was decided; [`DoorError::EarlierHeld`] when the rules say no and
    /// steps it was built on are held still; [`DoorError::Refused`] when a rule says no or its words cannot be read:
    /// then it is still held.
    pub async fn adopt(&self, operation: OperationId, by: StaffId) -> Result<Performed, DoorError> {
        let inner = std::sync::Arc::clone(&self.inner);
        let job = move |connection: &Connection| adopt(connection, &inner, operation, by);
        let adopted = self.inner.store.write(job).await;
        self.inner.wake.notify_one();
        adopted
    }

    /// Takes held operations over one after the other, in the order they were done, whatever the order they are named
    /// in. One that cannot be taken over stays held and hinders the others only where they were built on it.
    ///
    /// # Errors
    /// As the store says while it is asked for their order; each operation has its own answer.
    pub async fn adopt_in_order(
        &self,
        operations: Vec<OperationId>,
        by: StaffId,
    ) -> Result<Adopted, DoorError> {
        let read = move |connection: &Connection| {
            let placed = operations
                .into_iter()
                .map(|id| Ok((held_place(connection, id)?, id)));
            placed.collect::<Result<BTreeSet<_>, DoorError>>()
        };
        let mut adopted = Adopted::new();
        for (_, operation) in self.inner.store.read(read).await? {
            adopted.push((operation, self.adopt(operation, by).await));
        }
        Ok(adopted)
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
    let before = entries_before(connection, &held)?;
    let ground = inner.grounds.take(connection, held.document)?;
    let events = &ground.content().events;
    let prev = events.known_among(&entry.prev, |id| before.get(&id).map(Vec::as_slice), |_| false);
    let known = known(events, &entry.prev, &before);
    let bounds = bounds(connection, &held, &ground, &known.there)?;
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
        bounds: Some(bounds),
    };
    let performed = match author_all(connection, inner, held.document, Writer::Adopter, vec![draft]) {
        Err(DoorError::Refused(reason)) => return Err(waits_for(connection, &known.missing, reason)?),
        performed => performed?,
    };
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

/// What the author of an event knew: what of it stands in the document, and what does not.
struct Known {
    there: Vec<OperationId>,
    missing: Vec<OperationId>,
}

fn known(events: &Events, prev: &[OperationId], before: &HashMap<OperationId, Vec<OperationId>>) -> Known {
    let mut known = Known {
        there: Vec::new(),
        missing: Vec::new(),
    };
    let mut seen = BTreeSet::new();
    let mut open = prev.to_vec();
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        if events.holds(id) {
            known.there.push(id);
        } else {
            known.missing.push(id);
            open.extend(before.get(&id).into_iter().flatten());
        }
    }
    known
}

/// Between which moments it was done: after what its author knew of the document and had done to it himself, and
/// before HQ had it. What was taken over meanwhile came later in his life and says nothing.
fn bounds(
    connection: &Connection,
    held: &Held,
    ground: &Ground,
    there: &[OperationId],
) -> Result<Bounds, DoorError> {
    let line = match held_place(connection, held.operation)? {
        Some(place) => held_line_time(connection, held, place)?,
        None => None,
    };
    let seen: Option<Timestamp> = there.iter().filter_map(|id| ground.time(*id)).max();
    Ok(Bounds {
        after: line.max(seen),
        receipt: held.since,
    })
}

/// As [`bounds`], of an operation that was held and that its author's own phone brings again.
pub(super) fn bounds_of_held(
    connection: &Connection,
    ground: &Ground,
    id: OperationId,
) -> Result<Option<Bounds>, DoorError> {
    let Some(held) = held_ever(connection, id)? else {
        return Ok(None);
    };
    let Some(entry) = held.entry.as_deref().and_then(Entry::read) else {
        return Ok(None);
    };
    let before = entries_before(connection, &held)?;
    let known = known(&ground.content().events, &entry.prev, &before);
    bounds(connection, &held, ground, &known.there).map(Some)
}

/// Why it cannot be taken over: the steps it was built on that are held still, or what the rule says.
fn waits_for(
    connection: &Connection,
    missing: &[OperationId],
    reason: Reason,
) -> Result<DoorError, DoorError> {
    let mut first = BTreeSet::new();
    for id in missing {
        if held_get(connection, *id)?.is_some() {
            first.insert((held_place(connection, *id)?, *id));
        }
    }
    if first.is_empty() {
        return Ok(DoorError::Refused(reason));
    }
    Ok(DoorError::EarlierHeld(
        first.into_iter().map(|(_, id)| id).collect(),
    ))
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
