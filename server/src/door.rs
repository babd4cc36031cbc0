//! The door: the one way by which a change gets into a document, whoever wrote it.
//!
//! Phones push lanes, HQ, customers and the server itself perform acts; all pass the same checks, the same fold and
//! the same settlement, in one transaction per lane. Order: device and signature (before, in `exchange`) → structure
//! → policy → author → rules with what the author could know → one fate per operation → apply → fold → rulings →
//! projection, stock, scope → log and feeds. A verdict leaves only after COMMIT.
//!
//! What must never happen here: a second fate for an operation, a fate decided for a lane whose signature was not
//! checked, a change in a document whose fate is not in the same transaction.

mod adopt;
mod again;
mod attach;
mod ground;
mod heal;
mod hold;
mod judge;
mod lane;
mod perform;
mod relay;
mod renumber;
mod settle;
#[cfg(test)]
mod tests;

use fieldline_model::document::DocumentError;
use fieldline_model::id::{CustomerId, OperationId};
use fieldline_model::reason::Reason;
use fieldline_model::wire::Fate;

use crate::store::StoreError;

pub use adopt::Adopted;
pub(crate) use ground::{Ground, Grounds};
pub(crate) use heal::take_back;
pub use hold::{HELD_GRACE_DAYS, HELD_GRACE_MS};
pub(crate) use hold::{decided_held, hold_lane};
#[cfg(any(test, feature = "testing"))]
pub(crate) use lane::peek;
pub(crate) use lane::{BUILT_ON_REFUSED, recall, remind, take_lane};
pub(crate) use relay::{Author, release_relayed, take_relayed};

/// Why nothing was done.
#[derive(Debug, Clone, thiserror::Error)]
pub enum DoorError {
    /// A rule says no.
    #[error("refused: {}", .0.code())]
    Refused(Reason),
    /// The operation is not held, or was decided.
    #[error("not held")]
    NotHeld,
    /// It was built on these, in this order, which are held still.
    #[error("built on held operations")]
    EarlierHeld(Vec<OperationId>),
    /// What the caller had seen has changed; nothing was written.
    #[error("changed meanwhile")]
    Meanwhile,
    /// The row tells of a customer who was erased.
    #[error("customer {0} was erased")]
    Erased(CustomerId),
    /// The store would not.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A document would not; a bug or damage.
    #[error("document: {0}")]
    Document(String),
}

impl From<DocumentError> for DoorError {
    fn from(error: DocumentError) -> Self {
        Self::Document(error.to_string())
    }
}

/// An operation that was performed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Performed {
    /// Its id.
    pub operation: OperationId,
    /// What became of it.
    pub fate: Fate,
    /// Its log entry.
    pub seq: u64,
}
