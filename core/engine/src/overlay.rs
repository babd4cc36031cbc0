//! Own pending work laid over the accepted state, and written again where its line had to be left behind.
//!
//! Accepted state is the base. A live change that no longer fits on it (something before it was refused, the server
//! said so, or the line was continued by a copy of this phone) is left behind; its operation is authored anew on the
//! next branch with the same id, time and knowledge. Whether that is still allowed is for the server to decide.
//! What must never happen here: an operation without a live change and without a fate.

use std::collections::{BTreeMap, BTreeSet};

use automerge::Automerge;
use fieldline_model::actor::{ActorSource, Install};
use fieldline_model::document::{Content, author, content, load};
use fieldline_model::fold::{Outcome, fold};
use fieldline_model::id::{DocumentId, DocumentKind, OperationId};
use fieldline_model::operation::{Operation, Path};
use fieldline_model::time::Timestamp;
use fieldline_model::wire::Fate;
use rusqlite::Connection;

use crate::base;
use crate::error::EngineError;
use crate::fault::{Faults, bug};
use crate::project::{article_text, ticket_row};
use crate::reclaim::reclaim;
use crate::settle::settle;
use crate::store::article::article_put;
use crate::store::change::{Change, ChangeState, change_insert, change_of_document, change_set_state};
use crate::store::doc::{doc_get, doc_next_branch, doc_set_base, doc_snapshot};
use crate::store::identity::Enrolment;
use crate::store::intent::{Intent, intent_of_document, intent_taken_otherwise};
use crate::store::ticket_row::ticket_row_put;

/// What work inside one transaction needs to know.
pub(crate) struct Work<'a> {
    pub(crate) conn: &'a Connection,
    pub(crate) me: &'a Enrolment,
    pub(crate) install: Install,
    pub(crate) faults: &'a Faults,
    /// Best guess of server time.
    pub(crate) now: Timestamp,
}

impl Work<'_> {
    /// This phone's actor in a document, on a branch of the present install.
    pub(crate) fn actor(&self, document: DocumentId, branch: u32) -> [u8; 16] {
        actor_of(self.me, document, &self.install, branch)
    }
}

/// The actor of this device in a document, on a branch of an install it has or had.
pub(crate) fn actor_of(me: &Enrolment, document: DocumentId, install: &Install, branch: u32) -> [u8; 16] {
    ActorSource {
        organisation: me.organisation,
        document,
        device_key: &me.key.public(),
        install,
        branch,
    }
    .actor()
}

/// A document as the person sees it: accepted state and own pending work.
pub(crate) struct Laid {
    pub(crate) doc: Automerge,
    pub(crate) content: Content,
    /// Own operations without a fate.
    pub(crate) pending: u32,
}

/// What the verdicts on a document ask for.
#[derive(Debug, Default)]
pub(crate) struct Leave {
    /// These live changes must be written again although they may still fit.
    pub(crate) forced: BTreeSet<[u8; 32]>,
    /// A change was left behind: its place in the line is never used again.
    pub(crate) broken: bool,
}

/// The accepted state. `None` when the document has not come yet; an unreadable one is
/// [`EngineError::Stuck`], which the outermost caller writes down.
pub(crate) fn base_load(conn: &Connection, id: DocumentId) -> Result<Option<Automerge>, EngineError> {
    let Some(bytes) = doc_snapshot(conn, id)? else {
        return Ok(None);
    };
    load(id, &bytes).map(Some).map_err(|_| EngineError::Stuck(id))
}

/// Stores a new accepted state, lays own work over it and renews the read models.
pub(crate) fn base_put(
    work: &Work<'_>,
    id: DocumentId,
    doc: &Automerge,
    bytes: &[u8],
    leave: &Leave,
) -> Result<(), EngineError> {
    doc_set_base(work.conn, id, doc, bytes)?;
    let laid = lay(work, id, doc, leave)?;
    project(work, id, &laid)
}

