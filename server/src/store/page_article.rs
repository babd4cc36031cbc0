//! What HQ's knowledge pages read: articles found by words in either language, newest first without any.

use fieldline_model::id::ArticleId;
use fieldline_model::search::match_expression;
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::StoreError;
use super::value::{from_json, parsed};

/// An article found.
#[derive(Debug, Clone)]
pub(crate) struct ArticleItem {
    pub(crate) id: ArticleId,
    pub(crate) title_zh: String,
    pub(crate) title_en: String,
    pub(crate) models: Vec<String>,
    pub(crate) changed: Timestamp,
}

fn item_of(row: &Row<'_>) -> rusqlite::Result<(ArticleItem, String)> {
    let item = ArticleItem {
        id: parsed(row, 0)?,
        title_zh: row.get(1)?,
        title_en: row.get(2)?,
        models: Vec::new(),
        changed: Timestamp::from_ms(row.get(4)?),
    };
    Ok((item, row.get(3)?))
}

fn with_models(rows: Vec<(ArticleItem, String)>) -> Result<Vec<ArticleItem>, StoreError> {
    let fill = |(mut item, models): (ArticleItem, String)| {
        item.models = from_json(&models)?;
        Ok(item)
    };
    rows.into_iter().map(fill).collect()
}

/// An article's title in Chinese and in English.
pub(crate) fn article_title(
    connection: &Connection,
    id: ArticleId,
) -> Result<Option<(String, String)>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT title_zh, title_en FROM article WHERE id = ?1")?;
    let found = statement.query_row([id.to_string()], |row| Ok((row.get(0)?, row.get(1)?)));
    Ok(found.optional()?)
}

/// How many articles a search finds; all of them without a search.
pub(crate) fn article_count(connection: &Connection, search: &str) -> Result<u32, StoreError> {
    match match_expression(search) {
        Some(expression) => {
            let sql = "SELECT count(*) FROM article_text x JOIN article a ON a.id = x.id WHERE article_text MATCH ?1";
            let mut statement = connection.prepare_cached(sql)?;
            Ok(statement.query_row([expression], |row| row.get(0))?)
        }
        None if search.trim().is_empty() => {
            let mut statement = connection.prepare_cached("SELECT count(*) FROM article")?;
            Ok(statement.query_row([], |row| row.get(0))?)
        }
        None => Ok(0),
    }
}

/// At most `limit` articles after the first `offset`: best first for a search, otherwise the ones changed last.
pub(crate) fn article_list(
    connection: &Connection,
    search: &str,
    offset: u32,
    limit: u32,
) -> Result<Vec<ArticleItem>, StoreError> {
    let rows = match match_expression(search) {
        Some(expression) => {
            // A hit in the title weighs ten times one in the body.
            let sql = "SELECT a.id, a.title_zh, a.title_en, a.models,
                    coalesce((SELECT max(at) FROM event WHERE document = 'article-' || a.id), 0)
                FROM article_text x JOIN article a ON a.id = x.id
                WHERE article_text MATCH ?1 ORDER BY bm25(article_text, 0, 10, 1), a.id LIMIT ?2 OFFSET ?3";
            let mut statement = connection.prepare_cached(sql)?;
            statement
                .query_map(params![expression, limit, offset], item_of)?
                .collect::<Result<Vec<_>, _>>()?
        }
        None if search.trim().is_empty() => {
            let sql = "SELECT id, title_zh, title_en, models,
                    coalesce((SELECT max(at) FROM event WHERE document = 'article-' || article.id), 0) AS changed
                FROM article ORDER BY changed DESC, id LIMIT ?1 OFFSET ?2";
            let mut statement = connection.prepare_cached(sql)?;
            statement
                .query_map([limit, offset], item_of)?
                .collect::<Result<Vec<_>, _>>()?
        }
        None => Vec::new(),
    };
    with_models(rows)
}
