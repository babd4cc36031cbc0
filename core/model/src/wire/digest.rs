//! What a phone and a server hold, in 256 buckets: two that hold much and differ in little find out where by 2 kB, and
//! name only what lies there. And where a phone goes on that has healed a server, without reading everything again.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_bytes::ByteArray;
use sha2::{Digest, Sha256};

use super::{Bytes, Manifest};
use crate::id::DocumentId;
use crate::row::{Row, RowKind};

/// Buckets of a digest: one for each first byte of a hash.
pub const BUCKETS: usize = 256;
/// Most places of a log that a phone names.
pub const TRAIL_MAX: usize = 24;
/// Most rows that a phone names to go on from a place; with more, everything is read again.
pub const ROWS_HELD_MAX: usize = 5_000;

/// First 8 bytes of SHA-256 over a document and its sorted heads, as in the manifest.
#[must_use]
pub fn document_digest(document: DocumentId, sorted_heads: &[[u8; 32]]) -> [u8; 8] {
    let mut manifest = Manifest::EMPTY;
    manifest.add(document, sorted_heads);
    manifest.heads
}

/// First 8 bytes of SHA-256 over a row, by the JSON of its body as this version writes it. Two versions of the app may
/// write it otherwise: then the row comes once more.
#[must_use]
pub fn row_digest(kind: RowKind, id: &str, json: &str) -> [u8; 8] {
    let mut hash = Sha256::new();
    for text in [kind.word(), id, json] {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    }
    short(hash)
}

/// As [`row_digest`], of a row that is read; `None` where it cannot be written.
#[must_use]
pub fn digest_of_row(row: &Row) -> Option<[u8; 8]> {
    let json = serde_json::to_string(row).ok()?;
    Some(row_digest(row.kind(), &row.id(), &json))
}

fn short(hash: Sha256) -> [u8; 8] {
    let mut short = [0; 8];
    short.copy_from_slice(&hash.finalize()[..8]);
    short
}

/// Which bucket a document lies in.
#[must_use]
pub fn bucket(document: DocumentId) -> u8 {
    Sha256::digest(document.to_string().as_bytes())[0]
}

/// Some of the buckets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BucketSet(
    /// One bit each, the lowest of the first byte for bucket 0.
    #[serde(with = "serde_bytes")]
    pub [u8; BUCKETS / 8],
);

impl BucketSet {
    /// Adds one.
    pub fn insert(&mut self, bucket: u8) {
        self.0[usize::from(bucket / 8)] |= 1 << (bucket % 8);
    }

    /// Whether it is among them.
    #[must_use]
    pub fn contains(&self, bucket: u8) -> bool {
        self.0[usize::from(bucket / 8)] & (1 << (bucket % 8)) != 0
    }

    /// Whether it is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|byte| *byte == 0)
    }
}

/// Documents in their buckets, each bucket the XOR of their digests. It has no counts: the manifest of the page that
/// follows counts, and no two documents have one digest.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Bytes", try_from = "Bytes")]
pub struct HeldDigest(Box<[[u8; 8]; BUCKETS]>);

impl Default for HeldDigest {
    fn default() -> Self {
        Self(Box::new([[0; 8]; BUCKETS]))
    }
}

impl fmt::Debug for HeldDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let full = self.0.iter().filter(|bucket| **bucket != [0; 8]).count();
        write!(f, "HeldDigest({full} buckets)")
    }
}

impl From<HeldDigest> for Bytes {
    fn from(digest: HeldDigest) -> Self {
        Self::from(digest.0.concat())
    }
}

impl TryFrom<Bytes> for HeldDigest {
    type Error = &'static str;
    fn try_from(bytes: Bytes) -> Result<Self, Self::Error> {
        Self::from_bytes(&bytes).ok_or("a digest has 256 buckets of 8 bytes")
    }
}

