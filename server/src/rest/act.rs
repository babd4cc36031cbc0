//! What HQ does to a ticket. Each is one operation of one person, with one fate.

use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use fieldline_model::fold::VisitState;
use fieldline_model::id::{DocumentId, EngineerId, OperationId, TicketId, VisitId};
use fieldline_model::operation::{Act, OFFER_TO_MAX};
use fieldline_model::reason::Reason;
use fieldline_model::row::RowKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ahead::check_ahead;
use super::answer::{Done, WriteProblems, no_such};
use super::body::{At, Nothing, Strict};
use super::once::Seed;
use super::routes::Routes;
use super::shape::{Id, Span, Ulid};
use super::ticket::load;
use crate::app::App;
use crate::auth::Permission;
use crate::auth::extract::Api;
use crate::problem::{Code, Problem};
use crate::store::StoreError;
use crate::store::document::fate_read;
use crate::store::page_ticket::{event_list, folded};
use crate::store::reference::row_get;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .post("/tickets/{ticket}/triage", Permission::Dispatch, triage)
        .post("/tickets/{ticket}/offer", Permission::Dispatch, offer)
        .post("/tickets/{ticket}/reassign", Permission::Dispatch, reassign)
        .post("/tickets/{ticket}/reschedule", Permission::Dispatch, reschedule)
        .post("/tickets/{ticket}/cancel", Permission::EndTickets, cancel)
        .post("/tickets/{ticket}/resolve", Permission::EndTickets, resolve)
        .post("/tickets/{ticket}/close", Permission::EndTickets, close)
        .post("/tickets/{ticket}/reopen", Permission::EndTickets, reopen)
        .post("/tickets/{ticket}/notes", Permission::TakeReports, note)
}

/// What a handler needs to perform one act of the caller on the ticket of the path.
struct Scene {
    app: App,
    api: Api,
    seed: Seed,
    ticket: TicketId,
}

impl FromRequestParts<App> for Scene {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let api = Api::from_request_parts(parts, app).await?;
        let seed = Seed::from_request_parts(parts, app).await?;
        let At(ticket) = At::from_request_parts(parts, app).await?;
        let app = app.clone();
        Ok(Self {
            app,
            api,
            seed,
            ticket,
        })
    }
}

impl Scene {
    async fn perform(self, act: Act) -> Result<Json<Done>, Problem> {
        load(self.app.store(), self.ticket).await?;
        let operation = self.seed.id(OperationId::new, "operation");
        let word = act.word();
        let done = self
            .app
            .perform_as(operation, self.api.author(), self.ticket.into(), act, None)
            .await
            .map_err(|error| with_next(error.into(), word))?;
        Ok(Json(done.into()))
    }

    /// A plan is not all over, as on the pages. A repetition of what was done stays done.
    async fn check_ahead(&self, plan: Option<&Span>) -> Result<(), Problem> {
        let operation = self.seed.id(OperationId::new, "operation");
        let done = move |connection: &rusqlite::Connection| fate_read(connection, operation);
        match check_ahead(&self.app, "plan", plan) {
            Err(_) if self.app.store().read::<_, StoreError>(done).await?.is_some() => Ok(()),
            checked => checked,
        }
    }

    /// Performs an act that offers a new visit to these engineers, in the place of `ends`.
    async fn ask(
        self,
        to: Vec<Id<EngineerId>>,
        ends: Option<VisitId>,
        act: impl FnOnce(VisitId, Vec<EngineerId>) -> Act,
    ) -> Result<Json<Offered>, Problem> {
        let visit = self.seed.id(VisitId::new, "visit");
        let to = self.engineers(to).await?;
        self.asked_once(&to, visit, ends).await?;
        let act = act(visit, to);
        let Json(done) = self.perform(act).await?;
        Ok(Json(Offered {
            visit: Id(visit),
            done,
        }))
    }

