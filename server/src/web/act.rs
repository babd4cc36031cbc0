//! What HQ does to a ticket: assign, move, cancel, note, settle a review, give out the customer's link.
//!
//! A field that is wrong brings the page back with everything as typed; a rule that says no brings the page with the
//! reason. Nothing is decided here that the rules decide.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use fieldline_model::cancel::CancelReason;
use fieldline_model::fold::TicketStatus;
use fieldline_model::id::{EngineerId, OperationId, TicketId, VisitId};
use fieldline_model::operation::Act;
use fieldline_model::reason::Reason;
use fieldline_model::wire::Fate;
use serde::Deserialize;

use super::Web;
use super::field::{LINE_CHARS_MAX, TEXT_CHARS_MAX, Times, needed, optional};
use super::frame::{Done, go, model_lang};
use super::once::{Once, reason_of};
use super::reader::{Origin, Reader};
use super::record::TicketRecord;
use super::ticket::{Loaded, Typed, draw, offer, parse};
use crate::auth::extract::{Signed, SignedForm};
use crate::auth::role::Permission;
use crate::auth::tracking::{TrackingEnd, TrackingMake};
use crate::door::DoorError;
use crate::page::form::{Field, FieldError};
use crate::page::paths;
use crate::problem::{Code, Problem};
use crate::store::StoreError;
use crate::store::page_ticket::review_settle;

/// Looks at a ticket that others change under a form, before its sender is told to come back.
const LOOKS_MAX: usize = 3;

/// Who acts on which ticket, by which form.
struct Desk<'a> {
    web: &'a Web,
    reader: &'a Reader,
    signed: &'a Signed,
    ticket: TicketId,
    once: Once,
}

impl<'a> Desk<'a> {
    fn new(
        web: &'a Web,
        reader: &'a Reader,
        signed: &'a Signed,
        ticket: &str,
        once: &str,
        permission: Permission,
    ) -> Result<Self, Problem> {
        signed.check(permission)?;
        let once = Once::read(web, once, &signed.staff.id.to_string());
        Ok(Self {
            web,
            reader,
            signed,
            ticket: parse(ticket)?,
            once,
        })
    }

    /// Performs one act, and a note with the reason behind it; then goes back to the ticket.
    async fn perform(
        &self,
        act: Act,
        content: &str,
        reason: Option<String>,
        done: Done,
    ) -> Result<Response, Problem> {
        let performed = self.perform_while(act, content, reason, done, |_| Ok(true));
        performed.await?.ok_or_else(|| Problem::new(Code::Conflict))
    }

    /// As [`Desk::perform`], while it is still assigned as the page was drawn from; `None`, with nothing done, when somebody
    /// was faster.
    async fn perform_seen(
        &self,
        loaded: &Loaded,
        act: Act,
        content: &str,
        reason: Option<String>,
        done: Done,
    ) -> Result<Option<Response>, Problem> {
        let (ticket, seen) = (self.ticket, loaded.record.assigned());
        let still = move |connection: &rusqlite::Connection| {
            let now = TicketRecord::load(connection, ticket)?;
            Ok(now.is_some_and(|now| now.assigned() == seen))
        };
        self.perform_while(act, content, reason, done, still).await
    }

    async fn perform_while(
        &self,
        act: Act,
        content: &str,
        reason: Option<String>,
        done: Done,
        still: impl FnOnce(&rusqlite::Connection) -> Result<bool, StoreError> + Send + 'static,
    ) -> Result<Option<Response>, Problem> {
        let (app, document, by) = (&self.web.app, self.ticket.into(), self.signed.author());
        let id = self.once.operation(document, content);
        let mut performed = app.perform_while(id, by, document, act, still).await;
        // Only what the person wrote is kept: readers of the other language are told in theirs what it explains.
        if let (Ok(_), Some(text)) = (&performed, reason) {
            let note = Act::Note { text };
            performed = app.perform_as(reason_of(id), by, document, note, None).await;
        }
        match performed {
            Ok(_) => Ok(Some(self.back(done))),
            Err(DoorError::Meanwhile) => Ok(None),
            Err(DoorError::Refused(reason)) => Ok(Some(self.back(Done::Not(reason)))),
            Err(error) => Err(error.into()),
        }
    }

    /// The answer to this form with this content when it comes again. What it did is told once more only while it
    /// `stands`: others may have changed the ticket since.
    async fn before(&self, content: &str, stands: bool, done: Done) -> Result<Option<Response>, Problem> {
        let id = self.once.operation(self.ticket.into(), content);
        let done = match self.web.fate(id).await? {
            None => return Ok(None),
            Some(Fate::Refused { code }) => Reason::from_code(&code).map_or(Done::Repeated, Done::Not),
            Some(_) if stands => done,
            Some(_) => Done::Repeated,
        };
        Ok(Some(self.back(done)))
    }

