//! What a command answers, and the one place that writes to standard output.
//!
//! Commands compute an [`Answer`] or a [`Fault`] and print nothing; [`Say`] chooses between words and JSON.

use std::io::Write;
use std::process::ExitCode;

use fieldline_model::plain::{is_stray, plain};
use fieldline_server::words::Lang;
use serde_json::{Value, json};

use crate::fault::Fault;
use crate::qr::Drawn;

/// What a command found or did: for people and for programs, the same facts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    /// For people; may have many lines.
    pub(crate) text: String,
    /// For programs.
    pub(crate) json: Value,
    /// It did what was asked; otherwise the exit code is 1 although nothing broke.
    pub(crate) good: bool,
    /// QR codes, drawn below the text; programs find what they say in `json`.
    pub(crate) codes: Vec<Code>,
}

/// A QR code, and what stands over it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Code {
    /// For people; may be empty.
    pub(crate) caption: String,
    /// The code.
    pub(crate) drawn: Drawn,
}

impl Answer {
    /// An answer with exit code 0.
    pub(crate) fn new(text: impl Into<String>, json: Value) -> Self {
        Self {
            text: text.into(),
            json,
            good: true,
            codes: Vec::new(),
        }
    }

    /// The same with one more code.
    pub(crate) fn with_code(mut self, caption: String, drawn: Drawn) -> Self {
        self.codes.push(Code { caption, drawn });
        self
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
            out(&escaped(answer.json.to_string()));
        } else {
            out(&plain(&answer.text));
            for code in &answer.codes {
                // The colours are the code's own; of the text nothing reaches the terminal as it is.
                out(&format!("\n{}\n{}", plain(&code.caption), code.drawn.terminal()));
            }
        }
    }

    /// Says why not.
    pub(crate) fn fault(self, fault: &Fault) {
        let text = fault.words(self.lang);
        if self.json {
            out(&escaped(
                json!({ "error": { "code": fault.code(), "text": text } }).to_string(),
            ));
        } else {
            // A reader who closed the pipe has heard enough.
            let _ = writeln!(std::io::stderr().lock(), "{}", plain(text));
        }
    }
}

/// The same JSON, with what would disturb a terminal written as escapes; outside of its strings none can stand.
fn escaped(json: String) -> String {
    if !json.contains(is_stray) {
        return json;
    }
    let escape = |c: char| {
        if is_stray(c) {
            format!("\\u{:04x}", u32::from(c))
        } else {
            c.to_string()
        }
    };
    json.chars().map(escape).collect()
}

fn out(text: &str) {
    let mut out = std::io::stdout().lock();
    // A reader who closed the pipe (`| head`) has heard enough.
    let _ = writeln!(out, "{}", text.trim_end()).and_then(|()| out.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_says_the_same_without_disturbing_a_terminal() {
        let said = json!({ "text": "a\u{202e}b\u{9b}c\u{1b}\n" });
        let line = escaped(said.to_string());
        assert!(!line.contains(is_stray), "{line}");
        assert_eq!(serde_json::from_str::<Value>(&line).unwrap(), said);
    }
}
