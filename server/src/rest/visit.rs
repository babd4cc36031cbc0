//! Visits: by engineer and date, and one by one.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use fieldline_model::id::{EngineerId, TicketId, VisitId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{ReadProblems, unknown, word};
use super::body::{Asked, At};
use super::cursor::{Page, Window};
use super::routes::Routes;
use super::shape::{Id, Phase, Span, Time, Ulid, VisitResult, Withdrawal};
use crate::app::App;
use crate::auth::Permission;
use crate::problem::Problem;
use crate::store::StoreError;
use crate::store::ticket::{VisitFilter, VisitRow, visit_get, visit_list};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/visits", Permission::ReadTickets, list)
        .get("/visits/{visit}", Permission::ReadTickets, get)
}

/// One engineer's one trip for a ticket.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Visit {
    /// Id.
    #[schema(value_type = Ulid)]
    pub id: Id<VisitId>,
    /// Its ticket.
    #[schema(value_type = Ulid)]
    pub ticket: Id<TicketId>,
    /// Who has it.
    #[schema(value_type = Option<Ulid>)]
    pub engineer: Option<Id<EngineerId>>,
    /// To whom it was offered.
    #[schema(value_type = Vec<Ulid>)]
    pub offered_to: Vec<Id<EngineerId>>,
    /// How far the field got, whatever HQ decided.
    pub phase: Phase,
    /// Why work rests (`break`, `waiting_parts`, `waiting_customer`, `no_access`, `unsafe`) or why the engineer will
    /// not come (`no_time`, `skill`, `no_part`, `too_far`, `ill`, `other`).
    pub phase_reason: Option<String>,
    /// HQ took it away.
    pub withdrawn: Option<Withdrawal>,
    /// HQ's plan.
    pub plan: Option<Span>,
    /// The engineer's own estimate of arrival.
    pub eta: Option<Time>,
    /// Actual moment: taken.
    pub accepted_at: Option<Time>,
    /// Actual moment: set out.
    pub departed_at: Option<Time>,
    /// Actual moment: there.
    pub arrived_at: Option<Time>,
    /// Actual moment: work began.
    pub started_at: Option<Time>,
    /// Actual moment: work ended.
    pub done_at: Option<Time>,
    /// How it ended.
    pub result: Option<VisitResult>,
    /// Cause code.
    pub cause: Option<String>,
    /// Remedy code.
    pub remedy: Option<String>,
    /// In the engineer's words.
    pub report: Option<String>,
}

impl TryFrom<VisitRow> for Visit {
    type Error = Problem;

    fn try_from(row: VisitRow) -> Result<Self, Problem> {
        let [accepted_at, departed_at, arrived_at, started_at, done_at] =
            row.times.map(|time| time.map(Time));
        let plan = row.plan_start.zip(row.plan_end);
        Ok(Self {
            id: Id(row.id),
            ticket: Id(row.ticket),
            engineer: row.engineer.map(Id),
            offered_to: row.offered_to.into_iter().map(Id).collect(),
            phase: word(&row.phase)?,
            phase_reason: row.phase_reason,
            withdrawn: row.withdrawn.as_deref().map(word).transpose()?,
            plan: plan.map(|(start, end)| Span {
                start: Time(start),
                end: Time(end),
            }),
            eta: row.eta.map(Time),
            accepted_at,
            departed_at,
            arrived_at,
            started_at,
            done_at,
            result: row.result.as_deref().map(word).transpose()?,
            cause: row.cause,
            remedy: row.remedy,
            report: row.report,
        })
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct VisitQuery {
    /// Only this ticket's.
    #[param(value_type = Option<String>)]
    ticket: Option<Id<TicketId>>,
    /// Only those this engineer has, or is asked to take.
    #[param(value_type = Option<String>)]
    engineer: Option<Id<EngineerId>>,
    /// Planned to begin at or after.
    from: Option<Time>,
    /// Planned to begin before.
    until: Option<Time>,
    /// From `next` of the page before.
    cursor: Option<String>,
    /// Entries of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

#[utoipa::path(get, path = "/visits", tag = "visits", operation_id = "visit_list", params(VisitQuery),
    responses((status = 200, description = "Visits, newest first.", body = Page<Visit>), ReadProblems))]
async fn list(
    State(app): State<App>,
    uri: Uri,
    Asked(asked): Asked<VisitQuery>,
) -> Result<Json<Page<Visit>>, Problem> {
    let part = Window::of(&uri, asked.cursor.as_deref(), asked.limit)?;
    let filter = VisitFilter {
        ticket: asked.ticket.map(|id| id.0),
        engineer: asked.engineer.map(|id| id.0),
        from: asked.from.map(|at| at.0),
        until: asked.until.map(|at| at.0),
    };
    let (after, rows) = (part.after.clone(), part.rows());
    let found = app
        .store()
        .read::<_, StoreError>(move |c| visit_list(c, &filter, &after, rows))
        .await?;
    let visits = found
        .into_iter()
        .map(Visit::try_from)
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Json(part.page(&uri, visits, |visit| visit.id.to_string())))
}

#[utoipa::path(get, path = "/visits/{visit}", tag = "visits", operation_id = "visit_get",
    params(("visit" = String, Path, description = "Id of the visit.")),
    responses((status = 200, description = "The visit.", body = Visit), ReadProblems))]
async fn get(State(app): State<App>, At(id): At<VisitId>) -> Result<Json<Visit>, Problem> {
    let found = app
        .store()
        .read::<_, StoreError>(move |connection| visit_get(connection, id))
        .await?;
    Ok(Json(found.ok_or_else(unknown)?.try_into()?))
}
