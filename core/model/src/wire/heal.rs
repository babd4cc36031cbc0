//! Healing a server that went back: what a phone holds, what the server lacks of it, and giving it back with proof.

use serde::{Deserialize, Serialize};

use super::{Bytes, Fate, Hash};
use crate::actor::{Install, LineSignature};
use crate::id::{DocumentId, OperationId};

/// Most documents given back in one exchange.
pub const HEAL_MAX: usize = 500;

/// The server's word for where documents stand, under a key that no backup holds: [`crate::receipt`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// First 8 bytes of the root over the leaves of all documents that page and verdicts brought, in their order.
    #[serde(with = "serde_bytes")]
    pub root: [u8; 8],
    /// Over the root.
    pub signature: LineSignature,
    /// Without these: they have moved on meanwhile.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<DocumentId>,
}

/// The server's word for documents of which the phone knows less than the server: where the phone's own copies stand. By a
/// signature of its own, so that the receipt is the same for phones that do not know of this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stood {
    /// Documents that the receipt beside this leaves out.
    pub at: Vec<Stand>,
    /// Over the root of their leaves, in this order.
    pub signature: LineSignature,
}

/// A document, and sorted heads behind which everything lies that the phone was sent or told of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stand(
    /// Which.
    pub DocumentId,
    /// The heads.
    pub Vec<Hash>,
);

/// A document a phone holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Have(
    /// Which.
    pub DocumentId,
    /// First 8 bytes of SHA-256 over (document, sorted heads), as in the manifest.
    #[serde(with = "serde_bytes")]
    pub [u8; 8],
);

/// A document the server holds otherwise, or not at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lacks {
    /// Which.
    pub document: DocumentId,
    /// Its heads at the server; none when it is not there.
    pub heads: Vec<Hash>,
}

/// What the server once sent or merged and has lost, in causal order, with the proof that it did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heal {
    /// Which document.
    pub document: DocumentId,
    /// The changes, whoever wrote them.
    #[serde(default)]
    pub changes: Vec<Bytes>,
    /// That it stood at heads which have them all behind them. Absent when there are no changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
    /// What this phone was told of its own operations in it.
    #[serde(default)]
    pub told: Vec<Told>,
}

/// The server's word, under its receipt key, that a document stood at these heads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// Sorted heads.
    pub heads: Vec<Hash>,
    /// Place of the document among the leaves.
    pub place: u32,
    /// How many leaves there are.
    pub count: u32,
    /// From the leaf to the root.
    pub path: Vec<Hash>,
    /// Over the root.
    pub signature: LineSignature,
}

/// A fate this phone was told of an operation of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The operation.
    pub operation: OperationId,
    /// Its fate.
    pub fate: Fate,
    /// How the phone was told that it counts at present, when that is another than its fate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub present: Option<Fate>,
    /// The change that carried it.
    pub hash: Hash,
    /// Install and branch of its line, which with the device's key make its actor.
    #[serde(with = "serde_bytes")]
    pub install: Install,
    /// Branch of that install's line.
    pub branch: u32,
    /// The change, when it was refused and so stands in no document.
    #[serde(default)]
    pub bytes: Bytes,
}
