//! What is kept and what goes: files held against the database, both ways, and what nothing refers to any more.

use std::io::ErrorKind;
use std::sync::Arc;

use fieldline_model::blob::BlobHash;
use fieldline_model::time::Timestamp;

use super::{BLOB_EVENT, disk, no_device, on_disk};
use crate::app::{App, bug};
use crate::door::DoorError;
use crate::problem::Problem;
use crate::store::StoreError;
use crate::store::blob::{self as store};
use crate::store::happened::domain_event_add;
use crate::store::log::Journal;

/// How long a blob stays to which nothing refers: longer than a phone is away that sent the bytes and not the words.
pub const UNREFERENCED_KEEP_MS: i64 = 45 * 24 * 60 * 60 * 1_000;
/// How long a part stays with which nobody went on: longer than a photo waits for the next night in a Wi-Fi.
const PART_KEEP_MS: i64 = 14 * 24 * 60 * 60 * 1_000;
/// Blobs looked at in one go.
pub(super) const BATCH: usize = 500;

/// What looking after the blobs did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Kept {
    /// Blobs whose file was gone; phones are asked for them.
    pub gone: usize,
    /// Files that the database did not know and knows now.
    pub found: usize,
    /// Blobs deleted, because nothing had referred to them for long.
    pub deleted: usize,
    /// Parts deleted.
    pub parts: usize,
}

impl App {
    /// Holds files and database against each other, then deletes what nothing refers to.
    ///
    /// # Errors
    /// As disk and database say.
    pub async fn keep_blobs(&self) -> Result<Kept, Problem> {
        let mut kept = Kept {
            gone: self.miss_files().await?,
            found: self.find_files().await?,
            ..Kept::default()
        };
        let keep_ms = if bug!(self.inner, BlobAgeForgotten) {
            0
        } else {
            UNREFERENCED_KEEP_MS
        };
        kept.deleted = self.delete_stale(self.now().plus_ms(-keep_ms)).await?;
        let (files, before) = (
            Arc::clone(&self.inner.blobs.files),
            self.now().plus_ms(-PART_KEEP_MS),
        );
        let removed = on_disk(move || files.remove_parts(before.ms())).await?;
        kept.parts = removed.map_err(|error| disk(&error))?;
        Ok(kept)
    }

    /// Blobs whose file is not there: after a database that is newer than the files was put back.
    async fn miss_files(&self) -> Result<usize, Problem> {
        let (mut after, mut gone) = (None, 0);
        loop {
            let listed = self
                .inner
                .store
                .read(move |connection| store::blob_list(connection, after, BATCH));
            let listed: Vec<(BlobHash, u64)> = listed.await.map_err(Problem::from)?;
            let Some((last, _)) = listed.last() else {
                return Ok(gone);
            };
            after = Some(*last);
            let _changing = self.inner.blobs.changing.lock().await;
            let files = Arc::clone(&self.inner.blobs.files);
            let is_gone = move |(hash, size): &(BlobHash, u64)| {
                match std::fs::metadata(files.path(*hash)) {
                    Ok(found) => found.len() != *size,
                    // What the disk would not say now it may say later.
                    Err(error) => error.kind() == ErrorKind::NotFound,
                }
            };
            let missing = on_disk(move || listed.into_iter().filter(is_gone).collect::<Vec<_>>()).await?;
            for (hash, _) in missing {
                self.miss_blob(hash).await?;
                gone += 1;
            }
        }
    }

    /// The file is gone: whoever holds it is asked for it.
    pub(super) async fn miss_blob(&self, hash: BlobHash) -> Result<(), StoreError> {
        let now = self.now();
        let written = self.inner.store.write(move |connection| {
            store::blob_gone(connection, hash, now)?;
            let journal = Journal::begin(connection, now)?;
            for document in store::blob_wanted_by(connection, hash)? {
                domain_event_add(&journal, Some(document), BLOB_EVENT, None)?;
            }
            Ok::<_, StoreError>(())
        });
        written.await?;
        tracing::warn!(blob = %hash, "the file of blob {hash} is gone; phones are asked for it");
        Ok(())
    }

    /// Files the database does not know, or not by every document for which they were shown: after an older database was
    /// put back beside newer files.
    async fn find_files(&self) -> Result<usize, Problem> {
        let files = Arc::clone(&self.inner.blobs.files);
        let listed = on_disk(move || files.list())
            .await?
            .map_err(|error| disk(&error))?;
        let mut found = 0;
        for hash in listed {
            let read = self.inner.store.read(move |connection| {
                let here = store::blob_is_here(connection, hash)?;
                Ok::<_, StoreError>((here, store::blob_wanted_by(connection, hash)?))
            });
            let (is_here, wanted) = read.await.map_err(Problem::from)?;
            if is_here && wanted.is_empty() {
                continue;
            }
            found += usize::from(self.find_file(hash).await?);
        }
        Ok(found)
    }

    async fn find_file(&self, hash: BlobHash) -> Result<bool, Problem> {
        let _changing = self.inner.blobs.changing.lock().await;
        let files = Arc::clone(&self.inner.blobs.files);
        let verified = on_disk(move || files.verified(hash)).await?;
        let Some(here) = verified.map_err(|error| disk(&error))? else {
            tracing::warn!(blob = %hash, "the file of blob {hash} is damaged and put aside");
            let (files, now) = (Arc::clone(&self.inner.blobs.files), self.now());
            on_disk(move || files.put_aside(hash, now))
                .await?
                .map_err(|error| disk(&error))?;
            return Ok(false);
        };
        let (files, now) = (Arc::clone(&self.inner.blobs.files), self.now());
        let written = self.inner.store.write(move |connection| {
            let is_new = store::blob_found(connection, hash, here, now)?;
            for document in store::blob_wanted_by(connection, hash)? {
                if files.was_shown(document, hash) {
                    // By which phone is not known any more.
                    store::blob_arrived(connection, (document, hash), here, no_device(), now)?;
                    let journal = Journal::begin(connection, now)?;
                    domain_event_add(&journal, Some(document), BLOB_EVENT, None)?;
                }
            }
            Ok::<_, DoorError>(is_new)
        });
        Ok(written.await?)
    }

    async fn delete_stale(&self, before: Timestamp) -> Result<usize, Problem> {
        let also_referred = bug!(self.inner, BlobReferencesIgnored);
        let listed = self
            .inner
            .store
            .read(move |connection| store::blob_stale(connection, before, also_referred, BATCH));
        let stale: Vec<BlobHash> = listed.await.map_err(Problem::from)?;
        let mut deleted = 0;
        for hash in stale {
            // A reference that is written now, or an upload that ends now, comes before or after, and not between.
            let _changing = self.inner.blobs.changing.lock().await;
            let forgotten = self.inner.store.write(move |connection| {
                Ok::<_, DoorError>(store::blob_forget(connection, hash, before, also_referred)?)
            });
            if forgotten.await? {
                let files = Arc::clone(&self.inner.blobs.files);
                on_disk(move || files.remove(hash))
                    .await?
                    .map_err(|error| disk(&error))?;
                deleted += 1;
            }
        }
        Ok(deleted)
    }
}
