//! The tables of what HQ keeps beside the reference rows.

use fieldline_model::id::{CustomerId, EngineerId, PartId};
use fieldline_model::operation::Position;
use fieldline_model::row::RowKind;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::StoreError;
use super::value::{from_sql, to_sql};
use crate::hq_row::{Certificate, EngineerFile, HqRow, Price, SlaPlan};

/// Writes over what was there. False when it said the same before.
pub(crate) fn hq_row_write(connection: &Connection, new: &HqRow) -> Result<bool, StoreError> {
    match new {
        HqRow::Plan(plan) => plan_write(connection, plan),
        HqRow::Engineer(engineer, file) => file_write(connection, *engineer, file),
        HqRow::Price(part, price) => price_write(connection, *part, price.as_ref()),
    }
}

/// Takes away what is kept beside a reference row that goes.
pub(crate) fn hq_row_delete(connection: &Connection, kind: RowKind, id: &str) -> Result<(), StoreError> {
    match kind {
        RowKind::Engineer => {
            connection
                .prepare_cached("DELETE FROM engineer_file WHERE engineer = ?1")?
                .execute([id])?;
            certificates_delete(connection, id)
        }
        RowKind::Part => {
            connection
                .prepare_cached("DELETE FROM part_price WHERE part = ?1")?
                .execute([id])?;
            Ok(())
        }
        RowKind::Customer
        | RowKind::Contact
        | RowKind::Site
        | RowKind::Asset
        | RowKind::Stock
        | RowKind::Location
        | RowKind::Checklist
        | RowKind::Code => Ok(()),
    }
}

/// One SLA plan.
///
/// # Errors
/// As the database says.
pub fn sla_plan_get(connection: &Connection, code: &str) -> Result<Option<SlaPlan>, StoreError> {
    let sql = "SELECT code, name_zh, name_en, response_min, onsite_min, hours FROM sla_plan WHERE code = ?1";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([code], plan_of)
        .optional()?)
}

/// The SLA plan of a customer, when it has one that is known.
///
/// # Errors
/// As the database says.
pub fn sla_plan_of(connection: &Connection, customer: CustomerId) -> Result<Option<SlaPlan>, StoreError> {
    let sql = "SELECT code, name_zh, name_en, response_min, onsite_min, hours FROM sla_plan
        WHERE code = (SELECT sla_plan FROM customer WHERE id = ?1)";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([customer.to_string()], plan_of)
        .optional()?)
}

/// SLA plans by code, those after `after`.
///
/// # Errors
/// As the database says.
pub fn sla_plan_list(connection: &Connection, after: &str, limit: u32) -> Result<Vec<SlaPlan>, StoreError> {
    let sql = "SELECT code, name_zh, name_en, response_min, onsite_min, hours FROM sla_plan
        WHERE code > ?1 ORDER BY code LIMIT ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let plans = statement.query_map(params![after, limit], plan_of)?;
    Ok(plans.collect::<Result<_, _>>()?)
}

fn plan_of(row: &Row<'_>) -> rusqlite::Result<SlaPlan> {
    Ok(SlaPlan {
        code: row.get(0)?,
        name_zh: row.get(1)?,
        name_en: row.get(2)?,
        response_min: row.get(3)?,
        onsite_min: row.get(4)?,
        hours: row.get(5)?,
    })
}

fn plan_write(connection: &Connection, plan: &SlaPlan) -> Result<bool, StoreError> {
    if sla_plan_get(connection, &plan.code)?.as_ref() == Some(plan) {
        return Ok(false);
    }
    let sql = "INSERT INTO sla_plan (code, name_zh, name_en, response_min, onsite_min, hours)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT (code) DO UPDATE SET name_zh = excluded.name_zh, name_en = excluded.name_en,
            response_min = excluded.response_min, onsite_min = excluded.onsite_min, hours = excluded.hours";
    connection.prepare_cached(sql)?.execute(params![
        plan.code,
        plan.name_zh,
        plan.name_en,
        plan.response_min,
        plan.onsite_min,
        plan.hours
    ])?;
    Ok(true)
}

