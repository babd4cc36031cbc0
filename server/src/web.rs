//! The pages as handlers: parse a request, load, decide, draw with [`crate::page`], answer.
//!
//! Everything that changes the record goes through [`App::perform`] and its kin, under a name derived from the form's
//! `once`, so a form sent twice counts once. The customer's page is `track`; SQL stands in `store`. Never here:
//! words of our own, names or tokens in a log, an answer without the headers of `finish`.

mod act;
mod article;
mod article_file;
mod article_read;
mod before;
pub(crate) mod engineer;
mod enrol;
pub(crate) mod field;
pub(crate) mod finish;
mod frame;
mod gate;
mod held;
mod live;
mod namesake;
mod new_customer;
mod new_ticket;
pub(crate) mod once;
mod paging;
mod part;
mod partly;
mod queue;
pub(crate) mod read;
pub(crate) mod reader;
pub(crate) mod record;
pub(crate) mod report;
mod request;
mod restored;
pub(crate) mod signature;
mod stock_live;
pub(crate) mod stream;
mod taken;
pub(crate) mod ticket;
pub(crate) mod timeline;
pub(crate) mod view;
mod viewing;
mod why;
pub(crate) mod wish;
pub(crate) mod zone;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef};
use axum::routing::{get, post};
use chrono::FixedOffset;
use fieldline_model::time::Timestamp;

use crate::app::App;
use crate::auth::extract::FORM_BYTES_MAX;
use crate::page::{Stamp, paths};
use crate::problem::tell_full;
use crate::track;

/// What every page handler is given.
#[derive(Clone)]
pub(crate) struct Web {
    pub(crate) app: App,
    /// The zone of the company, in which people read times and type them.
    pub(crate) zone: FixedOffset,
    /// The open live streams, so that their number stays bounded.
    pub(crate) streams: Arc<stream::Streams>,
}

impl FromRef<Web> for App {
    fn from_ref(web: &Web) -> Self {
        web.app.clone()
    }
}

impl Web {
    fn new(app: App) -> Self {
        let zone = zone::of_company(&app);
        Self {
            app,
            zone,
            streams: Arc::default(),
        }
    }

    /// Now, as people here read it.
    pub(crate) fn now(&self) -> Stamp {
        self.stamp(self.app.now())
    }

    /// A moment, as people here read it.
    pub(crate) fn stamp(&self, at: Timestamp) -> Stamp {
        zone::stamp(at, self.zone)
    }
}

/// All pages with their files, forms and live streams. Addresses that lead nowhere are left to whoever merges this.
pub fn page_router(app: App) -> Router {
    let full = axum::middleware::from_fn_with_state(app.clone(), tell_full);
    let web = Web::new(app);
    Router::new()
        .merge(public_routes())
        .merge(desk_routes())
        .merge(track::routes())
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(full)
        .layer(axum::middleware::from_fn(finish::finish))
        .with_state(web)
}

fn public_routes() -> Router<Web> {
    Router::new()
        .route("/", get(gate::start))
        .route("/web/{name}", get(finish::asset))
        .route(paths::SIGN_IN, get(gate::form).post(gate::sign_in))
        .route(
            "/sign-in/link/{token}",
            get(gate::link).post(gate::sign_in_by_link),
        )
        .route(paths::SIGN_OUT, post(gate::sign_out))
}

fn desk_routes() -> Router<Web> {
    Router::new()
        .route(paths::QUEUE, get(queue::show))
        .route(paths::QUEUE_LIVE, get(live::queue))
        .route(paths::TICKETS, post(new_ticket::create))
        .route(paths::NEW_TICKET, get(new_ticket::form))
        .route("/hq/tickets/{id}", get(ticket::show))
        .route("/hq/tickets/{id}/live", get(live::ticket))
        .route("/hq/tickets/{id}/photos/{hash}", get(ticket::photo::show))
        .route("/hq/tickets/{id}/report.pdf", get(report::show))
        .route("/hq/tickets/{id}/assign", post(act::assign))
        .route("/hq/tickets/{id}/reschedule", post(act::reschedule))
        .route("/hq/tickets/{id}/cancel", post(act::cancel))
        .route("/hq/tickets/{id}/reopen", post(act::reopen))
        .route("/hq/tickets/{id}/note", post(act::note))
        .route("/hq/tickets/{id}/link", post(act::link))
        .route("/hq/tickets/{id}/reviews/{review}", post(act::review))
        .route("/hq/tickets/{id}/held", post(held::settle_on_ticket))
        .route(paths::RELEASE, post(restored::release))
        .route(paths::HELD, get(held::list))
        .route("/hq/held/{held}", post(held::settle))
        .route(paths::ENGINEERS, get(engineer::list))
        .route("/hq/engineers/{id}/enrol", post(enrol::enrol))
        .route("/hq/engineers/{id}/revoke", get(enrol::ask).post(enrol::revoke))
        .route(paths::PARTS, get(part::list))
        .route(paths::PARTS_LIVE, get(stock_live::parts))
        .route(paths::COUNT, post(part::count))
        .route(paths::DECLINE_REQUEST, post(request::decline))
        .route(paths::ARTICLES, get(article::list))
        .route("/hq/articles/{id}", get(article::show))
        .route("/hq/articles/{id}/files/{hash}", get(article_file::show))
}