/// Lays own live changes over the accepted state, writing again what no longer fits. Of what HQ took under other bytes that
/// did not come here, what counts is shown as it was done.
pub(crate) fn lay(
    work: &Work<'_>,
    id: DocumentId,
    accepted: &Automerge,
    leave: &Leave,
) -> Result<Laid, EngineError> {
    let mut laid = lay_live(work, id, accepted, leave)?;
    for (intent, counts) in intent_taken_otherwise(work.conn, id)? {
        let entry = &intent.entry;
        if counts && !laid.content.holds(entry.act.path(), intent.operation) {
            let operation = operation_of(&intent, intent.operation);
            laid.content.add(&operation, entry.prev.clone());
        }
    }
    Ok(laid)
}

fn lay_live(
    work: &Work<'_>,
    id: DocumentId,
    accepted: &Automerge,
    leave: &Leave,
) -> Result<Laid, EngineError> {
    let live: Vec<Change> = change_of_document(work.conn, id)?
        .into_iter()
        .filter(|change| change.state.is_live())
        .collect();
    if leave.forced.is_empty()
        && !leave.broken
        && !taken_elsewhere(id, accepted, &live)?
        && let Some(doc) = as_they_are(accepted, &live)
    {
        let content = content(id, &doc)?;
        return Ok(Laid {
            doc,
            content,
            pending: count(live.len()),
        });
    }
    write_again(work, id, accepted, live, leave)
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// An operation that is live here stands in the accepted state under other bytes: laid over it, it would stand twice.
fn taken_elsewhere(id: DocumentId, accepted: &Automerge, live: &[Change]) -> Result<bool, EngineError> {
    let mut open = live
        .iter()
        .filter(|change| !base::holds(accepted, &change.hash))
        .peekable();
    if open.peek().is_none() {
        return Ok(false);
    }
    let content = content(id, accepted)?;
    let operations: BTreeSet<OperationId> = content.entries.keys().map(|(_, operation)| *operation).collect();
    Ok(open.any(|c| content.events.holds(c.operation) || operations.contains(&c.operation)))
}

/// The quick road: everything still fits.
fn as_they_are(accepted: &Automerge, live: &[Change]) -> Option<Automerge> {
    let missing: Vec<_> = live
        .iter()
        .filter(|change| !base::holds(accepted, &change.hash))
        .map(base::parse_own)
        .collect();
    let missing: Vec<automerge::Change> = missing.into_iter().collect::<Option<_>>()?;
    let batch = base::apply_ready(accepted, missing).ok()?;
    batch.waiting.is_empty().then_some(batch.doc)
}

fn write_again(
    work: &Work<'_>,
    id: DocumentId,
    accepted: &Automerge,
    live: Vec<Change>,
    leave: &Leave,
) -> Result<Laid, EngineError> {
    let intents = intent_of_document(work.conn, id)?;
    let mut live: BTreeMap<OperationId, Change> = live.into_iter().map(|c| (c.operation, c)).collect();
    let taken = content(id, accepted)?;
    let mut laid = Laid {
        doc: accepted.clone(),
        content: taken.clone(),
        pending: 0,
    };
    let mut branch = if leave.broken {
        Some(next_branch(work, id)?)
    } else {
        None
    };
    for intent in &intents {
        let change = live.remove(&intent.operation);
        if change.is_none() && (intent.fate.is_some() || bug!(work.faults, DependentsForgotten)) {
            continue;
        }
        if change.as_ref().is_some_and(|c| base::holds(accepted, &c.hash)) {
            laid.pending += 1;
            continue;
        }
        let path = intent.entry.act.path();
        if taken.holds(path, intent.operation) {
            leave_behind(work, change.as_ref())?;
            if reclaim(work, id, accepted, intent)? {
                laid.pending += 1;
                continue;
            }
            settle(work, intent, &fate_in(&taken, path, intent.operation))?;
            continue;
        }
        laid.pending += 1;
        let usable = change.as_ref().filter(|c| !leave.forced.contains(&c.hash));
        if let Some(doc) = usable.and_then(|change| fits(&laid.doc, change)) {
            laid.doc = doc;
            laid.content
                .add(&operation_of(intent, intent.operation), intent.entry.prev.clone());
            continue;
        }
        leave_behind(work, change.as_ref())?;
        if bug!(work.faults, DependentsForgotten) {
            continue;
        }
        let branch = match branch {
            Some(branch) => branch,
            None => *branch.insert(next_branch(work, id)?),
        };
        author_again(work, &mut laid, intent, &intents, branch)?;
    }
    Ok(laid)
}

fn leave_behind(work: &Work<'_>, change: Option<&Change>) -> Result<(), EngineError> {
    change.map_or(Ok(()), |change| {
        change_set_state(work.conn, &change.hash, ChangeState::Left)
    })
}

fn next_branch(work: &Work<'_>, id: DocumentId) -> Result<u32, EngineError> {
    if bug!(work.faults, BranchReused) {
        return Ok(doc_get(work.conn, id)?.map_or(0, |line| line.branch));
    }
    doc_next_branch(work.conn, id)
}

fn fits(doc: &Automerge, change: &Change) -> Option<Automerge> {
    let change = base::parse_own(change)?;
    if !base::lacking(doc, &change).is_empty() {
        return None;
    }
    base::apply(doc, change).ok()
}

fn operation_of(intent: &Intent, id: OperationId) -> Operation {
    let entry = &intent.entry;
    Operation {
        id,
        document: intent.document,
        by: entry.by,
        at: entry.at,
        act: entry.act.clone(),
    }
}

fn author_again(
    work: &Work<'_>,
    laid: &mut Laid,
    intent: &Intent,
    all: &[Intent],
    branch: u32,
) -> Result<(), EngineError> {
    let mut id = intent.operation;
    if bug!(work.faults, ReplayWithNewIds) {
        let mut bytes = id.to_bytes();
        bytes[15] = bytes[15].wrapping_add(1);
        id = OperationId::from_bytes(bytes);
    }
    let operation = operation_of(intent, id);
    let prev = known(&intent.entry.prev, &laid.content, all);
    let actor = work.actor(intent.document, branch);
    let authored = author(&mut laid.doc, &actor, &operation, prev.clone())?;
    laid.content.add(&operation, prev);
    change_insert(
        work.conn,
        &Change {
            document: intent.document,
            hash: authored.hash.0,
            bytes: authored.bytes,
            actor,
            install: work.install,
            branch,
            operation: intent.operation,
            state: ChangeState::Pending,
        },
    )
}

/// What the author knew then, without what has left the document since.
fn known(prev: &[OperationId], content: &Content, all: &[Intent]) -> Vec<OperationId> {
    let own: BTreeMap<OperationId, &Intent> = all.iter().map(|intent| (intent.operation, intent)).collect();
    // HQ has it under bytes that come with one of the next pages.
    let taken = |intent: &&Intent| matches!(intent.fate, Some(Fate::Merged | Fate::Overruled { .. }));
    content.events.known_among(
        prev,
        |id| own.get(&id).map(|intent| &intent.entry.prev[..]),
        |id| own.get(&id).is_some_and(taken),
    )
}

/// What the accepted document itself says about an operation it holds.
pub(crate) fn fate_in(content: &Content, path: Path, operation: OperationId) -> Fate {
    if path != Path::Events {
        return Fate::Merged;
    }
    match fold(&content.events).outcomes.get(&operation) {
        Some(Outcome::Overruled(reason)) => Fate::Overruled {
            code: reason.code().to_owned(),
        },
        Some(Outcome::Merged) | None => Fate::Merged,
    }
}

/// Renews the read models of a document.
pub(crate) fn project(work: &Work<'_>, id: DocumentId, laid: &Laid) -> Result<(), EngineError> {
    match id.kind() {
        DocumentKind::Ticket => {
            if let Some(row) = ticket_row(id, &laid.content, work.me.engineer, laid.pending) {
                ticket_row_put(work.conn, &row)?;
            }
        }
        DocumentKind::Article => {
            if let Some(text) = article_text(&laid.content) {
                article_put(work.conn, id, &text)?;
            }
        }
    }
    Ok(())
}
