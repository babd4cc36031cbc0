//! What people read of grants: who holds what, what moved, and what is missing.

use fieldline_model::id::{DeviceId, EngineerId, GrantId, LocationId, OperationId, PartId, TicketId};
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, params};

use super::StoreError;
use super::grant::{arrived, left_behind};
use super::value::{from_sql, parsed, parsed_maybe};

/// Of one part at one place: how many are held, and how many of those are in doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HeldSum {
    /// Held for tickets.
    pub reserved: i64,
    /// Held as van stock.
    pub granted: i64,
    /// Of both, what is in doubt.
    pub in_doubt: i64,
    /// Held, or used, beyond what the ledger says lies there.
    pub missing: i64,
    /// Transferred to here from where they cannot have lain.
    pub unproven: i64,
}

/// What is held of a part at a place.
///
/// # Errors
/// As the database says.
pub fn held_sum(
    connection: &Connection,
    location: LocationId,
    part: PartId,
    now: Timestamp,
) -> Result<HeldSum, StoreError> {
    let sql = concat!("SELECT coalesce(sum(g.remaining) FILTER (WHERE g.ticket IS NOT NULL), 0),
            coalesce(sum(g.remaining) FILTER (WHERE g.ticket IS NULL), 0),
            coalesce(sum(g.remaining) FILTER (WHERE g.until <= ?3 OR ", left_behind!(), "), 0),
            coalesce((SELECT quantity FROM stock WHERE location = ?1 AND part = ?2), 0),
            coalesce((SELECT sum(d.quantity) FROM discrepancy d
                WHERE d.location = ?1 AND d.part = ?2 AND d.settled_at IS NULL AND ", arrived!(), "), 0)
        FROM stock_grant g LEFT JOIN device d ON d.id = g.device LEFT JOIN grant_report r ON r.device = g.device
        WHERE g.location = ?1 AND g.part = ?2 AND g.ended_at IS NULL");
    let mut statement = connection.prepare_cached(sql)?;
    let key = params![location.to_string(), part.to_string(), now.ms()];
    let (mut sum, quantity) = statement.query_row(key, |row| {
        let sum = HeldSum {
            reserved: row.get(0)?,
            granted: row.get(1)?,
            in_doubt: row.get(2)?,
            missing: 0,
            unproven: row.get(4)?,
        };
        Ok((sum, row.get::<_, i64>(3)?))
    })?;
    sum.missing = (sum.reserved + sum.granted - quantity).max(0);
    if sum.missing > 0 {
        // Whose part it is that is not there, nobody knows.
        sum.in_doubt = sum.reserved + sum.granted;
    }
    Ok(sum)
}

/// A grant that has not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantItem {
    /// Its name.
    pub id: GrantId,
    /// The phone.
    pub device: DeviceId,
    /// Whose.
    pub engineer: EngineerId,
    /// Where.
    pub location: LocationId,
    /// What.
    pub part: PartId,
    /// For which ticket, if it is a reservation.
    pub ticket: Option<TicketId>,
    /// How many.
    pub remaining: u32,
    /// Until when without a word from the holder.
    pub until: Timestamp,
    /// Its time is over, its phone revoked or under another install, or something is missing there.
    pub in_doubt: bool,
}

