//! What one phone hands another where no network reaches, and how what was handed on comes to HQ.

use serde::{Deserialize, Serialize};

use super::{Bytes, Hash, Lane, Proof};
use crate::certificate::Certificate;
use crate::id::{DeviceId, DocumentId};
use crate::time::Timestamp;

/// Version of what stands in this file.
pub const BUNDLE: u16 = 1;
/// Largest bundle, sealed, in bytes: some hundred tickets' unsent work.
pub const BUNDLE_BYTES_MAX: usize = 1024 * 1024;
/// Most documents in one bundle: more than two people share.
pub const BUNDLE_DOCUMENTS_MAX: usize = 500;
/// Most phones whose work one bundle carries: a crew's, and not a company's.
pub const BUNDLE_AUTHORS_MAX: usize = 64;
/// Most changes in one lane of a bundle: a tenth of what one push holds, so that ten go at once.
pub const RELAY_CHANGES_MAX: usize = 200;
/// Most bytes of changes in one lane of a bundle: an eighth of what one push carries.
pub const RELAY_BYTES_MAX: usize = 256 * 1024;

/// What one phone hands another, before it is sealed. Company and recipient stand on the envelope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bundle {
    /// Version of the message.
    pub version: u16,
    /// When it was made, by the best guess of server time.
    pub made_at: Timestamp,
    /// HQ's word for the phone that made it.
    pub from: Certificate,
    /// HQ's word for every phone whose work it carries.
    pub authors: Vec<Certificate>,
    /// By document.
    pub documents: Vec<Shared>,
}

/// One document that both phones may hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// Which.
    pub document: DocumentId,
    /// What HQ has vouched for, in causal order, without the birth.
    #[serde(default)]
    pub history: Vec<Bytes>,
    /// HQ's word for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
    /// What HQ may not have, each by its author's own signature, in an order in which they can be taken.
    #[serde(default)]
    pub lanes: Vec<Relayed>,
}

/// A lane that another phone than its author's brings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relayed {
    /// The author's phone.
    pub device: DeviceId,
    /// As its author's phone made and signed it.
    pub lane: Lane,
    /// To HQ: its word for that phone, which HQ may have forgotten since, with a record that went back. In a bundle it stands
    /// in [`Bundle::authors`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Certificate>,
    /// What it builds on has not come to HQ for days, and may never: a supervisor may decide about it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub orphaned: bool,
}

/// What HQ says of a lane that somebody carried. What became of the work is its author's to hear, not the carrier's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relay {
    /// HQ has decided about all of it, or keeps it for a supervisor. It need not be carried any longer.
    Taken,
    /// HQ lacks what it builds on; bring it again when that may have come.
    Need {
        /// Hashes of the changes.
        hashes: Vec<Hash>,
    },
    /// Not looked at now; bring it again.
    Later,
    /// Nothing of it will ever be taken by this road.
    Refused {
        /// A code of [`crate::reason`].
        code: String,
    },
}
