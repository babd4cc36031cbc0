//! The only door: sync with phones, the central record, the pages and the REST interface.
//!
//! Pure rules below, the store in the middle, the asynchronous shell above. Everything that changes a document goes
//! through the door; all SQL stands in `store`. Clocks and chance are read at the edge (`app::Edge`) only.

pub mod auth;
pub mod company;
pub mod page;
pub mod store;
pub mod words;
