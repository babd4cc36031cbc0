//! What a customer's contract promises: the deadline a ticket gets when it is taken in.

use fieldline_model::operation::TicketFacts;
use fieldline_model::time::Timestamp;
use rusqlite::Connection;

use crate::hq_row::SlaPlan;
use crate::store::StoreError;
use crate::store::hq_row::sla_plan_of;

const MINUTE_MS: i64 = 60_000;

/// When an engineer must be on site for a report of this moment.
///
/// By plain minutes round the clock: [`SlaPlan::hours`] is kept but not yet reckoned with, nor are pauses. The clock
/// that knows calendars comes later and takes this function's place.
#[must_use]
pub fn deadline(plan: &SlaPlan, received: Timestamp) -> Timestamp {
    received.plus_ms(i64::from(plan.onsite_min) * MINUTE_MS)
}

/// Gives a ticket that is being taken in the deadline of its customer's plan, unless it came with one. A customer
/// without a plan, or with one nobody knows, is promised nothing. Later edits leave a deadline alone.
pub(crate) fn set_deadline(
    connection: &Connection,
    received: Timestamp,
    facts: &mut TicketFacts,
) -> Result<(), StoreError> {
    if let (None, Some(customer)) = (facts.deadline, facts.customer) {
        let plan = sla_plan_of(connection, customer)?;
        facts.deadline = plan.map(|plan| deadline(&plan, received));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deadline_is_so_many_minutes_after_the_report() {
        let plan = SlaPlan {
            code: "SLA-4H".into(),
            name_zh: "四小时响应".into(),
            name_en: "Four-hour response".into(),
            response_min: 240,
            onsite_min: 480,
            hours: "1-7 08:00-20:00".into(),
        };
        let received = Timestamp::from_ms(1_795_140_000_000);
        assert_eq!(deadline(&plan, received).since(received), 8 * 60 * MINUTE_MS);
    }
}
