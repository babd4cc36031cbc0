//! The phone: its store, what people do on it, what screens read, and sync without IO.
//!
//! Everything a person does is saved in one transaction and reaches HQ as exactly one of merged, overruled or
//! refused. Pure below (`base`, `overlay`, `project`), the store in the middle, [`Engine`] above, a thin shell with
//! sockets on top. Only the shell reads clocks and chance; every other call takes a [`Moment`].

mod agree;
mod audit;
mod base;
mod blob;
mod bundle;
pub mod clock;
mod compact;
mod engine;
mod enrol;
mod error;
mod fault;
mod key;
mod meeting;
mod moment;
mod observe;
mod overlay;
mod perform;
mod position;
mod project;
mod read;
mod reclaim;
mod renew;
pub mod said;
mod settle;
pub mod shell;
mod status;
mod store;
mod sync;
#[cfg(test)]
mod tests;
pub mod view;
pub mod words;

pub use blob::{BlobStep, NewPhoto, PHOTO_KEEP_MS, PHOTOS_BYTES_SOFT, Skipped};
pub use bundle::{BundleError, CARRIED_BYTES_MAX, Exported, Imported, NotCarried};
pub use compact::{COMPACT_EVERY_MS, SETTLED_KEEP_MS};
pub use engine::{Config, DOCUMENTS_OPEN_MAX, Engine};
pub use error::{Distrust, EngineError, Silence};
#[cfg(any(test, feature = "testing"))]
pub use fault::Bug;
pub use fault::{FaultHook, FaultPoint, Killed};
pub use fieldline_report::{Paper, ReportError};
pub use meeting::{MeetingError, Met, Told};
pub use moment::Moment;
pub use observe::{Changed, Observer};
pub use perform::Performed;
pub use position::Tracking;
pub use read::{Gone, LINES_MAX};
pub use store::blob::BlobState;
#[cfg(any(test, feature = "testing"))]
pub use store::cipher::raw;
pub use store::cipher::{STORE_KEY_BYTES, StoreKey};
pub use sync::{OTHERS_WAIT_MS, PUSH_BYTES_SOFT, Progress, WANT_MAX};
