//! What people do: operations and their acts.
//!
//! An operation is one intent of one person, writes exactly one entry in exactly one document and has one fate.
//! The act decides under which path the entry stands. Words for screens are elsewhere.

mod act;
mod article;
mod author;
mod facts;
mod path;
mod photo;
mod report;

pub use act::{Act, Ruling};
pub use article::{ATTACHMENTS_MAX, ArticleHead, Attachment, PAGES_MAX, Section};
pub use author::Author;
pub use facts::{Channel, FactsEdit, Position, Priority, Span, TicketFacts};
pub use path::Path;
pub use photo::{Photo, PhotoKind, Thumb};
pub use report::{Answer, Completion, DeclineReason, PauseReason, VisitResult};

use serde::{Deserialize, Serialize};

use crate::id::{DocumentId, OperationId};
use crate::time::DeviceTime;

/// Longest text of a note, message or annotation, in bytes: a long report fits, a pasted file does not.
pub const TEXT_BYTES_MAX: usize = 16 * 1024;
/// Longest signature drawing, in bytes of SVG path data.
pub const SIGNATURE_BYTES_MAX: usize = 24 * 1024;
/// Most engineers one visit may be offered to at once.
pub const OFFER_TO_MAX: usize = 50;
/// Largest quantity of one part in one operation.
pub const QUANTITY_MAX: u32 = 10_000;
/// Most required skills, or required parts, of one ticket.
pub const REQUIRED_MAX: usize = 50;

/// One act of one person on one document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Operation {
    /// Its name, for ever.
    pub id: OperationId,
    /// The one document it writes.
    pub document: DocumentId,
    /// Who.
    pub by: Author,
    /// When, as the device saw it.
    pub at: DeviceTime,
    /// What.
    pub act: Act,
}
