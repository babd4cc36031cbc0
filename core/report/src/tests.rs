//! Reports drawn and read again.

mod fonts;
mod hostile;
mod pages;
mod read;
pub(crate) mod sample;
