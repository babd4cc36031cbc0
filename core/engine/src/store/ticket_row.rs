//! Table `ticket_row`: tickets as lists show them. A read model: written with every change of a ticket, read alone.

use fieldline_model::id::{DocumentId, TicketId};
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, params};

use super::{parsed, parsed_option};
use crate::error::EngineError;
use crate::project::TicketRow;
use crate::view::{ListFilter, ListScope, TicketLine};

/// Writes a ticket's line.
pub(crate) fn ticket_row_put(conn: &Connection, row: &TicketRow) -> Result<(), EngineError> {
    conn.prepare_cached(
        "INSERT OR REPLACE INTO ticket_row (document, number, status, visit, phase, withdrawn, open, plan_start,
             plan_end, priority, vip, deadline, customer, contact, site, asset, category, fault, fault_text, urges,
             pending, sort)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)",
    )?
    .execute(params![
        row.document.to_string(),
        row.facts.number,
        row.status,
        row.visit.map(|id| id.to_string()),
        row.phase,
        row.withdrawn,
        row.open,
        row.plan.map(|plan| plan.start.ms()),
        row.plan.map(|plan| plan.end.ms()),
        row.priority,
        row.facts.vip,
        row.facts.deadline.map(Timestamp::ms),
        row.facts.customer.map(|id| id.to_string()),
        row.facts.contact.map(|id| id.to_string()),
        row.facts.site.map(|id| id.to_string()),
        row.facts.asset.map(|id| id.to_string()),
        row.facts.category,
        row.facts.fault,
        row.facts.fault_text,
        row.urges,
        row.pending,
        row.sort,
    ])?;
    Ok(())
}

/// The number on a ticket's line, empty when there is none.
pub(crate) fn ticket_row_number(conn: &Connection, id: DocumentId) -> Result<String, EngineError> {
    use rusqlite::OptionalExtension;
    let number = conn
        .prepare_cached("SELECT number FROM ticket_row WHERE document = ?1")?
        .query_row([id.to_string()], |row| row.get(0))
        .optional()?;
    Ok(number.unwrap_or_default())
}

/// The ticket to whose customer this engineer is on his way.
pub(crate) fn ticket_row_en_route(conn: &Connection) -> Result<Option<TicketId>, EngineError> {
    use rusqlite::OptionalExtension;
    let found: Option<String> = conn
        .prepare_cached(
            "SELECT t.document FROM ticket_row t JOIN doc d ON d.id = t.document
             WHERE t.open = 1 AND t.phase = 'en_route' AND d.in_scope = 1 LIMIT 1",
        )?
        .query_row([], |row| row.get(0))
        .optional()?;
    let document: Option<DocumentId> = parsed_option(found, "ticket_row.document")?;
    Ok(document.and_then(DocumentId::ticket))
}

/// Lines in the order of the day: VIPs and the pinned first only within the same time.
pub(crate) fn ticket_row_list(
    conn: &Connection,
    filter: &ListFilter,
) -> Result<Vec<TicketLine>, EngineError> {
    let mut statement = conn.prepare_cached(
        "SELECT t.document, t.number, t.status, t.visit, t.phase, t.withdrawn, t.plan_start, t.plan_end, t.priority,
                t.vip, t.deadline, coalesce(c.label, ''), coalesce(c.label_en, ''), coalesce(s.label, ''),
                coalesce(s.label_en, ''), t.fault, coalesce(f.label, ''), coalesce(f.label_en, ''), t.fault_text,
                t.category, t.urges, t.pending, d.stuck, CASE WHEN t.pending = 0 THEN 0 ELSE
                    (SELECT count(*) FROM intent WHERE document = t.document AND state = 'saved' AND held = 1) END,
                CASE WHEN t.phase IS NOT 'offered' THEN 0 ELSE EXISTS (
                    SELECT 1 FROM carried k JOIN carried_entry e ON e.carried = k.n
                    WHERE k.document = t.document AND k.taken_at IS NULL AND k.refused IS NULL
                      AND e.entry ->> '$.act.accept.visit' = t.visit
                      AND e.entry ->> '$.by' IS NOT (SELECT 'engineer:' || engineer FROM identity)
                      AND NOT EXISTS (SELECT 1 FROM carried_entry o WHERE o.carried = k.n
                          AND o.entry ->> '$.act.decline.visit' = t.visit)) END
         FROM ticket_row t
         JOIN doc d INDEXED BY doc_place ON d.id = t.document
         LEFT JOIN \"row\" a ON t.site IS NULL AND a.kind = 'asset' AND a.id = t.asset
         LEFT JOIN \"row\" s ON s.kind = 'site' AND s.id = coalesce(t.site, a.json ->> '$.asset.site')
         LEFT JOIN \"row\" c ON c.kind = 'customer' AND c.id = coalesce(t.customer, s.json ->> '$.site.customer')
         LEFT JOIN \"row\" f ON f.kind = 'code' AND f.id = t.fault
         WHERE d.in_scope = ?7 AND (?1 IS NULL OR t.open = ?1)
           AND (?2 IS NULL OR (t.plan_start IS NOT NULL AND t.plan_start < ?3 AND t.plan_end > ?2))
           AND (?4 IS NULL OR t.asset = ?4)
         ORDER BY t.open DESC, t.sort, t.vip DESC, t.number LIMIT ?5 OFFSET ?6",
    )?;
    let open = match filter.scope {
        ListScope::All | ListScope::Left => None,
        ListScope::Open => Some(true),
        ListScope::Done => Some(false),
    };
    let in_scope = filter.scope != ListScope::Left;
    let from = filter.planned_in.map(|span| span.start.ms());
    let to = filter.planned_in.map(|span| span.end.ms());
    let asset = filter.asset.map(|id| id.to_string());
    let mut rows = statement.query(params![
        open,
        from,
        to,
        asset,
        filter.limit,
        filter.offset,
        in_scope
    ])?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next()? {
        let document: DocumentId = parsed(&row.get::<_, String>(0)?, "ticket_row.document")?;
        let ticket: TicketId = document
            .ticket()
            .ok_or(EngineError::BadValue("ticket_row.document"))?;
        let time = |n| row.get::<_, Option<i64>>(n).map(|ms| ms.map(Timestamp::from_ms));
        lines.push(TicketLine {
            ticket,
            number: row.get(1)?,
            status: row.get(2)?,
            visit: parsed_option(row.get(3)?, "ticket_row.visit")?,
            phase: row.get(4)?,
            withdrawn: row.get(5)?,
            plan_start: time(6)?,
            plan_end: time(7)?,
            priority: row.get(8)?,
            vip: row.get(9)?,
            deadline: time(10)?,
            customer: row.get(11)?,
            customer_en: row.get(12)?,
            address: row.get(13)?,
            address_en: row.get(14)?,
            fault: row.get(15)?,
            fault_zh: row.get(16)?,
            fault_en: row.get(17)?,
            fault_text: row.get(18)?,
            category: row.get(19)?,
            urges: row.get(20)?,
            pending: row.get(21)?,
            stuck: row.get(22)?,
            held: row.get(23)?,
            accepted_not_at_hq: row.get(24)?,
        });
    }
    Ok(lines)
}
