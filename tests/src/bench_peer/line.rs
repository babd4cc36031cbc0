//! The control protocol: one JSON command a line on standard input, one JSON answer a line on standard output.

use std::io::{BufRead as _, Write as _};

use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::clock;

/// Says that the process is ready, and hands on the commands that come.
pub(super) fn commands() -> UnboundedReceiver<Value> {
    let (told, commands) = unbounded_channel();
    say(&json!({ "ready": true, "t": clock::now_ns() }));
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            let command = line.ok().and_then(|line| serde_json::from_str(&line).ok());
            let Some(command) = command else { break };
            if told.send(command).is_err() {
                break;
            }
        }
    });
    commands
}

/// Answers a command.
pub(super) fn answer(result: anyhow::Result<Value>) {
    let said = match result {
        Ok(Value::Object(mut fields)) => {
            fields.insert("ok".into(), true.into());
            fields.entry("t").or_insert_with(|| clock::now_ns().into());
            Value::Object(fields)
        }
        Ok(other) => json!({ "ok": false, "error": format!("no object: {other}") }),
        Err(error) => json!({ "ok": false, "error": format!("{error:#}") }),
    };
    say(&said);
}

fn say(value: &Value) {
    let mut out = std::io::stdout().lock();
    // Without a reader there is nobody left to tell.
    let _ = writeln!(out, "{value}").and_then(|()| out.flush());
}
