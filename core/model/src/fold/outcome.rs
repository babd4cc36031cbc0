//! What became of events: their outcomes, and what a supervisor, a ruling or a diagnosis must look at.

use serde::{Deserialize, Serialize};

use crate::id::OperationId;
use crate::reason::Reason;

/// What became of one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It counts.
    Merged,
    /// It is kept and does not count as meant.
    Overruled(Reason),
}

/// What a supervisor must look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Review {
    /// Work was finished although HQ had cancelled.
    CompletedAfterCancellation,
    /// Work was finished although HQ had given it to somebody else.
    CompletedAfterReassignment,
    /// Work came in after HQ had ended the ticket.
    LateAddition,
    /// The visit was finished twice, by people or phones that could not know of each other; this report does not count.
    SecondReport,
    /// A visit offered to several was finished by one of them while it was a colleague's.
    CompletedByOther,
}

impl Review {
    /// What a supervisor must look at when a visit was finished and that report does not count for this reason. Nothing
    /// for the report of somebody who was never asked.
    pub(super) fn of_finish(reason: Reason) -> Option<Self> {
        match reason {
            Reason::Cancelled | Reason::CompletedAfterCancellation => Some(Self::CompletedAfterCancellation),
            Reason::Reassigned | Reason::CompletedAfterReassignment => Some(Self::CompletedAfterReassignment),
            Reason::TicketEnded => Some(Self::LateAddition),
            Reason::TakenByOther | Reason::CompletedTakenByOther => Some(Self::CompletedByOther),
            Reason::Superseded => Some(Self::SecondReport),
            _ => None,
        }
    }
}

/// A review item and the operation that caused it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ReviewItem {
    /// What.
    pub what: Review,
    /// Through which operation.
    pub operation: OperationId,
}

/// Two concurrent claims to one visit that no ruling has decided yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Contest {
    /// The claim the fold lets stand for now.
    pub stands: OperationId,
    /// The other.
    pub over: OperationId,
}

/// What was odd about the events; results are defined all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Anomaly {
    /// Names a predecessor the document does not hold; it is ignored.
    DanglingPrev(OperationId),
    /// Was freed of its predecessors because they depend on it.
    Cycle(OperationId),
    /// An event this version cannot read; it has no effect.
    UnknownKind(OperationId),
    /// Several values at one key; the least readable one counts.
    SeveralValues(OperationId),
}