    /// The answer to a form about a visit when the ticket is over: the page has no such form to come back with.
    fn over(&self, loaded: &Loaded) -> Option<Response> {
        let over = loaded.record.state.status().is_over();
        over.then(|| self.back(Done::Not(Reason::TicketOver)))
    }

    fn back(&self, done: Done) -> Response {
        go(&paths::ticket(&self.ticket.to_string()), done)
    }

    /// The page again, with what was typed.
    async fn again(&self, loaded: &Loaded, origin: &Origin, typed: Typed) -> Result<Response, Problem> {
        let mut frame = self.web.frame(self.reader, self.signed).await?;
        frame.here = paths::ticket(&self.ticket.to_string());
        Ok(draw(
            self.web,
            origin,
            frame,
            loaded,
            self.signed,
            typed,
            StatusCode::UNPROCESSABLE_ENTITY,
        ))
    }
}

/// The assign form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AssignForm {
    once: String,
    assigned: String,
    engineer: String,
    plan_from: String,
    plan_to: String,
    reason: String,
}

/// POST assign or reassign.
pub(super) async fn assign(
    State(web): State<Web>,
    reader: Reader,
    origin: Origin,
    Path(id): Path<String>,
    SignedForm { signed, form }: SignedForm<AssignForm>,
) -> Result<Response, Problem> {
    let desk = Desk::new(&web, &reader, &signed, &id, &form.once, Permission::Dispatch)?;
    for _ in 0..LOOKS_MAX {
        if let Some(answer) = assign_now(&desk, &origin, &form).await? {
            return Ok(answer);
        }
    }
    Err(Problem::new(Code::Conflict))
}

/// Assigns as the ticket stands now; `None` when it changed between the look and the act.
async fn assign_now(
    desk: &Desk<'_>,
    origin: &Origin,
    form: &AssignForm,
) -> Result<Option<Response>, Problem> {
    let web = desk.web;
    let loaded = web.ticket(desk.ticket).await?;
    let content = format!("assign\0{}\0{}\0{}", form.engineer, form.plan_from, form.plan_to);
    let visit = desk.once.id(VisitId::new, &content);
    let stands = loaded.record.open_visit().is_some_and(|open| open.id == visit);
    if let Some(answer) = desk.before(&content, stands, Done::Assigned).await? {
        return Ok(Some(answer));
    }
    if let Some(over) = desk.over(&loaded) {
        return Ok(Some(over));
    }
    let engineer = form
        .engineer
        .parse::<EngineerId>()
        .ok()
        .filter(|id| loaded.candidates.has(*id));
    let meanwhile = is_stale(&form.assigned, &loaded);
    let picked = engineer
        .ok_or_else(|| not_picked(&form.engineer))
        .and_then(|id| match meanwhile {
            true => Err(Field::of(&form.engineer).wrong(FieldError::Meanwhile)),
            false => Ok(id),
        });
    let times = Times {
        from: &form.plan_from,
        to: &form.plan_to,
        zone: web.zone,
        now: web.app.now(),
    };
    let plan = times.optional();
    // Whoever loses a visit is told why.
    let moved = loaded.record.open_visit().is_some();
    let reason = if moved {
        needed(&form.reason, LINE_CHARS_MAX)
    } else {
        optional(&form.reason, LINE_CHARS_MAX)
    };
    match (picked, plan, reason) {
        (Ok(to), Ok(plan), Ok(reason)) => {
            let act = offer(&loaded.record, visit, to, plan);
            let why = moved.then_some(reason);
            desk.perform_seen(&loaded, act, &content, why, Done::Assigned)
                .await
        }
        (picked, plan, reason) => {
            let (from, to) = plan
                .err()
                .unwrap_or_else(|| (Field::of(&form.plan_from), Field::of(&form.plan_to)));
            let engineer = picked.err().unwrap_or_else(|| Field::of(&form.engineer));
            let reason = reason.err().unwrap_or_else(|| Field::of(&form.reason));
            let typed = Typed {
                assign: Some([engineer, from, to, reason]),
                ..Typed::default()
            };
            desk.again(&loaded, origin, typed).await.map(Some)
        }
    }
}

/// The reschedule form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MoveForm {
    once: String,
    assigned: String,
    plan_from: String,
    plan_to: String,
    reason: String,
}

/// POST a new plan.
pub(super) async fn reschedule(
    State(web): State<Web>,
    reader: Reader,
    origin: Origin,
    Path(id): Path<String>,
    SignedForm { signed, form }: SignedForm<MoveForm>,
) -> Result<Response, Problem> {
    let desk = Desk::new(&web, &reader, &signed, &id, &form.once, Permission::Dispatch)?;
    for _ in 0..LOOKS_MAX {
        if let Some(answer) = reschedule_now(&desk, &origin, &form).await? {
            return Ok(answer);
        }
    }
    Err(Problem::new(Code::Conflict))
}

