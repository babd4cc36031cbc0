//! Arguments of `fieldline serve`. Each may also stand in the file or the environment; see `config`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use fieldline_model::wire::AppVersion;

/// How to run the server. Flags win over FIELDLINE_* variables, those over the file.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct ServeArgs {
    /// Directory that holds the company's data [default: ./fieldline-data].
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Address and port; port 0 takes a free one [default: 127.0.0.1:8080].
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<SocketAddr>,
    /// Certificate chain, PEM.
    #[arg(long, value_name = "FILE")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Private key, PEM.
    #[arg(long, value_name = "FILE")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Allow other machines to connect without TLS, for instance behind a proxy that has it.
    #[arg(long)]
    pub(crate) insecure: bool,
    /// Settings file, TOML; fieldline.example.toml shows all of them.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Address under which phones and customers reach this server, for links.
    #[arg(long, value_name = "URL")]
    pub(crate) public_url: Option<String>,
    /// Oldest app that is still sent anything, for instance 1.4.0; what older ones bring is taken [default: any].
    #[arg(long, value_name = "VERSION")]
    pub(crate) min_app: Option<AppVersion>,
    /// Form of the log on standard error [default: text].
    #[arg(long, value_enum, value_name = "FORM")]
    pub(crate) log: Option<LogForm>,
}

/// Form of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogForm {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}
