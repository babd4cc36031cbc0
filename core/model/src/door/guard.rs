//! The one place where a panic inside automerge is caught.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::refusal::Refusal;

/// Runs `work` and turns a panic into a refusal.
///
/// Whatever `work` was changing must be thrown away by the caller when this fails: it may be half done. The panic hook
/// still runs, so a process that logs panics logs this one. Out of memory cannot be caught; the run headers are
/// counted first for that reason.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(Refusal::Panicked))
}
