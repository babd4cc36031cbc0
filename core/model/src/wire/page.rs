//! What changed for a phone: a piece of the feed between two cursors.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{BucketSet, Bytes, Fate};
use crate::id::{DocumentId, OperationId};
use crate::row::{Row, RowKind};

/// Most items in one page.
pub const PAGE_ITEMS_MAX: usize = 1_000;
/// Bytes after which a page ends, before packing.
pub const PAGE_BYTES_SOFT: usize = 1024 * 1024;

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
    /// A fate decided earlier, in case its acknowledgement was lost, and how the operation counts at present.
    Fate {
        /// The operation.
        operation: OperationId,
        /// Its fate.
        fate: Fate,
        /// How it counts at present, when what came later made that another than its fate: merged or overruled.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        present: Option<Fate>,
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
    /// It goes on from the place that the phone named ([`super::Resume`]): of these buckets it names every document that the
    /// phone should hold, and the others are as the phone said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resumed: Option<BucketSet>,
}

impl Page {
    /// The documents whose content it brings, and those given.
    #[must_use]
    pub fn documents(&self, more: &BTreeSet<DocumentId>) -> BTreeSet<DocumentId> {
        let brought = self.items.iter().filter_map(|item| match item {
            Item::Changes { document, .. } | Item::Snapshot { document, .. } => Some(*document),
            Item::Enter { .. }
            | Item::Drop { .. }
            | Item::Row { .. }
            | Item::RowGone { .. }
            | Item::Fate { .. } => None,
        });
        brought.chain(more.iter().copied()).collect()
    }
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
