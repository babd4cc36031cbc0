//! The wire between phone and server: one exchange of Hello + Push + Pull, CBOR inside zstd.
//!
//! Versioned by [`WIRE`]. Unknown fields are ignored by older readers, so fields are added, never changed. Sizes are
//! bounded before anything is unpacked. Samples of every message are committed beside the tests.

mod app;
mod bundle;
mod digest;
mod enrol;
mod fate;
mod heal;
mod meeting;
mod pack;
mod page;
mod viewing;

#[cfg(test)]
mod tests;

pub use app::{AppVersion, BadVersion};
pub use bundle::{
    BUNDLE, BUNDLE_AUTHORS_MAX, BUNDLE_BYTES_MAX, BUNDLE_DOCUMENTS_MAX, Bundle, RELAY_BYTES_MAX,
    RELAY_CHANGES_MAX, Relay, Relayed, Shared,
};
pub use digest::{
    BUCKETS, BucketSet, HeldDigest, Place, ROWS_HELD_MAX, Rest, Resume, RowHeld, TRAIL_MAX, bucket,
    digest_of_row, document_digest, row_digest,
};
pub use enrol::{Enrol, Enrolled};
pub use fate::{Fate, Verdict};
pub use heal::{HEAL_MAX, Have, Heal, Lacks, Proof, Receipt, Stand, Stood, Told};
pub use meeting::{MEETING_BUNDLE_BYTES_MAX, MEETING_WORD_BYTES_MAX, MeetingWord, TookCounts};
pub use pack::{PACKED_BYTES_MAX, UNPACKED_BYTES_MAX, WireError, pack, unpack};
pub use page::{Cursor, Item, Manifest, PAGE_BYTES_SOFT, PAGE_ITEMS_MAX, Page, Seal};
pub use viewing::{VIEWING_AGAIN_MS, VIEWING_KEEP_MS, read_viewing, viewing_text};

use std::collections::{BTreeSet, HashSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::actor::{Install, LineSignature};
use crate::certificate::Papers;
use crate::grant::{Grants, GrantsKnown};
use crate::id::{DeviceId, DocumentId};
use crate::operation::Position;
use crate::time::Timestamp;

/// Version of the messages in this module.
pub const WIRE: u16 = 1;
/// Most changes in one push; the rest waits for the next exchange.
pub const PUSH_CHANGES_MAX: usize = 2_000;

/// SHA-256 of a change.
pub type Hash = serde_bytes::ByteArray<32>;
/// Bytes of a change or a snapshot.
pub type Bytes = serde_bytes::ByteBuf;

/// Who speaks, and where he stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hello {
    /// Version of the messages.
    pub wire: u16,
    /// The device.
    pub device: DeviceId,
    /// Its install.
    #[serde(with = "serde_bytes")]
    pub install: Install,
    /// Where it stands.
    pub cursor: Cursor,
    /// How many operations this install has ever saved; a restored phone counts lower than the server remembers.
    pub write_counter: u64,
    /// Version of the app, for people.
    pub app: String,
    /// The furthest place in the log of which the server told this phone anything, where that lies beyond the cursor:
    /// verdicts came and their page did not. A server that went back since knows it by this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard: Option<Cursor>,
}

/// Changes of one document by one actor line of this device, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lane {
    /// The document.
    pub document: DocumentId,
    /// Install under which the changes were written.
    #[serde(with = "serde_bytes")]
    pub install: Install,
    /// Branch of that install's line.
    pub branch: u32,
    /// The changes, uncompressed chunks.
    pub changes: Vec<Bytes>,
    /// Over {organisation, document, actor, last change}.
    pub signature: LineSignature,
}

/// A blob, and the document by which it may be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BlobName(pub DocumentId, pub Hash);

/// What a phone sends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Exchange {
    /// Who.
    pub hello: Hello,
    /// What is new here.
    #[serde(default)]
    pub push: Vec<Lane>,
    /// Documents to be sent whole, because this phone's copy is stuck.
    #[serde(default)]
    pub want: Vec<DocumentId>,
    /// How many items a page may hold; 0 = push only.
    #[serde(default)]
    pub page_items_max: u32,
    /// Everything held here, after the server began another epoch: which of it does it lack? Asked alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub have: Option<Vec<Have>>,
    /// What it said it lacks. Given alone, before anything is pushed or read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub heal: Vec<Heal>,
    /// With `have`: what is not named there, because the server's digest said the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest: Option<Rest>,
    /// With `have`: places of the log that this phone came to, newest first. From which of them can it go on?
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trail: Vec<Place>,
    /// After healing: from where this phone could go on. With the cursor at the start, where a server that cannot or will
    /// not begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume: Option<Resume>,
    /// Lanes of other phones, which this one carries for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relay: Vec<Relayed>,
    /// This phone has no certificate, or needs a new one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub papers: bool,
    /// What it knows of its grants; absent from apps that know of none. They get none, and their uses of parts are merged
    /// as ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grants: Option<GrantsKnown>,
}

