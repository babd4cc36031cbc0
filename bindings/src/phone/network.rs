//! Syncing: once, live, and calling it off.

use std::sync::{Arc, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use fieldline_engine::EngineError;
use tokio::sync::Notify;

use super::{Core, Phone};
use crate::error::PhoneError;
use crate::id;
use crate::record::Synced;

/// The thread that syncs for ever.
pub(super) struct Live {
    stop: Arc<Notify>,
    thread: Option<JoinHandle<()>>,
}

impl Live {
    fn start(core: Arc<Core>) -> Result<Self, PhoneError> {
        let stop = Arc::new(Notify::new());
        let stopped = Arc::clone(&stop);
        let thread = std::thread::Builder::new()
            .name("fieldline-live".to_owned())
            .spawn(move || {
                core.runtime.block_on(async {
                    tokio::select! {
                        biased;
                        () = stopped.notified() => {}
                        () = core.client.run() => {}
                    }
                });
            })
            .map_err(EngineError::from)?;
        Ok(Self {
            stop,
            thread: Some(thread),
        })
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        // Kept for the thread, should it not wait yet.
        self.stop.notify_one();
        if let Some(thread) = self.thread.take() {
            // It ends within the engine's present transaction; a panic there is told by the next call.
            let _ = thread.join();
        }
    }
}

#[uniffi::export]
impl Phone {
    /// Syncs for at most `limit_ms` milliseconds: for a background slice, or when the person asks. Waits for the network. One sync
    /// goes at a time, the live one included; another waits for it within its own limit.
    ///
    /// # Errors
    /// Those of the network; what was saved stays saved, and what was exchanged stays exchanged.
    pub fn sync(&self, limit_ms: u64) -> Result<Synced, PhoneError> {
        let core = self.core()?;
        // An answer of its own: nothing went wrong.
        let sync = async {
            let summary = core.client.sync(Duration::from_millis(limit_ms)).await;
            Ok(summary.map(Synced::from))
        };
        match core.online(sync, &core.sync_called_off) {
            Ok(synced) => Ok(synced?),
            Err(_) => Ok(Synced::called_off()),
        }
    }

    /// Ends every `sync` that is under way, at once; they return with `called_off`. `enrol` and `move_to` fail with that code. What
    /// the engine has begun, it ends.
    pub fn cancel_sync(&self) {
        if let Ok(core) = self.core() {
            core.sync_called_off.notify_waiters();
        }
    }

    /// Keeps in touch with HQ while the app is on the screen: syncs now, when the server says that something is new, and after
    /// failures with growing pauses. Starting it twice changes nothing.
    ///
    /// # Errors
    /// `phone_shut`.
    pub fn start_live(&self) -> Result<(), PhoneError> {
        let core = self.core()?;
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let open = open.as_mut().ok_or_else(PhoneError::shut)?;
        if open.live.is_none() {
            open.live = Some(Live::start(core)?);
        }
        Ok(())
    }

    /// Ends that, before the app leaves the screen.
    pub fn stop_live(&self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let live = open.as_mut().and_then(|open| open.live.take());
        // Joined without the lock: a call under way may want it.
        drop(open);
        drop(live);
    }

    /// Something was saved, or a push came: let the live sync go on now.
    pub fn poke(&self) {
        if let Ok(core) = self.core() {
            core.client.kick();
        }
    }

    /// Whether the network costs by the byte. Photos and manuals wait then, while `wifi_only` is on. The app says so when it
    /// changes.
    pub fn set_metered(&self, metered: bool) {
        if let Ok(core) = self.core() {
            core.client.set_metered(metered);
        }
    }

    /// The ticket that is on the screen now, or none: HQ's people see so while the live sync stands. It is not saved.
    ///
    /// # Errors
    /// `bad_id`, `phone_shut`.
    pub fn viewing(&self, ticket: Option<String>) -> Result<(), PhoneError> {
        let ticket = ticket.as_deref().map(id::ticket).transpose()?;
        self.core()?.client.viewing(ticket);
        Ok(())
    }
}
