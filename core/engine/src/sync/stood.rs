//! Receipts for documents of which HQ knows more than this phone: one that left while own work was under way goes on without
//! it. HQ says at which heads this phone's own copy may stand, least first, and vouches for those.

use std::collections::BTreeMap;

use automerge::ChangeHash;
use fieldline_model::id::DocumentId;
use fieldline_model::receipt::{self, Node};
use fieldline_model::wire::{Hash, Stand, Stood};
use rusqlite::Connection;

use crate::base;
use crate::error::EngineError;
use crate::overlay::base_load;
use crate::store::heal::{receipt_add, receipt_proof};

/// Keeps it for the documents of which this phone holds those heads.
pub(super) fn keep(conn: &Connection, stood: &Stood) -> Result<(), EngineError> {
    let leaf = |Stand(id, heads): &Stand| receipt::leaf(*id, &plain(heads));
    let leaves: Vec<Node> = stood.at.iter().map(leaf).collect();
    let mut best: BTreeMap<DocumentId, Vec<[u8; 32]>> = BTreeMap::new();
    for Stand(id, heads) in &stood.at {
        let heads = plain(heads);
        if is_more(conn, *id, &heads, best.get(id))? {
            best.insert(*id, heads);
        }
    }
    if best.is_empty() {
        return Ok(());
    }
    let vouched: Vec<_> = best.into_iter().map(|(id, heads)| (id, heads.concat())).collect();
    receipt_add(conn, &leaves, &stood.signature, &vouched)
}

fn plain(heads: &[Hash]) -> Vec<[u8; 32]> {
    heads.iter().map(|head| **head).collect()
}

/// All of it is here, and it covers what was vouched for before, now or earlier.
fn is_more(
    conn: &Connection,
    id: DocumentId,
    heads: &[[u8; 32]],
    now: Option<&Vec<[u8; 32]>>,
) -> Result<bool, EngineError> {
    let doc = match base_load(conn, id) {
        Ok(Some(doc)) => doc,
        Ok(None) | Err(EngineError::Stuck(_)) => return Ok(false),
        Err(error) => return Err(error),
    };
    if !heads.iter().all(|head| base::holds(&doc, head)) {
        return Ok(false);
    }
    let heads: Vec<ChangeHash> = heads.iter().map(|head| ChangeHash(*head)).collect();
    let beyond = doc.get_changes(&heads);
    let before = match now {
        Some(heads) => heads.clone(),
        None => receipt_proof(conn, id)?.map_or(Vec::new(), |proof| plain(&proof.heads)),
    };
    Ok(!before
        .iter()
        .any(|old| beyond.iter().any(|change| change.hash().0 == *old)))
}
