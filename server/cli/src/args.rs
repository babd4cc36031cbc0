//! The command line: what can be asked for. Parsing only; what each command does is its own module.
//!
//! Help, answers and usage errors (`wrong`, code 2) follow `--lang`.

pub(crate) mod admin;
pub(crate) mod backup;
pub(crate) mod demo;
pub(crate) mod help;
pub(crate) mod phone;
pub(crate) mod serve;
pub(crate) mod wrong;

use clap::{Parser, Subcommand, ValueEnum};
use fieldline_server::words::Lang;

/// Field service that works without a network: server, phone and administration in one program.
#[derive(Debug, Parser)]
#[command(name = "fieldline", version, propagate_version = true, max_term_width = 100)]
pub(crate) struct Args {
    /// Language of answers; otherwise FIELDLINE_LANG, LC_ALL or LANG decides.
    #[arg(long, global = true, value_enum, display_order = help::GLOBAL)]
    pub(crate) lang: Option<LangArg>,
    /// Answer with one JSON object on standard output.
    #[arg(long, global = true, display_order = help::GLOBAL)]
    pub(crate) json: bool,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The parts of the program.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the server: pages for HQ, links for customers, sync for phones.
    Serve(serve::ServeArgs),
    /// Show an invented company at work on this machine; nothing to set up.
    Demo(demo::DemoArgs),
    /// Copy the whole record while the server runs, and verify the copy.
    Backup(backup::BackupArgs),
    /// Put a backup in the place of the record; no server may be running on it.
    Restore(backup::RestoreArgs),
    /// Start a company, look after its people and data.
    #[command(subcommand)]
    Admin(admin::AdminCommand),
    /// Be an engineer's phone in a terminal: for support, scripts and tests.
    Phone(phone::PhoneArgs),
}

/// A language as it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LangArg {
    /// 简体中文
    Zh,
    /// English
    En,
}

impl LangArg {
    /// The language meant: as asked, otherwise as the environment says.
    pub(crate) fn or_environment(asked: Option<Self>, variable: impl Fn(&str) -> Option<String>) -> Lang {
        match asked {
            Some(Self::Zh) => Lang::Zh,
            Some(Self::En) => Lang::En,
            None => ["FIELDLINE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"]
                .into_iter()
                .filter_map(variable)
                .find(|value| !value.is_empty())
                .and_then(|value| Lang::parse(&value))
                .unwrap_or(Lang::En),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Args::command().debug_assert();
    }

    #[test]
    fn language_is_as_asked_then_as_the_environment_says() {
        let of = |asked, lang: &str| {
            LangArg::or_environment(asked, |key| (key == "LANG").then(|| lang.to_owned()))
        };
        assert_eq!(of(None, "zh_CN.UTF-8"), Lang::Zh);
        assert_eq!(of(None, "C.UTF-8"), Lang::En);
        assert_eq!(of(Some(LangArg::En), "zh_CN.UTF-8"), Lang::En);
    }
}