/// As [`assign_now`].
async fn reschedule_now(
    desk: &Desk<'_>,
    origin: &Origin,
    form: &MoveForm,
) -> Result<Option<Response>, Problem> {
    let web = desk.web;
    let loaded = web.ticket(desk.ticket).await?;
    let times = Times {
        from: &form.plan_from,
        to: &form.plan_to,
        zone: web.zone,
        now: web.app.now(),
    };
    let content = format!("move\0{}\0{}", form.plan_from, form.plan_to);
    let plan = times.needed();
    let open = loaded.record.open_visit();
    let stands = open.is_some_and(|open| open.plan.is_some() && open.plan == plan.as_ref().ok().copied());
    if let Some(answer) = desk.before(&content, stands, Done::Planned).await? {
        return Ok(Some(answer));
    }
    if let Some(over) = desk.over(&loaded) {
        return Ok(Some(over));
    }
    let Some(visit) = open.map(|open| open.id) else {
        return Ok(Some(desk.back(Done::Not(Reason::NotNow))));
    };
    let plan = match is_stale(&form.assigned, &loaded) {
        true => Err((
            Field::of(&form.plan_from).wrong(FieldError::Meanwhile),
            Field::of(&form.plan_to),
        )),
        false => plan,
    };
    match (plan, optional(&form.reason, LINE_CHARS_MAX)) {
        (Ok(plan), Ok(reason)) => {
            let why = (!reason.is_empty()).then_some(reason);
            let act = Act::Reschedule { visit, plan };
            desk.perform_seen(&loaded, act, &content, why, Done::Planned)
                .await
        }
        (plan, reason) => {
            let (from, to) = plan
                .err()
                .unwrap_or_else(|| (Field::of(&form.plan_from), Field::of(&form.plan_to)));
            let reason = reason.err().unwrap_or_else(|| Field::of(&form.reason));
            let typed = Typed {
                moved: Some([from, to, reason]),
                ..Typed::default()
            };
            desk.again(&loaded, origin, typed).await.map(Some)
        }
    }
}

/// A form with one choice.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ChoiceForm {
    once: String,
    turned: String,
    reason: String,
    verdict: String,
    note: String,
}

/// POST a cancellation.
pub(super) async fn cancel(
    State(web): State<Web>,
    reader: Reader,
    origin: Origin,
    Path(id): Path<String>,
    SignedForm { signed, form }: SignedForm<ChoiceForm>,
) -> Result<Response, Problem> {
    let desk = Desk::new(&web, &reader, &signed, &id, &form.once, Permission::EndTickets)?;
    let loaded = web.ticket(desk.ticket).await?;
    let Some(reason) = CancelReason::from_code(&form.reason) else {
        let typed = Typed {
            cancel: Some(not_picked(&form.reason)),
            ..Typed::default()
        };
        return desk.again(&loaded, &origin, typed).await;
    };
    let content = format!("cancel\0{}", reason.code());
    let reason = reason.words(model_lang(reader.lang)).to_owned();
    let stands = loaded.record.state.status() == TicketStatus::Cancelled;
    if let Some(answer) = desk.before(&content, stands, Done::Cancelled).await? {
        return Ok(answer);
    }
    if stands {
        return Ok(desk.back(Done::CancelledBefore));
    }
    // Where it is over otherwise there is no form to come back with, and the rules say why not.
    let is_open = !loaded.record.state.status().is_over();
    if is_open && is_turned(&form.turned, &loaded) {
        let typed = Typed {
            cancel: Some(Field::of(&form.reason).wrong(FieldError::TurnedMeanwhile)),
            ..Typed::default()
        };
        return desk.again(&loaded, &origin, typed).await;
    }
    desk.perform(Act::Cancel { reason }, &content, None, Done::Cancelled)
        .await
}

/// POST that an ended ticket is taken up again.
pub(super) async fn reopen(
    State(web): State<Web>,
    reader: Reader,
    origin: Origin,
    Path(id): Path<String>,
    SignedForm { signed, form }: SignedForm<ChoiceForm>,
) -> Result<Response, Problem> {
    let desk = Desk::new(&web, &reader, &signed, &id, &form.once, Permission::EndTickets)?;
    let reason = needed(&form.reason, LINE_CHARS_MAX);
    let content = format!("reopen\0{}", form.reason);
    let loaded = web.ticket(desk.ticket).await?;
    let is_open = !loaded.record.state.status().is_over();
    if let Some(answer) = desk.before(&content, is_open, Done::Reopened).await? {
        return Ok(answer);
    }
    let reason = match is_turned(&form.turned, &loaded) {
        true => Err(Field::of(&form.reason).wrong(FieldError::TurnedMeanwhile)),
        false => reason,
    };
    match reason {
        _ if is_open => Ok(desk.back(Done::ReopenedBefore)),
        Ok(reason) => {
            desk.perform(Act::Reopen { reason }, &content, None, Done::Reopened)
                .await
        }
        Err(reason) => {
            let typed = Typed {
                reopen: Some(reason),
                ..Typed::default()
            };
            desk.again(&loaded, &origin, typed).await
        }
    }
}

