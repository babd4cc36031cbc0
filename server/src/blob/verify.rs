//! Whether the files are there that the record tells of, with the bytes of their names.
//!
//! Looking reads every file whole: it is for backups, restores and checks. Nothing is changed here but by a repair, which
//! asks phones for what is gone, as the worker does for files it misses. What must never happen here: that a file is
//! deleted, or given up because a disk would not read it.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use fieldline_model::blob::BlobHash;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::files::{BLOBS_DIRECTORY, path_in, verified_at};
use super::keep::BATCH;
use super::on_disk;
use crate::app::App;
use crate::check::{CheckReport, Finding, Wrong};
use crate::store::StoreError;
use crate::store::blob as store;

/// Files that are not what the record tells of them, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFaults {
    /// They are not there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<BlobHash>,
    /// Their bytes are others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub damaged: Vec<BlobHash>,
    /// They are there, and the disk would not read them: nobody knows whether they are whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unreadable: Vec<BlobHash>,
}

impl FileFaults {
    /// All is there, and whole.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.damaged.is_empty() && self.unreadable.is_empty()
    }

    fn look(&mut self, directory: &Path, hash: BlobHash) {
        match verified_at(&path_in(directory, hash), hash) {
            Ok(Some(_)) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => self.missing.push(hash),
            Ok(None) => self.damaged.push(hash),
            Err(error) => {
                tracing::warn!(blob = %hash, error = %error.kind(), "the file of blob {hash} cannot be read");
                self.unreadable.push(hash);
            }
        }
    }
}

/// Looks through the files beside a database that nobody changes now.
///
/// # Errors
/// As the database says; what the disk says is a fault of the file.
pub(crate) fn file_faults(connection: &Connection, data: &Path) -> Result<FileFaults, StoreError> {
    let directory = data.join(BLOBS_DIRECTORY);
    let (mut faults, mut after) = (FileFaults::default(), None);
    loop {
        let listed = store::blob_list(connection, after, BATCH)?;
        let Some((last, _)) = listed.last() else {
            return Ok(faults);
        };
        after = Some(*last);
        for (hash, _) in listed {
            faults.look(&directory, hash);
        }
    }
}

impl App {
    /// Looks through the files of a record that may be in use. A repair gives up what is missing or damaged, and phones
    /// are asked for it; what cannot be read it leaves as it is.
    pub(crate) async fn check_blobs(&self, repair: bool, report: &mut CheckReport) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let list = move |connection: &Connection| store::blob_list(connection, after, BATCH);
            let listed = self.store().read(list).await?;
            let Some((last, _)) = listed.last() else { break };
            after = Some(*last);
            report.blobs += listed.len() as u64;
            for (what, hash) in self.faults_among(listed).await? {
                report.findings.push(Finding {
                    what,
                    id: hash.to_string(),
                });
                if repair && self.give_up(hash).await? {
                    report.blobs_given_up += 1;
                }
            }
        }
        (report.blobs_asked, report.blobs_lost) = self.store().read(store::blobs_gone).await?;
        Ok(())
    }

    async fn faults_among(&self, listed: Vec<(BlobHash, u64)>) -> Result<Vec<(Wrong, BlobHash)>, StoreError> {
        let directory = self.directory().join(BLOBS_DIRECTORY);
        let looked = on_disk(move || {
            let mut faults = FileFaults::default();
            for (hash, _) in listed {
                faults.look(&directory, hash);
            }
            faults
        });
        let faults = looked.await.map_err(|_| StoreError::Unknown)?;
        let missing = faults.missing.into_iter().map(|hash| (Wrong::BlobMissing, hash));
        let damaged = faults.damaged.into_iter().map(|hash| (Wrong::BlobDamaged, hash));
        let mut found = Vec::new();
        let unreadable = faults
            .unreadable
            .into_iter()
            .map(|hash| (Wrong::BlobUnreadable, hash));
        for (what, hash) in missing.chain(damaged).chain(unreadable) {
            // A server may have deleted it since, because nothing refers to it any more.
            let is_here = self
                .store()
                .read(move |connection| store::blob_is_here(connection, hash));
            if is_here.await? {
                found.push((what, hash));
            }
        }
        Ok(found)
    }

    /// False when its file is whole by now, cannot be read, or could not be put aside.
    async fn give_up(&self, hash: BlobHash) -> Result<bool, StoreError> {
        let _changing = self.inner.blobs.changing.lock().await;
        let (files, now) = (Arc::clone(&self.inner.blobs.files), self.now());
        let given_up = on_disk(move || match files.verified(hash) {
            Ok(Some(_)) => Ok(false),
            Ok(None) => files.put_aside(hash, now).map(|()| true),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
            Err(error) => Err(error),
        });
        match given_up.await.map_err(|_| StoreError::Unknown)? {
            Ok(false) => Ok(false),
            Ok(true) => {
                self.miss_blob(hash).await?;
                Ok(true)
            }
            Err(error) => {
                tracing::warn!(blob = %hash, error = %error.kind(), "the file of blob {hash} stays as it is");
                Ok(false)
            }
        }
    }
}
