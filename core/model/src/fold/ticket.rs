//! A ticket, folded: HQ's facts, the visits, the outcome of every event, and what can be asked of them.

use std::collections::{BTreeMap, BTreeSet};

use super::outcome::{Anomaly, Contest, Outcome, ReviewItem};
use super::status::{CustomerLabel, TicketStatus};
use super::visit::{Phase, VisitState};
use crate::id::{EngineerId, OperationId, TicketId, VisitId};
use crate::operation::{TicketFacts, VisitResult};

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
    /// Steps an engineer took on one phone beside those of another, of which the visit keeps the others.
    pub beside: BTreeSet<OperationId>,
    /// For diagnosis.
    pub anomalies: Vec<Anomaly>,
    /// The survivor, once merged.
    pub merged_into: Option<TicketId>,
    /// Why HQ gave it up, in words.
    pub cancel_reason: Option<String>,
    pub(super) rulings: BTreeMap<OperationId, OperationId>,
    /// Steps that count no more because the claim they were built on lost.
    pub(super) lost: BTreeSet<OperationId>,
    pub(super) triaged: bool,
    pub(super) ended: Option<(End, OperationId)>,
    pub(super) reopened_place: Option<usize>,
}

/// What HQ ended a ticket with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Resolved,
    Closed,
    Cancelled,
    Merged,
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
            beside: BTreeSet::new(),
            anomalies: Vec::new(),
            merged_into: None,
            cancel_reason: None,
            rulings: BTreeMap::new(),
            lost: BTreeSet::new(),
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
            .flat_map(VisitState::asked)
            .collect();
        holders.sort_unstable();
        holders.dedup();
        holders
    }
}
