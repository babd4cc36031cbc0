//! Whether the promise was kept: every operation in the driver's book against HQ's own tables, by id.

use std::collections::{BTreeMap, BTreeSet};

use fieldline_engine::Moment;
use fieldline_engine::view::{ListFilter, ListScope, TicketView};
use fieldline_model::id::{EngineerId, OperationId, TicketId};
use fieldline_model::operation::Author;
use fieldline_server::app::App;
use fieldline_server::store::StoreError;
use fieldline_server::store::event::event_list;
use fieldline_server::store::fate::fate_get;
use fieldline_server::store::ticket::{VisitFilter, ticket_get, visit_list};

use super::ledger::Saved;
use super::office::told;
use super::phone::Phone;
use crate::fault::Fault;
use crate::when;

/// More entries than a ticket has.
const ENTRIES_MAX: u32 = 10_000;

/// What became of what was promised.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Fates {
    /// It counts.
    pub(super) merged: usize,
    /// Kept, and does not count as meant.
    pub(super) overruled: usize,
    /// Not taken.
    pub(super) refused: usize,
    /// HQ has not decided.
    pub(super) pending: usize,
    /// How often each reason was given.
    pub(super) reasons: BTreeMap<String, usize>,
    /// Promises that HQ's tables do not bear out.
    pub(super) lost: BTreeSet<OperationId>,
}

/// Held operations looked at: no demo has more.
const HELD_MAX: u32 = 1_000;

/// How many of these HQ holds for a supervisor.
pub(super) async fn held(app: &App, saved: &[Saved]) -> Result<usize, Fault> {
    let held = app.held(HELD_MAX).await.map_err(told)?;
    let ours: BTreeSet<OperationId> = saved.iter().map(|saved| saved.operation).collect();
    Ok(held.iter().filter(|(id, _)| ours.contains(id)).count())
}

/// Looks every promise up: one fate, and an entry in the record exactly when it was taken.
pub(super) async fn fates(app: &App, saved: &[Saved]) -> Result<Fates, Fault> {
    let saved: Vec<OperationId> = saved.iter().map(|saved| saved.operation).collect();
    let read = app.store().read(move |connection| {
        let mut fates = Fates::default();
        let mut records: BTreeMap<String, BTreeSet<OperationId>> = BTreeMap::new();
        for operation in saved {
            let Some(fate) = fate_get(connection, operation)? else {
                fates.pending += 1;
                fates.lost.insert(operation);
                continue;
            };
            let record = match records.get(&fate.document) {
                Some(record) => record,
                None => {
                    let events = event_list(connection, &fate.document, 0, ENTRIES_MAX)?;
                    let ids = events.into_iter().map(|event| event.operation).collect();
                    records.entry(fate.document.clone()).or_insert(ids)
                }
            };
            let taken = match fate.fate.as_str() {
                "merged" => {
                    fates.merged += 1;
                    true
                }
                "overruled" => {
                    fates.overruled += 1;
                    true
                }
                _ => {
                    fates.refused += 1;
                    false
                }
            };
            if record.contains(&operation) != taken {
                fates.lost.insert(operation);
            }
            if let Some(code) = fate.code {
                *fates.reasons.entry(code).or_default() += 1;
            }
        }
        Ok::<_, StoreError>(fates)
    });
    Ok(read.await?)
}

/// Names what differs between the phones and HQ: the scope by HQ's visits, number and heads of all documents as the
/// last page's manifest counts them, and every ticket entry by entry.
pub(super) async fn differences(app: &App, phones: &[Phone]) -> Result<Vec<String>, Fault> {
    let mut found = Vec::new();
    for phone in phones.iter().filter(|phone| !phone.is_revoked()) {
        let name = &phone.name;
        let status = phone.engine().status()?;
        if !status.complete || status.expected != Some(status.held) || status.saved_here > 0 {
            found.push(format!(
                "{name}: holds {} of {:?}, {} unsent",
                status.held, status.expected, status.saved_here
            ));
        }
        if !status.stuck.is_empty() || status.early_changes > 0 {
            found.push(format!(
                "{name}: {} damaged, {} early",
                status.stuck.len(),
                status.early_changes
            ));
        }
        let filter = ListFilter {
            scope: ListScope::All,
            ..ListFilter::default()
        };
        let lines = phone.engine().list(&filter)?;
        let held: BTreeSet<TicketId> = lines.iter().map(|line| line.ticket).collect();
        let should = scope(app, phone.engineer).await?;
        if held != should {
            found.push(format!(
                "{name}: holds {} tickets, HQ means {}",
                held.len(),
                should.len()
            ));
        }
        for line in lines {
            let mut chance = when::random;
            let view = phone
                .engine()
                .ticket(line.ticket, &mut Moment::new(when::device_time(), &mut chance))?;
            if let Some(why) = differs(app, line.ticket, &view).await? {
                found.push(format!("{name}: {} {why}", line.number));
            }
        }
    }
    Ok(found)
}

/// The tickets an engineer should hold, by the visits in HQ's table: his, and not taken away or turned down.
async fn scope(app: &App, engineer: EngineerId) -> Result<BTreeSet<TicketId>, Fault> {
    let filter = VisitFilter {
        engineer: Some(engineer),
        ..VisitFilter::default()
    };
    let visits = app
        .store()
        .read(move |connection| visit_list(connection, &filter, "", ENTRIES_MAX))
        .await?;
    let his = visits
        .into_iter()
        .filter(|visit| visit.withdrawn.is_none() && visit.phase != "declined");
    Ok(his.map(|visit| visit.ticket).collect())
}

async fn differs(app: &App, ticket: TicketId, view: &TicketView) -> Result<Option<String>, Fault> {
    let document = fieldline_model::id::DocumentId::from(ticket).to_string();
    let read = app.store().read(move |connection| {
        let row = ticket_get(connection, ticket)?;
        Ok::<_, StoreError>((row, event_list(connection, &document, 0, ENTRIES_MAX)?))
    });
    let (row, events) = read.await?;
    let there: BTreeSet<(OperationId, String)> = events
        .into_iter()
        .map(|event| (event.operation, event.author))
        .collect();
    let entries = [&view.events, &view.field, &view.customer_entries]
        .into_iter()
        .flatten();
    let here: BTreeSet<(OperationId, String)> = entries
        .map(|entry| (entry.operation, Author::to_string(&entry.by)))
        .collect();
    if here != there {
        return Ok(Some(format!(
            "has {} entries here and {} at HQ",
            here.len(),
            there.len()
        )));
    }
    let status = row.map(|row| row.status);
    let same = status.as_deref() == Some(view.status);
    Ok((!same).then(|| format!("is {} here and {status:?} at HQ", view.status)))
}
