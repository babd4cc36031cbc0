//! Tables `stock` and `part_use`: what lies where by HQ's ledger, and what this phone used or transferred since.

use std::collections::BTreeSet;

use fieldline_model::actor::Install;
use fieldline_model::id::{LocationId, OperationId, PartId, TicketId};
use fieldline_model::row::Stock;
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, params};

use super::tally::{Tallied, tally_add};
use super::{parsed, to_signed};
use crate::error::EngineError;
use crate::view::{KeptPart, PartLine};

/// Keeps the ledger's word for one part at one place.
pub(crate) fn stock_put(
    conn: &Connection,
    stock: &Stock,
    as_of: Timestamp,
    seq: u64,
) -> Result<(), EngineError> {
    let (location, part) = (stock.location.to_string(), stock.part.to_string());
    let known = conn
        .prepare_cached("SELECT 1 FROM stock WHERE location = ?1 AND part = ?2")?
        .exists([&location, &part])?;
    tally_add(conn, Tallied::Stock, i64::from(!known))?;
    conn.prepare_cached(
        "INSERT INTO stock (location, part, quantity, as_of, seq) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (location, part) DO UPDATE SET quantity = excluded.quantity, as_of = excluded.as_of,
             seq = excluded.seq",
    )?
    .execute(params![
        location,
        part,
        stock.quantity,
        as_of.ms(),
        to_signed(seq)
    ])?;
    Ok(())
}

/// The ledger's words that came after this place of the log. A line that cannot be read is as good as none.
pub(crate) fn stock_since(conn: &Connection, seq: u64) -> Result<Vec<Stock>, EngineError> {
    let sql = "SELECT location, part, quantity FROM stock WHERE seq > ?1 ORDER BY location, part";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([to_signed(seq)])?;
    let mut since = Vec::new();
    while let Some(row) = rows.next()? {
        let (location, part): (String, String) = (row.get(0)?, row.get(1)?);
        if let (Ok(location), Ok(part)) = (location.parse(), part.parse()) {
            since.push(Stock {
                location,
                part,
                quantity: row.get(2)?,
            });
        }
    }
    Ok(since)
}

/// The ledger knows nothing of the part at that place any more; `id` is `<location>/<part>`.
pub(crate) fn stock_delete(conn: &Connection, id: &str) -> Result<(), EngineError> {
    let Some((location, part)) = id.split_once('/') else {
        return Ok(());
    };
    let gone = conn.execute(
        "DELETE FROM stock WHERE location = ?1 AND part = ?2",
        [location, part],
    )?;
    tally_add(conn, Tallied::Stock, if gone > 0 { -1 } else { 0 })
}

/// Notes an own use that the ledger cannot know yet.
pub(crate) fn part_use_put(
    conn: &Connection,
    operation: OperationId,
    location: LocationId,
    part: PartId,
    quantity: u32,
) -> Result<(), EngineError> {
    conn.prepare_cached(
        "INSERT INTO part_use (operation, location, part, quantity) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (operation) DO UPDATE SET settled = 0",
    )?
    .execute(params![
        operation.to_string(),
        location.to_string(),
        part.to_string(),
        quantity
    ])?;
    Ok(())
}

/// The use has its fate: a merged one goes once the ledger's new figure is here, a refused one at once.
pub(crate) fn part_use_settle(
    conn: &Connection,
    operation: OperationId,
    merged: bool,
) -> Result<(), EngineError> {
    let sql = if merged {
        "UPDATE part_use SET settled = 1 WHERE operation = ?1"
    } else {
        "DELETE FROM part_use WHERE operation = ?1"
    };
    conn.prepare_cached(sql)?.execute([operation.to_string()])?;
    Ok(())
}

/// Unsent uses, transfers and requests that are not counted here, as the acts of their intents say.
pub(crate) fn part_use_lost(conn: &Connection) -> Result<Vec<OperationId>, EngineError> {
    let mut statement = conn.prepare_cached(
        "SELECT operation FROM intent WHERE state = 'saved' AND (
            ((instr(entry, '\"use_part\"') OR instr(entry, '\"transfer_part\"'))
                AND operation NOT IN (SELECT operation FROM part_use))
            OR (instr(entry, '\"request_part\"') AND operation NOT IN (SELECT operation FROM part_request)))",
    )?;
    let ids = statement.query_map([], |row| row.get::<_, String>(0))?;
    ids.map(|id| parsed(&id?, "intent.operation")).collect()
}

/// Everything is here: the ledger's figures reflect what was merged.
pub(crate) fn part_use_clear_settled(conn: &Connection) -> Result<(), EngineError> {
    conn.prepare_cached("DELETE FROM part_use WHERE settled = 1")?
        .execute([])?;
    Ok(())
}

/// What the list is made for: under which install, and when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Viewer {
    pub(crate) install: Install,
    pub(crate) now: Timestamp,
}

