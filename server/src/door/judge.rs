//! Who may be the author of what comes, and what has a fate already: what HQ adds to the judge of `model::door`.

use std::cell::RefCell;
use std::rc::Rc;

use fieldline_model::door::{self, Before, Denial, Header, Judged, Put};
use fieldline_model::id::{EngineerId, OperationId};
use fieldline_model::operation::Author;
use rusqlite::Connection;

use super::ground::Ground;
use crate::store::{StoreError, document as documents};

/// Who may be the author of what a lane carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writer {
    /// A phone: its engineer alone.
    Phone(EngineerId),
    /// The server, for HQ, customers and itself.
    Server,
    /// The server, for an engineer whose held work a supervisor takes over.
    Adopter,
    /// The server, for whoever wrote what HQ vouched for and lost: the rules spoke once.
    Healer,
}

impl Writer {
    fn may(self, author: Author) -> bool {
        match (self, author) {
            (Self::Phone(owner), Author::Engineer(author)) => owner == author,
            (Self::Phone(_), _) => false,
            (Self::Server, author) => !matches!(author, Author::Engineer(_)),
            (Self::Adopter, author) => matches!(author, Author::Engineer(_)),
            (Self::Healer, _) => true,
        }
    }
}

/// Judges the changes of one lane.
pub(super) struct Judge<'a> {
    judge: door::Judge<'a>,
    failed: Rc<RefCell<Option<StoreError>>>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(connection: &'a Connection, ground: &'a Ground, writer: Writer) -> Self {
        let failed = Rc::<RefCell<Option<StoreError>>>::default();
        let fail = Rc::clone(&failed);
        // A store that fails in mid-way fails the whole lane; what is answered then is never looked at.
        let is_decided = move |id: OperationId| match documents::fate_read(connection, id) {
            Ok(fate) => fate.is_some(),
            Err(error) => {
                *fail.borrow_mut() = Some(error);
                true
            }
        };
        let before = Before {
            id: ground.id,
            is_born: ground.is_born(),
            content: &ground.content,
            state: &ground.state,
            nodes: &ground.nodes,
        };
        let vouched = writer == Writer::Healer;
        Self {
            judge: door::Judge::new(before, move |author| writer.may(author), is_decided, vouched),
            failed,
        }
    }

    /// The answer for one change.
    pub(super) fn allow(&self, header: &Header, puts: &[Put<'_>]) -> Result<(), Denial> {
        self.judge.allow(header, puts)
    }

    /// What was learnt.
    ///
    /// # Errors
    /// When the store failed while judging.
    pub(super) fn finish(self) -> Result<Judged, StoreError> {
        match self.failed.take() {
            Some(error) => Err(error),
            None => Ok(self.judge.finish()),
        }
    }
}
