//! The server's directory: made, locked against a second server, opened.

use std::fs::{File, TryLockError};
use std::path::Path;

use fieldline_server::app::{App, DATABASE_FILE, Edge, Options};

use crate::fault::Fault;
use crate::words::fault as w;

/// Held by the running server; the system frees it when the process dies.
const LOCK_FILE: &str = "fieldline.lock";

/// Makes the directory, readable by its owner only.
pub(crate) fn make(path: &Path) -> Result<(), Fault> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| Fault::file(path, &error))
}

/// Keeps other servers out for as long as the answer lives.
pub(crate) fn lock(path: &Path) -> Result<File, Fault> {
    let file = path.join(LOCK_FILE);
    let lock = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&file)
        .map_err(|error| Fault::file(&file, &error))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(Fault::new(
            "data_in_use",
            w::DATA_IN_USE,
            &[("path", &path.display().to_string())],
        )),
        Err(TryLockError::Error(error)) => Err(Fault::file(&file, &error)),
    }
}

/// There is a database.
pub(crate) fn is_there(path: &Path) -> bool {
    path.join(DATABASE_FILE).is_file()
}

/// Opens a company's data that must be there.
pub(crate) fn open(path: &Path) -> Result<App, Fault> {
    if !is_there(path) {
        return Err(Fault::new(
            "data_missing",
            w::DATA_MISSING,
            &[("path", &path.display().to_string())],
        ));
    }
    Ok(App::open(path, Edge::system(), Options::default())?)
}
