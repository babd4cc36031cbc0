//! Parts that are asked for: what waits, what HQ reserves by itself, what it declines.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use fieldline_model::id::{DocumentId, EngineerId, LocationId, OperationId, PartId, TicketId};
use fieldline_model::operation::QUANTITY_MAX;
use fieldline_model::row::RowKind;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Done, ReadProblems, WriteProblems, unknown};
use super::body::{Asked, At, Strict};
use super::cursor::{Page, Window};
use super::once::Seed;
use super::routes::Routes;
use super::shape::{Id, Time, Ulid};
use super::ticket::load;
use crate::app::App;
use crate::auth::Permission;
use crate::auth::extract::Api;
use crate::grant::asked::REASON_CHARS_MAX;
use crate::problem::{Code, Problem};
use crate::store::StoreError;
use crate::store::grant::{RequestRow, request_list};
use crate::store::record::ticket_is_over;
use crate::store::reference::row_get;
use crate::store::scope::scope_holders;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/stock/requests", Permission::ReadStock, list)
        .post(
            "/stock/requests/{operation}/decline",
            Permission::EditStock,
            decline,
        )
        .post("/stock/reservations", Permission::EditStock, reserve)
}

/// Parts that an engineer, or HQ for him, asked for and that nobody has been granted yet.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Request {
    /// Its name: the engineer's operation, or HQ's.
    #[schema(value_type = Ulid)]
    pub operation: Id<OperationId>,
    /// For which ticket.
    #[schema(value_type = Option<String>)]
    pub ticket: Option<Id<TicketId>>,
    /// For whom.
    #[schema(value_type = Ulid)]
    pub engineer: Id<EngineerId>,
    /// From where.
    #[schema(value_type = Ulid)]
    pub location: Id<LocationId>,
    /// What.
    #[schema(value_type = Ulid)]
    pub part: Id<PartId>,
    /// How many.
    pub quantity: u32,
    /// Since when it waits.
    pub at: Time,
}

impl Request {
    fn of(row: RequestRow, at: Time) -> Self {
        Self {
            operation: Id(row.operation),
            ticket: row.document.ticket().map(Id),
            engineer: Id(row.engineer),
            location: Id(row.location),
            part: Id(row.part),
            quantity: row.quantity,
            at,
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RequestQuery {
    /// From `next` of the page before.
    cursor: Option<String>,
    /// Entries of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

#[utoipa::path(get, path = "/stock/requests", tag = "parts", operation_id = "request_list", params(RequestQuery),
    responses((status = 200, description = "What waits, by operation.", body = Page<Request>), ReadProblems))]
async fn list(
    State(app): State<App>,
    uri: Uri,
    Asked(asked): Asked<RequestQuery>,
) -> Result<Json<Page<Request>>, Problem> {
    let window = Window::of(&uri, asked.cursor.as_deref(), asked.limit)?;
    let (after, rows) = (window.after.clone(), window.rows());
    let read = move |connection: &rusqlite::Connection| request_list(connection, &after, rows);
    let found = app.store().read::<_, StoreError>(read).await?;
    let waiting = found
        .into_iter()
        .map(|(row, at)| Request::of(row, Time(at)))
        .collect();
    Ok(Json(window.page(&uri, waiting, |request: &Request| {
        request.operation.to_string()
    })))
}

/// What HQ reserves for a ticket.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reserve {
    /// The ticket.
    #[schema(value_type = Ulid)]
    pub ticket: Id<TicketId>,
    /// Who will use them; he has the ticket.
    #[schema(value_type = Ulid)]
    pub engineer: Id<EngineerId>,
    /// Where they lie.
    #[schema(value_type = Ulid)]
    pub location: Id<LocationId>,
    /// What.
    #[schema(value_type = Ulid)]
    pub part: Id<PartId>,
    /// How many.
    #[schema(minimum = 1, maximum = 10000)]
    pub quantity: u32,
}

#[utoipa::path(post, path = "/stock/reservations", tag = "parts", operation_id = "reservation_create",
    request_body = Reserve, responses((status = 200, description = "It waits like a request: the engineer's phone is granted \
        the parts when it comes and as many are free.", body = Request), WriteProblems))]
async fn reserve(
    State(app): State<App>,
    seed: Seed,
    Strict(body): Strict<Reserve>,
) -> Result<Json<Request>, Problem> {
    if body.quantity == 0 || body.quantity > QUANTITY_MAX {
        return Err(Problem::new(Code::Invalid).detail(
            format!("quantity：1 到 {QUANTITY_MAX}"),
            format!("quantity: 1 to {QUANTITY_MAX}"),
        ));
    }
    let (ticket, engineer) = (body.ticket.0, body.engineer.0);
    let (location, part) = (body.location.0, body.part.0);
    load(app.store(), ticket).await?;
    let known = move |connection: &rusqlite::Connection| {
        let place = row_get(connection, RowKind::Location, &location.to_string())?.is_some();
        let part = row_get(connection, RowKind::Part, &part.to_string())?.is_some();
        let holders = scope_holders(connection, DocumentId::from(ticket))?;
        let is_over = ticket_is_over(connection, ticket)?;
        Ok((place && part, holders.contains(&engineer), is_over))
    };
    let (is_known, has_ticket, is_over) = app.store().read::<_, StoreError>(known).await?;
    if !is_known {
        return Err(unknown());
    }
    if !has_ticket {
        return Err(Problem::new(Code::Invalid).detail(
            "engineer：工单不在这位工程师手中",
            "engineer: does not have this ticket",
        ));
    }
    if is_over {
        return Err(Problem::new(Code::Invalid).detail(
            "ticket：工单已经结束，不再保留备件",
            "ticket: it is over, and no parts are kept for it",
        ));
    }
    let operation = seed.id(OperationId::new, "operation");
    app.reserve(operation, (ticket, engineer), (location, part), body.quantity)
        .await?;
    Ok(Json(Request {
        operation: Id(operation),
        ticket: Some(body.ticket),
        engineer: body.engineer,
        location: body.location,
        part: body.part,
        quantity: body.quantity,
        at: Time(seed.at()),
    }))
}

/// Why HQ will not give them.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Declined {
    /// The engineer reads it on the ticket.
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
}

#[utoipa::path(post, path = "/stock/requests/{operation}/decline", tag = "parts", operation_id = "request_decline",
    request_body = Declined, params(("operation" = String, Path, description = "Name of the request.")),
    responses((status = 200, description = "The request is over, and a note on its ticket says why. 409 `conflict` where \
        nothing of this name waits.", body = Done), WriteProblems))]
async fn decline(
    State(app): State<App>,
    api: Api,
    seed: Seed,
    At(operation): At<OperationId>,
    Strict(Declined { reason }): Strict<Declined>,
) -> Result<Json<Done>, Problem> {
    let length = reason.trim().chars().count();
    if length == 0 || length > REASON_CHARS_MAX as usize {
        return Err(Problem::new(Code::Invalid).detail(
            format!("reason：1 到 {REASON_CHARS_MAX} 个字符"),
            format!("reason: 1 to {REASON_CHARS_MAX} characters"),
        ));
    }
    let note = seed.id(OperationId::new, "operation");
    let done = app
        .decline_request(api.author(), operation, note, &reason)
        .await?;
    Ok(Json(done.into()))
}
