//! Tickets: the list, one with all that belongs to it, opening and correcting.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use fieldline_model::id::{
    AssetId, ContactId, CustomerId, DocumentId, EngineerId, LocationId, OperationId, PartId, SiteId, TicketId,
};
use fieldline_model::operation::{Act, FactsEdit, TicketFacts};
use fieldline_model::reason::Reason;
use fieldline_model::row::RowKind;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Created, Done, ReadProblems, WriteProblems, no_such, unknown, word};
use super::body::{Asked, At, Strict};
use super::cursor::{Page, Window};
use super::event::Event;
use super::once::Seed;
use super::routes::Routes;
use super::shape::{Channel, CustomerLabel, Id, Priority, ReviewKind, Span, TicketStatus, Time, Ulid};
use super::visit::Visit;
use crate::app::App;
use crate::auth::Permission;
use crate::auth::extract::Api;
use crate::door::DoorError;
use crate::problem::Problem;
use crate::store::reference::row_get;
use crate::store::ticket::{
    TicketFilter, TicketRow, VisitFilter, event_list, review_list, ticket_get, ticket_list, use_list,
    visit_list,
};
use crate::store::{Store, StoreError};

/// Events given with a ticket; the rest has its own list.
const EVENTS_SHOWN: u32 = 200;
/// Visits given with a ticket; no ticket of this world has more.
const VISITS_SHOWN: u32 = 200;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/tickets", Permission::ReadTickets, list)
        .post("/tickets", Permission::TakeReports, create)
        .get("/tickets/{ticket}", Permission::ReadTickets, get)
        .patch("/tickets/{ticket}", Permission::TakeReports, edit)
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
    let review = |row: crate::store::ticket::ReviewRow| {
        let what = word(&row.what)?;
        Ok(ReviewItem {
            operation: Id(row.operation),
            what,
            at: Time(row.at),
            done_at: row.done_at.map(Time),
        })
    };
    let part = |row: crate::store::ticket::UseRow| PartUse {
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

/// A ticket to open. The server gives the number.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTicket {
    /// How it came in; `api` when not given.
    pub channel: Option<Channel>,
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
    #[schema(max_length = 200)]
    pub category: Option<String>,
    /// Fault code.
    #[schema(max_length = 200)]
    pub fault: Option<String>,
    /// The fault in words.
    #[schema(max_length = 16384)]
    pub fault_text: String,
    /// Urgency; `normal` when not given.
    pub priority: Option<Priority>,
    /// Pinned and served by senior people.
    #[serde(default)]
    pub vip: bool,
    /// When the SLA plan runs out.
    pub deadline: Option<Time>,
    /// When the customer would like it.
    pub wished: Option<Span>,
    /// Skills the engineer must have.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub skills: Vec<String>,
    /// Parts probably needed.
    #[serde(default)]
    #[schema(value_type = Vec<Ulid>, max_items = 50)]
    pub parts: Vec<Id<PartId>>,
}

impl From<NewTicket> for TicketFacts {
    fn from(new: NewTicket) -> Self {
        Self {
            number: String::new(),
            channel: new.channel.unwrap_or(Channel::Api).into(),
            customer: new.customer.map(|id| id.0),
            contact: new.contact.map(|id| id.0),
            site: new.site.map(|id| id.0),
            asset: new.asset.map(|id| id.0),
            category: new.category,
            fault: new.fault,
            fault_text: new.fault_text,
            priority: new.priority.unwrap_or(Priority::Normal).into(),
            vip: new.vip,
            deadline: new.deadline.map(|at| at.0),
            wished: new.wished.map(Into::into),
            skills: new.skills,
            parts: new.parts.into_iter().map(|id| id.0).collect(),
        }
    }
}

