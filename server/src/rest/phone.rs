//! Engineers' phones: a code to join with, the list, and the end of one.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use fieldline_model::id::{DeviceId, EngineerId};
use fieldline_model::row::RowKind;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Created, ReadProblems, WriteProblems, unknown};
use super::body::{Asked, At, Nothing, Strict};
use super::cursor::{Page, Window};
use super::once::Secret;
use super::routes::Routes;
use super::row::get_row;
use super::shape::{Id, Time, Ulid};
use crate::app::App;
use crate::auth::Permission;
use crate::problem::Problem;
use crate::store::StoreError;
use crate::store::reference::{DeviceView, device_get, device_list};

/// How long a code lets a phone join: long enough to walk to its owner.
pub const CODE_LIFE_MS: i64 = 60 * 60 * 1000;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .post(
            "/engineers/{engineer}/enrol-codes",
            Permission::EditEngineers,
            enrol,
        )
        .get("/engineers/{engineer}/devices", Permission::ReadEngineers, list)
        .post("/devices/{device}/revoke", Permission::EditEngineers, revoke)
}

/// A code by which one phone can join.
#[derive(Clone, Serialize, ToSchema)]
pub struct EnrolCode {
    /// To be typed or scanned, once.
    pub code: String,
    /// Until when.
    pub expires_at: Time,
}

/// An engineer's phone.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Device {
    /// Id.
    #[schema(value_type = Ulid)]
    pub id: Id<DeviceId>,
    /// Whose.
    #[schema(value_type = Ulid)]
    pub engineer: Id<EngineerId>,
    /// The name it gave itself.
    pub name: String,
    /// Version of its app.
    pub app: Option<String>,
    /// When it joined.
    pub enrolled_at: Time,
    /// When it was last heard of.
    pub last_seen_at: Option<Time>,
    /// When it was revoked: its unsent work is held for a supervisor.
    pub revoked_at: Option<Time>,
}

impl From<DeviceView> for Device {
    fn from(view: DeviceView) -> Self {
        Self {
            id: Id(view.id),
            engineer: Id(view.engineer),
            name: view.name,
            app: view.app,
            enrolled_at: Time(view.enrolled_at),
            last_seen_at: view.last_seen_at.map(Time),
            revoked_at: view.revoked_at.map(Time),
        }
    }
}

#[utoipa::path(post, path = "/engineers/{engineer}/enrol-codes", tag = "engineers", operation_id = "enrol_code_create",
    request_body = Nothing, params(("engineer" = String, Path, description = "Id of the engineer.")),
    responses((status = 201, description = "A new code. Not kept under an Idempotency-Key: repeating makes another.",
        body = EnrolCode), WriteProblems))]
async fn enrol(
    State(app): State<App>,
    At(engineer): At<EngineerId>,
    Strict(Nothing {}): Strict<Nothing>,
) -> Result<Response, Problem> {
    get_row(&app, RowKind::Engineer, &engineer.to_string(), Some).await?;
    let code = app.enrol_code(engineer, CODE_LIFE_MS).await?;
    let code = EnrolCode {
        code: code.code,
        expires_at: Time(code.expires_at),
    };
    let mut response = Created(code).into_response();
    response.extensions_mut().insert(Secret);
    Ok(response)
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DeviceQuery {
    /// From `next` of the page before.
    cursor: Option<String>,
    /// Entries of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

#[utoipa::path(get, path = "/engineers/{engineer}/devices", tag = "engineers", operation_id = "device_list",
    params(("engineer" = String, Path, description = "Id of the engineer."), DeviceQuery),
    responses((status = 200, description = "The engineer's phones, revoked ones included.", body = Page<Device>),
        ReadProblems))]
async fn list(
    State(app): State<App>,
    uri: Uri,
    At(engineer): At<EngineerId>,
    Asked(asked): Asked<DeviceQuery>,
) -> Result<Json<Page<Device>>, Problem> {
    let part = Window::of(&uri, asked.cursor.as_deref(), asked.limit)?;
    get_row(&app, RowKind::Engineer, &engineer.to_string(), Some).await?;
    let (after, rows) = (part.after.clone(), part.rows());
    let found = app
        .store()
        .read::<_, StoreError>(move |c| device_list(c, engineer, &after, rows))
        .await?;
    let devices = found.into_iter().map(Device::from).collect();
    Ok(Json(
        part.page(&uri, devices, |device: &Device| device.id.to_string()),
    ))
}

#[utoipa::path(post, path = "/devices/{device}/revoke", tag = "engineers", operation_id = "device_revoke",
    request_body = Nothing, params(("device" = String, Path, description = "Id of the phone.")),
    responses((status = 200, description = "Nothing goes down to it any more.", body = Device), WriteProblems))]
async fn revoke(
    State(app): State<App>,
    At(device): At<DeviceId>,
    Strict(Nothing {}): Strict<Nothing>,
) -> Result<Json<Device>, Problem> {
    app.revoke(device).await?;
    let found = app
        .store()
        .read::<_, StoreError>(move |connection| device_get(connection, device))
        .await?;
    Ok(Json(found.ok_or_else(unknown)?.into()))
}
