//! What happened to a ticket, entry by entry, with both times.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use fieldline_model::id::{DocumentId, OperationId, TicketId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{ReadProblems, unknown, word};
use super::body::{Asked, At};
use super::cursor::{Page, Window};
use super::routes::Routes;
use super::shape::{Fate, Id, Outcome, Time, Ulid};
use crate::app::App;
use crate::auth::Permission;
use crate::problem::{Code, Problem};
use crate::store::StoreError;
use crate::store::event::{EventView, event_list};
use crate::store::ticket::ticket_get;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/tickets/{ticket}/events", Permission::ReadTickets, list)
}

/// One entry of a document.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Event {
    /// Its operation.
    #[schema(value_type = Ulid)]
    pub operation: Id<OperationId>,
    /// What was done, as a word: `create`, `offer`, `accept`, `finish`, `note`, `use_part` …
    pub act: String,
    /// Its arguments, as they stand in the document; null when it has none.
    #[schema(value_type = Option<Object>)]
    pub arguments: serde_json::Value,
    /// Who: `engineer:<id>`, `staff:<id>`, `customer` or `server`.
    pub author: String,
    /// When it happened: the device's time, held between what came before and when the server got it.
    pub at: Time,
    /// The device's time lay outside and was moved.
    pub clamped: bool,
    /// When the server got it.
    pub received_at: Time,
    /// Whether it counts as things stand: what was merged may be displaced later.
    pub outcome: Outcome,
    /// Why, where it does not count as meant.
    pub code: Option<String>,
    /// What was decided when it came, once and for ever.
    pub fate: Fate,
    /// Place in the server's log.
    pub seq: u64,
}

impl TryFrom<EventView> for Event {
    type Error = Problem;

    fn try_from(row: EventView) -> Result<Self, Problem> {
        Ok(Self {
            operation: Id(row.operation),
            arguments: arguments(&row),
            act: row.act,
            author: row.author,
            at: Time(row.at),
            clamped: row.clamped,
            received_at: Time(row.received_at),
            outcome: word(&row.outcome)?,
            code: row.code,
            fate: word(&row.fate)?,
            seq: row.seq,
        })
    }
}

/// What stands under the act's word in the entry.
fn arguments(row: &EventView) -> serde_json::Value {
    let entry: serde_json::Value = serde_json::from_str(&row.entry).unwrap_or_default();
    entry
        .get("act")
        .and_then(|act| act.get(&row.act))
        .cloned()
        .unwrap_or_default()
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct EventQuery {
    /// From `next` of the page before.
    cursor: Option<String>,
    /// Entries of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

#[utoipa::path(get, path = "/tickets/{ticket}/events", tag = "tickets", operation_id = "event_list",
    params(("ticket" = String, Path, description = "Id of the ticket."), EventQuery),
    responses((status = 200, description = "Events in the order they came to HQ.", body = Page<Event>), ReadProblems))]
async fn list(
    State(app): State<App>,
    uri: Uri,
    At(ticket): At<TicketId>,
    Asked(asked): Asked<EventQuery>,
) -> Result<Json<Page<Event>>, Problem> {
    let part = Window::of(&uri, asked.cursor.as_deref(), asked.limit)?;
    let after = if part.after.is_empty() {
        Ok(0)
    } else {
        part.after.parse()
    };
    let (after, rows) = (after.map_err(|_| Problem::new(Code::BadCursor))?, part.rows());
    let read = move |connection: &rusqlite::Connection| {
        if ticket_get(connection, ticket)?.is_none() {
            return Ok(None);
        }
        event_list(connection, &DocumentId::from(ticket).to_string(), after, rows).map(Some)
    };
    let found = app
        .store()
        .read::<_, StoreError>(read)
        .await?
        .ok_or_else(unknown)?;
    let events = found
        .into_iter()
        .map(Event::try_from)
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Json(part.page(&uri, events, |event| event.seq.to_string())))
}
