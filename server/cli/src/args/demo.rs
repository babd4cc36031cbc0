//! Arguments of `fieldline demo`.

use std::path::PathBuf;

use clap::Args;

/// How to show the invented company.
#[derive(Debug, Clone, Args)]
pub(crate) struct DemoArgs {
    /// Directory to keep it in; a temporary one otherwise.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Port of the pages; 0 takes a free one.
    #[arg(long, value_name = "N", default_value_t = 8080)]
    pub(crate) port: u16,
    /// How much faster than life the day passes.
    #[arg(long, value_name = "X", default_value_t = 1.0)]
    pub(crate) speed: f64,
    /// Play the story once and end.
    #[arg(long)]
    pub(crate) once: bool,
    /// Seed of everything that is left to chance.
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
}
