//! Reading the central record: tickets and visits.

use fieldline_model::id::{AssetId, ContactId, CustomerId, EngineerId, SiteId, TicketId, VisitId};
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::StoreError;
use super::value::{from_json, parsed, parsed_maybe};

/// A ticket as projected. Words are as the model spells them.
#[derive(Debug, Clone, PartialEq)]
pub struct TicketRow {
    /// Id.
    pub id: TicketId,
    /// Number people quote.
    pub number: String,
    /// Word of a `TicketStatus`.
    pub status: String,
    /// Word of a `CustomerLabel`.
    pub label: String,
    /// Word of a `Channel`.
    pub channel: String,
    /// Whose.
    pub customer: Option<CustomerId>,
    /// Whom to talk to.
    pub contact: Option<ContactId>,
    /// Where.
    pub site: Option<SiteId>,
    /// Which machine.
    pub asset: Option<AssetId>,
    /// Device category.
    pub category: Option<String>,
    /// Fault code.
    pub fault: Option<String>,
    /// Fault in words.
    pub fault_text: String,
    /// Word of a `Priority`.
    pub priority: String,
    /// Pinned.
    pub vip: bool,
    /// When the SLA plan runs out.
    pub deadline: Option<Timestamp>,
    /// Not before, as wished.
    pub wished_start: Option<Timestamp>,
    /// Not after, as wished.
    pub wished_end: Option<Timestamp>,
    /// Who has the current visit.
    pub engineer: Option<EngineerId>,
    /// When the current visit is planned.
    pub plan_start: Option<Timestamp>,
    /// The survivor.
    pub merged_into: Option<TicketId>,
    /// Open review items.
    pub reviews: u32,
    /// Reported.
    pub created_at: Timestamp,
    /// Last changed.
    pub updated_at: Timestamp,
    /// Ended.
    pub closed_at: Option<Timestamp>,
}

/// The column as a moment.
pub(super) fn moment(row: &Row<'_>, index: usize) -> rusqlite::Result<Timestamp> {
    row.get(index).map(Timestamp::from_ms)
}

