//! The wire between phone and server: one exchange of Hello + Push + Pull, CBOR inside zstd.
//!
//! Versioned by [`WIRE`]. Unknown fields are ignored by older readers, so fields are added, never changed. Sizes are
//! bounded before anything is unpacked. Samples of every message are committed beside the tests.

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::actor::{Install, LineSignature};
use crate::id::{DeviceId, DocumentId, EngineerId, OperationId, OrganisationId};
use crate::operation::Position;
use crate::row::{Row, RowKind};
use crate::time::Timestamp;

/// Version of the messages in this file.
pub const WIRE: u16 = 1;
/// Largest body, packed, in bytes: a phone's whole offline week fits.
pub const PACKED_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Largest body, unpacked, in bytes.
pub const UNPACKED_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Most changes in one push; the rest waits for the next exchange.
pub const PUSH_CHANGES_MAX: usize = 2_000;
/// Most items in one page.
pub const PAGE_ITEMS_MAX: usize = 1_000;
/// Bytes after which a page ends, before packing.
pub const PAGE_BYTES_SOFT: usize = 1024 * 1024;
/// Largest window a frame may ask for, as a power of two: that of the largest body. A frame's head names it in one byte,
/// and the decoder reserves it before it reads on.
const WINDOW_LOG_MAX: u32 = UNPACKED_BYTES_MAX.ilog2();
/// zstd level: 3 packs as fast as a phone's radio sends.
const ZSTD_LEVEL: i32 = 3;

/// SHA-256 of a change.
pub type Hash = serde_bytes::ByteArray<32>;
/// Bytes of a change or a snapshot.
pub type Bytes = serde_bytes::ByteBuf;

/// Where a phone stands in the server's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The server's epoch it was read in; 0 = none yet.
    pub epoch: u64,
    /// The last log entry taken.
    pub seq: u64,
    /// First 8 bytes of the log's chain hash at `seq`; a server that went back cannot know it.
    #[serde(with = "serde_bytes")]
    pub chain: [u8; 8],
    /// The server's seal on the rest, for this phone alone. A cursor the log does not know proves that the data went
    /// back only if the server itself gave it out; phones keep the seal and send it back, and cannot make one.
    #[serde(default, with = "serde_bytes")]
    pub seal: Seal,
}

/// A keyed hash over a cursor and the device it was given to.
pub type Seal = [u8; 16];

impl Cursor {
    /// Of a phone that has taken nothing yet.
    pub const START: Self = Self {
        epoch: 0,
        seq: 0,
        chain: [0; 8],
        seal: [0; 16],
    };
}

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
}

/// Changes of one document by one actor line of this device, oldest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
}

/// The fate of an operation, decided once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It counts.
    Merged,
    /// It is kept and does not count as meant.
    Overruled {
        /// A code of [`crate::reason`].
        code: String,
    },
    /// It was not taken.
    Refused {
        /// A code of [`crate::reason`] or of the door.
        code: String,
    },
}

impl Fate {
    /// The word in tables.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Merged => "merged",
            Self::Overruled { .. } => "overruled",
            Self::Refused { .. } => "refused",
        }
    }

    /// The reason's code.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Merged => None,
            Self::Overruled { code } | Self::Refused { code } => Some(code),
        }
    }

    /// The fate with this word and code.
    #[must_use]
    pub fn from_words(word: &str, code: Option<&str>) -> Option<Self> {
        let code = code.unwrap_or_default().to_owned();
        match word {
            "merged" => Some(Self::Merged),
            "overruled" => Some(Self::Overruled { code }),
            "refused" => Some(Self::Refused { code }),
            _ => None,
        }
    }
}

/// What became of one pushed change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Its operation's fate. With `Merged` and `Overruled` the change is in the document, unless `other` is set.
    Fate {
        /// The operation.
        operation: OperationId,
        /// Its fate, also when it was decided before.
        fate: Fate,
        /// The fate was won by another change for the same operation; this one was not taken.
        #[serde(default)]
        other: bool,
    },
    /// Changes it depends on are not here; it is not taken yet.
    Need {
        /// Their hashes.
        hashes: Vec<Hash>,
    },
    /// No fate: its line was left behind (it builds on a refused change, or its place in the line is taken). Author the
    /// operation again on a new branch.
    Replay,
    /// Not looked at now (too busy, or the server failed in mid-way); push it again.
    Later,
    /// The signature does not prove that the lane is this phone's and whole. Nothing was looked at or decided; the
    /// phone authors the operation again on a new branch.
    Unproven,
}

/// One thing that changed for this phone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Item {
    /// Changes of a document in scope.
    Changes {
        /// Which.
        document: DocumentId,
        /// In causal order.
        changes: Vec<Bytes>,
    },
    /// A whole document, uncompressed.
    Snapshot {
        /// Which.
        document: DocumentId,
        /// As automerge saves it.
        bytes: Bytes,
    },
    /// A document comes into scope; a snapshot follows or went before.
    Enter {
        /// Which.
        document: DocumentId,
    },
    /// A document leaves scope: hide it, keep what is unsent.
    Drop {
        /// Which.
        document: DocumentId,
    },
    /// A row, new or changed.
    Row {
        /// The row.
        row: Row,
    },
    /// A row is gone.
    RowGone {
        /// Kind.
        kind: RowKind,
        /// Id.
        id: String,
    },
    /// A fate decided earlier, in case its acknowledgement was lost.
    Fate {
        /// The operation.
        operation: OperationId,
        /// Its fate.
        fate: Fate,
    },
}

