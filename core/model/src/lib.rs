//! What phone and server must both mean alike.
//!
//! Ids, time, operations, the fold, the rules, the document layout, the validation of foreign changes and the
//! wire. It leaves storage, clocks, chance, the network and words on a page to others.
//! Nothing in here reads a clock, touches a file or awaits; automerge appears in `document` and `door` only.

pub mod actor;
mod address;
pub mod blob;
pub mod cancel;
pub mod card;
pub mod certificate;
pub mod document;
pub mod door;
pub mod entry;
pub mod fold;
pub mod frames;
#[cfg(any(test, feature = "testing"))]
pub mod fuzzing;
pub mod grant;
pub mod id;
pub mod invitation;
pub mod lane;
pub mod meeting;
pub mod operation;
pub mod plain;
pub mod policy;
pub mod reason;
pub mod receipt;
pub mod row;
pub mod rules;
pub mod search;
mod text32;
pub mod time;
pub mod wire;
