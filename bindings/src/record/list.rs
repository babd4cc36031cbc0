//! Tickets in lists, and the first screen of the day.

use fieldline_engine::view::{self, ListScope};
use fieldline_engine::words;
use fieldline_model::operation::Span;
use fieldline_model::time::Timestamp;

use super::ms;
use crate::codes::{Priority, TicketStatus, VisitPhase};
use crate::error::PhoneError;
use crate::id;
use crate::words::Words;

/// Which tickets a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum TicketScope {
    /// All in this phone's hands.
    All,
    /// Where something is left for this engineer to do.
    Open,
    /// The rest of those.
    Done,
    /// Those HQ took away; they are still here to be read.
    Gone,
}

/// What a list asks for.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TicketFilter {
    /// Open, done, gone or all.
    pub scope: TicketScope,
    /// Only visits planned to overlap the span from here, milliseconds UTC …
    #[uniffi(default = None)]
    pub from_ms: Option<i64>,
    /// … to here.
    #[uniffi(default = None)]
    pub to_ms: Option<i64>,
    /// Only tickets about this machine.
    #[uniffi(default = None)]
    pub asset: Option<String>,
    /// At most so many.
    #[uniffi(default = 500)]
    pub limit: u32,
    /// From this place on.
    #[uniffi(default = 0)]
    pub offset: u32,
}

impl TicketFilter {
    pub(crate) fn read(&self) -> Result<view::ListFilter, PhoneError> {
        let planned_in = (self.from_ms.is_some() || self.to_ms.is_some()).then(|| Span {
            start: Timestamp::from_ms(self.from_ms.unwrap_or(i64::MIN)),
            end: Timestamp::from_ms(self.to_ms.unwrap_or(i64::MAX)),
        });
        Ok(view::ListFilter {
            scope: match self.scope {
                TicketScope::All => ListScope::All,
                TicketScope::Open => ListScope::Open,
                TicketScope::Done => ListScope::Done,
                TicketScope::Gone => ListScope::Left,
            },
            planned_in,
            asset: self.asset.as_deref().map(id::asset).transpose()?,
            limit: self.limit,
            offset: self.offset,
        })
    }
}

/// One ticket in a list.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TicketLine {
    /// Id.
    pub ticket: String,
    /// Human number.
    pub number: String,
    /// Where it stands.
    pub status: TicketStatus,
    /// The words of that.
    pub status_words: Words,
    /// This engineer's visit.
    pub visit: Option<String>,
    /// How far that got; `Taken` where there is none because a colleague accepted first.
    pub phase: Option<VisitPhase>,
    /// The words of that.
    pub phase_words: Option<Words>,
    /// HQ took that visit away.
    pub withdrawn: bool,
    /// A colleague has accepted it by work that this phone carries to HQ, so this engineer cannot.
    pub accepted_not_at_hq: bool,
    /// Begin of the plan.
    pub plan_start_ms: Option<i64>,
    /// End of the plan.
    pub plan_end_ms: Option<i64>,
    /// Urgency.
    pub priority: Priority,
    /// Very important customer.
    pub vip: bool,
    /// When the SLA plan runs out.
    pub deadline_ms: Option<i64>,
    /// Customer's name.
    pub customer: Words,
    /// Address in one line.
    pub address: Words,
    /// Words of the fault code; empty where none is known.
    pub fault: Words,
    /// The fault in the customer's words.
    pub fault_text: String,
    /// Device category.
    pub category: Option<String>,
    /// How often the customer urged.
    pub urges: u32,
    /// Own operations that have no fate yet: the mark "unsent".
    pub pending: u32,
    /// Those of them that HQ has and decides about.
    pub held: u32,
    /// The copy here is damaged and is fetched again with the next sync; unsent work is kept.
    pub stuck: bool,
}

impl From<view::TicketLine> for TicketLine {
    fn from(line: view::TicketLine) -> Self {
        let phase_words = |code: &String| Words::known(words::phase(code), code);
        Self {
            ticket: line.ticket.to_string(),
            number: line.number,
            status: TicketStatus::of(&line.status),
            status_words: Words::known(words::status(&line.status), &line.status),
            visit: line.visit.map(|visit| visit.to_string()),
            phase: line.phase.as_deref().map(VisitPhase::of),
            phase_words: line.phase.as_ref().map(phase_words),
            withdrawn: line.withdrawn,
            accepted_not_at_hq: line.accepted_not_at_hq,
            plan_start_ms: ms(line.plan_start),
            plan_end_ms: ms(line.plan_end),
            priority: Priority::of(&line.priority),
            vip: line.vip,
            deadline_ms: ms(line.deadline),
            customer: Words::either(&line.customer, &line.customer_en),
            address: Words::either(&line.address, &line.address_en),
            fault: Words::either(&line.fault_zh, &line.fault_en),
            fault_text: line.fault_text,
            category: line.category,
            urges: line.urges,
            pending: line.pending,
            held: line.held,
            stuck: line.stuck,
        }
    }
}

/// The first screen: what is left to do, sorted to the day, and the badge.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Today {
    /// The visit that is next: one under way, else the first of `visits`.
    pub next: Option<TicketLine>,
    /// Open visits under way, left over from before, or planned to begin before the day ends, in order; `next` among them.
    pub visits: Vec<TicketLine>,
    /// Open visits planned for later days, in order.
    pub later: Vec<TicketLine>,
    /// Open visits without a plan.
    pub unplanned: Vec<TicketLine>,
    /// Operations saved here and not at HQ: the badge.
    pub unsent: u64,
    /// Cards not put away yet.
    pub cards: u32,
}

impl Today {
    pub(crate) fn of(lines: Vec<TicketLine>, day_end_ms: i64) -> Self {
        let is_under_way = |line: &TicketLine| {
            matches!(
                line.phase,
                Some(VisitPhase::EnRoute | VisitPhase::Arrived | VisitPhase::Working | VisitPhase::Paused)
            )
        };
        let mut today = Self {
            next: None,
            visits: Vec::new(),
            later: Vec::new(),
            unplanned: Vec::new(),
            unsent: 0,
            cards: 0,
        };
        for line in lines {
            match line.plan_start_ms {
                _ if is_under_way(&line) => today.visits.push(line),
                Some(start) if start < day_end_ms => today.visits.push(line),
                Some(_) => today.later.push(line),
                None => today.unplanned.push(line),
            }
        }
        let first = || today.visits.first();
        today.next = today
            .visits
            .iter()
            .find(|line| is_under_way(line))
            .or_else(first)
            .cloned();
        today
    }
}
