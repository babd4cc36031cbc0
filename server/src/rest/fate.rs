//! What became of an operation, what was refused, and what is held until a supervisor decides.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use fieldline_model::id::{DeviceId, DocumentId, EngineerId, OperationId};
use fieldline_model::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Done, ReadProblems, WriteProblems, unknown, word};
use super::body::{Asked, At, Nothing, Strict};
use super::cursor::{Page, Window};
use super::routes::Routes;
use super::shape::{Fate, Id, Outcome, Time, Ulid};
use crate::app::App;
use crate::auth::Permission;
use crate::auth::extract::Api;
use crate::door::HELD_GRACE_MS;
use crate::problem::Problem;
use crate::store::StoreError;
use crate::store::fate::{RefusedRow, document_number, fate_get, refused_list};
use crate::store::held::{Held as Row, held_get, held_page};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/fates/{operation}", Permission::ReadTickets, get)
        .get("/refused", Permission::ReadRefused, list)
        .get("/held", Permission::ReadRefused, held)
        .post("/held/{operation}/adopt", Permission::EndTickets, adopt)
        .post("/held/{operation}/decline", Permission::EndTickets, decline)
}

/// What became of an operation: its fate, decided once, or that a supervisor has yet to decide it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OperationFate {
    /// The operation.
    #[schema(value_type = Ulid)]
    pub operation: Id<OperationId>,
    /// The document it writes: `ticket-<id>` or `article-<id>`.
    pub document: String,
    /// Number of that ticket; null of an article, or of a ticket HQ does not have.
    pub number: Option<String>,
    /// What became of it; null while it is held.
    pub fate: Option<Fate>,
    /// Why, where it does not count as meant.
    pub code: Option<String>,
    /// How it counts at present: what came later can overrule what was merged. Null of what is held or refused.
    pub outcome: Option<Outcome>,
    /// Why it does not count at present.
    pub outcome_code: Option<String>,
    /// The phone it came from; null for what was done at HQ.
    #[schema(value_type = Option<Ulid>)]
    pub device: Option<Id<DeviceId>>,
    /// When it was decided; null while it is held.
    pub at: Option<Time>,
    /// While it is held: since when, and whose it is.
    pub held: Option<Waiting>,
}

/// Work of a revoked phone that waits for a supervisor.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Waiting {
    /// When it came.
    pub since: Time,
    /// Who did it.
    #[schema(value_type = Ulid)]
    pub engineer: Id<EngineerId>,
    /// Until when it should be decided: 30 days later.
    pub due: Time,
    /// It was not. It stays held until somebody decides.
    pub overdue: bool,
}

impl Waiting {
    fn of(held: &Row, now: Timestamp) -> Self {
        let due = held.since.plus_ms(HELD_GRACE_MS);
        Self {
            since: Time(held.since),
            engineer: Id(held.engineer),
            due: Time(due),
            overdue: due <= now,
        }
    }
}

fn read_entry(text: Option<&str>) -> Option<serde_json::Value> {
    text.and_then(|text| serde_json::from_str(text).ok())
}

#[utoipa::path(get, path = "/fates/{operation}", tag = "sync", operation_id = "fate_get",
    params(("operation" = String, Path, description = "Id of the operation.")),
    responses((status = 200, description = "Its fate, or that it is held.", body = OperationFate), ReadProblems))]
async fn get(State(app): State<App>, At(operation): At<OperationId>) -> Result<Json<OperationFate>, Problem> {
    let read = move |connection: &rusqlite::Connection| {
        let (decided, held) = (fate_get(connection, operation)?, held_get(connection, operation)?);
        let document = decided.as_ref().map(|row| row.document.clone());
        let document = document.or_else(|| held.as_ref().map(|held| held.document.to_string()));
        let number = document.map(|document| document_number(connection, &document));
        Ok((decided, held, number.transpose()?.flatten()))
    };
    let (decided, held, number) = app.store().read::<_, StoreError>(read).await?;
    let decided = decided.map(|row| {
        let (outcome, outcome_code) = row.outcome.unzip();
        Ok(OperationFate {
            operation: Id(row.operation),
            document: row.document,
            number: number.clone(),
            fate: Some(word(&row.fate)?),
            code: row.code,
            outcome: outcome.map(|outcome| word(&outcome)).transpose()?,
            outcome_code: outcome_code.flatten(),
            device: row.device.map(Id),
            at: Some(Time(row.at)),
            held: None,
        })
    });
    let held = held.map(|held| {
        Ok(OperationFate {
            operation: Id(operation),
            document: held.document.to_string(),
            number: number.clone(),
            fate: None,
            code: Some(held.code.clone()),
            outcome: None,
            outcome_code: None,
            device: Some(Id(held.device)),
            at: None,
            held: Some(Waiting::of(&held, app.now())),
        })
    });
    decided.or(held).ok_or_else(unknown)?.map(Json)
}

/// Work of a revoked phone that is held.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Held {
    /// The operation.
    #[schema(value_type = Ulid)]
    pub operation: Id<OperationId>,
    /// The document it is for.
    pub document: String,
    /// The phone it came from.
    #[schema(value_type = Ulid)]
    pub device: Id<DeviceId>,
    /// What its author meant to write, when it could be read.
    #[schema(value_type = Option<Object>)]
    pub entry: Option<serde_json::Value>,
    /// Since when, whose, until when.
    #[serde(flatten)]
    pub waiting: Waiting,
}

#[utoipa::path(get, path = "/held", tag = "sync", operation_id = "held_list", params(RefusedQuery),
    responses((status = 200, description = "By operation: each once, while it has no fate.", body = Page<Held>), ReadProblems))]
async fn held(
    State(app): State<App>,
    uri: Uri,
    Asked(asked): Asked<RefusedQuery>,
) -> Result<Json<Page<Held>>, Problem> {
    let part = Window::of(&uri, asked.cursor.as_deref(), asked.limit)?;
    let (after, rows) = (part.after.clone(), part.rows());
    let document = asked.document.map(|document| document.to_string());
    let read =
        move |connection: &rusqlite::Connection| held_page(connection, document.as_deref(), &after, rows);
    let found = app.store().read::<_, StoreError>(read).await?;
    let item = |row: Row| Held {
        operation: Id(row.operation),
        document: row.document.to_string(),
        device: Id(row.device),
        entry: read_entry(row.entry.as_deref()),
        waiting: Waiting::of(&row, app.now()),
    };
    let found = found.into_iter().map(item).collect();
    Ok(Json(
        part.page(&uri, found, |held: &Held| held.operation.to_string()),
    ))
}

/// A change that was refused.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Refused {
    /// Its hash in hexadecimal.
    pub hash: String,
    /// The document it was for.
    pub document: String,
    /// Its operation, when it could be read.
    #[schema(value_type = Option<Ulid>)]
    pub operation: Option<Id<OperationId>>,
    /// Why; `not_adopted` is held work that a supervisor did not take over.
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
            entry: read_entry(row.entry.as_deref()),
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
    responses((status = 200, description = "By hash: each refused operation once, and changes whose operation cannot be read.", body = Page<Refused>), ReadProblems))]
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
    responses((status = 200, description = "It stands in its document, in its author's name and at his time. `earlier_held` names the \
        operations it was built on, to be decided first.", body = Done), WriteProblems))]
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
