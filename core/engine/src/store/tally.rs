//! Table `tally`: how many lines of `row`, `stock` and `stock_grant` there are, and what `counter` says, once more. Both come from HQ or
//! from work that is gone: nothing else on this phone tells that some are missing.

use rusqlite::Connection;

use crate::error::EngineError;

/// Tables whose lines are counted one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tallied {
    /// Reference rows.
    Row,
    /// HQ's figures of what lies where.
    Stock,
    /// What this phone may consume alone.
    Grant,
}

impl Tallied {
    fn name(self) -> &'static str {
        match self {
            Self::Row => "row",
            Self::Stock => "stock",
            Self::Grant => "stock_grant",
        }
    }

    fn count(self, conn: &Connection) -> Result<i64, EngineError> {
        let sql = match self {
            Self::Row => "SELECT count(*) FROM \"row\"",
            Self::Stock => "SELECT count(*) FROM stock",
            Self::Grant => "SELECT count(*) FROM stock_grant",
        };
        Ok(conn.query_row(sql, [], |row| row.get(0))?)
    }
}

/// So many lines came; fewer than none went.
pub(crate) fn tally_add(conn: &Connection, table: Tallied, lines: i64) -> Result<(), EngineError> {
    if lines != 0 {
        conn.prepare_cached("UPDATE tally SET value = value + ?2 WHERE name = ?1")?
            .execute((table.name(), lines))?;
    }
    Ok(())
}

/// Notes what `counter` says.
pub(crate) fn tally_counters(conn: &Connection) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO tally (name, value) SELECT 'counter.' || name, value FROM counter WHERE true
         ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE value < excluded.value",
        [],
    )?;
    Ok(())
}

/// Whether the table has fewer lines than came. From now on those that are there are what there is.
pub(crate) fn tally_lacks(conn: &Connection, table: Tallied) -> Result<bool, EngineError> {
    let here = table.count(conn)?;
    let lacking = conn
        .prepare_cached("SELECT 1 FROM tally WHERE name = ?1 AND value > ?2")?
        .exists((table.name(), here))?;
    conn.prepare_cached(
        "INSERT INTO tally (name, value) VALUES (?1, ?2)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE value <> excluded.value",
    )?
    .execute((table.name(), here))?;
    Ok(lacking)
}

/// Writes counters anew that lost some of what they said. False when none did.
pub(crate) fn tally_restore_counters(conn: &Connection) -> Result<bool, EngineError> {
    let lost = conn.execute(
        "INSERT INTO counter (name, value) SELECT substr(name, 9), value FROM tally WHERE name LIKE 'counter.%'
         ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE value < excluded.value",
        [],
    )?;
    // The other way round, where this table was lost.
    tally_counters(conn)?;
    Ok(lost > 0)
}
