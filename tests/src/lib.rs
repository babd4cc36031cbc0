//! Phones and server together: the world simulator, and what tests of both sides share.
//!
//! Everything in here serves tests. It may panic where a test would: a broken invariant is the test's result.

pub mod bench_peer;
pub mod kit;
pub mod photos;
pub mod stolen;
pub mod world;
