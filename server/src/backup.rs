//! Backups of a running server, and putting one back.
//!
//! A backup is a directory: the database as one file, and a manifest with its checksum. It is whole and looked over
//! before it has its name. The server's keys are not in it. Putting it back begins a new epoch, so that phones come
//! and heal what is lost since, and holds what would go out to people a second time. The newer record is moved aside,
//! never deleted. What must never happen here: a moment at which a power cut leaves no database in its place.

mod blobs;
mod put_back;
mod take;

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use fieldline_model::id::OrganisationId;
use fieldline_model::time::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::app::{App, DATABASE_FILE};
use crate::blob::FileFaults;
use crate::check::Finding;
use crate::keys::KEYS_DIRECTORY;
use crate::store::backup as store;
use crate::store::{StoreError, migrate};

pub use crate::store::backup::Restored;
pub use put_back::{ASIDE, PutBack, put_back};
pub use take::take;

/// Name of the manifest.
pub const MANIFEST_FILE: &str = "manifest.json";
/// Version of the manifest.
const FORMAT: u32 = 1;
/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of these words.
    pub format: u32,
    /// Version of the program that took it.
    pub program: String,
    /// Whose.
    pub organisation: OrganisationId,
    /// Its name.
    pub company: String,
    /// Schema of the database.
    pub schema: u32,
    /// Epoch in which it was taken.
    pub epoch: u64,
    /// Its last log entry.
    pub seq: u64,
    /// The log's chain hash there.
    pub chain: String,
    /// Tickets.
    pub tickets: usize,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// Size of the database in bytes.
    pub bytes: u64,
    /// SHA-256 of the database.
    pub sha256: String,
    /// Files of photos and manuals; older backups hold none.
    #[serde(default)]
    pub blobs: u64,
    /// Files the database tells of and the backup has not whole. Phones go on keeping what they would else make room of.
    #[serde(default, skip_serializing_if = "FileFaults::is_empty")]
    pub blob_faults: FileFaults,
}

/// Why there is no backup, or why it was not put back. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Something stands at the place of the new backup.
    #[error("{0} exists")]
    Exists(PathBuf),
    /// The copy or the backup is not whole.
    #[error("{path} is damaged: {why}")]
    Damaged {
        /// Which.
        path: PathBuf,
        /// How.
        why: String,
    },
    /// The manifest does not prove the database beside it.
    #[error("the manifest of {path} proves nothing: {fault:?}")]
    Manifest {
        /// The backup.
        path: PathBuf,
        /// Why not.
        fault: ManifestFault,
    },
    /// The record itself does not hold.
    #[error("the record does not hold: {} findings", .0.len())]
    Unsound(Vec<Finding>),
    /// Neither a manifest nor a database that could lack one.
    #[error("{0} is no backup")]
    NotABackup(PathBuf),
    /// The backup is of another company than the record in the directory.
    #[error("the backup is of another company")]
    OtherCompany {
        /// Of the record.
        here: String,
        /// Of the backup.
        there: String,
    },
    /// The record knows what the backup does not, and nobody said to give that up.
    #[error("the record is newer than the backup by {} log entries", .lost)]
    WouldGoBack {
        /// Log entries that would be gone.
        lost: u64,
    },
    /// The record cannot be read, and nobody said to give it up.
    #[error("the record cannot be read: {why}")]
    Unreadable {
        /// Why.
        why: String,
    },
    /// Somebody uses the record.
    #[error("the record is in use")]
    InUse,
    /// A file.
    #[error("{path}: {error}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a manifest does not prove the database beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ManifestFault {
    /// It is not there, though a database is.
    Missing,
    /// It is cut or was changed: it cannot be read.
    Unreadable,
    /// It tells of another database, or one of both was changed.
    Other,
}

fn at(path: &Path) -> impl FnOnce(std::io::Error) -> BackupError + '_ {
    |error| BackupError::File {
        path: path.to_owned(),
        error,
    }
}

fn no_damage(connection: &rusqlite::Connection, database: &Path) -> Result<(), BackupError> {
    let damaged = |why| BackupError::Damaged {
        path: database.to_owned(),
        why,
    };
    match store::damage(connection) {
        Ok(None) => Ok(()),
        Ok(Some(why)) => Err(damaged(why)),
        Err(error) => Err(damaged(error.to_string())),
    }
}

fn checksum(path: &Path) -> Result<(u64, String), BackupError> {
    let mut file = File::open(path).map_err(at(path))?;
    let (mut hash, mut bytes) = (Sha256::new(), 0);
    let mut piece = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut piece).map_err(at(path))?;
        if read == 0 {
            return Ok((bytes, hex::encode(hash.finalize())));
        }
        hash.update(&piece[..read]);
        bytes += read as u64;
    }
}

/// Reads a backup's manifest and makes sure that the database beside it is the one it was written for, and whole.
///
/// # Errors
/// [`BackupError::NotABackup`], [`BackupError::Manifest`], [`BackupError::File`], or a newer program's schema.
pub fn verify(backup: &Path) -> Result<Manifest, BackupError> {
    let path = backup.join(MANIFEST_FILE);
    let fault = |fault| BackupError::Manifest {
        path: backup.to_owned(),
        fault,
    };
    let text = std::fs::read_to_string(&path).map_err(|error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory if !is_left_alone(backup) => {
            BackupError::NotABackup(backup.to_owned())
        }
        ErrorKind::NotFound => fault(ManifestFault::Missing),
        ErrorKind::InvalidData => fault(ManifestFault::Unreadable),
        _ => at(&path)(error),
    })?;
    let manifest: Manifest = serde_json::from_str(&text).map_err(|_| fault(ManifestFault::Unreadable))?;
    if manifest.format > FORMAT || manifest.schema > migrate::known() {
        return Err(BackupError::Store(StoreError::Newer {
            found: manifest.schema,
            known: migrate::known(),
        }));
    }
    let database = backup.join(DATABASE_FILE);
    let (bytes, sha256) = checksum(&database)?;
    if (bytes, &sha256) != (manifest.bytes, &manifest.sha256) {
        return Err(fault(ManifestFault::Other));
    }
    let connection = store::open_backup(&database)?;
    let stand = store::stand(&connection)?;
    let told = (manifest.organisation, manifest.seq, manifest.chain.as_str());
    if told != (stand.organisation, stand.seq, hex::encode(stand.chain).as_str()) {
        return Err(fault(ManifestFault::Other));
    }
    Ok(manifest)
}

/// A database without the keys of a server that works with it: a backup that lost its manifest, and no live data.
fn is_left_alone(directory: &Path) -> bool {
    directory.join(DATABASE_FILE).is_file() && !directory.join(KEYS_DIRECTORY).exists()
}

impl App {
    /// Whether the record was put back from a backup, and whether anything may go out since.
    ///
    /// # Errors
    /// As the store says.
    pub async fn restored(&self) -> Result<Option<Restored>, StoreError> {
        self.store().read(store::restored).await
    }

    /// Lets messages to people and other systems go out again; `false` when nothing was held.
    ///
    /// # Errors
    /// As the store says.
    pub async fn release_outbound(&self) -> Result<bool, StoreError> {
        let released = self.store().write(store::outbound_release).await?;
        if released {
            tracing::info!("messages may go out again");
        }
        Ok(released)
    }
}
