//! Articles and manuals: searching and reading.

use fieldline_model::id::ArticleId;
use fieldline_model::operation::Act;
use serde_json::json;

use super::{Phone, happening};
use crate::answer::Answer;
use crate::fault::Fault;
use crate::table::{WIDTH, table, wrap};
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

/// Shows one article.
pub(super) fn article(phone: &Phone, name: &str) -> Result<Answer, Fault> {
    let id: ArticleId = name
        .parse()
        .map_err(|_| Fault::new("no_such_article", f::NO_ARTICLE, &[("name", name)]))?;
    let view = phone.now(|engine, moment| engine.article(id, moment))?;
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
    if !view.annotations.is_empty() {
        let zone = phone.clock.zone();
        let title = fill(phone.lang, w::ANNOTATIONS, &[("zone", &zone)]);
        text.push_str(&format!("\n{title}\n"));
    }
    for entry in &view.annotations {
        if let Act::Annotate { text: words, .. } = &entry.act {
            let pending = match (entry.held, entry.pending) {
                (true, _) => format!("  [{}]", phone.lang.t(w::WAIT_HELD)),
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
