//! From a ticket to what its customer may see of it.

use fieldline_model::fold::{Phase, TicketStatus, VisitState};
use fieldline_model::operation::{Act, Span, VisitResult};
use fieldline_model::rules::arrival_in_ms;
use fieldline_model::time::{DeviceTime, Timestamp};

use super::Tracked;
use super::eta::{Known, air_km, bearing, range};
use super::late::{cancelled_at, cancelled_yet_done, late, told_visit};
use super::limit::{URGE_EVERY_MS, next_words, rated, to_minutes, urged};
use super::moved::{is_another_day, moved_on_the_way};
use crate::page::Stamp;
use crate::page::label::CustomerLabel;
use crate::page::paths;
use crate::page::track::act::{ActView, Message, Urge};
use crate::page::track::end::{Rating, RatingForm, ReportView};
use crate::page::track::engineer::{Compass, EngineerCard, Place};
use crate::page::track::{Headline, NotSent, Sent, TrackView};
use crate::page::when::Window;
use crate::web::once::Once;
use crate::web::record::TicketRecord;
use crate::web::view::{label, pause, result};
use crate::web::{Web, ticket};
use crate::words::Lang;

/// A position older than this is not shown: the road has many places since.
const POSITION_AGE_MAX_MS: i64 = 2 * 60 * 60 * 1000;

/// Everything the page shows.
pub(super) fn view(web: &Web, lang: Lang, tracked: &Tracked, sent: Option<Sent>) -> TrackView {
    let record = &tracked.record;
    let current = label(record.state.customer_label());
    TrackView {
        token: tracked.token.clone(),
        company: web.app.organisation().name.clone(),
        number: record.state.facts.number.clone(),
        merged_from: tracked.merged_from.clone(),
        fault: record.fault(lang),
        headline: headline(web, tracked),
        updated: web.stamp(updated(tracked)),
        reached: reached(record).map(|at| at.map(|at| web.stamp(at))),
        current,
        late: late(record),
        wish: wish(web, record, current),
        overtaken: overtaken(web, record),
        engineer: card(web, lang, tracked),
        act: acts(web, record, current),
        messages: messages(web, record),
        report: report(web, lang, tracked, current),
        rating: rating(web, record, current),
        sent,
        until: web.stamp(tracked.until),
    }
}

/// The visit the page tells of while it is under way.
fn under_way(record: &TicketRecord) -> Option<&VisitState> {
    record
        .state
        .current_visit()
        .filter(|visit| visit.is_open() && visit.phase.is_under_way())
}

/// The visit whose engineer is on the way.
pub(super) fn on_the_way(record: &TicketRecord) -> Option<&VisitState> {
    under_way(record).filter(|visit| visit.phase == Phase::EnRoute)
}

/// An engineer is at the door or at work: there is nobody to hurry. In a pause he may have left.
pub(super) fn is_there(record: &TicketRecord) -> bool {
    under_way(record).is_some_and(|visit| match visit.phase {
        Phase::Arrived | Phase::Working => true,
        Phase::Offered
        | Phase::Accepted
        | Phase::Declined(_)
        | Phase::EnRoute
        | Phase::Paused(_)
        | Phase::Done => false,
    })
}

fn headline(web: &Web, tracked: &Tracked) -> Headline {
    let record = &tracked.record;
    let now = web.app.now();
    let visit = record.state.current_visit();
    let planned = visit
        .filter(|visit| visit.is_open())
        .and_then(|visit| visit.plan)
        .filter(|plan| plan.end > now);
    match record.state.status() {
        TicketStatus::New | TicketStatus::Triaged => Headline::Received(None),
        TicketStatus::Planned => match (planned, visit.map(|visit| visit.phase)) {
            (None, Some(Phase::Accepted)) => Headline::Accepted,
            (plan, _) => Headline::Assigning(plan.map(|plan| web.window(plan))),
        },
        TicketStatus::InProgress => match visit.map(|visit| visit.phase) {
            Some(Phase::EnRoute) => match moved_on_the_way(web, record) {
                Some(plan) => Headline::MovedOnTheWay(web.window(plan)),
                None => Headline::OnTheWay(arrival(web, tracked)),
            },
            Some(Phase::Arrived) => Headline::Arrived,
            Some(Phase::Paused(why)) => {
                let next = planned
                    .filter(|plan| plan.start > now)
                    .map(|plan| web.window(plan));
                Headline::Paused(pause(why), next)
            }
            _ => Headline::Working,
        },
        TicketStatus::Waiting => match record.state.last_result() {
            Some(VisitResult::CouldNot) => Headline::CouldNot,
            _ => Headline::Partly,
        },
        TicketStatus::Resolved | TicketStatus::Closed => match record.state.last_result() {
            Some(VisitResult::Fixed) => Headline::Fixed,
            Some(VisitResult::NoFaultFound) => Headline::NoFaultFound,
            Some(VisitResult::Partly | VisitResult::CouldNot) | None => Headline::Closed,
        },
        TicketStatus::Cancelled => match cancelled_yet_done(record).and(cancelled_at(record)) {
            Some(at) => Headline::CancelledYetDone(web.stamp(at)),
            None => Headline::Cancelled,
        },
        TicketStatus::MergedInto => Headline::Closed,
    }
}

