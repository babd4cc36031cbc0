//! Opening a ticket and correcting what is known of it.

use axum::Json;
use axum::extract::State;
use fieldline_model::id::{AssetId, ContactId, CustomerId, PartId, SiteId, TicketId};
use fieldline_model::operation::{Act, FactsEdit, TicketFacts};
use fieldline_model::reason::Reason;
use fieldline_model::row::RowKind;
use rusqlite::Connection;
use serde::Deserialize;
use utoipa::ToSchema;

use super::ahead::{check_ahead, check_near};
use super::answer::{Created, Done, WriteProblems, no_such};
use super::body::{At, Strict};
use super::once::Seed;
use super::routes::Routes;
use super::row::Checks;
use super::shape::{Channel, Id, Priority, Span, Time, Ulid};
use super::ticket::{Ticket, load};
use super::wrong;
use crate::app::App;
use crate::auth::Permission;
use crate::auth::extract::Api;
use crate::door::DoorError;
use crate::problem::{Code, Problem, Said};
use crate::store::reference::row_get;
use crate::store::ticket::ticket_get;
use crate::store::{Store, StoreError};
use crate::web::read;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.post("/tickets", Permission::TakeReports, create).patch(
        "/tickets/{ticket}",
        Permission::TakeReports,
        edit,
    )
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
    /// The fault in words. Blank only beside a fault code.
    #[schema(max_length = 16384)]
    pub fault_text: String,
    /// Urgency; `normal` when not given.
    pub priority: Option<Priority>,
    /// Pinned and served by senior people.
    #[serde(default)]
    pub vip: bool,
    /// When the SLA plan runs out.
    pub deadline: Option<Time>,
    /// When the customer would like it. At most 366 days ahead, otherwise `wish_too_far`; not all of it over, otherwise
    /// `time_past`.
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

/// What a ticket names that belongs to a customer.
#[derive(Debug, Clone, Copy)]
struct Named {
    customer: Option<CustomerId>,
    contact: Option<ContactId>,
    site: Option<SiteId>,
    asset: Option<AssetId>,
}

impl Named {
    /// All of it is one customer's, or the first field that is another's is named.
    async fn check(self, store: &Store) -> Result<(), Problem> {
        let other = store
            .read::<_, StoreError>(move |connection| self.other(connection))
            .await?;
        other.map_or(Ok(()), |field| {
            let other = Said::new("属于另一客户", "belongs to another customer");
            Err(Problem::new(Code::OtherCustomer).said(wrong::field(field, &other)))
        })
    }

    fn other(self, connection: &Connection) -> Result<Option<&'static str>, StoreError> {
        let contact = self.contact.map(|id| read::contact(connection, id)).transpose()?;
        let site = self.site.map(|id| read::site(connection, id)).transpose()?;
        let asset = self.asset.map(|id| read::asset(connection, id)).transpose()?;
        let at = asset.flatten().map(|asset| read::site(connection, asset.site));
        let owners = [
            ("contact", contact.flatten().map(|row| row.customer)),
            ("site", site.flatten().map(|row| row.customer)),
            ("asset", at.transpose()?.flatten().map(|row| row.customer)),
        ];
        let mut owners = owners
            .into_iter()
            .filter_map(|(field, owner)| Some((field, owner?)));
        let whose = match self.customer {
            Some(customer) => Some(customer),
            None => owners.clone().next().map(|(_, owner)| owner),
        };
        Ok(owners
            .find(|(_, owner)| Some(*owner) != whose)
            .map(|(field, _)| field))
    }
}

/// The rule of [`fieldline_model::rules`], told with the name of the field.
async fn said(app: &App, fault_text: Option<&str>, fault: Option<&str>) -> Result<(), Problem> {
    let text = fault_text.filter(|_| fault.is_none());
    Checks::default().said("fault_text", text).run(app).await
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
    said(&app, Some(&new.fault_text), new.fault.as_deref()).await?;
    let id = seed.id(TicketId::new, "ticket");
    check_near(&app, "wished", new.wished.as_ref())?;
    let made = move |connection: &rusqlite::Connection| ticket_get(connection, id);
    if app.store().read::<_, StoreError>(made).await?.is_none() {
        check_ahead(&app, "wished", new.wished.as_ref())?;
    }
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
    let named = Named {
        customer: new.customer.map(|id| id.0),
        contact: new.contact.map(|id| id.0),
        site: new.site.map(|id| id.0),
        asset: new.asset.map(|id| id.0),
    };
    named.check(app.store()).await?;
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
    /// New words for the fault. Blank only beside a fault code.
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
    said(&app, edit.fault_text.as_deref(), edit.fault.as_deref()).await?;
    let ticket = load(app.store(), id).await?;
    References::default()
        .add("customer", RowKind::Customer, edit.customer)
        .add("contact", RowKind::Contact, edit.contact)
        .add("site", RowKind::Site, edit.site)
        .add("asset", RowKind::Asset, edit.asset)
        .check(app.store())
        .await?;
    // Whose ticket it is may be corrected before what stands in it.
    let named = Named {
        customer: edit.customer.map(|id| id.0).or(ticket.customer.map(|id| id.0)),
        contact: edit.contact.map(|id| id.0),
        site: edit.site.map(|id| id.0),
        asset: edit.asset.map(|id| id.0),
    };
    named.check(app.store()).await?;
    let edit = FactsEdit {
        number: None,
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
    if edit == FactsEdit::default() {
        // Every operation stands in the ticket's timeline for ever, so one that says nothing is none.
        return Err(Problem::new(Code::Invalid).detail(
            "请至少给出一个要修改的字段，值不能是 `null`",
            "give at least one field to change, with a value that is not `null`",
        ));
    }
    let act = Act::SetFacts(Box::new(edit));
    let done = app.perform(api.author(), id.into(), act, None).await?;
    Ok(Json(done.into()))
}
