//! Backups of a running server, and putting one back.
//!
//! A backup is a directory: the database as one file, and a manifest with its checksum. It is whole and looked over
//! before it has its name. The server's keys are not in it. Putting it back begins a new epoch, so that phones come
//! and heal what is lost since, and holds what would go out to people a second time. The newer record is moved aside,
//! never deleted. What must never happen here: a moment at which a power cut leaves no database in its place.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use fieldline_model::id::OrganisationId;
use fieldline_model::time::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::app::{App, DATABASE_FILE, Edge};
use crate::check::{Finding, check_copy};
use crate::keys::{make_directory, sync_directory};
use crate::store::backup::{self as store, Stand};
use crate::store::{StoreError, meta, migrate};

pub use crate::store::backup::Restored;

/// Name of the manifest.
pub const MANIFEST_FILE: &str = "manifest.json";
/// Version of the manifest.
const FORMAT: u32 = 1;
/// A directory that is not a backup yet.
const PARTIAL: &str = "partial";

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
    /// The record itself does not hold.
    #[error("the record does not hold: {} findings", .0.len())]
    Unsound(Vec<Finding>),
    /// No manifest that this program can read.
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

fn at(path: &Path) -> impl FnOnce(std::io::Error) -> BackupError + '_ {
    |error| BackupError::File {
        path: path.to_owned(),
        error,
    }
}

/// Takes a backup of the record in `data` into the new directory `to`, and looks it over before it gets its name.
///
/// # Errors
/// When something stands there already, when the copy does not hold what it should, and as disk and database say.
pub fn take(data: &Path, to: &Path, now: Timestamp) -> Result<Manifest, BackupError> {
    if to.exists() {
        return Err(BackupError::Exists(to.to_owned()));
    }
    let mut name = to.as_os_str().to_owned();
    name.push(format!(".{PARTIAL}-{}", std::process::id()));
    let partial = PathBuf::from(name);
    make_directory(&partial).map_err(at(&partial))?;
    let taken = copy(data, &partial, now).and_then(|manifest| {
        // A rename onto an empty directory would succeed on Unix, and lose nothing.
        std::fs::rename(&partial, to).map_err(at(to))?;
        sync_directory(parent(to)).map_err(at(to))?;
        Ok(manifest)
    });
    if taken.is_err() {
        // What is left over holds no backup; the error that is told is the first one.
        let _ = std::fs::remove_dir_all(&partial);
    }
    let manifest = taken?;
    let mut live = meta::open(&data.join(DATABASE_FILE))?;
    meta::in_transaction(&mut live, |live| store::covered_write(live, manifest.seq, now))?;
    Ok(manifest)
}

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

fn copy(data: &Path, partial: &Path, now: Timestamp) -> Result<Manifest, BackupError> {
    let database = partial.join(DATABASE_FILE);
    store::copy_whole(&data.join(DATABASE_FILE), &database)?;
    let (stand, tickets) = look_over(&database, now)?;
    let file = File::open(&database).map_err(at(&database))?;
    file.sync_all().map_err(at(&database))?;
    let (bytes, sha256) = checksum(&database)?;
    let manifest = Manifest {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").into(),
        organisation: stand.organisation,
        company: stand.company,
        schema: stand.schema,
        epoch: stand.epoch,
        seq: stand.seq,
        chain: hex::encode(stand.chain),
        tickets,
        taken_at: now,
        bytes,
        sha256,
    };
    let path = partial.join(MANIFEST_FILE);
    let mut file = File::create(&path).map_err(at(&path))?;
    let text = serde_json::to_string_pretty(&manifest).expect("a manifest is plain JSON");
    file.write_all(format!("{text}\n").as_bytes())
        .map_err(at(&path))?;
    file.sync_all().map_err(at(&path))?;
    sync_directory(partial).map_err(at(partial))?;
    Ok(manifest)
}

/// The database is whole, the log's chain fits, record and stock are what documents and ledger say.
fn look_over(database: &Path, now: Timestamp) -> Result<(Stand, usize), BackupError> {
    let mut connection = store::open_copy(database)?;
    no_damage(&connection, database)?;
    let report = check_copy(&mut connection, now)?;
    if !report.findings.is_empty() {
        return Err(BackupError::Unsound(report.findings));
    }
    let stand = store::stand(&connection)?;
    connection.close().map_err(|(_, error)| StoreError::from(error))?;
    Ok((stand, report.tickets))
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
/// [`BackupError::NotABackup`], [`BackupError::Damaged`], or a newer program's schema.
pub fn verify(backup: &Path) -> Result<Manifest, BackupError> {
    let path = backup.join(MANIFEST_FILE);
    let none = || BackupError::NotABackup(backup.to_owned());
    let text = std::fs::read_to_string(&path).map_err(|_| none())?;
    let manifest: Manifest = serde_json::from_str(&text).map_err(|_| none())?;
    if manifest.format > FORMAT || manifest.schema > migrate::known() {
        return Err(BackupError::Store(StoreError::Newer {
            found: manifest.schema,
            known: migrate::known(),
        }));
    }
    let database = backup.join(DATABASE_FILE);
    let (bytes, sha256) = checksum(&database)?;
    if (bytes, &sha256) != (manifest.bytes, &manifest.sha256) {
        return Err(BackupError::Damaged {
            path: database,
            why: "checksum".into(),
        });
    }
    Ok(manifest)
}

/// What putting a backup back did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PutBack {
    /// The backup.
    pub backup: Manifest,
    /// The epoch that began.
    pub epoch: u64,
    /// Log entries that the record had and the backup has not.
    pub lost: u64,
    /// Phones, accounts, tokens and links that were closed since the backup, and are closed again; `None` when no record
    /// was there that could tell.
    pub closed_again: Option<usize>,
    /// Where the record that was there is kept.
    pub aside: Option<PathBuf>,
    /// The keys were beside it: phones' proofs of what HQ had are believed.
    pub keys_there: bool,
}

