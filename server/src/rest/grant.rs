//! Who holds what, what moved, and what is missing.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use fieldline_model::id::{DeviceId, EngineerId, GrantId, LocationId, OperationId, PartId, TicketId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::ReadProblems;
use super::body::Asked;
use super::cursor::{Page, Window};
use super::routes::Routes;
use super::shape::{Id, Time, Ulid};
use super::stock::StockQuery;
use crate::app::App;
use crate::auth::Permission;
use crate::problem::{Code, Problem};
use crate::store::StoreError;
use crate::store::page_grant::{
    DiscrepancyItem, GrantItem, MovementItem, discrepancy_list, grant_list, movement_list,
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/stock/grants", Permission::ReadStock, grants)
        .get("/stock/movements", Permission::ReadStock, movements)
        .get("/stock/discrepancies", Permission::ReadStock, discrepancies)
}

/// How many of a part one phone may consume alone.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Grant {
    /// Id.
    #[schema(value_type = Ulid)]
    pub id: Id<GrantId>,
    /// The phone.
    #[schema(value_type = Ulid)]
    pub device: Id<DeviceId>,
    /// Whose phone.
    #[schema(value_type = Ulid)]
    pub engineer: Id<EngineerId>,
    /// Where they lie.
    #[schema(value_type = Ulid)]
    pub location: Id<LocationId>,
    /// What.
    #[schema(value_type = Ulid)]
    pub part: Id<PartId>,
    /// The ticket of a reservation; null for a van's stock.
    #[schema(value_type = Option<String>)]
    pub ticket: Option<Id<TicketId>>,
    /// How many there are still.
    pub remaining: u32,
    /// Until when the phone may be silent.
    pub until: Time,
    /// Held all the same, and for the phone or somebody who counts to say.
    pub in_doubt: bool,
}

impl From<GrantItem> for Grant {
    fn from(item: GrantItem) -> Self {
        Self {
            id: Id(item.id),
            device: Id(item.device),
            engineer: Id(item.engineer),
            location: Id(item.location),
            part: Id(item.part),
            ticket: item.ticket.map(Id),
            remaining: item.remaining,
            until: Time(item.until),
            in_doubt: item.in_doubt,
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct GrantQuery {
    /// Only at this location.
    #[param(value_type = Option<String>)]
    location: Option<Id<LocationId>>,
    /// From `next` of the page before.
    cursor: Option<String>,
    /// Entries of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

#[utoipa::path(get, path = "/stock/grants", tag = "parts", operation_id = "grant_list", params(GrantQuery),
    responses((status = 200, description = "Grants that have not ended, by id.", body = Page<Grant>), ReadProblems))]
async fn grants(
    State(app): State<App>,
    uri: Uri,
    Asked(asked): Asked<GrantQuery>,
) -> Result<Json<Page<Grant>>, Problem> {
    let part = Window::of(&uri, asked.cursor.as_deref(), asked.limit)?;
    let (after, rows, now) = (part.after.clone(), part.rows(), app.now());
    let location = asked.location.map(|id| id.0);
    let read = move |connection: &rusqlite::Connection| grant_list(connection, location, now, &after, rows);
    let found = app.store().read::<_, StoreError>(read).await?;
    let grants = found.into_iter().map(Grant::from).collect();
    Ok(Json(
        part.page(&uri, grants, |grant: &Grant| grant.id.to_string()),
    ))
}

/// A line of the ledger.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Movement {
    /// The operation it follows from; of a `seen` one its own name.
    pub operation: String,
    /// Where.
    #[schema(value_type = Ulid)]
    pub location: Id<LocationId>,
    /// What.
    #[schema(value_type = Ulid)]
    pub part: Id<PartId>,
    /// How many came; below zero when they went.
    pub quantity: i64,
    /// Why: `use`, `transfer`, `count` for what was counted, delivered or corrected, or `seen`: HQ heard of a use or a
    /// transfer after somebody counted who had seen it; this line takes it out of the sum again.
    pub kind: String,
    /// When it happened, as far as HQ can tell; of a count, when somebody looked.
    pub moved_at: Time,
    /// Of a `seen` one: the operation of the count. Otherwise null.
    #[schema(value_type = Option<String>)]
    pub seen_by: Option<Id<OperationId>>,
    /// When it was booked.
    pub at: Time,
}

impl From<MovementItem> for Movement {
    fn from(item: MovementItem) -> Self {
        Self {
            operation: item.operation,
            location: Id(item.location),
            part: Id(item.part),
            quantity: item.quantity,
            kind: item.kind,
            moved_at: Time(item.moved_at),
            seen_by: item.seen_by.map(Id),
            at: Time(item.at),
        }
    }
}

#[utoipa::path(get, path = "/stock/movements", tag = "parts", operation_id = "movement_list", params(StockQuery),
    responses((status = 200, description = "The ledger by operation, location and part. Its sum is the stock.",
        body = Page<Movement>), ReadProblems))]
