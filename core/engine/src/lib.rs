//! The phone: its store, what people do on it, what screens read, and sync without IO.
//!
//! Everything a person does is saved in one transaction and reaches HQ as exactly one of merged, overruled or
//! refused. Pure below (`base`, `overlay`, `project`), the store in the middle, [`Engine`] above, a thin shell with
//! sockets on top. Only the shell reads clocks and chance; every other call takes a [`Moment`].

mod base;
mod compact;
mod engine;
mod enrol;
mod error;
mod fault;
mod moment;
mod observe;
mod overlay;
mod perform;
mod project;
mod read;
mod settle;
mod status;
mod store;
mod sync;
pub mod view;

pub use compact::SETTLED_KEEP_MS;
pub use engine::{Config, DOCUMENTS_OPEN_MAX, Engine};
pub use error::EngineError;
#[cfg(feature = "testing")]
pub use fault::Bug;
pub use fault::{FaultHook, FaultPoint, Killed};
pub use moment::Moment;
pub use observe::{Changed, Observer};
pub use perform::Performed;
pub use read::LINES_MAX;
pub use sync::{PUSH_BYTES_SOFT, Progress, WANT_MAX};
