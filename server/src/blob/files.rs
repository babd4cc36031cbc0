//! The files: parts on their way up, and whole blobs, each under its own name.
//!
//! `<data>/blobs/ab/<hash>` holds a blob, `<data>/blobs/part/<name>` what one phone sent of one so far, and
//! `<data>/blobs/shown/<hash>.<document's hash>`, empty, that it was shown for that document: so the files may be newer
//! than the database. `<data>/blobs/damaged` keeps what was put aside, for people; nothing here reads it. A whole blob is
//! verified and on the disk before it has its name, and never changes. Names are made here, from values; no text from
//! outside becomes part of a path.

use std::collections::HashSet;
use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use fieldline_model::blob::{BlobHash, Media};
use fieldline_model::id::{DeviceId, DocumentId};
use fieldline_model::time::Timestamp;
use sha2::{Digest, Sha256};

use crate::keys::{make_directory, sync_directory};
use crate::store::blob::Here;

/// The directory, in the server's own.
pub(crate) const BLOBS_DIRECTORY: &str = "blobs";
const PARTS: &str = "part";
const SHOWN: &str = "shown";
const DAMAGED: &str = "damaged";
/// Bytes read at once where a file is looked through.
const READ_BYTES: usize = 64 * 1024;

/// Why a part did not become a blob. The part is gone then, except after an error of the disk.
#[derive(Debug)]
pub(crate) enum NotPlaced {
    /// The bytes are not those of the name.
    OtherBytes,
    /// The bytes are of no kind that is taken.
    OtherKind,
    /// The disk would not.
    Disk(std::io::Error),
}

impl From<std::io::Error> for NotPlaced {
    fn from(error: std::io::Error) -> Self {
        Self::Disk(error)
    }
}

/// The directory and who writes in it now.
#[derive(Debug)]
pub(crate) struct Files {
    directory: PathBuf,
    writing: Mutex<HashSet<PathBuf>>,
    /// Tests: bytes the disk has room for.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) room: Mutex<Option<u64>>,
}

/// The right to write one part; ends when it is dropped.
#[derive(Debug)]
pub(crate) struct Part {
    files: Arc<Files>,
    path: PathBuf,
}

impl Drop for Part {
    fn drop(&mut self) {
        let mut writing = self.files.writing.lock().unwrap_or_else(PoisonError::into_inner);
        writing.remove(&self.path);
    }
}

impl Files {
    pub(crate) fn new(data: &Path) -> Self {
        Self {
            directory: data.join(BLOBS_DIRECTORY),
            writing: Mutex::default(),
            #[cfg(any(test, feature = "testing"))]
            room: Mutex::new(None),
        }
    }

    /// Where a whole blob lies.
    pub(crate) fn path(&self, hash: BlobHash) -> PathBuf {
        path_in(&self.directory, hash)
    }

    fn part_path(&self, device: DeviceId, document: DocumentId, hash: BlobHash) -> PathBuf {
        let mut name = Sha256::new();
        name.update(device.to_bytes());
        name.update(document.to_string().as_bytes());
        name.update(hash.0);
        self.directory.join(PARTS).join(hex::encode(name.finalize()))
    }

    fn shown_path(&self, document: DocumentId, hash: BlobHash) -> PathBuf {
        let of = Sha256::digest(document.to_string().as_bytes());
        let name = format!("{hash}.{}", hex::encode(&of[..16]));
        self.directory.join(SHOWN).join(name)
    }

    /// How much of it this phone sent.
    pub(crate) fn part_len(
        &self,
        device: DeviceId,
        document: DocumentId,
        hash: BlobHash,
    ) -> std::io::Result<u64> {
        len(&self.part_path(device, document, hash))
    }

    /// The right to write this part; `None` while somebody has it.
    pub(crate) fn part(
        self: &Arc<Self>,
        device: DeviceId,
        document: DocumentId,
        hash: BlobHash,
    ) -> Option<Part> {
        let path = self.part_path(device, document, hash);
        let mut writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        writing.insert(path.clone()).then(|| Part {
            files: Arc::clone(self),
            path,
        })
    }

    /// Whether it was shown for this document, as the files tell.
    pub(crate) fn was_shown(&self, document: DocumentId, hash: BlobHash) -> bool {
        self.shown_path(document, hash).exists()
    }

    /// What a whole file holds; `None` where its bytes are not those of its name.
    pub(crate) fn verified(&self, hash: BlobHash) -> std::io::Result<Option<Here>> {
        verified_at(&self.path(hash), hash)
    }

    /// Deletes a whole blob.
    pub(crate) fn remove(&self, hash: BlobHash) -> std::io::Result<()> {
        gone_is_fine(std::fs::remove_file(self.path(hash)))
    }

    /// Puts a damaged blob aside, under its name and the time: what is left of it may be all there is.
    pub(crate) fn put_aside(&self, hash: BlobHash, at: Timestamp) -> std::io::Result<()> {
        let aside = self.directory.join(DAMAGED);
        make_directory(&aside)?;
        let name = format!("{hash}-{}", at.to_utc().format("%Y%m%dT%H%M%S%3fZ"));
        gone_is_fine(std::fs::rename(self.path(hash), aside.join(name)))?;
        sync_directory(&aside)
    }

    /// Every whole blob that lies here.
    pub(crate) fn list(&self) -> std::io::Result<Vec<BlobHash>> {
        list_in(&self.directory)
    }

