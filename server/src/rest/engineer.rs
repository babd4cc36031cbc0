//! Engineers: the people who go out.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use fieldline_model::id::{EngineerId, LocationId};
use fieldline_model::row::{self, Row, RowKind};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Created, ReadProblems, WriteProblems};
use super::body::{Asked, At, Strict};
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
        .get("/engineers", Permission::ReadEngineers, list)
        .post("/engineers", Permission::EditEngineers, create)
        .get("/engineers/{engineer}", Permission::ReadEngineers, get)
        .put("/engineers/{engineer}", Permission::EditEngineers, update)
}

/// What is known of an engineer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EngineerBody {
    /// Name.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// Name in Latin letters.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub name_en: String,
    /// Device categories he is trained for.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub skills: Vec<String>,
    /// His van: a location.
    #[schema(value_type = Option<Ulid>)]
    pub van: Option<Id<LocationId>>,
}

/// A person who works with a phone.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Engineer {
    /// Id.
    #[schema(value_type = Ulid)]
    pub id: Id<EngineerId>,
    /// What is known of it.
    #[serde(flatten)]
    pub body: EngineerBody,
}

impl Engineer {
    fn of(row: Row) -> Option<Self> {
        let Row::Engineer(row) = row else { return None };
        Some(Self {
            id: Id(row.id),
            body: EngineerBody {
                name: row.name,
                name_en: row.name_en,
                skills: row.skills,
                van: row.van.map(Id),
            },
        })
    }

    fn into_row(self) -> Row {
        let (id, body) = (self.id.0, self.body);
        Row::Engineer(row::Engineer {
            id,
            name: body.name,
            name_en: body.name_en,
            skills: body.skills,
            van: body.van.map(|id| id.0),
        })
    }

    fn checks(&self) -> Checks {
        let body = &self.body;
        let checks = Checks::default()
            .word("name", &body.name)
            .short("name_en", &body.name_en)
            .words("skills", &body.skills);
        body.van
            .into_iter()
            .fold(checks, |checks, van| checks.exists("van", RowKind::Location, van))
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct EngineerQuery {
    /// From `next` of the page before.
    cursor: Option<String>,
    /// Entries of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

#[utoipa::path(get, path = "/engineers", tag = "engineers", operation_id = "engineer_list", params(EngineerQuery),
    responses((status = 200, description = "In the order of their ids.", body = Page<Engineer>), ReadProblems))]
async fn list(
    State(app): State<App>,
    uri: Uri,
    Asked(asked): Asked<EngineerQuery>,
) -> Result<Json<Page<Engineer>>, Problem> {
    let part = Window::of(&uri, asked.cursor.as_deref(), asked.limit)?;
    let (after, rows) = (part.after.clone(), part.rows());
    let read = move |connection: &rusqlite::Connection| row_list(connection, RowKind::Engineer, &after, rows);
    let found = app.store().read::<_, StoreError>(read).await?;
    let items = found.into_iter().filter_map(Engineer::of).collect();
    Ok(Json(part.page(&uri, items, |item| item.id.to_string())))
}

#[utoipa::path(get, path = "/engineers/{engineer}", tag = "engineers", operation_id = "engineer_get",
    params(("engineer" = String, Path, description = "Id.")),
    responses((status = 200, description = "As it is now.", body = Engineer), ReadProblems))]
async fn get(State(app): State<App>, At(id): At<EngineerId>) -> Result<Json<Engineer>, Problem> {
    get_row(&app, RowKind::Engineer, &id.to_string(), Engineer::of)
        .await
        .map(Json)
}

#[utoipa::path(post, path = "/engineers", tag = "engineers", operation_id = "engineer_create", request_body = EngineerBody,
    responses((status = 201, description = "As it is now.", body = Engineer), WriteProblems))]
async fn create(
    State(app): State<App>,
    seed: Seed,
    Strict(body): Strict<EngineerBody>,
) -> Result<Created<Engineer>, Problem> {
    let item = Engineer {
        id: Id(seed.id(EngineerId::new, "engineer")),
        body,
    };
    put_row(&app, item.checks(), item.clone().into_row()).await?;
    Ok(Created(item))
}

#[utoipa::path(put, path = "/engineers/{engineer}", tag = "engineers", operation_id = "engineer_update", request_body = EngineerBody,
    params(("engineer" = String, Path, description = "Id.")),
    responses((status = 200, description = "As it is now.", body = Engineer), WriteProblems))]
async fn update(
    State(app): State<App>,
    At(id): At<EngineerId>,
    Strict(body): Strict<EngineerBody>,
) -> Result<Json<Engineer>, Problem> {
    get_row(&app, RowKind::Engineer, &id.to_string(), Engineer::of).await?;
    let item = Engineer { id: Id(id), body };
    put_row(&app, item.checks(), item.clone().into_row()).await?;
    Ok(Json(item))
}
