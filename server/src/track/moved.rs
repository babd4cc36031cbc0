//! A visit that HQ moved to another day while its engineer drove: he may hear of it on the way, or come all the same.

use fieldline_model::fold::Events;
use fieldline_model::operation::{Act, Path, Span};
use fieldline_model::time::Timestamp;

use super::view::on_the_way;
use crate::web::record::{Line, TicketRecord};
use crate::web::{Web, zone};

/// Whoever sets out before midnight to a visit so soon after it is on the way to that one.
const NIGHT_MS: i64 = 4 * 60 * 60 * 1_000;

/// Whether a plan that begins then is none for today.
pub(super) fn is_another_day(web: &Web, begins: Timestamp) -> bool {
    let now = web.app.now();
    let (_, midnight) = zone::day_of(now, web.zone);
    begins >= midnight && begins.since(now) > NIGHT_MS
}

/// The new time of the visit that its engineer is on the way to, where he set out without knowing of it and has not said since
/// that he comes today.
pub(super) fn moved_on_the_way(web: &Web, record: &TicketRecord) -> Option<Span> {
    let visit = on_the_way(record)?;
    let plan = visit.plan.filter(|plan| is_another_day(web, plan.start))?;
    let newest = |is: fn(&Act) -> bool| {
        let of_visit = |line: &&Line| line.entry.act.visit() == Some(visit.id) && is(&line.entry.act);
        let counting = record.lines.iter().filter(|line| line.overruled.is_none());
        counting.rev().find(of_visit)
    };
    let moved = newest(|act| matches!(act, Act::Reschedule { .. }))?;
    let set_out = newest(|act| matches!(act, Act::Depart { .. }))?;
    let comes = newest(|act| matches!(act, Act::Estimate { .. })).is_some_and(|said| said.at > moved.at);
    (!comes && !events(record).knows(set_out.id, moved.id)).then_some(plan)
}

fn events(record: &TicketRecord) -> Events {
    let mut events = Events::default();
    let lines = record.lines.iter();
    for line in lines.filter(|line| line.entry.act.path() == Path::Events) {
        events.insert_entry(line.id, line.entry.clone());
    }
    events
}
