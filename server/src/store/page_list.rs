//! What HQ's lists and forms read: engineers with their phones, customers and assets to pick from, codes.

use fieldline_model::id::{CustomerId, DeviceId, EngineerId, SiteId};
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::StoreError;
use super::value::{from_json, parsed, parsed_maybe};

/// An engineer and the phone that counts: the living one heard of last, else the one revoked last.
#[derive(Debug, Clone)]
pub(crate) struct EngineerItem {
    pub(crate) id: EngineerId,
    pub(crate) name: String,
    pub(crate) name_en: String,
    pub(crate) skills: Vec<String>,
    pub(crate) phone: Option<PhoneItem>,
    /// Tickets in scope, and how many of them the phone held entirely when it last spoke.
    pub(crate) jobs: u32,
    pub(crate) complete: u32,
}

/// A phone.
#[derive(Debug, Clone)]
pub(crate) struct PhoneItem {
    pub(crate) seen: Option<Timestamp>,
    pub(crate) revoked: bool,
    /// Whether it has said how far it holds what was sent: it does so at the contact after.
    pub(crate) confirmed: bool,
    /// Operations it sent after it was revoked, held apart, with which nobody has dealt yet.
    pub(crate) held: u32,
}

macro_rules! engineer_sql {
    ($rest:literal) => {
        concat!(
            "SELECT e.id, e.name, e.name_en, e.skills, d.id, d.last_seen_at, d.revoked_at IS NOT NULL,
                (SELECT count(DISTINCT r.operation) FROM refused r WHERE r.device = d.id AND r.code = 'device_revoked'
                    AND r.seen_at IS NULL),
                (SELECT count(*) FROM scope s WHERE s.engineer = e.id AND s.document LIKE 'ticket-%'),
                -- What a phone wrote itself it holds, wherever its cursor stands.
                (SELECT count(*) FROM scope s WHERE s.engineer = e.id AND s.document LIKE 'ticket-%'
                    AND max(s.seq, coalesce((SELECT max(c.seq) FROM change c
                        WHERE c.document = s.document AND c.device IS NOT d.id), 0)) <= coalesce(d.cursor_seq, -1)),
                coalesce(d.cursor_seq, 0) > 0
            FROM engineer e LEFT JOIN device d ON d.id = (SELECT p.id FROM device p WHERE p.engineer = e.id
                ORDER BY p.revoked_at IS NOT NULL, p.revoked_at DESC, p.last_seen_at DESC, p.id LIMIT 1) ",
            $rest
        )
    };
}

fn engineer_of(row: &Row<'_>) -> rusqlite::Result<(EngineerItem, String)> {
    let phone = parsed_maybe::<DeviceId>(row, 4)?.map(|_| {
        Ok::<_, rusqlite::Error>(PhoneItem {
            seen: row.get::<_, Option<i64>>(5)?.map(Timestamp::from_ms),
            revoked: row.get(6)?,
            held: row.get(7)?,
            confirmed: row.get(10)?,
        })
    });
    let item = EngineerItem {
        id: parsed(row, 0)?,
        name: row.get(1)?,
        name_en: row.get::<_, Option<String>>(2)?.unwrap_or_default(),
        skills: Vec::new(),
        phone: phone.transpose()?,
        jobs: row.get(8)?,
        complete: row.get(9)?,
    };
    Ok((
        item,
        row.get::<_, Option<String>>(3)?.unwrap_or_else(|| "[]".into()),
    ))
}

fn with_skills((mut item, skills): (EngineerItem, String)) -> Result<EngineerItem, StoreError> {
    item.skills = from_json(&skills)?;
    Ok(item)
}

