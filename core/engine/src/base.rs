//! Applying downloaded and own bytes to documents: always on a copy, all or nothing, panics caught.
//!
//! automerge says Ok to changes whose dependencies are missing and shows nothing; so nothing is given to it before
//! its dependencies are known to be there.

use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::{Automerge, Change, ChangeHash, ReadDoc, ScalarValue};
use fieldline_model::document::{heads, load};
use fieldline_model::entry::Entry;
use fieldline_model::id::DocumentId;

use crate::store::change::Change as Own;

/// Largest change taken from the server: four times what the door lets a phone write.
pub(crate) const CHANGE_BYTES_MAX: usize = 256 * 1024;

/// The bytes do not fit the document, or automerge panicked on them. The document is as it was.
#[derive(Debug)]
pub(crate) struct Unfit;

fn guarded<T>(work: impl FnOnce() -> Result<T, Unfit>) -> Result<T, Unfit> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(Unfit))
}

/// Where a change's bytes say how its hash begins. `Change::from_bytes` does not look: a flipped bit would come in as
/// another change.
const CHECKSUM: std::ops::Range<usize> = 4..8;

/// Reads a change's bytes; `None` for damage.
pub(crate) fn parse(bytes: &[u8]) -> Option<Change> {
    if bytes.len() > CHANGE_BYTES_MAX {
        return None;
    }
    let change = guarded(|| Ok(Change::from_bytes(bytes.to_vec()).ok()))
        .ok()
        .flatten()?;
    (change.hash().0[..4] == bytes[CHECKSUM]).then_some(change)
}

/// Reads a change this phone authored; `None` if it is not what was authored.
pub(crate) fn parse_own(own: &Own) -> Option<Change> {
    parse(&own.bytes).filter(|change| change.hash().0 == own.hash)
}

/// What a change of this phone says was done: the one text it writes.
pub(crate) fn entry_of(change: &Change) -> Option<Entry> {
    let expanded = guarded(|| Ok(change.decode())).ok()?;
    let [write] = &expanded.operations[..] else {
        return None;
    };
    match write.primitive_value()? {
        ScalarValue::Str(text) => Entry::read(&text),
        _ => None,
    }
}

/// True when the document holds the change.
pub(crate) fn holds(doc: &Automerge, hash: &[u8; 32]) -> bool {
    doc.get_missing_deps(&[ChangeHash(*hash)]).is_empty()
}

/// The dependencies of a change that the document does not hold.
pub(crate) fn lacking(doc: &Automerge, change: &Change) -> Vec<ChangeHash> {
    doc.get_missing_deps(change.deps())
}

/// The document with one change more, whose dependencies it holds.
pub(crate) fn apply(doc: &Automerge, change: Change) -> Result<Automerge, Unfit> {
    let hash = change.hash();
    let mut next = doc.clone();
    guarded(move || {
        next.apply_changes([change]).map_err(|_| Unfit)?;
        if holds(&next, &hash.0) {
            Ok(next)
        } else {
            Err(Unfit)
        }
    })
}

/// What came of a batch.
pub(crate) struct Batch {
    /// The document with all whose dependencies are there.
    pub(crate) doc: Automerge,
    /// Those that were taken, or were there before.
    pub(crate) taken: Vec<[u8; 32]>,
    /// Those that wait.
    pub(crate) waiting: Vec<Change>,
}

/// Takes what can be taken, in causal order, whatever order it came in.
pub(crate) fn apply_ready(doc: &Automerge, changes: Vec<Change>) -> Result<Batch, Unfit> {
    let mut next = doc.clone();
    let mut taken = Vec::new();
    let mut waiting = changes;
    loop {
        let before = waiting.len();
        let (ready, rest): (Vec<Change>, Vec<Change>) = waiting
            .into_iter()
            .partition(|change| lacking(&next, change).is_empty());
        waiting = rest;
        let hashes: Vec<[u8; 32]> = ready.iter().map(|change| change.hash().0).collect();
        next = guarded(move || {
            next.apply_changes(ready).map_err(|_| Unfit)?;
            Ok(next)
        })?;
        if !hashes.iter().all(|hash| holds(&next, hash)) {
            return Err(Unfit);
        }
        taken.extend(hashes);
        if waiting.is_empty() || waiting.len() == before {
            return Ok(Batch {
                doc: next,
                taken,
                waiting,
            });
        }
    }
}

/// The bytes to store, after they were loaded again and compared: a document that cannot come back is no document.
pub(crate) fn save(id: DocumentId, doc: &Automerge) -> Result<Vec<u8>, Unfit> {
    let bytes = guarded(|| Ok(doc.save()))?;
    let again = load(id, &bytes).map_err(|_| Unfit)?;
    if heads(&again) == heads(doc) {
        Ok(bytes)
    } else {
        Err(Unfit)
    }
}

#[cfg(test)]
mod tests {
    use fieldline_model::document::{author, birth};
    use fieldline_model::id::{EngineerId, OperationId, TicketId};
    use fieldline_model::operation::{Act, Author, Operation};
    use fieldline_model::time::{DeviceTime, Timestamp};

    use super::*;

    #[test]
    fn a_flipped_bit_never_makes_another_change() {
        let document = TicketId::from_bytes([1; 16]).into();
        let operation = Operation {
            id: OperationId::from_bytes([2; 16]),
            document,
            by: Author::Engineer(EngineerId::from_bytes([3; 16])),
            at: DeviceTime::exact(Timestamp::from_ms(1_790_000_000_000)),
            act: Act::Note {
                text: "as it was".into(),
            },
        };
        let mut doc = birth(document).unwrap();
        let bytes = author(&mut doc, &[4; 16], &operation, vec![]).unwrap().bytes;
        assert!(parse(&bytes).is_some());
        for bit in 0..bytes.len() * 8 {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert!(parse(&damaged).is_none(), "bit {bit}");
        }
    }
}
