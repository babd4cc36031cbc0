//! Articles and manuals: searching and reading.

use std::path::Path;

use fieldline_engine::view::{ArticleView, FileView};
use fieldline_model::id::ArticleId;
use fieldline_model::operation::Act;
use serde_json::json;

use super::{Phone, happening, label, network};
use crate::answer::Answer;
use crate::backup::size;
use crate::fault::Fault;
use crate::named::write_new;
use crate::table::{WIDTH, hanging, table, wrap};
use crate::words::{fault as f, fill, phone as w};

/// Searches, best first.
pub(super) fn search(phone: &Phone, words: &str) -> Result<Answer, Fault> {
    let lines = phone.engine.articles(words)?;
    let json = json!({ "articles": lines });
    let lang = phone.lang;
    if lines.is_empty() {
        return Ok(Answer::new(
            fill(lang, w::SEARCH_EMPTY, &[("words", words)]),
            json,
        ));
    }
    let cells: Vec<Vec<String>> = lines
        .iter()
        .map(|line| {
            vec![
                line.article.to_string(),
                lang.t(if line.manual { w::MANUAL } else { w::ARTICLE })
                    .to_owned(),
                phone.either(&line.title_zh, &line.title_en).to_owned(),
            ]
        })
        .collect();
    Ok(Answer::new(table(&cells, 2), json))
}

fn named(name: &str) -> Result<ArticleId, Fault> {
    name.parse()
        .map_err(|_| Fault::new("no_such_article", f::NO_ARTICLE, &[("name", name)]))
}

fn read(phone: &Phone, id: ArticleId) -> Result<ArticleView, Fault> {
    phone.now(|engine, moment| engine.article(id, moment))
}

/// Shows one article.
pub(super) fn article(phone: &Phone, name: &str) -> Result<Answer, Fault> {
    let view = read(phone, named(name)?)?;
    let mut text = format!("{}\n", phone.either(&view.line.title_zh, &view.line.title_en));
    for entry in &view.sections {
        if let Act::WriteSection(section) = &entry.act {
            text.push_str(&format!(
                "\n{}\n",
                phone.either(&section.heading_zh, &section.heading_en)
            ));
            text.push_str(&wrap(
                phone.either(&section.body_zh, &section.body_en),
                "  ",
                WIDTH,
            ));
        }
    }
    text.push_str(&files(phone, &view));
    if !view.annotations.is_empty() {
        let zone = phone.clock.zone();
        let title = fill(phone.lang, w::ANNOTATIONS, &[("zone", &zone)]);
        text.push_str(&format!("\n{title}\n"));
    }
    for entry in &view.annotations {
        if let Act::Annotate { text: words, .. } = &entry.act {
            let pending = match (entry.held, entry.pending) {
                (true, _) => format!("  [{}]", label::waiting(phone.lang, "held")),
                (false, true) => format!("  [{}]", phone.lang.t(w::PENDING)),
                (false, false) => String::new(),
            };
            let at = phone.clock.short(entry.at.estimate());
            let line = format!("{at}  {}  {words}{pending}", happening::author(phone, entry.by));
            text.push_str(&wrap(&line, "  ", WIDTH));
        }
    }
    Ok(Answer::new(text, json!(view)))
}

/// The files of an article, with the places by which they are fetched; nothing where there are none.
fn files(phone: &Phone, view: &ArticleView) -> String {
    let lang = phone.lang;
    if view.files.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{}\n", lang.t(w::FILES));
    for (n, file) in view.files.iter().enumerate() {
        let what = &file.file;
        let mut parts = vec![
            phone.either(&what.title_zh, &what.title_en).to_owned(),
            what.media.ending().to_uppercase(),
        ];
        parts.extend(
            what.pages
                .map(|pages| fill(lang, w::FILE_PAGES, &[("n", &pages.to_string())])),
        );
        parts.push(size(what.size));
        let place = if file.here { w::FILE_HERE } else { w::FILE_AT_HQ };
        parts.push(lang.t(place).to_owned());
        text.push_str(&hanging(&format!("  {:>2}  ", n + 1), &parts.join(" · "), WIDTH));
    }
    text
}

/// Fetches a file of an article, unless it is here, and copies it where somebody can open it.
pub(super) fn get_file(phone: &Phone, article: &str, name: &str, to: Option<&Path>) -> Result<Answer, Fault> {
    let id = named(article)?;
    let view = read(phone, id)?;
    let FileView { operation, file, .. } = chosen(&view, name).ok_or_else(|| {
        let values = [("name", name), ("article", article)];
        Fault::new("no_such_file", f::NO_FILE, &values)
    })?;
    let bytes = match phone.engine.blob_bytes(id.into(), file.blob)? {
        Some(bytes) => bytes,
        None => network::fetch_blob(phone, id.into(), *operation, false)?,
    };
    let count = bytes.len() as u64;
    let mut json = json!({ "operation": operation, "bytes": count });
    let Some(to) = to else {
        let title = phone.either(&file.title_zh, &file.title_en);
        let values = [("title", title), ("size", &size(count))];
        return Ok(Answer::new(fill(phone.lang, w::FILE_FETCHED, &values), json));
    };
    write_new(to, &bytes)?;
    let path = to.display().to_string();
    let text = fill(
        phone.lang,
        w::PHOTO_COPIED,
        &[("path", &path), ("size", &size(count))],
    );
    json["path"] = json!(path);
    Ok(Answer::new(text, json))
}

/// A file by its place in the article, or by its operation.
fn chosen<'a>(view: &'a ArticleView, name: &str) -> Option<&'a FileView> {
    let by_place = name
        .parse::<usize>()
        .ok()
        .and_then(|place| view.files.get(place.checked_sub(1)?));
    by_place.or_else(|| view.files.iter().find(|file| file.operation.to_string() == name))
}
