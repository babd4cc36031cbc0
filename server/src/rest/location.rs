//! Stock locations: warehouses and vans.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use fieldline_model::id::LocationId;
use fieldline_model::row::{self, Row, RowKind};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Created, ReadProblems, WriteProblems};
use super::body::{Asked, At, Given, Strict};
use super::cursor::{Page, Window};
use super::once::Seed;
use super::routes::Routes;
use super::row::{Checks, get_row, put_row};
use super::shape::{Id, Ulid};
use crate::app::App;
use crate::auth::Permission;
use crate::problem::Problem;
use crate::store::StoreError;
use crate::store::reference::row_list;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/locations", Permission::ReadStock, list)
        .post("/locations", Permission::EditStock, create)
        .get("/locations/{location}", Permission::ReadStock, get)
        .put("/locations/{location}", Permission::EditStock, update)
}

/// What is known of a location.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LocationBody {
    /// `true` for a van, `false` for a warehouse.
    pub van: bool,
    /// Name in Chinese.
    #[schema(min_length = 1, max_length = 200)]
    pub name_zh: String,
    /// Name in English.
    #[schema(min_length = 1, max_length = 200)]
    pub name_en: String,
}

/// Where parts lie.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Location {
    /// Id.
    #[schema(value_type = Ulid)]
    pub id: Id<LocationId>,
    /// What is known of it.
    #[serde(flatten)]
    pub body: LocationBody,
}

impl Location {
    fn of(row: Row) -> Option<Self> {
        let Row::Location(row) = row else { return None };
        Some(Self {
            id: Id(row.id),
            body: LocationBody {
                van: row.van,
                name_zh: row.name_zh,
                name_en: row.name_en,
            },
        })
    }

    fn into_row(self) -> Row {
        let (id, body) = (self.id.0, self.body);
        Row::Location(row::Location {
            id,
            van: body.van,
            name_zh: body.name_zh,
            name_en: body.name_en,
        })
    }

    fn checks(&self) -> Checks {
        let body = &self.body;
        Checks::default()
            .word("name_zh", &body.name_zh)
            .word("name_en", &body.name_en)
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct LocationQuery {
    /// From `next` of the page before.
    cursor: Option<String>,
    /// Entries of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

#[utoipa::path(get, path = "/locations", tag = "parts", operation_id = "location_list", params(LocationQuery),
    responses((status = 200, description = "In the order of their ids.", body = Page<Location>), ReadProblems))]
async fn list(
    State(app): State<App>,
    uri: Uri,
    Asked(asked): Asked<LocationQuery>,
) -> Result<Json<Page<Location>>, Problem> {
    let part = Window::of(&uri, asked.cursor.as_deref(), asked.limit)?;
    let (after, rows) = (part.after.clone(), part.rows());
    let read = move |connection: &rusqlite::Connection| row_list(connection, RowKind::Location, &after, rows);
    let found = app.store().read::<_, StoreError>(read).await?;
    let items = found.into_iter().filter_map(Location::of).collect();
    Ok(Json(part.page(&uri, items, |item| item.id.to_string())))
}

#[utoipa::path(get, path = "/locations/{location}", tag = "parts", operation_id = "location_get",
    params(("location" = String, Path, description = "Id.")),
    responses((status = 200, description = "As it is now.", body = Location), ReadProblems))]
async fn get(State(app): State<App>, At(id): At<LocationId>) -> Result<Json<Location>, Problem> {
    get_row(&app, RowKind::Location, &id.to_string(), Location::of)
        .await
        .map(Json)
}

#[utoipa::path(post, path = "/locations", tag = "parts", operation_id = "location_create", request_body = LocationBody,
    responses((status = 201, description = "As it is now.", body = Location), WriteProblems))]
async fn create(
    State(app): State<App>,
    seed: Seed,
    Strict(body): Strict<LocationBody>,
) -> Result<Created<Location>, Problem> {
    let item = Location {
        id: Id(seed.id(LocationId::new, "location")),
        body,
    };
    put_row(&app, item.checks(), item.clone().into_row()).await?;
    Ok(Created(item))
}

#[utoipa::path(put, path = "/locations/{location}", tag = "parts", operation_id = "location_update", request_body = LocationBody,
    params(("location" = String, Path, description = "Id.")),
    responses((status = 200, description = "As it is now.", body = Location), WriteProblems))]
async fn update(
    State(app): State<App>,
    At(id): At<LocationId>,
    given: Given<LocationBody>,
) -> Result<Json<Location>, Problem> {
    let old = get_row(&app, RowKind::Location, &id.to_string(), Location::of).await?;
    let body = given.over(&old.body)?;
    let item = Location { id: Id(id), body };
    put_row(&app, item.checks(), item.clone().into_row()).await?;
    Ok(Json(item))
}
