//! The product as one peer among others of a sync benchmark: the real engine with its HTTP shell on one side, the real
//! server on the other, driven by a harness over one JSON line a command.
//!
//! `mapping` says which shipped act each change of the harness's workload becomes, `render` writes what the product
//! stores back in the workload's own form. Neither adds anything to the product. docs/benchmarks.md has the figures.

mod args;
mod clock;
mod hq;
mod line;
mod mapping;
mod phone;
mod render;
mod seed;
mod spec;
mod swarm;
#[cfg(test)]
mod tests;
mod wait;

use args::{Args, Side};

/// Runs the side that the command line names until it is closed.
///
/// # Errors
/// What keeps it from starting. Later errors are answers.
pub fn run() -> anyhow::Result<()> {
    let args = Args::read(std::env::args().skip(1))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match args.side {
            Side::Server => hq::run(args).await,
            Side::Client => swarm::run(args).await,
        }
    })
}