/// Stock by place and part. `location` narrows to one place; `words` to parts whose number or names hold them.
pub(crate) fn stock_list(
    conn: &Connection,
    viewer: &Viewer,
    location: Option<LocationId>,
    part: Option<PartId>,
    words: &str,
    max: u32,
) -> Result<Vec<PartLine>, EngineError> {
    let mut statement = conn.prepare_cached(
        "SELECT s.location, s.part, coalesce(p.detail, ''), coalesce(p.label, ''), coalesce(p.label_en, ''),
                coalesce(l.label, ''), coalesce(l.label_en, ''), s.quantity,
                coalesce((SELECT sum(u.quantity) FROM part_use u
                          WHERE u.location = s.location AND u.part = s.part), 0), s.as_of,
                coalesce((SELECT sum(g.remaining) FROM stock_grant g
                          WHERE g.location = s.location AND g.part = s.part AND g.install = ?5), 0),
                coalesce((SELECT sum(g.remaining) FROM stock_grant g
                          WHERE g.location = s.location AND g.part = s.part
                            AND (g.in_doubt OR g.until <= ?6 OR g.install <> ?5)), 0),
                coalesce((SELECT sum(g.remaining) FROM stock_grant g
                          WHERE g.location = s.location AND g.part = s.part AND g.install = ?5
                            AND NOT g.in_doubt AND g.until > ?6), 0),
                coalesce((SELECT sum(d.quantity) FROM discrepancy d
                          WHERE d.location = s.location AND d.part = s.part), 0),
                coalesce((SELECT sum(r.quantity) FROM part_request r
                          WHERE r.location = s.location AND r.part = s.part), 0),
                coalesce((SELECT sum(u.quantity) FROM part_use u JOIN intent i ON i.operation = u.operation
                          WHERE u.location = s.location AND u.part = s.part
                            AND instr(i.entry, '\"transfer_part\"')), 0)
         FROM stock s
         LEFT JOIN \"row\" p ON p.kind = 'part' AND p.id = s.part
         LEFT JOIN \"row\" l ON l.kind = 'location' AND l.id = s.location
         WHERE (?1 IS NULL OR s.location = ?1) AND (?2 IS NULL OR s.part = ?2)
           AND (?3 = '' OR instr(lower(p.detail), ?3) OR instr(p.label, ?3) OR instr(lower(p.label_en), ?3))
         ORDER BY p.detail, s.part, s.location LIMIT ?4",
    )?;
    let words = words.trim().to_lowercase();
    let place = location.map(|id| id.to_string());
    let part = part.map(|id| id.to_string());
    let mut rows = statement.query(params![
        place,
        part,
        words,
        max,
        &viewer.install[..],
        viewer.now.ms()
    ])?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next()? {
        let (ledger, pending): (i64, i64) = (row.get(7)?, row.get(8)?);
        let (granted, in_doubt, sound): (i64, i64, i64) = (row.get(10)?, row.get(11)?, row.get(12)?);
        lines.push(PartLine {
            location: parsed(&row.get::<_, String>(0)?, "stock.location")?,
            part: parsed(&row.get::<_, String>(1)?, "stock.part")?,
            number: row.get(2)?,
            name_zh: row.get(3)?,
            name_en: row.get(4)?,
            location_zh: row.get(5)?,
            location_en: row.get(6)?,
            quantity: ledger - pending,
            pending,
            transferred: row.get(15)?,
            mine: (sound - pending).max(0),
            in_doubt,
            unconfirmed: (pending - granted).max(0),
            unexplained: row.get(13)?,
            requested: row.get(14)?,
            as_of: Timestamp::from_ms(row.get(9)?),
        });
    }
    Ok(lines)
}

/// Parts that are reserved for a ticket, and those that were asked for by these operations and wait.
pub(crate) fn stock_kept(
    conn: &Connection,
    viewer: &Viewer,
    ticket: TicketId,
    asked: &BTreeSet<OperationId>,
) -> Result<Vec<KeptPart>, EngineError> {
    let mut statement = conn.prepare_cached(
        "SELECT k.location, k.part, coalesce(p.detail, ''), coalesce(p.label, ''), coalesce(p.label_en, ''),
                coalesce(l.label, ''), coalesce(l.label_en, ''), k.quantity, k.state, k.operation
         FROM (SELECT location, part, remaining AS quantity,
                      iif(in_doubt OR until <= ?2 OR install <> ?3, 'in_doubt', 'reserved') AS state, NULL AS operation
               FROM stock_grant WHERE ticket = ?1 AND remaining > 0
               UNION ALL
               SELECT location, part, quantity, 'requested', operation FROM part_request) k
         LEFT JOIN \"row\" p ON p.kind = 'part' AND p.id = k.part
         LEFT JOIN \"row\" l ON l.kind = 'location' AND l.id = k.location
         ORDER BY k.state DESC, p.detail, k.part, k.location",
    )?;
    let key = params![ticket.to_string(), viewer.now.ms(), &viewer.install[..]];
    let mut rows = statement.query(key)?;
    let mut kept = Vec::new();
    while let Some(row) = rows.next()? {
        let operation: Option<String> = row.get(9)?;
        let operation = operation.map(|id| parsed(&id, "part_request.operation"));
        if operation.transpose()?.is_some_and(|id| !asked.contains(&id)) {
            continue;
        }
        kept.push(KeptPart {
            location: parsed(&row.get::<_, String>(0)?, "stock_grant.location")?,
            part: parsed(&row.get::<_, String>(1)?, "stock_grant.part")?,
            number: row.get(2)?,
            name_zh: row.get(3)?,
            name_en: row.get(4)?,
            location_zh: row.get(5)?,
            location_en: row.get(6)?,
            quantity: row.get(7)?,
            state: match row.get::<_, String>(8)?.as_str() {
                "reserved" => "reserved",
                "requested" => "requested",
                _ => "in_doubt",
            },
        });
    }
    Ok(kept)
}
