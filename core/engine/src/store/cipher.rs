//! Encryption at rest: SQLCipher under a key that the phone's keystore holds. Built with the feature `encrypted`.
//!
//! A file beside the database names the key by eight bytes of its hash, so that a wiped key, another key and a damaged
//! database are three different things. The files of photos are sealed under a key derived from it (`blob/seal`). Nothing here
//! makes a key or keeps one longer than the connection needs it.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode};
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::blob::seal::BlobKey;
use crate::error::EngineError;

/// Bytes of a key, as random as the keystore makes them: nothing is derived from a password.
pub const STORE_KEY_BYTES: usize = 32;
/// First bytes of a database that is not encrypted.
const PLAIN: &[u8; 16] = b"SQLite format 3\0";
/// Bytes of a key's name.
const NAME_BYTES: usize = 8;

/// The key of an encrypted store. Its bytes are never shown, and are wiped from memory with it.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct StoreKey([u8; STORE_KEY_BYTES]);

impl StoreKey {
    /// A key of the keystore's bytes.
    #[must_use]
    pub fn new(bytes: [u8; STORE_KEY_BYTES]) -> Self {
        Self(bytes)
    }

    /// The key of the files of photos beside the store: derived, so that neither tells of the other.
    pub(crate) fn blob_key(&self) -> BlobKey {
        BlobKey::new(&self.0)
    }

    fn name(&self) -> [u8; NAME_BYTES] {
        let digest = Sha256::new()
            .chain_update("fieldline store key 1\0")
            .chain_update(self.0)
            .finalize();
        let mut name = [0; NAME_BYTES];
        name.copy_from_slice(&digest[..NAME_BYTES]);
        name
    }

    /// As SQLCipher takes a raw key.
    fn pragma(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(2 * STORE_KEY_BYTES + 3));
        text.push_str("x'");
        for byte in self.0 {
            for digit in [byte >> 4, byte & 15] {
                text.push(char::from_digit(digit.into(), 16).unwrap_or_default());
            }
        }
        text.push('\'');
        text
    }
}

impl std::fmt::Debug for StoreKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StoreKey(..)")
    }
}

/// Opens a database beside the engine, for tests that look at it or damage it.
///
/// # Errors
/// As [`EngineError::Store`] says, and where there is no such file.
#[cfg(any(test, feature = "testing"))]
pub fn raw(path: &Path, key: Option<&StoreKey>) -> Result<Connection, EngineError> {
    let conn = Connection::open_with_flags(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    if let Some(key) = key.filter(|_| !is_plain(path).unwrap_or(true)) {
        unlock(&conn, path, key)?;
    }
    Ok(conn)
}

/// Where the file that names the key of the store at `path` lies.
pub(super) fn name_path(path: &Path) -> PathBuf {
    path.with_extension("key-name")
}

/// Refuses what cannot be opened as meant, before anything is touched.
pub(super) fn refuse_mismatch(path: &Path, key: Option<&StoreKey>) -> Result<(), EngineError> {
    let named = match fs::read(name_path(path)) {
        Ok(name) => Some(name),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(error.into()),
    };
    match (key, named) {
        (None, Some(_)) => Err(EngineError::StoreKeyMissing),
        (Some(key), Some(name)) if name.len() == NAME_BYTES && name != key.name() => {
            Err(EngineError::StoreKeyWrong)
        }
        (Some(_), _) if is_plain(path)? => Err(EngineError::StorePlain),
        _ => Ok(()),
    }
}

fn is_plain(path: &Path) -> Result<bool, EngineError> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error.into()),
    };
    let mut head = Vec::with_capacity(PLAIN.len());
    Read::by_ref(&mut file)
        .take(PLAIN.len() as u64)
        .read_to_end(&mut head)?;
    Ok(head == PLAIN)
}

/// Gives a connection its key, before anything is read. The key's name is on the disk before the first page is.
pub(super) fn unlock(conn: &Connection, path: &Path, key: &StoreKey) -> Result<(), EngineError> {
    // Without the cipher the pragma for the key is passed over in silence, and everything would be written in the clear.
    let version: Option<String> = conn
        .query_row("PRAGMA cipher_version", [], |row| row.get(0))
        .map(Some)
        .or_else(|error| match error {
            rusqlite::Error::QueryReturnedNoRows => Ok(None),
            error => Err(error),
        })?;
    if version.is_none_or(|version| version.is_empty()) {
        return Err(EngineError::CipherMissing);
    }
    conn.pragma_update(None, "cipher_log_level", "NONE")?;
    conn.pragma_update(None, "key", key.pragma().as_str())?;
    // What a sort spills must not lie in the clear beside the database.
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    if !name_path(path).exists() {
        // A store whose key nobody named takes the name of the key that opens it, and of no other.
        let opens = conn.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()));
        opens.map_err(|error| match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => EngineError::StoreKeyWrong,
            _ => error.into(),
        })?;
        let fresh = path.with_extension("key-name-new");
        let mut file = File::create(&fresh)?;
        file.write_all(&key.name())?;
        file.sync_all()?;
        fs::rename(&fresh, name_path(path))?;
    }
    Ok(())
}
