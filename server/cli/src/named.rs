//! Files that a person named: read no further than what is wanted of them may be long, because a name can mean anything.

use std::fs::File;
use std::io::Read;
use std::path::Path;

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
}
