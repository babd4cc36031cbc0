//! REST under [`BASE`]: JSON for scripts and other systems, described by OpenAPI 3.1 at `/api/v1/openapi.json`.
//!
//! Every route passes the gate in `routes`: who asks, may they, was this very request answered before. Bodies, queries
//! and paths are read strictly in `body`; whatever goes wrong is a [`Problem`] with a stable code, and nothing is half
//! done. Whatever changes a document goes through [`App::perform_as`] or its siblings; no SQL stands here.

#![expect(
    unused_qualifications,
    reason = "utoipa's macros write the paths of types in full"
)]

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::IntoResponse;
use axum::routing::get;
use utoipa::openapi::OpenApi;

pub mod act;
mod ahead;
pub mod answer;
pub mod article;
pub mod asset;
pub mod attachment;
pub mod body;
pub mod contact;
pub mod cursor;
pub mod customer;
pub mod describe;
pub mod engineer;
pub mod event;
pub mod fate;
pub mod grant;
pub mod intake;
pub mod location;
pub mod once;
pub mod part;
pub mod phone;
pub mod report;
pub mod request;
pub mod routes;
pub mod row;
pub mod shape;
pub mod site;
pub mod sla_plan;
pub mod stock;
pub mod ticket;
pub mod tracking;
pub mod viewing;
pub mod visit;
mod wrong;

#[cfg(test)]
pub(crate) mod tests;

pub use body::BODY_BYTES_MAX;
pub use cursor::{LIMIT_DEFAULT, LIMIT_MAX};
pub use describe::describe;
pub use once::{KEPT_MS, KEY_CHARS_MAX};
pub use phone::CODE_LIFE_MS;
pub use routes::Route;

use crate::app::App;
use crate::problem::{Code, Problem, speak_to_programs, tell_full};

/// Where REST begins.
pub const BASE: &str = "/api/v1";

fn collect(app: &App) -> routes::Routes {
    let all = [
        ticket::routes,
        intake::routes,
        act::routes,
        event::routes,
        viewing::routes,
        tracking::routes,
        report::routes,
        visit::routes,
        engineer::routes,
        phone::routes,
        customer::routes,
        sla_plan::routes,
        contact::routes,
        site::routes,
        asset::routes,
        part::routes,
        location::routes,
        stock::routes,
        grant::routes,
        request::routes,
        article::routes,
        attachment::routes,
        fate::routes,
    ];
    all.into_iter()
        .fold(routes::Routes::new(app.clone()), |routes, add| add(routes))
}

/// Everything REST offers, for tests and tables.
#[must_use]
pub fn rest_routes(app: &App) -> Vec<Route> {
    collect(app).into_parts().1
}

/// The document as it is served and committed: pretty JSON with a line's end.
#[must_use]
pub fn openapi_json(document: &OpenApi) -> String {
    let mut text = document.to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}

/// The router of everything under [`BASE`].
pub fn rest_router(app: App) -> Router {
    let document = openapi_json(&describe());
    let serve = move || async move { ([("content-type", "application/json")], document).into_response() };
    let (router, _) = collect(&app).into_parts();
    let inner = router
        .route("/openapi.json", get(serve))
        .fallback(async || Problem::new(Code::NotFound))
        .method_not_allowed_fallback(async || Problem::new(Code::MethodNotAllowed))
        .layer(from_fn_with_state(app.clone(), tell_full))
        .layer(from_fn(speak_to_programs))
        .with_state(app);
    Router::new().nest(BASE, inner)
}
