//! The end of a ticket and its new beginning. Each form acts only while the ticket ended, or was opened, last as its page
//! showed it.

use axum::extract::{Path, State};
use axum::response::Response;
use fieldline_model::cancel::CancelReason;
use fieldline_model::fold::TicketStatus;
use fieldline_model::operation::Act;

use super::{ChoiceForm, Desk, not_picked};
use crate::auth::extract::SignedForm;
use crate::auth::role::Permission;
use crate::page::form::{Field, FieldError};
use crate::problem::Problem;
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
