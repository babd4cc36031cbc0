//! Table `article` and its full-text index, in both languages.

use fieldline_model::id::{ArticleId, DocumentId};
use fieldline_model::search::{index_text, match_expression};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::parsed;
use crate::error::EngineError;
use crate::project::ArticleText;
use crate::view::ArticleLine;

/// Weight of a hit in a title against one in the text.
const TITLE_WEIGHT: f64 = 8.0;

/// Writes an article's line and its text.
pub(crate) fn article_put(conn: &Connection, id: DocumentId, text: &ArticleText) -> Result<(), EngineError> {
    let words = |list: &[String]| list.join(" ");
    let n: i64 = conn
        .prepare_cached(
            "INSERT INTO article (document, manual, title_zh, title_en, category, faults, models)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (document) DO UPDATE SET manual = excluded.manual, title_zh = excluded.title_zh,
                 title_en = excluded.title_en, category = excluded.category, faults = excluded.faults,
                 models = excluded.models
             RETURNING n",
        )?
        .query_row(
            params![
                id.to_string(),
                text.head.manual,
                text.head.title_zh,
                text.head.title_en,
                text.head.category,
                words(&text.head.faults),
                words(&text.head.models),
            ],
            |row| row.get(0),
        )?;
    conn.prepare_cached("DELETE FROM article_fts WHERE rowid = ?1")?
        .execute([n])?;
    let title = format!(
        "{} {}",
        index_text(&text.head.title_zh),
        index_text(&text.head.title_en)
    );
    conn.prepare_cached("INSERT INTO article_fts (rowid, title, body) VALUES (?1, ?2, ?3)")?
        .execute(params![n, title, index_text(&text.body)])?;
    Ok(())
}

/// Whether the index lost what holds it together. What is only one text of it is found by its article.
pub(crate) fn article_index_is_lost(conn: &Connection) -> Result<bool, EngineError> {
    let whole = conn
        .prepare_cached(
            "SELECT 1 FROM article_fts_data WHERE id = 10
                AND EXISTS (SELECT 1 FROM article_fts_data WHERE id = 1)
                AND EXISTS (SELECT 1 FROM article_fts_config WHERE k = 'version')
                AND (EXISTS (SELECT 1 FROM article_fts_idx) OR NOT EXISTS (SELECT 1 FROM article_fts_docsize))",
        )?
        .exists([])?;
    Ok(!whole)
}

/// Empties the index.
pub(crate) fn article_reset_index(conn: &Connection) -> Result<(), EngineError> {
    // Without its version SQLite would not open it even for this.
    conn.execute(
        "INSERT OR IGNORE INTO article_fts_config (k, v) VALUES ('version', 4)",
        [],
    )?;
    conn.execute("INSERT INTO article_fts (article_fts) VALUES ('delete-all')", [])?;
    Ok(())
}

/// Removes an article from the index, before its document goes.
pub(crate) fn article_delete(conn: &Connection, id: DocumentId) -> Result<(), EngineError> {
    let n: Option<i64> = conn
        .query_row(
            "DELETE FROM article WHERE document = ?1 RETURNING n",
            [id.to_string()],
            |row| row.get(0),
        )
        .optional()?;
    if let Some(n) = n {
        conn.execute("DELETE FROM article_fts WHERE rowid = ?1", [n])?;
    }
    Ok(())
}

struct Raw(String, bool, String, String, Option<String>);

impl Raw {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self(
            row.get(0)?,
            row.get(1)?,
            row.get(2)?,
            row.get(3)?,
            row.get(4)?,
        ))
    }

    fn line(self) -> Result<ArticleLine, EngineError> {
        let document: DocumentId = parsed(&self.0, "article.document")?;
        let article: ArticleId = document
            .article()
            .ok_or(EngineError::BadValue("article.document"))?;
        Ok(ArticleLine {
            article,
            manual: self.1,
            title_zh: self.2,
            title_en: self.3,
            category: self.4,
        })
    }
}

/// The articles that hold all words of the query, best first. Nothing for a query without words.
pub(crate) fn article_search(
    conn: &Connection,
    query: &str,
    max: u32,
) -> Result<Vec<ArticleLine>, EngineError> {
    let Some(expression) = match_expression(query) else {
        return Ok(Vec::new());
    };
    let mut statement = conn.prepare_cached(
        "SELECT a.document, a.manual, a.title_zh, a.title_en, a.category
         FROM article_fts JOIN article a ON a.n = article_fts.rowid JOIN doc d ON d.id = a.document
         WHERE article_fts MATCH ?1 AND d.in_scope = 1
         ORDER BY bm25(article_fts, ?2, 1.0), a.n LIMIT ?3",
    )?;
    let raws: Vec<Raw> = statement
        .query_map(params![expression, TITLE_WEIGHT, max], Raw::read)?
        .collect::<Result<_, _>>()?;
    raws.into_iter().map(Raw::line).collect()
}

/// The articles about a fault first, then those about the model, then those about the category.
pub(crate) fn article_for(
    conn: &Connection,
    category: &str,
    fault: &str,
    model: &str,
    max: u32,
) -> Result<Vec<ArticleLine>, EngineError> {
    let mut statement = conn.prepare_cached(
        "SELECT a.document, a.manual, a.title_zh, a.title_en, a.category,
                ?2 <> '' AND instr(' ' || a.faults || ' ', ' ' || ?2 || ' ') > 0 AS by_fault,
                ?3 <> '' AND instr(' ' || a.models || ' ', ' ' || ?3 || ' ') > 0 AS by_model,
                ?1 <> '' AND a.category IS ?1 AS by_category
         FROM article a JOIN doc d ON d.id = a.document
         WHERE d.in_scope = 1 AND (by_fault OR by_model OR by_category)
         ORDER BY by_fault DESC, by_model DESC, a.manual, a.n LIMIT ?4",
    )?;
    let raws: Vec<Raw> = statement
        .query_map(params![category, fault, model, max], Raw::read)?
        .collect::<Result<_, _>>()?;
    raws.into_iter().map(Raw::line).collect()
}