impl HeldDigest {
    /// The digest with these bytes, as [`HeldDigest::to_bytes`] gives them.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (buckets, rest) = bytes.as_chunks::<8>();
        let buckets = <[[u8; 8]; BUCKETS]>::try_from(buckets).ok()?;
        rest.is_empty().then(|| Self(Box::new(buckets)))
    }

    /// All buckets, one after the other.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.concat()
    }

    /// Counts a document in.
    pub fn add(&mut self, document: DocumentId, digest: [u8; 8]) {
        let bucket = &mut self.0[usize::from(bucket(document))];
        bucket
            .iter_mut()
            .zip(digest)
            .for_each(|(into, byte)| *into ^= byte);
    }

    /// Makes a document's bucket differ from that of whoever holds the same: there is more to tell of it than its heads.
    pub fn mark(&mut self, document: DocumentId) {
        let hash = Sha256::new()
            .chain_update(b"mark\0")
            .chain_update(document.to_string());
        self.add(document, short(hash));
    }

    /// The buckets that differ.
    #[must_use]
    pub fn differing(&self, other: &Self) -> BucketSet {
        let mut set = BucketSet::default();
        for bucket in 0..=u8::MAX {
            if self.0[usize::from(bucket)] != other.0[usize::from(bucket)] {
                set.insert(bucket);
            }
        }
        set
    }

    /// One hash over all buckets but these.
    #[must_use]
    pub fn without(&self, named: &BucketSet) -> [u8; 8] {
        let mut hash = Sha256::new();
        for bucket in (0..=u8::MAX).filter(|bucket| !named.contains(*bucket)) {
            hash.update(self.0[usize::from(bucket)]);
        }
        short(hash)
    }
}

/// What a phone does not name of what it holds, because the server's digest said the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rest {
    /// Buckets of which it names all it holds.
    pub named: BucketSet,
    /// [`HeldDigest::without`] those: the server sees whether that still is what it has itself.
    #[serde(with = "serde_bytes")]
    pub others: [u8; 8],
}

/// A place in a log that a phone has come to: sequence number, and 8 bytes of the chain's hash there. In whose log the
/// same stands, the history before it is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place(
    /// Sequence number.
    pub u64,
    /// Of the chain.
    pub ByteArray<8>,
);

/// A row that came to a phone since a place, or went: [`row_digest`], none where it went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowHeld(
    /// Its kind.
    pub RowKind,
    /// Its id.
    pub String,
    /// What it says.
    pub Option<ByteArray<8>>,
);

/// How a phone that healed a server goes on in its log: from a place that both came to, with what it holds otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resume {
    /// The place.
    pub place: Place,
    /// Of all documents that it shows and lacks nothing of.
    pub documents: HeldDigest,
    /// Rows that came or went since the place.
    #[serde(default)]
    pub rows: Vec<RowHeld>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::TicketId;

    fn ticket(n: u8) -> DocumentId {
        TicketId::from_bytes([n; 16]).into()
    }

    fn of(tickets: &[(u8, u8)]) -> HeldDigest {
        let mut digest = HeldDigest::default();
        for (n, head) in tickets {
            digest.add(ticket(*n), document_digest(ticket(*n), &[[*head; 32]]));
        }
        digest
    }

    #[test]
    fn only_the_buckets_of_what_differs_differ() {
        let here = of(&[(1, 1), (2, 2), (3, 3)]);
        assert!(
            here.differing(&of(&[(3, 3), (1, 1), (2, 2)])).is_empty(),
            "in any order"
        );
        for other in [of(&[(1, 1), (2, 9), (3, 3)]), of(&[(1, 1), (3, 3)])] {
            let differing = here.differing(&other);
            let expected = |n: u8| bucket(ticket(n)) == bucket(ticket(2));
            assert!((1..=3).all(|n| differing.contains(bucket(ticket(n))) == expected(n)));
            assert_eq!(here.without(&differing), other.without(&differing));
            assert_ne!(
                here.without(&BucketSet::default()),
                other.without(&BucketSet::default())
            );
        }
    }

    #[test]
    fn a_marked_document_differs_from_itself() {
        let (here, mut there) = (of(&[(1, 1), (2, 2)]), of(&[(1, 1), (2, 2)]));
        there.mark(ticket(1));
        let differing = here.differing(&there);
        assert!(differing.contains(bucket(ticket(1))) && !differing.is_empty());
    }

    #[test]
    fn a_digest_of_another_length_is_none() {
        let bytes = of(&[(1, 1)]).to_bytes();
        assert_eq!(HeldDigest::from_bytes(&bytes), Some(of(&[(1, 1)])));
        assert_eq!(HeldDigest::from_bytes(&bytes[1..]), None);
        assert_eq!(HeldDigest::from_bytes(&[&bytes[..], &[0; 8]].concat()), None);
    }
}
