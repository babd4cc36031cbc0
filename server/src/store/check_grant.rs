//! What `check` asks of grants: that no more is held than lies there, by whom, and in statements that can follow each other.
//! Each answer names what does not hold.

use rusqlite::Connection;

use super::grant::arrived;
use super::{StoreError, meta};

fn named(connection: &Connection, sql: &str) -> Result<Vec<String>, StoreError> {
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Held, open discrepancies and the ledger of each place and part.
macro_rules! weighed {
    ($having:literal) => {
        concat!(
            "SELECT location || '/' || part FROM (
                SELECT location, part, 0 AS held, quantity AS there, 0 AS open FROM stock
                UNION ALL SELECT location, part, remaining, 0, 0 FROM stock_grant WHERE ended_at IS NULL
                UNION ALL SELECT location, part, 0, 0, 1 FROM discrepancy d WHERE settled_at IS NULL AND NOT ",
            arrived!(),
            ")
            GROUP BY location, part HAVING ",
            $having,
            " ORDER BY 1"
        )
    };
}

/// Places and parts of which more is held than the ledger says, and nothing says so.
pub(crate) fn held_beyond(connection: &Connection) -> Result<Vec<String>, StoreError> {
    named(
        connection,
        weighed!("sum(held) > 0 AND sum(held) > sum(there) AND sum(open) = 0"),
    )
}

/// Places and parts of which something is said to be missing, and nothing is.
pub(crate) fn missing_nothing(connection: &Connection) -> Result<Vec<String>, StoreError> {
    named(connection, weighed!("sum(open) > 0 AND sum(held) <= sum(there)"))
}

/// Grants of less than nothing.
pub(crate) fn grants_below_zero(connection: &Connection) -> Result<Vec<String>, StoreError> {
    named(
        connection,
        "SELECT id FROM stock_grant WHERE remaining < 0 ORDER BY id",
    )
}

/// Grants of a part or at a place that the record does not know, and of a phone that it does not know, unless a record that
/// went back has forgotten it.
pub(crate) fn grants_of_nothing(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let unknown = "SELECT id FROM stock_grant g WHERE ended_at IS NULL AND (
            NOT EXISTS (SELECT 1 FROM part WHERE id = g.part)
            OR NOT EXISTS (SELECT 1 FROM location WHERE id = g.location)) ORDER BY id";
    let mut found = named(connection, unknown)?;
    if meta::grants_are_known(connection)? {
        let nobodys = "SELECT id FROM stock_grant g WHERE ended_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM device WHERE id = g.device) ORDER BY id";
        found.extend(named(connection, nobodys)?);
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// Grants whose statement is later than the last one that was counted: the next would not be heard.
pub(crate) fn grants_ahead(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT id FROM stock_grant
        WHERE serial > coalesce((SELECT value FROM counter WHERE name = 'grant_serial'), 0) ORDER BY id";
    named(connection, sql)
}

/// Requests that a grant answers and that wait all the same: they would be answered twice.
pub(crate) fn requests_twice(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT r.operation FROM stock_request r JOIN stock_grant g ON g.request = r.operation
        WHERE r.done_at IS NULL ORDER BY r.operation";
    named(connection, sql)
}

/// Places and parts whose stock is not what was counted last and what moved since.
pub(crate) fn counts_missed(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT c.location || '/' || c.part
        FROM (SELECT location, part, max(moved_at) AS at FROM movement WHERE counted IS NOT NULL
            GROUP BY location, part) l
        JOIN movement c ON c.location = l.location AND c.part = l.part AND c.moved_at = l.at AND c.counted IS NOT NULL
        JOIN stock s ON s.location = c.location AND s.part = c.part
        WHERE s.quantity <> c.counted + (SELECT coalesce(sum(m.quantity), 0) FROM movement m
            WHERE m.location = c.location AND m.part = c.part AND m.moved_at >= l.at AND m.counted IS NULL)
        ORDER BY 1";
    named(connection, sql)
}
