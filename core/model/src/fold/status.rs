//! Where a ticket stands, for HQ and for its customer.

use serde::{Deserialize, Serialize};

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
