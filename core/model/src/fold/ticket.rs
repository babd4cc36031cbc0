//! A ticket, folded: HQ's facts, the visits, the outcome of every event, and what a supervisor must look at.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Events;
use super::visit::{Phase, VisitState, Withdrawal, Withdrawn};
use crate::entry::Entry;
use crate::id::{EngineerId, OperationId, TicketId, VisitId};
use crate::operation::{Act, Author, TicketFacts, VisitResult};
use crate::reason::Reason;

/// Where a ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketStatus {
    /// Reported.
    New,
    /// Looked at.
    Triaged,
    /// A visit is offered or accepted.
    Planned,
    /// An engineer is under way or at work.
    InProgress,
    /// Not solved, and nobody is on it: a part, a date or a decision is missing.
    Waiting,
    /// Solved.
    Resolved,
    /// Filed.
    Closed,
    /// Given up.
    Cancelled,
    /// The same problem as another ticket.
    MergedInto,
}

impl TicketStatus {
    /// The word for tables and scripts.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Triaged => "triaged",
            Self::Planned => "planned",
            Self::InProgress => "in_progress",
            Self::Waiting => "waiting",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
            Self::MergedInto => "merged_into",
        }
    }

    /// Nobody has anything left to do in the field.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(
            self,
            Self::Resolved | Self::Closed | Self::Cancelled | Self::MergedInto
        )
    }
}

/// The six labels a customer sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomerLabel {
    /// 已受理
    Received,
    /// 派工中
    Assigning,
    /// 工程师出发
    OnTheWay,
    /// 到达现场
    Arrived,
    /// 处理中
    InProgress,
    /// 已完成
    Done,
}

/// What became of one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It counts.
    Merged,
    /// It is kept and does not count as meant.
    Overruled(Reason),
}

/// What a supervisor must look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Review {
    /// Work was finished although HQ had cancelled.
    CompletedAfterCancellation,
    /// Work was finished although HQ had given it to somebody else.
    CompletedAfterReassignment,
    /// Work came in after the ticket was closed or merged.
    LateAddition,
}

/// A review item and the operation that caused it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ReviewItem {
    /// What.
    pub what: Review,
    /// Through which operation.
    pub operation: OperationId,
}

/// Two concurrent claims to one visit that no ruling has decided yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Contest {
    /// The claim the fold lets stand for now.
    pub stands: OperationId,
    /// The other.
    pub over: OperationId,
}

/// What was odd about the events; results are defined all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Anomaly {
    /// Names a predecessor the document does not hold; it is ignored.
    DanglingPrev(OperationId),
    /// Was freed of its predecessors because they depend on it.
    Cycle(OperationId),
    /// An event this version cannot read; it has no effect.
    UnknownKind(OperationId),
    /// Several values at one key; the least readable one counts.
    SeveralValues(OperationId),
}

