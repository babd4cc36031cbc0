//! Who has a ticket open at this moment.

use axum::Json;
use axum::extract::State;
use fieldline_model::id::{EngineerId, StaffId, TicketId};
use rusqlite::Connection;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{ReadProblems, unknown};
use super::body::At;
use super::routes::Routes;
use super::shape::{Id, Ulid};
use crate::app::App;
use crate::auth::Permission;
use crate::problem::Problem;
use crate::store::StoreError;
use crate::store::page_ticket::staff_display_name;
use crate::store::ticket::ticket_get;
use crate::viewing::Viewer as Seen;
use crate::web::read;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/tickets/{ticket}/viewing", Permission::ReadTickets, list)
}

/// Somebody who has the ticket open: a person at HQ on a page, or an engineer on a phone.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Viewer {
    /// At HQ.
    #[schema(value_type = Option<Ulid>)]
    pub staff: Option<Id<StaffId>>,
    /// On a phone.
    #[schema(value_type = Option<Ulid>)]
    pub engineer: Option<Id<EngineerId>>,
    /// Name.
    pub name: String,
}

/// Everybody who has it open.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Viewers {
    /// People at HQ first.
    pub items: Vec<Viewer>,
}

#[utoipa::path(get, path = "/tickets/{ticket}/viewing", tag = "tickets", operation_id = "viewing_list",
    params(("ticket" = String, Path, description = "Id of the ticket.")),
    responses((status = 200, description = "Who has it open now. Kept nowhere; a lost line is noticed within a minute.", body = Viewers), ReadProblems))]
async fn list(State(app): State<App>, At(ticket): At<TicketId>) -> Result<Json<Viewers>, Problem> {
    let seen = app.inner.viewing.of(ticket, app.now());
    let named = move |connection: &Connection| {
        if ticket_get(connection, ticket)?.is_none() {
            return Ok(None);
        }
        let named = |one| viewer(connection, one).transpose();
        seen.into_iter()
            .filter_map(named)
            .collect::<Result<_, _>>()
            .map(Some)
    };
    let items = app.store().read::<_, StoreError>(named).await?;
    let items = items.ok_or_else(unknown)?;
    Ok(Json(Viewers { items }))
}

fn viewer(connection: &Connection, seen: Seen) -> Result<Option<Viewer>, StoreError> {
    let (staff, engineer, name) = match seen {
        Seen::Staff(id) => (Some(Id(id)), None, staff_display_name(connection, id)?),
        Seen::Engineer(id) => (
            None,
            Some(Id(id)),
            read::engineer(connection, id)?.map(|row| row.name),
        ),
    };
    Ok(name.map(|name| Viewer {
        staff,
        engineer,
        name,
    }))
}
