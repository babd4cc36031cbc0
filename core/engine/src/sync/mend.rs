//! Own work whose bytes the disk damaged or lost. What the person did stands in `intent` as well: before anything is
//! sent, a change that is not what it was is taken out of the accepted state again or written anew on the next branch.
//!
//! Sent as it is, one flipped bit would make the whole lane's signature false.

use std::collections::{BTreeMap, BTreeSet};

use automerge::{ChangeHash, ReadDoc};
use fieldline_model::document::birth;
use fieldline_model::door::{Limits, read_header};
use fieldline_model::id::DocumentId;
use sha2::{Digest, Sha256};

use crate::base::holds;
use crate::error::EngineError;
use crate::fault::bug;
use crate::overlay::{Leave, Work, actor_of, base_load, lay, project};
use crate::store::change::{Change, ChangeState, change_set_bytes, change_set_state};
use crate::store::doc::{doc_get, doc_set_want};
use crate::store::intent::{intent_get, intent_without_change};
use crate::store::notice::notice_put;

/// Bytes in front of what a change's hash covers: magic, then the hash's own first bytes as a checksum.
const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const CHECKSUM_END: usize = 8;

/// True when the line in the store is what was authored: the bytes have their hash, and the actor is this phone's in
/// that document. Only then does the lane's signature prove it. What stands in the accepted state HQ has: of that a
/// line under a key this phone has lost, or by another copy of it, is sent as well, to be told its fate.
pub(super) fn is_whole(work: &Work<'_>, change: &Change) -> Result<bool, EngineError> {
    if bug!(work.faults, DamageIsSent) {
        return Ok(true);
    }
    let Some((head, hashed)) = change.bytes.split_at_checked(CHECKSUM_END) else {
        return Ok(false);
    };
    let hash: [u8; 32] = Sha256::digest(hashed).into();
    let named = hash == change.hash && head == [MAGIC, [hash[0], hash[1], hash[2], hash[3]]].concat();
    let actor = actor_of(work.me, change.document, &change.install, change.branch);
    // A header the door would not read is the door's to refuse, with a code.
    let in_bytes = read_header(&change.bytes, &Limits::default()).map_or(actor, |header| {
        header.actor.to_bytes().try_into().unwrap_or(actor)
    });
    if !named || change.actor != in_bytes {
        return Ok(false);
    }
    Ok(actor == in_bytes || is_accepted(work, change)?)
}

fn is_accepted(work: &Work<'_>, change: &Change) -> Result<bool, EngineError> {
    match base_load(work.conn, change.document) {
        Ok(accepted) => Ok(accepted.is_some_and(|doc| holds(&doc, &change.hash))),
        Err(EngineError::Stuck(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// What must be mended, by document.
#[derive(Debug, Default)]
pub(super) struct Damage(BTreeMap<DocumentId, BTreeSet<[u8; 32]>>);

impl Damage {
    /// A live change that is not whole. If even its document or operation is not the intent's, the line is nobody's,
    /// and the operation counts as lost.
    pub(super) fn add(&mut self, work: &Work<'_>, change: &Change) -> Result<(), EngineError> {
        let intent = intent_get(work.conn, change.operation)?;
        if intent.is_none_or(|intent| intent.document != change.document) {
            return change_set_state(work.conn, &change.hash, ChangeState::Left);
        }
        self.0.entry(change.document).or_default().insert(change.hash);
        Ok(())
    }

    /// Operations without a fate that have no live change left.
    pub(super) fn add_lost(&mut self, work: &Work<'_>) -> Result<(), EngineError> {
        // These two lose work in just this way, and must be seen to.
        if !bug!(work.faults, DependentsForgotten) && !bug!(work.faults, SentIsMerged) {
            for document in intent_without_change(work.conn)? {
                self.0.entry(document).or_default();
            }
        }
        Ok(())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn documents(&self) -> BTreeSet<DocumentId> {
        self.0.keys().copied().collect()
    }

    /// Mends all of it.
    pub(super) fn mend(self, work: &Work<'_>) -> Result<(), EngineError> {
        notice_put(work.conn, "damage_mended", work.now)?;
        self.0
            .into_iter()
            .try_for_each(|(document, hashes)| mend_document(work, document, hashes))
    }
}

/// Writes unsent work again whose change is gone, so that it is shown before the next sync as well. Where the document
/// is damaged too, that waits until it has come.
pub(crate) fn mend_lost(work: &Work<'_>) -> Result<bool, EngineError> {
    let mut lost = Damage::default();
    lost.add_lost(work)?;
    let mut readable = Damage::default();
    for (document, hashes) in lost.0 {
        if doc_get(work.conn, document)?.is_some_and(|line| !line.stuck) {
            readable.0.insert(document, hashes);
        }
    }
    let found = !readable.is_empty();
    if found {
        readable.mend(work)?;
    }
    Ok(found)
}

fn mend_document(work: &Work<'_>, id: DocumentId, hashes: BTreeSet<[u8; 32]>) -> Result<(), EngineError> {
    let accepted = match base_load(work.conn, id) {
        Ok(Some(doc)) => doc,
        Ok(None) => birth(id)?,
        // It comes whole, and what lies over it is written again then.
        Err(EngineError::Stuck(_)) => return doc_set_want(work.conn, id),
        Err(error) => return Err(error),
    };
    let mut leave = Leave {
        broken: true,
        ..Leave::default()
    };
    for hash in hashes {
        match accepted.get_change_by_hash(&ChangeHash(hash)) {
            Some(change) => {
                change_set_bytes(work.conn, &hash, change.raw_bytes(), change.actor_id().to_bytes())?;
            }
            None => {
                leave.forced.insert(hash);
            }
        }
    }
    let laid = lay(work, id, &accepted, &leave)?;
    project(work, id, &laid)
}
