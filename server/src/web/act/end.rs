//! The end of a ticket and its new beginning. Each form acts only while the ticket ended, or was opened, last as its page
//! showed it.

use axum::extract::{Path, State};
use axum::response::Response;
use fieldline_model::cancel::CancelReason;
use fieldline_model::fold::TicketStatus;
use fieldline_model::operation::Act;

use super::{ChoiceForm, Desk, LOOKS_MAX, is_stale, not_picked};
use crate::auth::extract::SignedForm;
use crate::auth::role::Permission;
use crate::page::form::{Field, FieldError};
use crate::problem::{Code, Problem};
use crate::web::Web;
use crate::web::field::{LINE_CHARS_MAX, needed};
use crate::web::frame::{Done, model_lang};
use crate::web::reader::{Origin, Reader};
use crate::web::ticket::{Loaded, Typed};

/// POST a cancellation.
pub(in crate::web) async fn cancel(
    State(web): State<Web>,
    reader: Reader,
    origin: Origin,
    Path(id): Path<String>,
    SignedForm { signed, form }: SignedForm<ChoiceForm>,
) -> Result<Response, Problem> {
    let desk = Desk::new(&web, &reader, &signed, &id, &form.once, Permission::EndTickets)?;
    for _ in 0..LOOKS_MAX {
        if let Some(answer) = cancel_now(&desk, &origin, &form).await? {
            return Ok(answer);
        }
    }
    Err(Problem::new(Code::Conflict))
}

/// Cancels as the ticket stands now; `None` when it changed between the look and the act.
async fn cancel_now(
    desk: &Desk<'_>,
    origin: &Origin,
    form: &ChoiceForm,
) -> Result<Option<Response>, Problem> {
    let loaded = desk.web.ticket(desk.ticket).await?;
    let Some(reason) = CancelReason::from_code(&form.reason) else {
        let typed = Typed {
            cancel: Some(not_picked(&form.reason)),
            ..Typed::default()
        };
        return desk.again(&loaded, origin, typed).await.map(Some);
    };
    let content = format!("cancel\0{}", reason.code());
    let reason = reason.words(model_lang(desk.reader.lang)).to_owned();
    let stands = loaded.record.state.status() == TicketStatus::Cancelled;
    if let Some(answer) = desk.before(&content, stands, Done::Cancelled).await? {
        return Ok(Some(answer));
    }
    if stands {
        return Ok(Some(desk.back(Done::CancelledBefore)));
    }
    // Where it is over otherwise there is no form to come back with, and the rules say why not.
    let is_open = !loaded.record.state.status().is_over();
    let meanwhile = if is_turned(&form.turned, &loaded) {
        Some(FieldError::TurnedMeanwhile)
    } else if is_stale(&form.assigned, &loaded) {
        Some(FieldError::Meanwhile)
    } else {
        None
    };
    if let Some(error) = meanwhile.filter(|_| is_open) {
        let typed = Typed {
            cancel: Some(Field::of(&form.reason).wrong(error)),
            ..Typed::default()
        };
        return desk.again(&loaded, origin, typed).await.map(Some);
    }
    let act = Act::Cancel { reason };
    desk.perform_seen(&loaded, act, &content, None, Done::Cancelled)
        .await
}

/// POST that an ended ticket is taken up again.
pub(in crate::web) async fn reopen(
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

/// Whether the ticket was ended or reopened since the page of this form was drawn.
fn is_turned(turned: &str, loaded: &Loaded) -> bool {
    !turned.is_empty() && turned != loaded.record.turned()
}
