//! Whether another row has a value that tells one from all others: a van's driver, the number on a box, a serial number.

use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;
use super::hq_row::engineer_phone_list;
use crate::company::csv::same_phone;

/// A value that one row of its kind may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unique {
    /// Callers are told apart by it.
    EngineerPhone(String),
    /// A van's stock has one holder.
    EngineerVan(String),
    /// As printed on the box.
    PartNumber(String),
    /// As on the plate.
    AssetSerial(String),
}

/// Whether another row than `id` has it.
pub(crate) fn is_taken(connection: &Connection, unique: &Unique, id: &str) -> Result<bool, StoreError> {
    let other = |sql: &str, value: &str| {
        let found = connection
            .prepare_cached(sql)?
            .query_row(params![value, id], |_| Ok(()))
            .optional()?;
        Ok(found.is_some())
    };
    match unique {
        Unique::EngineerPhone(phone) => {
            let known = engineer_phone_list(connection)?;
            let same = |(engineer, _, theirs): &(String, String, String)| {
                engineer != id && same_phone(theirs) == same_phone(phone)
            };
            Ok(known.iter().any(same))
        }
        Unique::EngineerVan(van) => other(
            "SELECT 1 FROM row WHERE kind = 'engineer' AND body ->> '$.engineer.van' = ?1 AND id <> ?2 LIMIT 1",
            van,
        ),
        Unique::PartNumber(number) => other(
            "SELECT 1 FROM row WHERE kind = 'part' AND body ->> '$.part.number' = ?1 AND id <> ?2 LIMIT 1",
            number,
        ),
        Unique::AssetSerial(serial) => other(
            "SELECT 1 FROM row WHERE kind = 'asset' AND body ->> '$.asset.serial' = ?1 AND id <> ?2 LIMIT 1",
            serial,
        ),
    }
}
