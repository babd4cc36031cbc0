//! The parts catalogue.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use fieldline_model::id::PartId;
use fieldline_model::row::{self, Row, RowKind};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Created, ReadProblems, WriteProblems, unknown};
use super::body::{Asked, At, Given, Strict};
use super::cursor::{Page, Window};
use super::once::Seed;
use super::routes::Routes;
use super::row::{Checks, put_row_and};
use super::shape::{Id, Ulid};
use crate::app::App;
use crate::auth::Permission;
use crate::hq_row::{self, HqRow, PRICE_MINOR_MAX};
use crate::problem::Problem;
use crate::store::StoreError;
use crate::store::hq_row::part_price_get;
use crate::store::reference::{part_list, row_get};
use crate::store::taken::Unique;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/parts", Permission::ReadStock, list)
        .post("/parts", Permission::EditStock, create)
        .get("/parts/{part}", Permission::ReadStock, get)
        .put("/parts/{part}", Permission::EditStock, update)
}

/// What is known of a part.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartBody {
    /// Number on the box.
    #[schema(min_length = 1, max_length = 200)]
    pub number: String,
    /// Name in Chinese.
    #[schema(min_length = 1, max_length = 200)]
    pub name_zh: String,
    /// Name in English.
    #[schema(min_length = 1, max_length = 200)]
    pub name_en: String,
    /// Models it fits; empty when it fits any.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub models: Vec<String>,
    /// What one costs. Never on a phone.
    pub price: Option<Price>,
}

/// An amount of money.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// In the currency's minor unit: fen, cents.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub minor: u64,
    /// ISO 4217, such as `CNY`.
    #[schema(pattern = "^[A-Z]{3}$")]
    pub currency: String,
}

/// A spare part.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Part {
    /// Id.
    #[schema(value_type = Ulid)]
    pub id: Id<PartId>,
    /// What is known of it.
    #[serde(flatten)]
    pub body: PartBody,
}

impl Part {
    fn of(row: Row, price: Option<hq_row::Price>) -> Option<Self> {
        let Row::Part(row) = row else { return None };
        Some(Self {
            id: Id(row.id),
            body: PartBody {
                number: row.number,
                name_zh: row.name_zh,
                name_en: row.name_en,
                models: row.models,
                price: price.map(|price| Price {
                    minor: price.minor,
                    currency: price.currency,
                }),
            },
        })
    }

    /// What travels, and what does not.
    fn into_rows(self) -> (Row, HqRow) {
        let (id, body) = (self.id.0, self.body);
        let price = body.price.map(|price| hq_row::Price {
            minor: price.minor,
            currency: price.currency,
        });
        let row = row::Part {
            id,
            number: body.number,
            name_zh: body.name_zh,
            name_en: body.name_en,
            models: body.models,
        };
        (Row::Part(row), HqRow::Price(id, price))
    }

    /// Writes it and gives it back.
    async fn put(self, app: &App, old: Option<&PartBody>) -> Result<Self, Problem> {
        let (row, price) = self.clone().into_rows();
        let number = &self.body.number;
        let unique = Some(Unique::PartNumber(number.clone()));
        let checks = self.checks().unique(old.map(|old| &old.number), number, unique);
        put_row_and(app, checks, row, vec![price]).await?;
        Ok(self)
    }

    fn checks(&self) -> Checks {
        let body = &self.body;
        Checks::default()
            .word("number", &body.number)
            .word("name_zh", &body.name_zh)
            .word("name_en", &body.name_en)
            .words("models", &body.models)
            .that(
                body.price
                    .as_ref()
                    .is_none_or(|price| price.minor <= PRICE_MINOR_MAX),
                "price",
                ("最多 1000000000 个最小货币单位", "at most 1000000000 minor units"),
            )
            .that(
                body.price
                    .as_ref()
                    .is_none_or(|price| is_currency(&price.currency)),
                "price",
                ("应为 CNY 这样的货币代码", "a currency like CNY"),
            )
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PartQuery {
    /// Part of the number or of a name.
    #[param(max_length = 200)]
    q: Option<String>,
    /// From `next` of the page before.
    cursor: Option<String>,
    /// Entries of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

fn is_currency(code: &str) -> bool {
    code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// A row with what HQ keeps beside it.
fn with_price(
    connection: &rusqlite::Connection,
    row: Row,
) -> Result<(Row, Option<hq_row::Price>), StoreError> {
    let price = match &row {
        Row::Part(part) => part_price_get(connection, part.id)?,
        _ => None,
    };
    Ok((row, price))
}

#[utoipa::path(get, path = "/parts", tag = "parts", operation_id = "part_list", params(PartQuery),
    responses((status = 200, description = "In the order of their ids.", body = Page<Part>), ReadProblems))]
async fn list(
    State(app): State<App>,
    uri: Uri,
    Asked(asked): Asked<PartQuery>,
) -> Result<Json<Page<Part>>, Problem> {
    let part = Window::of(&uri, asked.cursor.as_deref(), asked.limit)?;
    let (after, rows) = (part.after.clone(), part.rows());
    let read = move |connection: &rusqlite::Connection| {
        let found = part_list(connection, asked.q.as_deref(), &after, rows)?;
        let with_price = |row| with_price(connection, row);
        found.into_iter().map(with_price).collect::<Result<Vec<_>, _>>()
    };
    let found = app.store().read::<_, StoreError>(read).await?;
    let items = found
        .into_iter()
        .filter_map(|(row, price)| Part::of(row, price))
        .collect();
    Ok(Json(part.page(&uri, items, |item| item.id.to_string())))
}

#[utoipa::path(get, path = "/parts/{part}", tag = "parts", operation_id = "part_get",
    params(("part" = String, Path, description = "Id.")),
    responses((status = 200, description = "As it is now.", body = Part), ReadProblems))]
async fn get(State(app): State<App>, At(id): At<PartId>) -> Result<Json<Part>, Problem> {
    find(&app, id).await.map(Json)
}

async fn find(app: &App, id: PartId) -> Result<Part, Problem> {
    let read = move |connection: &rusqlite::Connection| {
        let row = row_get(connection, RowKind::Part, &id.to_string())?;
        row.map(|row| with_price(connection, row)).transpose()
    };
    let found = app.store().read::<_, StoreError>(read).await?;
    found
        .and_then(|(row, price)| Part::of(row, price))
        .ok_or_else(unknown)
}

#[utoipa::path(post, path = "/parts", tag = "parts", operation_id = "part_create", request_body = PartBody,
    responses((status = 201, description = "As it is now.", body = Part), WriteProblems))]
async fn create(
    State(app): State<App>,
    seed: Seed,
    Strict(body): Strict<PartBody>,
) -> Result<Created<Part>, Problem> {
    let item = Part {
        id: Id(seed.id(PartId::new, "part")),
        body,
    };
    item.put(&app, None).await.map(Created)
}

#[utoipa::path(put, path = "/parts/{part}", tag = "parts", operation_id = "part_update", request_body = PartBody,
    params(("part" = String, Path, description = "Id.")),
    responses((status = 200, description = "As it is now.", body = Part), WriteProblems))]
async fn update(
    State(app): State<App>,
    At(id): At<PartId>,
    given: Given<PartBody>,
) -> Result<Json<Part>, Problem> {
    let old = find(&app, id).await?.body;
    let body = given.over(&old)?;
    let item = Part { id: Id(id), body };
    item.put(&app, Some(&old)).await.map(Json)
}
