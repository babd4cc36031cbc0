//! Documents found damaged when somebody needed what they alone hold.
//!
//! Remembered so that it is said once, and so that no phone is told to count a document that it cannot be sent. A hint in
//! memory, bounded, lost at a restart: then it is found out again.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use fieldline_model::id::DocumentId;

use crate::store::StoreError;

/// Documents remembered at once. Of more, the disk has to be changed anyhow; they are said again each time.
const UNREADABLE_MAX: usize = 1_000;

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct Unreadable {
    known: Mutex<BTreeSet<DocumentId>>,
}

impl Unreadable {
    pub(super) fn note(&self, id: DocumentId, error: &StoreError) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.contains(&id) {
            return;
        }
        if known.len() < UNREADABLE_MAX {
            known.insert(id);
        }
        drop(known);
        tracing::error!(document.id = %id, %error, "{id} is damaged: phones that need its old changes are not sent it");
    }

    pub(super) fn forget(&self, id: DocumentId) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.remove(&id) {
            tracing::info!(document.id = %id, "{id} can be read again");
        }
    }

    pub(crate) fn has(&self, id: DocumentId) -> bool {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.contains(&id)
    }

    pub(crate) fn list(&self) -> Vec<DocumentId> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().copied().collect()
    }
}
