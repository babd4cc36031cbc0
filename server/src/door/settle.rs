//! The settlement of a lane: rulings, fates, log, projection, stock and scope, all in one transaction.

use std::collections::BTreeSet;

use automerge::{Automerge, ChangeHash, ReadDoc};
use fieldline_model::blob::Media;
use fieldline_model::document;
use fieldline_model::door::{Header, Node};
use fieldline_model::entry::Entry;
use fieldline_model::fold::{Contest, Outcome, TicketState, fold};
use fieldline_model::id::{DeviceId, EngineerId, OperationId};
use fieldline_model::operation::{Act, Attachment, Author, OFFER_TO_MAX, Operation, Ruling};
use fieldline_model::policy::Claim;
use fieldline_model::time::{DeviceTime, Timestamp, TrueTime, true_time};
use fieldline_model::wire::Fate;

use super::adopt::bounds_of_held;
use super::ground::Ground;
use super::{DoorError, Performed};
use crate::app::{Inner, bug};
use crate::grant::{self, Consumer};
use crate::store::blob::{BlobRef, blob_ref_add, blob_ref_drop};
use crate::store::document::{self as documents, ChangeRow, Decided, Stored};
use crate::store::happened::domain_event_of;
use crate::store::heal::foretold;
use crate::store::log::{Channel, Entry as LogEntry, Journal};
use crate::store::record::{self, EventRow, ticket_is_over};
use crate::store::scope as scopes;
use crate::{projection, scope, stock};

/// A change that is in the document and has no fate yet.
pub(super) struct Taken {
    hash: ChangeHash,
    actor: Vec<u8>,
    actor_seq: u64,
    deps: Vec<ChangeHash>,
    bytes: Vec<u8>,
    claim: Claim,
    device: Option<(DeviceId, [u8; 16])>,
    bounds: Option<Bounds>,
}

/// Between which moments a change was made that is written again here, later and by the server: neither what the
/// document holds by now nor the present moment says anything of its author's clock.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// The latest true time of what its author had done or seen.
    pub(super) after: Option<Timestamp>,
    /// When HQ got it from him.
    pub(super) receipt: Timestamp,
}

impl Taken {
    pub(super) fn of(
        header: &Header,
        bytes: Vec<u8>,
        claim: Claim,
        device: Option<(DeviceId, [u8; 16])>,
    ) -> Self {
        Self {
            hash: header.hash,
            actor: header.actor.to_bytes().to_vec(),
            actor_seq: header.seq,
            deps: header.deps.clone(),
            bytes,
            claim,
            device,
            bounds: None,
        }
    }

    /// As it was made between these moments.
    pub(super) fn within(self, bounds: Option<Bounds>) -> Self {
        Self { bounds, ..self }
    }

    fn id(&self) -> OperationId {
        self.claim.operation.id
    }
}

/// One settlement.
pub(super) struct Settle<'a, 'c> {
    pub(super) inner: &'a Inner,
    pub(super) journal: &'a mut Journal<'c>,
}

impl Settle<'_, '_> {
    /// Settles what was taken into `doc`, which replaces the ground's; `saved` are its bytes, when it was saved
    /// already. Returns the new ground and, for each change taken, its operation's fate.
    pub(super) fn run(
        mut self,
        mut ground: Ground,
        doc: Automerge,
        saved: Option<Vec<u8>>,
        mut taken: Vec<Taken>,
    ) -> Result<(Ground, Vec<Performed>), DoorError> {
        let pushed = taken.len();
        let was_born = ground.is_born();
        ground.doc = doc;
        for change in &taken {
            learn(&mut ground, change);
        }
        let before = std::mem::replace(&mut ground.state, fold(&ground.content.events)).outcomes;
        self.rule(&mut ground, &mut taken)?;

        let holders = scopes::scope_holders(self.journal.connection(), ground.id)?;
        let mut performed = self.log(&ground, &taken, was_born, &holders)?;
        // A ruling makes the document another one than was saved.
        let saved = saved.filter(|_| taken.len() == pushed);
        self.keep_document(&mut ground, saved, &performed)?;
        for (change, done) in taken.iter().zip(&performed) {
            self.keep_change(&mut ground, change, done)?;
        }
        if !bug!(self.inner, OutcomeKept) {
            let differs = |id: &OperationId, now: &Outcome| before.get(id).is_some_and(|was| was != now);
            projection::write_outcomes(self.journal, ground.content(), ground.state(), differs)?;
        }
        self.follow(&ground, &taken, &holders, was_born)?;
        for (change, done) in taken.iter().zip(&performed) {
            let word = change.claim.operation.act.word();
            let device = change.device.map(|(device, _)| device);
            domain_event_of(self.journal, Some(ground.id), word, Some(done.operation), device)?;
        }
        performed.truncate(pushed);
        Ok((ground, performed))
    }

