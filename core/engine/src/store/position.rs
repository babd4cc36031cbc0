//! Table `fix`: positions on their way to HQ. Bounded; never part of a document.

use fieldline_model::operation::Position;
use fieldline_model::time::Timestamp;
use fieldline_model::wire::Fix;
use rusqlite::{Connection, params};

use crate::error::EngineError;

/// Most positions kept while there is no signal: a working day at one a minute, three times over. The oldest go first.
pub(crate) const POSITIONS_MAX: i64 = 1_500;
/// Most positions in one request.
pub(crate) const POSITIONS_SEND_MAX: i64 = 500;

/// Queues one and drops the oldest beyond the limit.
pub(crate) fn position_put(conn: &Connection, fix: &Fix) -> Result<(), EngineError> {
    conn.prepare_cached("INSERT INTO fix (at, lat, lon, accuracy_m) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![
            fix.at.ms(),
            fix.position.lat,
            fix.position.lon,
            f64::from(fix.accuracy_m)
        ])?;
    conn.prepare_cached("DELETE FROM fix WHERE n <= (SELECT max(n) FROM fix) - ?1")?
        .execute([POSITIONS_MAX])?;
    Ok(())
}

/// The oldest ones, and the number of the last.
pub(crate) fn position_list(conn: &Connection) -> Result<(Vec<Fix>, i64), EngineError> {
    let mut statement =
        conn.prepare_cached("SELECT n, at, lat, lon, accuracy_m FROM fix ORDER BY n LIMIT ?1")?;
    let mut last = 0;
    let mut fixes = Vec::new();
    let mut rows = statement.query([POSITIONS_SEND_MAX])?;
    while let Some(row) = rows.next()? {
        last = row.get(0)?;
        #[expect(clippy::cast_possible_truncation, reason = "it was stored from an f32")]
        let accuracy_m = row.get::<_, f64>(4)? as f32;
        fixes.push(Fix {
            at: Timestamp::from_ms(row.get(1)?),
            position: Position {
                lat: row.get(2)?,
                lon: row.get(3)?,
            },
            accuracy_m,
        });
    }
    Ok((fixes, last))
}

/// HQ has those up to `last`.
pub(crate) fn position_delete(conn: &Connection, last: i64) -> Result<(), EngineError> {
    conn.execute("DELETE FROM fix WHERE n <= ?1", [last])?;
    Ok(())
}

/// How many wait.
pub(crate) fn position_count(conn: &Connection) -> Result<u64, EngineError> {
    let count: i64 = conn.query_row("SELECT count(*) FROM fix", [], |row| row.get(0))?;
    Ok(u64::try_from(count).unwrap_or(0))
}
