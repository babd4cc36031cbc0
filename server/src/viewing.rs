//! Who has a ticket open now: people at HQ by the live stream of their page, engineers by what their phone's line says.
//!
//! A hint for colleagues, in memory alone: never stored, never part of a document, never told to a customer, and not even
//! an event that others listen to. What is not said again is forgotten.

mod desk;

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use fieldline_model::id::{EngineerId, StaffId, TicketId};
use fieldline_model::time::Timestamp;
use fieldline_model::wire::VIEWING_KEEP_MS;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

pub(crate) use desk::Desk;

/// Open pages and phones that are known at once: more than streams and phones' lines there are. Beyond it the next ones are
/// not shown.
const OPEN_MAX: usize = 20_000;
/// Changes that wait for a slow listener; who misses some looks again.
const BACKLOG: usize = 256;

/// Somebody who may have a ticket open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Viewer {
    /// At HQ.
    Staff(StaffId),
    /// On his phone.
    Engineer(EngineerId),
}

/// Who has what open.
#[derive(Debug)]
pub(crate) struct Viewing {
    open: Mutex<Open>,
    next: AtomicU64,
    changed: broadcast::Sender<TicketId>,
}

#[derive(Debug, Default)]
struct Open {
    count: usize,
    /// By page or phone, so that somebody with two of them stays when he closes one; until when it counts.
    tickets: HashMap<TicketId, BTreeMap<(Viewer, u64), Timestamp>>,
}

impl Open {
    fn remove(&mut self, ticket: TicketId, key: (Viewer, u64)) -> bool {
        let Some(seen) = self.tickets.get_mut(&ticket) else {
            return false;
        };
        let was = seen.remove(&key).is_some();
        if seen.is_empty() {
            self.tickets.remove(&ticket);
        }
        self.count -= usize::from(was);
        was
    }

    fn forget_before(&mut self, now: Timestamp) {
        for seen in self.tickets.values_mut() {
            seen.retain(|_, until| *until > now);
        }
        self.tickets.retain(|_, seen| !seen.is_empty());
        self.count = self.tickets.values().map(BTreeMap::len).sum();
    }
}

impl Default for Viewing {
    fn default() -> Self {
        Self {
            open: Mutex::default(),
            next: AtomicU64::default(),
            changed: broadcast::Sender::new(BACKLOG),
        }
    }
}

/// One open page or phone; it is closed with this.
#[derive(Debug)]
pub(crate) struct Shown {
    viewing: Arc<Viewing>,
    ticket: TicketId,
    key: (Viewer, u64),
}

impl Shown {
    /// It is still open.
    pub(crate) fn again(&self, now: Timestamp) {
        self.viewing.see(self.ticket, self.key, now);
    }

    /// Which ticket.
    pub(crate) fn ticket(&self) -> TicketId {
        self.ticket
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        if self.viewing.lock().remove(self.ticket, self.key) {
            self.viewing.tell(self.ticket);
        }
    }
}

impl Viewing {
    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, ticket: TicketId) {
        // Nobody listening is no error.
        let _ = self.changed.send(ticket);
    }

    /// Somebody opens a ticket.
    pub(crate) fn open(self: &Arc<Self>, ticket: TicketId, viewer: Viewer, now: Timestamp) -> Shown {
        let key = (viewer, self.next.fetch_add(1, Ordering::Relaxed));
        self.see(ticket, key, now);
        Shown {
            viewing: Arc::clone(self),
            ticket,
            key,
        }
    }

    fn see(&self, ticket: TicketId, key: (Viewer, u64), now: Timestamp) {
        let mut open = self.lock();
        let until = now.plus_ms(VIEWING_KEEP_MS);
        if let Some(seen) = open.tickets.get_mut(&ticket).and_then(|seen| seen.get_mut(&key)) {
            *seen = until;
            return;
        }
        if open.count >= OPEN_MAX {
            open.forget_before(now);
        }
        if open.count < OPEN_MAX {
            open.tickets.entry(ticket).or_default().insert(key, until);
            open.count += 1;
            drop(open);
            self.tell(ticket);
        }
    }

    /// Who has it open now, people at HQ first; each once.
    pub(crate) fn of(&self, ticket: TicketId, now: Timestamp) -> Vec<Viewer> {
        let open = self.lock();
        let seen = open.tickets.get(&ticket).into_iter().flatten();
        let mut viewers: Vec<Viewer> = seen
            .filter(|(_, until)| **until > now)
            .map(|((viewer, _), _)| *viewer)
            .collect();
        viewers.dedup();
        viewers
    }

    /// Changes from now on.
    pub(crate) fn watch(&self) -> broadcast::Receiver<TicketId> {
        self.changed.subscribe()
    }
}

/// Waits until somebody opened or closed this ticket. May be dropped and asked again.
pub(crate) async fn changed(events: &mut broadcast::Receiver<TicketId>, ticket: TicketId) {
    loop {
        match events.recv().await {
            Ok(other) if other != ticket => {}
            Ok(_) | Err(RecvError::Lagged(_)) => return,
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_ms(1_000_000);

    fn ticket(n: u8) -> TicketId {
        TicketId::from_bytes([n; 16])
    }

    fn staff(n: u8) -> Viewer {
        Viewer::Staff(StaffId::from_bytes([n; 16]))
    }

    #[test]
    fn each_counts_once_and_until_the_last_page_is_closed() {
        let viewing = Arc::new(Viewing::default());
        let one = viewing.open(ticket(1), staff(1), NOW);
        let two = viewing.open(ticket(1), staff(1), NOW);
        let phone = Viewer::Engineer(EngineerId::from_bytes([3; 16]));
        let _phone = viewing.open(ticket(1), phone, NOW);
        let _other = viewing.open(ticket(2), staff(2), NOW);
        assert_eq!(viewing.of(ticket(1), NOW), [staff(1), phone]);
        drop(one);
        assert_eq!(viewing.of(ticket(1), NOW), [staff(1), phone]);
        drop(two);
        assert_eq!(viewing.of(ticket(1), NOW), [phone]);
    }

    #[test]
    fn what_is_not_said_again_is_forgotten() {
        let viewing = Arc::new(Viewing::default());
        let shown = viewing.open(ticket(1), staff(1), NOW);
        let later = NOW.plus_ms(VIEWING_KEEP_MS);
        assert_eq!(viewing.of(ticket(1), later.plus_ms(-1)), [staff(1)]);
        assert_eq!(viewing.of(ticket(1), later), []);
        shown.again(later);
        assert_eq!(viewing.of(ticket(1), later), [staff(1)]);
    }

    #[test]
    fn no_more_are_known_than_there_is_room_for_and_the_forgotten_make_room() {
        let viewing = Arc::new(Viewing::default());
        let shown: Vec<Shown> = (0..OPEN_MAX)
            .map(|_| viewing.open(ticket(1), staff(1), NOW))
            .collect();
        let beyond = viewing.open(ticket(2), staff(2), NOW);
        assert_eq!(viewing.of(ticket(2), NOW), []);
        let later = NOW.plus_ms(VIEWING_KEEP_MS);
        beyond.again(later);
        assert_eq!(viewing.of(ticket(2), later), [staff(2)]);
        drop((shown, beyond));
        assert!(viewing.lock().tickets.is_empty());
        assert_eq!(viewing.lock().count, 0);
    }
}
