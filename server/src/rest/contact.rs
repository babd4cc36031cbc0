//! Contacts: whom to talk to at a customer.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use fieldline_model::id::{ContactId, CustomerId};
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
use crate::store::reference::contact_list;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/contacts", Permission::ReadCustomers, list)
        .post("/contacts", Permission::EditCustomers, create)
        .get("/contacts/{contact}", Permission::ReadCustomers, get)
        .put("/contacts/{contact}", Permission::EditCustomers, update)
}

/// What is known of a contact.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactBody {
    /// Whose.
    #[schema(value_type = Ulid)]
    pub customer: Id<CustomerId>,
    /// Name.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// Phone number: digits, with `+` before a country code.
    #[schema(pattern = "^\\+?[0-9]{5,20}$")]
    pub phone: String,
}

/// A person at a customer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Contact {
    /// Id.
    #[schema(value_type = Ulid)]
    pub id: Id<ContactId>,
    /// What is known of it.
    #[serde(flatten)]
    pub body: ContactBody,
}

impl Contact {
    fn of(row: Row) -> Option<Self> {
        let Row::Contact(row) = row else { return None };
        Some(Self {
            id: Id(row.id),
            body: ContactBody {
                customer: Id(row.customer),
                name: row.name,
                phone: row.phone,
            },
        })
    }

    fn into_row(self) -> Row {
        let (id, body) = (self.id.0, self.body);
        Row::Contact(row::Contact {
            id,
            customer: body.customer.0,
            name: body.name,
            phone: body.phone,
        })
    }

    fn checks(&self) -> Checks {
        let body = &self.body;
        Checks::default()
            .exists("customer", RowKind::Customer, body.customer)
            .word("name", &body.name)
            .phone("phone", &body.phone)
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ContactQuery {
    /// Only this customer's.
    #[param(value_type = Option<String>)]
    customer: Option<Id<CustomerId>>,
    /// From `next` of the page before.
    cursor: Option<String>,
    /// Entries of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

#[utoipa::path(get, path = "/contacts", tag = "customers", operation_id = "contact_list", params(ContactQuery),
    responses((status = 200, description = "In the order of their ids.", body = Page<Contact>), ReadProblems))]
async fn list(
    State(app): State<App>,
    uri: Uri,
    Asked(asked): Asked<ContactQuery>,
) -> Result<Json<Page<Contact>>, Problem> {
    let part = Window::of(&uri, asked.cursor.as_deref(), asked.limit)?;
    let (after, rows) = (part.after.clone(), part.rows());
    let read = move |connection: &rusqlite::Connection| {
        contact_list(connection, asked.customer.map(|id| id.0), &after, rows)
    };
    let found = app.store().read::<_, StoreError>(read).await?;
    let items = found.into_iter().filter_map(Contact::of).collect();
    Ok(Json(part.page(&uri, items, |item| item.id.to_string())))
}

#[utoipa::path(get, path = "/contacts/{contact}", tag = "customers", operation_id = "contact_get",
    params(("contact" = String, Path, description = "Id.")),
    responses((status = 200, description = "As it is now.", body = Contact), ReadProblems))]
async fn get(State(app): State<App>, At(id): At<ContactId>) -> Result<Json<Contact>, Problem> {
    get_row(&app, RowKind::Contact, &id.to_string(), Contact::of)
        .await
        .map(Json)
}

#[utoipa::path(post, path = "/contacts", tag = "customers", operation_id = "contact_create", request_body = ContactBody,
    responses((status = 201, description = "As it is now.", body = Contact), WriteProblems))]
async fn create(
    State(app): State<App>,
    seed: Seed,
    Strict(body): Strict<ContactBody>,
) -> Result<Created<Contact>, Problem> {
    let item = Contact {
        id: Id(seed.id(ContactId::new, "contact")),
        body,
    };
    put_row(&app, item.checks(), item.clone().into_row()).await?;
    Ok(Created(item))
}

#[utoipa::path(put, path = "/contacts/{contact}", tag = "customers", operation_id = "contact_update", request_body = ContactBody,
    params(("contact" = String, Path, description = "Id.")),
    responses((status = 200, description = "As it is now.", body = Contact), WriteProblems))]
async fn update(
    State(app): State<App>,
    At(id): At<ContactId>,
    given: Given<ContactBody>,
) -> Result<Json<Contact>, Problem> {
    let old = get_row(&app, RowKind::Contact, &id.to_string(), Contact::of).await?;
    let body = given.over(&old.body)?;
    let item = Contact { id: Id(id), body };
    put_row(&app, item.checks(), item.clone().into_row()).await?;
    Ok(Json(item))
}