/// Grants by id, those after `after`.
///
/// # Errors
/// As the database says.
pub fn grant_list(
    connection: &Connection,
    location: Option<LocationId>,
    now: Timestamp,
    after: &str,
    limit: u32,
) -> Result<Vec<GrantItem>, StoreError> {
    let sql = concat!("SELECT g.id, g.device, g.engineer, g.location, g.part, g.ticket, g.remaining, g.until,
            g.until <= ?3 OR ", left_behind!(), "
            OR EXISTS (SELECT 1 FROM discrepancy m WHERE m.location = g.location AND m.part = g.part
                AND m.settled_at IS NULL)
        FROM stock_grant g LEFT JOIN device d ON d.id = g.device LEFT JOIN grant_report r ON r.device = g.device
        WHERE g.id > ?1 AND (?2 IS NULL OR g.location = ?2) AND g.ended_at IS NULL ORDER BY g.id LIMIT ?4");
    let mut statement = connection.prepare_cached(sql)?;
    let location = location.map(|id| id.to_string());
    let rows = statement.query_map(params![after, location, now.ms(), limit], |row| {
        Ok(GrantItem {
            id: parsed(row, 0)?,
            device: parsed(row, 1)?,
            engineer: parsed(row, 2)?,
            location: parsed(row, 3)?,
            part: parsed(row, 4)?,
            ticket: parsed_maybe(row, 5)?,
            remaining: row.get(6)?,
            until: Timestamp::from_ms(row.get(7)?),
            in_doubt: row.get(8)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovementItem {
    /// What it follows from: an operation, or another cause.
    pub operation: String,
    /// Where.
    pub location: LocationId,
    /// What.
    pub part: PartId,
    /// How many; negative when they went.
    pub quantity: i64,
    /// `use`, `transfer`, `count` or `seen`.
    pub kind: String,
    /// When it happened.
    pub moved_at: Timestamp,
    /// When it was booked.
    pub at: Timestamp,
    /// Of a correction, the count.
    pub seen_by: Option<OperationId>,
}

/// Lines of the ledger by operation, place and part, those after `after`, a triple with `/` between.
///
/// # Errors
/// As the database says.
pub fn movement_list(
    connection: &Connection,
    location: Option<LocationId>,
    part: Option<PartId>,
    after: &str,
    limit: u32,
) -> Result<Vec<MovementItem>, StoreError> {
    let sql = "SELECT operation, location, part, quantity, iif(seen_by IS NULL, kind, 'seen'), at, moved_at, seen_by
        FROM movement
        WHERE operation || '/' || location || '/' || part > ?1 AND (?2 IS NULL OR location = ?2)
            AND (?3 IS NULL OR part = ?3)
        ORDER BY operation || '/' || location || '/' || part LIMIT ?4";
    let mut statement = connection.prepare_cached(sql)?;
    let (location, part) = (location.map(|id| id.to_string()), part.map(|id| id.to_string()));
    let rows = statement.query_map(params![after, location, part, limit], |row| {
        Ok(MovementItem {
            operation: row.get(0)?,
            location: parsed(row, 1)?,
            part: parsed(row, 2)?,
            quantity: row.get(3)?,
            kind: row.get(4)?,
            at: Timestamp::from_ms(row.get(5)?),
            moved_at: Timestamp::from_ms(row.get(6)?),
            seen_by: parsed_maybe(row, 7)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Something that is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscrepancyItem {
    /// Which statement it is, for the order.
    pub serial: u64,
    /// The operation by which it came out, or the grant that a phone showed.
    pub cause: String,
    /// `not_granted`, `shown` or `lowered`.
    pub why: String,
    /// Where.
    pub location: LocationId,
    /// What.
    pub part: PartId,
    /// Who used it, or holds what is missing.
    pub engineer: EngineerId,
    /// How many.
    pub quantity: u32,
    /// Since when it is known.
    pub at: Timestamp,
}

/// Open discrepancies, oldest first, those after a serial.
///
/// # Errors
/// As the database says.
pub fn discrepancy_list(
    connection: &Connection,
    after: u64,
    limit: u32,
) -> Result<Vec<DiscrepancyItem>, StoreError> {
    let sql = "SELECT serial, cause, why, location, part, engineer, quantity, at FROM discrepancy
        WHERE serial > ?1 AND settled_at IS NULL ORDER BY serial LIMIT ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![super::value::to_sql(after), limit], |row| {
        Ok(DiscrepancyItem {
            serial: from_sql(row.get(0)?),
            cause: row.get(1)?,
            why: row.get(2)?,
            location: parsed(row, 3)?,
            part: parsed(row, 4)?,
            engineer: parsed(row, 5)?,
            quantity: row.get(6)?,
            at: Timestamp::from_ms(row.get(7)?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
