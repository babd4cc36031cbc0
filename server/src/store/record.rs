//! The central record: tickets, visits, events, review items and articles, as the fold says.

use std::collections::HashMap;

use fieldline_model::fold::{FOLD_VERSION, Outcome, ReviewItem, TicketState, VisitState};
use fieldline_model::id::{ArticleId, DocumentId, OperationId, TicketId};
use fieldline_model::operation::{ArticleHead, Path, TicketFacts};
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;
use super::value::{from_sql, parsed, parsed_maybe, to_json, to_sql, word};

/// One entry of a document with both times.
#[derive(Debug)]
pub(crate) struct EventRow<'a> {
    /// The operation.
    pub(crate) operation: OperationId,
    /// Its document.
    pub(crate) document: DocumentId,
    /// Where it stands.
    pub(crate) path: Path,
    /// The word of the act.
    pub(crate) act: &'static str,
    /// Who.
    pub(crate) author: String,
    /// The entry's JSON.
    pub(crate) entry: &'a str,
    /// Clamped device time.
    pub(crate) at: Timestamp,
    /// It was moved.
    pub(crate) clamped: bool,
    /// When the server got it.
    pub(crate) received_at: Timestamp,
    /// What became of it.
    pub(crate) outcome: Outcome,
    /// Its log entry.
    pub(crate) seq: u64,
}

fn outcome_words(outcome: Outcome) -> (&'static str, Option<&'static str>) {
    match outcome {
        Outcome::Merged => ("merged", None),
        Outcome::Overruled(reason) => ("overruled", Some(reason.code())),
    }
}

/// Keeps an entry.
pub(crate) fn event_add(connection: &Connection, event: &EventRow<'_>) -> Result<(), StoreError> {
    let (outcome, code) = outcome_words(event.outcome);
    let sql =
        "INSERT INTO event (operation, document, path, act, author, entry, at, clamped, received_at, outcome,
            code, seq) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    connection.prepare_cached(sql)?.execute(params![
        event.operation.to_string(),
        event.document.to_string(),
        event.path.key(),
        event.act,
        event.author,
        event.entry,
        event.at.ms(),
        event.clamped,
        event.received_at.ms(),
        outcome,
        code,
        to_sql(event.seq),
    ])?;
    Ok(())
}

/// A later fold may see an old entry otherwise. True when it does.
pub(crate) fn event_outcome_write(
    connection: &Connection,
    operation: OperationId,
    outcome: Outcome,
) -> Result<bool, StoreError> {
    let (outcome, code) = outcome_words(outcome);
    let sql = "UPDATE event SET outcome = ?2, code = ?3
        WHERE operation = ?1 AND (outcome <> ?2 OR code IS NOT ?3)";
    let count = connection
        .prepare_cached(sql)?
        .execute(params![operation.to_string(), outcome, code])?;
    Ok(count > 0)
}

