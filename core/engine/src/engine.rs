//! The engine: one store, one lock, a small cache of open documents. Methods are grouped in the modules beside it.
//!
//! All methods take `&self` and may be called from any thread; each takes the lock, does its work in at most a few
//! transactions and lets go before anybody is told. No method waits for the network.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use fieldline_model::blob::BlobHash;
use fieldline_model::id::DocumentId;
use fieldline_model::time::{DeviceTime, Timestamp};
use rusqlite::Transaction;

use crate::blob::files::Files;
use crate::error::EngineError;
use crate::fault::{FaultPoint, Faults};
use crate::key::replace_identity;
use crate::moment::Moment;
use crate::observe::{Changed, Observer, Observers};
use crate::overlay::{Laid, Work};
use crate::store::Store;
use crate::store::aside;
use crate::store::cipher::StoreKey;
use crate::store::cursor::cursor_forget_reset;
use crate::store::doc::doc_set_stuck;
use crate::store::identity::{
    Identity, identity_get, identity_insert, identity_is_lost, identity_set_install,
};
use crate::store::install::{install_read, install_write};
use crate::store::notice::notice_put;
use crate::sync::wait::Waits;

/// Most documents kept open in memory, about 60 kB each: the ticket on the screen, and those just left.
pub const DOCUMENTS_OPEN_MAX: usize = 4;

/// How to open an engine.
#[derive(Debug, Clone)]
pub struct Config {
    /// The database file; a lock file and the install's file lie beside it under the same name.
    pub path: PathBuf,
    /// Version of the app, for people.
    pub app: String,
    /// The key of an encrypted store, from the phone's keystore; `None` for one in the clear.
    pub key: Option<StoreKey>,
}

/// The phone's engine.
pub struct Engine {
    inner: Mutex<Inner>,
    observers: Observers,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").finish_non_exhaustive()
    }
}

pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) path: PathBuf,
    pub(crate) app: String,
    /// As stored; read again after every transaction that may change it.
    pub(crate) identity: Identity,
    /// Open documents, the newest last.
    pub(crate) open: Vec<(DocumentId, Laid)>,
    pub(crate) waits: Waits,
    pub(crate) faults: Faults,
    /// The files of photos.
    pub(crate) files: Files,
    /// Files of photos that nothing named at the start.
    pub(crate) loose: BTreeSet<BlobHash>,
}

impl Engine {
    /// Opens or makes the store. A restored or cloned database is noticed here and writes under a new install.
    ///
    /// # Errors
    /// [`EngineError::StoreBusy`] while another engine holds it, [`EngineError::StoreNewer`] for a file of a newer app,
    /// [`EngineError::StoreMissing`], [`EngineError::StoreEmpty`] and [`EngineError::StoreDamaged`] where the data of an
    /// enrolled phone is gone or cannot be read: see [`Engine::set_aside`]. [`EngineError::StoreKeyMissing`],
    /// [`EngineError::StoreKeyWrong`], [`EngineError::StorePlain`] and [`EngineError::CipherMissing`] where store and key
    /// do not go together; nothing is changed then.
    pub fn open(config: Config, moment: &mut Moment<'_>) -> Result<Self, EngineError> {
        let mut store = Store::open(&config.path, config.key.as_ref())?;
        if identity_is_lost(&store.conn)? {
            replace_identity(&mut store.conn, &config.path, moment)?;
        }
        let identity = match identity_get(&store.conn)? {
            Some(identity) => identity,
            None if aside::is_marked(&config.path) => return Err(EngineError::StoreEmpty),
            None => first_identity(&store, &config.path, moment)?,
        };
        let waits = Waits::load(&store.conn)?;
        let files = Files::new(&config.path, config.key.as_ref());
        let mut inner = Inner {
            store,
            path: config.path,
            app: config.app,
            identity,
            open: Vec::new(),
            waits,
            faults: Faults::default(),
            files,
            loose: BTreeSet::new(),
        };
        if install_read(&inner.path) != Some(inner.identity.install) {
            inner.rotate(Some("install_rotated"), moment)?;
        }
        inner.check_key(moment)?;
        let now = inner.now(&moment.time);
        inner.audit(now, true)?;
        inner.blobs_look(now)?;
        Ok(Self {
            inner: Mutex::new(inner),
            observers: Observers::default(),
        })
    }

    /// Moves what is left of a missing or damaged store into a directory beside it, so that the phone can be enrolled
    /// anew; says where. `None` when the store is sound: then nothing is moved. Only for a person who knows that what
    /// was not sent is lost with it.
    ///
    /// # Errors
    /// As [`Engine::open`] and the file system say.
    pub fn set_aside(config: &Config, moment: &mut Moment<'_>) -> Result<Option<PathBuf>, EngineError> {
        let found = Self::open(config.clone(), moment)
            .and_then(|engine| engine.read(|inner| aside::check(&inner.store.conn)));
        match found {
            Ok(()) => Ok(None),
            Err(
                EngineError::StoreMissing
                | EngineError::StoreEmpty
                | EngineError::StoreKeyMissing
                | EngineError::StoreKeyWrong
                | EngineError::StoreDamaged(_)
                | EngineError::BadValue(_),
            ) => aside::set_aside(&config.path).map(Some),
            Err(error) => Err(error),
        }
    }

    /// Tells `observer` after every call that changed something, when no lock is held.
    pub fn observe(&self, observer: Observer) {
        self.observers.add(observer);
    }

    /// Stops at fault points when the hook says so.
    #[cfg(any(test, feature = "testing"))]
    pub fn set_fault_hook(&self, hook: crate::fault::FaultHook) {
        self.lock().faults.hook = Some(hook);
    }

