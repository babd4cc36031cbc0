//! The file beside the database that names the install, and which backups should leave out.
//!
//! A database that meets another file, or none, was restored or cloned: it must not write on under its old actors.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use fieldline_model::actor::Install;

use crate::error::EngineError;

/// Where the file of the store at `path` lies: the same name with the extension `install`.
pub(crate) fn install_path(path: &Path) -> PathBuf {
    path.with_extension("install")
}

/// The install the file names; `None` when it is missing or no install.
pub(crate) fn install_read(path: &Path) -> Option<Install> {
    fs::read(install_path(path)).ok()?.try_into().ok()
}

/// Writes the file whole or not at all.
pub(crate) fn install_write(path: &Path, install: &Install) -> Result<(), EngineError> {
    let place = install_path(path);
    let fresh = path.with_extension("install-new");
    let mut file = File::create(&fresh)?;
    file.write_all(install)?;
    file.sync_all()?;
    fs::rename(&fresh, &place)?;
    Ok(())
}
