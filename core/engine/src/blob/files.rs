//! The files of photos: `<store>.blobs/ab/<hash>`. Each is whole, and on the disk, before it has its name, so that a power
//! cut leaves no half of one under a name that somebody trusts. Where the store has a key, they are sealed (`seal`).

use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use fieldline_model::blob::{BLOB_BYTES_MAX, BlobHash};
use sha2::{Digest, Sha256};

use super::part;
use super::seal::{self, BlobKey};
use crate::store::cipher::StoreKey;

/// Bytes looked at in one go where all of a file is.
const LOOK_BYTES: u64 = 256 * 1024;

/// The directory beside the store at `store`.
pub(crate) fn directory(store: &Path) -> PathBuf {
    store.with_extension("blobs")
}

/// The files of one store.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    directory: PathBuf,
    key: Option<BlobKey>,
}

impl Files {
    /// Those beside the store at `store`, sealed where it has a key.
    pub(crate) fn new(store: &Path, key: Option<&StoreKey>) -> Self {
        Self {
            directory: directory(store),
            key: key.map(StoreKey::blob_key),
        }
    }

    fn path(&self, hash: BlobHash) -> PathBuf {
        let name = hash.to_string();
        self.directory.join(&name[..2]).join(name)
    }

    /// Where a blob lies that is being fetched.
    fn part_path(&self, hash: BlobHash) -> PathBuf {
        self.directory.join(format!("{hash}.part"))
    }

    /// Writes a blob; `room` is what a test leaves of the disk. Half of one is taken away again.
    pub(crate) fn put(&self, hash: BlobHash, bytes: &[u8], room: Option<usize>) -> std::io::Result<()> {
        if self.holds(hash)? {
            return Ok(());
        }
        self.place(hash, |scratch| {
            let mut file = File::create(scratch)?;
            match (room.filter(|room| *room < bytes.len()), &self.key) {
                (Some(room), _) => {
                    file.write_all(&vec![0; room])?;
                    return Err(ErrorKind::StorageFull.into());
                }
                (None, None) => file.write_all(bytes)?,
                (None, Some(key)) => seal::seal(key, hash, bytes, &mut file)?,
            }
            file.sync_all()
        })
    }

    /// Gives a file its name once `write` has it on the disk.
    fn place(&self, hash: BlobHash, write: impl FnOnce(&Path) -> std::io::Result<()>) -> std::io::Result<()> {
        let path = self.path(hash);
        let shelf = path.parent().unwrap_or(&self.directory);
        std::fs::create_dir_all(shelf)?;
        let scratch = path.with_extension("new");
        let written = write(&scratch).and_then(|()| std::fs::rename(&scratch, &path));
        if written.is_err() {
            // What is told is the first error; the scratch file has no name that anybody reads.
            std::fs::remove_file(&scratch).ok();
        }
        written?;
        self.sync_directories(shelf)
    }

    /// Makes names outlive a power cut.
    fn sync_directories(&self, shelf: &Path) -> std::io::Result<()> {
        // Only Unix can open a directory; elsewhere the rename itself has to do.
        if cfg!(unix) {
            File::open(shelf)?.sync_all()?;
            File::open(&self.directory)?.sync_all()?;
            if let Some(store) = self.directory.parent().filter(|store| *store != Path::new("")) {
                File::open(store)?.sync_all()?;
            }
        }
        Ok(())
    }

    /// Length of a blob's bytes; 0 when it is not here, or its file has a length that none of ours has.
    pub(crate) fn len(&self, hash: BlobHash) -> std::io::Result<u64> {
        let path = self.path(hash);
        let len = len(&path)?;
        Ok(match &self.key {
            Some(_) if len > 0 => seal::plain_len(len).unwrap_or(0),
            _ => len,
        })
    }

