//! What happens, told to whoever listens inside this process: hints only, the record is the truth.

use fieldline_model::id::{DeviceId, DocumentId};

use crate::store::log::Channel;

/// The kind of an event that says where a phone is: there are many, and nothing in the record moves.
pub(crate) const POSITION: &str = "position";

/// Something was committed. A listener that misses some reads the record again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveEvent {
    /// The document it happened to; `None` for rows.
    pub document: Option<DocumentId>,
    /// The last log entry of its transaction; 0 for what is no entry.
    pub seq: u64,
    /// The word of the act, for instance `accept`; or `rows`, `position`, `device_revoked`.
    pub kind: String,
    /// Whose phones it concerns.
    pub channels: Vec<Channel>,
    /// The phone that brought it; the answer to what it brought tells it everything.
    pub device: Option<DeviceId>,
}