/// As [`moment`], for a column that may be NULL.
pub(super) fn moment_maybe(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<Timestamp>> {
    Ok(row.get::<_, Option<i64>>(index)?.map(Timestamp::from_ms))
}

fn ticket_of(row: &Row<'_>) -> rusqlite::Result<TicketRow> {
    Ok(TicketRow {
        id: parsed(row, 0)?,
        number: row.get(1)?,
        status: row.get(2)?,
        label: row.get(3)?,
        channel: row.get(4)?,
        customer: parsed_maybe(row, 5)?,
        contact: parsed_maybe(row, 6)?,
        site: parsed_maybe(row, 7)?,
        asset: parsed_maybe(row, 8)?,
        category: row.get(9)?,
        fault: row.get(10)?,
        fault_text: row.get(11)?,
        priority: row.get(12)?,
        vip: row.get(13)?,
        deadline: moment_maybe(row, 14)?,
        wished_start: moment_maybe(row, 15)?,
        wished_end: moment_maybe(row, 16)?,
        engineer: parsed_maybe(row, 17)?,
        plan_start: moment_maybe(row, 18)?,
        merged_into: parsed_maybe(row, 19)?,
        reviews: row.get(20)?,
        created_at: moment(row, 21)?,
        updated_at: moment(row, 22)?,
        closed_at: moment_maybe(row, 23)?,
    })
}

/// Which tickets are wanted; what is absent does not matter.
#[derive(Debug, Clone, Default)]
pub struct TicketFilter {
    /// Word of a status.
    pub status: Option<&'static str>,
    /// Of the current visit.
    pub engineer: Option<EngineerId>,
    /// Whose.
    pub customer: Option<CustomerId>,
    /// Part of the number, the fault's words or the customer's name.
    pub q: Option<String>,
    /// Changed at or after.
    pub updated_since: Option<Timestamp>,
}

/// A pattern for LIKE that finds `text` anywhere, with nothing in it meaning more than itself.
#[must_use]
pub fn like(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.trim().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// Tickets newest first, those with ids before `after` when it is given.
///
/// # Errors
/// As the database says.
pub fn ticket_list(
    connection: &Connection,
    filter: &TicketFilter,
    after: &str,
    limit: u32,
) -> Result<Vec<TicketRow>, StoreError> {
    let sql = "SELECT id, number, status, label, channel, customer, contact, site, asset, category, fault, fault_text,
            priority, vip, deadline, wished_start, wished_end, engineer, plan_start, merged_into, reviews, created_at,
            updated_at, closed_at
        FROM ticket
        WHERE (?1 = '' OR id < ?1)
            AND (?2 IS NULL OR status = ?2)
            AND (?3 IS NULL OR engineer = ?3)
            AND (?4 IS NULL OR customer = ?4)
            AND (?5 IS NULL OR number LIKE ?5 ESCAPE '\\' OR fault_text LIKE ?5 ESCAPE '\\' OR EXISTS (
                SELECT 1 FROM customer WHERE customer.id = ticket.customer
                    AND (customer.name LIKE ?5 ESCAPE '\\' OR customer.name_en LIKE ?5 ESCAPE '\\')))
            AND (?6 IS NULL OR updated_at >= ?6)
        ORDER BY id DESC LIMIT ?7";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(
        params![
            after,
            filter.status,
            filter.engineer.map(|id| id.to_string()),
            filter.customer.map(|id| id.to_string()),
            filter.q.as_deref().map(like),
            filter.updated_since.map(Timestamp::ms),
            limit,
        ],
        ticket_of,
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One ticket.
///
/// # Errors
/// As the database says.
pub fn ticket_get(connection: &Connection, id: TicketId) -> Result<Option<TicketRow>, StoreError> {
    let sql = "SELECT id, number, status, label, channel, customer, contact, site, asset, category, fault, fault_text,
            priority, vip, deadline, wished_start, wished_end, engineer, plan_start, merged_into, reviews, created_at,
            updated_at, closed_at
        FROM ticket WHERE id = ?1";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([id.to_string()], ticket_of)
        .optional()?)
}

/// A visit as projected.
#[derive(Debug, Clone, PartialEq)]
pub struct VisitRow {
    /// Id.
    pub id: VisitId,
    /// Its ticket.
    pub ticket: TicketId,
    /// Who has it.
    pub engineer: Option<EngineerId>,
    /// To whom it was offered.
    pub offered_to: Vec<EngineerId>,
    /// Word of a `Phase`.
    pub phase: String,
    /// Word of the phase's reason.
    pub phase_reason: Option<String>,
    /// Word of a `Withdrawal`.
    pub withdrawn: Option<String>,
    /// Not before.
    pub plan_start: Option<Timestamp>,
    /// Not after.
    pub plan_end: Option<Timestamp>,
    /// The engineer's own estimate.
    pub eta: Option<Timestamp>,
    /// Actual moments: accepted, departed, arrived, started, done.
    pub times: [Option<Timestamp>; 5],
    /// Word of a `VisitResult`.
    pub result: Option<String>,
    /// Cause code.
    pub cause: Option<String>,
    /// Remedy code.
    pub remedy: Option<String>,
    /// In the engineer's words.
    pub report: Option<String>,
}

fn visit_of(row: &Row<'_>) -> rusqlite::Result<Result<VisitRow, StoreError>> {
    let offered: String = row.get(3)?;
    let Ok(offered_to) = from_json(&offered) else {
        return Ok(Err(StoreError::Corrupt("visit".into())));
    };
    let mut times = [None; 5];
    for (place, time) in times.iter_mut().enumerate() {
        *time = moment_maybe(row, 10 + place)?;
    }
    Ok(Ok(VisitRow {
        id: parsed(row, 0)?,
        ticket: parsed(row, 1)?,
        engineer: parsed_maybe(row, 2)?,
        offered_to,
        phase: row.get(4)?,
        phase_reason: row.get(5)?,
        withdrawn: row.get(6)?,
        plan_start: moment_maybe(row, 7)?,
        plan_end: moment_maybe(row, 8)?,
        eta: moment_maybe(row, 9)?,
        times,
        result: row.get(15)?,
        cause: row.get(16)?,
        remedy: row.get(17)?,
        report: row.get(18)?,
    }))
}

/// Which visits are wanted; what is absent does not matter.
#[derive(Debug, Clone, Default)]
pub struct VisitFilter {
    /// Of one ticket.
    pub ticket: Option<TicketId>,
    /// Who has it, or was asked.
    pub engineer: Option<EngineerId>,
    /// Planned to begin at or after.
    pub from: Option<Timestamp>,
    /// Planned to begin before.
    pub until: Option<Timestamp>,
}

/// Visits newest first, those with ids before `after` when it is given.
///
/// # Errors
/// As the database says.
pub fn visit_list(
    connection: &Connection,
    filter: &VisitFilter,
    after: &str,
    limit: u32,
) -> Result<Vec<VisitRow>, StoreError> {
    let sql =
        "SELECT id, ticket, engineer, offered_to, phase, phase_reason, withdrawn, plan_start, plan_end, eta,
            accepted_at, departed_at, arrived_at, started_at, done_at, result, cause, remedy, report
        FROM visit
        WHERE (?1 = '' OR id < ?1)
            AND (?2 IS NULL OR ticket = ?2)
            AND (?3 IS NULL OR engineer = ?3
                OR (engineer IS NULL AND EXISTS (SELECT 1 FROM json_each(offered_to) WHERE value = ?3)))
            AND (?4 IS NULL OR plan_start >= ?4)
            AND (?5 IS NULL OR plan_start < ?5)
        ORDER BY id DESC LIMIT ?6";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(
        params![
            after,
            filter.ticket.map(|id| id.to_string()),
            filter.engineer.map(|id| id.to_string()),
            filter.from.map(Timestamp::ms),
            filter.until.map(Timestamp::ms),
            limit,
        ],
        visit_of,
    )?;
    rows.map(|row| row?).collect()
}

/// One visit.
///
/// # Errors
/// As the database says.
pub fn visit_get(connection: &Connection, id: VisitId) -> Result<Option<VisitRow>, StoreError> {
    let sql =
        "SELECT id, ticket, engineer, offered_to, phase, phase_reason, withdrawn, plan_start, plan_end, eta,
            accepted_at, departed_at, arrived_at, started_at, done_at, result, cause, remedy, report
        FROM visit WHERE id = ?1";
    connection
        .prepare_cached(sql)?
        .query_row([id.to_string()], visit_of)
        .optional()?
        .transpose()
}