    /// Whether it is here and its bytes are those of the name.
    pub(crate) fn holds(&self, hash: BlobHash) -> std::io::Result<bool> {
        let (mut digest, mut offset) = (Sha256::new(), 0);
        loop {
            let piece = match self.piece(hash, offset, LOOK_BYTES) {
                Ok(piece) => piece,
                Err(error) if error.kind() == ErrorKind::NotFound || seal::is_damage(&error) => {
                    return Ok(false);
                }
                Err(error) => return Err(error),
            };
            if piece.is_empty() {
                return Ok(BlobHash(digest.finalize().into()) == hash);
            }
            offset += piece.len() as u64;
            digest.update(&piece);
        }
    }

    /// A stretch of a blob that is here.
    pub(crate) fn piece(&self, hash: BlobHash, offset: u64, bytes_max: u64) -> std::io::Result<Vec<u8>> {
        let mut file = File::open(self.path(hash))?;
        match &self.key {
            Some(key) => seal::open(key, hash, &mut file, offset, bytes_max),
            None => {
                file.seek(SeekFrom::Start(offset))?;
                let mut piece = Vec::new();
                file.take(bytes_max).read_to_end(&mut piece)?;
                Ok(piece)
            }
        }
    }

    /// All of a blob, if it is here and its bytes are those of the name.
    pub(crate) fn bytes(&self, hash: BlobHash) -> std::io::Result<Option<Vec<u8>>> {
        match self.piece(hash, 0, BLOB_BYTES_MAX + 1) {
            Ok(bytes) => Ok((BlobHash::of(&bytes) == hash).then_some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound || seal::is_damage(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Bytes of a blob that came so far. What a dying process left half written goes.
    pub(crate) fn part_len(&self, hash: BlobHash) -> std::io::Result<u64> {
        let path = self.part_path(hash);
        let Some(key) = &self.key else {
            return len(&path);
        };
        match File::open(&path).and_then(|mut file| part::len(key, &mut file)) {
            Ok(len) => Ok(len),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
            Err(error) if seal::is_damage(&error) => remove(&path).map(|()| 0),
            Err(error) => Err(error),
        }
    }

    /// Appends to a blob that is being fetched; `salt` is random, and used where this begins it. `room` is what a test leaves
    /// of the disk.
    pub(crate) fn add_part(
        &self,
        hash: BlobHash,
        bytes: &[u8],
        salt: [u8; part::SALT_BYTES],
        room: Option<usize>,
    ) -> std::io::Result<()> {
        std::fs::create_dir_all(&self.directory)?;
        if room.is_some_and(|room| {
            len(&self.part_path(hash)).is_ok_and(|there| there + bytes.len() as u64 > room as u64)
        }) {
            return Err(ErrorKind::StorageFull.into());
        }
        let mut file = File::options()
            .create(true)
            .read(true)
            .append(true)
            .open(self.part_path(hash))?;
        match &self.key {
            None => file.write_all(bytes),
            Some(key) => part::add(key, &mut file, bytes, salt),
        }
    }

    /// Gives up what came of a blob so far.
    pub(crate) fn drop_part(&self, hash: BlobHash) -> std::io::Result<()> {
        remove(&self.part_path(hash))
    }

    /// Keeps what was fetched. False when its bytes are others; they are gone then.
    pub(crate) fn keep_part(&self, hash: BlobHash) -> std::io::Result<bool> {
        let path = self.part_path(hash);
        let read = File::open(&path).and_then(|mut file| match &self.key {
            None => all(file),
            Some(key) => part::open(key, &mut file),
        });
        let bytes = match read {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound || seal::is_damage(&error) => Vec::new(),
            Err(error) => return Err(error),
        };
        let is_it = BlobHash::of(&bytes) == hash;
        if is_it {
            self.put(hash, &bytes, None)?;
        }
        remove(&path)?;
        Ok(is_it)
    }

    /// When a blob's file was last written, in milliseconds since 1970.
    pub(crate) fn modified_ms(&self, hash: BlobHash) -> std::io::Result<i64> {
        let since = std::fs::metadata(self.path(hash))?.modified()?;
        let since = since.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Ok(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    /// Deletes a blob; one that is gone is.
    pub(crate) fn remove(&self, hash: BlobHash) -> std::io::Result<()> {
        remove(&self.path(hash))
    }

    /// Every blob that lies here. What a process left on its way to a name goes.
    pub(crate) fn tidy(&self) -> std::io::Result<Vec<BlobHash>> {
        let mut found = Vec::new();
        for shelf in entries(&self.directory)? {
            if !shelf.file_type()?.is_dir() {
                // What is being fetched goes on when somebody asks for it again.
                self.drop_plain_part(&shelf.path())?;
                continue;
            }
            for file in entries(&shelf.path())? {
                match file.file_name().to_str().and_then(|name| name.parse().ok()) {
                    Some(hash) => found.push(hash),
                    None => remove(&file.path())?,
                }
            }
        }
        Ok(found)
    }

    /// Seals what an app of before left in the clear beside an encrypted store. The file is whole under its name before and
    /// after; one that was damaged stays as it is, and counts as damaged.
    pub(crate) fn seal_plain(&self, hash: BlobHash) -> std::io::Result<()> {
        let Some(key) = &self.key else { return Ok(()) };
        let path = self.path(hash);
        if seal::is_sealed(&path)? {
            return Ok(());
        }
        let file = File::open(&path)?;
        let modified = file.metadata()?.modified()?;
        let bytes = all(file)?;
        if BlobHash::of(&bytes) != hash {
            return Ok(());
        }
        self.place(hash, |scratch| {
            let mut file = File::create(scratch)?;
            seal::seal(key, hash, &bytes, &mut file)?;
            file.set_modified(modified)?;
            file.sync_all()
        })
    }

    fn drop_plain_part(&self, path: &Path) -> std::io::Result<()> {
        let is_part = path.extension().is_some_and(|extension| extension == "part");
        if self.key.is_some() && is_part && !part::is_sealed(path)? {
            remove(path)?;
        }
        Ok(())
    }
}

fn all(file: File) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(BLOB_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Length of a file; 0 when there is none.
fn len(path: &Path) -> std::io::Result<u64> {
    match std::fs::metadata(path) {
        Ok(found) => Ok(found.len()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
        Err(error) => Err(error),
    }
}

/// Deletes a file; one that is gone is.
fn remove(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

fn entries(directory: &Path) -> std::io::Result<Vec<std::fs::DirEntry>> {
    match std::fs::read_dir(directory) {
        Ok(entries) => entries.collect(),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALT: [u8; part::SALT_BYTES] = [3; part::SALT_BYTES];

    fn noise(size: usize) -> Vec<u8> {
        (0..size)
            .map(|n| u8::try_from(n * 37 % 253).unwrap_or(0))
            .collect()
    }

    /// The files of a store with this key, in a directory of their own.
    fn files(key: Option<u8>) -> (tempfile::TempDir, Files) {
        let dir = tempfile::tempdir().unwrap();
        let files = reopened(&dir, key);
        (dir, files)
    }

    fn reopened(dir: &tempfile::TempDir, key: Option<u8>) -> Files {
        let key = key.map(|byte| StoreKey::new([byte; 32]));
        Files::new(&dir.path().join("phone.db"), key.as_ref())
    }

    /// Whether these bytes, or the middle of them, stand in any file.
    fn stands_in_the_clear(files: &Files, bytes: &[u8]) -> bool {
        let needle = &bytes[bytes.len() / 2..bytes.len() / 2 + 32];
        let below = |path: &Path| {
            entries(path)
                .unwrap()
                .into_iter()
                .map(|entry| entry.path())
                .collect::<Vec<_>>()
        };
        let mut paths = below(&files.directory);
        let deeper: Vec<_> = paths
            .iter()
            .filter(|path| path.is_dir())
            .flat_map(|path| below(path))
            .collect();
        paths.extend(deeper);
        paths.iter().filter(|path| path.is_file()).any(|path| {
            let found = std::fs::read(path).unwrap();
            found.windows(needle.len()).any(|window| window == needle)
        })
    }

    #[test]
    fn a_key_keeps_a_file_from_whoever_has_the_disk_and_from_another_key() {
        let bytes = noise(200_000);
        let hash = BlobHash::of(&bytes);
        for (key, in_the_clear) in [(None, true), (Some(7), false)] {
            let (dir, files) = files(key);
            files.put(hash, &bytes, None).unwrap();
            assert_eq!(stands_in_the_clear(&files, &bytes), in_the_clear);
            assert!(files.holds(hash).unwrap());
            assert_eq!(files.len(hash).unwrap(), 200_000);
            assert_eq!(files.bytes(hash).unwrap(), Some(bytes.clone()));
            assert_eq!(files.piece(hash, 131_000, 300).unwrap(), bytes[131_000..131_300]);
            let other = reopened(&dir, Some(8));
            assert!(!other.holds(hash).unwrap(), "another key opens nothing");
            assert_eq!(other.bytes(hash).unwrap(), None);
        }
    }

    #[test]
    fn a_sealed_file_that_was_cut_or_changed_is_not_the_photo_any_more() {
        let bytes = noise(200_000);
        let hash = BlobHash::of(&bytes);
        let (_dir, files) = files(Some(7));
        files.put(hash, &bytes, None).unwrap();
        let whole = std::fs::read(files.path(hash)).unwrap();
        for damage in [
            |file: &mut Vec<u8>| file[70_000] ^= 1,
            |file: &mut Vec<u8>| file.truncate(65_560),
        ] {
            let mut file = whole.clone();
            damage(&mut file);
            std::fs::write(files.path(hash), file).unwrap();
            assert!(!files.holds(hash).unwrap());
            assert_eq!(files.bytes(hash).unwrap(), None);
        }
        // And it is written anew where somebody has the bytes.
        files.put(hash, &bytes, None).unwrap();
        assert!(files.holds(hash).unwrap());
    }

    #[test]
    fn what_an_app_of_before_left_in_the_clear_is_sealed_under_its_name() {
        let bytes = noise(90_000);
        let hash = BlobHash::of(&bytes);
        let (dir, plain) = files(None);
        plain.put(hash, &bytes, None).unwrap();
        plain
            .add_part(BlobHash::of(b"under way"), &bytes, SALT, None)
            .unwrap();
        let damaged = BlobHash::of(b"another");
        plain.put(damaged, &bytes, None).unwrap();
        let sealed = reopened(&dir, Some(7));
        let before = sealed.modified_ms(hash).unwrap();
        let mut listed = sealed.tidy().unwrap();
        listed.sort_unstable();
        assert_eq!(listed.len(), 2);
        sealed.seal_plain(hash).unwrap();
        sealed.seal_plain(damaged).unwrap();
        sealed.seal_plain(hash).unwrap();
        assert_eq!(sealed.bytes(hash).unwrap(), Some(bytes.clone()));
        assert_eq!(
            sealed.modified_ms(hash).unwrap(),
            before,
            "it is as old as it was"
        );
        assert!(!sealed.holds(damaged).unwrap());
        sealed.remove(damaged).unwrap();
        assert!(!stands_in_the_clear(&sealed, &bytes));
    }

    #[test]
    fn what_is_fetched_goes_on_where_it_was_cut_and_is_kept_when_it_is_whole() {
        let bytes = noise(50_000);
        let hash = BlobHash::of(&bytes);
        for key in [None, Some(7)] {
            let (dir, files) = files(key);
            files.add_part(hash, &bytes[..20_000], SALT, None).unwrap();
            files.add_part(hash, &bytes[20_000..30_000], SALT, None).unwrap();
            let files = reopened(&dir, key);
            assert_eq!(files.part_len(hash).unwrap(), 30_000);
            files.add_part(hash, &bytes[30_000..], SALT, None).unwrap();
            assert_eq!(stands_in_the_clear(&files, &bytes), key.is_none());
            assert!(files.keep_part(hash).unwrap());
            assert_eq!(files.bytes(hash).unwrap(), Some(bytes.clone()));
            files.add_part(hash, b"other bytes", SALT, None).unwrap();
            assert!(!files.keep_part(hash).unwrap(), "these are not it");
            assert_eq!(files.part_len(hash).unwrap(), 0);
        }
    }
}
