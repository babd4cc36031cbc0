//! The customer's page behind a tracking link: progress, and what a customer may say.
//!
//! The address is the secret. A wrong, expired or revoked one is answered with exactly the plain page of any address
//! that leads nowhere, whatever is asked of it. The page tells what a customer may know: an engineer's name from "on
//! the way", a rounded position only while on the way, no notes of the house. Forms are operations of the customer.

mod act;
mod eta;
mod late;
mod limit;
mod live;
mod view;

use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use fieldline_model::id::TicketId;
use fieldline_model::operation::Position;
use fieldline_model::time::Timestamp;
use rusqlite::Connection;
use serde::Deserialize;

use self::limit::{URGE_EVERY_MS, next_words, rated, to_minutes, urged};
use crate::auth::Token;
use crate::page::track::{NotSent, Sent, track};
use crate::problem::{Code, Problem};
use crate::store::StoreError;
use crate::store::page_queue::ticket_number;
use crate::store::page_ticket::{link_find, position_read};
use crate::web::reader::Reader;
use crate::web::record::TicketRecord;
use crate::web::{Web, finish};

/// Merges followed from a link's own ticket to the survivor.
const MERGES_MAX: usize = 8;

/// The routes of the page.
pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/t/{token}", get(show))
        .route("/t/{token}/live", get(live::live))
        .route("/t/{token}/urge", post(act::urge))
        .route("/t/{token}/message", get(act::message_form).post(act::message))
        .route("/t/{token}/time", get(act::time_form).post(act::time))
        .route("/t/{token}/rating", post(act::rating))
}

/// What a living link opens.
pub(crate) struct Tracked {
    /// As it stands in the address.
    pub(crate) token: String,
    pub(crate) until: Timestamp,
    /// The ticket, or the survivor it was merged into.
    pub(crate) record: TicketRecord,
    /// The number the link was made for, if that was merged away.
    pub(crate) merged_from: Option<String>,
    /// Where the engineer was last, and when.
    pub(crate) position: Option<(Position, Timestamp)>,
}

impl Web {
    /// Opens a link.
    ///
    /// # Errors
    /// [`Code::NotFound`] for every link that opens nothing.
    pub(crate) async fn tracked(&self, token: &str) -> Result<Tracked, Problem> {
        let lost = || Problem::new(Code::NotFound);
        let token = Token::parse(token).ok_or_else(lost)?.reveal();
        let now = self.app.now();
        let found = self
            .app
            .store()
            .read(move |connection| Tracked::read(connection, token, now))
            .await?;
        found.ok_or_else(lost)
    }
}

impl Tracked {
    fn read(connection: &Connection, token: String, now: Timestamp) -> Result<Option<Self>, StoreError> {
        let Some((ticket, until)) = link_find(connection, &token, now)? else {
            return Ok(None);
        };
        let Some(record) = survivor(connection, ticket)? else {
            return Ok(None);
        };
        let merged_from = match record.id == ticket {
            true => None,
            false => ticket_number(connection, ticket)?,
        };
        let engineer = record.state.current_visit().and_then(|visit| visit.engineer);
        let position = engineer.map_or(Ok(None), |id| position_read(connection, id))?;
        Ok(Some(Self {
            token,
            until,
            record,
            merged_from,
            position,
        }))
    }
}

fn survivor(connection: &Connection, ticket: TicketId) -> Result<Option<TicketRecord>, StoreError> {
    let mut record = TicketRecord::load(connection, ticket)?;
    for _ in 0..MERGES_MAX {
        let Some(next) = record.as_ref().and_then(|record| record.state.merged_into) else {
            break;
        };
        let Some(found) = TicketRecord::load(connection, next)? else {
            break;
        };
        record = Some(found);
    }
    Ok(record)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    sent: String,
}

/// What the address says a form did.
fn sent_of(web: &Web, record: &TicketRecord, word: &str) -> Option<Sent> {
    match word {
        "message" => Some(Sent::Message),
        "urge" => Some(Sent::Urge),
        "time" => Some(Sent::Time),
        "rating" => Some(Sent::Rating),
        word => not_sent_of(web, record, word).map(Sent::Not),
    }
}

/// What the address says was not sent, as long as that is so: addresses are kept and loaded again.
fn not_sent_of(web: &Web, record: &TicketRecord, word: &str) -> Option<NotSent> {
    let now = web.app.now();
    let minute = |at: Timestamp| web.stamp(to_minutes(at));
    match word {
        "many" => next_words(record, now).map(|again| NotSent::TooMany(minute(again))),
        "urged" => urged(record, now).map(|at| NotSent::Urged(minute(at.plus_ms(URGE_EVERY_MS)))),
        "over" => record.state.status().is_over().then_some(NotSent::Over),
        "rated" => rated(record).map(|_| NotSent::Rated),
        "unfinished" => (!view::is_served(record)).then_some(NotSent::Unfinished),
        "busy" => Some(NotSent::Busy),
        "refused" => Some(NotSent::Refused),
        // Also what comes back in its form and not by an address.
        _ => None,
    }
}

/// The word in an address for what was not sent; [`not_sent_of`] reads it.
fn word_of(why: NotSent) -> &'static str {
    match why {
        NotSent::TooMany(_) => "many",
        NotSent::Urged(_) => "urged",
        NotSent::Over => "over",
        NotSent::Rated => "rated",
        NotSent::Unfinished => "unfinished",
        NotSent::Incomplete => "incomplete",
        NotSent::Busy => "busy",
        NotSent::Refused => "refused",
    }
}

async fn show(
    State(web): State<Web>,
    reader: Reader,
    Path(token): Path<String>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Problem> {
    let tracked = web.tracked(&token).await?;
    // An address that somebody wrote over still leads here.
    let Query(asked) = asked.unwrap_or_default();
    let sent = sent_of(&web, &tracked.record, &asked.sent);
    let view = view::view(&web, reader.lang, &tracked, sent);
    Ok(finish::page(track(reader.lang, web.now(), &view)))
}