/// A piece of the feed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// The cursor it continues.
    pub from: Cursor,
    /// What changed, in order.
    pub items: Vec<Item>,
    /// The cursor after it.
    pub next: Cursor,
    /// There is more.
    pub more: bool,
    /// How many documents this phone should hold after the last page; present when `more` is false.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manifest: Option<Manifest>,
}

/// What a complete phone holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Documents in scope.
    pub documents: u32,
    /// XOR of the first 8 bytes of SHA-256 over (document, sorted heads).
    pub heads: [u8; 8],
}

impl Manifest {
    /// Of nothing.
    pub const EMPTY: Self = Self {
        documents: 0,
        heads: [0; 8],
    };

    /// Counts one document in.
    pub fn add(&mut self, document: DocumentId, sorted_heads: &[[u8; 32]]) {
        use sha2::{Digest, Sha256};
        let mut hash = Sha256::new();
        hash.update(document.to_string().as_bytes());
        for head in sorted_heads {
            hash.update(head);
        }
        for (into, byte) in self.heads.iter_mut().zip(hash.finalize()) {
            *into ^= byte;
        }
        self.documents = self.documents.saturating_add(1);
    }
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
}

/// A phone's request to join, with the one-time code from HQ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Enrol {
    /// Version of the messages.
    pub wire: u16,
    /// The code.
    pub code: String,
    /// The device's Ed25519 public key.
    #[serde(with = "serde_bytes")]
    pub device_key: [u8; 32],
    /// The install.
    #[serde(with = "serde_bytes")]
    pub install: Install,
    /// Name of the phone, for people.
    pub name: String,
}

/// The server's answer to a good code.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Enrolled {
    /// The company.
    pub organisation: OrganisationId,
    /// The company's name.
    pub organisation_name: String,
    /// The device's id.
    pub device: DeviceId,
    /// Whose phone it is.
    pub engineer: EngineerId,
    /// Bearer token for every later request.
    pub token: String,
    /// The server's clock.
    pub server_time: Timestamp,
}

impl std::fmt::Debug for Enrolled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Enrolled")
            .field("device", &self.device)
            .field("engineer", &self.engineer)
            .finish_non_exhaustive()
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

/// A body that is no message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// Larger than allowed, packed or unpacked.
    #[error("the message is too large")]
    TooLarge,
    /// Not zstd, or damaged.
    #[error("the message is damaged")]
    Damaged,
    /// Not the message expected.
    #[error("the message cannot be read: {0}")]
    Malformed(String),
}

impl WireError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "message_too_large",
            Self::Damaged => "message_damaged",
            Self::Malformed(_) => "message_malformed",
        }
    }
}

/// Packs a message.
///
/// # Errors
/// [`WireError::TooLarge`] when it would not be read on the other side.
pub fn pack<M: Serialize>(message: &M) -> Result<Vec<u8>, WireError> {
    let mut plain = Vec::new();
    ciborium::into_writer(message, &mut plain).map_err(|error| WireError::Malformed(error.to_string()))?;
    if plain.len() > UNPACKED_BYTES_MAX {
        return Err(WireError::TooLarge);
    }
    let packed = zstd::bulk::compress(&plain, ZSTD_LEVEL).map_err(|_| WireError::Damaged)?;
    if packed.len() > PACKED_BYTES_MAX {
        Err(WireError::TooLarge)
    } else {
        Ok(packed)
    }
}

/// Unpacks a message, never allocating more than [`UNPACKED_BYTES_MAX`].
///
/// # Errors
/// When it is too large, damaged, of another shape, or followed by anything.
pub fn unpack<M: DeserializeOwned>(packed: &[u8]) -> Result<M, WireError> {
    if packed.len() > PACKED_BYTES_MAX {
        return Err(WireError::TooLarge);
    }
    let plain = inflate(packed)?;
    let mut rest = &plain[..];
    // Deep nesting is bounded by ciborium's own limit on recursion.
    let message =
        ciborium::from_reader(&mut rest).map_err(|error| WireError::Malformed(error.to_string()))?;
    if rest.is_empty() {
        Ok(message)
    } else {
        Err(WireError::Malformed("bytes after the end".into()))
    }
}

fn inflate(packed: &[u8]) -> Result<Vec<u8>, WireError> {
    use std::io::Read;
    let mut decoder = zstd::stream::read::Decoder::with_buffer(packed).map_err(|_| WireError::Damaged)?;
    decoder
        .window_log_max(WINDOW_LOG_MAX)
        .map_err(|_| WireError::Damaged)?;
    let mut plain = Vec::new();
    let limit = UNPACKED_BYTES_MAX as u64 + 1;
    decoder
        .take(limit)
        .read_to_end(&mut plain)
        .map_err(|_| WireError::Damaged)?;
    if plain.len() > UNPACKED_BYTES_MAX {
        Err(WireError::TooLarge)
    } else {
        Ok(plain)
    }
}

#[cfg(test)]
mod tests;
