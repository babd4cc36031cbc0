//! Tickets: the list, and one with all that belongs to it.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use fieldline_model::id::{
    AssetId, ContactId, CustomerId, DocumentId, EngineerId, LocationId, OperationId, PartId, SiteId, TicketId,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{ReadProblems, unknown, word};
use super::body::{Asked, At};
use super::cursor::{Page, Window};
use super::event::Event;
use super::routes::Routes;
use super::shape::{Channel, CustomerLabel, Id, Priority, ReviewKind, Span, TicketStatus, Time, Ulid};
use super::visit::Visit;
use crate::app::App;
use crate::auth::Permission;
use crate::problem::Problem;
use crate::store::event::{event_list, review_list, use_list};
use crate::store::ticket::{TicketFilter, TicketRow, VisitFilter, ticket_get, ticket_list, visit_list};
use crate::store::{Store, StoreError};

/// Events given with a ticket; the rest has its own list.
const EVENTS_SHOWN: u32 = 200;
/// Visits given with a ticket; no ticket of this world has more.
const VISITS_SHOWN: u32 = 200;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/tickets", Permission::ReadTickets, list).get(
        "/tickets/{ticket}",
        Permission::ReadTickets,
        get,
    )
}

/// A ticket: the customer's problem.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Ticket {
    /// Id.
    #[schema(value_type = Ulid)]
    pub id: Id<TicketId>,
    /// Number people quote.
    pub number: String,
    /// Where it stands.
    pub status: TicketStatus,
    /// What the customer sees.
    pub label: CustomerLabel,
    /// How it came in.
    pub channel: Channel,
    /// Whose problem it is.
    #[schema(value_type = Option<Ulid>)]
    pub customer: Option<Id<CustomerId>>,
    /// Whom to talk to.
    #[schema(value_type = Option<Ulid>)]
    pub contact: Option<Id<ContactId>>,
    /// Where it is.
    #[schema(value_type = Option<Ulid>)]
    pub site: Option<Id<SiteId>>,
    /// The machine.
    #[schema(value_type = Option<Ulid>)]
    pub asset: Option<Id<AssetId>>,
    /// Device category.
    pub category: Option<String>,
    /// Fault code.
    pub fault: Option<String>,
    /// The fault in words.
    pub fault_text: String,
    /// Urgency.
    pub priority: Priority,
    /// Pinned and served by senior people.
    pub vip: bool,
    /// When the SLA plan runs out.
    pub deadline: Option<Time>,
    /// When the customer would like it.
    pub wished: Option<Span>,
    /// Who has the current visit.
    #[schema(value_type = Option<Ulid>)]
    pub engineer: Option<Id<EngineerId>>,
    /// When the current visit is planned to begin.
    pub plan_start: Option<Time>,
    /// The surviving ticket, once merged.
    #[schema(value_type = Option<Ulid>)]
    pub merged_into: Option<Id<TicketId>>,
    /// Open review items.
    pub reviews: u32,
    /// Reported.
    pub created_at: Time,
    /// Last changed.
    pub updated_at: Time,
    /// Resolved, closed, cancelled or merged.
    pub closed_at: Option<Time>,
}

impl TryFrom<TicketRow> for Ticket {
    type Error = Problem;

    fn try_from(row: TicketRow) -> Result<Self, Problem> {
        let wished = row.wished_start.zip(row.wished_end);
        Ok(Self {
            id: Id(row.id),
            number: row.number,
            status: word(&row.status)?,
            label: word(&row.label)?,
            channel: word(&row.channel)?,
            customer: row.customer.map(Id),
            contact: row.contact.map(Id),
            site: row.site.map(Id),
            asset: row.asset.map(Id),
            category: row.category,
            fault: row.fault,
            fault_text: row.fault_text,
            priority: word(&row.priority)?,
            vip: row.vip,
            deadline: row.deadline.map(Time),
            wished: wished.map(|(start, end)| Span {
                start: Time(start),
                end: Time(end),
            }),
            engineer: row.engineer.map(Id),
            plan_start: row.plan_start.map(Time),
            merged_into: row.merged_into.map(Id),
            reviews: row.reviews,
            created_at: Time(row.created_at),
            updated_at: Time(row.updated_at),
            closed_at: row.closed_at.map(Time),
        })
    }
}

/// Something a supervisor must look at.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReviewItem {
    /// Through which operation.
    #[schema(value_type = Ulid)]
    pub operation: Id<OperationId>,
    /// What.
    pub what: ReviewKind,
    /// Since when.
    pub at: Time,
    /// When it was settled.
    pub done_at: Option<Time>,
}

/// A part that went into the machine.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PartUse {
    /// By which operation.
    #[schema(value_type = Ulid)]
    pub operation: Id<OperationId>,
    /// What.
    #[schema(value_type = Ulid)]
    pub part: Id<PartId>,
    /// From where.
    #[schema(value_type = Ulid)]
    pub location: Id<LocationId>,
    /// How many.
    pub quantity: i64,
    /// When it was booked.
    pub at: Time,
}

