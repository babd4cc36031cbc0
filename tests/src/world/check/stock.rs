//! The stock's ledger: every use or transfer that reached a document moved the stock once, and the sum is the sum. And its grants: no
//! more is held than lies there, unless HQ says that something is missing.

use std::collections::BTreeMap;

use fieldline_model::id::OperationId;
use rusqlite::Connection;

use super::Findings;
use crate::world::ledger::Ledger;

/// Sum per place and part, and what each act moves moved once.
pub(super) fn ledger(db: &Connection, ledger: &Ledger, findings: &mut Findings) {
    let sums = "SELECT m.location, m.part, sum(m.quantity), coalesce(s.quantity, 0) FROM movement m
        LEFT JOIN stock s ON s.location = m.location AND s.part = m.part GROUP BY m.location, m.part";
    let mut sql = db.prepare(sums).expect("schema");
    let mut rows = sql.query([]).expect("movements");
    while let Some(row) = rows.next().expect("movement") {
        let (location, part): (String, String) = (row.get_unwrap(0), row.get_unwrap(1));
        let (sum, stock): (i64, i64) = (row.get_unwrap(2), row.get_unwrap(3));
        findings.expect(sum == stock, || {
            format!("stock {location}/{part} is {stock}, its movements sum to {sum}")
        });
    }
    let moved = movements(db);
    for (id, promise) in ledger.promises() {
        if promise.moves.is_empty() {
            continue;
        }
        let taken: Option<String> = db
            .prepare_cached("SELECT fate FROM fate WHERE operation = ?1 AND fate <> 'refused'")
            .expect("schema")
            .query_map([id.to_string()], |row| row.get(0))
            .expect("fate")
            .next()
            .transpose()
            .expect("fate");
        let mut wanted: Vec<_> = promise
            .moves
            .iter()
            .filter(|_| taken.is_some())
            .map(|one| (one.place.to_string(), one.part.to_string(), one.quantity))
            .collect();
        wanted.sort();
        let mut found = moved.get(id).cloned().unwrap_or_default();
        found.sort();
        findings.expect(found == wanted, || {
            format!(
                "{} {id} ({taken:?}) moved {found:?} instead of {wanted:?}",
                promise.act
            )
        });
    }
}

/// Since somebody counted, the stock is what he found and what moved after that, whatever came to HQ later.
pub(super) fn counts(db: &Connection, findings: &mut Findings) {
    let sql = "WITH last AS (SELECT location, part, max(moved_at) AS at FROM movement WHERE counted IS NOT NULL
            GROUP BY location, part)
        SELECT c.location, c.part, c.counted, s.quantity, (SELECT coalesce(sum(m.quantity), 0) FROM movement m
                WHERE m.location = c.location AND m.part = c.part AND m.moved_at >= c.moved_at AND m.counted IS NULL)
        FROM last l JOIN movement c ON c.location = l.location AND c.part = l.part AND c.moved_at = l.at
            AND c.counted IS NOT NULL
        JOIN stock s ON s.location = c.location AND s.part = c.part";
    let mut sql = db.prepare(sql).expect("schema");
    let mut rows = sql.query([]).expect("counts");
    while let Some(row) = rows.next().expect("count") {
        let (location, part): (String, String) = (row.get_unwrap(0), row.get_unwrap(1));
        let (counted, stock, since): (i64, i64, i64) =
            (row.get_unwrap(2), row.get_unwrap(3), row.get_unwrap(4));
        findings.expect(stock == counted + since, || {
            format!(
                "{location}/{part}: {counted} were counted and {since} moved since, but the stock is {stock}"
            )
        });
    }
}

/// Nobody was granted what another has, and what the ledger cannot explain is said.
pub(super) fn grants(db: &Connection, findings: &mut Findings) {
    let sql = "SELECT location, part, sum(held), max(quantity), sum(open) FROM (
            SELECT location, part, 0 AS held, quantity, 0 AS open FROM stock
            UNION ALL SELECT location, part, remaining, NULL, 0 FROM stock_grant WHERE ended_at IS NULL
            UNION ALL SELECT location, part, 0, NULL, 1 FROM discrepancy d WHERE settled_at IS NULL
                -- What came without an explanation is no lack where it came to.
                AND NOT EXISTS (SELECT 1 FROM movement m WHERE m.operation = d.cause AND m.location = d.location
                    AND m.part = d.part AND m.quantity > 0))
        GROUP BY location, part";
    let mut sql = db.prepare(sql).expect("schema");
    let mut rows = sql.query([]).expect("stock");
    while let Some(row) = rows.next().expect("stock") {
        let (location, part): (String, String) = (row.get_unwrap(0), row.get_unwrap(1));
        let (held, quantity, open): (i64, Option<i64>, i64) =
            (row.get_unwrap(2), row.get_unwrap(3), row.get_unwrap(4));
        let quantity = quantity.unwrap_or(0);
        let missing = held > quantity;
        findings.expect(missing == (open > 0), || {
            format!("{location}/{part}: {held} are held of {quantity}, and {open} discrepancies are open")
        });
    }
    let below = "SELECT count(*) FROM stock_grant WHERE remaining < 0";
    let below: i64 = db.query_row(below, [], |row| row.get(0)).expect("schema");
    findings.expect(below == 0, || format!("{below} grants are below zero"));
}

/// Every movement by operation: place, part, quantity.
fn movements(db: &Connection) -> BTreeMap<OperationId, Vec<(String, String, i64)>> {
    let mut sql = db
        .prepare("SELECT operation, location, part, quantity FROM movement")
        .expect("schema");
    let mut rows = sql.query([]).expect("movements");
    let mut moved: BTreeMap<OperationId, Vec<_>> = BTreeMap::new();
    while let Some(row) = rows.next().expect("movement") {
        // Other movements (deliveries, corrections) are named otherwise or by HQ's operations.
        if let Ok(id) = row.get_unwrap::<_, String>(0).parse() {
            let line = (row.get_unwrap(1), row.get_unwrap(2), row.get_unwrap(3));
            moved.entry(id).or_default().push(line);
        }
    }
    moved
}
