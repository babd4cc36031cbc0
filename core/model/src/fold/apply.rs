//! One event after the other applied to a ticket, each with its outcome.

use std::collections::BTreeMap;

use super::Events;
use super::outcome::{Contest, Outcome, Review, ReviewItem};
use super::ticket::{End, TicketState};
use super::visit::{Phase, VisitState, Withdrawal, Withdrawn};
use crate::entry::Entry;
use crate::id::{OperationId, VisitId};
use crate::operation::{Act, Author};
use crate::reason::Reason;

/// Which event lost by a ruling, and to which. Of rulings that contradict each other the first in the order counts.
pub(super) fn rulings(events: &Events, order: &[OperationId]) -> BTreeMap<OperationId, OperationId> {
    let mut lost = BTreeMap::new();
    for id in order {
        if let Some(Entry {
            act: Act::Rule(ruling),
            by: Author::Server,
            ..
        }) = events.entries().get(id)
        {
            if lost.contains_key(&ruling.stands) {
                continue;
            }
            for over in &ruling.over {
                if *over != ruling.stands && !lost.values().any(|stands| stands == over) {
                    lost.entry(*over).or_insert(ruling.stands);
                }
            }
        }
    }
    lost
}

impl TicketState {
    pub(super) fn take(&mut self, place: usize, id: OperationId, entry: &Entry, events: &Events) {
        let outcome = match self.apply(place, id, entry, events) {
            Ok(()) => Outcome::Merged,
            Err(reason) => {
                if matches!(entry.act, Act::Finish { .. })
                    && let Some(what) = Review::of_finish(reason)
                {
                    self.reviews.push(ReviewItem { what, operation: id });
                }
                Outcome::Overruled(reason)
            }
        };
        self.outcomes.insert(id, outcome);
    }

    fn apply(&mut self, place: usize, id: OperationId, entry: &Entry, events: &Events) -> Result<(), Reason> {
        match &entry.act {
            Act::Create(facts) => {
                if self.created.is_some() {
                    return Err(Reason::AlreadyExists);
                }
                self.created = Some(id);
                self.facts = (**facts).clone();
                Ok(())
            }
            Act::SetFacts(edit) => {
                edit.apply(&mut self.facts);
                Ok(())
            }
            Act::Triage => {
                self.triaged = true;
                Ok(())
            }
            Act::Offer { visit, to, plan } => self.open_visit(VisitState::offered(*visit, to, *plan)),
            Act::Reassign {
                from,
                visit,
                to,
                plan,
            } => {
                let old = self.visits.get_mut(from).ok_or(Reason::UnknownVisit)?;
                if !old.is_open() {
                    return Err(Reason::Superseded);
                }
                old.withdrawn = Some(Withdrawn {
                    why: Withdrawal::Reassigned,
                    by: id,
                });
                let plan = plan.or(old.plan);
                self.open_visit(VisitState::offered(*visit, to, plan))
            }
            Act::Reschedule { visit, plan } => {
                let visit = self.visits.get_mut(visit).ok_or(Reason::UnknownVisit)?;
                if !visit.is_open() {
                    return Err(Reason::Superseded);
                }
                visit.plan = Some(*plan);
                Ok(())
            }
            Act::Cancel { reason } => {
                self.end(End::Cancelled, Withdrawal::Cancelled, id)?;
                self.cancel_reason = Some(reason.clone());
                Ok(())
            }
            Act::Resolve { .. } => self.end(End::Resolved, Withdrawal::Ended, id),
            Act::Close => self.end(End::Closed, Withdrawal::Ended, id),
            Act::MergeInto { ticket } => {
                self.end(End::Merged, Withdrawal::Ended, id)?;
                self.merged_into = Some(*ticket);
                Ok(())
            }
            Act::Reopen { .. } => {
                self.ended = None;
                self.merged_into = None;
                self.cancel_reason = None;
                self.reopened_place = Some(place);
                self.triaged = true;
                Ok(())
            }
            Act::Rule(_) => Ok(()),
            Act::Accept { visit }
            | Act::Decline { visit, .. }
            | Act::Depart { visit, .. }
            | Act::Arrive { visit, .. }
            | Act::Start { visit }
            | Act::Pause { visit, .. }
            | Act::Resume { visit }
            | Act::Finish { visit, .. } => self.field_step(place, id, *visit, entry, events),
            Act::Note { .. }
            | Act::Estimate { .. }
            | Act::Answer { .. }
            | Act::UsePart { .. }
            | Act::RequestPart { .. }
            | Act::TransferPart { .. }
            | Act::Photo(_)
            | Act::Sign { .. }
            | Act::Message { .. }
            | Act::Urge
            | Act::Wish { .. }
            | Act::Rate { .. }
            | Act::Publish(_)
            | Act::WriteSection(_)
            | Act::Attach(_)
            | Act::Detach { .. }
            | Act::Annotate { .. } => Err(Reason::ForbiddenPath),
        }
    }

