//! Putting a backup in the place of a record, which is moved aside and kept.

use std::fs::File;
use std::path::{Path, PathBuf};

use fieldline_model::time::Timestamp;
use serde::Serialize;

use super::blobs::{copy_blobs, mend_blobs};
use super::{BackupError, Manifest, at, no_damage, verify};
use crate::app::{DATABASE_FILE, Edge};
use crate::blob::FileFaults;
use crate::erase;
use crate::keys::{make_directory, sync_directory};
use crate::store::backup::{self as store, Stand};
use crate::store::own_keys::{self, KeysFit};
use crate::store::{StoreError, meta, migrate};

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
    /// Customers who stand in the backup and were erased since: erased again before anybody reads. `None` when neither a
    /// record nor the files about them were there that could tell.
    pub erased_again: Option<usize>,
    /// Where the record that was there is kept.
    pub aside: Option<PathBuf>,
    /// The record's own keys are beside it: phones' proofs of what HQ had are believed.
    pub keys_there: bool,
    /// Whether they are.
    pub keys: KeysFit,
    /// Files the record tells of that neither the backup nor the directory had whole.
    pub blob_faults: FileFaults,
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
    make_directory(data).map_err(at(data))?;
    let here = look_at(data, from, &manifest, go_back)?;
    let (now, epoch) = ((edge.now)(), meta::new_epoch(edge));
    let coming = data.join(format!("{DATABASE_FILE}.restoring"));
    std::fs::copy(from.join(DATABASE_FILE), &coming).map_err(at(&coming))?;
    copy_blobs(from, data)?;
    let live = data.join(DATABASE_FILE);
    let readable = matches!(here, Here::Record(_));
    let known = readable.then(|| newer_records(data, &live)).transpose()?;
    let closed_again = prepare(&coming, known.as_deref(), &manifest, epoch, now)?;
    let blob_faults = mend_blobs(&store::open_backup(&coming)?, from, data)?;
    let keys = own_keys::fit(&store::open_backup(&coming)?, data)?;
    let erased_again = erase::remember(data, known.as_deref(), &coming, now)?;
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
        erased_again,
        aside,
        keys_there: keys == KeysFit::Own,
        keys,
        blob_faults,
    })
}

fn look_at(data: &Path, from: &Path, manifest: &Manifest, go_back: bool) -> Result<Here, BackupError> {
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
    let (stand, shared) = match stand_of(&live, &from.join(DATABASE_FILE)) {
        Ok(known) => known,
        Err(error) => return unreadable(error),
    };
    if stand.organisation != manifest.organisation {
        return Err(BackupError::OtherCompany {
            here: stand.company,
            there: manifest.company.clone(),
        });
    }
    // What both have is in the backup, also where the record was put back before, or went on otherwise since.
    let lost = stand.seq.saturating_sub(shared);
    if lost > 0 && !go_back {
        return Err(BackupError::WouldGoBack { lost });
    }
    Ok(Here::Record(lost))
}

/// Where the record stands, and how far it is the same as the backup.
fn stand_of(live: &Path, backup: &Path) -> Result<(Stand, u64), StoreError> {
    let connection = store::open_copy(live)?;
    let stand = store::stand(&connection)?;
    let shared = store::shared(&connection, &store::open_backup(backup)?)?;
    connection.close().map_err(|(_, error)| error)?;
    Ok((stand, shared))
}

fn prepare(
    coming: &Path,
    others: Option<&[PathBuf]>,
    manifest: &Manifest,
    epoch: u64,
    now: Timestamp,
) -> Result<Option<usize>, BackupError> {
    let mut connection = store::open_copy(coming)?;
    no_damage(&connection, coming)?;
    migrate::forward(&mut connection)?;
    let mut closed = others.map(|_| 0);
    let others = others.unwrap_or_default();
    for other in others {
        match store::close_again(&connection, other) {
            Ok(more) => closed = closed.map(|closed| closed + more),
            // What was closed cannot be read, which must not keep the backup out. Of a record kept earlier that was
            // said when it gave way.
            Err(error) if error.is_damage() => closed = closed.filter(|_| Some(other) != others.first()),
            Err(error) => return Err(error.into()),
        }
    }
    store::put_back(
        &mut connection,
        epoch,
        closed.is_some(),
        manifest.seq,
        manifest.taken_at,
        now,
    )?;
    connection.close().map_err(|(_, error)| StoreError::from(error))?;
    let file = File::open(coming).map_err(at(coming))?;
    file.sync_all().map_err(at(coming))?;
    Ok(closed)
}

/// The record that gives way, and those that gave way before it: what was closed in one of them an older backup, put
/// back in between, need not know at all.
fn newer_records(data: &Path, live: &Path) -> Result<Vec<PathBuf>, BackupError> {
    let mut records = vec![live.to_owned()];
    for entry in std::fs::read_dir(data).map_err(at(data))? {
        let entry = entry.map_err(at(data))?;
        let kept = entry.path().join(DATABASE_FILE);
        if entry.file_name().to_string_lossy().starts_with(ASIDE) && kept.is_file() {
            records.push(kept);
        }
    }
    Ok(records)
}

/// Beginning of the name under which a restore keeps the record that was there; then the time.
pub const ASIDE: &str = "before-restore-";

/// Keeps the record that was there. Its database stays in its place until the other one takes it, so that a power cut
/// never leaves the directory without one; what lies beside the database must go first, because it is not the other's.
fn keep_aside(data: &Path, now: Timestamp) -> Result<PathBuf, BackupError> {
    let aside = data.join(format!("{ASIDE}{}", now.to_utc().format("%Y%m%dT%H%M%S%3fZ")));
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