/// When he will be there.
fn arrival(web: &Web, tracked: &Tracked) -> Option<Window> {
    let visit = under_way(&tracked.record)?;
    let said = tracked
        .record
        .lines
        .iter()
        .rev()
        .find_map(|line| match &line.entry.act {
            Act::Estimate { visit: of, arrival } if *of == visit.id => {
                told(&line.entry.at, *arrival, Some(line.at))
            }
            _ => None,
        });
    let set_out = tracked.record.step(visit.id, "depart");
    let at_departure = || told(&visit.times.departed?, visit.eta?, set_out);
    let known = Known {
        estimate: said.or_else(at_departure),
        left: way_left(tracked).map(|(km, _, at)| (km, at)),
        // Whoever is on the way today does not arrive by the plan of another day.
        plan: visit.plan.filter(|plan| !is_another_day(web, plan.start)),
    };
    range(&known, web.app.now()).map(|span: Span| web.window(span))
}

/// An estimate on the server's clock, and when it was given; nothing where nobody can mean what it says.
fn told(said: &DeviceTime, arrival: Timestamp, at: Option<Timestamp>) -> Option<(Timestamp, Timestamp)> {
    let (at, ms) = at.zip(arrival_in_ms(said, arrival))?;
    Some((at.plus_ms(ms), at))
}

/// Kilometres of air line to the customer, the direction as seen from there, and when that was so. Both ends are
/// rounded first: nothing finer leaves the server.
fn way_left(tracked: &Tracked) -> Option<(f64, f64, Timestamp)> {
    let record = &tracked.record;
    let visit = on_the_way(record)?;
    let (position, at) = tracked.position?;
    // Where he was before he set out is nobody's business here.
    let since = record.step(visit.id, "depart")?;
    let site = record.site.as_ref()?.position?.rounded();
    let position = position.rounded();
    (at >= since).then(|| (air_km(site, position), bearing(site, position), at))
}

fn updated(tracked: &Tracked) -> Timestamp {
    let told = tracked
        .record
        .lines
        .iter()
        .map(|line| line.received)
        .max()
        .unwrap_or_default();
    way_left(tracked).map_or(told, |(_, _, at)| told.max(at))
}

/// When each label was reached, by the device's true times.
fn reached(record: &TicketRecord) -> [Option<Timestamp>; 6] {
    let created = record
        .state
        .created
        .and_then(|id| record.line(id))
        .map(|line| line.at);
    let visit = told_visit(record);
    let step = |act| visit.and_then(|visit| record.step(visit.id, act));
    let offered = step("offer").or_else(|| step("reassign"));
    let ended = match record.state.status() {
        TicketStatus::Cancelled => cancelled_yet_done(record)
            .and_then(|_| step("finish"))
            .or_else(|| cancelled_at(record)),
        _ => record.ended(),
    };
    // Whoever sets out to what is over, and hears of it on the way, did not come.
    let broken_off = visit.is_some_and(|visit| visit.withdrawn.is_some() && visit.phase != Phase::Done);
    let taken = |act| step(act).filter(|at| !broken_off || ended.is_none_or(|ended| *at <= ended));
    [
        created,
        offered,
        taken("depart"),
        taken("arrive"),
        taken("start"),
        ended,
    ]
}

