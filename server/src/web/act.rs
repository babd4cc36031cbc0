//! What HQ does to a ticket: note, settle a review, give out the customer's link; below, its visit and its end.
//!
//! A field that is wrong brings the page back with everything as typed; a rule that says no brings the page with the
//! reason. Nothing is decided here that the rules decide.

mod end;
mod visit;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use fieldline_model::id::{OperationId, TicketId};
use fieldline_model::operation::Act;
use fieldline_model::reason::Reason;
use fieldline_model::wire::Fate;
use serde::Deserialize;

use super::Web;
use super::field::{TEXT_CHARS_MAX, needed};
use super::frame::{Done, go};
use super::once::{Once, reason_of};
use super::reader::{Origin, Reader};
use super::record::TicketRecord;
use super::ticket::{Loaded, Typed, draw, parse};
use crate::auth::extract::{Signed, SignedForm};
use crate::auth::role::Permission;
use crate::auth::tracking::{TrackingEnd, TrackingMake};
use crate::door::DoorError;
use crate::page::form::{Field, FieldError};
use crate::page::paths;
use crate::problem::{Code, Problem};
use crate::store::StoreError;
use crate::store::page_ticket::review_settle;
pub(super) use end::{cancel, reopen};
pub(super) use visit::{assign, reschedule};

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

/// A form with one choice.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ChoiceForm {
    once: String,
    assigned: String,
    turned: String,
    reason: String,
    verdict: String,
    note: String,
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
    let by = signed.author();
    let done = match form.verdict.as_str() {
        "make" => match web.app.make_tracking(desk.ticket, by, form.link).await? {
            TrackingMake::Made => Done::LinkMade,
            TrackingMake::Before => Done::LinkBefore,
            TrackingMake::Ended => Done::LinkEndedSince,
        },
        "end" => match web.app.end_tracking(desk.ticket, by, form.link).await? {
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
