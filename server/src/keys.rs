//! The server's secrets: one file each in `keys/` beside the database, and in no backup of it.
//!
//! A key that a backup holds is known to whoever holds the backup. The database remembers which keys it worked with:
//! when they are not there any more it was moved or put back without them, and the data may have gone back.

use std::fs::{DirBuilder, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::app::Edge;
use crate::store::StoreError;

/// The directory, in the server's own.
pub(crate) const KEYS_DIRECTORY: &str = "keys";

/// A secret of the server.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key(pub(crate) [u8; 32]);

impl Key {
    /// What may be told of a key: enough to know it again.
    pub(crate) fn mark(&self) -> String {
        hex::encode(&Sha256::digest(self.0)[..8])
    }
}

/// The key of this name. When it is not there, `old` or a new one is written down first.
///
/// # Errors
/// [`StoreError::File`] when it cannot be read or kept, [`StoreError::Corrupt`] when the file holds no key.
pub(crate) fn key(directory: &Path, name: &str, old: Option<Key>, edge: &Edge) -> Result<Key, StoreError> {
    let keys = self::directory(directory);
    let path = keys.join(name);
    if let Some(key) = read(&path, name)? {
        return Ok(key);
    }
    make_directory(&keys).map_err(|error| StoreError::file(&keys, &error))?;
    let new = old.unwrap_or_else(|| Key(edge.bytes()));
    let scratch = keys.join(format!("{name}.{}", hex::encode(edge.bytes::<8>())));
    let kept = keep(&scratch, &path, &new);
    kept.map_err(|error| StoreError::file(&path, &error))?;
    // Another process may have been first: what stands there counts.
    read(&path, name)?.ok_or_else(|| StoreError::Corrupt(name.to_owned()))
}

/// Where the keys of a server in this directory stand.
pub(crate) fn directory(of: &Path) -> PathBuf {
    of.join(KEYS_DIRECTORY)
}

/// The key of this name, if it is there.
///
/// # Errors
/// As [`key`]; nothing is made.
pub(crate) fn found(directory: &Path, name: &str) -> Result<Option<Key>, StoreError> {
    read(&self::directory(directory).join(name), name)
}

fn read(path: &Path, name: &str) -> Result<Option<Key>, StoreError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(StoreError::file(path, &error)),
    };
    parse(text.trim())
        .map(Some)
        .ok_or_else(|| StoreError::Corrupt(name.to_owned()))
}

/// The key in 64 hexadecimal digits.
pub(crate) fn parse(text: &str) -> Option<Key> {
    let bytes = hex::decode(text).ok()?;
    bytes.try_into().ok().map(Key)
}

/// For the owner alone.
pub(crate) fn make_directory(path: &Path) -> std::io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Whole on the disk under another name first, so that nobody ever reads half a key.
fn keep(scratch: &Path, path: &Path, key: &Key) -> std::io::Result<()> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(scratch)?;
    file.write_all(format!("{}\n", hex::encode(key.0)).as_bytes())?;
    file.sync_all()?;
    match std::fs::hard_link(scratch, path) {
        Ok(()) => std::fs::remove_file(scratch)?,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => std::fs::remove_file(scratch)?,
        // A disk without links.
        Err(_) => std::fs::rename(scratch, path)?,
    }
    sync_directory(path.parent().unwrap_or(path))
}

/// Makes names in a directory outlive a power cut.
pub(crate) fn sync_directory(path: &Path) -> std::io::Result<()> {
    // Only Unix can open a directory; elsewhere the rename itself has to do.
    if cfg!(unix) {
        File::open(path)?.sync_all()
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_an_older_one_is_taken_over() {
        let [dir, other] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let edge = Edge::system();
        let made = key(dir.path(), "seal", None, &edge).unwrap();
        assert!(key(dir.path(), "seal", Some(Key([7; 32])), &edge).unwrap() == made);
        assert!(key(other.path(), "seal", Some(Key([7; 32])), &edge).unwrap() == Key([7; 32]));
        let left: Vec<_> = std::fs::read_dir(dir.path().join(KEYS_DIRECTORY))
            .unwrap()
            .collect();
        assert_eq!(left.len(), 1, "no scratch file stays");
        std::fs::write(dir.path().join(KEYS_DIRECTORY).join("seal"), "half").unwrap();
        assert!(matches!(
            key(dir.path(), "seal", None, &edge),
            Err(StoreError::Corrupt(_))
        ));
    }
}
