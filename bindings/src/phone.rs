//! The phone as apps hold it: opening and shutting it, and what its calls share. The calls stand in the modules below, by screen.

mod articles;
mod enrol;
mod lists;
mod network;
mod parts;
mod settings;
mod share;
mod work;

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use fieldline_engine::clock::with_moment;
use fieldline_engine::shell::{ClientConfig, SyncClient};
use fieldline_engine::{Config, Engine, EngineError, STORE_KEY_BYTES, StoreKey};
use fieldline_model::id::EngineerId;
use tokio::runtime::Runtime;
use tokio::sync::Notify;
use zeroize::Zeroizing;

use crate::error::PhoneError;
use crate::listen::{PhoneListener, Teller};
use crate::meeting::Meeting;
pub use enrol::{parse_enrol_code, set_store_aside};
use network::Live;
pub use work::NewPhoto;

/// How long shutting waits for calls that are under way, in steps of [`SHUT_STEP`]; after that the store is free as soon as they end.
const SHUT_STEPS_MAX: u32 = 500;
/// One look whether they ended.
const SHUT_STEP: Duration = Duration::from_millis(10);

/// How to open a phone's store.
#[derive(Clone, uniffi::Record)]
pub struct PhoneConfig {
    /// The database file; its lock, its install's file and its photos lie beside it. Out of the system's backups, please.
    pub path: String,
    /// The app's version, for people at HQ.
    pub app: String,
    /// 32 bytes out of the keystore: the store is encrypted. An app built without encryption refuses a key.
    #[uniffi(default = None)]
    pub key: Option<Vec<u8>>,
    /// The company's own certificates, PEM, beside the public authorities.
    #[uniffi(default = None)]
    pub ca_pem: Option<Vec<u8>>,
    /// Allow plain HTTP to other machines than this. For trials only: tokens and names travel in the clear.
    #[uniffi(default = false)]
    pub allow_plain_http: bool,
}

impl std::fmt::Debug for PhoneConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PhoneConfig").finish_non_exhaustive()
    }
}

impl PhoneConfig {
    fn read(self) -> Result<(Config, ClientConfig), PhoneError> {
        let store = Config {
            path: self.path.into(),
            app: self.app,
            key: self.key.map(store_key).transpose()?,
        };
        let network = ClientConfig {
            extra_ca_pem: self.ca_pem,
            allow_plain_http: self.allow_plain_http,
        };
        Ok((store, network))
    }
}

/// The bytes of the foreign side are its own to wipe.
fn store_key(bytes: Vec<u8>) -> Result<StoreKey, PhoneError> {
    let bytes = Zeroizing::new(bytes);
    let key = <[u8; STORE_KEY_BYTES]>::try_from(bytes.as_slice()).map_err(|_| PhoneError::bad_key())?;
    Ok(StoreKey::new(key))
}

/// One store on one device. One at a time may be open, in one process.
#[derive(uniffi::Object)]
pub struct Phone {
    /// `None` once it is shut.
    open: Mutex<Option<Open>>,
}

impl std::fmt::Debug for Phone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Phone").finish_non_exhaustive()
    }
}

struct Open {
    core: Arc<Core>,
    teller: Teller,
    live: Option<Live>,
}

/// What calls share. Whoever is in a call holds it, so the store is free when the last one ends.
pub(crate) struct Core {
    pub(crate) engine: Arc<Engine>,
    pub(crate) client: SyncClient,
    pub(crate) runtime: Runtime,
    /// Wakes whoever syncs or enrols, to give up.
    pub(crate) sync_called_off: Notify,
    /// Meetings that somebody may still go to; each keeps the store in use.
    pub(crate) meetings: Mutex<Vec<Weak<Meeting>>>,
    /// The same of fetching a photo or a file.
    pub(crate) fetch_called_off: Notify,
}

impl Core {
    /// Whose phone this is.
    pub(crate) fn me(&self) -> Option<EngineerId> {
        self.engine.me()
    }

