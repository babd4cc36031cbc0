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
    /// The status to show; `None` is everything open, and what waits for review.
    pub(crate) status: Option<&'static str>,
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

macro_rules! queue_sql {
    ($rest:literal) => {
        concat!(
            "SELECT t.id, t.number, t.status, t.priority, t.vip, t.fault_text, f.zh, f.en, t.deadline,
                coalesce((SELECT max(v.done_at) FROM visit v WHERE v.ticket = t.id), t.closed_at),
                t.created_at,
                (SELECT max(u.at) FROM event u WHERE u.document = 'ticket-' || t.id AND u.act = 'urge' AND u.seq >
                    coalesce((SELECT max(h.seq) FROM event h WHERE h.document = u.document
                        AND h.author LIKE 'staff:%'), 0)),
                t.reviews, c.name, c.name_en, s.city, s.district, coalesce(nullif(a.model_zh, ''), a.model),
                coalesce(nullif(a.model_en, ''), a.model), a.serial, e.name, e.name_en
            FROM ticket t LEFT JOIN customer c ON c.id = t.customer LEFT JOIN site s ON s.id = t.site
                LEFT JOIN asset a ON a.id = t.asset LEFT JOIN engineer e ON e.id = t.engineer
                LEFT JOIN code f ON f.id = t.fault ",
            $rest
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
    let sql = queue_sql!(
        "WHERE (coalesce(t.deadline, 9223372036854775807) > ?1
            OR (coalesce(t.deadline, 9223372036854775807) = ?1 AND t.id > ?2))
         AND (CASE WHEN ?3 IS NULL
                THEN t.status NOT IN ('resolved', 'closed', 'cancelled', 'merged_into') OR t.reviews > 0
                    OR (?4 <> '' AND lower(t.number) = ?4)
                ELSE t.status = ?3 END)
         AND (?4 = '' OR instr(lower(t.number), ?4) OR instr(lower(c.name), ?4) OR instr(lower(c.name_en), ?4)
            OR instr(lower(t.fault_text), ?4) OR instr(lower(a.serial), ?4) OR instr(f.zh, ?4)
            OR instr(lower(f.en), ?4))
         ORDER BY coalesce(t.deadline, 9223372036854775807), t.id LIMIT ?5"
    );
    let (deadline, id) = filter
        .after
        .map_or((i64::MIN, String::new()), |c| (c.deadline_ms, c.id.to_string()));
    let search = filter.search.trim().to_ascii_lowercase();
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![deadline, id, filter.status, search, limit], item_of)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Rows that changed at or after a moment, the newest `limit` of them.
pub(crate) fn queue_changed(
    connection: &Connection,
    since: Timestamp,
    limit: u32,
) -> Result<Vec<QueueItem>, StoreError> {
    let sql = queue_sql!("WHERE t.updated_at >= ?1 ORDER BY t.updated_at DESC, t.id LIMIT ?2");
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![since.ms(), limit], item_of)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One ticket as a row.
pub(crate) fn queue_item(connection: &Connection, id: TicketId) -> Result<Option<QueueItem>, StoreError> {
    let mut statement = connection.prepare_cached(queue_sql!("WHERE t.id = ?1"))?;
    Ok(statement.query_row([id.to_string()], item_of).optional()?)
}

/// Open tickets, and how many of them are past their deadline.
pub(crate) fn queue_counts(connection: &Connection, now: Timestamp) -> Result<(u32, u32), StoreError> {
    let sql = "SELECT count(*), count(*) FILTER (WHERE deadline < ?1) FROM ticket
        WHERE status NOT IN ('resolved', 'closed', 'cancelled', 'merged_into')";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row([now.ms()], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// The number people quote.
pub(crate) fn ticket_number(connection: &Connection, id: TicketId) -> Result<Option<String>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT number FROM ticket WHERE id = ?1")?;
    Ok(statement
        .query_row([id.to_string()], |row| row.get(0))
        .optional()?)
}