    /// Switches a bug on.
    #[cfg(any(test, feature = "testing"))]
    pub fn plant(&self, bug: crate::fault::Bug) {
        self.lock().faults.bugs.insert(bug);
    }

    /// Lets the database file grow by so many pages and no further: a full disk. `None` makes room again.
    ///
    /// # Errors
    /// As the database says.
    #[cfg(any(test, feature = "testing"))]
    pub fn limit_pages(&self, more: Option<u32>) -> Result<(), EngineError> {
        self.read(|inner| {
            let conn = &inner.store.conn;
            let pages: u32 = conn.pragma_query_value(None, "page_count", |row| row.get(0))?;
            let limit = more.map_or(u32::MAX - 1, |more| pages.saturating_add(more));
            Ok(conn.pragma_update(None, "max_page_count", limit)?)
        })
    }

    /// Lets each file of a photo have so many bytes and no more: a full disk. `None` makes room again.
    #[cfg(any(test, feature = "testing"))]
    pub fn limit_photo_bytes(&self, bytes: Option<usize>) {
        self.lock().faults.room = bytes;
    }

    /// Writes everything into the database file and frees memory, before the system puts the app to sleep.
    ///
    /// # Errors
    /// As the database says; nothing is lost then either, it lies in the write-ahead log.
    pub fn suspend(&self) -> Result<(), EngineError> {
        self.read(|inner| {
            inner.open.clear();
            inner
                .store
                .conn
                .pragma_update(None, "wal_checkpoint", "TRUNCATE")?;
            inner.store.conn.release_memory()?;
            Ok(())
        })
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A panic under the lock left no transaction open; the cache is emptied by the next error.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs work that changes something and tells the observers afterwards.
    pub(crate) fn write<T>(
        &self,
        work: impl FnOnce(&mut Inner) -> Result<(T, Changed), EngineError>,
    ) -> Result<T, EngineError> {
        let mut inner = self.lock();
        let result = work(&mut inner);
        if let Err(error) = &result {
            inner.after_error(error);
        }
        drop(inner);
        let (value, changed) = result?;
        self.observers.tell(&changed);
        Ok(value)
    }

    /// Runs work that changes nothing a screen shows.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&mut Inner) -> Result<T, EngineError>,
    ) -> Result<T, EngineError> {
        let mut inner = self.lock();
        let result = work(&mut inner);
        if let Err(error) = &result {
            inner.after_error(error);
        }
        result
    }
}

/// The first line and its file. A kill between the two looks like a restored database, which does no harm.
fn first_identity(store: &Store, path: &Path, moment: &mut Moment<'_>) -> Result<Identity, EngineError> {
    let install = moment.bytes();
    identity_insert(&store.conn, &install)?;
    install_write(path, &install)?;
    identity_get(&store.conn)?.ok_or(EngineError::BadValue("identity"))
}

impl Inner {
    /// What was rolled back must not live on in memory; what cannot be read is asked for again.
    fn after_error(&mut self, error: &EngineError) {
        self.open.clear();
        if let EngineError::Stuck(id) = error {
            // If even this cannot be written, the next reader finds the damage again.
            doc_set_stuck(&self.store.conn, *id).ok();
        }
        if let Ok(Some(identity)) = identity_get(&self.store.conn) {
            self.identity = identity;
        }
    }

    /// Writes on under a new install, in every document from its next change on. With `why` another copy is known of:
    /// what it wrote under the old install HQ took for this phone's own, so it may have to be read again at once.
    pub(crate) fn rotate(&mut self, why: Option<&str>, moment: &mut Moment<'_>) -> Result<(), EngineError> {
        let install = moment.bytes();
        let now = self.now(&moment.time);
        let tx = self.store.conn.transaction()?;
        identity_set_install(&tx, &install)?;
        if let Some(why) = why {
            notice_put(&tx, why, now)?;
            cursor_forget_reset(&tx)?;
        }
        tx.commit()?;
        self.open.clear();
        self.reload_identity()?;
        self.faults.at(FaultPoint::RotateBeforeFile)?;
        install_write(&self.path, &install)?;
        self.faults.at(FaultPoint::RotateAfterFile)
    }

    pub(crate) fn reload_identity(&mut self) -> Result<(), EngineError> {
        self.identity = identity_get(&self.store.conn)?.ok_or(EngineError::BadValue("identity"))?;
        Ok(())
    }

    /// The device's time with what the last sync taught about it.
    pub(crate) fn device_time(&self, time: &DeviceTime) -> DeviceTime {
        DeviceTime {
            offset_ms: time.offset_ms.or(self.identity.offset_ms),
            ..*time
        }
    }

    /// Best guess of server time.
    pub(crate) fn now(&self, time: &DeviceTime) -> Timestamp {
        self.device_time(time).estimate()
    }

    /// Forgets the open copy of a document; the next reader loads it.
    pub(crate) fn close(&mut self, id: DocumentId) {
        self.open.retain(|(open, _)| *open != id);
    }

    /// Keeps a document open as the newest.
    pub(crate) fn keep_open(&mut self, id: DocumentId, laid: Laid) {
        self.close(id);
        if self.open.len() >= DOCUMENTS_OPEN_MAX {
            self.open.remove(0);
        }
        self.open.push((id, laid));
    }

    pub(crate) fn take_open(&mut self, id: DocumentId) -> Option<Laid> {
        let place = self.open.iter().position(|(open, _)| *open == id)?;
        Some(self.open.remove(place).1)
    }
}

/// The frame of work inside a transaction.
pub(crate) fn work_in<'a>(
    tx: &'a Transaction<'_>,
    identity: &'a Identity,
    faults: &'a Faults,
    now: Timestamp,
) -> Result<Work<'a>, EngineError> {
    Ok(Work {
        conn: tx,
        me: identity.enrolled()?,
        install: identity.install,
        faults,
        now,
    })
}
