//! Where the demo keeps its things: a directory with a marker of its own.
//!
//! Nothing without the marker is ever written to or deleted: a real company's data may lie anywhere.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::story::Story;
use super::words as w;
use crate::fault::Fault;

/// Where it is when nobody says.
const DIR_DEFAULT: &str = "fieldline-demo";
/// The marker.
const MARKER: &str = "fieldline-demo.json";
/// What the demo makes there, and may delete again; names that begin like this.
const MADE: [&str; 11] = [
    "fieldline.db",
    "fieldline.lock",
    "fieldline.home",
    crate::data::ADDRESS_FILE,
    crate::data::KEYS,
    "blobs",
    "erased",
    fieldline_server::backup::ASIDE,
    "phones",
    "saved.log",
    MARKER,
];

/// What the marker says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Marker {
    /// Version of this file.
    pub(super) fieldline_demo: u32,
    /// Seed of the day.
    pub(super) seed: u64,
    /// Where it listened last: links and phones point there.
    pub(super) port: Option<u16>,
    /// What is to happen today; absent until the company is open.
    pub(super) story: Option<Story>,
    /// All visits of the day are done: who starts it again is told so.
    #[serde(default)]
    pub(super) over: bool,
}

/// The demo's directory.
#[derive(Debug)]
pub(super) struct Ground {
    /// The directory.
    pub(super) dir: PathBuf,
    /// Its marker.
    pub(super) marker: Marker,
    /// Nobody will look at it afterwards.
    pub(super) temporary: bool,
}

impl Ground {
    /// Takes the directory into use, new or with what an earlier run left.
    ///
    /// # Errors
    /// `demo_not_ours` for a directory with other things in it.
    pub(super) fn take(
        dir: Option<&Path>,
        seed: Option<u64>,
        reset: bool,
        once: bool,
    ) -> Result<Self, Fault> {
        let (dir, temporary) = match dir {
            Some(dir) => (dir.to_owned(), false),
            None if once => (temporary_dir(), true),
            None => (DIR_DEFAULT.into(), false),
        };
        if reset {
            clear(&dir)?;
        }
        let marker = match marker(&dir)? {
            Some(marker) => marker,
            None => {
                if !is_empty(&dir)? {
                    return Err(not_ours(&dir));
                }
                Marker {
                    fieldline_demo: 1,
                    seed: seed.unwrap_or_else(some_seed),
                    port: None,
                    story: None,
                    over: false,
                }
            }
        };
        crate::data::make(&dir)?;
        let ground = Self {
            dir,
            marker,
            temporary,
        };
        ground.keep()?;
        Ok(ground)
    }

    /// Writes the marker, whole or not at all.
    pub(super) fn keep(&self) -> Result<(), Fault> {
        let (path, new) = (self.dir.join(MARKER), self.dir.join(format!("{MARKER}.new")));
        let text = serde_json::to_string_pretty(&self.marker).unwrap_or_default();
        std::fs::write(&new, text)
            .and_then(|()| std::fs::rename(&new, &path))
            .map_err(|error| Fault::file(&path, &error))
    }

    /// Directory of a phone's store.
    pub(super) fn phone(&self, name: &str) -> PathBuf {
        self.dir.join("phones").join(name)
    }

    /// The driver's book.
    pub(super) fn ledger(&self) -> PathBuf {
        self.dir.join("saved.log")
    }
}

/// A temporary directory goes with whoever used it, however that ended.
impl Drop for Ground {
    fn drop(&mut self) {
        if self.temporary {
            std::fs::remove_dir_all(&self.dir).ok();
        }
    }
}

