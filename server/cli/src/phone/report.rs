//! The completion report of a ticket as a file, in the language of the answer.

use std::path::Path;

use fieldline_engine::Paper;
use fieldline_server::report::{found, read_font};
use serde_json::json;

use super::{Phone, names};
use crate::answer::Answer;
use crate::backup::size;
use crate::fault::{Fault, model_lang};
use crate::named::write_new;
use crate::words::{fault as f, fill, phone as w};

/// Draws the report with this font, or one of the system's, and writes it.
pub(super) fn write(phone: &Phone, ticket: &str, out: &Path, font: Option<&Path>) -> Result<Answer, Fault> {
    let ticket = names::ticket(phone, ticket)?;
    let missing = || Fault::new("font_missing", f::FONT_MISSING, &[]);
    let path = match font {
        Some(named) => named,
        None => found().ok_or_else(missing)?,
    };
    let font = read_font(path).map_err(|error| Fault::file(path, &error))?;
    let paper = Paper {
        lang: model_lang(phone.lang),
        utc_offset_minutes: phone.clock.utc_offset_minutes(),
    };
    let pdf = phone.now(|engine, moment| engine.report(ticket, &paper, &font, moment))?;
    write_new(out, &pdf)?;
    let bytes = pdf.len() as u64;
    let shown = out.display().to_string();
    let text = fill(
        phone.lang,
        w::REPORT_WRITTEN,
        &[("path", &shown), ("size", &size(bytes))],
    );
    Ok(Answer::new(text, json!({ "path": shown, "bytes": bytes })))
}
