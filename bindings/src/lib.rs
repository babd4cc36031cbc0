//! The engine for Kotlin, Swift and Python, through uniffi.
//!
//! Coarse calls with plain records; the whole surface for the apps follows with them. Each call takes the engine's lock
//! once and waits for the network only where its name says so. Errors carry a stable code and words in both languages;
//! nothing panics across the border on data that came from outside.

mod phone;
mod records;
mod scan;

pub use phone::Phone;
pub use records::{BundleTaken, PhoneError, Step, TicketLine, TruthScreen};
pub use scan::BundleScan;

uniffi::setup_scaffolding!();