/// Id, name and phone number of every engineer who has one.
pub(crate) fn engineer_phone_list(
    connection: &Connection,
) -> Result<Vec<(String, String, String)>, StoreError> {
    let sql = "SELECT f.engineer, coalesce(e.name, ''), f.phone FROM engineer_file f JOIN engineer e ON e.id = f.engineer
        WHERE f.phone IS NOT NULL ORDER BY f.engineer";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// An engineer's file; empty when nothing is kept.
///
/// # Errors
/// As the database says.
pub fn engineer_file_get(connection: &Connection, engineer: EngineerId) -> Result<EngineerFile, StoreError> {
    let id = engineer.to_string();
    let sql = "SELECT phone, home_lat, home_lon FROM engineer_file WHERE engineer = ?1";
    let read = |row: &Row<'_>| {
        let home = row.get::<_, Option<f64>>(1)?.zip(row.get(2)?);
        Ok((row.get(0)?, home.map(|(lat, lon)| Position { lat, lon })))
    };
    let found = connection
        .prepare_cached(sql)?
        .query_row([&id], read)
        .optional()?;
    let (phone, home) = found.unwrap_or_default();
    let sql = "SELECT code, expires_on FROM engineer_certificate WHERE engineer = ?1 ORDER BY code";
    let mut statement = connection.prepare_cached(sql)?;
    let held = statement.query_map([&id], |row| {
        Ok(Certificate {
            code: row.get(0)?,
            expires_on: row.get(1)?,
        })
    })?;
    Ok(EngineerFile {
        phone,
        home,
        certificates: held.collect::<Result<_, _>>()?,
    })
}

fn file_write(
    connection: &Connection,
    engineer: EngineerId,
    file: &EngineerFile,
) -> Result<bool, StoreError> {
    let file = file.clone().sorted();
    if engineer_file_get(connection, engineer)? == file {
        return Ok(false);
    }
    let id = engineer.to_string();
    let sql = "INSERT INTO engineer_file (engineer, phone, home_lat, home_lon) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (engineer) DO UPDATE SET phone = excluded.phone, home_lat = excluded.home_lat,
            home_lon = excluded.home_lon";
    let (lat, lon) = file.home.map(|home| (home.lat, home.lon)).unzip();
    connection
        .prepare_cached(sql)?
        .execute(params![id, file.phone, lat, lon])?;
    certificates_delete(connection, &id)?;
    let sql = "INSERT INTO engineer_certificate (engineer, code, expires_on) VALUES (?1, ?2, ?3)";
    let mut statement = connection.prepare_cached(sql)?;
    for held in &file.certificates {
        statement.execute(params![id, held.code, held.expires_on])?;
    }
    Ok(true)
}

fn certificates_delete(connection: &Connection, engineer: &str) -> Result<(), StoreError> {
    connection
        .prepare_cached("DELETE FROM engineer_certificate WHERE engineer = ?1")?
        .execute([engineer])?;
    Ok(())
}

/// What a part costs, if anybody knows.
///
/// # Errors
/// As the database says.
pub fn part_price_get(connection: &Connection, part: PartId) -> Result<Option<Price>, StoreError> {
    let sql = "SELECT minor, currency FROM part_price WHERE part = ?1";
    let read = |row: &Row<'_>| {
        Ok(Price {
            minor: from_sql(row.get(0)?),
            currency: row.get(1)?,
        })
    };
    Ok(connection
        .prepare_cached(sql)?
        .query_row([part.to_string()], read)
        .optional()?)
}

fn price_write(connection: &Connection, part: PartId, price: Option<&Price>) -> Result<bool, StoreError> {
    if part_price_get(connection, part)?.as_ref() == price {
        return Ok(false);
    }
    let id = part.to_string();
    match price {
        None => hq_row_delete(connection, RowKind::Part, &id)?,
        Some(price) => {
            let sql = "INSERT INTO part_price (part, minor, currency) VALUES (?1, ?2, ?3)
                ON CONFLICT (part) DO UPDATE SET minor = excluded.minor, currency = excluded.currency";
            connection
                .prepare_cached(sql)?
                .execute(params![id, to_sql(price.minor), price.currency])?;
        }
    }
    Ok(true)
}