    /// Decides between concurrent claims, once: whoever came here first stands.
    fn rule(&mut self, ground: &mut Ground, taken: &mut Vec<Taken>) -> Result<(), DoorError> {
        for _ in 0..OFFER_TO_MAX {
            let Some(contest) = ground.state.contests.first().copied() else {
                return Ok(());
            };
            let ruling = decide(ground, taken, contest);
            let operation = Operation {
                id: self.inner.edge.id(OperationId::new),
                document: ground.id,
                by: Author::Server,
                at: DeviceTime::exact(self.journal.at()),
                act: Act::Rule(ruling),
            };
            let prev = ground.content.events.heads();
            let actor = self.inner.actor(ground.id);
            let authored = document::author(&mut ground.doc, &actor, &operation, prev.clone())?;
            let change = ground
                .doc
                .get_change_by_hash(&authored.hash)
                .ok_or_else(|| DoorError::Document("the ruling is not in the document".into()))?;
            let ruled = Taken {
                hash: authored.hash,
                actor: actor.to_vec(),
                actor_seq: change.seq(),
                deps: change.deps().to_vec(),
                bytes: authored.bytes,
                claim: Claim { operation, prev },
                device: None,
                bounds: None,
            };
            learn(ground, &ruled);
            taken.push(ruled);
            ground.state = fold(&ground.content.events);
        }
        Ok(())
    }

    fn log(
        &mut self,
        ground: &Ground,
        taken: &[Taken],
        was_born: bool,
        holders: &[EngineerId],
    ) -> Result<Vec<Performed>, DoorError> {
        // A document nobody holds yet comes down whole when it enters.
        let channels: Vec<Channel> = match (ground.is_ticket(), was_born) {
            (true, _) => holders.iter().copied().map(Channel::Engineer).collect(),
            (false, true) => vec![Channel::Shared],
            (false, false) => Vec::new(),
        };
        let mut performed = Vec::with_capacity(taken.len());
        for change in taken {
            let operation = change.id();
            let entry = LogEntry::Change {
                document: ground.id,
                hash: change.hash.0,
                operation,
            };
            let seq = self.journal.append(&entry, channels.iter().copied())?;
            let counts = match ground.state.outcomes.get(&operation) {
                Some(Outcome::Overruled(reason)) => Fate::Overruled {
                    code: reason.code().to_owned(),
                },
                Some(Outcome::Merged) | None => Fate::Merged,
            };
            let fate = match self.foretold(change)? {
                Some(code) => Fate::Overruled { code },
                None => counts.clone(),
            };
            if let Author::Engineer(engineer) = change.claim.operation.by
                && fate != counts
            {
                let entry = LogEntry::Fate { operation };
                self.journal.append(&entry, [Channel::Engineer(engineer)])?;
            }
            performed.push(Performed { operation, fate, seq });
        }
        Ok(performed)
    }

    /// The reason for which the phone that brings a change was told, before the record went back, that it is overruled.
    fn foretold(&self, change: &Taken) -> Result<Option<String>, DoorError> {
        let Some((device, _)) = change.device else {
            return Ok(None);
        };
        Ok(foretold(self.journal.connection(), change.id(), device)?)
    }

    fn keep_document(
        &self,
        ground: &mut Ground,
        saved: Option<Vec<u8>>,
        performed: &[Performed],
    ) -> Result<(), DoorError> {
        let stored = Stored {
            snapshot: saved.unwrap_or_else(|| ground.doc.save_nocompress()),
            heads: ground.stored().to_vec(),
            last_seq: performed.last().map_or(0, |done| done.seq),
        };
        Ok(documents::document_write(
            self.journal.connection(),
            ground.id,
            &stored,
        )?)
    }