/// References of a ticket; each must lead somewhere.
#[derive(Debug, Clone, Default)]
struct References(Vec<(&'static str, RowKind, String)>);

impl References {
    fn add<T: std::fmt::Display>(mut self, field: &'static str, kind: RowKind, id: Option<T>) -> Self {
        self.0.extend(id.map(|id| (field, kind, id.to_string())));
        self
    }

    async fn check(self, store: &Store) -> Result<(), Problem> {
        let missing = move |connection: &rusqlite::Connection| {
            for (field, kind, id) in self.0 {
                if row_get(connection, kind, &id)?.is_none() {
                    return Ok(Some(field));
                }
            }
            Ok(None)
        };
        store
            .read::<_, StoreError>(missing)
            .await?
            .map_or(Ok(()), |field| Err(no_such(field)))
    }
}

#[utoipa::path(post, path = "/tickets", tag = "tickets", operation_id = "ticket_create", request_body = NewTicket,
    params(("Idempotency-Key" = Option<String>, Header, description = "Name of this request, kept for a day.")),
    responses((status = 201, description = "The new ticket.", body = Ticket), WriteProblems))]
async fn create(
    State(app): State<App>,
    api: Api,
    seed: Seed,
    Strict(new): Strict<NewTicket>,
) -> Result<Created<Ticket>, Problem> {
    let references = References::default()
        .add("customer", RowKind::Customer, new.customer)
        .add("contact", RowKind::Contact, new.contact)
        .add("site", RowKind::Site, new.site)
        .add("asset", RowKind::Asset, new.asset);
    let parts = new.parts.iter().take(fieldline_model::operation::REQUIRED_MAX);
    let references = parts.fold(references, |all, part| {
        all.add("parts", RowKind::Part, Some(part))
    });
    references.check(app.store()).await?;
    let id = seed.id(TicketId::new, "ticket");
    match app.create_ticket_as(id, api.author(), new.into(), None).await {
        // A repetition after a crash: the first time did it.
        Ok(_) | Err(DoorError::Refused(Reason::AlreadyExists)) => Ok(Created(load(app.store(), id).await?)),
        Err(error) => Err(error.into()),
    }
}

/// An edit: only what is given changes.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TicketEdit {
    /// New customer.
    #[schema(value_type = Option<Ulid>)]
    pub customer: Option<Id<CustomerId>>,
    /// New contact.
    #[schema(value_type = Option<Ulid>)]
    pub contact: Option<Id<ContactId>>,
    /// New site.
    #[schema(value_type = Option<Ulid>)]
    pub site: Option<Id<SiteId>>,
    /// New asset.
    #[schema(value_type = Option<Ulid>)]
    pub asset: Option<Id<AssetId>>,
    /// New category.
    #[schema(max_length = 200)]
    pub category: Option<String>,
    /// New fault code.
    #[schema(max_length = 200)]
    pub fault: Option<String>,
    /// New words for the fault.
    #[schema(max_length = 16384)]
    pub fault_text: Option<String>,
    /// New urgency.
    pub priority: Option<Priority>,
    /// New deadline.
    pub deadline: Option<Time>,
}

#[utoipa::path(patch, path = "/tickets/{ticket}", tag = "tickets", operation_id = "ticket_edit",
    request_body = TicketEdit, params(("ticket" = String, Path, description = "Id of the ticket.")),
    responses((status = 200, description = "What became of the edit.", body = Done), WriteProblems))]
async fn edit(
    State(app): State<App>,
    api: Api,
    At(id): At<TicketId>,
    Strict(edit): Strict<TicketEdit>,
) -> Result<Json<Done>, Problem> {
    load(app.store(), id).await?;
    References::default()
        .add("customer", RowKind::Customer, edit.customer)
        .add("contact", RowKind::Contact, edit.contact)
        .add("site", RowKind::Site, edit.site)
        .add("asset", RowKind::Asset, edit.asset)
        .check(app.store())
        .await?;
    let edit = FactsEdit {
        customer: edit.customer.map(|id| id.0),
        contact: edit.contact.map(|id| id.0),
        site: edit.site.map(|id| id.0),
        asset: edit.asset.map(|id| id.0),
        category: edit.category,
        fault: edit.fault,
        fault_text: edit.fault_text,
        priority: edit.priority.map(Into::into),
        deadline: edit.deadline.map(|at| at.0),
    };
    let act = Act::SetFacts(Box::new(edit));
    let done = app.perform(api.author(), id.into(), act, None).await?;
    Ok(Json(done.into()))
}