/// POST a note.
pub(super) async fn note(
    State(web): State<Web>,
    reader: Reader,
    origin: Origin,
    Path(id): Path<String>,
    SignedForm { signed, form }: SignedForm<ChoiceForm>,
) -> Result<Response, Problem> {
    let desk = Desk::new(&web, &reader, &signed, &id, &form.once, Permission::TakeReports)?;
    match needed(&form.note, TEXT_CHARS_MAX) {
        Ok(text) => {
            desk.perform(
                Act::Note { text: text.clone() },
                &format!("note\0{text}"),
                None,
                Done::Noted,
            )
            .await
        }
        Err(note) => {
            let loaded = web.ticket(desk.ticket).await?;
            desk.again(
                &loaded,
                &origin,
                Typed {
                    note: Some(note),
                    ..Typed::default()
                },
            )
            .await
        }
    }
}

/// POST that a review item was looked at. Work of revoked phones can be held and seen, not yet adopted.
pub(super) async fn review(
    State(web): State<Web>,
    reader: Reader,
    Path((id, review)): Path<(String, String)>,
    SignedForm { signed, form }: SignedForm<ChoiceForm>,
) -> Result<Response, Problem> {
    let desk = Desk::new(&web, &reader, &signed, &id, &form.once, Permission::EndTickets)?;
    let operation: OperationId = review.parse().map_err(|_| Problem::new(Code::NotFound))?;
    if form.verdict != "reviewed" {
        return Err(Problem::new(Code::BadRequest));
    }
    let (ticket, by, now) = (desk.ticket, signed.staff.id, web.app.now());
    let settle =
        move |connection: &rusqlite::Connection| review_settle(connection, ticket, operation, by, now);
    let settled = web.app.store().write::<_, StoreError>(settle).await?;
    Ok(desk.back(if settled {
        Done::Reviewed
    } else {
        Done::ReviewedBefore
    }))
}

/// The form for the customer's link.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LinkForm {
    once: String,
    verdict: String,
    /// The mark of the link that the page showed, or of there being none.
    link: String,
}

/// POST to make or end the customer's link.
pub(super) async fn link(
    State(web): State<Web>,
    reader: Reader,
    Path(id): Path<String>,
    SignedForm { signed, form }: SignedForm<LinkForm>,
) -> Result<Response, Problem> {
    let desk = Desk::new(&web, &reader, &signed, &id, &form.once, Permission::TakeReports)?;
    web.ticket(desk.ticket).await?;
    let done = match form.verdict.as_str() {
        "make" => match web.app.make_tracking(desk.ticket, form.link).await? {
            TrackingMake::Made => Done::LinkMade,
            TrackingMake::Before => Done::LinkBefore,
            TrackingMake::Ended => Done::LinkEndedSince,
        },
        "end" => match web.app.end_tracking(desk.ticket, form.link).await? {
            TrackingEnd::Ended => Done::LinkEnded,
            TrackingEnd::Gone => Done::LinkEndedBefore,
            TrackingEnd::Other => Done::LinkOther,
        },
        _ => return Err(Problem::new(Code::BadRequest)),
    };
    Ok(desk.back(done))
}

/// Whether somebody assigned, moved or went on with the visit since the page of this form was drawn.
fn is_stale(assigned: &str, loaded: &Loaded) -> bool {
    !assigned.is_empty() && assigned != loaded.record.assigned()
}

/// Whether the ticket was ended or reopened since the page of this form was drawn.
fn is_turned(turned: &str, loaded: &Loaded) -> bool {
    !turned.is_empty() && turned != loaded.record.turned()
}

/// A choice that names nothing of the list.
fn not_picked(sent: &str) -> Field {
    let error = if sent.is_empty() {
        FieldError::Required
    } else {
        FieldError::Unknown
    };
    Field::of(sent).wrong(error)
}

impl Web {
    /// The fate of an operation that has one.
    pub(crate) async fn fate(&self, id: OperationId) -> Result<Option<Fate>, StoreError> {
        let read = move |connection: &rusqlite::Connection| crate::store::document::fate_read(connection, id);
        Ok(self.app.store().read(read).await?.map(|decided| decided.fate))
    }
}
