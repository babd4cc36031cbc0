//! What became of an operation: the question a caller with a phone in hand asks.

use std::path::Path;

use fieldline_model::id::OperationId;
use fieldline_model::reason::{self, Reason};
use fieldline_model::row::{Row, RowKind};
use fieldline_server::app::App;
use fieldline_server::door::HELD_GRACE_MS;
use fieldline_server::store::fate::{document_number, fate_get};
use fieldline_server::store::held::held_get;
use fieldline_server::store::reference::row_get;
use fieldline_server::words::Lang;
use serde_json::json;

use crate::answer::Answer;
use crate::data;
use crate::fault::{Fault, model_lang};
use crate::when::{self, Clock};
use crate::words::{admin as a, fill};

/// Looks an operation up. Exit code 1 when HQ has not got it: nothing is wrong, but nothing is there. What is held has no
/// fate yet, and HQ has it.
pub(super) async fn fate(path: &Path, operation: OperationId, lang: Lang) -> Result<Answer, Fault> {
    let app = data::open_to_look(path)?;
    let found = app
        .store()
        .read(move |connection| fate_get(connection, operation))
        .await?;
    let Some(row) = found else {
        if let Some(answer) = held(&app, operation, lang).await? {
            return Ok(answer);
        }
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
    let number = number(&app, &row.document).await?;
    let document = named(lang, number.as_deref(), &row.document);
    let place = [
        ("document", document.as_str()),
        ("time", &Clock::system(lang).zoned(row.at)),
    ];
    let mut text = format!(
        "{}\n  {}",
        fill(lang, word, &[("why", &why)]),
        fill(lang, a::FATE_WHERE, &place)
    );
    let (outcome, outcome_code) = row.outcome.unzip();
    let outcome_code = outcome_code.flatten();
    if row.fate == "merged"
        && let Some(code) = &outcome_code
    {
        let why = reason::words(code, model_lang(lang));
        text.push_str(&format!("\n  {}", fill(lang, a::FATE_LATER, &[("why", &why)])));
    }
    if row.fate == "overruled"
        && let Some(code) = outcome_code
            .as_ref()
            .filter(|code| row.code.as_ref() != Some(code))
    {
        let why = reason::words(code, model_lang(lang));
        text.push_str(&format!("\n  {}", fill(lang, a::FATE_OTHER, &[("why", &why)])));
    }
    if row.fate == "overruled" && outcome.as_deref() == Some("merged") {
        text.push_str(&format!("\n  {}", fill(lang, a::FATE_COUNTS, &[])));
    }
    let json = json!({
        "operation": operation, "fate": row.fate, "code": row.code, "document": row.document, "number": number,
        "device": row.device, "at": row.at, "outcome": outcome, "outcome_code": outcome_code,
    });
    Ok(Answer::new(text, json))
}

/// The number of the ticket that is this document.
async fn number(app: &App, document: &str) -> Result<Option<String>, Fault> {
    let document = document.to_owned();
    let read = app
        .store()
        .read(move |connection| document_number(connection, &document));
    Ok(read.await?)
}

/// A document as people name it, its id beside.
fn named(lang: Lang, number: Option<&str>, document: &str) -> String {
    match number {
        Some(number) => fill(
            lang,
            a::FATE_TICKET,
            &[("number", number), ("document", document)],
        ),
        None => document.to_owned(),
    }
}

/// What is told of work of a revoked phone for which a supervisor has yet to decide.
async fn held(app: &App, operation: OperationId, lang: Lang) -> Result<Option<Answer>, Fault> {
    let store = app.store();
    let held = store
        .read(move |connection| held_get(connection, operation))
        .await?;
    let Some(held) = held else { return Ok(None) };
    let engineer = held.engineer.to_string();
    let id = engineer.clone();
    let row = store
        .read(move |connection| row_get(connection, RowKind::Engineer, &id))
        .await?;
    let name = match row {
        Some(Row::Engineer(row)) if lang == Lang::En && !row.name_en.is_empty() => row.name_en,
        Some(Row::Engineer(row)) => row.name,
        _ => engineer,
    };
    let since = Clock::system(lang).zoned(held.since);
    let whose = [("name", name.as_str()), ("time", since.as_str())];
    let document = held.document.to_string();
    let number = number(app, &document).await?;
    let document = named(lang, number.as_deref(), &document);
    let text = format!("{}\n  {document}", fill(lang, a::FATE_HELD, &whose));
    let due = held.since.plus_ms(HELD_GRACE_MS);
    let json = json!({
        "operation": held.operation, "fate": null, "document": held.document, "number": number, "device": held.device,
        "code": Reason::DeviceRevoked.code(),
        "held": { "since": held.since, "engineer": held.engineer, "due": due, "overdue": due <= when::now() },
    });
    Ok(Some(Answer::new(text, json)))
}
