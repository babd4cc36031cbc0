//! What every target shares.
//!
//! cargo-fuzz stops at every panic, also at one that is caught. The door catches automerge's panics on purpose, so
//! only those that get out are findings here.

use std::panic::{self, AssertUnwindSafe};
use std::sync::Mutex;

static LAST: Mutex<String> = Mutex::new(String::new());

/// Replaces libfuzzer's hook, which would abort: notes a panic silently.
pub fn note_panics() {
    panic::set_hook(Box::new(|info| {
        if let Ok(mut last) = LAST.lock() {
            *last = info.to_string();
        }
    }));
}

/// Runs one input; a panic that gets out ends the process with its words.
pub fn run(target: fn(&[u8]), bytes: &[u8]) {
    if panic::catch_unwind(AssertUnwindSafe(|| target(bytes))).is_err() {
        let last = LAST.lock().map(|last| last.clone()).unwrap_or_default();
        eprintln!("{last}");
        std::process::abort();
    }
}

/// The main function of a target.
#[macro_export]
macro_rules! target {
    ($function:path) => {
        libfuzzer_sys::fuzz_target!(init: $crate::note_panics(), |bytes: &[u8]| {
            $crate::run($function, bytes)
        });
    };
}
