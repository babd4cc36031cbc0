//! The only door: sync with phones, the central record, the pages and the REST interface.
//!
//! Pure rules below, the store in the middle, the asynchronous shell above. Everything that changes a document goes
//! through the door; all SQL stands in `store`. Clocks and chance are read at the edge (`app::Edge`) only.

mod anew;
pub mod app;
pub mod archive;
pub mod auth;
pub mod backup;
pub mod blob;
mod blob_http;
pub mod check;
pub mod compact;
pub mod company;
pub mod devices;
pub mod door;
pub mod erase;
pub mod exchange;
mod feed;
#[cfg(any(test, feature = "testing"))]
pub mod fuzzing;
mod grant;
mod home;
pub mod hq_row;
pub mod http;
pub mod import;
mod keys;
pub mod live;
pub mod page;
pub mod problem;
pub mod projection;
mod quota;
mod refold;
pub mod report;
pub mod rest;
mod rows;
mod scope;
mod seal;
pub mod sla;
mod stock;
pub mod store;
pub mod sync_http;
mod track;
mod viewing;
pub mod web;
pub mod words;
mod workers;
