//! Assets: the machines themselves, with what was done to them before.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use fieldline_model::id::{AssetId, CustomerId, SiteId};
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
use crate::store::reference::asset_list;
use crate::store::taken::Unique;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/assets", Permission::ReadCustomers, list)
        .post("/assets", Permission::EditCustomers, create)
        .get("/assets/{asset}", Permission::ReadCustomers, get)
        .put("/assets/{asset}", Permission::EditCustomers, update)
}

/// What is known of an asset.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssetBody {
    /// Where it stands.
    #[schema(value_type = Ulid)]
    pub site: Id<SiteId>,
    /// Device category, for instance `printer`.
    #[schema(min_length = 1, max_length = 200)]
    pub category: String,
    /// Model code.
    #[schema(min_length = 1, max_length = 200)]
    pub model: String,
    /// Model name in Chinese.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub model_zh: String,
    /// Model name in English.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub model_en: String,
    /// Serial number.
    #[schema(min_length = 1, max_length = 200)]
    pub serial: String,
    /// Last day of warranty, `2027-08-31`.
    #[schema(format = Date)]
    pub warranty_end: Option<String>,
    /// Earlier repairs, newest first.
    #[schema(max_items = 200)]
    pub history: Option<Vec<PastWork>>,
}

/// One machine at a site.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Asset {
    /// Id.
    #[schema(value_type = Ulid)]
    pub id: Id<AssetId>,
    /// What is known of it.
    #[serde(flatten)]
    pub body: AssetBody,
}

impl Asset {
    fn of(row: Row) -> Option<Self> {
        let Row::Asset(row) = row else { return None };
        Some(Self {
            id: Id(row.id),
            body: AssetBody {
                site: Id(row.site),
                category: row.category,
                model: row.model,
                model_zh: row.model_zh,
                model_en: row.model_en,
                serial: row.serial,
                warranty_end: row.warranty_end,
                history: Some(row.history.into_iter().map(PastWork::from).collect()),
            },
        })
    }

    fn into_row(self) -> Row {
        let (id, body) = (self.id.0, self.body);
        Row::Asset(row::Asset {
            id,
            site: body.site.0,
            category: body.category,
            model: body.model,
            model_zh: body.model_zh,
            model_en: body.model_en,
            serial: body.serial,
            warranty_end: body.warranty_end,
            history: body
                .history
                .unwrap_or_default()
                .into_iter()
                .map(Into::into)
                .collect(),
        })
    }

    /// Writes it and gives it back.
    async fn put(self, app: &App, old: Option<&AssetBody>) -> Result<Self, Problem> {
        let serial = &self.body.serial;
        let unique = Some(Unique::AssetSerial(serial.clone()));
        let checks = self.checks().unique(old.map(|old| &old.serial), serial, unique);
        put_row(app, checks, self.clone().into_row()).await?;
        Ok(self)
    }