    /// Calls everything off that waits.
    fn call_off(&self) {
        self.sync_called_off.notify_waiters();
        self.fetch_called_off.notify_waiters();
        let meetings = std::mem::take(&mut *self.meetings.lock().unwrap_or_else(PoisonError::into_inner));
        for meeting in meetings.iter().filter_map(Weak::upgrade) {
            meeting.end();
        }
    }

    /// Waits for the network, unless it is called off.
    pub(crate) fn online<T>(
        &self,
        call: impl Future<Output = Result<T, EngineError>>,
        called_off: &Notify,
    ) -> Result<T, PhoneError> {
        self.runtime.block_on(async {
            let called_off = called_off.notified();
            tokio::pin!(called_off);
            // From here on, not from the first time it waits.
            called_off.as_mut().enable();
            tokio::select! {
                biased;
                () = called_off => Err(PhoneError::called_off()),
                done = call => Ok(done?),
            }
        })
    }
}

impl Phone {
    pub(crate) fn core(&self) -> Result<Arc<Core>, PhoneError> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.as_ref()
            .map(|open| Arc::clone(&open.core))
            .ok_or_else(PhoneError::shut)
    }
}

#[uniffi::export]
impl Phone {
    /// Opens or makes the store. Opening takes milliseconds; the network is not asked.
    ///
    /// # Errors
    /// `store_busy` while another process has it open, `store_newer` for a file of a newer app; `bad_key` for a key of another
    /// length; `store_key_missing`, `store_key_wrong`, `store_plain` and `cipher_missing` where store and key do not go together;
    /// `store_missing`, `store_empty` and `store_damaged` where the data of an enrolled phone is gone: see `set_store_aside`.
    #[uniffi::constructor]
    pub fn open(config: PhoneConfig) -> Result<Arc<Self>, PhoneError> {
        let (store, network) = config.read()?;
        let engine = Arc::new(with_moment(|moment| Engine::open(store, moment))?);
        let client = SyncClient::new(Arc::clone(&engine), &network)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(EngineError::from)?;
        let (teller, changes) = Teller::start()?;
        engine.observe(Arc::new(move |changed| {
            // Nobody listens once the phone is shut.
            let _ = changes.send(changed.clone());
        }));
        let core = Core {
            engine,
            client,
            runtime,
            sync_called_off: Notify::new(),
            meetings: Mutex::default(),
            fetch_called_off: Notify::new(),
        };
        Ok(Arc::new(Self {
            open: Mutex::new(Some(Open {
                core: Arc::new(core),
                teller,
                live: None,
            })),
        }))
    }

    /// Calls everything off that waits for the network and frees the store, so that it can be opened again. Every call after it
    /// fails with `phone_shut`. What was saved stays saved; killing the app instead loses nothing either.
    pub fn shut(&self) {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(Open { core, teller, live }) = open else {
            return;
        };
        drop(live);
        let mut core = core;
        for _ in 0..SHUT_STEPS_MAX {
            core.call_off();
            match Arc::try_unwrap(core) {
                Ok(last) => {
                    drop(last);
                    teller.end();
                    return;
                }
                Err(used) => core = used,
            }
            std::thread::sleep(SHUT_STEP);
        }
        teller.forget();
    }

    /// Writes everything into the database file and frees memory, before the system puts the app to sleep. The live sync stops;
    /// no lock of the database is held afterwards.
    ///
    /// # Errors
    /// Those of the store; nothing is lost then either.
    pub fn suspend(&self) -> Result<(), PhoneError> {
        self.stop_live();
        let core = self.core()?;
        core.sync_called_off.notify_waiters();
        Ok(core.engine.suspend()?)
    }

    /// Tells this listener of every change from now on: see `PhoneListener`.
    ///
    /// # Errors
    /// `phone_shut`.
    pub fn observe(&self, listener: Arc<dyn PhoneListener>) -> Result<(), PhoneError> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.as_ref().ok_or_else(PhoneError::shut)?.teller.add(listener);
        Ok(())
    }

    /// Tells nobody any more.
    pub fn observe_none(&self) {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = open.as_ref() {
            open.teller.forget();
        }
    }
}

impl Drop for Phone {
    fn drop(&mut self) {
        self.shut();
    }
}

#[cfg(test)]
mod tests;
