//! What a customer says through a link: urge, message, another time, rating. Each is one operation of the customer,
//! counted once however often its form comes, and bounded in number.

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use fieldline_model::operation::{Act, Author};
use serde::Deserialize;

use super::Tracked;
use super::limit::{may_write, rated, urged};
use crate::door::DoorError;
use crate::page::form::Field;
use crate::page::paths;
use crate::page::track::act::{TrackForm, TrackFormView, track_form};
use crate::problem::Problem;
use crate::web::field::{Times, needed, optional};
use crate::web::once::Once;
use crate::web::reader::Reader;
use crate::web::{Web, finish};

/// Longest message, in characters.
const MESSAGE_CHARS_MAX: u32 = 1_000;

/// A form of the page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    once: String,
    text: String,
    from: String,
    to: String,
    rating: String,
}

/// An act the customer wants, with what makes it this one.
struct Wanted<'a> {
    act: Act,
    once: &'a str,
    /// What was typed and chosen.
    content: String,
    /// The word told on the page when it worked.
    sent: &'static str,
}

async fn perform(
    web: &Web,
    tracked: &Tracked,
    wanted: Wanted<'_>,
    may: impl FnOnce() -> bool,
) -> Result<Response, Problem> {
    let document = tracked.record.id.into();
    let once = Once::read(web, wanted.once, &format!("customer\0{}", tracked.record.id));
    let id = once.operation(document, &format!("{}\0{}", wanted.act.word(), wanted.content));
    // The same form again is not too soon: it is the same form.
    if web.performed(id).await? {
        return Ok(back(tracked, wanted.sent));
    }
    if !may() {
        return Ok(back(tracked, "soon"));
    }
    match web
        .app
        .perform_as(id, Author::Customer, document, wanted.act, None)
        .await
    {
        Ok(_) => Ok(back(tracked, wanted.sent)),
        Err(DoorError::Refused(_)) => Ok(back(tracked, "")),
        Err(error) => Err(error.into()),
    }
}

fn back(tracked: &Tracked, sent: &str) -> Response {
    let page = paths::track(&tracked.token);
    let to = if sent.is_empty() {
        page
    } else {
        format!("{page}?sent={sent}")
    };
    Redirect::to(&to).into_response()
}

/// POST an urge.
pub(super) async fn urge(
    State(web): State<Web>,
    Path(token): Path<String>,
    Form(said): Form<Said>,
) -> Result<Response, Problem> {
    let tracked = web.tracked(&token).await?;
    let over = tracked.record.state.status().is_over();
    let wanted = Wanted {
        act: Act::Urge,
        once: &said.once,
        content: String::new(),
        sent: "urge",
    };
    perform(&web, &tracked, wanted, || {
        !over && urged(&tracked.record, web.app.now()).is_none()
    })
    .await
}

/// GET the page for a message.
pub(super) async fn message_form(
    State(web): State<Web>,
    reader: Reader,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let tracked = web.tracked(&token).await?;
    Ok(draw(
        &web,
        &reader,
        &tracked,
        TrackForm::Message(Field::default(), MESSAGE_CHARS_MAX),
        StatusCode::OK,
    ))
}

/// POST a message.
pub(super) async fn message(
    State(web): State<Web>,
    reader: Reader,
    Path(token): Path<String>,
    Form(said): Form<Said>,
) -> Result<Response, Problem> {
    let tracked = web.tracked(&token).await?;
    let text = match needed(&said.text, MESSAGE_CHARS_MAX) {
        Ok(text) => text,
        Err(field) => {
            let form = TrackForm::Message(field, MESSAGE_CHARS_MAX);
            return Ok(draw(
                &web,
                &reader,
                &tracked,
                form,
                StatusCode::UNPROCESSABLE_ENTITY,
            ));
        }
    };
    let act = Act::Message { text: text.clone() };
    let wanted = Wanted {
        act,
        once: &said.once,
        content: text,
        sent: "message",
    };
    perform(&web, &tracked, wanted, || {
        may_write(&tracked.record, web.app.now())
    })
    .await
}

/// GET the page for another time.
pub(super) async fn time_form(
    State(web): State<Web>,
    reader: Reader,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let tracked = web.tracked(&token).await?;
    Ok(draw(
        &web,
        &reader,
        &tracked,
        wish(Field::default(), Field::default()),
        StatusCode::OK,
    ))
}

/// The company offers no times of its own yet, so the customer names one.
fn wish(from: Field, to: Field) -> TrackForm {
    TrackForm::Time {
        slots: Vec::new(),
        slot: Field::default(),
        from,
        to,
    }
}

/// POST another time.
pub(super) async fn time(
    State(web): State<Web>,
    reader: Reader,
    Path(token): Path<String>,
    Form(said): Form<Said>,
) -> Result<Response, Problem> {
    let tracked = web.tracked(&token).await?;
    let times = Times {
        from: &said.from,
        to: &said.to,
        zone: web.zone,
        now: web.app.now(),
    };
    let span = match times.needed() {
        Ok(span) => span,
        Err((from, to)) => {
            return Ok(draw(
                &web,
                &reader,
                &tracked,
                wish(from, to),
                StatusCode::UNPROCESSABLE_ENTITY,
            ));
        }
    };
    let act = Act::Wish {
        span,
        text: String::new(),
    };
    let wanted = Wanted {
        act,
        once: &said.once,
        content: format!("{}\0{}", said.from, said.to),
        sent: "time",
    };
    let over = tracked.record.state.status().is_over();
    perform(&web, &tracked, wanted, || {
        !over && may_write(&tracked.record, web.app.now())
    })
    .await
}

/// POST a rating. Only the first one counts.
pub(super) async fn rating(
    State(web): State<Web>,
    Path(token): Path<String>,
    Form(said): Form<Said>,
) -> Result<Response, Problem> {
    let tracked = web.tracked(&token).await?;
    let stars: Option<u8> = said.rating.parse().ok().filter(|stars| (1..=5).contains(stars));
    let Some(stars) = stars else {
        return Ok(back(&tracked, ""));
    };
    // A remark that is too long is cut rather than lost with the rating.
    let text = optional(&said.text, MESSAGE_CHARS_MAX)
        .unwrap_or_else(|_| said.text.chars().take(MESSAGE_CHARS_MAX as usize).collect());
    let act = Act::Rate { stars, text };
    let wanted = Wanted {
        act,
        once: &said.once,
        content: stars.to_string(),
        sent: "rating",
    };
    let over = tracked.record.state.status().is_over();
    perform(&web, &tracked, wanted, || {
        over && rated(&tracked.record).is_none()
    })
    .await
}

fn draw(web: &Web, reader: &Reader, tracked: &Tracked, form: TrackForm, status: StatusCode) -> Response {
    let view = TrackFormView {
        token: tracked.token.clone(),
        company: web.app.organisation().name.clone(),
        number: tracked.record.state.facts.number.clone(),
        once: Once::fresh(web.app.edge()),
        form,
    };
    finish::answer(status, track_form(reader.lang, &view))
}
