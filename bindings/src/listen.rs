//! Telling an app what changed: on a thread of its own, one telling at a time, never while a lock is held.
//!
//! What happens while a listener is busy is put together and told at once, so a sync that brings a thousand tickets is told of a
//! few times. A listener may call the phone.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use fieldline_engine::Changed;

use crate::error::PhoneError;

/// How long a telling under way is waited for when the phone is shut, in steps of [`END_STEP`].
const END_STEPS_MAX: u32 = 100;
/// One look whether it is over.
const END_STEP: Duration = Duration::from_millis(10);

/// What changed since the last telling. Screens that show it ask again.
#[derive(Debug, Clone, PartialEq, Eq, Default, uniffi::Record)]
pub struct WhatChanged {
    /// Ids of tickets, their line in the list included.
    pub tickets: Vec<String>,
    /// Ids of articles.
    pub articles: Vec<String>,
    /// Rows: customers, parts, stock, colleagues …
    pub rows: bool,
    /// The truth screen and the badge.
    pub status: bool,
}

/// Somebody who wants to know what changed.
#[uniffi::export(with_foreign)]
pub trait PhoneListener: Send + Sync {
    /// Something changed. Called on a thread of the core's, one call at a time.
    ///
    /// # Errors
    /// What it fails with is nobody's here; the next change is told all the same.
    fn changed(&self, what: WhatChanged) -> Result<(), PhoneError>;
}

#[derive(Default)]
struct Listeners(Mutex<Vec<Arc<dyn PhoneListener>>>);

impl Listeners {
    fn all(&self) -> Vec<Arc<dyn PhoneListener>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The thread that tells.
pub(crate) struct Teller {
    listeners: Arc<Listeners>,
    /// The engine's observer holds the other end.
    thread: Option<JoinHandle<()>>,
}

impl Teller {
    /// A teller, and where the engine's changes go. It ends when that end is dropped.
    pub(crate) fn start() -> Result<(Self, Sender<Changed>), PhoneError> {
        let (sender, changes) = channel();
        let listeners = Arc::<Listeners>::default();
        let told = Arc::clone(&listeners);
        let thread = std::thread::Builder::new()
            .name("fieldline-listener".to_owned())
            .spawn(move || tell(&told, &changes))
            .map_err(fieldline_engine::EngineError::from)?;
        let teller = Self {
            listeners,
            thread: Some(thread),
        };
        Ok((teller, sender))
    }

    pub(crate) fn add(&self, listener: Arc<dyn PhoneListener>) {
        let mut listeners = self.listeners.0.lock().unwrap_or_else(PoisonError::into_inner);
        listeners.push(listener);
    }

    pub(crate) fn forget(&self) {
        let listeners = std::mem::take(&mut *self.listeners.0.lock().unwrap_or_else(PoisonError::into_inner));
        // Foreign objects are let go after the lock.
        drop(listeners);
    }

    /// Waits a little for a telling that is under way. A listener that shuts the phone itself waits for nobody, and nobody waits
    /// for long for one that does not come back: it may be waiting for whoever shuts.
    pub(crate) fn end(mut self) {
        self.forget();
        let Some(thread) = self.thread.take() else { return };
        if thread.thread().id() == std::thread::current().id() {
            return;
        }
        for _ in 0..END_STEPS_MAX {
            if thread.is_finished() {
                return;
            }
            std::thread::sleep(END_STEP);
        }
    }
}

fn tell(listeners: &Listeners, changes: &Receiver<Changed>) {
    while let Ok(mut changed) = changes.recv() {
        while let Ok(more) = changes.try_recv() {
            changed.documents.extend(more.documents);
            changed.rows |= more.rows;
            changed.status |= more.status;
        }
        let what = WhatChanged::from(&changed);
        for listener in listeners.all() {
            if listener.changed(what.clone()).is_err() {
                tracing::warn!("a listener failed");
            }
        }
    }
}

impl From<&Changed> for WhatChanged {
    fn from(changed: &Changed) -> Self {
        let documents = || changed.documents.iter();
        Self {
            tickets: documents()
                .filter_map(|id| id.ticket())
                .map(|id| id.to_string())
                .collect(),
            articles: documents()
                .filter_map(|id| id.article())
                .map(|id| id.to_string())
                .collect(),
            rows: changed.rows,
            status: changed.status,
        }
    }
}
