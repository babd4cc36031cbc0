//! One visit: how far the field got, and what HQ decided about it. Neither overwrites the other.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::{EngineerId, OperationId, VisitId};
use crate::operation::{Act, Completion, DeclineReason, PauseReason, Position, Span};
use crate::reason::Reason;
use crate::time::{DeviceTime, Timestamp};

/// How far the field got with a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Nobody has answered yet.
    Offered,
    /// An engineer has it.
    Accepted,
    /// The engineer will not come.
    Declined(DeclineReason),
    /// On the road.
    EnRoute,
    /// At the door.
    Arrived,
    /// At work.
    Working,
    /// Work rests.
    Paused(PauseReason),
    /// Over; the completion says how.
    Done,
}

impl Phase {
    /// The word for tables and scripts.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Accepted => "accepted",
            Self::Declined(_) => "declined",
            Self::EnRoute => "en_route",
            Self::Arrived => "arrived",
            Self::Working => "working",
            Self::Paused(_) => "paused",
            Self::Done => "done",
        }
    }

    /// Neither done nor declined.
    #[must_use]
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Done | Self::Declined(_))
    }

    /// The engineer has set out and is not done.
    #[must_use]
    pub fn is_under_way(self) -> bool {
        matches!(
            self,
            Self::EnRoute | Self::Arrived | Self::Working | Self::Paused(_)
        )
    }

    /// Where `act` leads from here: the state machine of PRODUCT's life of a visit.
    ///
    /// # Errors
    /// [`Reason::NotNow`] when the step does not follow; acts that are no steps of the field never do.
    pub fn step(self, act: &Act) -> Result<Self, Reason> {
        use crate::operation::VisitResult::CouldNot;
        match (self, act) {
            (Self::Offered, Act::Accept { .. }) => Ok(Self::Accepted),
            (Self::Offered | Self::Accepted, Act::Decline { reason, .. }) => Ok(Self::Declined(*reason)),
            (Self::Accepted, Act::Depart { .. }) => Ok(Self::EnRoute),
            (Self::EnRoute, Act::Arrive { .. }) => Ok(Self::Arrived),
            (Self::Arrived, Act::Start { .. }) | (Self::Paused(_), Act::Resume { .. }) => Ok(Self::Working),
            (Self::Working, Act::Pause { reason, .. }) => Ok(Self::Paused(*reason)),
            (Self::Working | Self::Paused(_), Act::Finish { .. }) => Ok(Self::Done),
            (Self::Arrived, Act::Finish { completion, .. }) if completion.result == CouldNot => {
                Ok(Self::Done)
            }
            _ => Err(Reason::NotNow),
        }
    }
}

/// Why HQ took a visit away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Withdrawal {
    /// Somebody else has it now.
    Reassigned,
    /// The ticket was cancelled.
    Cancelled,
    /// The ticket was closed, resolved or merged.
    Ended,
}

impl Withdrawal {
    /// Why a step of the field that came in afterwards was overruled.
    #[must_use]
    pub fn reason(self, finished: bool) -> Reason {
        match (self, finished) {
            (Self::Reassigned, false) => Reason::Reassigned,
            (Self::Reassigned, true) => Reason::CompletedAfterReassignment,
            (Self::Cancelled, false) => Reason::Cancelled,
            (Self::Cancelled, true) => Reason::CompletedAfterCancellation,
            (Self::Ended, _) => Reason::TicketEnded,
        }
    }
}

/// HQ's withdrawal and the event that decided it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawn {
    /// Why.
    pub why: Withdrawal,
    /// The deciding event.
    pub by: OperationId,
}

/// The actual moments, as the device saw them. Plan edits never touch these.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Times {
    /// The engineer took it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<DeviceTime>,
    /// He set out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub departed: Option<DeviceTime>,
    /// He was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrived: Option<DeviceTime>,
    /// Work began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started: Option<DeviceTime>,
    /// Work ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<DeviceTime>,
}

