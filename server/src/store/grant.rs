//! Tables `stock_grant`, `grant_report`, `stock_open`, `discrepancy` and `stock_request`.
//!
//! Nothing here decides who gets what; see `grant`. A grant that has not ended is held, sound or in doubt, and what is held
//! is never free.

use fieldline_model::grant::Discrepancy;
use fieldline_model::id::{
    DeviceId, DocumentId, EngineerId, GrantId, LocationId, OperationId, PartId, TicketId,
};
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::StoreError;
use super::meta::counter_next;
use super::value::{bytes, from_sql, parsed, parsed_maybe, to_sql};

/// The counter behind everything that is said of grants.
const SERIAL: &str = "grant_serial";

/// A grant as HQ keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantRow {
    /// Its name.
    pub id: GrantId,
    /// The phone.
    pub device: DeviceId,
    /// The install on it.
    pub install: [u8; 16],
    /// Whose phone.
    pub engineer: EngineerId,
    /// Where.
    pub location: LocationId,
    /// What.
    pub part: PartId,
    /// For which ticket, if it is a reservation.
    pub ticket: Option<TicketId>,
    /// The request it answers.
    pub request: Option<OperationId>,
    /// How many.
    pub remaining: u32,
    /// Until when without a word from the holder.
    pub until: Timestamp,
    /// Which statement.
    pub serial: u64,
    /// It is over.
    pub ended: bool,
    /// The phone is revoked, unknown or speaks under another install, the van is its engineer's no more, or the ticket it
    /// is reserved for is over.
    pub left_behind: bool,
}

const FROM: &str = "FROM stock_grant g LEFT JOIN device d ON d.id = g.device
    LEFT JOIN grant_report r ON r.device = g.device";
/// Whether a grant `g`, of the phone `d` that reported `r`, is left behind, as SQL.
macro_rules! left_behind {
    () => {
        concat!(
            "(d.id IS NULL OR d.revoked_at IS NOT NULL OR r.install IS NOT g.install
            OR (g.ticket IS NULL AND g.location IS NOT (SELECT van FROM engineer WHERE id = g.engineer))
            OR EXISTS (SELECT 1 FROM ticket t WHERE t.id = g.ticket AND t.status IN ",
            $crate::store::record::over!(),
            "))"
        )
    };
}
pub(crate) use left_behind;

const COLUMNS: &str = concat!(
    "g.id, g.device, g.install, g.engineer, g.location, g.part, g.ticket, g.request, g.remaining,
    g.until, g.serial, g.ended_at IS NOT NULL, ",
    left_behind!()
);

fn grant(row: &Row<'_>) -> rusqlite::Result<GrantRow> {
    Ok(GrantRow {
        id: parsed(row, 0)?,
        device: parsed(row, 1)?,
        install: bytes(row, 2)?,
        engineer: parsed(row, 3)?,
        location: parsed(row, 4)?,
        part: parsed(row, 5)?,
        ticket: parsed_maybe(row, 6)?,
        request: parsed_maybe(row, 7)?,
        remaining: row.get(8)?,
        until: Timestamp::from_ms(row.get(9)?),
        serial: from_sql(row.get(10)?),
        ended: row.get(11)?,
        left_behind: row.get(12)?,
    })
}

/// The next number of what is said of grants.
pub(crate) fn grant_serial(connection: &Connection) -> Result<u64, StoreError> {
    counter_next(connection, SERIAL).map(from_sql)
}

/// The grant of this name.
pub(crate) fn grant_read(connection: &Connection, id: GrantId) -> Result<Option<GrantRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} {FROM} WHERE g.id = ?1");
    let mut statement = connection.prepare_cached(&sql)?;
    Ok(statement.query_row([id.to_string()], grant).optional()?)
}

/// Who holds the part at a place, oldest word first.
pub(crate) fn grant_at(
    connection: &Connection,
    location: LocationId,
    part: PartId,
) -> Result<Vec<GrantRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} {FROM} WHERE g.location = ?1 AND g.part = ?2 AND g.ended_at IS NULL ORDER BY g.serial"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map([location.to_string(), part.to_string()], grant)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What was said of a phone's grants after a serial, in that order; without those that are over when `held` is set.
pub(crate) fn grant_of_device(
    connection: &Connection,
    device: DeviceId,
    after: u64,
    held: bool,
    limit: usize,
) -> Result<Vec<GrantRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} {FROM} WHERE g.device = ?1 AND g.serial > ?2 AND (g.ended_at IS NULL OR NOT ?3)
         ORDER BY g.serial LIMIT ?4"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement.query_map(params![device.to_string(), to_sql(after), held, limit], grant)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many grants a phone holds, and how many uses of its engineer the ledger cannot explain.
