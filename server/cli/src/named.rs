//! Files that a person named: what is fetched goes over none of them, and they are read no further than what is wanted of them
//! may be long, because a name can mean anything.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use crate::fault::Fault;
use crate::words::fault as f;

/// Longest text that is looked at: certificates, a drawing, a key, a card.
pub(crate) const TEXT_BYTES_MAX: u64 = 1024 * 1024;

/// What stands in a file, up to one byte more than `bytes_max`: whoever judges it sees that it is too long.
///
/// # Errors
/// As the system says.
pub(crate) fn read(path: &Path, bytes_max: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = File::open(path)?;
    file.take(bytes_max.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Writes a file that is not there yet: all of it or nothing, and never over somebody's own.
///
/// # Errors
/// `file_exists`; as the system says.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    for name in [path, part.as_path()] {
        if name.symlink_metadata().is_ok() {
            let shown = name.display().to_string();
            return Err(Fault::new("file_exists", f::FILE_EXISTS, &[("path", &shown)]));
        }
    }
    let mut file = File::create_new(&part).map_err(|error| Fault::file(&part, &error))?;
    let written = file.write_all(bytes).and_then(|()| std::fs::rename(&part, path));
    written.map_err(|error| {
        // The first error is what is told.
        std::fs::remove_file(&part).ok();
        Fault::file(path, &error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `phone photo 1 /dev/zero` took all the memory there was.
    #[test]
    fn no_more_is_read_than_tells_that_it_is_too_much() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("long");
        std::fs::write(&path, [7; 100]).unwrap();
        assert_eq!(read(&path, 10).unwrap(), [7; 11]);
        assert_eq!(read(&path, 100).unwrap().len(), 100);
        assert!(read(dir.path(), 10).is_err() && read(&dir.path().join("none"), 10).is_err());
    }

    #[test]
    fn what_is_there_is_not_written_over() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.pdf");
        write_new(&path, b"one").unwrap();
        assert_eq!(write_new(&path, b"two").unwrap_err().code(), "file_exists");
        assert_eq!(std::fs::read(&path).unwrap(), b"one");
        let left: Vec<_> = std::fs::read_dir(dir.path()).unwrap().collect();
        assert_eq!(left.len(), 1, "no part is left");
        std::fs::write(dir.path().join("b.pdf.part"), b"own").unwrap();
        assert_eq!(
            write_new(&dir.path().join("b.pdf"), b"two").unwrap_err().code(),
            "file_exists"
        );
        assert_eq!(std::fs::read(dir.path().join("b.pdf.part")).unwrap(), b"own");
    }
}
