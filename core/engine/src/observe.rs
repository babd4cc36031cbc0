//! Telling screens what changed. Never while a lock is held, always after the commit.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use fieldline_model::id::DocumentId;

/// What one call changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changed {
    /// These documents, their line in the list included.
    pub documents: BTreeSet<DocumentId>,
    /// Rows: customers, parts, stock …
    pub rows: bool,
    /// The truth screen.
    pub status: bool,
}

impl Changed {
    /// Nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty() && !self.rows && !self.status
    }

    pub(crate) fn document(id: DocumentId) -> Self {
        Self {
            documents: BTreeSet::from([id]),
            rows: false,
            status: true,
        }
    }

    pub(crate) fn status() -> Self {
        Self {
            status: true,
            ..Self::default()
        }
    }

    pub(crate) fn join(&mut self, other: Self) {
        self.documents.extend(other.documents);
        self.rows |= other.rows;
        self.status |= other.status;
    }
}

/// Somebody who wants to know. It may call the engine.
pub type Observer = Arc<dyn Fn(&Changed) + Send + Sync>;

#[derive(Default)]
pub(crate) struct Observers(Mutex<Vec<Observer>>);

impl Observers {
    pub(crate) fn add(&self, observer: Observer) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(observer);
    }

    pub(crate) fn tell(&self, changed: &Changed) {
        if changed.is_empty() {
            return;
        }
        let observers = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        observers.iter().for_each(|observer| observer(changed));
    }
}
