//! What HQ's parts page reads: the sum of the ledger by location, since when it says so, and who holds what of it.

use fieldline_model::id::{LocationId, PartId};
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, params};

use super::StoreError;
use super::page_grant::{HeldSum, held_sum};
use super::value::parsed;

/// One part at one location.
#[derive(Debug, Clone)]
pub(crate) struct StockItem {
    pub(crate) location: LocationId,
    pub(crate) part: PartId,
    pub(crate) number: String,
    pub(crate) name_zh: String,
    pub(crate) name_en: String,
    pub(crate) location_zh: String,
    pub(crate) location_en: String,
    pub(crate) van: bool,
    pub(crate) quantity: i64,
    /// The newest movement booked.
    pub(crate) as_of: Timestamp,
    /// Who may consume them alone.
    pub(crate) held: HeldSum,
}

/// ?1 is the location, ?2 is searched for; both may be empty.
macro_rules! stock_from {
    () => {
        "FROM stock s JOIN part p ON p.id = s.part JOIN location l ON l.id = s.location
        WHERE (?1 = '' OR s.location = ?1) AND (?2 = '' OR instr(lower(p.number), lower(?2))
            OR instr(p.name_zh, ?2) OR instr(lower(p.name_en), lower(?2)))"
    };
}

/// How many rows there are. `location` and `search` may be empty.
pub(crate) fn stock_count(connection: &Connection, location: &str, search: &str) -> Result<u32, StoreError> {
    let mut statement = connection.prepare_cached(concat!("SELECT count(*) ", stock_from!()))?;
    Ok(statement.query_row([location, search.trim()], |row| row.get(0))?)
}

/// At most `limit` rows by part and location, after the first `offset`.
pub(crate) fn stock_list(
    connection: &Connection,
    location: &str,
    search: &str,
    now: Timestamp,
    offset: u32,
    limit: u32,
) -> Result<Vec<StockItem>, StoreError> {
    let sql = concat!(
        "SELECT p.number, p.name_zh, p.name_en, l.name_zh, l.name_en, coalesce(l.van, 0), s.quantity,
            coalesce((SELECT max(m.at) FROM movement m WHERE m.location = s.location AND m.part = s.part), 0),
            s.location, s.part ",
        stock_from!(),
        " ORDER BY p.number, l.van, l.name_zh, l.id LIMIT ?3 OFFSET ?4"
    );
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![location, search.trim(), limit, offset], |row| {
        Ok(StockItem {
            number: row.get(0)?,
            name_zh: row.get(1)?,
            name_en: row.get(2)?,
            location_zh: row.get(3)?,
            location_en: row.get(4)?,
            van: row.get(5)?,
            quantity: row.get(6)?,
            as_of: Timestamp::from_ms(row.get(7)?),
            location: parsed(row, 8)?,
            part: parsed(row, 9)?,
            held: HeldSum::default(),
        })
    })?;
    let mut items: Vec<StockItem> = rows.collect::<Result<_, _>>()?;
    for item in &mut items {
        item.held = held_sum(connection, item.location, item.part, now)?;
    }
    Ok(items)
}

/// Locations to choose from: id, Chinese, English; warehouses first.
pub(crate) fn location_choices(connection: &Connection) -> Result<Vec<(String, String, String)>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT id, name_zh, name_en FROM location ORDER BY coalesce(van, 0), name_zh, id")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
