//! Tables of what was erased, and where a customer's personal data stands.

use std::collections::BTreeSet;
use std::path::Path;

use fieldline_model::id::{ContactId, CustomerId, EngineerId, SiteId};
use fieldline_model::operation::Author;
use fieldline_model::row::{Row, RowKind};
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, params};

use super::backup::open_copy;
use super::row::row_read;
use super::value::parsed;
use super::{StoreError, connect};

/// Writes down that a customer was erased. False when that was known.
pub(crate) fn erased_add(
    connection: &Connection,
    customer: CustomerId,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let sql = "INSERT INTO erased (customer, at) VALUES (?1, ?2) ON CONFLICT (customer) DO NOTHING";
    let added = connection
        .prepare_cached(sql)?
        .execute(params![customer.to_string(), at.ms()])?;
    Ok(added > 0)
}

/// Whether a customer was erased.
pub(crate) fn is_erased(connection: &Connection, customer: CustomerId) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM erased WHERE customer = ?1")?;
    Ok(statement.exists([customer.to_string()])?)
}

/// All customers that were erased.
pub(crate) fn erased_list(connection: &Connection) -> Result<BTreeSet<CustomerId>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT customer FROM erased")?;
    let customers = statement.query_map([], |row| parsed(row, 0))?;
    Ok(customers.collect::<Result<_, _>>()?)
}

/// All customers that were erased in the record in this file, which may be of an older schema.
pub(crate) fn erased_in_record(path: &Path) -> Result<BTreeSet<CustomerId>, StoreError> {
    let connection = open_copy(path)?;
    let knows = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'erased'";
    let known = if connection.prepare(knows)?.exists([])? {
        erased_list(&connection)?
    } else {
        BTreeSet::new()
    };
    connection.close().map_err(|(_, error)| error)?;
    Ok(known)
}

/// The customer this row tells of, if it is personal data.
pub(crate) fn row_customer(row: &Row) -> Option<CustomerId> {
    match row {
        Row::Customer(row) => Some(row.id),
        Row::Contact(row) => Some(row.customer),
        Row::Site(row) => Some(row.customer),
        _ => None,
    }
}

/// Whom this row, or the one that stands in its place, tells of and who was erased.
pub(crate) fn erased_in(connection: &Connection, row: &Row) -> Result<Option<CustomerId>, StoreError> {
    let Some(customer) = row_customer(row) else {
        return Ok(None);
    };
    let there = row_read(connection, row.kind(), &row.id())?.and_then(|(there, _)| row_customer(&there));
    for customer in [Some(customer), there].into_iter().flatten() {
        if is_erased(connection, customer)? {
            return Ok(Some(customer));
        }
    }
    Ok(None)
}

/// Ids of a customer's contacts.
pub(crate) fn contacts_of(
    connection: &Connection,
    customer: CustomerId,
) -> Result<Vec<ContactId>, StoreError> {
    let sql = "SELECT id FROM row WHERE kind = 'contact' AND body ->> '$.contact.customer' = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let ids = statement.query_map([customer.to_string()], |row| parsed(row, 0))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// Ids of a customer's sites.
pub(crate) fn sites_of(connection: &Connection, customer: CustomerId) -> Result<Vec<SiteId>, StoreError> {
    let sql = "SELECT id FROM row WHERE kind = 'site' AND body ->> '$.site.customer' = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let ids = statement.query_map([customer.to_string()], |row| parsed(row, 0))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// Engineers who once held a document that reaches the row and do not hold it now: their phones may have it still.
pub(crate) fn reached_before(
    connection: &Connection,
    kind: RowKind,
    id: &str,
) -> Result<Vec<EngineerId>, StoreError> {
    // A feed is found by its channel: engineers are tried one by one, where walking all feeds would take longer.
    let sql = "SELECT DISTINCT e.id FROM reach r
            CROSS JOIN log l ON l.document = r.document AND l.kind = 'enter'
            CROSS JOIN engineer e
            CROSS JOIN feed f ON f.channel = 'engineer:' || e.id AND f.seq = l.seq
        WHERE r.row_kind = ?1 AND r.row_id = ?2 AND e.id NOT IN
            (SELECT s.engineer FROM reach t JOIN scope s ON s.document = t.document
             WHERE t.row_kind = ?1 AND t.row_id = ?2)";
    let mut statement = connection.prepare_cached(sql)?;
    let engineers = statement.query_map(params![kind.word(), id], |row| parsed(row, 0))?;
    Ok(engineers.collect::<Result<_, _>>()?)
}

/// Ends the tracking links of a customer's tickets and says how many.
pub(crate) fn tracking_end_of(
    connection: &Connection,
    customer: CustomerId,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let sql = "UPDATE tracking SET revoked_at = ?2, ended_by = ?3
        WHERE revoked_at IS NULL AND expires_at > ?2 AND ticket IN (SELECT id FROM ticket WHERE customer = ?1)";
    Ok(connection.prepare_cached(sql)?.execute(params![
        customer.to_string(),
        now.ms(),
        Author::Server.to_string()
    ])?)
}

/// Forgets answers to REST requests that name any of these: they hold bodies of rows.
pub(crate) fn answers_forget(connection: &Connection, names: &[String]) -> Result<(), StoreError> {
    let sql = "DELETE FROM idempotency WHERE status <> 0 AND instr(CAST(body AS TEXT), ?1)";
    let mut statement = connection.prepare_cached(sql)?;
    for name in names {
        statement.execute([name])?;
    }
    Ok(())
}

/// Whether this connection overwrites what it deletes.
pub(crate) fn overwrite_deleted(connection: &Connection, overwrite: bool) -> Result<(), StoreError> {
    Ok(connection.pragma_update(None, "secure_delete", overwrite)?)
}

/// Empties the write-ahead log, which holds pages as they were. False when somebody reads it right now: then the next
/// one who empties it does.
pub(crate) fn log_fold_in(path: &Path) -> Result<bool, StoreError> {
    let connection = connect(path)?;
    let busy: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    Ok(busy == 0)
}