    /// Deletes parts that nobody went on with since before `before`, in milliseconds since 1970.
    pub(crate) fn remove_parts(&self, before_ms: i64) -> std::io::Result<usize> {
        let mut removed = 0;
        for entry in entries(&self.directory.join(PARTS))? {
            let since = entry.metadata()?.modified()?;
            let since = since.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
            let is_old = i64::try_from(since.as_millis()).unwrap_or(i64::MAX) < before_ms;
            let is_written = self
                .writing
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .contains(&entry.path());
            if is_old && !is_written {
                gone_is_fine(std::fs::remove_file(entry.path()))?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    #[cfg(any(test, feature = "testing"))]
    fn take_room(&self, bytes: usize) -> std::io::Result<()> {
        let mut room = self.room.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(left) = &mut *room {
            *left = left
                .checked_sub(bytes as u64)
                .ok_or_else(|| std::io::Error::from(ErrorKind::StorageFull))?;
        }
        Ok(())
    }
}

impl Part {
    /// Appends; says how long it is now. What a full disk cut short counts no further than it got.
    pub(crate) fn append(&self, bytes: &[u8]) -> std::io::Result<u64> {
        make_directory(self.path.parent().unwrap_or(&self.path))?;
        #[cfg(any(test, feature = "testing"))]
        self.files.take_room(bytes.len())?;
        let mut file = File::options().create(true).append(true).open(&self.path)?;
        file.write_all(bytes)?;
        Ok(file.metadata()?.len())
    }

    /// How long it is.
    pub(crate) fn len(&self) -> std::io::Result<u64> {
        len(&self.path)
    }

    /// Gives it up.
    pub(crate) fn remove(&self) -> std::io::Result<()> {
        gone_is_fine(std::fs::remove_file(&self.path))
    }

    /// Makes a blob of it, verified and on the disk before it has its name.
    pub(crate) fn place(
        &self,
        document: DocumentId,
        hash: BlobHash,
        unverified: bool,
    ) -> Result<Here, NotPlaced> {
        let (found, here) = look(&self.path)?;
        if found != hash && !unverified {
            self.remove()?;
            return Err(NotPlaced::OtherBytes);
        }
        let Some(here) = here else {
            self.remove()?;
            return Err(NotPlaced::OtherKind);
        };
        File::open(&self.path)?.sync_all()?;
        let (path, shown) = (self.files.path(hash), self.files.shown_path(document, hash));
        for directory in [path.parent(), shown.parent()].into_iter().flatten() {
            make_directory(directory)?;
        }
        std::fs::rename(&self.path, &path)?;
        File::create(&shown)?.sync_all()?;
        for directory in [path.parent(), shown.parent(), Some(&self.files.directory)]
            .into_iter()
            .flatten()
        {
            sync_directory(directory)?;
        }
        Ok(here)
    }
}

/// Where a blob of this name lies in a directory of blobs.
pub(crate) fn path_in(directory: &Path, hash: BlobHash) -> PathBuf {
    let name = hash.to_string();
    directory.join(&name[..2]).join(name)
}

/// What the file there holds; `None` where its bytes are not those of this name.
pub(crate) fn verified_at(path: &Path, hash: BlobHash) -> std::io::Result<Option<Here>> {
    let (found, here) = look(path)?;
    Ok(here.filter(|_| found == hash))
}

/// Every whole blob in a directory of blobs.
pub(crate) fn list_in(directory: &Path) -> std::io::Result<Vec<BlobHash>> {
    let mut blobs = Vec::new();
    for shelf in entries(directory)? {
        let name = shelf.file_name();
        if name == PARTS || name == SHOWN || name == DAMAGED || !shelf.file_type()?.is_dir() {
            continue;
        }
        for file in entries(&shelf.path())? {
            blobs.extend(
                file.file_name()
                    .to_str()
                    .and_then(|name| name.parse::<BlobHash>().ok()),
            );
        }
    }
    blobs.sort_unstable();
    Ok(blobs)
}

/// The marks of what was shown, by their paths in a directory of blobs.
pub(crate) fn shown_in(directory: &Path) -> std::io::Result<Vec<PathBuf>> {
    let marks = entries(&directory.join(SHOWN))?;
    Ok(marks
        .into_iter()
        .map(|mark| Path::new(SHOWN).join(mark.file_name()))
        .collect())
}

fn entries(directory: &Path) -> std::io::Result<Vec<std::fs::DirEntry>> {
    match std::fs::read_dir(directory) {
        Ok(entries) => entries.collect(),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn len(path: &Path) -> std::io::Result<u64> {
    match std::fs::metadata(path) {
        Ok(found) => Ok(found.len()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
        Err(error) => Err(error),
    }
}

fn gone_is_fine(removed: std::io::Result<()>) -> std::io::Result<()> {
    match removed {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// The name of a file's bytes, and what they are.
fn look(path: &Path) -> std::io::Result<(BlobHash, Option<Here>)> {
    let mut file = File::open(path)?;
    let (mut hash, mut size, mut media) = (Sha256::new(), 0, None);
    let mut piece = vec![0; READ_BYTES];
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            break;
        }
        if size == 0 {
            media = Media::of(&piece[..read]);
        }
        hash.update(&piece[..read]);
        size += read as u64;
    }
    let here = media.map(|media| Here { size, media });
    Ok((BlobHash(hash.finalize().into()), here))
}
