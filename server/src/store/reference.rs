//! Reading reference rows, stock and devices in pages.

use fieldline_model::id::{CustomerId, DeviceId, EngineerId, LocationId, PartId, SiteId};
use fieldline_model::row::{Row, RowKind};
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, ToSql, params};

use super::StoreError;
use super::row::row_read;
use super::ticket::{like, moment};
use super::value::{from_json, parsed};

/// One row.
///
/// # Errors
/// As the database says.
pub fn row_get(connection: &Connection, kind: RowKind, id: &str) -> Result<Option<Row>, StoreError> {
    Ok(row_read(connection, kind, id)?.map(|(row, _)| row))
}

fn rows(connection: &Connection, sql: &str, values: &[&dyn ToSql]) -> Result<Vec<Row>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let bodies = statement.query_map(values, |row| row.get::<_, String>(0))?;
    bodies.map(|body| from_json(&body?)).collect()
}

/// Rows of one kind by id, those after `after`.
///
/// # Errors
/// As the database says.
pub fn row_list(
    connection: &Connection,
    kind: RowKind,
    after: &str,
    limit: u32,
) -> Result<Vec<Row>, StoreError> {
    let sql = "SELECT body FROM row WHERE kind = ?1 AND id > ?2 ORDER BY id LIMIT ?3";
    rows(connection, sql, &[&kind.word(), &after, &limit])
}

/// Customers whose name or contract holds `q`.
///
/// # Errors
/// As the database says.
pub fn customer_list(
    connection: &Connection,
    q: Option<&str>,
    after: &str,
    limit: u32,
) -> Result<Vec<Row>, StoreError> {
    let sql = "SELECT body FROM row WHERE kind = 'customer' AND id > ?1
            AND (?2 IS NULL OR body ->> '$.customer.name' LIKE ?2 ESCAPE '\\'
                OR body ->> '$.customer.name_en' LIKE ?2 ESCAPE '\\' OR body ->> '$.customer.contract' LIKE ?2 ESCAPE '\\')
        ORDER BY id LIMIT ?3";
    rows(connection, sql, &[&after, &q.map(like), &limit])
}

/// Contacts, of one customer when it is given.
///
/// # Errors
/// As the database says.
pub fn contact_list(
    connection: &Connection,
    customer: Option<CustomerId>,
    after: &str,
    limit: u32,
) -> Result<Vec<Row>, StoreError> {
    let sql = "SELECT body FROM row WHERE kind = 'contact' AND id > ?1
            AND (?2 IS NULL OR body ->> '$.contact.customer' = ?2) ORDER BY id LIMIT ?3";
    rows(
        connection,
        sql,
        &[&after, &customer.map(|id| id.to_string()), &limit],
    )
}

/// Sites, of one customer when it is given.
///
/// # Errors
/// As the database says.
pub fn site_list(
    connection: &Connection,
    customer: Option<CustomerId>,
    after: &str,
    limit: u32,
) -> Result<Vec<Row>, StoreError> {
    let sql = "SELECT body FROM row WHERE kind = 'site' AND id > ?1
            AND (?2 IS NULL OR body ->> '$.site.customer' = ?2) ORDER BY id LIMIT ?3";
    rows(
        connection,
        sql,
        &[&after, &customer.map(|id| id.to_string()), &limit],
    )
}

/// Assets, of one site, one customer or with one serial number when given.
///
/// # Errors
/// As the database says.
pub fn asset_list(
    connection: &Connection,
    site: Option<SiteId>,
    customer: Option<CustomerId>,
    serial: Option<&str>,
    after: &str,
    limit: u32,
) -> Result<Vec<Row>, StoreError> {
    let sql = "SELECT body FROM row WHERE kind = 'asset' AND id > ?1
            AND (?2 IS NULL OR body ->> '$.asset.site' = ?2)
            AND (?3 IS NULL OR body ->> '$.asset.site' IN (SELECT id FROM site WHERE customer = ?3))
            AND (?4 IS NULL OR body ->> '$.asset.serial' = ?4)
        ORDER BY id LIMIT ?5";
    let (site, customer) = (site.map(|id| id.to_string()), customer.map(|id| id.to_string()));
    rows(connection, sql, &[&after, &site, &customer, &serial, &limit])
}