/// A ticket, folded.
#[derive(Debug, Clone, PartialEq)]
pub struct TicketState {
    /// The event that created it; without one the ticket does not exist yet.
    pub created: Option<OperationId>,
    /// What HQ knows.
    pub facts: TicketFacts,
    /// Every visit.
    pub visits: BTreeMap<VisitId, VisitState>,
    /// What became of each event.
    pub outcomes: BTreeMap<OperationId, Outcome>,
    /// For a supervisor, in the fold's order.
    pub reviews: Vec<ReviewItem>,
    /// For the server's rulings.
    pub contests: Vec<Contest>,
    /// For diagnosis.
    pub anomalies: Vec<Anomaly>,
    /// The survivor, once merged.
    pub merged_into: Option<TicketId>,
    /// Why HQ gave it up, in words.
    pub cancel_reason: Option<String>,
    pub(super) rulings: BTreeMap<OperationId, OperationId>,
    triaged: bool,
    ended: Option<(End, OperationId)>,
    reopened_place: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Resolved,
    Closed,
    Cancelled,
    Merged,
}

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
    pub(super) fn unborn() -> Self {
        Self {
            created: None,
            facts: TicketFacts::default(),
            visits: BTreeMap::new(),
            outcomes: BTreeMap::new(),
            reviews: Vec::new(),
            contests: Vec::new(),
            anomalies: Vec::new(),
            merged_into: None,
            cancel_reason: None,
            rulings: BTreeMap::new(),
            triaged: false,
            ended: None,
            reopened_place: None,
        }
    }

    /// Where the ticket stands: what HQ ended it with, otherwise what the visits say.
    #[must_use]
    pub fn status(&self) -> TicketStatus {
        match self.ended {
            Some((End::Closed, _)) => return TicketStatus::Closed,
            Some((End::Cancelled, _)) => return TicketStatus::Cancelled,
            Some((End::Merged, _)) => return TicketStatus::MergedInto,
            Some((End::Resolved, _)) => return TicketStatus::Resolved,
            None => {}
        }
        let open = || self.visits.values().filter(|visit| visit.is_open());
        if open().any(|visit| visit.phase.is_under_way()) {
            return TicketStatus::InProgress;
        }
        if open().next().is_some() {
            return TicketStatus::Planned;
        }
        match self.last_result() {
            Some(VisitResult::Fixed | VisitResult::NoFaultFound) => TicketStatus::Resolved,
            Some(VisitResult::Partly | VisitResult::CouldNot) => TicketStatus::Waiting,
            None if self.triaged || !self.visits.is_empty() => TicketStatus::Triaged,
            None => TicketStatus::New,
        }
    }

    /// The result of the newest finished visit since the ticket was last reopened.
    #[must_use]
    pub fn last_result(&self) -> Option<VisitResult> {
        self.last_done()
            .and_then(|visit| visit.completion.as_ref())
            .map(|completion| completion.result)
    }

    /// The newest finished visit that counts.
    #[must_use]
    pub fn last_done(&self) -> Option<&VisitState> {
        self.visits
            .values()
            .filter(|visit| visit.withdrawn.is_none() && visit.phase == Phase::Done)
            .filter(|visit| {
                self.reopened_place
                    .is_none_or(|reopened| visit.done_place > Some(reopened))
            })
            .max_by_key(|visit| visit.done_place)
    }

    /// The visit a customer would ask about: one under way, else one open, else the last done.
    #[must_use]
    pub fn current_visit(&self) -> Option<&VisitState> {
        let open = || self.visits.values().filter(|visit| visit.is_open());
        open()
            .find(|visit| visit.phase.is_under_way())
            .or_else(|| open().next_back())
            .or_else(|| self.last_done())
    }

    /// What the customer sees.
    #[must_use]
    pub fn customer_label(&self) -> CustomerLabel {
        match self.status() {
            TicketStatus::New | TicketStatus::Triaged => CustomerLabel::Received,
            TicketStatus::Planned => CustomerLabel::Assigning,
            TicketStatus::InProgress => match self.current_visit().map(|visit| visit.phase) {
                Some(Phase::EnRoute) => CustomerLabel::OnTheWay,
                Some(Phase::Arrived) => CustomerLabel::Arrived,
                _ => CustomerLabel::InProgress,
            },
            TicketStatus::Waiting => CustomerLabel::InProgress,
            TicketStatus::Resolved
            | TicketStatus::Closed
            | TicketStatus::Cancelled
            | TicketStatus::MergedInto => CustomerLabel::Done,
        }
    }

    /// Who has, or had, a visit of this ticket.
    #[must_use]
    pub fn involves(&self, engineer: EngineerId) -> bool {
        self.visits
            .values()
            .any(|visit| visit.to.contains(&engineer) || visit.engineer == Some(engineer))
    }

    /// Engineers whose phones should hold the ticket: those with an open visit, or with the last one done.
    #[must_use]
    pub fn holders(&self) -> Vec<EngineerId> {
        let mut holders: Vec<EngineerId> = self
            .visits
            .values()
            .filter(|visit| visit.is_open() || (visit.withdrawn.is_none() && visit.phase == Phase::Done))
            .flat_map(|visit| {
                visit
                    .engineer
                    .map_or_else(|| visit.to.clone(), |engineer| vec![engineer])
            })
            .collect();
        holders.sort_unstable();
        holders.dedup();
        holders
    }

    pub(super) fn take(&mut self, place: usize, id: OperationId, entry: &Entry, events: &Events) {
        let outcome = match self.apply(place, id, entry, events) {
            Ok(()) => Outcome::Merged,
            Err(reason) => Outcome::Overruled(reason),
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
            | Act::Sign { .. }
            | Act::Message { .. }
            | Act::Urge
            | Act::Wish { .. }
            | Act::Rate { .. }
            | Act::Publish(_)
            | Act::WriteSection(_)
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
        if self.rulings.contains_key(&id) {
            return Err(Reason::TakenByOther);
        }
        let Author::Engineer(engineer) = entry.by else {
            return Err(Reason::NotAllowed);
        };
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
            return Err(if visit.to.contains(&engineer) {
                Reason::TakenByOther
            } else {
                Reason::NotYours
            });
        }
        let Ok(phase) = visit.phase.step(&entry.act) else {
            return Err(visit
                .withdrawn
                .map_or(Reason::Superseded, |withdrawn| withdrawn.why.reason(false)));
        };
        visit.advance(phase, &entry.act, entry.at);
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
        if phase == Phase::Done {
            let what = match withdrawn.why {
                Withdrawal::Cancelled => Review::CompletedAfterCancellation,
                Withdrawal::Reassigned => Review::CompletedAfterReassignment,
                Withdrawal::Ended => Review::LateAddition,
            };
            self.reviews.push(ReviewItem { what, operation: id });
        }
        Err(withdrawn.why.reason(phase == Phase::Done))
    }
}