    fn open_visit(&mut self, visit: VisitState) -> Result<(), Reason> {
        if self.visits.contains_key(&visit.id) {
            return Err(Reason::AlreadyExists);
        }
        if let Some((end, by)) = self.ended {
            let why = if end == End::Cancelled {
                Withdrawal::Cancelled
            } else {
                Withdrawal::Ended
            };
            let visit = VisitState {
                withdrawn: Some(Withdrawn { why, by }),
                ..visit
            };
            self.visits.insert(visit.id, visit);
            return Err(Reason::TicketEnded);
        }
        self.visits.insert(visit.id, visit);
        Ok(())
    }

    fn end(&mut self, end: End, why: Withdrawal, by: OperationId) -> Result<(), Reason> {
        let may = match (self.ended, end) {
            (None, _) | (Some((End::Resolved, _)), _) => true,
            (Some((End::Cancelled, _)), End::Closed) => true,
            (Some(_), _) => false,
        };
        if !may {
            return Err(Reason::Superseded);
        }
        self.ended = Some((end, by));
        for visit in self.visits.values_mut().filter(|visit| visit.is_open()) {
            visit.withdrawn = Some(Withdrawn { why, by });
        }
        Ok(())
    }

    fn field_step(
        &mut self,
        place: usize,
        id: OperationId,
        visit: VisitId,
        entry: &Entry,
        events: &Events,
    ) -> Result<(), Reason> {
        let Author::Engineer(engineer) = entry.by else {
            return Err(Reason::NotAllowed);
        };
        let finished = matches!(entry.act, Act::Finish { .. });
        let declined = matches!(entry.act, Act::Decline { .. });
        let by_other = if finished {
            Reason::CompletedTakenByOther
        } else {
            Reason::TakenByOther
        };
        if self.lost.contains(&id) {
            return if declined { Ok(()) } else { Err(by_other) };
        }
        if self.beside.contains(&id) {
            return Err(Reason::Superseded);
        }
        let visit = self.visits.get_mut(&visit).ok_or(Reason::UnknownVisit)?;
        if !visit.is_for(engineer) {
            if let (Act::Accept { .. }, Some(first)) = (&entry.act, visit.accepted_by)
                && visit.to.contains(&engineer)
                && !events.knows(id, first)
            {
                self.contests.push(Contest {
                    stands: first,
                    over: id,
                });
            }
            if !visit.to.contains(&engineer) {
                return Err(Reason::NotYours);
            }
            // Who declines does not come, and need not.
            return if declined { Ok(()) } else { Err(by_other) };
        }
        let Ok(phase) = visit.phase_for(engineer).step(&entry.act) else {
            let withdrawn = visit.withdrawn;
            return Err(withdrawn.map_or(Reason::Superseded, |withdrawn| withdrawn.why.reason(finished)));
        };
        let phase = visit.phase_after(engineer, phase);
        visit.advance(phase, id, &entry.act, entry.at);
        if matches!(entry.act, Act::Accept { .. }) {
            visit.engineer = Some(engineer);
            visit.accepted_by = Some(id);
        }
        if phase == Phase::Done {
            visit.done_place = Some(place);
        }
        let Some(withdrawn) = visit.withdrawn else {
            return Ok(());
        };
        Err(withdrawn.why.reason(finished))
    }
}
