//! What healing writes beside the settlement: fates as they were told before the record went back.

use fieldline_model::id::{DeviceId, DocumentId, EngineerId, OperationId};
use fieldline_model::operation::Author;
use fieldline_model::wire::Fate;
use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;

/// The operation's fate was worked out, not told.
pub(crate) fn unsure_add(
    connection: &Connection,
    operation: OperationId,
    document: DocumentId,
) -> Result<(), StoreError> {
    let sql = "INSERT OR IGNORE INTO unsure_fate (operation, document) VALUES (?1, ?2)";
    connection
        .prepare_cached(sql)?
        .execute([operation.to_string(), document.to_string()])?;
    Ok(())
}

/// Whether a fate in this document waits for the phone that was told it.
pub(crate) fn unsure_holds(connection: &Connection, document: DocumentId) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM unsure_fate WHERE document = ?1")?;
    Ok(statement.exists([document.to_string()])?)
}

/// Whether the operation's fate was only worked out; from now on it is told.
pub(crate) fn unsure_end(connection: &Connection, operation: OperationId) -> Result<bool, StoreError> {
    let sql = "DELETE FROM unsure_fate WHERE operation = ?1";
    Ok(connection.prepare_cached(sql)?.execute([operation.to_string()])? > 0)
}

/// Writes the fate that was told over the one that was worked out.
pub(crate) fn fate_retell(
    connection: &Connection,
    operation: OperationId,
    fate: &Fate,
    device: DeviceId,
) -> Result<(), StoreError> {
    let sql = "UPDATE fate SET fate = ?2, code = ?3, device = ?4 WHERE operation = ?1";
    connection.prepare_cached(sql)?.execute(params![
        operation.to_string(),
        fate.word(),
        fate.code(),
        device.to_string()
    ])?;
    Ok(())
}

/// The phone was told that this operation of its own is overruled; it will come.
pub(crate) fn foretell(
    connection: &Connection,
    operation: OperationId,
    device: DeviceId,
    code: &str,
) -> Result<(), StoreError> {
    let sql = "INSERT OR IGNORE INTO foretold (operation, device, code) VALUES (?1, ?2, ?3)";
    connection
        .prepare_cached(sql)?
        .execute([operation.to_string(), device.to_string(), code.to_owned()])?;
    Ok(())
}

/// What this phone was told of an operation that comes now.
pub(crate) fn foretold(
    connection: &Connection,
    operation: OperationId,
    device: DeviceId,
) -> Result<Option<String>, StoreError> {
    let sql = "SELECT code FROM foretold WHERE operation = ?1 AND device = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let code = statement.query_row([operation.to_string(), device.to_string()], |row| row.get(0));
    Ok(code.optional()?)
}

/// The keys of all phones this engineer has or had: whoever got a new one still brings what he did with the old one.
pub(crate) fn engineer_keys(
    connection: &Connection,
    engineer: EngineerId,
) -> Result<Vec<[u8; 32]>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT public_key FROM device WHERE engineer = ?1")?;
    let keys = statement.query_map([engineer.to_string()], |row| row.get(0))?;
    Ok(keys.collect::<Result<_, _>>()?)
}

/// Whether a document holds this operation, by this author.
pub(crate) fn entry_is_by(
    connection: &Connection,
    operation: OperationId,
    author: Author,
) -> Result<bool, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT 1 FROM event WHERE operation = ?1 AND author = ?2")?;
    Ok(statement.exists([operation.to_string(), author.to_string()])?)
}

/// A counter never gives out this number, or one below it, again.
pub(crate) fn counter_at_least(connection: &Connection, name: &str, value: i64) -> Result<(), StoreError> {
    let sql = "INSERT INTO counter (name, value) VALUES (?1, ?2)
        ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)";
    connection.prepare_cached(sql)?.execute(params![name, value])?;
    Ok(())
}