fn card(web: &Web, lang: Lang, tracked: &Tracked) -> Option<EngineerCard> {
    let record = &tracked.record;
    let visit = under_way(record)?;
    let place = match way_left(tracked) {
        _ if on_the_way(record).is_none() => Place::Hidden,
        Some((km, degrees, at)) if web.app.now().since(at) < POSITION_AGE_MAX_MS => Place::Known {
            km: whole_km(km),
            towards: compass(degrees),
            at: web.stamp(at),
        },
        _ => Place::Unknown,
    };
    // Photos and relay numbers come with the notices; a private number is never shown.
    Some(EngineerCard {
        name: record.engineer(lang, visit.engineer?),
        photo: None,
        call: None,
        place,
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the size of the Earth"
)]
fn whole_km(km: f64) -> u32 {
    km.clamp(0.0, 20_100.0).floor() as u32
}

fn compass(degrees: f64) -> Compass {
    match degrees {
        d if d < 22.5 => Compass::North,
        d if d < 67.5 => Compass::NorthEast,
        d if d < 112.5 => Compass::East,
        d if d < 157.5 => Compass::SouthEast,
        d if d < 202.5 => Compass::South,
        d if d < 247.5 => Compass::SouthWest,
        d if d < 292.5 => Compass::West,
        d if d < 337.5 => Compass::NorthWest,
        _ => Compass::North,
    }
}

/// Nobody is under way, and the ticket goes on.
fn may_be_planned(record: &TicketRecord, current: CustomerLabel) -> bool {
    let before = matches!(current, CustomerLabel::Received | CustomerLabel::Assigning);
    before || record.state.status() == TicketStatus::Waiting
}

/// The time he asked for, until it is settled.
fn wish(web: &Web, record: &TicketRecord, current: CustomerLabel) -> Option<Window> {
    let open = record.open_wish().filter(|_| may_be_planned(record, current));
    open.map(|span| web.window(span))
}

/// The time he asked for, where the engineer set out first. Of a visit that is over it would say nothing.
fn overtaken(web: &Web, record: &TicketRecord) -> Option<Window> {
    let wish = under_way(record).and_then(|_| record.overtaken_wish());
    wish.map(|span| web.window(span))
}

/// Why another time cannot be asked for, if it cannot.
pub(super) fn not_plannable(record: &TicketRecord) -> Option<NotSent> {
    if record.state.status().is_over() {
        Some(NotSent::Over)
    } else if may_be_planned(record, label(record.state.customer_label())) {
        None
    } else if on_the_way(record).is_some() {
        Some(NotSent::OnTheWay)
    } else {
        Some(NotSent::Begun)
    }
}

fn acts(web: &Web, record: &TicketRecord, current: CustomerLabel) -> ActView {
    let now = web.app.now();
    let stamp = |at: Timestamp| -> Stamp { web.stamp(at) };
    let urge = match urged(record, now) {
        _ if current == CustomerLabel::Done => Urge::No,
        Some(at) => {
            let again = to_minutes(at.plus_ms(URGE_EVERY_MS));
            Urge::Done(stamp(at), (!is_there(record)).then(|| stamp(again)))
        }
        None if is_there(record) => Urge::No,
        None => Urge::Yes,
    };
    let again = next_words(record, now).map(to_minutes);
    ActView {
        urge,
        message: again.is_none(),
        other_time: may_be_planned(record, current) && again.is_none(),
        again: again.map(stamp),
        once: Once::fresh(web.app.edge()),
    }
}

/// What the customer wrote. Notes of the house are not for him.
fn messages(web: &Web, record: &TicketRecord) -> Vec<Message> {
    let written = record.lines.iter().filter_map(|line| match &line.entry.act {
        Act::Message { text } => Some(Message {
            from: None,
            at: web.stamp(line.at),
            text: text.clone(),
        }),
        _ => None,
    });
    written.collect()
}

/// Done, told of on the page, and there is a font to draw it with.
pub(super) fn offers_report(web: &Web, record: &TicketRecord) -> bool {
    let current = label(record.state.customer_label());
    let visit = told_visit(record).filter(|_| current == CustomerLabel::Done);
    web.app.has_reports() && visit.is_some_and(|visit| visit.phase == Phase::Done)
}

fn report(web: &Web, lang: Lang, tracked: &Tracked, current: CustomerLabel) -> Option<ReportView> {
    let record = &tracked.record;
    let visit = told_visit(record).filter(|_| current == CustomerLabel::Done)?;
    let completion = visit.completion.as_ref()?;
    let parts = record.lines.iter().filter_map(|line| match &line.entry.act {
        Act::UsePart { part, quantity, .. } => Some(format!("{} × {quantity}", record.part(lang, *part))),
        _ => None,
    });
    let on_site = record
        .step(visit.id, "arrive")
        .zip(record.step(visit.id, "finish"));
    Some(ReportView {
        result: result(completion),
        cause: completion.cause.as_deref().map(|code| record.code(lang, code)),
        remedy: ticket::remedy(lang, record, completion),
        parts: parts.collect(),
        on_site: on_site.map(|(from, to)| Window {
            from: web.stamp(from),
            to: web.stamp(to),
        }),
        signature: ticket::signed(web, record),
        pdf: offers_report(web, record).then(|| paths::track_act(&tracked.token, "report.pdf")),
    })
}

fn rating(web: &Web, record: &TicketRecord, current: CustomerLabel) -> Option<Rating> {
    if let Some(stars) = rated(record) {
        return Some(Rating::Given(stars));
    }
    (is_served(record) && current == CustomerLabel::Done).then(|| {
        Rating::Ask(RatingForm {
            once: Once::fresh(web.app.edge()),
            ..RatingForm::default()
        })
    })
}

/// There is work to rate.
pub(super) fn is_served(record: &TicketRecord) -> bool {
    matches!(
        record.state.status(),
        TicketStatus::Resolved | TicketStatus::Closed
    )
}