async fn movements(
    State(app): State<App>,
    uri: Uri,
    Asked(asked): Asked<StockQuery>,
) -> Result<Json<Page<Movement>>, Problem> {
    let window = Window::of(&uri, asked.cursor.as_deref(), asked.limit)?;
    let (after, rows) = (window.after.clone(), window.rows());
    let (location, part) = (asked.location.map(|id| id.0), asked.part.map(|id| id.0));
    let read =
        move |connection: &rusqlite::Connection| movement_list(connection, location, part, &after, rows);
    let found = app.store().read::<_, StoreError>(read).await?;
    let lines = found.into_iter().map(Movement::from).collect();
    Ok(Json(window.page(&uri, lines, |line: &Movement| {
        format!("{}/{}/{}", line.operation, line.location, line.part)
    })))
}

/// Parts that are missing: used without a grant, or held by a phone and not in the ledger.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Discrepancy {
    /// The operation by which it came out; the grant, where a phone showed one that HQ had lost.
    pub cause: String,
    /// `not_granted`: used or transferred beyond the grants of the phone; also at the place such a transfer went to, until
    /// somebody counts there or what was missing is explained. `shown`: a phone showed a grant that HQ had lost. `lowered`:
    /// the stock was set to less than is held.
    pub why: String,
    /// Where.
    #[schema(value_type = Ulid)]
    pub location: Id<LocationId>,
    /// What.
    #[schema(value_type = Ulid)]
    pub part: Id<PartId>,
    /// Who used it, or holds what is missing.
    #[schema(value_type = Ulid)]
    pub engineer: Id<EngineerId>,
    /// How many.
    pub quantity: u32,
    /// Since when it is known.
    pub at: Time,
    #[serde(skip)]
    serial: u64,
}

impl From<DiscrepancyItem> for Discrepancy {
    fn from(item: DiscrepancyItem) -> Self {
        Self {
            cause: item.cause,
            why: item.why,
            location: Id(item.location),
            part: Id(item.part),
            engineer: Id(item.engineer),
            quantity: item.quantity,
            at: Time(item.at),
            serial: item.serial,
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DiscrepancyQuery {
    /// From `next` of the page before.
    cursor: Option<String>,
    /// Entries of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

#[utoipa::path(get, path = "/stock/discrepancies", tag = "parts", operation_id = "discrepancy_list",
    params(DiscrepancyQuery), responses((status = 200, description = "Open ones, oldest first. A count of the part \
        at its location settles them (`stock_set`), or what comes later explains them.", body = Page<Discrepancy>),
        ReadProblems))]
async fn discrepancies(
    State(app): State<App>,
    uri: Uri,
    Asked(asked): Asked<DiscrepancyQuery>,
) -> Result<Json<Page<Discrepancy>>, Problem> {
    let window = Window::of(&uri, asked.cursor.as_deref(), asked.limit)?;
    let rows = window.rows();
    let after = match window.after.as_str() {
        "" => 0,
        serial => serial.parse().map_err(|_| Problem::new(Code::BadCursor))?,
    };
    let read = move |connection: &rusqlite::Connection| discrepancy_list(connection, after, rows);
    let found = app.store().read::<_, StoreError>(read).await?;
    let open = found.into_iter().map(Discrepancy::from).collect();
    Ok(Json(
        window.page(&uri, open, |one: &Discrepancy| one.serial.to_string()),
    ))
}
