//! Arguments of `fieldline backup` and `fieldline restore`.

use std::path::PathBuf;

use clap::Args;

use super::admin::DataArgs;

/// Where the backup goes.
#[derive(Debug, Args)]
pub(crate) struct BackupArgs {
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// Directory for backups, made when it is not there; each backup becomes a new one in it, named after the time.
    #[arg(long, value_name = "DIR")]
    pub(crate) to: PathBuf,
}

/// Which backup comes back.
#[derive(Debug, Args)]
pub(crate) struct RestoreArgs {
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// Directory of the backup.
    #[arg(long, value_name = "DIR")]
    pub(crate) from: PathBuf,
    /// Also when the record is newer than the backup or cannot be read; it is moved aside and kept.
    #[arg(long)]
    pub(crate) yes_go_back: bool,
}
