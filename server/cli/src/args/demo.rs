//! Arguments of `fieldline demo`.

use std::path::PathBuf;

use clap::Args;

/// The port when nobody says.
pub(crate) const PORT_DEFAULT: u16 = 8080;

/// How to show the invented company.
#[derive(Debug, Clone, Args)]
pub(crate) struct DemoArgs {
    /// Directory to keep it in [default: ./fieldline-demo; a temporary one with --once].
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Port of the pages; a busy one moves to the next free, 0 takes any.
    #[arg(long, value_name = "N", default_value_t = PORT_DEFAULT)]
    pub(crate) port: u16,
    /// How much faster than life the day passes: 1 is real time, 60 makes it ten minutes.
    #[arg(long, value_name = "X", default_value_t = 60.0)]
    pub(crate) speed: f64,
    /// Delete what an earlier demo left in the directory, and begin anew.
    #[arg(long)]
    pub(crate) reset: bool,
    /// Play one day as fast as it goes, verify it, and end.
    #[arg(long)]
    pub(crate) once: bool,
    /// Seed of everything that is left to chance.
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
}