/// How many engineers there are.
pub(crate) fn engineer_count(connection: &Connection) -> Result<u32, StoreError> {
    let mut statement = connection.prepare_cached("SELECT count(*) FROM engineer")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

/// At most `limit` engineers after the first `offset`, by name.
pub(crate) fn engineer_list(
    connection: &Connection,
    offset: u32,
    limit: u32,
) -> Result<Vec<EngineerItem>, StoreError> {
    let sql = engineer_sql!("ORDER BY e.name, e.id LIMIT ?1 OFFSET ?2");
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement
        .query_map([limit, offset], engineer_of)?
        .collect::<Result<Vec<_>, _>>()?;
    rows.into_iter().map(with_skills).collect()
}

/// One engineer.
pub(crate) fn engineer_item(
    connection: &Connection,
    id: EngineerId,
) -> Result<Option<EngineerItem>, StoreError> {
    let mut statement = connection.prepare_cached(engineer_sql!("WHERE e.id = ?1"))?;
    let found = statement.query_row([id.to_string()], engineer_of).optional()?;
    found.map(with_skills).transpose()
}

/// How many open visits each engineer has that are planned, or begun, between two moments.
pub(crate) fn engineer_loads(
    connection: &Connection,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<(EngineerId, u32)>, StoreError> {
    let sql = "SELECT engineer, count(*) FROM visit WHERE engineer IS NOT NULL AND withdrawn IS NULL
            AND phase NOT IN ('done', 'declined') AND coalesce(plan_start, departed_at, ?1) >= ?1
            AND coalesce(plan_start, departed_at, ?1) < ?2
        GROUP BY engineer";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([from.ms(), to.ms()], |row| Ok((parsed(row, 0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Customers to suggest: id, name, name in English.
pub(crate) fn customer_choices(
    connection: &Connection,
    limit: u32,
) -> Result<Vec<(CustomerId, String, Option<String>)>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT id, name, name_en FROM customer ORDER BY name, id LIMIT ?1")?;
    let rows = statement.query_map([limit], |row| Ok((parsed(row, 0)?, row.get(1)?, row.get(2)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Customers of one name to choose from; whoever has more of them picks from the list of all.
const NAMESAKES_MAX: u32 = 20;

/// The customers called exactly so, in either language; at most [`NAMESAKES_MAX`].
pub(crate) fn customer_named(connection: &Connection, name: &str) -> Result<Vec<CustomerId>, StoreError> {
    let sql = "SELECT id FROM customer WHERE lower(name) = lower(?1) OR lower(name_en) = lower(?1) ORDER BY id LIMIT ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![name, NAMESAKES_MAX], |row| parsed(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Assets to suggest: id, model in Chinese and English, serial number.
pub(crate) fn asset_choices(connection: &Connection, limit: u32) -> Result<Vec<[String; 4]>, StoreError> {
    let sql =
        "SELECT id, coalesce(nullif(model_zh, ''), model), coalesce(nullif(model_en, ''), model), serial
        FROM asset ORDER BY 2, serial LIMIT ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([limit], |row| {
        Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?])
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The asset with this serial number.
pub(crate) fn asset_with_serial(connection: &Connection, serial: &str) -> Result<Option<String>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id FROM row WHERE kind = 'asset' AND body ->> '$.asset.serial' = ?1 LIMIT 1",
    )?;
    Ok(statement.query_row([serial], |row| row.get(0)).optional()?)
}

/// A customer's first site and first contact.
pub(crate) fn customer_first(
    connection: &Connection,
    customer: CustomerId,
) -> Result<(Option<SiteId>, Option<String>), StoreError> {
    let one = |sql: &str| -> Result<Option<String>, StoreError> {
        let mut statement = connection.prepare_cached(sql)?;
        Ok(statement
            .query_row(params![customer.to_string()], |row| row.get(0))
            .optional()?)
    };
    let site = one(
        "SELECT id FROM row WHERE kind = 'site' AND body ->> '$.site.customer' = ?1 ORDER BY id LIMIT 1",
    )?;
    let contact = one(
        "SELECT id FROM row WHERE kind = 'contact' AND body ->> '$.contact.customer' = ?1 ORDER BY id LIMIT 1",
    )?;
    Ok((site.and_then(|id| id.parse().ok()), contact))
}

/// Codes of a sort: code, Chinese, English.
pub(crate) fn code_choices(
    connection: &Connection,
    sort: &str,
    limit: u32,
) -> Result<Vec<(String, String, String)>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT id, zh, en FROM code WHERE sort = ?1 ORDER BY id LIMIT ?2")?;
    let rows = statement.query_map(params![sort, limit], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The company's offset from UTC, where its database names one.
pub(crate) fn utc_offset_minutes(connection: &Connection) -> Result<Option<i32>, StoreError> {
    let sql = "SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'utc_offset_minutes'";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row([], |row| row.get(0)).optional()?)
}

/// A phone that is not revoked.
#[derive(Debug, Clone)]
pub(crate) struct LivingPhone {
    pub(crate) id: DeviceId,
    pub(crate) name: String,
    /// Version of its app, as it said itself.
    pub(crate) app: Option<String>,
    pub(crate) enrolled: Timestamp,
    /// Last contact.
    pub(crate) seen: Option<Timestamp>,
}

/// The phones of an engineer that are not revoked, in the order they were enrolled: it does not change under the reader.
pub(crate) fn phone_living(
    connection: &Connection,
    engineer: EngineerId,
) -> Result<Vec<LivingPhone>, StoreError> {
    let sql =
        "SELECT id, name, enrolled_at, last_seen_at, app FROM device WHERE engineer = ?1 AND revoked_at IS NULL
        ORDER BY enrolled_at, id";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([engineer.to_string()], |row| {
        Ok(LivingPhone {
            id: parsed(row, 0)?,
            name: row.get(1)?,
            app: row.get(4)?,
            enrolled: Timestamp::from_ms(row.get(2)?),
            seen: row.get::<_, Option<i64>>(3)?.map(Timestamp::from_ms),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether an engineer had this phone, and it is revoked.
pub(crate) fn phone_was(
    connection: &Connection,
    engineer: EngineerId,
    phone: DeviceId,
) -> Result<bool, StoreError> {
    let sql = "SELECT count(*) > 0 FROM device WHERE id = ?1 AND engineer = ?2 AND revoked_at IS NOT NULL";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row(params![phone.to_string(), engineer.to_string()], |row| row.get(0))?)
}
