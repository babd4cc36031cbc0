//! The time a customer asked for, until it is settled; how far ahead it may lie, and when a time has passed.

use fieldline_model::operation::{Act, Span};
use fieldline_model::time::Timestamp;

use super::record::TicketRecord;

/// How far ahead a visit may be wished: a yearly service, also in a leap year. What lies further ahead was mistyped.
pub(crate) const WISH_AHEAD_DAYS_MAX: u32 = 366;

/// Whether this is further ahead than a visit may be wished.
pub(crate) fn is_too_far(at: Timestamp, now: Timestamp) -> bool {
    at.since(now) > i64::from(WISH_AHEAD_DAYS_MAX) * 24 * 60 * 60 * 1_000
}

/// Whether a visit can no longer be wished or planned for this: all of it has passed.
pub(crate) fn is_past(span: Span, now: Timestamp) -> bool {
    span.end <= now
}

impl TicketRecord {
    /// The time the customer asked for last, while HQ has set no time and nobody has set out since.
    pub(crate) fn open_wish(&self) -> Option<Span> {
        let counting = self.lines.iter().rev().filter(|line| line.overruled.is_none());
        let mut acts = counting.map(|line| &line.entry.act);
        match acts.find(|act| matches!(act, Act::Wish { .. }) || settles_wish(act))? {
            Act::Wish { span, .. } => Some(*span),
            _ => None,
        }
    }
}

impl TicketRecord {
    /// The time the customer asked for last, where no time was set and no visit ended since: an engineer set out all the
    /// same.
    pub(crate) fn overtaken_wish(&self) -> Option<Span> {
        let counting = self.lines.iter().rev().filter(|line| line.overruled.is_none());
        let mut acts = counting.map(|line| &line.entry.act);
        let settles = |act: &Act| settles_wish(act) && !is_on_the_way(act);
        match acts.find(|act| matches!(act, Act::Wish { .. }) || settles(act))? {
            Act::Wish { span, .. } => Some(*span),
            _ => None,
        }
    }
}

/// Steps of a visit that has begun and is not over.
fn is_on_the_way(act: &Act) -> bool {
    matches!(act, Act::Depart { .. } | Act::Arrive { .. } | Act::Start { .. })
}

/// Whether a wish made before is settled by this: a time was set, or the visit is under way. A visit without a time
/// leaves it open.
pub(crate) fn settles_wish(act: &Act) -> bool {
    match act {
        Act::Offer { plan, .. } | Act::Reassign { plan, .. } => plan.is_some(),
        Act::Reschedule { .. }
        | Act::Depart { .. }
        | Act::Arrive { .. }
        | Act::Start { .. }
        | Act::Finish { .. } => true,
        _ => false,
    }
}
