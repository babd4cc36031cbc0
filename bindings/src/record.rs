//! What screens are given: plain records, ready to show. Times are milliseconds UTC, ids are texts, numbers have their unit in the name.

mod article;
mod list;
mod part;
mod share;
mod ticket;
mod truth;

pub use article::*;
pub use list::*;
pub use part::*;
pub use share::*;
pub use ticket::*;
pub use truth::*;

use fieldline_model::time::Timestamp;

pub(crate) fn ms(at: Option<Timestamp>) -> Option<i64> {
    at.map(Timestamp::ms)
}

pub(crate) fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