    /// Whoever has a visit here that is still to be made is not asked for another beside it. `ends` is the one that this
    /// request takes away, `made` the one it makes: a repetition finds that.
    async fn asked_once(
        &self,
        to: &[EngineerId],
        made: VisitId,
        ends: Option<VisitId>,
    ) -> Result<(), Problem> {
        let (ticket, to) = (DocumentId::from(self.ticket), to.to_owned());
        let asked = move |connection: &rusqlite::Connection| {
            let state = folded(&event_list(connection, ticket)?);
            let beside = |id: &VisitId| *id != made && Some(*id) != ends;
            let asked = |visit: &VisitState| to.iter().any(|one| visit.is_open_for(*one));
            let mut visits = state.visits.iter();
            Ok(visits.any(|(id, visit)| beside(id) && asked(visit)))
        };
        if self.app.store().read::<_, StoreError>(asked).await? {
            return Err(Problem::new(Code::Conflict).detail(
                "to：其中有人在此工单上还有未结束的上门；改时间用 reschedule，换人用 reassign",
                "to: one of them has an open visit to this ticket; reschedule it, or reassign it to somebody else",
            ));
        }
        Ok(())
    }

    /// The engineers asked, each of whom must exist.
    async fn engineers(&self, to: Vec<Id<EngineerId>>) -> Result<Vec<EngineerId>, Problem> {
        if !(1..=OFFER_TO_MAX).contains(&to.len()) {
            return Err(Problem::new(Code::Invalid).detail(
                format!("to：1 到 {OFFER_TO_MAX} 位工程师"),
                format!("to: 1 to {OFFER_TO_MAX} engineers"),
            ));
        }
        let to: Vec<EngineerId> = to.into_iter().map(|id| id.0).collect();
        let asked = to.clone();
        let all = move |connection: &rusqlite::Connection| {
            for engineer in asked {
                if row_get(connection, RowKind::Engineer, &engineer.to_string())?.is_none() {
                    return Ok(false);
                }
            }
            Ok(true)
        };
        if self.app.store().read::<_, StoreError>(all).await? {
            Ok(to)
        } else {
            Err(no_such("to"))
        }
    }
}

/// A step that does not follow is told with why, and with what does.
fn with_next(problem: Problem, act: &str) -> Problem {
    match (problem.reason(), act) {
        (Some(Reason::NotNow), "triage") => problem.detail(
            "工单已经分诊；下一步是派单 (offer)",
            "the ticket was triaged before; what follows is to offer a visit",
        ),
        (Some(Reason::NotNow), _) => problem.detail(
            "这次上门已结束或已撤回；可以重新派单 (offer)",
            "the visit has ended or was taken away; what can follow is to offer a new one",
        ),
        _ => problem,
    }
}

#[utoipa::path(post, path = "/tickets/{ticket}/triage", tag = "tickets", operation_id = "ticket_triage",
    request_body = Nothing, params(("ticket" = String, Path, description = "Id of the ticket.")),
    responses((status = 200, description = "Somebody has looked at it.", body = Done), WriteProblems))]
async fn triage(scene: Scene, Strict(Nothing {}): Strict<Nothing>) -> Result<Json<Done>, Problem> {
    scene.perform(Act::Triage).await
}

/// A visit to offer: to one engineer, or to several of whom the first to accept has it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// To whom.
    #[schema(value_type = Vec<Ulid>, min_items = 1, max_items = 50)]
    pub to: Vec<Id<EngineerId>>,
    /// When; not all of it over, otherwise `time_past`.
    pub plan: Option<Span>,
}

/// A visit that was offered.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Offered {
    /// The new visit.
    #[schema(value_type = Ulid)]
    pub visit: Id<VisitId>,
    /// The operation.
    #[serde(flatten)]
    pub done: Done,
}

#[utoipa::path(post, path = "/tickets/{ticket}/offer", tag = "tickets", operation_id = "ticket_offer",
    request_body = Offer, params(("ticket" = String, Path, description = "Id of the ticket.")),
    responses((status = 200, description = "A visit is offered.", body = Offered), WriteProblems))]
async fn offer(scene: Scene, Strict(offer): Strict<Offer>) -> Result<Json<Offered>, Problem> {
    scene.check_ahead(offer.plan.as_ref()).await?;
    let plan = offer.plan.map(Into::into);
    scene
        .ask(offer.to, None, |visit, to| Act::Offer { visit, to, plan })
        .await
}

/// A visit to take away and offer anew.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reassign {
    /// The visit that ends.
    #[schema(value_type = Ulid)]
    pub visit: Id<VisitId>,
    /// To whom the new one is offered.
    #[schema(value_type = Vec<Ulid>, min_items = 1, max_items = 50)]
    pub to: Vec<Id<EngineerId>>,
    /// When; as the old one when not given. Not all of it over, otherwise `time_past`.
    pub plan: Option<Span>,
}

