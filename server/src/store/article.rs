//! Reading the index of articles and manuals.

use fieldline_model::id::ArticleId;
use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;
use super::value::{from_json, parsed};

/// An article without its sections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleView {
    /// Id.
    pub id: ArticleId,
    /// A manual, not a knowledge article.
    pub manual: bool,
    /// Title in Chinese.
    pub title_zh: String,
    /// Title in English.
    pub title_en: String,
    /// Device category.
    pub category: Option<String>,
    /// Fault codes.
    pub faults: Vec<String>,
    /// Models.
    pub models: Vec<String>,
    /// How many annotations it has.
    pub annotations: u32,
}

fn article_of(row: &rusqlite::Row<'_>) -> rusqlite::Result<Result<ArticleView, StoreError>> {
    let (faults, models): (String, String) = (row.get(5)?, row.get(6)?);
    let (Ok(faults), Ok(models)) = (from_json(&faults), from_json(&models)) else {
        return Ok(Err(StoreError::Corrupt("article".into())));
    };
    Ok(Ok(ArticleView {
        id: parsed(row, 0)?,
        manual: row.get(1)?,
        title_zh: row.get(2)?,
        title_en: row.get(3)?,
        category: row.get(4)?,
        faults,
        models,
        annotations: row.get(7)?,
    }))
}

/// Articles by id, those after `after`; with `expression` those its full-text search finds.
///
/// # Errors
/// As the database says.
pub fn article_list(
    connection: &Connection,
    expression: Option<&str>,
    category: Option<&str>,
    after: &str,
    limit: u32,
) -> Result<Vec<ArticleView>, StoreError> {
    let all = "SELECT id, manual, title_zh, title_en, category, faults, models, annotations FROM article
        WHERE id > ?1 AND (?2 IS NULL OR category = ?2) ORDER BY id LIMIT ?3";
    let found = "SELECT id, manual, title_zh, title_en, category, faults, models, annotations FROM article
        WHERE id > ?1 AND (?2 IS NULL OR category = ?2)
            AND id IN (SELECT id FROM article_text WHERE article_text MATCH ?4) ORDER BY id LIMIT ?3";
    match expression {
        None => {
            let mut statement = connection.prepare_cached(all)?;
            statement
                .query_map(params![after, category, limit], article_of)?
                .map(|row| row?)
                .collect()
        }
        Some(expression) => {
            let mut statement = connection.prepare_cached(found)?;
            statement
                .query_map(params![after, category, limit, expression], article_of)?
                .map(|row| row?)
                .collect()
        }
    }
}

/// One article without its sections.
///
/// # Errors
/// As the database says.
pub fn article_get(connection: &Connection, id: ArticleId) -> Result<Option<ArticleView>, StoreError> {
    let sql = "SELECT id, manual, title_zh, title_en, category, faults, models, annotations FROM article WHERE id = ?1";
    connection
        .prepare_cached(sql)?
        .query_row([id.to_string()], article_of)
        .optional()?
        .transpose()
}