pub(crate) fn grant_count(
    connection: &Connection,
    device: DeviceId,
    engineer: EngineerId,
) -> Result<(u32, u32), StoreError> {
    let sql = "SELECT (SELECT count(*) FROM stock_grant WHERE device = ?1 AND ended_at IS NULL),
        (SELECT count(*) FROM discrepancy WHERE engineer = ?2 AND why = 'not_granted' AND settled_at IS NULL)";
    let key = [device.to_string(), engineer.to_string()];
    Ok(connection
        .prepare_cached(sql)?
        .query_row(key, |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// What phones of an engineer hold of a van's stock.
pub(crate) fn grant_of_van(
    connection: &Connection,
    engineer: EngineerId,
    van: LocationId,
) -> Result<Vec<GrantRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} {FROM} WHERE g.engineer = ?1 AND g.location = ?2 AND g.ticket IS NULL AND g.ended_at IS NULL
         ORDER BY g.serial"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map([engineer.to_string(), van.to_string()], grant)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What is reserved for a ticket.
pub(crate) fn grant_of_ticket(
    connection: &Connection,
    ticket: TicketId,
) -> Result<Vec<GrantRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} {FROM} WHERE g.ticket = ?1 AND g.ended_at IS NULL ORDER BY g.serial");
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map([ticket.to_string()], grant)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Writes a grant under the next serial, over what was said of it before.
pub(crate) fn grant_write(connection: &Connection, row: &GrantRow, at: Timestamp) -> Result<(), StoreError> {
    let serial = grant_serial(connection)?;
    let sql =
        "INSERT INTO stock_grant (id, device, install, engineer, location, part, ticket, request, remaining,
            until, serial, ended_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
        ON CONFLICT (id) DO UPDATE SET remaining = excluded.remaining, until = excluded.until,
            serial = excluded.serial, ended_at = excluded.ended_at";
    connection.prepare_cached(sql)?.execute(params![
        row.id.to_string(),
        row.device.to_string(),
        &row.install[..],
        row.engineer.to_string(),
        row.location.to_string(),
        row.part.to_string(),
        row.ticket.map(|id| id.to_string()),
        row.request.map(|id| id.to_string()),
        row.remaining,
        row.until.ms(),
        to_sql(serial),
        row.ended.then(|| at.ms()),
    ])?;
    Ok(())
}

/// The parts of which more lies at a place than is held, and how many more.
pub(crate) fn stock_free(
    connection: &Connection,
    location: LocationId,
) -> Result<Vec<(PartId, i64)>, StoreError> {
    let sql = "SELECT s.part, s.quantity - coalesce((SELECT sum(g.remaining) FROM stock_grant g
            WHERE g.location = s.location AND g.part = s.part AND g.ended_at IS NULL), 0) AS free
        FROM stock s WHERE s.location = ?1 AND free > 0 ORDER BY s.part";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([location.to_string()], |row| Ok((parsed(row, 0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The van of an engineer, where it is known as one.
pub(crate) fn engineer_van(
    connection: &Connection,
    engineer: EngineerId,
) -> Result<Option<LocationId>, StoreError> {
    let sql = "SELECT e.van FROM engineer e JOIN location l ON l.id = e.van AND l.van WHERE e.id = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement
        .query_row([engineer.to_string()], |row| parsed(row, 0))
        .optional()?)
}

/// Under which install a phone spoke last, and in which epoch it showed its grants.
pub(crate) fn report_read(
    connection: &Connection,
    device: DeviceId,
) -> Result<Option<([u8; 16], u64)>, StoreError> {
    let sql = "SELECT install, epoch FROM grant_report WHERE device = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_row([device.to_string()], |row| {
        Ok((bytes(row, 0)?, row.get::<_, String>(1)?))
    });
    Ok(found
        .optional()?
        .map(|(install, epoch)| (install, epoch.parse().unwrap_or(0))))
}

/// The phone speaks under this install, and showed its grants in this epoch; 0 when it showed none that hold.
pub(crate) fn report_write(
    connection: &Connection,
    device: DeviceId,
    install: &[u8; 16],
    epoch: u64,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO grant_report (device, install, epoch) VALUES (?1, ?2, ?3)
        ON CONFLICT (device) DO UPDATE SET install = excluded.install, epoch = excluded.epoch";
    connection
        .prepare_cached(sql)?
        .execute(params![device.to_string(), &install[..], epoch.to_string()])?;
    Ok(())
}