/// What is in the way of a backup, if anything.
enum Here {
    Nothing,
    /// So many log entries would be lost.
    Record(u64),
    Unreadable,
}

/// Puts a backup in the place of the record in `data`, which no server may be using. A record that knows more, or that
/// cannot be read, gives way only with `go_back`, and is kept beside.
///
/// # Errors
/// As [`BackupError`] says; then the record is as it was.
pub fn put_back(data: &Path, from: &Path, edge: &Edge, go_back: bool) -> Result<PutBack, BackupError> {
    let manifest = verify(from)?;
    let chain = parse_chain(&manifest).ok_or_else(|| BackupError::NotABackup(from.to_owned()))?;
    make_directory(data).map_err(at(data))?;
    let here = look_at(data, &manifest, &chain, go_back)?;
    let (now, epoch) = ((edge.now)(), meta::new_epoch(edge));
    let coming = data.join(format!("{DATABASE_FILE}.restoring"));
    std::fs::copy(from.join(DATABASE_FILE), &coming).map_err(at(&coming))?;
    let live = data.join(DATABASE_FILE);
    let readable = matches!(here, Here::Record(_));
    let closed_again = prepare(&coming, readable.then_some(&live), &manifest, epoch, now)?;
    let aside = match here {
        Here::Nothing => None,
        Here::Record(_) | Here::Unreadable => Some(keep_aside(data, now)?),
    };
    std::fs::rename(&coming, &live).map_err(at(&live))?;
    sync_directory(data).map_err(at(data))?;
    let lost = match here {
        Here::Record(lost) => lost,
        Here::Nothing | Here::Unreadable => 0,
    };
    Ok(PutBack {
        backup: manifest,
        epoch,
        lost,
        closed_again,
        aside,
        keys_there: data.join(crate::keys::KEYS_DIRECTORY).is_dir(),
    })
}

fn parse_chain(manifest: &Manifest) -> Option<[u8; 32]> {
    hex::decode(&manifest.chain).ok()?.try_into().ok()
}

fn look_at(data: &Path, manifest: &Manifest, chain: &[u8; 32], go_back: bool) -> Result<Here, BackupError> {
    let live = data.join(DATABASE_FILE);
    if !live.exists() {
        return Ok(Here::Nothing);
    }
    let unreadable = |error: StoreError| {
        if go_back {
            Ok(Here::Unreadable)
        } else {
            Err(BackupError::Unreadable {
                why: error.to_string(),
            })
        }
    };
    match store::fold_in(&live) {
        Ok(true) => {}
        Ok(false) | Err(StoreError::Busy) => return Err(BackupError::InUse),
        Err(error) => return unreadable(error),
    }
    let (stand, goes_through) = match stand_of(&live, manifest.seq, chain) {
        Ok(known) => known,
        Err(error) => return unreadable(error),
    };
    if stand.organisation != manifest.organisation {
        return Err(BackupError::OtherCompany {
            here: stand.company,
            there: manifest.company.clone(),
        });
    }
    // A record that took another way than the backup shares nothing that can be counted on.
    let lost = if goes_through {
        stand.seq.saturating_sub(manifest.seq)
    } else {
        stand.seq
    };
    if lost > 0 && !go_back {
        return Err(BackupError::WouldGoBack { lost });
    }
    Ok(Here::Record(lost))
}

fn stand_of(live: &Path, seq: u64, chain: &[u8; 32]) -> Result<(Stand, bool), StoreError> {
    let connection = store::open_copy(live)?;
    let stand = store::stand(&connection)?;
    let through = store::goes_through(&connection, seq, chain)?;
    connection.close().map_err(|(_, error)| error)?;
    Ok((stand, through))
}

fn prepare(
    coming: &Path,
    newer: Option<&PathBuf>,
    manifest: &Manifest,
    epoch: u64,
    now: Timestamp,
) -> Result<Option<usize>, BackupError> {
    let mut connection = store::open_copy(coming)?;
    no_damage(&connection, coming)?;
    migrate::forward(&mut connection)?;
    let closed = newer
        .map(|newer| store::close_again(&connection, newer))
        .transpose()?;
    store::put_back(&mut connection, epoch, manifest.seq, manifest.taken_at, now)?;
    connection.close().map_err(|(_, error)| StoreError::from(error))?;
    let file = File::open(coming).map_err(at(coming))?;
    file.sync_all().map_err(at(coming))?;
    Ok(closed)
}

/// Keeps the record that was there. Its database stays in its place until the other one takes it, so that a power cut
/// never leaves the directory without one; what lies beside the database must go first, because it is not the other's.
fn keep_aside(data: &Path, now: Timestamp) -> Result<PathBuf, BackupError> {
    let aside = data.join(format!(
        "before-restore-{}",
        now.to_utc().format("%Y%m%dT%H%M%S%3fZ")
    ));
    std::fs::create_dir(&aside).map_err(at(&aside))?;
    let live = data.join(DATABASE_FILE);
    let kept = aside.join(DATABASE_FILE);
    if std::fs::hard_link(&live, &kept).is_err() {
        // A disk without links.
        std::fs::copy(&live, &kept).map_err(at(&kept))?;
    }
    for beside in ["-wal", "-shm"] {
        let file = data.join(format!("{DATABASE_FILE}{beside}"));
        if file.exists() {
            let to = aside.join(format!("{DATABASE_FILE}{beside}"));
            std::fs::rename(&file, &to).map_err(at(&file))?;
        }
    }
    sync_directory(&aside).map_err(at(&aside))?;
    Ok(aside)
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
