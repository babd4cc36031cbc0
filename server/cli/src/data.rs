//! The server's directory: made, locked against a second server, opened.

use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::path::Path;

use fieldline_server::app::{App, DATABASE_FILE, Edge, Options};
use fieldline_server::store::look::{Look, look};
use fieldline_server::store::own_keys::Missing;

use crate::fault::Fault;
use crate::words::fault as w;

/// Held by the running server; the system frees it when the process dies.
const LOCK_FILE: &str = "fieldline.lock";

/// Directory of the server's keys beside its data.
pub(crate) const KEYS: &str = "keys";

/// Where the server said that it can be reached, for commands that make links.
pub(crate) const ADDRESS_FILE: &str = "fieldline.address";

/// Keeps the address under which others reach the server; `None` when it cannot know.
pub(crate) fn keep_address(path: &Path, url: Option<&str>) -> Result<(), Fault> {
    let file = path.join(ADDRESS_FILE);
    let kept = match url {
        Some(url) => std::fs::write(&file, format!("{url}\n")),
        None => std::fs::remove_file(&file),
    };
    match kept {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Fault::file(&file, &error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// The address for a link: as given, otherwise as the server said when it last ran on this data.
///
/// # Errors
/// `address_unknown` when nobody ever said: a made-up one would send people nowhere.
pub(crate) fn address(path: &Path, given: Option<&str>) -> Result<String, Fault> {
    if let Some(url) = given {
        crate::config::check_url(url)?;
        return Ok(url.trim_end_matches('/').to_owned());
    }
    let file = path.join(ADDRESS_FILE);
    match std::fs::read_to_string(&file) {
        Ok(url) => Ok(url.trim().trim_end_matches('/').to_owned()),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(Fault::new(
            "address_unknown",
            w::ADDRESS_UNKNOWN,
            &[("data", &path.display().to_string())],
        )),
        Err(error) => Err(Fault::file(&file, &error)),
    }
}

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

/// A company's data must be there. What this user may not look into is not missing.
///
/// # Errors
/// `data_missing`, or why it cannot be told.
pub(crate) fn must_be_there(path: &Path) -> Result<(), Fault> {
    let database = path.join(DATABASE_FILE);
    let missing = || {
        Fault::new(
            "data_missing",
            w::DATA_MISSING,
            &[("path", &path.display().to_string())],
        )
    };
    match std::fs::metadata(&database) {
        Ok(found) if found.is_file() => Ok(()),
        Ok(_) => Err(missing()),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Err(missing())
        }
        Err(error) => Err(Fault::file(&database, &error)),
    }
}

/// Looks whether the database that is there can be read.
///
/// # Errors
/// `data_damaged` for one that is damaged.
pub(crate) fn check(path: &Path, how: Look) -> Result<(), Fault> {
    if !is_there(path) {
        return Ok(());
    }
    Ok(look(&path.join(DATABASE_FILE), how)?)
}

/// Opens a company's data that must be there, and its keys with it: only the server makes new ones, and says so.
pub(crate) fn open(path: &Path) -> Result<App, Fault> {
    open_with(path, Missing::Fail)
}

/// Opens a company's data that must be there only to look something up: that needs no keys, and without them most of all
/// somebody wants to know what there is.
pub(crate) fn open_to_look(path: &Path) -> Result<App, Fault> {
    open_with(path, Missing::GoWithout)
}

fn open_with(path: &Path, missing_keys: Missing) -> Result<App, Fault> {
    must_be_there(path)?;
    let options = Options {
        missing_keys,
        leave_old: true,
        ..Options::default()
    };
    Ok(App::open(path, Edge::system(), options)?)
}
