//! What the person does: rule, change, intent and read model, in one transaction. Legal without a network.

use std::collections::BTreeSet;

use automerge::Automerge;
use fieldline_model::document::author;
use fieldline_model::entry::Entry;
use fieldline_model::fold::{Events, TicketState, VisitState, fold};
use fieldline_model::id::{DocumentId, DocumentKind, EngineerId, OperationId, VisitId};
use fieldline_model::operation::{Act, Author, Operation, Path, Position};
use fieldline_model::reason::Reason;
use fieldline_model::row::{Checklist, Row, RowKind};
use fieldline_model::rules;
use fieldline_model::wire::{Fix, Positions};
use rusqlite::Connection;

use crate::audit::missing_dismiss;
use crate::blob::blob_lines;
use crate::engine::{Engine, Inner, work_in};
use crate::error::EngineError;
use crate::fault::{FaultPoint, bug};
use crate::moment::Moment;
use crate::observe::Changed;
use crate::overlay::{Laid, Leave, Work, base_load, lay, project};
use crate::store::carried::carried_entries;
use crate::store::change::{Change, ChangeState, change_insert};
use crate::store::doc::doc_get;
use crate::store::grant::part_request_put;
use crate::store::identity::identity_count_write;
use crate::store::inbox::inbox_dismiss;
use crate::store::intent::{Intent, intent_insert};
use crate::store::position::{position_delete, position_list, position_put};
use crate::store::row::row_get;
use crate::store::stock::part_use_put;

/// An operation that is saved: it will reach HQ as exactly one of merged, overruled or refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Performed {
    /// Its name, for ever.
    pub operation: OperationId,
}

impl Engine {
    /// Saves what the person did. When this returns `Ok`, it is on the disk.
    ///
    /// # Errors
    /// [`EngineError::Rule`] when the rules say no to what the person can see; [`EngineError::UnknownDocument`] when the
    /// document is not here; [`EngineError::DiskFull`] and others of the store. Nothing is saved then.
    pub fn perform(
        &self,
        document: impl Into<DocumentId>,
        act: Act,
        moment: &mut Moment<'_>,
    ) -> Result<Performed, EngineError> {
        let document = document.into();
        if matches!(act, Act::Photo(_)) {
            // Its bytes come with it, or it is none: see `perform_photo`.
            return Err(EngineError::PhotoUnreadable);
        }
        self.write(|inner| {
            let operation = inner.perform(document, act, moment)?;
            Ok((Performed { operation }, Changed::document(document)))
        })
    }

    /// The person has seen a card, or that an operation is missing. False when there is neither.
    ///
    /// # Errors
    /// As the store says.
    pub fn dismiss(&self, operation: OperationId) -> Result<bool, EngineError> {
        self.write(|inner| {
            let tx = inner.store.conn.transaction()?;
            let found = inbox_dismiss(&tx, operation)? || missing_dismiss(&tx, operation)?;
            inner.faults.at(FaultPoint::DismissBeforeCommit)?;
            tx.commit()?;
            Ok((
                found,
                if found {
                    Changed::status()
                } else {
                    Changed::default()
                },
            ))
        })
    }

    /// Queues a position for HQ. The queue is bounded; the oldest go first.
    ///
    /// # Errors
    /// [`Reason::OutOfRange`] for numbers that are no place on Earth.
    pub fn position_add(
        &self,
        position: Position,
        accuracy_m: f32,
        moment: &mut Moment<'_>,
    ) -> Result<(), EngineError> {
        if !position.is_valid() || !accuracy_m.is_finite() {
            return Err(EngineError::Rule(Reason::OutOfRange));
        }
        self.read(|inner| {
            let at = inner.now(&moment.time);
            let tx = inner.store.conn.transaction()?;
            position_put(
                &tx,
                &Fix {
                    at,
                    position,
                    accuracy_m,
                },
            )?;
            inner.faults.at(FaultPoint::PositionBeforeCommit)?;
            tx.commit()?;
            Ok(())
        })
    }

    /// The oldest positions for `POST /sync/v1/positions`, with the mark for [`Engine::positions_taken`]; `None` when
    /// none wait.
    ///
    /// # Errors
    /// As the store says.
    pub fn positions_next(&self) -> Result<Option<(Positions, i64)>, EngineError> {
        self.read(|inner| {
            let Some(me) = &inner.identity.enrolment else {
                return Ok(None);
            };
            let (fixes, last) = position_list(&inner.store.conn)?;
            Ok((!fixes.is_empty()).then_some((
                Positions {
                    device: me.device,
                    fixes,
                },
                last,
            )))
        })
    }

    /// HQ has the positions up to this mark.
    ///
    /// # Errors
    /// As the store says.
    pub fn positions_taken(&self, mark: i64) -> Result<(), EngineError> {
        self.read(|inner| position_delete(&inner.store.conn, mark))
    }
}

impl Inner {
    pub(crate) fn perform(
        &mut self,
        document: DocumentId,
        act: Act,
        moment: &mut Moment<'_>,
    ) -> Result<OperationId, EngineError> {
        if self.identity.engineer_lost {
            // In nobody's name nothing is promised.
            return Err(EngineError::KeyLost);
        }
        let opened = self.take_open(document);
        let time = self.device_time(&moment.time);
        let id = Moment::new(time, moment.random).operation();
        let tx = self.store.conn.transaction()?;
        let work = work_in(&tx, &self.identity, &self.faults, time.estimate())?;
        let by = Author::Engineer(work.me.engineer);
        let operation = Operation {
            id,
            document,
            by,
            at: time,
            act: act.plain(),
        };
        let mut laid = match opened {
            Some(laid) => laid,
            None => open(&work, document)?,
        };
        if !bug!(self.faults, RulesSkipped) {
            check(&work, &laid, &operation)?;
        }
        save(&work, &mut laid, &operation)?;
        self.faults.at(FaultPoint::PerformBeforeCommit)?;
        tx.commit()?;
        self.identity.write_counter += 1;
        self.keep_open(document, laid);
        self.faults.at(FaultPoint::PerformAfterCommit)?;
        Ok(id)
    }
}

