//! What HQ's queue reads: rows with names already joined, a cursor, and the two counts above the table.

use fieldline_model::id::TicketId;
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::StoreError;
use super::value::parsed;

/// One ticket as the queue shows it. Names stay in both languages; the page picks.
#[derive(Debug, Clone)]
pub(crate) struct QueueItem {
    pub(crate) id: TicketId,
    pub(crate) number: String,
    pub(crate) status: String,
    pub(crate) priority: String,
    pub(crate) vip: bool,
    pub(crate) fault_text: String,
    /// Words of the fault code: Chinese, English.
    pub(crate) fault: Option<(String, String)>,
    pub(crate) deadline: Option<Timestamp>,
    /// When the work was done by the device's time, or else when HQ ended it.
    pub(crate) ended: Option<Timestamp>,
    pub(crate) created: Timestamp,
    /// The newest urge that nobody at HQ has answered.
    pub(crate) urged: Option<Timestamp>,
    pub(crate) reviews: u32,
    pub(crate) customer: Option<(String, Option<String>)>,
    pub(crate) city: Option<String>,
    pub(crate) district: Option<String>,
    /// Model in Chinese, in English, serial number.
    pub(crate) asset: Option<(String, String, String)>,
    pub(crate) engineer: Option<(String, String)>,
}

/// Which rows.
#[derive(Debug, Clone, Default)]
pub(crate) struct QueueFilter {
    /// A status; `review` for what waits for review; empty for everything open, and what waits for review.
    pub(crate) shown: &'static str,
    /// Text that must occur in number, customer, fault or serial number. A number is found in every status.
    pub(crate) search: String,
    /// The last row of the page before.
    pub(crate) after: Option<QueueCursor>,
}

/// A place in the queue's order: deadline, then id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct QueueCursor {
    pub(crate) deadline_ms: i64,
    pub(crate) id: TicketId,
}

impl QueueItem {
    /// Where it stands; tickets without a deadline come last.
    pub(crate) fn cursor(&self) -> QueueCursor {
        QueueCursor {
            deadline_ms: self.deadline.map_or(i64::MAX, Timestamp::ms),
            id: self.id,
        }
    }
}

impl QueueFilter {
    /// The search as the database compares it.
    fn needle(&self) -> String {
        self.search.trim().to_ascii_lowercase()
    }
}

macro_rules! queue_from {
    () => {
        "FROM ticket t LEFT JOIN customer c ON c.id = t.customer LEFT JOIN site s ON s.id = t.site
            LEFT JOIN asset a ON a.id = t.asset LEFT JOIN engineer e ON e.id = t.engineer
            LEFT JOIN code f ON f.id = t.fault "
    };
}

/// ?1 says which, ?2 is searched for.
macro_rules! queue_where {
    () => {
        "WHERE (CASE ?1 WHEN ''
                THEN t.status NOT IN ('resolved', 'closed', 'cancelled', 'merged_into') OR t.reviews > 0
                    OR (?2 <> '' AND lower(t.number) = ?2)
                WHEN 'review' THEN t.reviews > 0
                ELSE t.status = ?1 END)
         AND (?2 = '' OR instr(lower(t.number), ?2) OR instr(lower(c.name), ?2) OR instr(lower(c.name_en), ?2)
            OR instr(lower(t.fault_text), ?2) OR instr(lower(a.serial), ?2) OR instr(f.zh, ?2)
            OR instr(lower(f.en), ?2))"
    };
}

macro_rules! queue_sql {
    () => {
        concat!(
            "SELECT t.id, t.number, t.status, t.priority, t.vip, t.fault_text, f.zh, f.en, t.deadline,
                coalesce((SELECT max(v.done_at) FROM visit v WHERE v.ticket = t.id), t.closed_at),
                t.created_at,
                (SELECT max(u.at) FROM event u WHERE u.document = 'ticket-' || t.id AND u.act = 'urge' AND u.seq >
                    coalesce((SELECT max(h.seq) FROM event h WHERE h.document = u.document
                        AND h.author LIKE 'staff:%'), 0)),
                t.reviews, c.name, c.name_en, s.city, s.district, coalesce(nullif(a.model_zh, ''), a.model),
                coalesce(nullif(a.model_en, ''), a.model), a.serial, e.name, e.name_en ",
            queue_from!()
        )
    };
}