fn marker(dir: &Path) -> Result<Option<Marker>, Fault> {
    let path = dir.join(MARKER);
    match std::fs::read_to_string(&path) {
        Ok(text) => serde_json::from_str(&text).map(Some).map_err(|error| {
            Fault::new(
                "demo_marker",
                w::BAD_MARKER,
                &[("path", &path.display().to_string()), ("why", &error.to_string())],
            )
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Fault::file(&path, &error)),
    }
}

fn not_ours(dir: &Path) -> Fault {
    Fault::new(
        "demo_not_ours",
        w::NOT_OURS,
        &[("path", &dir.display().to_string())],
    )
}

fn is_empty(dir: &Path) -> Result<bool, Fault> {
    match std::fs::read_dir(dir) {
        Ok(mut items) => Ok(items.next().is_none()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(Fault::file(dir, &error)),
    }
}

/// Deletes what the demo made. Where anything else lies, nothing is deleted: the directory could not be used anyway.
fn clear(dir: &Path) -> Result<(), Fault> {
    let fault = |error: std::io::Error| Fault::file(dir, &error);
    if !dir.join(MARKER).is_file() {
        return if is_empty(dir)? {
            Ok(())
        } else {
            Err(not_ours(dir))
        };
    }
    // Nobody may be running in there.
    let lock = crate::data::lock(dir)?;
    let items = std::fs::read_dir(dir).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
    let items = items.map_err(fault)?;
    let ours = |name: &OsStr| MADE.iter().any(|made| name.to_string_lossy().starts_with(made));
    if let Some(other) = items.iter().find(|item| !ours(&item.file_name())) {
        return Err(Fault::new(
            "demo_not_ours",
            w::NOT_ALL_OURS,
            &[("path", &other.path().display().to_string())],
        ));
    }
    for item in items.iter().filter(|item| item.file_name() != MARKER) {
        let is_dir = item.file_type().map_err(fault)?.is_dir();
        if is_dir {
            std::fs::remove_dir_all(item.path())
        } else {
            std::fs::remove_file(item.path())
        }
        .map_err(fault)?;
    }
    // The marker goes last: a reset that was cut short can be repeated.
    std::fs::remove_file(dir.join(MARKER)).map_err(fault)?;
    drop(lock);
    // Somebody put something there this very moment: then it stays, and so does the directory.
    std::fs::remove_dir(dir).ok();
    Ok(())
}

fn temporary_dir() -> PathBuf {
    std::env::temp_dir().join(format!(
        "fieldline-demo-{}-{:08x}",
        std::process::id(),
        some_seed() & 0xffff_ffff
    ))
}

fn some_seed() -> u64 {
    let mut bytes = [0; 8];
    crate::when::random(&mut bytes);
    // Short enough to be typed.
    u64::from_be_bytes(bytes) % 1_000_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_elses_directory_is_neither_used_nor_cleared() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("fieldline.db"), "a company").unwrap();
        for reset in [false, true] {
            let fault = Ground::take(Some(dir.path()), None, reset, false).unwrap_err();
            assert_eq!(fault.code(), "demo_not_ours");
        }
        assert!(dir.path().join("fieldline.db").exists());
    }

    #[test]
    fn an_own_directory_is_found_again_and_can_be_reset() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("demo");
        let first = Ground::take(Some(&path), Some(5), false, false).unwrap();
        assert_eq!(first.marker.seed, 5);
        std::fs::write(path.join("fieldline.db-wal"), "").unwrap();
        std::fs::create_dir_all(first.phone("a")).unwrap();
        std::fs::write(path.join("notes.txt"), "mine").unwrap();
        assert_eq!(
            Ground::take(Some(&path), Some(6), false, false)
                .unwrap()
                .marker
                .seed,
            5
        );
        let fault = Ground::take(Some(&path), Some(6), true, false).unwrap_err();
        assert_eq!(
            fault.code(),
            "demo_not_ours",
            "a stranger's file keeps the directory from being cleared"
        );
        assert!(path.join("notes.txt").exists() && path.join("phones").exists());
        std::fs::remove_file(path.join("notes.txt")).unwrap();
        assert_eq!(
            Ground::take(Some(&path), Some(6), true, false)
                .unwrap()
                .marker
                .seed,
            6
        );
    }
}
