//! Remembers, while a phone reads page after page, which log entries the snapshots of earlier pages contain.
//!
//! A hint in memory, bounded, lost at a restart: without it a phone gets some changes that its snapshots hold
//! already, which is waste and no error.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use fieldline_model::id::DeviceId;

/// Phones remembered at once.
const CATCH_UPS_MAX: usize = 10_000;

/// One phone's way through several pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CatchUp {
    /// Where the phone stood before the first page.
    pub(super) began: u64,
    /// The log's end at the first page: later pages' snapshots contain at least everything up to here.
    pub(super) head: u64,
    from: u64,
    next: u64,
}

impl CatchUp {
    /// Of a phone that goes on from a place after healing.
    pub(super) fn of_resumed(from: u64, head: u64) -> Self {
        Self {
            began: from,
            head,
            from,
            next: from,
        }
    }
}

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct CatchUps {
    known: Mutex<HashMap<DeviceId, CatchUp>>,
}

impl CatchUps {
    /// The way a phone at `from` is on: the one it was given, also when it asks again because an answer was lost.
    pub(super) fn at(&self, device: DeviceId, from: u64, head: u64) -> CatchUp {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        match known.get(&device) {
            Some(way) if way.next == from || way.from == from => *way,
            _ => CatchUp {
                began: from,
                head,
                from,
                next: from,
            },
        }
    }

    /// The phone was given a page that ends at `next`, with more to come.
    pub(super) fn go_on(&self, device: DeviceId, way: CatchUp, from: u64, next: u64) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= CATCH_UPS_MAX && !known.contains_key(&device) {
            known.clear();
        }
        known.insert(device, CatchUp { from, next, ..way });
    }

    /// Forgets: the phone restored a backup, so what it was given counts no longer.
    pub(crate) fn forget(&self, device: DeviceId) {
        self.known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&device);
    }
}
