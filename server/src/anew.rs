//! A ticket's record written anew from its document: status, visits, how each event counts, and what is to be reviewed.
//!
//! The same for who checks, who repairs and who opens old data with a newer fold, so that they can not disagree. Fates
//! stay what phones were told.

use fieldline_model::document::{self, Content};
use fieldline_model::fold::{TicketState, VisitState, fold};
use fieldline_model::id::{OperationId, TicketId};
use fieldline_model::time::Timestamp;

use crate::projection;
use crate::store::log::Journal;
use crate::store::record::{self, VisitTimes};
use crate::store::{StoreError, check, document as documents};

/// A ticket as its document tells it.
pub(crate) enum Told {
    /// The document cannot be read; nothing was written.
    Unreadable,
    /// It tells of no ticket that was ever opened; nothing was written.
    Nothing,
    /// So, and the record says the same now.
    State(Box<TicketState>),
}

/// Writes a ticket's record as its document says. Authors of events that count otherwise now are told.
pub(crate) fn write_anew(journal: &mut Journal<'_>, ticket: TicketId) -> Result<Told, StoreError> {
    let (connection, now, id) = (journal.connection(), journal.at(), ticket.into());
    let content = documents::document_read(connection, id)?
        .and_then(|stored| document::load(id, &stored.snapshot).ok())
        .and_then(|doc| document::content(id, &doc).ok());
    let Some(content) = content else {
        return Ok(Told::Unreadable);
    };
    let state = fold(&content.events);
    let Some(created) = state.created else {
        return Ok(Told::Nothing);
    };
    let times = record::event_times(connection, id)?;
    let time = |operation| times.get(&operation).map(|(at, _): &(Timestamp, u64)| *at);
    projection::write_outcomes(journal, &content, &state, |_, _| true)?;
    record::ticket_forget_others(connection, ticket, &state)?;
    for item in &state.reviews {
        record::review_add(connection, ticket, item, time(item.operation).unwrap_or(now))?;
    }
    let written_at = check::written_at(connection, ticket)?.unwrap_or(now);
    let created_at = time(created).unwrap_or(now);
    record::ticket_write(connection, ticket, &state, created_at, written_at)?;
    for visit in state.visits.values() {
        record::visit_write(connection, ticket, visit, &visit_times(&content, visit, &time))?;
    }
    Ok(Told::State(Box::new(state)))
}

/// The true times of a visit's steps.
pub(crate) fn visit_times(
    content: &Content,
    visit: &VisitState,
    time: &dyn Fn(OperationId) -> Option<Timestamp>,
) -> VisitTimes {
    let entries = content.events.entries();
    let step = |word: &str| {
        let is_it = |id: &&OperationId| entries.get(id).is_some_and(|entry| entry.act.word() == word);
        time(*visit.steps.iter().rfind(is_it)?)
    };
    VisitTimes {
        accepted: step("accept"),
        departed: step("depart"),
        arrived: step("arrive"),
        started: step("start"),
        done: step("finish"),
    }
}
