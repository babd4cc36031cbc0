//! The server's SQLite database: one writer with group commit, a few readers.
//!
//! All SQL stands below this module. A write is a closure that runs inside its own SAVEPOINT of the writer's
//! current transaction; its caller hears of success only after COMMIT. A closure that fails leaves nothing.
//! No transaction lives across an await.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::ffi::SQLITE_IOERR_SHMSIZE;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use tokio::sync::{Semaphore, oneshot};

pub(crate) mod archive;
pub mod article;
pub(crate) mod backup;
pub mod blob;
pub(crate) mod check;
pub(crate) mod check_grant;
pub(crate) mod compact;
pub(crate) mod device;
pub(crate) mod document;
pub(crate) mod erased;
pub mod event;
pub mod fate;
pub mod grant;
pub(crate) mod happened;
pub(crate) mod heal;
pub mod held;
pub mod hq_row;
pub mod log;
pub mod look;
pub(crate) mod meta;
pub mod migrate;
pub mod once;
pub mod own_keys;
pub(crate) mod page_article;
pub mod page_grant;
pub(crate) mod page_held;
pub(crate) mod page_list;
pub(crate) mod page_queue;
pub(crate) mod page_stock;
pub(crate) mod page_ticket;
pub(crate) mod record;
pub mod reference;
pub(crate) mod row;
pub(crate) mod scope;
pub mod session;
pub mod staff;
pub(crate) mod taken;
pub mod ticket;
pub mod tracking;
pub(crate) mod value;
mod writer;

use writer::{Ack, Job, Writer};
pub use writer::{WriterHook, WriterPoint};

/// Readers kept open, and reads that run at once: a crowd waits here instead of opening a connection each.
const READERS: usize = 4;
/// Prepared statements a connection keeps; the program has fewer.
const STATEMENTS_MAX: usize = 512;
/// How long a connection waits for another process's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Between two tries of what found the database locked.
const BUSY_PAUSE: Duration = Duration::from_millis(50);

/// What the store itself can fail with.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// SQLite would not.
    #[error("database: {0}")]
    Sql(Arc<rusqlite::Error>),
    /// COMMIT failed or was never reached: look the operation up, do not author it again.
    #[error("the write may or may not have been kept")]
    Unknown,
    /// The disk is full: nothing of it was kept.
    #[error("the disk is full")]
    Full,
    /// The writer is gone or its queue is full.
    #[error("the database is busy")]
    Busy,
    /// The file was written by a newer program.
    #[error("the database has schema {found}, this program knows up to {known}")]
    Newer {
        /// In the file.
        found: u32,
        /// In this program.
        known: u32,
    },
    /// A file beside the database cannot be read or written.
    #[error("file {path}: {why}")]
    File {
        /// Which.
        path: String,
        /// What the system says.
        why: String,
    },
    /// A stored value is not what this program wrote.
    #[error("stored value cannot be read: {0}")]
    Corrupt(String),
    /// The keys that the record worked with are not in this directory.
    #[error("no keys in {0}")]
    KeysMissing(String),
    /// The file itself is damaged.
    #[error("{0}")]
    Damaged(String),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        if is_full(&error) {
            return Self::Full;
        }
        Self::Sql(Arc::new(error))
    }
}

/// The disk has no room; also where it is the file beside the database that all its users share that found none.
fn is_full(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DiskFull)
        || error
            .sqlite_error()
            .is_some_and(|error| error.extended_code == SQLITE_IOERR_SHMSIZE)
}

impl StoreError {
    /// The database file is damaged, or is none: no other try will read it.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Sql(error) => matches!(
                error.sqlite_error_code(),
                Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
            ),
            Self::Damaged(_) => true,
            _ => false,
        }
    }

    pub(crate) fn file(path: &Path, error: &std::io::Error) -> Self {
        Self::File {
            path: path.display().to_string(),
            why: error.to_string(),
        }
    }
}

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    writer: Writer,
    full: Arc<AtomicBool>,
    readers: Arc<Readers>,
}

struct Readers {
    path: std::path::PathBuf,
    turns: Semaphore,
    idle: Mutex<Vec<Connection>>,
}

pub(crate) fn connect(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // Against another process that opens or closes the file right now SQLite does not wait by itself.
    until_free(|| connection.pragma_update(None, "journal_mode", "WAL"))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // What a SAVEPOINT may have to put back stays in memory: in a file it cost more than the writes themselves.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // Or each statement beside a partial index is compiled anew for every value bound to it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    Ok(connection)
}

