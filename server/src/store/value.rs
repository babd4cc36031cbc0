//! Between Rust's values and SQLite's: ids as text, hashes as blobs, sequence numbers as integers.

use std::str::FromStr;

use rusqlite::Row;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::StoreError;

/// A log position as SQLite keeps it. Positions never come near the end of `i64`.
pub(crate) fn to_sql(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

/// A log position from SQLite.
pub(crate) fn from_sql(seq: i64) -> u64 {
    u64::try_from(seq).unwrap_or(0)
}

/// The column as an id or another parsed value.
pub(crate) fn parsed<T: FromStr>(row: &Row<'_>, index: usize) -> rusqlite::Result<T> {
    let text = row.get_ref(index)?.as_str()?;
    text.parse()
        .map_err(|_| wrong(index, rusqlite::types::Type::Text))
}

/// As [`parsed`], for a column that may be NULL.
pub(crate) fn parsed_maybe<T: FromStr>(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<T>> {
    match row.get_ref(index)?.as_str_or_null()? {
        None => Ok(None),
        Some(text) => text
            .parse()
            .map(Some)
            .map_err(|_| wrong(index, rusqlite::types::Type::Text)),
    }
}

/// The column as a fixed number of bytes.
pub(crate) fn bytes<const N: usize>(row: &Row<'_>, index: usize) -> rusqlite::Result<[u8; N]> {
    let blob = row.get_ref(index)?.as_blob()?;
    blob.try_into()
        .map_err(|_| wrong(index, rusqlite::types::Type::Blob))
}

fn wrong(index: usize, kind: rusqlite::types::Type) -> rusqlite::Error {
    rusqlite::Error::InvalidColumnType(index, "stored value".into(), kind)
}

/// A value as JSON text.
pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// A value from JSON text.
pub(crate) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// The word of a unit variant, as the wire and scripts spell it.
pub(crate) fn word<T: Serialize>(value: &T) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(StoreError::Corrupt("not a word".into())),
    }
}
