//! Customers: companies and persons whose machines are looked after.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use fieldline_model::id::CustomerId;
use fieldline_model::row::{self, Row, RowKind};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Created, ReadProblems, WriteProblems, unknown, word};
use super::body::{Asked, At, Given, Nothing, Strict};
use super::cursor::{Page, Window};
use super::once::Seed;
use super::routes::Routes;
use super::row::{Checks, get_row, put_row};
use super::shape::{Id, Ulid, VipLevel};
use crate::app::App;
use crate::auth::Permission;
use crate::problem::Problem;
use crate::store::StoreError;
use crate::store::reference::customer_list;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/customers", Permission::ReadCustomers, list)
        .post("/customers", Permission::EditCustomers, create)
        .get("/customers/{customer}", Permission::ReadCustomers, get)
        .put("/customers/{customer}", Permission::EditCustomers, update)
        .post("/customers/{customer}/erase", Permission::EraseCustomers, erase)
}

/// What is known of a customer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerBody {
    /// Name in the customer's own language.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// Name in English, where there is one.
    #[schema(min_length = 1, max_length = 200)]
    pub name_en: Option<String>,
    /// VIP level.
    pub vip: Option<VipLevel>,
    /// Code of an SLA plan.
    #[schema(min_length = 1, max_length = 200)]
    pub sla_plan: Option<String>,
    /// Contract number.
    #[schema(min_length = 1, max_length = 200)]
    pub contract: Option<String>,
}

/// A customer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Customer {
    /// Id.
    #[schema(value_type = Ulid)]
    pub id: Id<CustomerId>,
    /// What is known of it.
    #[serde(flatten)]
    pub body: CustomerBody,
}

impl Customer {
    fn of(row: Row) -> Option<Self> {
        let Row::Customer(row) = row else { return None };
        Some(Self {
            id: Id(row.id),
            body: CustomerBody {
                name: row.name,
                name_en: row.name_en,
                vip: row.vip.as_deref().and_then(|vip| word(vip).ok()),
                sla_plan: row.sla_plan,
                contract: row.contract,
            },
        })
    }

    fn into_row(self) -> Row {
        let (id, body) = (self.id.0, self.body);
        Row::Customer(row::Customer {
            id,
            name: body.name,
            name_en: body.name_en,
            vip: body.vip.map(|vip| vip.word().to_owned()),
            sla_plan: body.sla_plan,
            contract: body.contract,
        })
    }

    fn checks(&self) -> Checks {
        let body = &self.body;
        Checks::default()
            .word("name", &body.name)
            .maybe("name_en", body.name_en.as_deref())
            .plan(body.sla_plan.as_deref())
            .maybe("contract", body.contract.as_deref())
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CustomerQuery {
    /// Part of the name or of the contract number.
    #[param(max_length = 200)]
    q: Option<String>,
    /// From `next` of the page before.
    cursor: Option<String>,
    /// Entries of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

#[utoipa::path(get, path = "/customers", tag = "customers", operation_id = "customer_list", params(CustomerQuery),
    responses((status = 200, description = "In the order of their ids.", body = Page<Customer>), ReadProblems))]
async fn list(
    State(app): State<App>,
    uri: Uri,
    Asked(asked): Asked<CustomerQuery>,
) -> Result<Json<Page<Customer>>, Problem> {
    let part = Window::of(&uri, asked.cursor.as_deref(), asked.limit)?;
    let (after, rows) = (part.after.clone(), part.rows());
    let read =
        move |connection: &rusqlite::Connection| customer_list(connection, asked.q.as_deref(), &after, rows);
    let found = app.store().read::<_, StoreError>(read).await?;
    let items = found.into_iter().filter_map(Customer::of).collect();
    Ok(Json(part.page(&uri, items, |item| item.id.to_string())))
}

#[utoipa::path(get, path = "/customers/{customer}", tag = "customers", operation_id = "customer_get",
    params(("customer" = String, Path, description = "Id.")),
    responses((status = 200, description = "As it is now.", body = Customer), ReadProblems))]
async fn get(State(app): State<App>, At(id): At<CustomerId>) -> Result<Json<Customer>, Problem> {
    get_row(&app, RowKind::Customer, &id.to_string(), Customer::of)
        .await
        .map(Json)
}

#[utoipa::path(post, path = "/customers", tag = "customers", operation_id = "customer_create", request_body = CustomerBody,
    responses((status = 201, description = "As it is now.", body = Customer), WriteProblems))]
async fn create(
    State(app): State<App>,
    seed: Seed,
    Strict(body): Strict<CustomerBody>,
) -> Result<Created<Customer>, Problem> {
    let item = Customer {
        id: Id(seed.id(CustomerId::new, "customer")),
        body,
    };
    put_row(&app, item.checks(), item.clone().into_row()).await?;
    Ok(Created(item))
}

#[utoipa::path(put, path = "/customers/{customer}", tag = "customers", operation_id = "customer_update", request_body = CustomerBody,
    params(("customer" = String, Path, description = "Id.")),
    responses((status = 200, description = "As it is now.", body = Customer), WriteProblems))]
async fn update(
    State(app): State<App>,
    At(id): At<CustomerId>,
    given: Given<CustomerBody>,
) -> Result<Json<Customer>, Problem> {
    let old = get_row(&app, RowKind::Customer, &id.to_string(), Customer::of).await?;
    let body = given.over(&old.body)?;
    let item = Customer { id: Id(id), body };
    put_row(&app, item.checks(), item.clone().into_row()).await?;
    Ok(Json(item))
}

/// What was erased.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CustomerErased {
    /// False when that was done before.
    pub now: bool,
    /// Contacts that were taken away.
    pub contacts: usize,
    /// Sites whose address was taken out.
    pub sites: usize,
    /// Tracking links that were ended.
    pub links: usize,
}

/// Erases names, numbers and addresses for good, on phones too. What was written and signed within tickets stays.
#[utoipa::path(post, path = "/customers/{customer}/erase", tag = "customers", operation_id = "customer_erase",
    request_body = Nothing, params(("customer" = String, Path, description = "Id.")),
    responses((status = 200, description = "It is gone, and is not taken again.", body = CustomerErased), WriteProblems))]
async fn erase(
    State(app): State<App>,
    At(customer): At<CustomerId>,
    Strict(Nothing {}): Strict<Nothing>,
) -> Result<Json<CustomerErased>, Problem> {
    let erased = app.erase_customer(customer).await?.ok_or_else(unknown)?;
    Ok(Json(CustomerErased {
        now: erased.now,
        contacts: erased.contacts,
        sites: erased.sites,
        links: erased.links,
    }))
}