    fn checks(&self) -> Checks {
        let body = &self.body;
        let history = body.history.as_deref().unwrap_or_default();
        let checks = Checks::default()
            .exists("site", RowKind::Site, body.site)
            .word("category", &body.category)
            .word("model", &body.model)
            .short("model_zh", &body.model_zh)
            .short("model_en", &body.model_en)
            .word("serial", &body.serial)
            .date("warranty_end", body.warranty_end.as_deref())
            .count("history", history.len(), HISTORY_MAX);
        history.iter().fold(checks, |checks, past| {
            let words = [&past.number, &past.fault];
            let texts = [&past.cause, &past.remedy];
            let checks = words
                .into_iter()
                .fold(checks, |checks, word| checks.short("history", word));
            texts
                .into_iter()
                .fold(checks, |checks, text| checks.text("history", text))
                .date("history", Some(&past.date))
        })
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AssetQuery {
    /// Only at this site.
    #[param(value_type = Option<String>)]
    site: Option<Id<SiteId>>,
    /// Only this customer's.
    #[param(value_type = Option<String>)]
    customer: Option<Id<CustomerId>>,
    /// Only with this serial number.
    serial: Option<String>,
    /// From `next` of the page before.
    cursor: Option<String>,
    /// Entries of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

#[utoipa::path(get, path = "/assets", tag = "customers", operation_id = "asset_list", params(AssetQuery),
    responses((status = 200, description = "In the order of their ids.", body = Page<Asset>), ReadProblems))]
async fn list(
    State(app): State<App>,
    uri: Uri,
    Asked(asked): Asked<AssetQuery>,
) -> Result<Json<Page<Asset>>, Problem> {
    let part = Window::of(&uri, asked.cursor.as_deref(), asked.limit)?;
    let (after, rows) = (part.after.clone(), part.rows());
    let read = move |connection: &rusqlite::Connection| {
        let (site, customer) = (asked.site.map(|id| id.0), asked.customer.map(|id| id.0));
        asset_list(connection, site, customer, asked.serial.as_deref(), &after, rows)
    };
    let found = app.store().read::<_, StoreError>(read).await?;
    let items = found.into_iter().filter_map(Asset::of).collect();
    Ok(Json(part.page(&uri, items, |item| item.id.to_string())))
}

#[utoipa::path(get, path = "/assets/{asset}", tag = "customers", operation_id = "asset_get",
    params(("asset" = String, Path, description = "Id.")),
    responses((status = 200, description = "As it is now.", body = Asset), ReadProblems))]
async fn get(State(app): State<App>, At(id): At<AssetId>) -> Result<Json<Asset>, Problem> {
    get_row(&app, RowKind::Asset, &id.to_string(), Asset::of)
        .await
        .map(Json)
}

#[utoipa::path(post, path = "/assets", tag = "customers", operation_id = "asset_create", request_body = AssetBody,
    responses((status = 201, description = "As it is now.", body = Asset), WriteProblems))]
async fn create(
    State(app): State<App>,
    seed: Seed,
    Strict(body): Strict<AssetBody>,
) -> Result<Created<Asset>, Problem> {
    let item = Asset {
        id: Id(seed.id(AssetId::new, "asset")),
        body,
    };
    item.put(&app, None).await.map(Created)
}

#[utoipa::path(put, path = "/assets/{asset}", tag = "customers", operation_id = "asset_update", request_body = AssetBody,
    params(("asset" = String, Path, description = "Id.")),
    responses((status = 200, description = "As it is now.", body = Asset), WriteProblems))]
async fn update(
    State(app): State<App>,
    At(id): At<AssetId>,
    given: Given<AssetBody>,
) -> Result<Json<Asset>, Problem> {
    let old = get_row(&app, RowKind::Asset, &id.to_string(), Asset::of).await?;
    let body = given.over(&old.body)?;
    let item = Asset { id: Id(id), body };
    item.put(&app, Some(&old.body)).await.map(Json)
}

/// Earlier repairs kept with an asset.
const HISTORY_MAX: usize = 200;

/// One earlier repair.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PastWork {
    /// The ticket's number.
    #[schema(max_length = 200)]
    pub number: String,
    /// The day it was closed, `2026-03-11`.
    #[schema(format = Date)]
    pub date: String,
    /// Fault code.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub fault: String,
    /// Cause in words.
    #[serde(default)]
    #[schema(max_length = 16384)]
    pub cause: String,
    /// Remedy in words.
    #[serde(default)]
    #[schema(max_length = 16384)]
    pub remedy: String,
}

impl From<row::PastWork> for PastWork {
    fn from(past: row::PastWork) -> Self {
        let row::PastWork {
            number,
            date,
            fault,
            cause,
            remedy,
        } = past;
        Self {
            number,
            date,
            fault,
            cause,
            remedy,
        }
    }
}

impl From<PastWork> for row::PastWork {
    fn from(past: PastWork) -> Self {
        let PastWork {
            number,
            date,
            fault,
            cause,
            remedy,
        } = past;
        Self {
            number,
            date,
            fault,
            cause,
            remedy,
        }
    }
}
