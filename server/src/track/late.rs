//! Work an engineer finished without knowing that HQ had cancelled, moved or ended it. The fold keeps it and does not
//! count it; the customer saw somebody at work, so the page tells one story of both.

use fieldline_model::fold::{Phase, TicketStatus, VisitState, Withdrawal};
use fieldline_model::operation::Act;
use fieldline_model::time::Timestamp;

use crate::page::track::Late;
use crate::web::record::{Line, TicketRecord};

/// What to tell beside the headline.
pub(super) fn late(record: &TicketRecord) -> Option<Late> {
    match record.state.status() {
        TicketStatus::Resolved | TicketStatus::Closed => {
            finished_after(record, Withdrawal::Ended).map(|_| Late::AfterEnd)
        }
        TicketStatus::Planned | TicketStatus::InProgress => finished_after(record, Withdrawal::Reassigned)
            .filter(|visit| is_awaited(record, visit))
            .map(|_| Late::AfterReassignment),
        TicketStatus::New
        | TicketStatus::Triaged
        | TicketStatus::Waiting
        | TicketStatus::Cancelled
        | TicketStatus::MergedInto => None,
    }
}

/// The visit the page tells of. Once HQ has ended the ticket, that may be one it took away.
pub(super) fn told_visit(record: &TicketRecord) -> Option<&VisitState> {
    let state = &record.state;
    match state.status() {
        TicketStatus::Cancelled => cancelled_yet_done(record)
            .or_else(|| state.current_visit())
            .or_else(|| taken_away(record, Withdrawal::Cancelled)),
        TicketStatus::Resolved | TicketStatus::Closed => state
            .current_visit()
            .or_else(|| taken_away(record, Withdrawal::Ended)),
        TicketStatus::New
        | TicketStatus::Triaged
        | TicketStatus::Planned
        | TicketStatus::InProgress
        | TicketStatus::Waiting
        | TicketStatus::MergedInto => state.current_visit(),
    }
}

/// The visit that was finished although HQ had cancelled.
pub(super) fn cancelled_yet_done(record: &TicketRecord) -> Option<&VisitState> {
    finished_after(record, Withdrawal::Cancelled)
}

/// When HQ cancelled.
pub(super) fn cancelled_at(record: &TicketRecord) -> Option<Timestamp> {
    record.last_of(&["cancel"])
}

fn finished_after(record: &TicketRecord, why: Withdrawal) -> Option<&VisitState> {
    taken_away(record, why).filter(|visit| visit.phase == Phase::Done)
}

/// Of the visits that HQ took away for this reason since the ticket was last reopened, the one that got farthest.
fn taken_away(record: &TicketRecord, why: Withdrawal) -> Option<&VisitState> {
    let reopened = place(record, |line| matches!(line.entry.act, Act::Reopen { .. }));
    let visits = record.state.visits.values().filter(|visit| {
        let withdrawn = visit.withdrawn.filter(|withdrawn| withdrawn.why == why);
        withdrawn.is_some_and(|withdrawn| place(record, |line| line.id == withdrawn.by) > reopened)
    });
    visits.max_by_key(|visit| {
        let (done, under_way) = (visit.phase == Phase::Done, visit.phase.is_under_way());
        (done, under_way, record.step(visit.id, "finish"))
    })
}

/// The place of the last such line among all, in the order of receipt.
fn place(record: &TicketRecord, of: impl Fn(&Line) -> bool) -> Option<usize> {
    record
        .lines
        .iter()
        .rposition(|line| line.overruled.is_none() && of(line))
}

/// Whether the visit made in its stead is the one the page tells of.
fn is_awaited(record: &TicketRecord, visit: &VisitState) -> bool {
    let by = visit.withdrawn.and_then(|withdrawn| record.line(withdrawn.by));
    let instead = by.and_then(|line| match line.entry.act {
        Act::Reassign { visit, .. } => Some(visit),
        _ => None,
    });
    instead.is_some() && record.open_visit().map(|visit| visit.id) == instead
}
