//! Pages: what changed for one phone since its cursor, from one read of the database.
//!
//! A page follows the feeds of the phone's channels in the order of the log and renders everything at its present
//! version, each thing once. What is superseded by something later in the same feeds is skipped, so a new phone gets
//! what is, not what was. Cost follows the feed, not what the phone holds.

mod catch_up;
mod held;
mod page;

pub(crate) use catch_up::CatchUps;
pub(crate) use held::Held;
pub(crate) use page::{Wanted, build_page};
