//! The door's tests: honest work arrives, each lie is answered for its own reason, a crash loses nothing.

mod bench;
mod contests;
mod crash;
mod heal;
mod http;
mod journey;
mod pages;
mod refold;
mod refusals;
mod viewing;
mod workers;
