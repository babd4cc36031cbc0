//! Where a record lives: whether it was moved or copied since it was last opened.
//!
//! A copy that is started, to try a new version or to stand in for a lost machine, would tell people a second time what the
//! original tells them. It cannot be seen from the data, which is the same. So a file beside the database stands for the place:
//! when it was made, which file on its disk it is, and which machine that is. None of it reaches phones or backups.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::Path;

use fieldline_model::time::Timestamp;
use sha2::{Digest, Sha256};

use crate::keys::sync_directory;
use crate::store::StoreError;

/// The file, in the server's directory.
const FILE: &str = "fieldline.home";
/// What tells one machine or instance from another, where the system has it.
const MACHINE: [&str; 2] = ["/etc/machine-id", "/sys/class/dmi/id/product_uuid"];

/// The mark of this place. Where there is no file yet, one is made.
///
/// # Errors
/// [`StoreError::File`] when it cannot be read or made.
pub(crate) fn mark(directory: &Path, now: Timestamp) -> Result<String, StoreError> {
    let path = directory.join(FILE);
    let failed = |error: std::io::Error| StoreError::file(&path, &error);
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            make(directory, &path, now).map_err(failed)?;
            File::open(&path).map_err(failed)?
        }
        Err(error) => return Err(failed(error)),
    };
    let text = std::io::read_to_string(&file).map_err(failed)?;
    let mut mark = Sha256::new().chain_update(text);
    mark.update(number(&file.metadata().map_err(failed)?).to_be_bytes());
    for name in MACHINE {
        // Not every system has it, and not everybody may read it; then the file alone has to tell.
        mark.update(std::fs::read(name).unwrap_or_default());
        mark.update([0]);
    }
    Ok(hex::encode(&mark.finalize()[..16]))
}

fn make(directory: &Path, path: &Path, now: Timestamp) -> std::io::Result<()> {
    let mut file = match File::create_new(path) {
        // Another process was faster: its file counts.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(()),
        made => made?,
    };
    writeln!(file, "{}", now.ms())?;
    file.sync_all()?;
    sync_directory(directory)
}

/// Which file of its disk it is: a copy is another one.
#[cfg(unix)]
fn number(metadata: &std::fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn number(_: &std::fs::Metadata) -> u64 {
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_known_again_and_a_copy_of_it_is_another() {
        let [here, there] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let now = Timestamp::from_ms(1_790_000_000_000);
        let first = mark(here.path(), now).unwrap();
        assert_eq!(mark(here.path(), now).unwrap(), first);
        std::fs::copy(here.path().join(FILE), there.path().join(FILE)).unwrap();
        assert_ne!(mark(there.path(), now).unwrap(), first);
        std::fs::remove_file(there.path().join(FILE)).unwrap();
        let later = Timestamp::from_ms(now.ms() + 1);
        assert_ne!(mark(there.path(), later).unwrap(), first);
    }
}