/// Whether every phone that may hold grants at a place has shown them in this epoch: those that do, and all of those who
/// drive the van; of a warehouse all there are. Nobody is not everybody.
pub(crate) fn all_reported(
    connection: &Connection,
    location: LocationId,
    epoch: u64,
) -> Result<bool, StoreError> {
    let sql = "WITH may AS (
            SELECT id FROM device WHERE revoked_at IS NULL AND (engineer IN (SELECT id FROM engineer WHERE van = ?1)
                OR NOT EXISTS (SELECT 1 FROM location WHERE id = ?1 AND van))
            UNION SELECT device FROM stock_grant WHERE location = ?1 AND ended_at IS NULL)
        SELECT count(*) > 0 AND count(*) = sum(r.epoch IS ?2)
        FROM may LEFT JOIN grant_report r ON r.device = may.id";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(
        statement.query_row(params![location.to_string(), epoch.to_string()], |row| {
            Ok(row.get::<_, Option<bool>>(0)?.unwrap_or(false))
        })?,
    )
}

/// Whether somebody counted there since this epoch began.
pub(crate) fn open_read(
    connection: &Connection,
    location: LocationId,
    part: PartId,
    epoch: u64,
) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM stock_open WHERE location = ?1 AND part IN (?2, '') AND epoch = ?3";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.exists(params![location.to_string(), part.to_string(), epoch.to_string()])?)
}

/// Somebody counted there.
pub(crate) fn open_write(
    connection: &Connection,
    location: LocationId,
    part: PartId,
    epoch: u64,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO stock_open (location, part, epoch) VALUES (?1, ?2, ?3)
        ON CONFLICT (location, part) DO UPDATE SET epoch = excluded.epoch";
    connection.prepare_cached(sql)?.execute(params![
        location.to_string(),
        part.to_string(),
        epoch.to_string()
    ])?;
    Ok(())
}

/// What is missing, and by what it came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewDiscrepancy {
    pub(crate) cause: String,
    pub(crate) location: LocationId,
    pub(crate) part: PartId,
    pub(crate) engineer: EngineerId,
    pub(crate) why: &'static str,
    pub(crate) quantity: u32,
}

/// Keeps a discrepancy; known ones stay as they are.
pub(crate) fn discrepancy_add(
    connection: &Connection,
    new: &NewDiscrepancy,
    at: Timestamp,
) -> Result<(), StoreError> {
    let serial = grant_serial(connection)?;
    let sql = "INSERT OR IGNORE INTO discrepancy (cause, location, part, engineer, why, quantity, serial, at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    connection.prepare_cached(sql)?.execute(params![
        new.cause,
        new.location.to_string(),
        new.part.to_string(),
        new.engineer.to_string(),
        new.why,
        new.quantity,
        to_sql(serial),
        at.ms(),
    ])?;
    Ok(())
}

/// Whether a discrepancy is of what came to its place, and not of what went from it.
macro_rules! arrived {
    () => {
        "EXISTS (SELECT 1 FROM movement m WHERE m.operation = d.cause AND m.location = d.location AND m.part = d.part
            AND m.quantity > 0)"
    };
}
pub(crate) use arrived;

