//! Two phones without signal: showing who this one is, handing over what HQ has not got, taking it in. Bundles go as files, or
//! as the texts of a row of QR codes, one on a line.

use std::path::Path;

use fieldline_engine::{BundleError, EngineError, Imported};
use fieldline_model::card::Card;
use fieldline_model::frames::{FrameError, Joiner, split};
use fieldline_model::wire::BUNDLE_BYTES_MAX;
use serde_json::json;

use super::{Phone, happening};
use crate::answer::Answer;
use crate::args::phone::BundleCommand as Do;
use crate::backup::size;
use crate::fault::{Fault, model_lang};
use crate::named::{self, TEXT_BYTES_MAX};
use crate::words::{fault as f, fill, phone as w};

/// What a card as text begins with; a file of that name would have to be given with its directory.
const CARD: &str = "FLC";

/// This phone's card, for a colleague's.
pub(super) fn me(phone: &Phone, out: Option<&Path>) -> Result<Answer, Fault> {
    let card = phone.now(|engine, moment| engine.card(moment))?.to_text();
    let json = json!({ "card": card });
    let Some(path) = out else {
        return Ok(Answer::new(card, json));
    };
    std::fs::write(path, format!("{card}\n")).map_err(|error| Fault::file(path, &error))?;
    let shown = path.display().to_string();
    Ok(Answer::new(
        fill(phone.lang, w::CARD_WRITTEN, &[("path", &shown)]),
        json,
    ))
}

/// Makes or takes a bundle.
pub(super) fn bundle(phone: &Phone, command: &Do) -> Result<Answer, Fault> {
    match command {
        Do::Export { peer, out, frames } => export(phone, peer, out, *frames),
        Do::Import { file } => import(phone, file),
    }
}

fn card(text: &str) -> Result<Card, Fault> {
    let text = if text.starts_with(CARD) {
        text.to_owned()
    } else {
        let path = Path::new(text);
        let bytes = named::read(path, TEXT_BYTES_MAX).map_err(|error| Fault::file(path, &error))?;
        String::from_utf8_lossy(&bytes).into_owned()
    };
    Card::read(&text).map_err(|_| EngineError::from(BundleError::NoCard).into())
}

fn export(phone: &Phone, peer: &str, out: &Path, frames: bool) -> Result<Answer, Fault> {
    let card = card(peer)?;
    let made = phone.now(|engine, moment| engine.export_bundle(&card, moment))?;
    let bytes = if frames {
        let frames = split(&made.bytes).map_err(framed)?;
        (frames.join("\n") + "\n").into_bytes()
    } else {
        made.bytes
    };
    std::fs::write(out, &bytes).map_err(|error| Fault::file(out, &error))?;
    let (shown, name) = (out.display().to_string(), happening::engineer(phone, made.to));
    let values = [
        ("path", shown.as_str()),
        ("name", &name),
        ("n", &made.operations.to_string()),
        ("size", &size(bytes.len() as u64)),
    ];
    Ok(Answer::new(
        fill(phone.lang, w::BUNDLE_MADE, &values),
        json!({ "path": shown, "to": made.to, "documents": made.documents, "operations": made.operations }),
    ))
}

fn import(phone: &Phone, file: &Path) -> Result<Answer, Fault> {
    let bytes = read(file)?;
    let imported = phone.now(|engine, moment| engine.import_bundle(&bytes, moment))?;
    let mut json = json!(imported);
    json["not_carried"] = json!(not_carried(&imported));
    Ok(Answer::new(told(phone, &imported), json))
}

/// The file's bundle, from its bytes or from the texts of codes.
fn read(file: &Path) -> Result<Vec<u8>, Fault> {
    // Twice, because codes as texts are longer than what they hold.
    let bytes_max = 2 * BUNDLE_BYTES_MAX;
    let bytes = named::read(file, bytes_max as u64).map_err(|error| Fault::file(file, &error))?;
    if bytes.len() > bytes_max {
        return Err(EngineError::from(BundleError::TooLarge).into());
    }
    if !bytes.starts_with(b"FLQ") {
        return Ok(bytes);
    }
    let text = String::from_utf8_lossy(&bytes);
    let mut joiner = Joiner::default();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        if let Some(bytes) = joiner.add(line).map_err(framed)? {
            return Ok(bytes);
        }
    }
    let (seen, count) = joiner.seen();
    let values = [("seen", seen.to_string()), ("count", count.to_string())];
    let values = values.each_ref().map(|(key, value)| (*key, value.as_str()));
    Err(Fault::new("frames_missing", f::FRAMES_MISSING, &values))
}

fn framed(error: FrameError) -> Fault {
    let word = match error {
        FrameError::TooLarge => f::FRAMES_TOO_MANY,
        FrameError::NotAFrame => f::FRAME_UNKNOWN,
        FrameError::OtherRow => f::FRAME_OF_ANOTHER,
        FrameError::Damaged => f::FRAMES_DAMAGED,
    };
    Fault::new(error.code(), word, &[])
}

fn not_carried(imported: &Imported) -> usize {
    imported.refused.iter().map(|refused| refused.changes).sum()
}

fn told(phone: &Phone, imported: &Imported) -> String {
    let lang = phone.lang;
    let name = happening::engineer(phone, imported.from);
    let counts = [
        ("n", imported.carried.to_string()),
        ("known", imported.known.to_string()),
        ("name", name),
    ];
    let counts = counts.each_ref().map(|(key, value)| (*key, value.as_str()));
    let word = if imported.carried == 0 {
        w::BUNDLE_NO_NEWS
    } else {
        w::BUNDLE_TAKEN
    };
    let mut text = fill(lang, word, &counts);
    for refused in &imported.refused {
        let why = fieldline_model::reason::words(&refused.code, model_lang(lang));
        let values = [("n", refused.changes.to_string()), ("why", why)];
        let values = values.each_ref().map(|(key, value)| (*key, value.as_str()));
        text.push_str(&format!("\n  {}", fill(lang, w::BUNDLE_NOT_TAKEN, &values)));
    }
    text
}
