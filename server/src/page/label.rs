//! States as people see them: icon, word and colour always together.
//!
//! These enums are what a page can show, not the life cycles themselves; handlers map the model's states to them.

use super::icon::{Icon, icon};
use crate::words::{Lang, Word, shared as s, track as t};
use maud::{Markup, html};

/// A ticket's state as HQ sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketState {
    /// Not yet looked at.
    New,
    /// Sorted and prioritised.
    Triaged,
    /// Has a visit planned.
    Planned,
    /// Someone is on the way or at work.
    InProgress,
    /// Waits for a part, a customer, access.
    Waiting,
    /// The work is done.
    Resolved,
    /// Settled.
    Closed,
    /// Called off.
    Cancelled,
    /// Lives on in another ticket.
    Merged,
}

impl TicketState {
    /// All states, in the order of life.
    pub const ALL: [TicketState; 9] = [
        Self::New,
        Self::Triaged,
        Self::Planned,
        Self::InProgress,
        Self::Waiting,
        Self::Resolved,
        Self::Closed,
        Self::Cancelled,
        Self::Merged,
    ];

    /// The value of the filter's `state` field.
    pub fn code(self) -> &'static str {
        self.look().0
    }

    /// Nobody has anything left to do in the field.
    pub fn is_over(self) -> bool {
        matches!(
            self,
            Self::Resolved | Self::Closed | Self::Cancelled | Self::Merged
        )
    }

    /// The word shown.
    pub fn word(self) -> Word {
        self.look().3
    }

    /// Code, colour token, icon, word.
    fn look(self) -> (&'static str, &'static str, Icon, Word) {
        match self {
            Self::New => ("new", "received", Icon::Inbox, s::ST_NEW),
            Self::Triaged => ("triaged", "received", Icon::List, s::ST_TRIAGED),
            Self::Planned => ("planned", "assigning", Icon::Calendar, s::ST_PLANNED),
            Self::InProgress => ("in_progress", "way", Icon::Wrench, s::ST_IN_PROGRESS),
            Self::Waiting => ("waiting", "progress", Icon::Pause, s::ST_WAITING),
            Self::Resolved => ("resolved", "done", Icon::Tick, s::ST_RESOLVED),
            Self::Closed => ("closed", "done", Icon::Tick, s::ST_CLOSED),
            Self::Cancelled => ("cancelled", "pending", Icon::Cross, s::ST_CANCELLED),
            Self::Merged => ("merged_into", "pending", Icon::Merge, s::ST_MERGED),
        }
    }

    /// The label.
    pub fn label(self, lang: Lang) -> Markup {
        let (_, colour, picture, word) = self.look();
        pill(colour, picture, lang.t(word))
    }
}

/// The six labels a customer sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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

impl CustomerLabel {
    /// All six, in order.
    pub const ALL: [CustomerLabel; 6] = [
        Self::Received,
        Self::Assigning,
        Self::OnTheWay,
        Self::Arrived,
        Self::InProgress,
        Self::Done,
    ];

    /// Colour token, icon, word.
    pub fn look(self) -> (&'static str, Icon, Word) {
        match self {
            Self::Received => ("received", Icon::Inbox, t::LB_RECEIVED),
            Self::Assigning => ("assigning", Icon::Find, t::LB_ASSIGNING),
            Self::OnTheWay => ("way", Icon::Van, t::LB_ON_THE_WAY),
            Self::Arrived => ("arrived", Icon::Pin, t::LB_ARRIVED),
            Self::InProgress => ("progress", Icon::Wrench, t::LB_IN_PROGRESS),
            Self::Done => ("done", Icon::Tick, t::LB_DONE),
        }
    }
}

/// What became of an operation, or `Pending` while a phone still holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// 已合并
    Merged,
    /// 已被裁定
    Overruled,
    /// 已拒绝
    Refused,
    /// Not yet at HQ.
    Pending,
}

impl Fate {
    /// The label.
    pub fn label(self, lang: Lang) -> Markup {
        let (colour, picture, word) = match self {
            Self::Merged => ("done", Icon::Tick, s::FATE_MERGED),
            Self::Overruled => ("overruled", Icon::Scales, s::FATE_OVERRULED),
            Self::Refused => ("refused", Icon::Cross, s::FATE_REFUSED),
            Self::Pending => ("pending", Icon::Clock, s::FATE_PENDING),
        };
        pill(colour, picture, lang.t(word))
    }
}

/// How soon a ticket must be served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Priority {
    /// 紧急
    Urgent,
    /// 高
    High,
    /// 普通
    Normal,
    /// 低
    Low,
}

impl Priority {
    /// All, most urgent first.
    pub const ALL: [Priority; 4] = [Self::Urgent, Self::High, Self::Normal, Self::Low];

    /// The value of the form's `priority` field.
    pub fn code(self) -> &'static str {
        match self {
            Self::Urgent => "urgent",
            Self::High => "high",
            Self::Normal => "normal",
            Self::Low => "low",
        }
    }

    /// The word shown.
    pub fn word(self) -> Word {
        match self {
            Self::Urgent => s::PR_URGENT,
            Self::High => s::PR_HIGH,
            Self::Normal => s::PR_NORMAL,
            Self::Low => s::PR_LOW,
        }
    }
}

/// Icon and word on the tint of `colour`, a token that writes.
pub fn pill(colour: &str, picture: Icon, text: &str) -> Markup {
    html! { span class={"pill c-" (colour)} { (icon(picture)) (text) } }
}
