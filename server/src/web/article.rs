//! Articles: search in either language, and one article with what the field wrote beside it.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use fieldline_model::entry::Entry;
use fieldline_model::id::{ArticleId, DocumentId};
use fieldline_model::operation::{Act, ArticleHead, Author, Section};
use fieldline_model::time::Timestamp;
use rusqlite::Connection;
use serde::Deserialize;

use super::article_read::{excerpt, sorted};
use super::paging::page;
use super::reader::Reader;
use super::view::{engineer_name, listed, pick};
use super::{Web, article_file, finish, read};
use crate::auth::extract::Signed;
use crate::auth::role::Permission;
use crate::page::knowledge::{Annotation, ArticleHit, ArticleView, ArticlesView, article, articles};
use crate::page::pager::Part;
use crate::problem::{Code, Problem};
use crate::store::StoreError;
use crate::store::page_article::{ArticleItem, article_count, article_list};
use crate::store::page_ticket::{event_list, staff_display_name};
use crate::words::{Lang, ticket as t};

/// Articles of one page.
const HITS: u32 = 40;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    page: String,
}

/// GET the search.
pub(super) async fn list(
    State(web): State<Web>,
    reader: Reader,
    signed: Signed,
    Query(Asked { q, page: asked }): Query<Asked>,
) -> Result<Response, Problem> {
    signed.check(Permission::ReadArticles)?;
    let (search, asked) = (q.clone(), page(&asked)?);
    let lang = reader.lang;
    let load = move |connection: &Connection| {
        let part = Part::of(asked, HITS, article_count(connection, &search)?);
        let items = article_list(connection, &search, part.offset(), part.size())?;
        let texts = items
            .iter()
            .map(|item| Ok(Text::read(connection, item.id)?.whole(lang)));
        let texts = texts.collect::<Result<Vec<String>, StoreError>>()?;
        Ok::<_, StoreError>((items, texts, part))
    };
    let (items, texts, part) = web.app.store().read(load).await?;
    let hit = |(item, text): (ArticleItem, String)| ArticleHit {
        id: item.id.to_string(),
        title: pick(lang, &item.title_zh, &item.title_en).to_owned(),
        excerpt: excerpt(&text, &q),
        models: listed(lang, &item.models),
        changed: web.stamp(item.changed),
    };
    let view = ArticlesView {
        hits: items.into_iter().zip(texts).map(hit).collect(),
        search: q.clone(),
        part,
    };
    Ok(finish::page(articles(&web.frame(&reader, &signed).await?, &view)))
}

/// GET one article.
pub(super) async fn show(
    State(web): State<Web>,
    reader: Reader,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    signed.check(Permission::ReadArticles)?;
    let id: ArticleId = id.parse().map_err(|_| Problem::new(Code::NotFound))?;
    let lang = reader.lang;
    let text = web
        .app
        .store()
        .read(move |connection| Text::read(connection, id))
        .await?;
    let head = text.head.as_ref().ok_or_else(|| Problem::new(Code::NotFound))?;
    let sections: Vec<&Section> = text.sections.iter().collect();
    let said = sorted(lang, &sections);
    let note = |note: &Written| Annotation {
        who: note.who(lang),
        at: web.stamp(note.at),
        text: note.text.clone(),
        // Nobody can review a proposal yet, so none is called one.
        proposed: false,
    };
    let view = ArticleView {
        title: pick(lang, &head.title_zh, &head.title_en).to_owned(),
        models: listed(lang, &head.models),
        changed: web.stamp(text.changed),
        symptom: said.symptom,
        causes: said.causes,
        steps: said.steps,
        parts: said.parts,
        files: article_file::files(&web, lang, id).await?,
        annotations: text.notes.iter().rev().map(note).collect(),
    };
    Ok(finish::page(article(&web.frame(&reader, &signed).await?, &view)))
}

/// What stands in an article, the newest of each.
#[derive(Debug, Default)]
struct Text {
    head: Option<ArticleHead>,
    sections: Vec<Section>,
    notes: Vec<Written>,
    changed: Timestamp,
}

/// Something written beside it.
#[derive(Debug)]
struct Written {
    zh: String,
    en: String,
    at: Timestamp,
    text: String,
}

impl Written {
    fn who(&self, lang: Lang) -> String {
        match pick(lang, &self.zh, &self.en) {
            "" => lang.t(t::SOMEBODY).to_owned(),
            name => name.to_owned(),
        }
    }
}

impl Text {
    fn read(connection: &Connection, id: ArticleId) -> Result<Self, StoreError> {
        let mut text = Self::default();
        let mut items = event_list(connection, DocumentId::from(id))?;
        // A later operation of the same order replaces an earlier one, as everywhere.
        items.sort_by_key(|item| item.operation);
        for item in items {
            let Some(entry) = Entry::read(&item.entry) else {
                continue;
            };
            text.changed = text.changed.max(item.at);
            match entry.act {
                Act::Publish(head) => text.head = Some(*head),
                Act::WriteSection(section) => {
                    text.sections.retain(|old| old.order != section.order);
                    text.sections.push(*section);
                }
                Act::Annotate { text: words, .. } => {
                    let (zh, en) = names(connection, entry.by)?;
                    text.notes.push(Written {
                        zh,
                        en,
                        at: item.at,
                        text: words,
                    });
                }
                _ => {}
            }
        }
        text.sections.sort_by_key(|section| section.order);
        Ok(text)
    }

    /// Everything it says, for an excerpt.
    fn whole(&self, lang: Lang) -> String {
        let bodies = self
            .sections
            .iter()
            .map(|section| pick(lang, &section.body_zh, &section.body_en));
        bodies.collect::<Vec<_>>().join(" ")
    }
}

fn names(connection: &Connection, by: Author) -> Result<(String, String), StoreError> {
    Ok(match by {
        Author::Engineer(id) => read::engineer(connection, id)?
            .map(|row| (engineer_name(Lang::Zh, &row), engineer_name(Lang::En, &row)))
            .unwrap_or_default(),
        Author::Staff(id) => {
            let name = staff_display_name(connection, id)?.unwrap_or_default();
            (name.clone(), name)
        }
        Author::Customer | Author::Server => Default::default(),
    })
}
