//! Engineers: the people who go out.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use fieldline_model::id::{EngineerId, LocationId};
use fieldline_model::row::{self, Row, RowKind};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Created, ReadProblems, WriteProblems, unknown};
use super::body::{Asked, At, Given, Strict};
use super::cursor::{Page, Window};
use super::once::Seed;
use super::routes::Routes;
use super::row::{Checks, put_row_and};
use super::shape::{Id, Place, Ulid};
use crate::app::App;
use crate::auth::Permission;
use crate::auth::extract::Api;
use crate::hq_row::{self, CERTIFICATES_MAX, EngineerFile, HqRow};
use crate::problem::Problem;
use crate::store::StoreError;
use crate::store::hq_row::engineer_file_get;
use crate::store::reference::{row_get, row_list};
use crate::store::taken::Unique;

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
    /// His van: a location. One engineer's alone.
    #[schema(value_type = Option<Ulid>)]
    pub van: Option<Id<LocationId>>,
    /// Number he is called on: digits, perhaps after a `+`. One engineer's alone. Never on a phone.
    #[schema(min_length = 5, max_length = 21)]
    pub phone: Option<String>,
    /// Where his day starts. Never on a phone, and here only for those who dispatch: null for others.
    pub home: Option<Place>,
    /// Certificates held, expired ones included.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub certificates: Vec<Certificate>,
}

/// A certificate and how long it holds.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// Kind, such as `LIFT`; each once.
    #[schema(min_length = 1, max_length = 200)]
    pub code: String,
    /// Last valid day, `2026-12-31`.
    #[schema(min_length = 10, max_length = 10)]
    pub expires_on: String,
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
    fn of(row: Row, file: EngineerFile) -> Option<Self> {
        let Row::Engineer(row) = row else { return None };
        let certificates = file.certificates.into_iter().map(|held| Certificate {
            code: held.code,
            expires_on: held.expires_on,
        });
        Some(Self {
            id: Id(row.id),
            body: EngineerBody {
                name: row.name,
                name_en: row.name_en,
                skills: row.skills,
                van: row.van.map(Id),
                phone: file.phone,
                home: file.home.map(Place::from),
                certificates: certificates.collect(),
            },
        })
    }

    /// As this person may see him.
    fn seen_by(mut self, api: &Api) -> Self {
        self.body.home = self.body.home.filter(|_| api.may(Permission::Dispatch));
        self
    }

    /// What travels, and what does not.
    fn into_rows(self) -> (Row, HqRow) {
        let (id, body) = (self.id.0, self.body);
        let certificates = body.certificates.into_iter().map(|held| hq_row::Certificate {
            code: held.code,
            expires_on: held.expires_on,
        });
        let file = EngineerFile {
            phone: body.phone,
            home: body.home.map(Into::into),
            certificates: certificates.collect(),
        };
        let row = row::Engineer {
            id,
            name: body.name,
            name_en: body.name_en,
            skills: body.skills,
            van: body.van.map(|id| id.0),
        };
        (Row::Engineer(row), HqRow::Engineer(id, file.sorted()))
    }

    /// Writes it and gives it back as it is read.
    async fn put(mut self, app: &App, old: Option<&EngineerBody>) -> Result<Self, Problem> {
        let body = &self.body;
        let phone = body.phone.clone().map(Unique::EngineerPhone);
        let van = body.van.map(|van| Unique::EngineerVan(van.to_string()));
        let checks = self
            .checks()
            .unique(old.map(|old| &old.phone), &body.phone, phone)
            .unique(old.map(|old| &old.van), &body.van, van);
        let certificates = &mut self.body.certificates;
        certificates.sort_by(|one, other| one.code.cmp(&other.code));
        let (row, file) = self.clone().into_rows();
        put_row_and(app, checks, row, vec![file]).await?;
        Ok(self)
    }

    fn checks(&self) -> Checks {
        let body = &self.body;
        let checks = Checks::default()
            .word("name", &body.name)
            .short("name_en", &body.name_en)
            .words("skills", &body.skills)
            .place("home", body.home)
            .count("certificates", body.certificates.len(), CERTIFICATES_MAX);
        let checks = body
            .phone
            .iter()
            .fold(checks, |checks, phone| checks.phone("phone", phone));
        let codes: BTreeSet<&str> = body.certificates.iter().map(|held| held.code.as_str()).collect();
        let once = codes.len() == body.certificates.len();
        let checks = checks.that(once, "certificates", ("每个代码只能出现一次", "each code once"));
        let held = body.certificates.iter().take(CERTIFICATES_MAX);
        let checks = held.fold(checks, |checks, held| {
            checks
                .word("certificates", &held.code)
                .date("certificates", Some(&held.expires_on))
        });
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

/// A row with what HQ keeps beside it.
fn with_file(connection: &rusqlite::Connection, row: Row) -> Result<(Row, EngineerFile), StoreError> {
    let file = match &row {
        Row::Engineer(engineer) => engineer_file_get(connection, engineer.id)?,
        _ => EngineerFile::default(),
    };
    Ok((row, file))
}

#[utoipa::path(get, path = "/engineers", tag = "engineers", operation_id = "engineer_list", params(EngineerQuery),
    responses((status = 200, description = "In the order of their ids.", body = Page<Engineer>), ReadProblems))]