    fn keep_change(
        &mut self,
        ground: &mut Ground,
        change: &Taken,
        done: &Performed,
    ) -> Result<(), DoorError> {
        let connection = self.journal.connection();
        let Operation {
            id,
            document,
            by,
            act,
            ..
        } = &change.claim.operation;
        let row = ChangeRow {
            hash: change.hash.0,
            document: *document,
            actor: &change.actor,
            actor_seq: change.actor_seq,
            seq: done.seq,
            bytes: &change.bytes,
            operation: *id,
            device: change.device,
        };
        documents::change_add(connection, &row)?;
        let (truth, receipt) = self.truth(ground, change)?;
        let entry = Entry::of(&change.claim.operation, change.claim.prev.clone());
        let event = EventRow {
            operation: *id,
            document: *document,
            path: act.path(),
            act: act.word(),
            author: by.to_string(),
            entry: &entry
                .to_text()
                .map_err(|error| DoorError::Document(error.to_string()))?,
            at: truth.at,
            clamped: truth.clamped,
            received_at: receipt,
            outcome: ground.state.outcomes.get(id).copied().unwrap_or(Outcome::Merged),
            seq: done.seq,
        };
        record::event_add(connection, &event)?;
        ground.times.insert(*id, (truth.at, done.seq));
        let decided = Decided {
            fate: done.fate.clone(),
            hash: change.hash.0,
        };
        let device = change.device.map(|(device, _)| device);
        documents::fate_add(connection, *id, *document, &decided, device, self.journal.at())?;
        if let Some(device) = device {
            self.journal
                .append(&LogEntry::Fate { operation: *id }, [Channel::Device(device)])?;
        }
        Ok(())
    }

    /// When it was done, and when HQ got it.
    fn truth(&self, ground: &Ground, change: &Taken) -> Result<(TrueTime, Timestamp), DoorError> {
        let Operation { id, at, .. } = &change.claim.operation;
        let Bounds { after, receipt } = change.bounds.unwrap_or_else(|| Bounds {
            after: after(ground, change),
            receipt: self.journal.at(),
        });
        let truth = true_time(at, after, receipt);
        if truth.clamped && change.bounds.is_none() {
            // Held here before, and written again upon what came since: that says nothing of when it was done.
            if let Some(Bounds { after, receipt }) = bounds_of_held(self.journal.connection(), ground, *id)? {
                return Ok((true_time(at, after, receipt), receipt));
            }
        }
        Ok((truth, receipt))
    }

    /// When a part moved. A clock that cannot be right says nothing of what came before: then it is when HQ heard of it.
    fn moved_at(&self, ground: &Ground, change: &Taken) -> Result<Timestamp, DoorError> {
        let (truth, receipt) = self.truth(ground, change)?;
        Ok(if truth.clamped { receipt } else { truth.at })
    }

    /// Notes which blobs an operation refers to.
    fn refer(&self, ground: &Ground, change: &Taken) -> Result<(), DoorError> {
        let operation = &change.claim.operation;
        let (photo, engineer) = match (&operation.act, operation.by) {
            (Act::Photo(photo), Author::Engineer(engineer)) => (photo, engineer),
            (Act::Attach(file), _) => return self.refer_to_file(ground, operation.id, file),
            (Act::Detach { attachment }, _) => {
                let at = self.journal.at();
                return Ok(blob_ref_drop(
                    self.journal.connection(),
                    ground.id,
                    *attachment,
                    at,
                )?);
            }
            _ => return Ok(()),
        };
        let whole = (photo.blob, photo.size, photo.media, false);
        let thumb = photo
            .thumb
            .map(|thumb| (thumb.blob, thumb.size, Media::Jpeg, true));
        for (hash, size, media, thumb) in [Some(whole), thumb].into_iter().flatten() {
            let new = BlobRef {
                document: ground.id,
                operation: operation.id,
                engineer: Some(engineer),
                hash,
                size,
                media,
                thumb,
            };
            blob_ref_add(self.journal.connection(), &new, self.journal.at())?;
        }
        Ok(())
    }

