//! Table `inbox`: cards for what was overruled or refused, with the person's own words.
//!
//! A card whose operation is open again, because the server lost it, is not shown: what HQ says next replaces it, and
//! what was put away stays so if HQ says the same. What a card says, its intent says as well.

use fieldline_model::id::OperationId;
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::parsed;
use crate::error::EngineError;
use crate::view::Card;

/// Puts a card in front of the person; the same verdict again does not bring a dismissed card back.
pub(crate) fn inbox_put(conn: &Connection, card: &Card) -> Result<(), EngineError> {
    conn.prepare_cached(
        "INSERT INTO inbox (operation, document, number, act, own_words, fate, code, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (operation) DO UPDATE SET fate = excluded.fate, code = excluded.code, at = excluded.at,
             dismissed = dismissed AND fate = excluded.fate AND code = excluded.code
         WHERE fate <> excluded.fate OR code <> excluded.code",
    )?
    .execute(params![
        card.operation.to_string(),
        card.document.to_string(),
        card.number,
        card.act,
        card.own_words,
        card.fate,
        card.code,
        card.at.ms(),
    ])?;
    Ok(())
}

/// Takes a card back: the operation counts after all.
pub(crate) fn inbox_delete(conn: &Connection, operation: OperationId) -> Result<(), EngineError> {
    conn.prepare_cached("DELETE FROM inbox WHERE operation = ?1")?
        .execute([operation.to_string()])?;
    Ok(())
}

/// The operation is merged, perhaps anew: a card of before goes, unless HQ said meanwhile that it does not count.
pub(crate) fn inbox_delete_merged(conn: &Connection, operation: OperationId) -> Result<(), EngineError> {
    conn.prepare_cached(
        "DELETE FROM inbox WHERE operation = ?1
            AND NOT EXISTS (SELECT 1 FROM intent WHERE intent.operation = ?1 AND displaced IS NOT NULL)",
    )?
    .execute([operation.to_string()])?;
    Ok(())
}

/// Fate and code of the card for an operation, dismissed or not.
pub(crate) fn inbox_reason(
    conn: &Connection,
    operation: OperationId,
) -> Result<Option<(String, String)>, EngineError> {
    let reason = conn
        .prepare_cached("SELECT fate, code FROM inbox WHERE operation = ?1")?
        .query_row([operation.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(reason)
}

/// The person has seen it. False when there is no such card.
pub(crate) fn inbox_dismiss(conn: &Connection, operation: OperationId) -> Result<bool, EngineError> {
    let count = conn.execute(
        "UPDATE inbox SET dismissed = 1 WHERE operation = ?1 AND dismissed = 0",
        [operation.to_string()],
    )?;
    Ok(count > 0)
}

/// The cards not dismissed yet, or all of them, newest first.
pub(crate) fn inbox_list(conn: &Connection, dismissed_too: bool) -> Result<Vec<Card>, EngineError> {
    let mut statement = conn.prepare_cached(
        "SELECT operation, document, number, act, own_words, fate, code, at,
             EXISTS (SELECT 1 FROM intent WHERE intent.operation = inbox.operation AND intent.state = 'merged')
         FROM inbox WHERE dismissed <= ?1 AND NOT EXISTS (
             SELECT 1 FROM intent WHERE intent.operation = inbox.operation AND state = 'saved' AND displaced IS NULL)
         ORDER BY at DESC, operation DESC",
    )?;
    let mut rows = statement.query([dismissed_too])?;
    let mut cards = Vec::new();
    while let Some(row) = rows.next()? {
        cards.push(Card {
            operation: parsed(&row.get::<_, String>(0)?, "inbox.operation")?,
            document: parsed(&row.get::<_, String>(1)?, "inbox.document")?,
            number: row.get(2)?,
            act: row.get(3)?,
            own_words: row.get(4)?,
            fate: row.get(5)?,
            code: row.get(6)?,
            at: Timestamp::from_ms(row.get(7)?),
            displaced: row.get(8)?,
        });
    }
    Ok(cards)
}
