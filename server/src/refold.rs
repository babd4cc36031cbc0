//! A new fold says something else of old tickets: when the server opens, their record is written anew, once.
//!
//! Fates stay what phones were told; what counts at present, the review items and who holds the ticket follow the fold.

use std::path::Path;

use fieldline_model::document;
use fieldline_model::fold::{FOLD_VERSION, fold};
use fieldline_model::id::TicketId;
use fieldline_model::time::Timestamp;
use rusqlite::{Connection, TransactionBehavior};

use crate::check::visit_times;
use crate::store::log::Journal;
use crate::store::record;
use crate::store::scope::scope_holders;
use crate::store::{self, StoreError, check, document as documents};
use crate::{projection, scope};

/// Folds anew what an older fold wrote. Each ticket is one transaction, so being stopped costs nothing.
pub(crate) fn refold(path: &Path, now: Timestamp) -> Result<usize, StoreError> {
    let mut connection = store::connect(path)?;
    let old = record::tickets_folded_before(&connection, FOLD_VERSION)?;
    for ticket in &old {
        // Begun as a write: another process may write too, and then this one waits for it.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        refold_ticket(&transaction, *ticket, now)?;
        transaction.commit()?;
    }
    Ok(old.len())
}

fn refold_ticket(connection: &Connection, ticket: TicketId, now: Timestamp) -> Result<(), StoreError> {
    let id = ticket.into();
    let content = documents::document_read(connection, id)?
        .and_then(|stored| document::load(id, &stored.snapshot).ok())
        .and_then(|doc| document::content(id, &doc).ok());
    let Some(content) = content else {
        // `check` names it as damaged; its record stays as it was.
        tracing::error!(%ticket, "ticket {ticket} cannot be folded anew");
        return Ok(());
    };
    let state = fold(&content.events);
    let times = record::event_times(connection, id)?;
    let time = |operation| times.get(&operation).map(|(at, _): &(Timestamp, u64)| *at);
    let Some(created) = state.created else {
        return Ok(());
    };
    let mut journal = Journal::begin(connection, now)?;
    projection::write_outcomes(&mut journal, &content, &state, |_, _| true)?;
    record::ticket_forget_others(connection, ticket, &state)?;
    for item in &state.reviews {
        record::review_add(connection, ticket, item, time(item.operation).unwrap_or(now))?;
    }
    let (_, written_at) = check::record_text(connection, ticket)?;
    let created_at = time(created).unwrap_or(now);
    record::ticket_write(connection, ticket, &state, created_at, written_at.unwrap_or(now))?;
    for visit in state.visits.values() {
        record::visit_write(connection, ticket, visit, &visit_times(&content, visit, &time))?;
    }
    let holders = scope_holders(connection, id)?;
    scope::follow(&mut journal, id, &state, &holders)
}
