//! The one fold: a ticket's events in, its state out. Phone and server share it.
//!
//! Total: every set of entries has a result, also with cycles, dangling predecessors, unknown kinds and several
//! values at one key. It depends on the content of the document alone, never on arrival order or device time:
//! events are taken in causal order, concurrent ones HQ first, then by a hash of their id; where the order of
//! concurrent claims matters, the server's ruling decides. Of one visit told by two phones one telling counts (`chain`).
//! [`FOLD_VERSION`] is stored with every projection; a new one refolds.

mod apply;
mod chain;
mod order;
mod outcome;
mod status;
mod ticket;
mod visit;

pub use outcome::{Anomaly, Contest, Outcome, Review, ReviewItem};
pub use status::{CustomerLabel, TicketStatus};
pub use ticket::TicketState;
pub use visit::{Phase, Times, VisitState, Withdrawal, Withdrawn};

use std::collections::{BTreeMap, BTreeSet};

use crate::entry::Entry;
use crate::id::OperationId;

/// Raised whenever the same events may fold to another state.
pub const FOLD_VERSION: u32 = 3;

/// The readable values at one event's key. Honest keys hold exactly one.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Events {
    entries: BTreeMap<OperationId, Entry>,
    unknown: BTreeSet<OperationId>,
    several: BTreeSet<OperationId>,
}

impl Events {
    /// Takes the texts found at one key, in any order. Of several values the least in byte order counts.
    pub fn insert<'a>(&mut self, id: OperationId, texts: impl IntoIterator<Item = &'a str>) {
        let mut texts: Vec<&str> = texts.into_iter().collect();
        texts.sort_unstable();
        texts.dedup();
        if texts.len() > 1 {
            self.several.insert(id);
        }
        match texts.iter().find_map(|text| Entry::read(text)) {
            Some(entry) => {
                self.entries.insert(id, entry);
            }
            None => {
                self.unknown.insert(id);
            }
        }
    }

    /// Takes one entry that was just made.
    pub fn insert_entry(&mut self, id: OperationId, entry: Entry) {
        self.entries.insert(id, entry);
    }

    /// The entries by id.
    #[must_use]
    pub fn entries(&self) -> &BTreeMap<OperationId, Entry> {
        &self.entries
    }

    /// True when the event stands in the document, readable or not.
    #[must_use]
    pub fn holds(&self, id: OperationId) -> bool {
        self.entries.contains_key(&id) || self.unknown.contains(&id)
    }

    /// The newest events: those no other event names as predecessor. Never more than an entry may name.
    #[must_use]
    pub fn heads(&self) -> Vec<OperationId> {
        let named: BTreeSet<OperationId> = self
            .entries
            .values()
            .flat_map(|e| e.prev.iter().copied())
            .collect();
        let mut heads: Vec<OperationId> = self
            .entries
            .keys()
            .copied()
            .filter(|id| !named.contains(id))
            .collect();
        heads.truncate(crate::entry::PREV_MAX);
        heads
    }

    /// Only the events an author who named `prev` can have known of.
    #[must_use]
    pub fn known_to(&self, prev: &[OperationId]) -> Self {
        let mut known = Self::default();
        let mut open: Vec<OperationId> = prev.to_vec();
        while let Some(id) = open.pop() {
            if known.entries.contains_key(&id) {
                continue;
            }
            if let Some(entry) = self.entries.get(&id) {
                open.extend(&entry.prev);
                known.entries.insert(id, entry.clone());
            }
        }
        known
    }

    /// What an author who named `prev` knew of this document: instead of an event that is not in it, what that one
    /// was built on, as `before` tells; unless it is `on_its_way` into it, then it is named. If nothing is left, the
    /// newest events, because an event must follow something. At most as many as an entry may name.
    #[must_use]
    pub fn known_among<'a>(
        &self,
        prev: &[OperationId],
        before: impl Fn(OperationId) -> Option<&'a [OperationId]>,
        on_its_way: impl Fn(OperationId) -> bool,
    ) -> Vec<OperationId> {
        let mut known = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut open = prev.to_vec();
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            if self.holds(id) || on_its_way(id) {
                known.insert(id);
            } else if let Some(before) = before(id) {
                open.extend_from_slice(before);
            }
        }
        if known.is_empty() && !prev.is_empty() {
            return self.heads();
        }
        known.into_iter().take(crate::entry::PREV_MAX).collect()
    }

    /// True when the author of `later` can have known of `earlier`.
    #[must_use]
    pub fn knows(&self, later: OperationId, earlier: OperationId) -> bool {
        let mut seen = BTreeSet::new();
        let mut open: Vec<OperationId> = self
            .entries
            .get(&later)
            .map(|e| e.prev.clone())
            .unwrap_or_default();
        while let Some(id) = open.pop() {
            if id == earlier {
                return true;
            }
            if seen.insert(id)
                && let Some(entry) = self.entries.get(&id)
            {
                open.extend(&entry.prev);
            }
        }
        false
    }
}

/// Folds a ticket's events into its state.
#[must_use]
pub fn fold(events: &Events) -> TicketState {
    let order = order::causal_order(events);
    let mut unborn = TicketState::unborn();
    unborn.anomalies.clone_from(&order.anomalies);
    unborn.rulings = apply::rulings(events, &order.ids);
    unborn.lost = chain::lost(events, &order.ids, &unborn.rulings);
    unborn.beside = chain::yielding(events, &order.ids, &unborn.lost);
    let state = fold_from(unborn.clone(), events, &order.ids);
    let mut beside = chain::beside(events, &order.ids, &state);
    beside.extend(&unborn.beside);
    if beside == state.beside {
        return state;
    }
    fold_from(TicketState { beside, ..unborn }, events, &order.ids)
}

fn fold_from(mut state: TicketState, events: &Events, order: &[OperationId]) -> TicketState {
    for (place, id) in order.iter().enumerate() {
        if let Some(entry) = events.entries.get(id) {
            state.take(place, *id, entry, events);
        }
    }
    state
}

#[cfg(test)]
mod tests;
