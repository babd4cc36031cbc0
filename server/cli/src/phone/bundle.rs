//! Two phones without signal: showing who this one is, handing over what HQ has not got, taking it in. Bundles go as files, as
//! the texts of a row of QR codes, one on a line, or as pictures of these.

use std::path::{Path, PathBuf};

use fieldline_engine::{BundleError, EngineError, Exported, Imported};
use fieldline_model::card::Card;
use fieldline_model::frames::{FrameError, Joiner, split};
use fieldline_model::wire::BUNDLE_BYTES_MAX;
use serde_json::{Value, json};

use super::pictures::{self, Kind, Seen};
use super::{Phone, happening};
use crate::answer::Answer;
use crate::args::phone::BundleCommand as Do;
use crate::backup::size;
use crate::fault::{Fault, model_lang};
use crate::named;
use crate::qr::read::{PICTURE_BYTES_MAX, codes, is_picture};
use crate::qr::{Drawn, TooLong};
use crate::words::{fault as f, fill, phone as w};

/// What a card as text begins with; a file of that name would have to be given with its directory.
const CARD: &str = "FLC";

/// This phone's card, for a colleague's.
pub(super) fn me(phone: &Phone, out: Option<&Path>, qr: bool) -> Result<Answer, Fault> {
    let card = phone.now(|engine, moment| engine.card(moment))?.to_text();
    let json = json!({ "card": card });
    let drawn = || Drawn::of(&card).map_err(too_long);
    let mut answer = Answer::new(card.clone(), json);
    if let Some(path) = out {
        match Kind::of(path) {
            Some(kind) => pictures::write(path, &drawn()?, kind)?,
            None => {
                std::fs::write(path, format!("{card}\n")).map_err(|error| Fault::file(path, &error))?;
            }
        }
        let shown = path.display().to_string();
        answer.text = fill(phone.lang, w::CARD_WRITTEN, &[("path", &shown)]);
    }
    if qr {
        answer = answer.with_code(String::new(), drawn()?);
    }
    Ok(answer)
}

/// Makes or takes a bundle.
pub(super) fn bundle(phone: &Phone, command: &Do) -> Result<Answer, Fault> {
    match command {
        Do::Export {
            peer,
            out,
            frames,
            qr,
            png,
            svg,
        } => {
            let made = made(phone, peer)?;
            let row = Row::of(&made, *frames || *qr || png.is_some() || svg.is_some())?;
            let mut paths = Vec::new();
            if let Some(path) = out {
                let text = row.text();
                let bytes = if *frames { text.as_bytes() } else { &made.bytes };
                std::fs::write(path, bytes).map_err(|error| Fault::file(path, &error))?;
                paths.push(path.display().to_string());
            }
            for (dir, kind) in [(png, Kind::Png), (svg, Kind::Svg)] {
                if let Some(dir) = dir {
                    paths.extend(pictures::write_row(dir, &row.drawn()?, kind)?);
                }
            }
            let answer = exported(phone, &made, &row, &paths);
            if *qr { row.shown(phone, answer) } else { Ok(answer) }
        }
        Do::Import { file, pictures } => match file {
            Some(file) => {
                let bytes = read(file)?;
                Ok(imported(phone, &import(phone, &bytes)?))
            }
            None => pictured(phone, pictures),
        },
    }
}

fn card(text: &str) -> Result<Card, Fault> {
    let none = || Fault::from(EngineError::from(BundleError::NoCard));
    if text.starts_with(CARD) {
        return Card::read(text).map_err(|_| none());
    }
    let path = Path::new(text);
    let bytes = named::read(path, PICTURE_BYTES_MAX).map_err(|error| Fault::file(path, &error))?;
    let texts = if is_picture(&bytes) {
        codes(&bytes).map_err(|_| none())?
    } else {
        vec![String::from_utf8_lossy(&bytes).into_owned()]
    };
    let card = texts.iter().find_map(|text| Card::read(text).ok());
    card.ok_or_else(none)
}

