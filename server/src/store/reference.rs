//! Reading reference rows, stock, devices, articles, fates and refused changes in pages.

use fieldline_model::id::{
    ArticleId, CustomerId, DeviceId, EngineerId, LocationId, OperationId, PartId, SiteId,
};
use fieldline_model::row::{Row, RowKind};
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, ToSql, params};

use super::StoreError;
use super::row::row_read;
use super::ticket::{like, moment};
use super::value::{from_json, parsed, parsed_maybe};

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

/// What became of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FateRow {
    /// The operation.
    pub operation: OperationId,
    /// Its document.
    pub document: String,
    /// `merged`, `overruled` or `refused`.
    pub fate: String,
    /// Why.
    pub code: Option<String>,
    /// The phone it came from; none = the server itself.
    pub device: Option<DeviceId>,
    /// When it was decided.
    pub at: Timestamp,
}

/// The fate of an operation.
///
/// # Errors
/// As the database says.
pub fn fate_get(connection: &Connection, operation: OperationId) -> Result<Option<FateRow>, StoreError> {
    let sql = "SELECT operation, document, fate, code, device, at FROM fate WHERE operation = ?1";
    let fate = connection
        .prepare_cached(sql)?
        .query_row([operation.to_string()], |row| {
            Ok(FateRow {
                operation: parsed(row, 0)?,
                document: row.get(1)?,
                fate: row.get(2)?,
                code: row.get(3)?,
                device: parsed_maybe(row, 4)?,
                at: moment(row, 5)?,
            })
        });
    Ok(fate.optional()?)
}

/// A change that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRow {
    /// Its hash in hexadecimal.
    pub hash: String,
    /// Its document.
    pub document: String,
    /// Its operation, when it could be read.
    pub operation: Option<OperationId>,
    /// Why.
    pub code: String,
    /// The phone it came from.
    pub device: DeviceId,
    /// The author's own words, when they could be read.
    pub entry: Option<String>,
    /// When it came.
    pub at: Timestamp,
}

/// Refused changes by hash, those after `after`, with one document's only when it is given.
///
/// # Errors
/// As the database says.
pub fn refused_list(
    connection: &Connection,
    document: Option<&str>,
    after: &str,
    limit: u32,
) -> Result<Vec<RefusedRow>, StoreError> {
    let sql = "SELECT lower(hex(hash)), document, operation, code, device, entry, at FROM refused
        WHERE hash > unhex(?1) AND (?2 IS NULL OR document = ?2) ORDER BY hash LIMIT ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![after, document, limit], |row| {
        Ok(RefusedRow {
            hash: row.get(0)?,
            document: row.get(1)?,
            operation: parsed_maybe(row, 2)?,
            code: row.get(3)?,
            device: parsed(row, 4)?,
            entry: row.get(5)?,
            at: moment(row, 6)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
