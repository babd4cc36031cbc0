//! Table `row`: what tickets point at. The body is kept as it came, with labels beside it for lists.

use fieldline_model::row::{Row, RowKind};
use fieldline_model::time::Timestamp;
use fieldline_model::wire::{RowHeld, digest_of_row, row_digest};
use rusqlite::{Connection, OptionalExtension, params};

use super::stock::{stock_delete, stock_put, stock_since};
use super::tally::{Tallied, tally_add};
use super::to_signed;
use crate::error::EngineError;

struct Labels {
    label: String,
    label_en: String,
    detail: String,
}

fn labels(row: &Row) -> Labels {
    let (label, label_en, detail) = match row {
        Row::Customer(row) => (
            row.name.clone(),
            row.name_en.clone(),
            row.vip.clone().unwrap_or_default(),
        ),
        Row::Contact(row) => (row.name.clone(), None, row.phone.clone()),
        Row::Site(row) => (row.one_line(), None, row.city.clone()),
        Row::Asset(row) => (
            row.model_zh.clone(),
            Some(row.model_en.clone()),
            row.serial.clone(),
        ),
        Row::Engineer(row) => (row.name.clone(), Some(row.name_en.clone()), String::new()),
        Row::Part(row) => (row.name_zh.clone(), Some(row.name_en.clone()), row.number.clone()),
        Row::Location(row) => (row.name_zh.clone(), Some(row.name_en.clone()), String::new()),
        Row::Code(row) => (row.zh.clone(), Some(row.en.clone()), row.sort.clone()),
        Row::Checklist(_) | Row::Stock(_) => (String::new(), None, String::new()),
    };
    let label_en = label_en
        .filter(|text| !text.is_empty())
        .unwrap_or_else(|| label.clone());
    Labels {
        label,
        label_en,
        detail,
    }
}

/// Keeps a row, new or changed. After `seq` in the log it is no news.
pub(crate) fn row_put(conn: &Connection, row: &Row, as_of: Timestamp, seq: u64) -> Result<(), EngineError> {
    conn.prepare_cached("DELETE FROM row_gone WHERE kind = ?1 AND id = ?2")?
        .execute([row.kind().word(), &row.id()])?;
    if let Row::Stock(stock) = row {
        return stock_put(conn, stock, as_of, seq);
    }
    let json = serde_json::to_string(row).map_err(|_| EngineError::BadValue("row.json"))?;
    let Labels {
        label,
        label_en,
        detail,
    } = labels(row);
    let (kind, id) = (row.kind().word(), row.id());
    let known = conn
        .prepare_cached("SELECT 1 FROM \"row\" WHERE kind = ?1 AND id = ?2")?
        .exists([kind, &id])?;
    tally_add(conn, Tallied::Row, i64::from(!known))?;
    conn.prepare_cached(
        "INSERT INTO \"row\" (kind, id, json, label, label_en, detail, seq) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (kind, id) DO UPDATE SET json = excluded.json, label = excluded.label,
             label_en = excluded.label_en, detail = excluded.detail, seq = excluded.seq",
    )?
    .execute(params![kind, id, json, label, label_en, detail, to_signed(seq)])?;
    Ok(())
}

/// Forgets a row that HQ takes away; `seq` as in [`row_put`].
pub(crate) fn row_delete(conn: &Connection, kind: RowKind, id: &str, seq: u64) -> Result<(), EngineError> {
    conn.prepare_cached("INSERT OR REPLACE INTO row_gone (kind, id, seq) VALUES (?1, ?2, ?3)")?
        .execute(params![kind.word(), id, to_signed(seq)])?;
    if kind == RowKind::Stock {
        return stock_delete(conn, id);
    }
    let gone = conn
        .prepare_cached("DELETE FROM \"row\" WHERE kind = ?1 AND id = ?2")?
        .execute([kind.word(), id])?;
    tally_add(conn, Tallied::Row, if gone > 0 { -1 } else { 0 })
}

/// One row; `None` when it is not here or this version cannot read it.
pub(crate) fn row_get(conn: &Connection, kind: RowKind, id: &str) -> Result<Option<Row>, EngineError> {
    let json: Option<String> = conn
        .prepare_cached("SELECT json FROM \"row\" WHERE kind = ?1 AND id = ?2")?
        .query_row([kind.word(), id], |row| row.get(0))
        .optional()?;
    Ok(json.and_then(|json| serde_json::from_str(&json).ok()))
}

/// All rows of a kind, by id.
pub(crate) fn row_list(conn: &Connection, kind: RowKind) -> Result<Vec<Row>, EngineError> {
    let mut statement = conn.prepare_cached("SELECT json FROM \"row\" WHERE kind = ?1 ORDER BY id")?;
    let jsons: Vec<String> = statement
        .query_map([kind.word()], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(jsons
        .iter()
        .filter_map(|json| serde_json::from_str(json).ok())
        .collect())
}

/// Rows that came or went after this place of the log.
pub(crate) fn row_since(conn: &Connection, seq: u64) -> Result<Vec<RowHeld>, EngineError> {
    let mut since = Vec::new();
    let mut statement =
        conn.prepare_cached("SELECT kind, id, json FROM \"row\" WHERE seq > ?1 ORDER BY kind, id")?;
    let mut rows = statement.query([to_signed(seq)])?;
    while let Some(row) = rows.next()? {
        let (word, id, json): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        // A kind that this version cannot read it was never sent.
        if let Some(kind) = RowKind::from_word(&word) {
            let digest = row_digest(kind, &id, &json);
            since.push(RowHeld(kind, id, Some(digest.into())));
        }
    }
    for stock in stock_since(conn, seq)? {
        let row = Row::Stock(stock);
        let digest = digest_of_row(&row).map(Into::into);
        since.push(RowHeld(RowKind::Stock, row.id(), digest));
    }
    let mut statement =
        conn.prepare_cached("SELECT kind, id FROM row_gone WHERE seq > ?1 ORDER BY kind, id")?;
    let mut rows = statement.query([to_signed(seq)])?;
    while let Some(row) = rows.next()? {
        let word: String = row.get(0)?;
        if let Some(kind) = RowKind::from_word(&word) {
            since.push(RowHeld(kind, row.get(1)?, None));
        }
    }
    Ok(since)
}