/// A ticket with all that belongs to it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TicketDetail {
    /// The ticket.
    pub ticket: Ticket,
    /// Its visits, newest first.
    pub visits: Vec<Visit>,
    /// What happened, in the order it came to HQ; the first 200.
    pub events: Vec<Event>,
    /// For a supervisor.
    pub reviews: Vec<ReviewItem>,
    /// Parts used.
    pub parts: Vec<PartUse>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TicketQuery {
    /// Only in this state.
    status: Option<TicketStatus>,
    /// Only those whose current visit this engineer has.
    #[param(value_type = Option<String>)]
    engineer: Option<Id<EngineerId>>,
    /// Only this customer's.
    #[param(value_type = Option<String>)]
    customer: Option<Id<CustomerId>>,
    /// Part of the number, of the fault's words or of the customer's name.
    #[param(max_length = 200)]
    q: Option<String>,
    /// Only those changed at or after this moment.
    updated_since: Option<Time>,
    /// From `next` of the page before.
    cursor: Option<String>,
    /// Entries of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

#[utoipa::path(get, path = "/tickets", tag = "tickets", operation_id = "ticket_list", params(TicketQuery),
    responses((status = 200, description = "Tickets, newest first.", body = Page<Ticket>), ReadProblems))]
async fn list(
    State(app): State<App>,
    uri: Uri,
    Asked(asked): Asked<TicketQuery>,
) -> Result<Json<Page<Ticket>>, Problem> {
    let part = Window::of(&uri, asked.cursor.as_deref(), asked.limit)?;
    let filter = TicketFilter {
        status: asked.status.map(TicketStatus::word),
        engineer: asked.engineer.map(|id| id.0),
        customer: asked.customer.map(|id| id.0),
        q: asked.q.filter(|q| !q.trim().is_empty()),
        updated_since: asked.updated_since.map(|at| at.0),
    };
    let (after, rows) = (part.after.clone(), part.rows());
    let found = app
        .store()
        .read::<_, StoreError>(move |c| ticket_list(c, &filter, &after, rows))
        .await?;
    let tickets = found
        .into_iter()
        .map(Ticket::try_from)
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Json(part.page(&uri, tickets, |ticket| ticket.id.to_string())))
}

/// One ticket.
pub(super) async fn load(store: &Store, id: TicketId) -> Result<Ticket, Problem> {
    let found = store
        .read::<_, StoreError>(move |connection| ticket_get(connection, id))
        .await?;
    found.ok_or_else(unknown)?.try_into()
}

#[utoipa::path(get, path = "/tickets/{ticket}", tag = "tickets", operation_id = "ticket_get",
    params(("ticket" = String, Path, description = "Id of the ticket.")),
    responses((status = 200, description = "The ticket with its visits, events, reviews and parts.", body = TicketDetail),
        ReadProblems))]
async fn get(State(app): State<App>, At(id): At<TicketId>) -> Result<Json<TicketDetail>, Problem> {
    let read = move |connection: &rusqlite::Connection| {
        let Some(ticket) = ticket_get(connection, id)? else {
            return Ok(None);
        };
        let document = DocumentId::from(id).to_string();
        let filter = VisitFilter {
            ticket: Some(id),
            ..VisitFilter::default()
        };
        Ok(Some((
            ticket,
            visit_list(connection, &filter, "", VISITS_SHOWN)?,
            event_list(connection, &document, 0, EVENTS_SHOWN)?,
            review_list(connection, id)?,
            use_list(connection, &document)?,
        )))
    };
    let found = app
        .store()
        .read::<_, StoreError>(read)
        .await?
        .ok_or_else(unknown)?;
    let (ticket, visits, events, reviews, parts) = found;
    let review = |row: crate::store::event::ReviewRow| {
        let what = word(&row.what)?;
        Ok(ReviewItem {
            operation: Id(row.operation),
            what,
            at: Time(row.at),
            done_at: row.done_at.map(Time),
        })
    };
    let part = |row: crate::store::event::UseRow| PartUse {
        operation: Id(row.operation),
        part: Id(row.part),
        location: Id(row.location),
        quantity: row.quantity,
        at: Time(row.at),
    };
    Ok(Json(TicketDetail {
        ticket: ticket.try_into()?,
        visits: visits
            .into_iter()
            .map(Visit::try_from)
            .collect::<Result<_, _>>()?,
        events: events
            .into_iter()
            .map(Event::try_from)
            .collect::<Result<_, _>>()?,
        reviews: reviews.into_iter().map(review).collect::<Result<_, Problem>>()?,
        parts: parts.into_iter().map(part).collect(),
    }))
}
