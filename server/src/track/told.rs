//! The one line that tells what became of the form before the progress page.
//!
//! It travels in a cookie of one minute that a browser brings to this page alone, so that no reload, no bookmark and no
//! link that is passed on claims it again. What was sent it tells by the operation's name, and only where that stands in
//! the ticket; what was not sent only as long as that is so: a cookie can hold anything.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use fieldline_model::id::OperationId;
use fieldline_model::operation::{Act, Author};
use fieldline_model::time::Timestamp;

use super::limit::{URGE_EVERY_MS, next_words, rated, to_minutes, urged};
use super::view;
use crate::auth::cookie::named;
use crate::page::paths;
use crate::page::track::{NotSent, Sent};
use crate::web::Web;
use crate::web::record::TicketRecord;

const COOKIE: &str = "fieldline-sent";
/// The page is loaded at once; on a bad line it may take a while.
const COOKIE_AGE_S: u32 = 60;

/// What became of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// Its operation came in.
    Sent(OperationId),
    /// Its operation had come in before, and does not stand as it did.
    Before(OperationId),
    /// It was not sent.
    Not(NotSent),
}

/// Goes to the progress page, which tells it.
pub(super) fn go(token: &str, told: Told) -> Response {
    let word = match told {
        Told::Sent(id) => format!("sent.{id}"),
        Told::Before(id) => format!("before.{id}"),
        Told::Not(why) => format!("not.{}", word_of(why)),
    };
    let page = paths::track(token);
    let line = format!("{COOKIE}={word}; Path={page}; SameSite=Lax; HttpOnly; Max-Age={COOKIE_AGE_S}");
    with(Redirect::to(&page).into_response(), &line)
}

/// The page with the line taken back, so that it is told once.
pub(super) fn once(response: Response, token: &str, headers: &HeaderMap) -> Response {
    match named(headers, COOKIE) {
        None => response,
        Some(_) => {
            let page = paths::track(token);
            let line = format!("{COOKIE}=; Path={page}; SameSite=Lax; HttpOnly; Max-Age=0");
            with(response, &line)
        }
    }
}

fn with(mut response: Response, line: &str) -> Response {
    let line = HeaderValue::from_str(line).expect("tokens, ids and words are ASCII");
    response.headers_mut().append(header::SET_COOKIE, line);
    response
}

/// What the form before this page did.
pub(super) fn sent(web: &Web, record: &TicketRecord, headers: &HeaderMap) -> Option<Sent> {
    match named(headers, COOKIE)?.split_once('.')? {
        ("sent", id) => said(record, id.parse().ok()?),
        ("before", id) => said(record, id.parse().ok()?).map(|_| Sent::Before),
        ("not", word) => not_sent_of(web, record, word).map(Sent::Not),
        _ => None,
    }
}

/// The customer's operation of this name, in his words for it.
fn said(record: &TicketRecord, id: OperationId) -> Option<Sent> {
    let line = record.line(id).filter(|line| line.entry.by == Author::Customer)?;
    match line.entry.act {
        Act::Message { .. } => Some(Sent::Message),
        Act::Urge => Some(Sent::Urge),
        Act::Wish { .. } => Some(Sent::Time),
        Act::Rate { .. } => Some(Sent::Rating),
        _ => None,
    }
}

fn not_sent_of(web: &Web, record: &TicketRecord, word: &str) -> Option<NotSent> {
    let now = web.app.now();
    let minute = |at: Timestamp| web.stamp(to_minutes(at));
    match word {
        "many" => next_words(record, now).map(|again| NotSent::TooMany(minute(again))),
        "urged" => urged(record, now).map(|at| NotSent::Urged(minute(at.plus_ms(URGE_EVERY_MS)))),
        "over" => record.state.status().is_over().then_some(NotSent::Over),
        "there" => view::is_there(record).then_some(NotSent::There),
        "rated" => rated(record).map(|_| NotSent::Rated),
        "unfinished" => (!view::is_served(record)).then_some(NotSent::Unfinished),
        "busy" => Some(NotSent::Busy),
        "refused" => Some(NotSent::Refused),
        // Also what comes back in its form and not this way.
        _ => None,
    }
}

/// The word for what was not sent; [`not_sent_of`] reads it.
fn word_of(why: NotSent) -> &'static str {
    match why {
        NotSent::TooMany(_) => "many",
        NotSent::Urged(_) => "urged",
        NotSent::Over => "over",
        NotSent::There => "there",
        NotSent::OnTheWay => "on-the-way",
        NotSent::Begun => "begun",
        NotSent::Rated => "rated",
        NotSent::Unfinished => "unfinished",
        NotSent::Incomplete => "incomplete",
        NotSent::Busy => "busy",
        NotSent::Refused => "refused",
    }
}