/// One visit, folded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VisitState {
    /// Its name.
    pub id: VisitId,
    /// To whom it was offered.
    pub to: Vec<EngineerId>,
    /// Who has it: the only one it was offered to, or the first who accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engineer: Option<EngineerId>,
    /// Who of several will not come. The others are still asked.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub declined: BTreeMap<EngineerId, DeclineReason>,
    /// HQ's plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Span>,
    /// The engineer's own estimate of arrival, given when he set out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eta: Option<Timestamp>,
    /// How far the field got, whatever HQ decided.
    pub phase: Phase,
    /// HQ took it away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Withdrawn>,
    /// Actual moments.
    pub times: Times,
    /// Where he arrived, rounded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrived_at: Option<Position>,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completion: Option<Completion>,
    /// The steps that led to the phase, in the fold's order.
    #[serde(skip)]
    pub steps: Vec<OperationId>,
    /// The event that accepted, for claims.
    #[serde(skip)]
    pub(super) accepted_by: Option<OperationId>,
    /// Place in the fold's order at which it was done.
    #[serde(skip)]
    pub(super) done_place: Option<usize>,
}

impl VisitState {
    pub(super) fn offered(id: VisitId, to: &[EngineerId], plan: Option<Span>) -> Self {
        let mut to = to.to_vec();
        to.sort_unstable();
        to.dedup();
        let engineer = if to.len() == 1 { to.first().copied() } else { None };
        Self {
            id,
            to,
            engineer,
            declined: BTreeMap::new(),
            plan,
            eta: None,
            phase: Phase::Offered,
            withdrawn: None,
            times: Times::default(),
            arrived_at: None,
            completion: None,
            steps: Vec::new(),
            accepted_by: None,
            done_place: None,
        }
    }

    /// Still to be done by somebody: the field has not ended it and HQ has not taken it away.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.withdrawn.is_none() && self.phase.is_open()
    }

    /// True when this engineer may act on it.
    #[must_use]
    pub fn is_for(&self, engineer: EngineerId) -> bool {
        match self.engineer {
            Some(holder) => holder == engineer,
            None => self.to.contains(&engineer),
        }
    }

    /// A colleague has what was offered to this engineer, too, and what he did not turn down.
    #[must_use]
    pub fn is_taken_from(&self, engineer: EngineerId) -> bool {
        self.engineer.is_some_and(|holder| holder != engineer)
            && self.to.contains(&engineer)
            && !self.declined.contains_key(&engineer)
    }

    /// Whom HQ still waits for: who has it, or of those it was offered to all who have not declined.
    #[must_use]
    pub fn asked(&self) -> Vec<EngineerId> {
        match self.engineer {
            Some(holder) => vec![holder],
            None => self
                .to
                .iter()
                .copied()
                .filter(|e| !self.declined.contains_key(e))
                .collect(),
        }
    }

    /// How far it got for this engineer: an offer he declined is over for him while the others are still asked.
    #[must_use]
    pub fn phase_for(&self, engineer: EngineerId) -> Phase {
        match (self.engineer, self.declined.get(&engineer)) {
            (None, Some(reason)) => Phase::Declined(*reason),
            _ => self.phase,
        }
    }

    /// Still to be done, by this engineer.
    #[must_use]
    pub fn is_open_for(&self, engineer: EngineerId) -> bool {
        self.is_open() && self.is_for(engineer) && self.phase_for(engineer).is_open()
    }

    /// Where the visit is after a step of this engineer that leads him to `phase`: while others are asked, who declines
    /// leaves it offered to them.
    pub(super) fn phase_after(&mut self, engineer: EngineerId, phase: Phase) -> Phase {
        if let (None, Phase::Declined(reason)) = (self.engineer, phase) {
            self.declined.insert(engineer, reason);
            if !self.asked().is_empty() {
                return self.phase;
            }
        }
        phase
    }

    /// Writes down what a step that leads to `phase` tells.
    pub(super) fn advance(&mut self, phase: Phase, id: OperationId, act: &Act, at: DeviceTime) {
        self.phase = phase;
        self.steps.push(id);
        match act {
            Act::Accept { .. } => self.times.accepted = Some(at),
            Act::Depart { eta, .. } => {
                self.times.departed = Some(at);
                self.eta = *eta;
            }
            Act::Arrive { position, .. } => {
                self.times.arrived = Some(at);
                self.arrived_at = position.map(Position::rounded);
            }
            Act::Start { .. } => self.times.started = Some(at),
            Act::Finish { completion, .. } => {
                self.times.done = Some(at);
                self.completion = Some(completion.clone());
            }
            _ => {}
        }
    }
}