/// Settles what is open at a place, and says whether there was anything. Who counted has seen what is there, also what came
/// without an explanation. What is explained in another way is so where it went to as well.
pub(crate) fn discrepancy_settle(
    connection: &Connection,
    location: LocationId,
    part: PartId,
    counted: bool,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let open = concat!(
        "SELECT o.cause, o.location FROM discrepancy o JOIN discrepancy d ON d.cause = o.cause AND d.part = o.part
        WHERE d.location = ?1 AND d.part = ?2 AND d.settled_at IS NULL AND o.settled_at IS NULL
            AND iif(?3, o.location = d.location, NOT ",
        arrived!(),
        ")"
    );
    let mut statement = connection.prepare_cached(open)?;
    let open: Vec<(String, String)> = statement
        .query_map(params![location.to_string(), part.to_string(), counted], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?
        .collect::<Result<_, _>>()?;
    let sql = "UPDATE discrepancy SET settled_at = ?4, serial = ?5 WHERE cause = ?1 AND location = ?2 AND part = ?3";
    for (cause, location) in &open {
        let serial = grant_serial(connection)?;
        connection.prepare_cached(sql)?.execute(params![
            cause,
            location,
            part.to_string(),
            at.ms(),
            to_sql(serial)
        ])?;
    }
    Ok(!open.is_empty())
}

/// How many of what an operation took the ledger cannot explain at the place it took them from.
pub(crate) fn discrepancy_of(
    connection: &Connection,
    cause: OperationId,
    location: LocationId,
    part: PartId,
) -> Result<u32, StoreError> {
    let sql = "SELECT quantity FROM discrepancy WHERE cause = ?1 AND location = ?2 AND part = ?3 AND settled_at IS NULL";
    let key = [cause.to_string(), location.to_string(), part.to_string()];
    let found = connection.prepare_cached(sql)?.query_row(key, |row| row.get(0));
    Ok(found.optional()?.unwrap_or(0))
}

/// What was said of an engineer's own uses after a serial, each with its serial.
pub(crate) fn discrepancy_of_engineer(
    connection: &Connection,
    engineer: EngineerId,
    after: u64,
    open: bool,
    limit: usize,
) -> Result<Vec<(u64, Discrepancy)>, StoreError> {
    let sql = "SELECT serial, cause, location, part, quantity, settled_at IS NOT NULL FROM discrepancy
        WHERE engineer = ?1 AND serial > ?2 AND why = 'not_granted' AND (settled_at IS NULL OR NOT ?3)
        ORDER BY serial LIMIT ?4";
    let mut statement = connection.prepare_cached(sql)?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement.query_map(params![engineer.to_string(), to_sql(after), open, limit], |row| {
        Ok((
            from_sql(row.get(0)?),
            Discrepancy {
                operation: parsed(row, 1)?,
                location: parsed(row, 2)?,
                part: parsed(row, 3)?,
                quantity: row.get(4)?,
                settled: row.get(5)?,
            },
        ))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Parts that somebody asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestRow {
    pub(crate) operation: OperationId,
    pub(crate) document: DocumentId,
    pub(crate) device: Option<DeviceId>,
    pub(crate) engineer: EngineerId,
    pub(crate) location: LocationId,
    pub(crate) part: PartId,
    pub(crate) quantity: u32,
}

/// Keeps a request; a known one stays as it is.
pub(crate) fn request_add(
    connection: &Connection,
    new: &RequestRow,
    at: Timestamp,
) -> Result<(), StoreError> {
    let sql = "INSERT OR IGNORE INTO stock_request (operation, document, device, engineer, location, part, quantity, at,
            done_at)
        SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, (SELECT ?8 FROM stock_grant WHERE request = ?1)";
    connection.prepare_cached(sql)?.execute(params![
        new.operation.to_string(),
        new.document.to_string(),
        new.device.map(|id| id.to_string()),
        new.engineer.to_string(),
        new.location.to_string(),
        new.part.to_string(),
        new.quantity,
        at.ms(),
    ])?;
    Ok(())
}

/// The request of this name, and whether it waits.
pub(crate) fn request_read(
    connection: &Connection,
    operation: OperationId,
) -> Result<Option<(RequestRow, bool)>, StoreError> {
    let sql = "SELECT operation, document, device, engineer, location, part, quantity, done_at IS NULL FROM stock_request
        WHERE operation = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_row([operation.to_string()], |row| Ok((request(row)?, row.get(7)?)));
    Ok(found.optional()?)
}

/// What waits, by name, after `after`.
pub(crate) fn request_list(
    connection: &Connection,
    after: &str,
    limit: u32,
) -> Result<Vec<(RequestRow, Timestamp)>, StoreError> {
    let sql = "SELECT operation, document, device, engineer, location, part, quantity, at FROM stock_request
        WHERE done_at IS NULL AND operation > ?1 ORDER BY operation LIMIT ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![after, limit], |row| {
        Ok((request(row)?, Timestamp::from_ms(row.get(7)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What waits that was asked for in a document, by name.
pub(crate) fn request_of(
    connection: &Connection,
    document: DocumentId,
) -> Result<Vec<OperationId>, StoreError> {
    let sql =
        "SELECT operation FROM stock_request WHERE document = ?1 AND done_at IS NULL ORDER BY operation";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([document.to_string()], |row| parsed(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn request(row: &Row<'_>) -> rusqlite::Result<RequestRow> {
    Ok(RequestRow {
        operation: parsed(row, 0)?,
        document: parsed(row, 1)?,
        device: parsed_maybe(row, 2)?,
        engineer: parsed(row, 3)?,
        location: parsed(row, 4)?,
        part: parsed(row, 5)?,
        quantity: row.get(6)?,
    })
}

/// What waits of what this phone asked for, or its engineer in another way, oldest first.
pub(crate) fn request_waiting(
    connection: &Connection,
    engineer: EngineerId,
    device: DeviceId,
) -> Result<Vec<RequestRow>, StoreError> {
    let sql = "SELECT operation, document, device, engineer, location, part, quantity FROM stock_request
        WHERE engineer = ?1 AND done_at IS NULL AND (device = ?2 OR device IS NULL
            OR device IN (SELECT id FROM device WHERE revoked_at IS NOT NULL))
        ORDER BY at, operation";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([engineer.to_string(), device.to_string()], request)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether no other grant answers the request.
pub(crate) fn request_is_free(
    connection: &Connection,
    request: OperationId,
    grant: GrantId,
) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM stock_grant WHERE request = ?1 AND id <> ?2";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(!statement.exists([request.to_string(), grant.to_string()])?)
}

/// It was answered.
pub(crate) fn request_end(
    connection: &Connection,
    operation: OperationId,
    at: Timestamp,
) -> Result<(), StoreError> {
    let sql = "UPDATE stock_request SET done_at = ?2 WHERE operation = ?1";
    connection
        .prepare_cached(sql)?
        .execute(params![operation.to_string(), at.ms()])?;
    Ok(())
}
