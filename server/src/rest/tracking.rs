//! Tracking links of a ticket: give one out, end them all.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use fieldline_model::id::TicketId;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Created, WriteProblems};
use super::body::{At, Nothing, Strict};
use super::once::Secret;
use super::routes::Routes;
use super::shape::Time;
use super::ticket::load;
use crate::app::App;
use crate::auth::Permission;
use crate::auth::extract::Api;
use crate::page::paths;
use crate::problem::Problem;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .post(
            "/tickets/{ticket}/tracking-links",
            Permission::TakeReports,
            create,
        )
        .post(
            "/tickets/{ticket}/tracking-links/revoke",
            Permission::TakeReports,
            revoke,
        )
}

/// A customer's link.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TrackingLink {
    /// Path on this server; it is the secret.
    pub path: String,
    /// Until when it works.
    pub expires_at: Time,
}

/// How many links were ended.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Revoked {
    /// So many worked until now.
    pub revoked: usize,
}

#[utoipa::path(post, path = "/tickets/{ticket}/tracking-links", tag = "tickets", operation_id = "tracking_create",
    request_body = Nothing, params(("ticket" = String, Path, description = "Id of the ticket.")),
    responses((status = 201, description = "A new link. Not kept under an Idempotency-Key: repeating makes another.",
        body = TrackingLink), WriteProblems))]
async fn create(
    State(app): State<App>,
    api: Api,
    At(ticket): At<TicketId>,
    Strict(Nothing {}): Strict<Nothing>,
) -> Result<Response, Problem> {
    load(app.store(), ticket).await?;
    let link = app.tracking_link(ticket, api.author()).await?;
    let link = TrackingLink {
        path: paths::track(&link.token),
        expires_at: Time(link.expires_at),
    };
    let mut response = Created(link).into_response();
    response.extensions_mut().insert(Secret);
    Ok(response)
}

#[utoipa::path(post, path = "/tickets/{ticket}/tracking-links/revoke", tag = "tickets", operation_id = "tracking_revoke",
    request_body = Nothing, params(("ticket" = String, Path, description = "Id of the ticket.")),
    responses((status = 200, description = "No link to this ticket works any more.", body = Revoked), WriteProblems))]
async fn revoke(
    State(app): State<App>,
    api: Api,
    At(ticket): At<TicketId>,
    Strict(Nothing {}): Strict<Nothing>,
) -> Result<Json<Revoked>, Problem> {
    load(app.store(), ticket).await?;
    Ok(Json(Revoked {
        revoked: app.revoke_tracking(ticket, api.author()).await?,
    }))
}