fn made(phone: &Phone, peer: &str) -> Result<Exported, Fault> {
    let card = card(peer)?;
    phone.now(|engine, moment| engine.export_bundle(&card, moment))
}

/// The texts of a bundle's codes.
struct Row(Vec<String>);

impl Row {
    /// Only where codes are wanted: what is too much for them still goes as a file.
    fn of(made: &Exported, wanted: bool) -> Result<Self, Fault> {
        let frames = wanted.then(|| split(&made.bytes)).transpose();
        Ok(Self(frames.map_err(framed)?.unwrap_or_default()))
    }

    fn text(&self) -> String {
        self.0.join("\n") + "\n"
    }

    fn drawn(&self) -> Result<Vec<Drawn>, Fault> {
        let drawn = self.0.iter().map(|frame| Drawn::frame(frame));
        drawn.collect::<Result<_, _>>().map_err(too_long)
    }

    fn shown(&self, phone: &Phone, mut answer: Answer) -> Result<Answer, Fault> {
        let count = self.0.len().to_string();
        for (n, drawn) in self.drawn()?.into_iter().enumerate() {
            let values = [("n", (n + 1).to_string()), ("count", count.clone())];
            let values = values.each_ref().map(|(key, value)| (*key, value.as_str()));
            answer = answer.with_code(fill(phone.lang, w::CODE_OF, &values), drawn);
        }
        Ok(answer)
    }
}

fn exported(phone: &Phone, made: &Exported, row: &Row, paths: &[String]) -> Answer {
    let name = happening::engineer(phone, made.to);
    let (n, size, count) = (
        made.operations.to_string(),
        size(made.bytes.len() as u64),
        row.0.len().to_string(),
    );
    let where_to = match paths {
        [] => fill(phone.lang, w::CODES_BELOW, &[("count", &count)]),
        [path] => path.clone(),
        [first, .., last] => format!("{first} … {last}"),
    };
    let values = [
        ("path", where_to.as_str()),
        ("name", &name),
        ("n", &n),
        ("size", &size),
    ];
    Answer::new(
        fill(phone.lang, w::BUNDLE_MADE, &values),
        json!({
            "path": paths.first(), "paths": paths, "codes": row.0, "to": made.to, "documents": made.documents,
            "operations": made.operations,
        }),
    )
}

fn import(phone: &Phone, bytes: &[u8]) -> Result<Imported, Fault> {
    phone.now(|engine, moment| engine.import_bundle(bytes, moment))
}

fn imported(phone: &Phone, imported: &Imported) -> Answer {
    Answer::new(told(phone, imported), to_json(imported))
}

/// For programs.
pub(super) fn to_json(imported: &Imported) -> Value {
    let mut json = json!(imported);
    json["not_carried"] = json!(not_carried(imported));
    json
}

/// Takes in what pictures show.
fn pictured(phone: &Phone, paths: &[PathBuf]) -> Result<Answer, Fault> {
    let seen = Seen::look(paths)?;
    let taken = import(phone, seen.bundle()?)?;
    let mut answer = imported(phone, &taken);
    let aside = seen.aside(phone.lang);
    if !aside.is_empty() {
        answer.text.push_str(&format!("\n{aside}"));
    }
    answer.json["pictures"] = seen.to_json();
    Ok(answer)
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
    Err(pictures::missing(seen, count, &joiner.missing()))
}

pub(super) fn framed(error: FrameError) -> Fault {
    let word = match error {
        FrameError::TooLarge => f::FRAMES_TOO_MANY,
        FrameError::NotAFrame => f::FRAME_UNKNOWN,
        FrameError::OtherRow => f::FRAME_OF_ANOTHER,
        FrameError::Damaged => f::FRAMES_DAMAGED,
    };
    Fault::new(error.code(), word, &[])
}

fn too_long(_: TooLong) -> Fault {
    framed(FrameError::TooLarge)
}

fn not_carried(imported: &Imported) -> usize {
    imported.refused.iter().map(|refused| refused.changes).sum()
}

/// For people.
pub(super) fn told(phone: &Phone, imported: &Imported) -> String {
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