    /// Notes that an article has a file.
    fn refer_to_file(
        &self,
        ground: &Ground,
        operation: OperationId,
        file: &Attachment,
    ) -> Result<(), DoorError> {
        let new = BlobRef {
            document: ground.id,
            operation,
            engineer: None,
            hash: file.blob,
            size: file.size,
            media: file.media,
            thumb: false,
        };
        Ok(blob_ref_add(self.journal.connection(), &new, self.journal.at())?)
    }

    /// What follows from the new state: the record, stock, who holds the document.
    fn follow(
        &mut self,
        ground: &Ground,
        taken: &[Taken],
        holders: &[EngineerId],
        was_born: bool,
    ) -> Result<(), DoorError> {
        for change in taken {
            let (operation, by) = (change.id(), consumer(ground, change));
            let moved_at = self.moved_at(ground, change)?;
            let taken = |part, quantity, location| stock::Taken {
                document: ground.id,
                operation,
                location,
                part,
                quantity,
                moved_at,
            };
            match change.claim.operation.act {
                Act::UsePart { part, quantity, from } => {
                    stock::take(self.journal, self.inner, taken(part, quantity, from), &by, None)?;
                }
                Act::TransferPart {
                    part,
                    quantity,
                    from,
                    to,
                } => {
                    let taken = taken(part, quantity, from);
                    stock::take(self.journal, self.inner, taken, &by, Some(to))?;
                }
                Act::RequestPart { part, quantity, from } => {
                    grant::request(self.journal, taken(part, quantity, from), &by)?;
                }
                _ => {}
            }
            self.refer(ground, change)?;
        }
        let connection = self.journal.connection();
        if let Some(ticket) = ground.id.ticket() {
            let was_over = ticket_is_over(connection, ticket)?;
            projection::write_ticket(connection, ticket, ground, self.journal.at())?;
            let is_over = ground.state.status().is_over();
            grant::over::follow(connection, self.inner, ticket, (was_over, is_over))?;
            scope::follow(self.journal, ground.id, &ground.state, holders)?;
        } else if let Some(article) = ground.id.article() {
            projection::write_article(connection, article, &ground.content)?;
            if !was_born {
                scope::share(self.journal, ground.id)?;
            }
        }
        Ok(())
    }
}

impl Ground {
    /// The fold of the ticket.
    pub(crate) fn state(&self) -> &TicketState {
        &self.state
    }

    /// The entries by id.
    pub(crate) fn content(&self) -> &document::Content {
        &self.content
    }

    /// The true time of an entry.
    pub(crate) fn time(&self, id: OperationId) -> Option<Timestamp> {
        self.times.get(&id).map(|(at, _)| *at)
    }
}

/// Out of whose grants a part is taken.
fn consumer(ground: &Ground, change: &Taken) -> Consumer {
    Consumer {
        device: change.device,
        engineer: match change.claim.operation.by {
            Author::Engineer(engineer) => Some(engineer),
            Author::Staff(_) | Author::Customer | Author::Server => None,
        },
        ticket: ground.id.ticket(),
    }
}

fn learn(ground: &mut Ground, change: &Taken) {
    ground
        .content
        .add(&change.claim.operation, change.claim.prev.clone());
    let node = Node {
        operation: Some(change.id()),
        deps: change.deps.clone(),
    };
    ground.nodes.insert(change.hash, node);
}

/// The claim that came here first stands, whatever order the fold took them in.
fn decide(ground: &Ground, taken: &[Taken], contest: Contest) -> Ruling {
    let arrival = |id: OperationId| match ground.times.get(&id) {
        Some((_, seq)) => (0, *seq),
        None => (
            1,
            taken
                .iter()
                .position(|change| change.id() == id)
                .map_or(u64::MAX, |place| place as u64),
        ),
    };
    let Contest { stands, over } = contest;
    if arrival(over) < arrival(stands) {
        Ruling {
            stands: over,
            over: vec![stands],
        }
    } else {
        Ruling {
            stands,
            over: vec![over],
        }
    }
}

/// The latest true time among what must have come before: the change's parents and the events it names.
fn after(ground: &Ground, change: &Taken) -> Option<Timestamp> {
    let parents = change
        .deps
        .iter()
        .filter_map(|dep| ground.nodes.get(dep)?.operation);
    let before: BTreeSet<OperationId> = parents.chain(change.claim.prev.iter().copied()).collect();
    before.into_iter().filter_map(|id| ground.time(id)).max()
}
