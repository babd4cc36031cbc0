//! Stock: what the ledger says, and what a keeper counted.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use fieldline_model::id::{LocationId, OperationId, PartId};
use fieldline_model::operation::QUANTITY_MAX;
use fieldline_model::row::RowKind;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{ReadProblems, WriteProblems, unknown};
use super::body::{Asked, At, Strict};
use super::cursor::{Page, Window};
use super::once::Seed;
use super::routes::Routes;
use super::shape::{Id, Time, Ulid};
use crate::app::App;
use crate::auth::Permission;
use crate::problem::{Code, Problem};
use crate::stock::{Count, Stocktake};
use crate::store::StoreError;
use crate::store::page_grant::{HeldSum, held_sum};
use crate::store::reference::{StockRow, row_get, stock_list};
use crate::store::row::stock_quantity;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/stock", Permission::ReadStock, list).put(
        "/stock/{location}/{part}",
        Permission::EditStock,
        set,
    )
}

/// How many of a part lie where.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Stock {
    /// Where.
    #[schema(value_type = Ulid)]
    pub location: Id<LocationId>,
    /// What.
    #[schema(value_type = Ulid)]
    pub part: Id<PartId>,
    /// How many the ledger says; below zero where more was used than booked.
    pub quantity: i64,
    /// How many of them are at phones' sole disposal, for tickets or as van stock.
    pub held: i64,
    /// How many of those are in doubt: held all the same, until the phone comes or somebody counts.
    pub in_doubt: i64,
    /// How many are held, or were used, beyond what the ledger says lies there.
    pub missing: i64,
}

impl Stock {
    fn of(row: StockRow, sum: HeldSum) -> Self {
        Self {
            location: Id(row.location),
            part: Id(row.part),
            quantity: row.quantity,
            held: sum.reserved + sum.granted,
            in_doubt: sum.in_doubt,
            missing: sum.missing,
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct StockQuery {
    /// Only at this location.
    #[param(value_type = Option<String>)]
    pub(super) location: Option<Id<LocationId>>,
    /// Only of this part.
    #[param(value_type = Option<String>)]
    pub(super) part: Option<Id<PartId>>,
    /// From `next` of the page before.
    pub(super) cursor: Option<String>,
    /// Entries of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub(super) limit: Option<u32>,
}

#[utoipa::path(get, path = "/stock", tag = "parts", operation_id = "stock_list", params(StockQuery),
    responses((status = 200, description = "By location and part. A pair that was never booked is not there.",
        body = Page<Stock>), ReadProblems))]
async fn list(
    State(app): State<App>,
    uri: Uri,
    Asked(asked): Asked<StockQuery>,
) -> Result<Json<Page<Stock>>, Problem> {
    let part = Window::of(&uri, asked.cursor.as_deref(), asked.limit)?;
    let (after, rows) = (part.after.clone(), part.rows());
    let (location, of_part) = (asked.location.map(|id| id.0), asked.part.map(|id| id.0));
    let now = app.now();
    let read = move |connection: &rusqlite::Connection| {
        let rows = stock_list(connection, location, of_part, &after, rows)?;
        let stock = rows.into_iter().map(|row| {
            let sum = held_sum(connection, row.location, row.part, now)?;
            Ok(Stock::of(row, sum))
        });
        stock.collect::<Result<Vec<_>, _>>()
    };
    let stock = app.store().read::<_, StoreError>(read).await?;
    Ok(Json(part.page(&uri, stock, |stock: &Stock| {
        format!("{}/{}", stock.location, stock.part)
    })))
}

/// A count is entered at most so long after somebody looked.
const COUNT_AGE_MS_MAX: i64 = 30 * 24 * 60 * 60 * 1_000;

/// What was counted.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Counted {
    /// So many are there.
    #[schema(minimum = 0, maximum = 10000)]
    pub quantity: u32,
    /// When somebody looked, where that was not now: at most 30 days ago. What moved since counts on top.
    #[serde(default)]
    pub at: Option<Time>,
}

#[utoipa::path(put, path = "/stock/{location}/{part}", tag = "parts", operation_id = "stock_set",
    request_body = Counted, params(("location" = String, Path, description = "Id of the location."),
        ("part" = String, Path, description = "Id of the part.")),
    responses((status = 200, description = "The ledger says so now; the difference is a movement. What was \
        in doubt there is settled: it is free, as are all grants where less was found than is held. What was used before \
        and comes to HQ later leaves the figure as it is. 409 `conflict` where somebody counted after `at`.",
        body = Stock),
        WriteProblems))]
async fn set(
    State(app): State<App>,
    seed: Seed,
    At((location, part)): At<(LocationId, PartId)>,
    Strict(Counted { quantity, at }): Strict<Counted>,
) -> Result<Json<Stock>, Problem> {
    if quantity > QUANTITY_MAX {
        return Err(Problem::new(Code::Invalid).detail(
            format!("quantity：0 到 {QUANTITY_MAX}"),
            format!("quantity: 0 to {QUANTITY_MAX}"),
        ));
    }
    let now = app.now();
    let is_sound = |at: Time| at.0 <= now && now.since(at.0) <= COUNT_AGE_MS_MAX;
    if !at.is_none_or(is_sound) {
        return Err(Problem::new(Code::Invalid).detail(
            "at：不能晚于现在，也不能早于 30 天前",
            "at: not after now, and not more than 30 days ago",
        ));
    }
    let both = move |connection: &rusqlite::Connection| {
        let there = row_get(connection, RowKind::Location, &location.to_string())?.is_some();
        Ok(there && row_get(connection, RowKind::Part, &part.to_string())?.is_some())
    };
    if !app.store().read::<_, StoreError>(both).await? {
        return Err(unknown());
    }
    let counted = Stocktake {
        location,
        part,
        quantity: i64::from(quantity),
        operation: seed.id(OperationId::new, "operation"),
        seen: None,
        at: at.map(|at| at.0),
    };
    if app.count_stock(counted).await? == Count::Older {
        return Err(
            Problem::new(Code::Conflict).detail("at：此后已有人盘点过", "at: somebody counted after that")
        );
    }
    let held = move |connection: &rusqlite::Connection| {
        let quantity = stock_quantity(connection, location, part)?;
        let row = StockRow {
            location,
            part,
            quantity,
        };
        Ok(Stock::of(row, held_sum(connection, location, part, now)?))
    };
    Ok(Json(app.store().read::<_, StoreError>(held).await?))
}
