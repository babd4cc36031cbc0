//! The files of blobs in a backup: copied after the database, so that the copy has what the database's copy tells of.
//!
//! A blob never changes, so a link to it is as good as a copy where the disk makes links; elsewhere it is copied. Putting
//! back adds what is missing beside the record and deletes nothing: files may be newer than the record they lie beside.

use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;

use fieldline_model::blob::BlobHash;
use fieldline_model::time::Timestamp;
use rusqlite::Connection;

use super::{BackupError, at};
use crate::blob::FileFaults;
use crate::blob::files::{BLOBS_DIRECTORY, list_in, path_in, shown_in, verified_at};
use crate::blob::verify::file_faults;
use crate::keys::{make_directory, sync_directory};
use crate::store::{StoreError, backup, blob, meta};

/// Copies all blobs of one directory of data, or of a backup, to another; says how many there are then.
pub(super) fn copy_blobs(from: &Path, to: &Path) -> Result<u64, BackupError> {
    let (from, to) = (from.join(BLOBS_DIRECTORY), to.join(BLOBS_DIRECTORY));
    let blobs = list_in(&from).map_err(at(&from))?;
    for hash in &blobs {
        copy_blob(&from, &to, *hash)?;
    }
    for name in shown_in(&from).map_err(at(&from))? {
        copy(&from.join(&name), &to.join(&name))?;
    }
    Ok(blobs.len() as u64)
}

/// What the record dropped since its database was copied is no fault of the backup: nothing refers to it. The copy forgets it
/// as well, so that a restore misses nothing. What the copy refers to stays missing, also where the record gave it up since.
pub(super) fn forget_dropped(
    missing: &mut Vec<BlobHash>,
    copy: &Path,
    live: &Path,
    now: Timestamp,
) -> Result<(), StoreError> {
    let live = meta::open(live)?;
    let mut copy = backup::open_copy(copy)?;
    let left = meta::in_transaction(&mut copy, |copy| {
        let mut left = Vec::new();
        for hash in missing.iter() {
            let dropped = !blob::blob_is_here(&live, *hash)? && blob::blob_forget(copy, *hash, now, false)?;
            if !dropped {
                left.push(*hash);
            }
        }
        Ok(left)
    })?;
    copy.close().map_err(|(_, error)| StoreError::from(error))?;
    *missing = left;
    Ok(())
}

/// What the backup has whole takes the place of what is damaged or cannot be read in the data; says what is not whole all
/// the same.
pub(super) fn mend_blobs(record: &Connection, from: &Path, data: &Path) -> Result<FileFaults, BackupError> {
    let mut faults = file_faults(record, data)?;
    let (from, to) = (from.join(BLOBS_DIRECTORY), data.join(BLOBS_DIRECTORY));
    for faulty in [&mut faults.damaged, &mut faults.unreadable] {
        for hash in std::mem::take(faulty) {
            if matches!(verified_at(&path_in(&from, hash), hash), Ok(Some(_))) {
                let path = path_in(&to, hash);
                std::fs::remove_file(&path).map_err(at(&path))?;
                copy_blob(&from, &to, hash)?;
            } else {
                faulty.push(hash);
            }
        }
    }
    Ok(faults)
}

fn copy_blob(from: &Path, to: &Path, hash: BlobHash) -> Result<(), BackupError> {
    copy(&path_in(from, hash), &path_in(to, hash))
}

fn copy(from: &Path, to: &Path) -> Result<(), BackupError> {
    if to.exists() {
        return Ok(());
    }
    let directory = to.parent().unwrap_or(to);
    make_directory(directory).map_err(at(directory))?;
    match std::fs::hard_link(from, to) {
        Ok(()) => {}
        // Nothing refers to it any more, and it went since the list was made.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(_) => {
            let scratch = to.with_extension("copying");
            std::fs::copy(from, &scratch).map_err(at(&scratch))?;
            File::open(&scratch)
                .and_then(|file| file.sync_all())
                .map_err(at(&scratch))?;
            std::fs::rename(&scratch, to).map_err(at(to))?;
        }
    }
    sync_directory(directory).map_err(at(directory))
}
