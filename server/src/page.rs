//! Server-rendered pages as pure functions: a view struct in, markup out.
//!
//! HQ's screens and the customer's tracking page. A view is plain data that a handler has already loaded, decided and
//! allowed; nothing here reads a store, a clock or a request, and nothing here decides. Texts come from [`crate::words`],
//! colours from [`tokens`], addresses from [`paths`]. Never here: inline scripts, inline styles or event handlers, so that
//! a strict content security policy holds.

pub mod assets;
pub mod engineers;
pub mod enrol;
pub mod form;
pub mod held;
pub mod icon;
pub mod knowledge;
pub mod label;
pub mod new_ticket;
pub mod pager;
pub mod parts;
pub mod paths;
pub mod queue;
pub mod request;
pub mod restored;
pub mod shell;
pub mod sign_in;
pub mod ticket;
pub mod tokens;
pub mod track;
pub mod trouble;
pub mod viewing;
pub mod when;

/// A moment as people should read it: already in the zone of the reader.
pub type Stamp = chrono::DateTime<chrono::FixedOffset>;
