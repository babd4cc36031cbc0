//! Tables `stock_grant`, `grant_known`, `discrepancy` and `part_request`: what this phone may consume alone, what HQ cannot
//! explain, and what was asked for.

use fieldline_model::grant::{Discrepancy, GRANTS_MAX, GrantState, Grants, GrantsKnown, SignedGrant};
use fieldline_model::id::{LocationId, OperationId, PartId};
use rusqlite::{Connection, OptionalExtension, params};

use super::tally::{Tallied, tally_lacks};
use super::{to_signed, to_unsigned};
use crate::error::EngineError;

/// What HQ is told of it. Everything held is shown when HQ is in another epoch than the one it was granted in.
pub(crate) fn grants_known(conn: &Connection, epoch: u64) -> Result<GrantsKnown, EngineError> {
    let (known, serial) = conn
        .prepare_cached("SELECT epoch, serial FROM grant_known")?
        .query_row([], |row| Ok((to_unsigned(row.get(0)?), to_unsigned(row.get(1)?))))
        .optional()?
        .unwrap_or((0, 0));
    let (grants, discrepancies) = conn
        .prepare_cached("SELECT (SELECT count(*) FROM stock_grant), (SELECT count(*) FROM discrepancy)")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut held = Vec::new();
    if known != epoch {
        let mut statement = conn.prepare_cached("SELECT signed FROM stock_grant ORDER BY serial LIMIT ?1")?;
        let max = u32::try_from(GRANTS_MAX).unwrap_or(u32::MAX);
        let texts = statement.query_map([max], |row| row.get::<_, String>(0))?;
        for text in texts {
            // What the disk damaged cannot be shown; HQ misses it by the count.
            held.extend(serde_json::from_str::<SignedGrant>(&text?));
        }
    }
    Ok(GrantsKnown {
        epoch: known,
        serial,
        grants,
        discrepancies,
        held,
    })
}

/// Takes what HQ says. False when some of what it said before is missing here: all of it is asked for again then.
pub(crate) fn grants_take(conn: &Connection, grants: &Grants) -> Result<bool, EngineError> {
    if grants.whole {
        conn.execute_batch("DELETE FROM stock_grant; DELETE FROM discrepancy;")?;
    }
    for line in &grants.lines {
        grant_put(conn, line)?;
    }
    for one in &grants.discrepancies {
        discrepancy_put(conn, one)?;
    }
    conn.prepare_cached(
        "INSERT INTO grant_known (one, epoch, serial) VALUES (1, ?1, ?2)
         ON CONFLICT (one) DO UPDATE SET epoch = excluded.epoch, serial = excluded.serial",
    )?
    .execute([to_signed(grants.epoch), to_signed(grants.serial)])?;
    tally_lacks(conn, Tallied::Grant)?;
    let known = grants_known(conn, grants.epoch)?;
    let is_all = grants.more || grants.whole || known.grants + known.discrepancies == grants.count;
    if !is_all {
        grants_forget(conn)?;
    }
    Ok(is_all)
}

/// All of it is asked for again.
pub(crate) fn grants_forget(conn: &Connection) -> Result<(), EngineError> {
    conn.execute("DELETE FROM grant_known", [])?;
    Ok(())
}

/// The person asks for parts.
pub(crate) fn part_request_put(
    conn: &Connection,
    operation: OperationId,
    location: LocationId,
    part: PartId,
    quantity: u32,
) -> Result<(), EngineError> {
    conn.prepare_cached(
        "INSERT OR REPLACE INTO part_request (operation, location, part, quantity) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![
        operation.to_string(),
        location.to_string(),
        part.to_string(),
        quantity
    ])?;
    Ok(())
}

/// HQ has reserved them, or will not.
pub(crate) fn part_request_end(conn: &Connection, operation: OperationId) -> Result<(), EngineError> {
    conn.prepare_cached("DELETE FROM part_request WHERE operation = ?1")?
        .execute([operation.to_string()])?;
    Ok(())
}

fn grant_put(conn: &Connection, line: &SignedGrant) -> Result<(), EngineError> {
    let grant = &line.grant;
    if let Some(request) = grant.request {
        part_request_end(conn, request)?;
    }
    if grant.state == GrantState::Ended {
        conn.prepare_cached("DELETE FROM stock_grant WHERE id = ?1")?
            .execute([grant.id.to_string()])?;
        return Ok(());
    }
    let signed = serde_json::to_string(line).map_err(|_| EngineError::BadValue("stock_grant.signed"))?;
    conn.prepare_cached(
        "INSERT OR REPLACE INTO stock_grant
             (id, install, location, part, ticket, request, remaining, until, in_doubt, serial, signed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?
    .execute(params![
        grant.id.to_string(),
        &grant.install[..],
        grant.location.to_string(),
        grant.part.to_string(),
        grant.ticket.map(|id| id.to_string()),
        grant.request.map(|id| id.to_string()),
        grant.remaining,
        grant.until.ms(),
        grant.state == GrantState::InDoubt,
        to_signed(grant.serial),
        signed
    ])?;
    Ok(())
}

fn discrepancy_put(conn: &Connection, one: &Discrepancy) -> Result<(), EngineError> {
    let (operation, location) = (one.operation.to_string(), one.location.to_string());
    let part = one.part.to_string();
    if one.settled {
        conn.prepare_cached("DELETE FROM discrepancy WHERE operation = ?1 AND location = ?2 AND part = ?3")?
            .execute([operation, location, part])?;
        return Ok(());
    }
    conn.prepare_cached(
        "INSERT OR REPLACE INTO discrepancy (operation, location, part, quantity) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![operation, location, part, one.quantity])?;
    Ok(())
}