/// Tries again while another process holds the file, for as long as [`BUSY_TIMEOUT`].
fn until_free<T>(mut work: impl FnMut() -> Result<T, rusqlite::Error>) -> Result<T, rusqlite::Error> {
    let mut patience = BUSY_TIMEOUT;
    loop {
        match work() {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && !patience.is_zero() =>
            {
                std::thread::sleep(BUSY_PAUSE);
                patience = patience.saturating_sub(BUSY_PAUSE);
            }
            done => return done,
        }
    }
}

impl Store {
    /// Opens or makes the database at `path`, migrating it forward.
    ///
    /// # Errors
    /// When the file cannot be opened, is newer than this program, or a migration fails.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::open_with(path, None)
    }

    /// As [`Store::open`], with a hook that may stop the writer.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_with(path: &Path, hook: Option<WriterHook>) -> Result<Self, StoreError> {
        let mut connection = connect(path)?;
        migrate::forward(&mut connection)?;
        let full = Arc::<AtomicBool>::default();
        let writer = Writer::new(connection, hook, Arc::clone(&full))?;
        let readers = Arc::new(Readers {
            path: path.to_owned(),
            turns: Semaphore::new(READERS),
            idle: Mutex::new(Vec::new()),
        });
        Ok(Self {
            writer,
            full,
            readers,
        })
    }

    /// The last write did not find room on the disk.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.full.load(Ordering::Relaxed)
    }

    /// As if the last write had not found room: no test can fill a disk.
    #[cfg(test)]
    pub(crate) fn set_full(&self) {
        self.full.store(true, Ordering::Relaxed);
    }

    /// Runs `job` in its own SAVEPOINT and answers after COMMIT. When `job` fails its writes are undone and its
    /// error is returned; other jobs of the group are not affected.
    ///
    /// # Errors
    /// The job's own, or a [`StoreError`]; after [`StoreError::Unknown`] the caller must look before it repeats.
    pub async fn write<T, E>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let slot: Arc<Mutex<Option<Result<T, E>>>> = Arc::default();
        let (told, answer) = oneshot::channel();
        let inside = Arc::clone(&slot);
        let job: Job = Box::new(move |connection| {
            let result = job(connection);
            let good = result.is_ok();
            *inside.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
            good
        });
        let ack: Ack = Box::new(move |outcome| {
            // The caller may have gone away; its write stands all the same.
            let _ = told.send(outcome);
        });
        self.writer.queue(job, ack)?;
        self.writer.turn().await;
        let outcome = answer.await.unwrap_or(Err(StoreError::Unknown));
        let result = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
        match (outcome, result) {
            (_, Some(Err(error))) => Err(error),
            (Ok(()), Some(Ok(value))) => Ok(value),
            (Err(error), _) => Err(error.into()),
            (Ok(()), None) => Err(StoreError::Unknown.into()),
        }
    }

    /// Runs `job` on a reader, in one consistent snapshot.
    ///
    /// # Errors
    /// The job's own, or a [`StoreError`].
    pub async fn read<T, E>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let readers = Arc::clone(&self.readers);
        let _turn = self.readers.turns.acquire().await.map_err(|_| StoreError::Busy)?;
        tokio::task::spawn_blocking(move || readers.run(job))
            .await
            .unwrap_or_else(|_| Err(StoreError::Unknown.into()))
    }

    /// As [`Store::read`], for callers that may block.
    ///
    /// # Errors
    /// The job's own, or a [`StoreError`].
    pub fn read_blocking<T, E: From<StoreError>>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        self.readers.run(job)
    }
}

impl Readers {
    fn run<T, E: From<StoreError>>(&self, job: impl FnOnce(&Connection) -> Result<T, E>) -> Result<T, E> {
        let kept = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match kept {
            Some(connection) => connection,
            None => connect(&self.path)?,
        };
        connection
            .execute_batch("BEGIN DEFERRED")
            .map_err(StoreError::from)?;
        let result = job(&connection);
        connection.execute_batch("ROLLBACK").map_err(StoreError::from)?;
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < READERS {
            idle.push(connection);
        }
        result
    }
}

#[cfg(test)]
mod tests;
