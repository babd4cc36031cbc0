//! Sites: the places where machines stand.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use fieldline_model::id::{CustomerId, SiteId};
use fieldline_model::row::{self, Row, RowKind};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Created, ReadProblems, WriteProblems};
use super::body::{Asked, At, Given, Strict};
use super::cursor::{Page, Window};
use super::once::Seed;
use super::routes::Routes;
use super::row::{Checks, get_row, put_row};
use super::shape::{Id, Place, Ulid};
use crate::app::App;
use crate::auth::Permission;
use crate::problem::Problem;
use crate::store::StoreError;
use crate::store::reference::site_list;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/sites", Permission::ReadCustomers, list)
        .post("/sites", Permission::EditCustomers, create)
        .get("/sites/{site}", Permission::ReadCustomers, get)
        .put("/sites/{site}", Permission::EditCustomers, update)
}

/// What is known of a site.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SiteBody {
    /// Whose.
    #[schema(value_type = Ulid)]
    pub customer: Id<CustomerId>,
    /// City.
    #[schema(min_length = 1, max_length = 200)]
    pub city: String,
    /// District or suburb.
    #[schema(min_length = 1, max_length = 200)]
    pub district: String,
    /// Road, house number, floor and room, as written on an envelope.
    #[schema(min_length = 1, max_length = 200)]
    pub address: String,
    /// Where.
    pub position: Option<Place>,
}

/// A place with an address.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Site {
    /// Id.
    #[schema(value_type = Ulid)]
    pub id: Id<SiteId>,
    /// What is known of it.
    #[serde(flatten)]
    pub body: SiteBody,
}

impl Site {
    fn of(row: Row) -> Option<Self> {
        let Row::Site(row) = row else { return None };
        Some(Self {
            id: Id(row.id),
            body: SiteBody {
                customer: Id(row.customer),
                city: row.city,
                district: row.district,
                address: row.address,
                position: row.position.map(Into::into),
            },
        })
    }

    fn into_row(self) -> Row {
        let (id, body) = (self.id.0, self.body);
        Row::Site(row::Site {
            id,
            customer: body.customer.0,
            city: body.city,
            district: body.district,
            address: body.address,
            position: body.position.map(Into::into),
        })
    }

    fn checks(&self) -> Checks {
        let body = &self.body;
        Checks::default()
            .exists("customer", RowKind::Customer, body.customer)
            .word("city", &body.city)
            .word("district", &body.district)
            .word("address", &body.address)
            .place("position", body.position)
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SiteQuery {
    /// Only this customer's.
    #[param(value_type = Option<String>)]
    customer: Option<Id<CustomerId>>,
    /// From `next` of the page before.
    cursor: Option<String>,
    /// Entries of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

#[utoipa::path(get, path = "/sites", tag = "customers", operation_id = "site_list", params(SiteQuery),
    responses((status = 200, description = "In the order of their ids.", body = Page<Site>), ReadProblems))]
async fn list(
    State(app): State<App>,
    uri: Uri,
    Asked(asked): Asked<SiteQuery>,
) -> Result<Json<Page<Site>>, Problem> {
    let part = Window::of(&uri, asked.cursor.as_deref(), asked.limit)?;
    let (after, rows) = (part.after.clone(), part.rows());
    let read = move |connection: &rusqlite::Connection| {
        site_list(connection, asked.customer.map(|id| id.0), &after, rows)
    };
    let found = app.store().read::<_, StoreError>(read).await?;
    let items = found.into_iter().filter_map(Site::of).collect();
    Ok(Json(part.page(&uri, items, |item| item.id.to_string())))
}

#[utoipa::path(get, path = "/sites/{site}", tag = "customers", operation_id = "site_get",
    params(("site" = String, Path, description = "Id.")),
    responses((status = 200, description = "As it is now.", body = Site), ReadProblems))]
async fn get(State(app): State<App>, At(id): At<SiteId>) -> Result<Json<Site>, Problem> {
    get_row(&app, RowKind::Site, &id.to_string(), Site::of)
        .await
        .map(Json)
}

#[utoipa::path(post, path = "/sites", tag = "customers", operation_id = "site_create", request_body = SiteBody,
    responses((status = 201, description = "As it is now.", body = Site), WriteProblems))]
async fn create(
    State(app): State<App>,
    seed: Seed,
    Strict(body): Strict<SiteBody>,
) -> Result<Created<Site>, Problem> {
    let item = Site {
        id: Id(seed.id(SiteId::new, "site")),
        body,
    };
    put_row(&app, item.checks(), item.clone().into_row()).await?;
    Ok(Created(item))
}

#[utoipa::path(put, path = "/sites/{site}", tag = "customers", operation_id = "site_update", request_body = SiteBody,
    params(("site" = String, Path, description = "Id.")),
    responses((status = 200, description = "As it is now.", body = Site), WriteProblems))]
async fn update(
    State(app): State<App>,
    At(id): At<SiteId>,
    given: Given<SiteBody>,
) -> Result<Json<Site>, Problem> {
    let old = get_row(&app, RowKind::Site, &id.to_string(), Site::of).await?;
    let body = given.over(&old.body)?;
    let item = Site { id: Id(id), body };
    put_row(&app, item.checks(), item.clone().into_row()).await?;
    Ok(Json(item))
}