fn item_of(row: &Row<'_>) -> rusqlite::Result<QueueItem> {
    let moment = |index| {
        row.get::<_, Option<i64>>(index)
            .map(|ms| ms.map(Timestamp::from_ms))
    };
    let (zh, en): (Option<String>, Option<String>) = (row.get(6)?, row.get(7)?);
    let customer: Option<String> = row.get(13)?;
    let customer_en: Option<String> = row.get(14)?;
    let (model_zh, model_en): (Option<String>, Option<String>) = (row.get(17)?, row.get(18)?);
    let serial: Option<String> = row.get(19)?;
    let (engineer, engineer_en): (Option<String>, Option<String>) = (row.get(20)?, row.get(21)?);
    Ok(QueueItem {
        id: parsed(row, 0)?,
        number: row.get(1)?,
        status: row.get(2)?,
        priority: row.get(3)?,
        vip: row.get(4)?,
        fault_text: row.get(5)?,
        fault: zh.zip(en),
        deadline: moment(8)?,
        ended: moment(9)?,
        created: Timestamp::from_ms(row.get(10)?),
        urged: moment(11)?,
        reviews: row.get(12)?,
        customer: customer.map(|name| (name, customer_en)),
        city: row.get(15)?,
        district: row.get(16)?,
        asset: model_zh
            .zip(model_en)
            .zip(serial)
            .map(|((zh, en), serial)| (zh, en, serial)),
        engineer: engineer.map(|name| (name, engineer_en.unwrap_or_default())),
    })
}

/// At most `limit` rows, tightest deadline first.
pub(crate) fn queue_list(
    connection: &Connection,
    filter: &QueueFilter,
    limit: u32,
) -> Result<Vec<QueueItem>, StoreError> {
    let sql = concat!(
        queue_sql!(),
        queue_where!(),
        " AND (coalesce(t.deadline, 9223372036854775807) > ?3
            OR (coalesce(t.deadline, 9223372036854775807) = ?3 AND t.id > ?4))
         ORDER BY coalesce(t.deadline, 9223372036854775807), t.id LIMIT ?5"
    );
    let (deadline, id) = filter
        .after
        .map_or((i64::MIN, String::new()), |c| (c.deadline_ms, c.id.to_string()));
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(
        params![filter.shown, filter.needle(), deadline, id, limit],
        item_of,
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many rows the filter finds on all its pages.
pub(crate) fn queue_found(connection: &Connection, filter: &QueueFilter) -> Result<u32, StoreError> {
    let sql = concat!("SELECT count(*) ", queue_from!(), queue_where!());
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row(params![filter.shown, filter.needle()], |row| row.get(0))?)
}

/// Rows that changed at or after a moment, the newest `limit` of them.
pub(crate) fn queue_changed(
    connection: &Connection,
    since: Timestamp,
    limit: u32,
) -> Result<Vec<QueueItem>, StoreError> {
    let sql = concat!(
        queue_sql!(),
        "WHERE t.updated_at >= ?1 ORDER BY t.updated_at DESC, t.id LIMIT ?2"
    );
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![since.ms(), limit], item_of)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One ticket as a row.
pub(crate) fn queue_item(connection: &Connection, id: TicketId) -> Result<Option<QueueItem>, StoreError> {
    let mut statement = connection.prepare_cached(concat!(queue_sql!(), "WHERE t.id = ?1"))?;
    Ok(statement.query_row([id.to_string()], item_of).optional()?)
}

/// How many tickets there are to do.
#[derive(Debug, Clone, Default)]
pub(crate) struct QueueCounts {
    /// Open ones by status.
    pub(crate) states: Vec<(String, u32)>,
    /// Of them past their deadline.
    pub(crate) late: u32,
    /// Those that wait for review.
    pub(crate) review: u32,
    /// Of them ended ones.
    pub(crate) ended: u32,
}

/// How many tickets there are to do; of those that are over only the ones that wait for review are visited.
pub(crate) fn queue_counts(connection: &Connection, now: Timestamp) -> Result<QueueCounts, StoreError> {
    let sql = "SELECT status, count(*), count(*) FILTER (WHERE deadline < ?1) FROM ticket
        WHERE status IN ('new', 'triaged', 'planned', 'in_progress', 'waiting') GROUP BY status";
    let mut counts = QueueCounts::default();
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([now.ms()], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get::<_, u32>(2)?))
    })?;
    for row in rows {
        let (status, count, late) = row?;
        counts.states.push((status, count));
        counts.late += late;
    }
    let sql = "SELECT count(*), count(*) FILTER (WHERE status IN ('resolved', 'closed', 'cancelled', 'merged_into'))
        FROM ticket WHERE reviews > 0 AND id IN (SELECT ticket FROM review WHERE done_at IS NULL)";
    let mut statement = connection.prepare_cached(sql)?;
    (counts.review, counts.ended) = statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(counts)
}

/// The number people quote.
pub(crate) fn ticket_number(connection: &Connection, id: TicketId) -> Result<Option<String>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT number FROM ticket WHERE id = ?1")?;
    Ok(statement
        .query_row([id.to_string()], |row| row.get(0))
        .optional()?)
}
