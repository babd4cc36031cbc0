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
mod moved;
mod stands;
mod told;
mod view;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{get, post};
use fieldline_model::id::TicketId;
use fieldline_model::operation::Position;
use fieldline_model::time::Timestamp;
use rusqlite::Connection;

use crate::auth::Token;
use crate::page::track::track;
use crate::problem::{Code, Problem};
use crate::store::StoreError;
use crate::store::page_queue::ticket_number;
use crate::store::page_ticket::{link_find, position_read};
use crate::web::reader::Reader;
use crate::web::record::TicketRecord;
use crate::web::report::show_tracked;
use crate::web::{Web, finish};

/// Merges followed from a link's own ticket to the survivor.
const MERGES_MAX: usize = 8;

/// The routes of the page.
pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/t/{token}", get(show))
        .route("/t/{token}/live", get(live::live))
        .route("/t/{token}/report.pdf", get(show_tracked))
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

/// Whether the page of this link offers the completion report.
pub(crate) fn has_report(web: &Web, tracked: &Tracked) -> bool {
    view::offers_report(web, &tracked.record)
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

async fn show(
    State(web): State<Web>,
    reader: Reader,
    headers: HeaderMap,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let tracked = web.tracked(&token).await?;
    let sent = told::sent(&web, &tracked.record, &headers);
    let view = view::view(&web, reader.lang, &tracked, sent);
    let page = finish::page(track(reader.lang, web.now(), &view));
    Ok(told::once(page, &tracked.token, &headers))
}
