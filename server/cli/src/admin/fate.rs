//! What became of an operation: the question a caller with a phone in hand asks.

use std::path::Path;

use fieldline_model::id::OperationId;
use fieldline_model::reason;
use fieldline_server::store::fate::fate_get;
use fieldline_server::words::Lang;
use serde_json::json;

use crate::answer::Answer;
use crate::data;
use crate::fault::{Fault, model_lang};
use crate::when::Clock;
use crate::words::{admin as a, fill};

/// Looks an operation up. Exit code 1 when HQ has not got it: nothing is wrong, but nothing is there.
pub(super) async fn fate(path: &Path, operation: OperationId, lang: Lang) -> Result<Answer, Fault> {
    let app = data::open(path)?;
    let found = app
        .store()
        .read(move |connection| fate_get(connection, operation))
        .await?;
    let Some(row) = found else {
        let text = fill(lang, a::FATE_UNKNOWN, &[("id", &operation.to_string())]);
        let json = json!({ "operation": operation, "fate": null });
        return Ok(Answer {
            good: false,
            ..Answer::new(text, json)
        });
    };
    let why = row
        .code
        .as_deref()
        .map(|code| reason::words(code, model_lang(lang)))
        .unwrap_or_default();
    let word = match row.fate.as_str() {
        "overruled" => a::FATE_OVERRULED,
        "refused" => a::FATE_REFUSED,
        _ => a::FATE_MERGED,
    };
    let place = [
        ("document", row.document.as_str()),
        ("time", &Clock::system(lang).short(row.at)),
    ];
    let text = format!(
        "{}\n  {}",
        fill(lang, word, &[("why", &why)]),
        fill(lang, a::FATE_WHERE, &place)
    );
    let json = json!({
        "operation": operation, "fate": row.fate, "code": row.code, "document": row.document,
        "device": row.device, "at": row.at,
    });
    Ok(Answer::new(text, json))
}