/// Parts whose number or name holds `q`.
///
/// # Errors
/// As the database says.
pub fn part_list(
    connection: &Connection,
    q: Option<&str>,
    after: &str,
    limit: u32,
) -> Result<Vec<Row>, StoreError> {
    let sql = "SELECT body FROM row WHERE kind = 'part' AND id > ?1
            AND (?2 IS NULL OR body ->> '$.part.number' LIKE ?2 ESCAPE '\\'
                OR body ->> '$.part.name_zh' LIKE ?2 ESCAPE '\\' OR body ->> '$.part.name_en' LIKE ?2 ESCAPE '\\')
        ORDER BY id LIMIT ?3";
    rows(connection, sql, &[&after, &q.map(like), &limit])
}

/// One quantity of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockRow {
    /// Where.
    pub location: LocationId,
    /// What.
    pub part: PartId,
    /// How many.
    pub quantity: i64,
}

/// The ledger by location and part, those after `after`, a pair `<location>/<part>`.
///
/// # Errors
/// As the database says.
pub fn stock_list(
    connection: &Connection,
    location: Option<LocationId>,
    part: Option<PartId>,
    after: &str,
    limit: u32,
) -> Result<Vec<StockRow>, StoreError> {
    let sql = "SELECT location, part, quantity FROM stock
        WHERE location || '/' || part > ?1 AND (?2 IS NULL OR location = ?2) AND (?3 IS NULL OR part = ?3)
        ORDER BY location, part LIMIT ?4";
    let mut statement = connection.prepare_cached(sql)?;
    let (location, part) = (location.map(|id| id.to_string()), part.map(|id| id.to_string()));
    let rows = statement.query_map(params![after, location, part, limit], |row| {
        Ok(StockRow {
            location: parsed(row, 0)?,
            part: parsed(row, 1)?,
            quantity: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether anything was ever booked for this pair.
///
/// # Errors
/// As the database says.
pub fn stock_known(connection: &Connection, location: LocationId, part: PartId) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM stock WHERE location = ?1 AND part = ?2")?;
    Ok(statement.exists([location.to_string(), part.to_string()])?)
}

/// Every model some asset is of, with its category.
///
/// # Errors
/// As the database says.
pub fn model_list(connection: &Connection) -> Result<Vec<(String, String)>, StoreError> {
    let sql = "SELECT model, min(category) FROM asset GROUP BY model ORDER BY model";
    let mut statement = connection.prepare_cached(sql)?;
    let models = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(models.collect::<Result<_, _>>()?)
}

/// A phone as people may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceView {
    /// Id.
    pub id: DeviceId,
    /// Whose.
    pub engineer: EngineerId,
    /// Name of the phone.
    pub name: String,
    /// Version of its app.
    pub app: Option<String>,
    /// Enrolled.
    pub enrolled_at: Timestamp,
    /// Last heard of.
    pub last_seen_at: Option<Timestamp>,
    /// Revoked.
    pub revoked_at: Option<Timestamp>,
}

fn device_of(row: &rusqlite::Row<'_>) -> rusqlite::Result<DeviceView> {
    Ok(DeviceView {
        id: parsed(row, 0)?,
        engineer: parsed(row, 1)?,
        name: row.get(2)?,
        app: row.get(3)?,
        enrolled_at: moment(row, 4)?,
        last_seen_at: row.get::<_, Option<i64>>(5)?.map(Timestamp::from_ms),
        revoked_at: row.get::<_, Option<i64>>(6)?.map(Timestamp::from_ms),
    })
}

/// The phones of an engineer by id, those after `after`.
///
/// # Errors
/// As the database says.
pub fn device_list(
    connection: &Connection,
    engineer: EngineerId,
    after: &str,
    limit: u32,
) -> Result<Vec<DeviceView>, StoreError> {
    let sql = "SELECT id, engineer, name, app, enrolled_at, last_seen_at, revoked_at FROM device
        WHERE engineer = ?1 AND id > ?2 ORDER BY id LIMIT ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![engineer.to_string(), after, limit], device_of)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One phone.
///
/// # Errors
/// As the database says.
pub fn device_get(connection: &Connection, id: DeviceId) -> Result<Option<DeviceView>, StoreError> {
    let sql =
        "SELECT id, engineer, name, app, enrolled_at, last_seen_at, revoked_at FROM device WHERE id = ?1";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([id.to_string()], device_of)
        .optional()?)
}
