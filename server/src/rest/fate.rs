//! What became of an operation, and the changes that were not taken.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use fieldline_model::id::{DeviceId, DocumentId, OperationId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Done, ReadProblems, WriteProblems, unknown, word};
use super::body::{Asked, At, Nothing, Strict};
use super::cursor::{Page, Window};
use super::routes::Routes;
use super::shape::{Fate, Id, Time, Ulid};
use crate::app::App;
use crate::auth::Permission;
use crate::auth::extract::Api;
use crate::problem::Problem;
use crate::store::StoreError;
use crate::store::fate::{RefusedRow, fate_get, refused_list};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/fates/{operation}", Permission::ReadTickets, get)
        .get("/refused", Permission::ReadRefused, list)
        .post("/held/{operation}/adopt", Permission::EndTickets, adopt)
        .post("/held/{operation}/decline", Permission::EndTickets, decline)
}

/// What became of an operation, decided once.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OperationFate {
    /// The operation.
    #[schema(value_type = Ulid)]
    pub operation: Id<OperationId>,
    /// The document it writes: `ticket-<id>` or `article-<id>`.
    pub document: String,
    /// What became of it.
    pub fate: Fate,
    /// Why, where it does not count as meant.
    pub code: Option<String>,
    /// The phone it came from; null for what was done at HQ.
    #[schema(value_type = Option<Ulid>)]
    pub device: Option<Id<DeviceId>>,
    /// When it was decided.
    pub at: Time,
}

#[utoipa::path(get, path = "/fates/{operation}", tag = "sync", operation_id = "fate_get",
    params(("operation" = String, Path, description = "Id of the operation.")),
    responses((status = 200, description = "Its fate.", body = OperationFate), ReadProblems))]
async fn get(State(app): State<App>, At(operation): At<OperationId>) -> Result<Json<OperationFate>, Problem> {
    let found = app
        .store()
        .read::<_, StoreError>(move |connection| fate_get(connection, operation))
        .await?;
    let row = found.ok_or_else(unknown)?;
    Ok(Json(OperationFate {
        operation: Id(row.operation),
        document: row.document,
        fate: word(&row.fate)?,
        code: row.code,
        device: row.device.map(Id),
        at: Time(row.at),
    }))
}

/// A change that was not taken.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Refused {
    /// Its hash in hexadecimal.
    pub hash: String,
    /// The document it was for.
    pub document: String,
    /// Its operation, when it could be read.
    #[schema(value_type = Option<Ulid>)]
    pub operation: Option<Id<OperationId>>,
    /// Why; `device_revoked` is work held for a supervisor: while its operation has no fate, it can be adopted or
    /// declined.
    pub code: String,
    /// The phone it came from.
    #[schema(value_type = Ulid)]
    pub device: Id<DeviceId>,
    /// What its author meant to write, when it could be read.
    #[schema(value_type = Option<Object>)]
    pub entry: Option<serde_json::Value>,
    /// When it came.
    pub at: Time,
}

impl From<RefusedRow> for Refused {
    fn from(row: RefusedRow) -> Self {
        Self {
            hash: row.hash,
            document: row.document,
            operation: row.operation.map(Id),
            code: row.code,
            device: Id(row.device),
            entry: row.entry.and_then(|entry| serde_json::from_str(&entry).ok()),
            at: Time(row.at),
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RefusedQuery {
    /// Only for this document: `ticket-<id>` or `article-<id>`.
    #[param(value_type = Option<String>)]
    document: Option<DocumentId>,
    /// From `next` of the page before.
    cursor: Option<String>,
    /// Entries of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

#[utoipa::path(get, path = "/refused", tag = "sync", operation_id = "refused_list", params(RefusedQuery),
    responses((status = 200, description = "By hash.", body = Page<Refused>), ReadProblems))]
async fn list(
    State(app): State<App>,
    uri: Uri,
    Asked(asked): Asked<RefusedQuery>,
) -> Result<Json<Page<Refused>>, Problem> {
    let part = Window::of(&uri, asked.cursor.as_deref(), asked.limit)?;
    let (after, rows) = (part.after.clone(), part.rows());
    let document = asked.document.map(|document| document.to_string());
    let read =
        move |connection: &rusqlite::Connection| refused_list(connection, document.as_deref(), &after, rows);
    let found = app.store().read::<_, StoreError>(read).await?;
    let refused = found.into_iter().map(Refused::from).collect();
    Ok(Json(
        part.page(&uri, refused, |refused: &Refused| refused.hash.clone()),
    ))
}

#[utoipa::path(post, path = "/held/{operation}/adopt", tag = "sync", operation_id = "held_adopt",
    params(("operation" = String, Path, description = "Id of a held operation.")), request_body = Nothing,
    responses((status = 200, description = "It stands in its document, in its author's name.", body = Done), WriteProblems))]
pub(super) async fn adopt(
    State(app): State<App>,
    api: Api,
    At(operation): At<OperationId>,
    Strict(_): Strict<Nothing>,
) -> Result<Json<Done>, Problem> {
    let performed = app.adopt(operation, api.staff.id).await?;
    Ok(Json(performed.into()))
}

#[utoipa::path(post, path = "/held/{operation}/decline", tag = "sync", operation_id = "held_decline",
    params(("operation" = String, Path, description = "Id of a held operation.")), request_body = Nothing,
    responses((status = 200, description = "Its author is told `refused` with `not_adopted`.", body = OperationFate), WriteProblems))]
pub(super) async fn decline(
    State(app): State<App>,
    api: Api,
    At(operation): At<OperationId>,
    Strict(_): Strict<Nothing>,
) -> Result<Json<OperationFate>, Problem> {
    app.decline_held(operation, api.staff.id).await?;
    get(State(app), At(operation)).await
}
