//! The driver's own book: every operation a phone called saved, written down outside all stores under test.
//!
//! One line each, appended as soon as `perform` returned. A demo that was killed reads it again, so that the count at
//! the end covers the whole day.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use fieldline_model::id::OperationId;

use crate::fault::Fault;

/// A promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Saved {
    /// The operation.
    pub(super) operation: OperationId,
    /// Nothing could reach HQ when it was saved.
    pub(super) offline: bool,
}

/// The book.
#[derive(Debug)]
pub(super) struct Ledger {
    file: File,
    path: std::path::PathBuf,
    saved: Vec<Saved>,
}

impl Ledger {
    /// Opens the book, with whatever stands in it.
    pub(super) fn open(path: &Path) -> Result<Self, Fault> {
        let fault = |error: std::io::Error| Fault::file(path, &error);
        let saved = match std::fs::read_to_string(path) {
            Ok(text) => text.lines().filter_map(read).collect(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(fault(error)),
        };
        let file = File::options()
            .create(true)
            .append(true)
            .open(path)
            .map_err(fault)?;
        Ok(Self {
            file,
            path: path.to_owned(),
            saved,
        })
    }

    /// A phone said "saved".
    pub(super) fn promise(&mut self, saved: Saved) -> Result<(), Fault> {
        let word = if saved.offline { "offline" } else { "online" };
        // One write, so that a kill leaves whole lines.
        let line = format!("{} {word}\n", saved.operation);
        self.file
            .write_all(line.as_bytes())
            .map_err(|error| Fault::file(&self.path, &error))?;
        self.saved.push(saved);
        Ok(())
    }

    /// Every promise, oldest first.
    pub(super) fn all(&self) -> &[Saved] {
        &self.saved
    }
}

fn read(line: &str) -> Option<Saved> {
    let (operation, word) = line.split_once(' ')?;
    Some(Saved {
        operation: operation.parse().ok()?,
        offline: word == "offline",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use fieldline_model::time::Timestamp;

    #[test]
    fn a_book_opened_again_holds_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("saved.log");
        let one = Saved {
            operation: OperationId::new(Timestamp::from_ms(1), [1; 10]),
            offline: true,
        };
        Ledger::open(&path).unwrap().promise(one).unwrap();
        let mut again = Ledger::open(&path).unwrap();
        assert_eq!(again.all(), [one]);
        again
            .promise(Saved {
                offline: false,
                ..one
            })
            .unwrap();
        assert_eq!(Ledger::open(&path).unwrap().all().len(), 2);
    }
}
