//! For tests: a font of a few kilobytes that has every letter a report may need, and a reader of what was drawn.

#![allow(clippy::unwrap_used, reason = "for tests")]

mod font;
mod jpeg;
mod read;

pub use font::font;
pub use jpeg::jpeg;
pub use read::{Drawn, drawn};
