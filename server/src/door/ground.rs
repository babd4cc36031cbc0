//! What the door knows of a document while it judges: the document, its content, its fold, its history.
//!
//! Loaded documents are kept for the next lane. A kept one is used only if its heads are those of the database, so a
//! transaction that was rolled back can leave nothing behind.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use automerge::{Automerge, ChangeHash};
use fieldline_model::document::{self, Content};
use fieldline_model::door::{Node, nodes};
use fieldline_model::fold::{TicketState, fold};
use fieldline_model::id::{DocumentId, DocumentKind, OperationId};
use fieldline_model::time::Timestamp;
use rusqlite::Connection;

use super::DoorError;
use crate::store::{document as documents, record};

/// Documents kept loaded, for lanes that follow each other on one ticket.
const GROUNDS_MAX: usize = 128;

/// One document, loaded.
#[derive(Debug)]
pub(crate) struct Ground {
    pub(super) id: DocumentId,
    pub(super) doc: Automerge,
    pub(super) content: Content,
    /// The fold of a ticket's events; unborn for articles.
    pub(super) state: TicketState,
    pub(super) nodes: HashMap<ChangeHash, Node>,
    /// True time and log entry of every entry.
    pub(super) times: HashMap<OperationId, (Timestamp, u64)>,
    /// As stored; empty when the document is not.
    heads: Vec<[u8; 32]>,
}

impl Ground {
    /// Loads the document, or makes its birth when nobody has written it yet.
    fn load(connection: &Connection, id: DocumentId) -> Result<Self, DoorError> {
        let stored = documents::document_read(connection, id)?;
        let (doc, heads) = match stored {
            Some(stored) => (document::load(id, &stored.snapshot)?, stored.heads),
            None => (document::birth(id)?, Vec::new()),
        };
        let content = document::content(id, &doc)?;
        let nodes = nodes(&doc);
        let state = fold(&content.events);
        let times = record::event_times(connection, id)?;
        Ok(Self {
            id,
            doc,
            content,
            state,
            nodes,
            times,
            heads,
        })
    }

    /// Somebody has written it before.
    pub(super) fn is_born(&self) -> bool {
        !self.heads.is_empty()
    }

    /// Whether it is a ticket's.
    pub(super) fn is_ticket(&self) -> bool {
        self.id.kind() == DocumentKind::Ticket
    }

    /// Notes that its present heads are those written to the database.
    pub(super) fn stored(&mut self) -> &[[u8; 32]] {
        self.heads = document::heads(&self.doc);
        &self.heads
    }
}

/// The loaded documents, least recently used thrown away first.
#[derive(Debug, Default)]
pub(crate) struct Grounds {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    clock: u64,
    grounds: HashMap<DocumentId, (u64, Ground)>,
}

impl Grounds {
    /// Takes the document out, from here or from the database.
    pub(super) fn take(&self, connection: &Connection, id: DocumentId) -> Result<Ground, DoorError> {
        let kept = self
            .kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .grounds
            .remove(&id);
        if let Some((_, ground)) = kept {
            let stored = documents::document_heads(connection, id)?;
            if stored.is_some_and(|(heads, _)| heads == ground.heads) {
                return Ok(ground);
            }
        }
        Ground::load(connection, id)
    }

    /// Puts it back for the next lane.
    pub(super) fn keep(&self, ground: Ground) {
        if !ground.is_born() {
            return;
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.grounds.len() >= GROUNDS_MAX {
            let oldest = kept
                .grounds
                .iter()
                .min_by_key(|(_, (used, _))| *used)
                .map(|(id, _)| *id);
            oldest.and_then(|id| kept.grounds.remove(&id));
        }
        kept.clock += 1;
        let used = kept.clock;
        kept.grounds.insert(ground.id, (used, ground));
    }
}
