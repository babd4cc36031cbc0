//! What a command answers, and the one place that writes to standard output.
//!
//! Commands compute an [`Answer`] or a [`Fault`] and print nothing; [`Say`] chooses between words and JSON.

use std::io::Write;
use std::process::ExitCode;

use fieldline_server::words::Lang;
use serde_json::{Value, json};

use crate::fault::Fault;

/// What a command found or did: for people and for programs, the same facts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    /// For people; may have many lines.
    pub(crate) text: String,
    /// For programs.
    pub(crate) json: Value,
    /// It did what was asked; otherwise the exit code is 1 although nothing broke.
    pub(crate) good: bool,
}

impl Answer {
    /// An answer with exit code 0.
    pub(crate) fn new(text: impl Into<String>, json: Value) -> Self {
        Self {
            text: text.into(),
            json,
            good: true,
        }
    }
}

/// How to speak.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Say {
    /// Language.
    pub(crate) lang: Lang,
    /// JSON instead of words.
    pub(crate) json: bool,
}

impl Say {
    /// Says how a command ended and returns the exit code.
    pub(crate) fn end(self, result: Result<Answer, Fault>) -> ExitCode {
        match result {
            Ok(answer) => {
                self.answer(&answer);
                if answer.good {
                    ExitCode::SUCCESS
                } else {
                    ExitCode::FAILURE
                }
            }
            Err(fault) => {
                self.fault(&fault);
                ExitCode::FAILURE
            }
        }
    }

    /// Says an answer, at once.
    pub(crate) fn answer(self, answer: &Answer) {
        if self.json {
            out(&answer.json.to_string());
        } else {
            out(&answer.text);
        }
    }

    fn fault(self, fault: &Fault) {
        let text = fault.words(self.lang);
        if self.json {
            out(&json!({ "error": { "code": fault.code(), "text": text } }).to_string());
        } else {
            // A reader who closed the pipe has heard enough.
            let _ = writeln!(std::io::stderr().lock(), "{text}");
        }
    }
}

fn out(text: &str) {
    let mut out = std::io::stdout().lock();
    // A reader who closed the pipe (`| head`) has heard enough.
    let _ = writeln!(out, "{}", text.trim_end()).and_then(|()| out.flush());
}