/// A document as the person sees it, for reading and writing.
pub(crate) fn open(work: &Work<'_>, document: DocumentId) -> Result<Laid, EngineError> {
    let accepted: Automerge =
        base_load(work.conn, document)?.ok_or(EngineError::UnknownDocument(document))?;
    lay(work, document, &accepted, &Leave::default())
}

fn check(work: &Work<'_>, laid: &Laid, operation: &Operation) -> Result<(), EngineError> {
    let line =
        doc_get(work.conn, operation.document)?.ok_or(EngineError::UnknownDocument(operation.document))?;
    if !line.in_scope {
        return Err(EngineError::Rule(Reason::OutOfScope));
    }
    match operation.document.kind() {
        DocumentKind::Ticket => {
            let state = fold(&laid.content.events);
            rules::check_ticket(&state, operation).map_err(EngineError::Rule)?;
            check_carried(work, laid, operation)?;
            let list = checklist(work, &state, &operation.act)?;
            rules::check_tap(&state, operation, list.as_ref())
        }
        DocumentKind::Article => rules::check_form(operation),
    }
    .map_err(EngineError::Rule)
}

/// Nobody accepts what a colleague has accepted by work that this phone brings to HQ itself: own work goes first, so his
/// would lose. Once HQ has decided about his, only that counts.
fn check_carried(work: &Work<'_>, laid: &Laid, operation: &Operation) -> Result<(), EngineError> {
    let Act::Accept { visit } = operation.act else {
        return Ok(());
    };
    if bug!(work.faults, CarriedUnasked) {
        return Ok(());
    }
    let events = &laid.content.events;
    if accepted_by_carried(work.conn, operation.document, events, work.me.engineer)?.contains(&visit) {
        return Err(EngineError::Rule(Reason::AcceptedNotAtHq));
    }
    Ok(())
}

/// The visits that a colleague has accepted by work that this phone carries and HQ has not got.
pub(crate) fn accepted_by_carried(
    conn: &Connection,
    document: DocumentId,
    events: &Events,
    me: EngineerId,
) -> Result<BTreeSet<VisitId>, EngineError> {
    let carried = carried_entries(conn, document)?;
    if carried.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut events = events.clone();
    for (id, entry) in carried {
        if entry.act.path() == Path::Events {
            events.insert_entry(id, entry);
        }
    }
    let is_other = |visit: &&VisitState| visit.engineer.is_some_and(|engineer| engineer != me);
    let visits = fold(&events).visits;
    Ok(visits.values().filter(is_other).map(|visit| visit.id).collect())
}

/// The checklist an answer is given to, as far as this phone holds it.
fn checklist(work: &Work<'_>, state: &TicketState, act: &Act) -> Result<Option<Checklist>, EngineError> {
    let (Act::Answer { .. }, Some(category)) = (act, &state.facts.category) else {
        return Ok(None);
    };
    Ok(match row_get(work.conn, RowKind::Checklist, category)? {
        Some(Row::Checklist(list)) => Some(list),
        _ => None,
    })
}

/// Notes what an act takes from stock, or asks of it, that HQ cannot know yet.
pub(crate) fn take_parts(conn: &Connection, operation: OperationId, act: &Act) -> Result<(), EngineError> {
    match *act {
        Act::UsePart { part, quantity, from }
        | Act::TransferPart {
            part, quantity, from, ..
        } => part_use_put(conn, operation, from, part, quantity),
        Act::RequestPart { part, quantity, from } => part_request_put(conn, operation, from, part, quantity),
        _ => Ok(()),
    }
}

fn save(work: &Work<'_>, laid: &mut Laid, operation: &Operation) -> Result<(), EngineError> {
    let document = operation.document;
    // Laying may have begun a new branch.
    let branch = doc_get(work.conn, document)?.map_or(0, |line| line.branch);
    let is_event = operation.act.path() == Path::Events;
    let prev = if is_event {
        laid.content.events.heads()
    } else {
        Vec::new()
    };
    let actor = work.actor(document, branch);
    let authored = author(&mut laid.doc, &actor, operation, prev.clone())?;
    intent_insert(
        work.conn,
        &Intent {
            operation: operation.id,
            document,
            entry: Entry::of(operation, prev.clone()),
            fate: None,
            held: false,
            saved_at: operation.at.wall,
        },
    )?;
    change_insert(
        work.conn,
        &Change {
            document,
            hash: authored.hash.0,
            bytes: authored.bytes,
            actor,
            install: work.install,
            branch,
            operation: operation.id,
            state: ChangeState::Pending,
        },
    )?;
    take_parts(work.conn, operation.id, &operation.act)?;
    if let Act::Photo(photo) = &operation.act {
        blob_lines(work.conn, operation.id, (document, operation.at.wall), photo)?;
    }
    identity_count_write(work.conn)?;
    laid.content.add(operation, prev);
    laid.pending += 1;
    project(work, document, laid)
}