async fn list(
    State(app): State<App>,
    api: Api,
    uri: Uri,
    Asked(asked): Asked<EngineerQuery>,
) -> Result<Json<Page<Engineer>>, Problem> {
    let part = Window::of(&uri, asked.cursor.as_deref(), asked.limit)?;
    let (after, rows) = (part.after.clone(), part.rows());
    let read = move |connection: &rusqlite::Connection| {
        let found = row_list(connection, RowKind::Engineer, &after, rows)?;
        let with_file = |row| with_file(connection, row);
        found.into_iter().map(with_file).collect::<Result<Vec<_>, _>>()
    };
    let found = app.store().read::<_, StoreError>(read).await?;
    let items = found
        .into_iter()
        .filter_map(|(row, file)| Engineer::of(row, file))
        .map(|item| item.seen_by(&api))
        .collect();
    Ok(Json(part.page(&uri, items, |item| item.id.to_string())))
}

#[utoipa::path(get, path = "/engineers/{engineer}", tag = "engineers", operation_id = "engineer_get",
    params(("engineer" = String, Path, description = "Id.")),
    responses((status = 200, description = "As it is now.", body = Engineer), ReadProblems))]
async fn get(State(app): State<App>, api: Api, At(id): At<EngineerId>) -> Result<Json<Engineer>, Problem> {
    find(&app, id).await.map(|item| Json(item.seen_by(&api)))
}

async fn find(app: &App, id: EngineerId) -> Result<Engineer, Problem> {
    let read = move |connection: &rusqlite::Connection| {
        let row = row_get(connection, RowKind::Engineer, &id.to_string())?;
        row.map(|row| with_file(connection, row)).transpose()
    };
    let found = app.store().read::<_, StoreError>(read).await?;
    found
        .and_then(|(row, file)| Engineer::of(row, file))
        .ok_or_else(unknown)
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
    item.put(&app, None).await.map(Created)
}

#[utoipa::path(put, path = "/engineers/{engineer}", tag = "engineers", operation_id = "engineer_update", request_body = EngineerBody,
    params(("engineer" = String, Path, description = "Id.")),
    responses((status = 200, description = "As it is now.", body = Engineer), WriteProblems))]
async fn update(
    State(app): State<App>,
    api: Api,
    At(id): At<EngineerId>,
    given: Given<EngineerBody>,
) -> Result<Json<Engineer>, Problem> {
    let old = find(&app, id).await?.body;
    let body = given.over(&old)?;
    let item = Engineer { id: Id(id), body };
    item.put(&app, Some(&old))
        .await
        .map(|item| Json(item.seen_by(&api)))
}