/// How the server greets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Welcome {
    /// Version of the messages.
    pub wire: u16,
    /// The server's epoch. When it is not the phone's, nothing was taken.
    pub epoch: u64,
    /// The server's clock.
    pub server_time: Timestamp,
    /// Highest write counter this install ever showed here.
    pub acked_counter: u64,
    /// This install's lines were continued elsewhere: take a new install before writing on.
    pub must_rotate: bool,
    /// The device was revoked: what it pushes is held for a supervisor, nothing comes down.
    #[serde(default)]
    pub revoked: bool,
    /// The log does not know the phone's cursor, and the cursor bears no seal of this server: it was damaged or made up.
    /// Nothing was taken; read again from the start.
    #[serde(default)]
    pub must_reread: bool,
    /// The server's newest verified backup covers the log up to here. Told with pages that bring something: what left a
    /// phone's scope up to here may be deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backup_seq: Option<u64>,
    /// The oldest app that is still sent anything; told to an older one. What that pushes is taken as ever, so that no work
    /// waits for an update.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_app: Option<String>,
}

/// What the server answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// The greeting.
    pub welcome: Welcome,
    /// One per pushed change.
    #[serde(default)]
    pub verdicts: Vec<(Hash, Verdict)>,
    /// The page, unless it was a push only, another epoch, or a revoked device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<Page>,
    /// The server's receipt for what page and verdicts brought; absent when they brought no document to a known stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
    /// Its word for documents that the receipt leaves out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stood: Option<Stood>,
    /// What it lacks of what the phone has; absent when it was not asked, or will not be healed by this phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lacks: Option<Vec<Lacks>>,
    /// What the server holds of what this phone should hold: told to a phone of another epoch, and instead of `lacks` where
    /// what the phone did not name is not so any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<HeldDigest>,
    /// With `lacks`: the newest of the places the phone named from which it can go on, by its sequence number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<u64>,
    /// Documents given back, and whether all of it was taken; what is not named comes again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub healed: Vec<(DocumentId, bool)>,
    /// Blobs that HQ has not, though it once had them or should have them by now: whoever holds one gives it again, and
    /// its author says when it is lost.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lacks_blobs: Vec<BlobName>,
    /// Where the log stands, for a revoked device: it gets no page that says so, and shows by this that a server went back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard: Option<Cursor>,
    /// One per relayed lane, by the hash of its last change. A server that knows of none says nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relayed: Vec<(Hash, Relay)>,
    /// For a phone that asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub papers: Option<Papers>,
    /// What changed of the phone's grants since; never older than the verdicts and fates beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grants: Option<Grants>,
}

impl Reply {
    /// A greeting and nothing else.
    #[must_use]
    pub fn greeting(welcome: Welcome) -> Self {
        Self {
            welcome,
            verdicts: Vec::new(),
            page: None,
            receipt: None,
            stood: None,
            lacks: None,
            digest: None,
            known: None,
            healed: Vec::new(),
            lacks_blobs: Vec::new(),
            heard: None,
            relayed: Vec::new(),
            papers: None,
            grants: None,
        }
    }
}

impl Exchange {
    /// The documents of pushed changes that were given a fate.
    #[must_use]
    pub fn fated(push: &[Lane], verdicts: &[(Hash, Verdict)]) -> BTreeSet<DocumentId> {
        let fated: HashSet<[u8; 32]> = verdicts
            .iter()
            .filter(|(_, verdict)| matches!(verdict, Verdict::Fate { .. }))
            .map(|(hash, _)| **hash)
            .collect();
        let is_fated = |bytes: &Bytes| {
            // Magic and checksum stand in front of what a change's hash covers.
            let hash: [u8; 32] = Sha256::digest(bytes.get(8..).unwrap_or_default()).into();
            fated.contains(&hash)
        };
        push.iter()
            .filter(|lane| lane.changes.iter().any(is_fated))
            .map(|lane| lane.document)
            .collect()
    }
}

/// Positions from the phone's bounded queue; never part of a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Positions {
    /// The device.
    pub device: DeviceId,
    /// Oldest first.
    pub fixes: Vec<Fix>,
}

/// One position.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Fix {
    /// When, by the device's estimate of server time.
    pub at: Timestamp,
    /// Where.
    pub position: Position,
    /// Radius of confidence in metres.
    pub accuracy_m: f32,
}
