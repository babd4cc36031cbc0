//! `fieldline`, the one program of the product: server, demo, phone and administration.
//!
//! This file parses, dispatches and picks the exit code: 0 done, 1 not done and why, 2 not understood.

mod admin;
mod answer;
mod args;
mod backup;
mod config;
mod data;
mod demo;
mod fault;
mod named;
mod phone;
mod qr;
mod serve;
mod table;
mod when;
mod words;

use std::process::ExitCode;

use clap::FromArgMatches;

use answer::Say;
use args::{Args, Command, LangArg};
use fault::Fault;

fn main() -> ExitCode {
    // What is no text is told by the parser below, in this language.
    let words = || std::env::args_os().map(|word| word.to_string_lossy().into_owned());
    let lang = args::help::lang(words(), |key| std::env::var(key).ok());
    let json = args::wrong::wants_json(words());
    let before = Say { lang, json };
    let matches = args::help::command(lang)
        .try_get_matches()
        .unwrap_or_else(|error| args::wrong::end(&error, before));
    let args = Args::from_arg_matches(&matches).unwrap_or_else(|error| args::wrong::end(&error, before));
    let lang = LangArg::or_environment(args.lang, |key| std::env::var(key).ok());
    let say = Say {
        lang,
        json: args.json,
    };
    say.end(match &args.command {
        Command::Serve(args) => serve::run(args, say),
        Command::Demo(args) => demo::run(args, say),
        Command::Backup(args) => backup::take(args, say.lang),
        Command::Restore(args) => backup::put_back(args, say.lang),
        Command::Admin(command) => admin::run(command, say),
        Command::Phone(args) => phone::run(args, say),
    })
}

/// The threads everything asynchronous runs on.
fn runtime() -> Result<tokio::runtime::Runtime, Fault> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Fault::new("internal", words::fault::INTERNAL, &[("why", &error.to_string())]))
}