#[utoipa::path(post, path = "/tickets/{ticket}/reassign", tag = "tickets", operation_id = "ticket_reassign",
    request_body = Reassign, params(("ticket" = String, Path, description = "Id of the ticket.")),
    responses((status = 200, description = "Somebody else is asked.", body = Offered), WriteProblems))]
async fn reassign(scene: Scene, Strict(asked): Strict<Reassign>) -> Result<Json<Offered>, Problem> {
    scene.check_ahead(asked.plan.as_ref()).await?;
    let (from, plan) = (asked.visit.0, asked.plan.map(Into::into));
    scene
        .ask(asked.to, Some(from), |visit, to| Act::Reassign {
            from,
            visit,
            to,
            plan,
        })
        .await
}

/// A visit to move in time.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reschedule {
    /// Which.
    #[schema(value_type = Ulid)]
    pub visit: Id<VisitId>,
    /// To when; not all of it over, otherwise `time_past`.
    pub plan: Span,
}

#[utoipa::path(post, path = "/tickets/{ticket}/reschedule", tag = "tickets", operation_id = "ticket_reschedule",
    request_body = Reschedule, params(("ticket" = String, Path, description = "Id of the ticket.")),
    responses((status = 200, description = "The plan is changed; actual times stay.", body = Done), WriteProblems))]
async fn reschedule(scene: Scene, Strict(asked): Strict<Reschedule>) -> Result<Json<Done>, Problem> {
    scene.check_ahead(Some(&asked.plan)).await?;
    let act = Act::Reschedule {
        visit: asked.visit.0,
        plan: asked.plan.into(),
    };
    scene.perform(act).await
}

/// Words that an act needs.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Why, how or what.
    #[schema(min_length = 1, max_length = 16384)]
    pub text: String,
}

#[utoipa::path(post, path = "/tickets/{ticket}/cancel", tag = "tickets", operation_id = "ticket_cancel",
    request_body = Words, params(("ticket" = String, Path, description = "Id of the ticket.")),
    responses((status = 200, description = "The ticket is given up.", body = Done), WriteProblems))]
async fn cancel(scene: Scene, Strict(Words { text }): Strict<Words>) -> Result<Json<Done>, Problem> {
    scene.perform(Act::Cancel { reason: text }).await
}

#[utoipa::path(post, path = "/tickets/{ticket}/resolve", tag = "tickets", operation_id = "ticket_resolve",
    request_body = Words, params(("ticket" = String, Path, description = "Id of the ticket.")),
    responses((status = 200, description = "Solved without a visit.", body = Done), WriteProblems))]
async fn resolve(scene: Scene, Strict(Words { text }): Strict<Words>) -> Result<Json<Done>, Problem> {
    scene.perform(Act::Resolve { text }).await
}

#[utoipa::path(post, path = "/tickets/{ticket}/close", tag = "tickets", operation_id = "ticket_close",
    request_body = Nothing, params(("ticket" = String, Path, description = "Id of the ticket.")),
    responses((status = 200, description = "Filed.", body = Done), WriteProblems))]
async fn close(scene: Scene, Strict(Nothing {}): Strict<Nothing>) -> Result<Json<Done>, Problem> {
    scene.perform(Act::Close).await
}

#[utoipa::path(post, path = "/tickets/{ticket}/reopen", tag = "tickets", operation_id = "ticket_reopen",
    request_body = Words, params(("ticket" = String, Path, description = "Id of the ticket.")),
    responses((status = 200, description = "Taken up again.", body = Done), WriteProblems))]
async fn reopen(scene: Scene, Strict(Words { text }): Strict<Words>) -> Result<Json<Done>, Problem> {
    scene.perform(Act::Reopen { reason: text }).await
}

#[utoipa::path(post, path = "/tickets/{ticket}/notes", tag = "tickets", operation_id = "ticket_note",
    request_body = Words, params(("ticket" = String, Path, description = "Id of the ticket.")),
    responses((status = 200, description = "The note is kept.", body = Done), WriteProblems))]
async fn note(scene: Scene, Strict(Words { text }): Strict<Words>) -> Result<Json<Done>, Problem> {
    scene.perform(Act::Note { text }).await
}