/// The true time and the log entry of every entry of a document.
pub(crate) fn event_times(
    connection: &Connection,
    document: DocumentId,
) -> Result<HashMap<OperationId, (Timestamp, u64)>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT operation, at, seq FROM event WHERE document = ?1")?;
    let rows = statement.query_map([document.to_string()], |row| {
        Ok((
            parsed(row, 0)?,
            (Timestamp::from_ms(row.get(1)?), from_sql(row.get(2)?)),
        ))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Tickets as an older fold wrote them.
pub(crate) fn tickets_folded_before(
    connection: &Connection,
    version: u32,
) -> Result<Vec<TicketId>, StoreError> {
    let mut statement = connection.prepare("SELECT id FROM ticket WHERE fold_version < ?1 ORDER BY id")?;
    let rows = statement.query_map([version], |row| parsed(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The ticket this one is merged into, if it is; `None` where there is no such ticket.
pub(crate) fn ticket_merged_into(
    connection: &Connection,
    id: TicketId,
) -> Result<Option<Option<TicketId>>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT merged_into FROM ticket WHERE id = ?1")?;
    Ok(statement
        .query_row([id.to_string()], |row| parsed_maybe(row, 0))
        .optional()?)
}

/// The statuses of a ticket that is over, as SQL: those of `TicketStatus::is_over`.
macro_rules! over {
    () => {
        "('resolved','closed','cancelled','merged_into')"
    };
}
pub(crate) use over;

/// Whether the ticket is known to be over.
pub(crate) fn ticket_is_over(connection: &Connection, id: TicketId) -> Result<bool, StoreError> {
    let sql = concat!("SELECT 1 FROM ticket WHERE id = ?1 AND status IN ", over!());
    Ok(connection.prepare_cached(sql)?.exists([id.to_string()])?)
}

/// What a ticket names: customer, contact, site and asset, and no other facts. `None` where there is no such ticket.
pub(crate) fn ticket_facts(connection: &Connection, id: TicketId) -> Result<Option<TicketFacts>, StoreError> {
    let sql = "SELECT customer, contact, site, asset FROM ticket WHERE id = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let facts = statement.query_row([id.to_string()], |row| {
        Ok(TicketFacts {
            customer: parsed_maybe(row, 0)?,
            contact: parsed_maybe(row, 1)?,
            site: parsed_maybe(row, 2)?,
            asset: parsed_maybe(row, 3)?,
            ..TicketFacts::default()
        })
    });
    Ok(facts.optional()?)
}

/// Whether another ticket has this number.
pub(crate) fn ticket_has_number(
    connection: &Connection,
    number: &str,
    but: TicketId,
) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM ticket WHERE number = ?1 AND id <> ?2")?;
    Ok(statement.exists([number, &but.to_string()])?)
}

/// The tickets that had to add the end of their ids to this number, with the numbers they have now.
pub(crate) fn tickets_renumbered(
    connection: &Connection,
    number: &str,
) -> Result<Vec<(TicketId, String)>, StoreError> {
    let sql = "SELECT id, number FROM ticket WHERE number = ?1 || '-' || substr(id, -4) ORDER BY id";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([number], |row| Ok((parsed(row, 0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Writes a ticket's row as folded. Of two tickets with one number the older keeps it, and the younger adds the end of
/// its id: HQ gave the number again before a phone gave back the ticket that had it.
pub(crate) fn ticket_write(
    connection: &Connection,
    id: TicketId,
    state: &TicketState,
    created_at: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    let facts = &state.facts;
    let current = state.current_visit();
    let status = state.status();
    connection
        .prepare_cached(
            "UPDATE ticket SET number = number || '-' || substr(id, -4) WHERE number = ?2 AND id > ?1",
        )?
        .execute([id.to_string(), facts.number.clone()])?;
    let sql = "INSERT INTO ticket (id, number, status, label, channel, customer, contact, site, asset, category, fault,
            fault_text, priority, vip, deadline, wished_start, wished_end, engineer, plan_start, merged_into, reviews,
            created_at, updated_at, closed_at, fold_version)
        VALUES (?1, CASE WHEN EXISTS (SELECT 1 FROM ticket WHERE number = ?2 AND id < ?1)
                THEN ?2 || '-' || substr(?1, -4) ELSE ?2 END, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,
            ?15, ?16, ?17, ?18, ?19, ?20, (SELECT count(*) FROM review WHERE ticket = ?1 AND done_at IS NULL), ?21, ?22,
            CASE WHEN ?23 THEN ?22 END, ?24)
        ON CONFLICT (id) DO UPDATE SET number = excluded.number, status = excluded.status, label = excluded.label,
            channel = excluded.channel, customer = excluded.customer, contact = excluded.contact, site = excluded.site,
            asset = excluded.asset, category = excluded.category, fault = excluded.fault,
            fault_text = excluded.fault_text, priority = excluded.priority, vip = excluded.vip,
            deadline = excluded.deadline, wished_start = excluded.wished_start, wished_end = excluded.wished_end,
            engineer = excluded.engineer, plan_start = excluded.plan_start, merged_into = excluded.merged_into,
            reviews = excluded.reviews, updated_at = excluded.updated_at,
            closed_at = CASE WHEN ?23 THEN coalesce(ticket.closed_at, excluded.closed_at) END,
            fold_version = excluded.fold_version";
    connection.prepare_cached(sql)?.execute(params![
        id.to_string(),
        facts.number,
        status.word(),
        word(&state.customer_label())?,
        word(&facts.channel)?,
        facts.customer.map(|id| id.to_string()),
        facts.contact.map(|id| id.to_string()),
        facts.site.map(|id| id.to_string()),
        facts.asset.map(|id| id.to_string()),
        facts.category,
        facts.fault,
        facts.fault_text,
        word(&facts.priority)?,
        facts.vip,
        facts.deadline.map(Timestamp::ms),
        facts.wished.map(|span| span.start.ms()),
        facts.wished.map(|span| span.end.ms()),
        current.and_then(|visit| visit.engineer).map(|id| id.to_string()),
        current.and_then(|visit| visit.plan).map(|plan| plan.start.ms()),
        state.merged_into.map(|id| id.to_string()),
        created_at.ms(),
        now.ms(),
        status.is_over(),
        FOLD_VERSION,
    ])?;
    Ok(())
}

/// The actual moments of a visit in true time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct VisitTimes {
    pub(crate) accepted: Option<Timestamp>,
    pub(crate) departed: Option<Timestamp>,
    pub(crate) arrived: Option<Timestamp>,
    pub(crate) started: Option<Timestamp>,
    pub(crate) done: Option<Timestamp>,
}

/// Writes a visit's row as folded.
pub(crate) fn visit_write(
    connection: &Connection,
    ticket: TicketId,
    visit: &VisitState,
    times: &VisitTimes,
) -> Result<(), StoreError> {
    use fieldline_model::fold::Phase;
    let reason = match visit.phase {
        Phase::Declined(reason) => Some(word(&reason)?),
        Phase::Paused(reason) => Some(word(&reason)?),
        Phase::Offered | Phase::Accepted | Phase::EnRoute | Phase::Arrived | Phase::Working | Phase::Done => {
            None
        }
    };
    let completion = visit.completion.as_ref();
    let sql = "INSERT INTO visit (id, ticket, engineer, offered_to, phase, phase_reason, withdrawn, plan_start,
            plan_end, eta, accepted_at, departed_at, arrived_at, started_at, done_at, result, cause, remedy, report)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
        ON CONFLICT (id) DO UPDATE SET engineer = excluded.engineer, offered_to = excluded.offered_to,
            phase = excluded.phase, phase_reason = excluded.phase_reason, withdrawn = excluded.withdrawn,
            plan_start = excluded.plan_start, plan_end = excluded.plan_end, eta = excluded.eta,
            accepted_at = excluded.accepted_at, departed_at = excluded.departed_at, arrived_at = excluded.arrived_at,
            started_at = excluded.started_at, done_at = excluded.done_at, result = excluded.result,
            cause = excluded.cause, remedy = excluded.remedy, report = excluded.report";
    connection.prepare_cached(sql)?.execute(params![
        visit.id.to_string(),
        ticket.to_string(),
        visit.engineer.map(|id| id.to_string()),
        to_json(&visit.to)?,
        visit.phase.word(),
        reason,
        visit
            .withdrawn
            .map(|withdrawn| word(&withdrawn.why))
            .transpose()?,
        visit.plan.map(|plan| plan.start.ms()),
        visit.plan.map(|plan| plan.end.ms()),
        visit.eta.map(Timestamp::ms),
        times.accepted.map(Timestamp::ms),
        times.departed.map(Timestamp::ms),
        times.arrived.map(Timestamp::ms),
        times.started.map(Timestamp::ms),
        times.done.map(Timestamp::ms),
        completion
            .map(|completion| word(&completion.result))
            .transpose()?,
        completion.and_then(|completion| completion.cause.as_deref()),
        completion.and_then(|completion| completion.remedy.as_deref()),
        completion.map(|completion| completion.text.as_str()),
    ])?;
    Ok(())
}

/// Forgets the visits and the waiting review items of a ticket that the fold says no more: an event that comes late can
/// sort before the one that opened a visit and leave it without effect.
pub(crate) fn ticket_forget_others(
    connection: &Connection,
    ticket: TicketId,
    state: &TicketState,
) -> Result<(), StoreError> {
    let visits: Vec<String> = state.visits.keys().map(ToString::to_string).collect();
    let sql = "DELETE FROM visit WHERE ticket = ?1 AND id NOT IN (SELECT value FROM json_each(?2))";
    connection
        .prepare_cached(sql)?
        .execute([ticket.to_string(), to_json(&visits)?])?;
    let reviews: Vec<String> = state
        .reviews
        .iter()
        .map(|item| Ok(format!("{} {}", item.operation, word(&item.what)?)))
        .collect::<Result<_, StoreError>>()?;
    let sql = "DELETE FROM review WHERE ticket = ?1 AND done_at IS NULL
        AND operation || ' ' || what NOT IN (SELECT value FROM json_each(?2))";
    connection
        .prepare_cached(sql)?
        .execute([ticket.to_string(), to_json(&reviews)?])?;
    Ok(())
}

/// Keeps a review item; one that was done stays done.
pub(crate) fn review_add(
    connection: &Connection,
    ticket: TicketId,
    item: &ReviewItem,
    at: Timestamp,
) -> Result<(), StoreError> {
    let sql = "INSERT OR IGNORE INTO review (operation, ticket, what, at) VALUES (?1, ?2, ?3, ?4)";
    connection.prepare_cached(sql)?.execute(params![
        item.operation.to_string(),
        ticket.to_string(),
        word(&item.what)?,
        at.ms(),
    ])?;
    Ok(())
}

/// An article as the index wants it.
#[derive(Debug)]
pub(crate) struct ArticleRow<'a> {
    /// Its id.
    pub(crate) id: ArticleId,
    /// What it is about.
    pub(crate) head: &'a ArticleHead,
    /// How many annotations it has.
    pub(crate) annotations: usize,
    /// Titles, split for the index.
    pub(crate) index_title: String,
    /// Everything else, split for the index.
    pub(crate) index_body: String,
}

/// Writes an article's row and its text in the index.
pub(crate) fn article_write(connection: &Connection, article: &ArticleRow<'_>) -> Result<(), StoreError> {
    let head = article.head;
    let id = article.id.to_string();
    let sql = "INSERT INTO article (id, manual, title_zh, title_en, category, faults, models, annotations)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT (id) DO UPDATE SET manual = excluded.manual, title_zh = excluded.title_zh,
            title_en = excluded.title_en, category = excluded.category, faults = excluded.faults,
            models = excluded.models, annotations = excluded.annotations";
    connection.prepare_cached(sql)?.execute(params![
        id,
        head.manual,
        head.title_zh,
        head.title_en,
        head.category,
        to_json(&head.faults)?,
        to_json(&head.models)?,
        i64::try_from(article.annotations).unwrap_or(i64::MAX),
    ])?;
    // Deleting by an unindexed column would leave the index walk every text twice.
    let rowid: Option<i64> = connection
        .prepare_cached("SELECT rowid FROM article_text WHERE id = ?1")?
        .query_row([&id], |row| row.get(0))
        .optional()?;
    if let Some(rowid) = rowid {
        connection
            .prepare_cached("DELETE FROM article_text WHERE rowid = ?1")?
            .execute([rowid])?;
    }
    let sql = "INSERT INTO article_text (id, title, body) VALUES (?1, ?2, ?3)";
    connection
        .prepare_cached(sql)?
        .execute(params![id, article.index_title, article.index_body])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use fieldline_model::fold::TicketStatus;

    #[test]
    fn sql_and_model_agree_which_tickets_are_over() {
        let all = [
            TicketStatus::New,
            TicketStatus::Triaged,
            TicketStatus::Planned,
            TicketStatus::InProgress,
            TicketStatus::Waiting,
            TicketStatus::Resolved,
            TicketStatus::Closed,
            TicketStatus::Cancelled,
            TicketStatus::MergedInto,
        ];
        for status in all {
            let stands = over!().contains(&format!("'{}'", status.word()));
            assert_eq!(stands, status.is_over(), "{status:?}");
        }
    }
}
