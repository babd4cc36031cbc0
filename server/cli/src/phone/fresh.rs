//! What a call made where no phone was: taken away again when it came to nothing, so that a mistyped code or directory
//! leaves nothing behind. What was there before is never touched.

use std::fs::File;
use std::path::{Path, PathBuf};

use super::STORE_FILE;

/// What the engine makes beside the database, and the database itself.
const MADE: [&str; 8] = [
    "phone.key-name-new",
    "phone.key-name",
    "phone.db-wal",
    "phone.db-shm",
    "phone.install-new",
    "phone.install",
    STORE_FILE,
    LOCK_FILE,
];
/// Held by whoever has the store open.
const LOCK_FILE: &str = "phone.lock";

/// A place as it was before the call.
#[derive(Debug)]
pub(super) struct Fresh {
    store: PathBuf,
    /// Directories that were not there, the innermost first.
    dirs: Vec<PathBuf>,
    /// Names of files that were not there.
    files: Vec<&'static str>,
}

impl Fresh {
    /// Looks, before anything is made; `None` where a phone is, or was.
    pub(super) fn look(store: &Path) -> Option<Self> {
        let files: Vec<&str> = MADE
            .into_iter()
            .filter(|name| !store.join(name).exists())
            .collect();
        let is_none = [STORE_FILE, "phone.install", "phone.db-wal"]
            .iter()
            .all(|name| files.contains(name));
        let dirs = store
            .ancestors()
            .take_while(|dir| !dir.as_os_str().is_empty() && !dir.exists());
        is_none.then(|| Self {
            store: store.to_owned(),
            dirs: dirs.map(Path::to_owned).collect(),
            files,
        })
    }

    /// Takes away what was made since, unless somebody uses it. What cannot be taken away stays: it does no harm.
    pub(super) fn tidy(self) {
        let lock = File::options().write(true).open(self.store.join(LOCK_FILE));
        if lock.as_ref().is_ok_and(|lock| lock.try_lock().is_err()) {
            return;
        }
        for name in &self.files {
            std::fs::remove_file(self.store.join(name)).ok();
        }
        // Only empty ones go.
        for dir in &self.dirs {
            std::fs::remove_dir(dir).ok();
        }
    }
}

/// Nothing of a failed call reached HQ, or HQ said no: the key that was made here is nobody's. After a lost answer it may
/// be known at HQ, and the same call can be repeated with it.
pub(super) fn came_to_nothing(code: &str) -> bool {
    matches!(
        code,
        "not_enrolled"
            | "bad_link"
            | "bad_address"
            | "plain_http"
            | "host_unknown"
            | "connection_refused"
            | "file_failed"
            | "code_unknown"
            | "code_of_another"
            | "code_tries"
            | "wire_version"
            | "server_plain_http"
            | "server_not_http"
            | "tls_failed"
    ) || code.starts_with("certificate_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_made_since_goes() {
        let dir = tempfile::tempdir().unwrap();
        let store = dir.path().join("a").join("b");
        let fresh = Fresh::look(&store).unwrap();
        std::fs::create_dir_all(&store).unwrap();
        std::fs::write(store.join(STORE_FILE), "new").unwrap();
        fresh.tidy();
        assert!(!dir.path().join("a").exists() && dir.path().exists());

        std::fs::create_dir_all(&store).unwrap();
        for name in ["mine.txt", LOCK_FILE] {
            std::fs::write(store.join(name), "mine").unwrap();
        }
        let fresh = Fresh::look(&store).unwrap();
        std::fs::write(store.join(STORE_FILE), "new").unwrap();
        fresh.tidy();
        let mut left: Vec<_> = std::fs::read_dir(&store)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        left.sort();
        assert_eq!(left, ["mine.txt", LOCK_FILE]);

        std::fs::write(store.join("phone.install"), "a phone was here").unwrap();
        assert!(Fresh::look(&store).is_none());
    }

    #[test]
    fn what_somebody_uses_stays() {
        let dir = tempfile::tempdir().unwrap();
        let fresh = Fresh::look(dir.path()).unwrap();
        let lock = File::create(dir.path().join(LOCK_FILE)).unwrap();
        lock.lock().unwrap();
        std::fs::write(dir.path().join(STORE_FILE), "a colleague's").unwrap();
        fresh.tidy();
        assert!(dir.path().join(STORE_FILE).exists());
    }
}
