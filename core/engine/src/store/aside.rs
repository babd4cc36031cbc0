//! What is left of a store that cannot be used: noticed before anything is opened, and moved out of the way when a
//! person says so. Nothing here deletes.

use std::fs;
use std::path::{Path, PathBuf};

use super::cipher::name_path;
use super::install::install_path;
use rusqlite::Connection;

use crate::blob::files;
use crate::error::EngineError;

/// The database, what SQLite keeps beside it, the name of its key, and the install's file.
const PARTS: [&str; 6] = ["", "-wal", "-shm", "-journal", "key-name", "install"];

/// Refuses to make a store where one was: SQLite would make an empty one, and throw the write-ahead log away.
pub(super) fn refuse_lost(path: &Path) -> Result<(), EngineError> {
    let was_here = is_marked(path) || has_bytes(&beside(path, "-wal"));
    match (was_here, path.exists()) {
        (true, false) => Err(EngineError::StoreMissing),
        (true, true) if !has_bytes(path) => Err(EngineError::StoreEmpty),
        _ => Ok(()),
    }
}

/// The install's file is written after the store is complete: it says that there was one.
pub(crate) fn is_marked(path: &Path) -> bool {
    install_path(path).exists()
}

fn has_bytes(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.len() > 0)
}

fn beside(path: &Path, part: &str) -> PathBuf {
    match part {
        "install" => return install_path(path),
        "key-name" => return name_path(path),
        _ => {}
    }
    let mut name = path.as_os_str().to_owned();
    name.push(part);
    name.into()
}

/// Reads the whole file and finds what is wrong in it.
pub(crate) fn check(conn: &Connection) -> Result<(), EngineError> {
    let found: String = conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if found == "ok" {
        Ok(())
    } else {
        Err(EngineError::StoreDamaged(found))
    }
}

/// Moves everything there is of the store into a new directory beside it, under the same names. The install's file goes
/// last: as long as it is there, nobody makes a new store.
pub(crate) fn set_aside(path: &Path) -> Result<PathBuf, EngineError> {
    let to = (1_u32..)
        .map(|n| path.with_extension(format!("aside-{n}")))
        .find(|to| !to.exists())
        .ok_or(EngineError::StoreMissing)?;
    fs::create_dir(&to)?;
    // Before the database goes: without it nobody knows any more what they show, and a new store must not clear them away.
    let photos = files::directory(path);
    if photos.exists() {
        fs::rename(&photos, to.join(photos.file_name().unwrap_or_default()))?;
    }
    for part in PARTS {
        let from = beside(path, part);
        let name = from.file_name().unwrap_or_default().to_owned();
        match fs::rename(&from, to.join(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(to)
}
