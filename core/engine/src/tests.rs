//! The engine against a tiny server: every road a change can take, and a kill at every write.

mod bundle;
mod cipher;
mod dice;
mod gone;
mod lanes;
mod limits;
mod lost;
mod needed;
mod older;
pub(crate) mod phone;
mod plain;
pub(crate) mod roads;
mod search;
pub(crate) mod server;
mod stops;
mod taps;
