//! What a phone holds that goes on from a place of the log after healing: what it has as it stands here is not sent again.

use std::collections::HashMap;

use fieldline_model::id::DocumentId;
use fieldline_model::row::{Row, RowKind};
use fieldline_model::wire::{BucketSet, Resume, RowHeld, bucket, digest_of_row};

/// What it holds.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    /// The place it goes on from.
    pub(crate) from: u64,
    /// The log's end when this was looked at.
    until: u64,
    /// Of these buckets it is told everything.
    pub(crate) differing: BucketSet,
    /// What came since the place: the digest, none where it went.
    rows: HashMap<(RowKind, String), Option<[u8; 8]>>,
}

impl Held {
    pub(crate) fn new(resume: &Resume, until: u64, differing: BucketSet) -> Self {
        let plain = |RowHeld(kind, id, digest): &RowHeld| ((*kind, id.clone()), digest.map(|digest| *digest));
        Self {
            from: resume.place.0,
            until,
            differing,
            rows: resume.rows.iter().map(plain).collect(),
        }
    }

    /// The phone holds this document as this entry and all before it left it.
    pub(super) fn has(&self, document: DocumentId, seq: u64) -> bool {
        seq <= self.until && !self.differing.contains(bucket(document))
    }

    /// The phone has the row with this very content, and said so.
    pub(super) fn has_row(&self, kind: RowKind, id: &str, row: &Row) -> bool {
        let said = self.rows.get(&(kind, id.to_owned())).copied().flatten();
        said.is_some() && said == digest_of_row(row)
    }

    /// The phone is told to forget it.
    pub(super) fn forget_row(&mut self, kind: RowKind, id: &str) {
        self.rows.remove(&(kind, id.to_owned()));
    }

    /// The rows that came or went, by name.
    pub(super) fn rows(&self) -> Vec<(RowKind, String)> {
        let mut names: Vec<_> = self.rows.keys().cloned().collect();
        names.sort();
        names
    }
}
