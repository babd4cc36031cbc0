//! Domain events: what happened, for workers, written with the state it tells of.

use fieldline_model::id::{DeviceId, DocumentId, OperationId};
use rusqlite::{Connection, params};

use super::StoreError;
use super::log::{Channel, Journal};
use super::value::{from_json, from_sql, to_json, to_sql};

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Happened {
    /// Its number among domain events.
    pub(crate) number: u64,
    /// The document, when it is about one.
    pub(crate) document: Option<DocumentId>,
    /// The word of the act, or `rows`.
    pub(crate) kind: String,
    /// The last log entry of its transaction.
    pub(crate) seq: u64,
    /// Whom it concerns.
    pub(crate) channels: Vec<Channel>,
    /// The phone that brought it.
    pub(crate) device: Option<DeviceId>,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct HappenedBody {
    seq: u64,
    document: Option<DocumentId>,
    operation: Option<OperationId>,
    channels: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    device: Option<DeviceId>,
}

/// Notes a domain event of this transaction.
pub(crate) fn domain_event_add(
    journal: &Journal<'_>,
    document: Option<DocumentId>,
    kind: &str,
    operation: Option<OperationId>,
) -> Result<(), StoreError> {
    domain_event_of(journal, document, kind, operation, None)
}

/// As [`domain_event_add`], for what a phone brought.
pub(crate) fn domain_event_of(
    journal: &Journal<'_>,
    document: Option<DocumentId>,
    kind: &str,
    operation: Option<OperationId>,
    device: Option<DeviceId>,
) -> Result<(), StoreError> {
    let channels = journal.touched().iter().map(ToString::to_string).collect();
    let body = to_json(&HappenedBody {
        seq: journal.seq(),
        document,
        operation,
        channels,
        device,
    })?;
    let sql = "INSERT INTO domain_event (ticket, kind, body, at) VALUES (?1, ?2, ?3, ?4)";
    let ticket = document
        .and_then(DocumentId::ticket)
        .map(|ticket| ticket.to_string());
    journal
        .connection()
        .prepare_cached(sql)?
        .execute(params![ticket, kind, body, journal.at().ms()])?;
    Ok(())
}

/// Domain events after a number, oldest first, at most so many.
pub(crate) fn domain_event_list(
    connection: &Connection,
    after: u64,
    limit: usize,
) -> Result<Vec<Happened>, StoreError> {
    let sql = "SELECT seq, kind, body FROM domain_event WHERE seq > ?1 ORDER BY seq LIMIT ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement.query_map(params![to_sql(after), limit], |row| {
        Ok((from_sql(row.get(0)?), row.get(1)?, row.get::<_, String>(2)?))
    })?;
    let mut events = Vec::new();
    for row in rows {
        let (number, kind, body) = row?;
        let body: HappenedBody = from_json(&body)?;
        let channels = body
            .channels
            .iter()
            .filter_map(|channel| channel.parse().ok())
            .collect();
        events.push(Happened {
            number,
            document: body.document,
            kind,
            seq: body.seq,
            channels,
            device: body.device,
        });
    }
    Ok(events)
}

/// The number of the newest domain event.
pub(crate) fn domain_event_last(connection: &Connection) -> Result<u64, StoreError> {
    let sql = "SELECT COALESCE(MAX(seq), 0) FROM domain_event";
    Ok(from_sql(
        connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?,
    ))
}
