//! Who comes when: the forms that give a visit away or move it. Each acts only while the visit is as its page showed it.

use axum::extract::{Path, State};
use axum::response::Response;
use fieldline_model::id::{EngineerId, VisitId};
use fieldline_model::operation::Act;
use fieldline_model::reason::Reason;
use serde::Deserialize;

use super::{Desk, LOOKS_MAX, is_stale, not_picked};
use crate::auth::extract::SignedForm;
use crate::auth::role::Permission;
use crate::page::form::{Field, FieldError};
use crate::problem::{Code, Problem};
use crate::web::Web;
use crate::web::field::{LINE_CHARS_MAX, Times, needed, optional};
use crate::web::frame::Done;
use crate::web::reader::{Origin, Reader};
use crate::web::ticket::{Typed, offer};

/// The assign form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct AssignForm {
    once: String,
    assigned: String,
    engineer: String,
    plan_from: String,
    plan_to: String,
    reason: String,
}

/// POST assign or reassign.
pub(in crate::web) async fn assign(
    State(web): State<Web>,
    reader: Reader,
    origin: Origin,
    Path(id): Path<String>,
    SignedForm { signed, form }: SignedForm<AssignForm>,
) -> Result<Response, Problem> {
    let desk = Desk::new(&web, &reader, &signed, &id, &form.once, Permission::Dispatch)?;
    for _ in 0..LOOKS_MAX {
        if let Some(answer) = assign_now(&desk, &origin, &form).await? {
            return Ok(answer);
        }
    }
    Err(Problem::new(Code::Conflict))
}

/// Assigns as the ticket stands now; `None` when it changed between the look and the act.
async fn assign_now(
    desk: &Desk<'_>,
    origin: &Origin,
    form: &AssignForm,
) -> Result<Option<Response>, Problem> {
    let web = desk.web;
    let loaded = web.ticket(desk.ticket).await?;
    let content = format!("assign\0{}\0{}\0{}", form.engineer, form.plan_from, form.plan_to);
    let visit = desk.once.id(VisitId::new, &content);
    let stands = loaded.record.open_visit().is_some_and(|open| open.id == visit);
    if let Some(answer) = desk.before(&content, stands, Done::Assigned).await? {
        return Ok(Some(answer));
    }
    if let Some(over) = desk.over(&loaded) {
        return Ok(Some(over));
    }
    let engineer = form
        .engineer
        .parse::<EngineerId>()
        .ok()
        .filter(|id| loaded.candidates.has(*id));
    let meanwhile = is_stale(&form.assigned, &loaded);
    let picked = engineer
        .ok_or_else(|| not_picked(&form.engineer))
        .and_then(|id| match meanwhile {
            true => Err(Field::of(&form.engineer).wrong(FieldError::Meanwhile)),
            false => Ok(id),
        });
    let times = Times {
        from: &form.plan_from,
        to: &form.plan_to,
        zone: web.zone,
        now: web.app.now(),
    };
    let plan = times.optional();
    // Whoever loses a visit is told why.
    let moved = loaded.record.open_visit().is_some();
    let reason = if moved {
        needed(&form.reason, LINE_CHARS_MAX)
    } else {
        optional(&form.reason, LINE_CHARS_MAX)
    };
    match (picked, plan, reason) {
        (Ok(to), Ok(plan), Ok(reason)) => {
            let act = offer(&loaded.record, visit, to, plan);
            let why = moved.then_some(reason);
            desk.perform_seen(&loaded, act, &content, why, Done::Assigned)
                .await
        }
        (picked, plan, reason) => {
            let (from, to) = plan
                .err()
                .unwrap_or_else(|| (Field::of(&form.plan_from), Field::of(&form.plan_to)));
            let engineer = picked.err().unwrap_or_else(|| Field::of(&form.engineer));
            let reason = reason.err().unwrap_or_else(|| Field::of(&form.reason));
            let typed = Typed {
                assign: Some([engineer, from, to, reason]),
                ..Typed::default()
            };
            desk.again(&loaded, origin, typed).await.map(Some)
        }
    }
}

/// The reschedule form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct MoveForm {
    once: String,
    assigned: String,
    plan_from: String,
    plan_to: String,
    reason: String,
}

/// POST a new plan.
pub(in crate::web) async fn reschedule(
    State(web): State<Web>,
    reader: Reader,
    origin: Origin,
    Path(id): Path<String>,
    SignedForm { signed, form }: SignedForm<MoveForm>,
) -> Result<Response, Problem> {
    let desk = Desk::new(&web, &reader, &signed, &id, &form.once, Permission::Dispatch)?;
    for _ in 0..LOOKS_MAX {
        if let Some(answer) = reschedule_now(&desk, &origin, &form).await? {
            return Ok(answer);
        }
    }
    Err(Problem::new(Code::Conflict))
}

/// As [`assign_now`].
async fn reschedule_now(
    desk: &Desk<'_>,
    origin: &Origin,
    form: &MoveForm,
) -> Result<Option<Response>, Problem> {
    let web = desk.web;
    let loaded = web.ticket(desk.ticket).await?;
    let times = Times {
        from: &form.plan_from,
        to: &form.plan_to,
        zone: web.zone,
        now: web.app.now(),
    };
    let content = format!("move\0{}\0{}", form.plan_from, form.plan_to);
    let plan = times.needed();
    let open = loaded.record.open_visit();
    let stands = open.is_some_and(|open| open.plan.is_some() && open.plan == plan.as_ref().ok().copied());
    if let Some(answer) = desk.before(&content, stands, Done::Planned).await? {
        return Ok(Some(answer));
    }
    if let Some(over) = desk.over(&loaded) {
        return Ok(Some(over));
    }
    let Some(visit) = open.map(|open| open.id) else {
        return Ok(Some(desk.back(Done::Not(Reason::NotNow))));
    };
    let plan = match is_stale(&form.assigned, &loaded) {
        true => Err((
            Field::of(&form.plan_from).wrong(FieldError::Meanwhile),
            Field::of(&form.plan_to),
        )),
        false => plan,
    };
    match (plan, optional(&form.reason, LINE_CHARS_MAX)) {
        // One more line in the timeline would say that it moved.
        (Ok(_), Ok(_)) if stands => Ok(Some(desk.back(Done::PlannedBefore))),
        (Ok(plan), Ok(reason)) => {
            let why = (!reason.is_empty()).then_some(reason);
            let act = Act::Reschedule { visit, plan };
            desk.perform_seen(&loaded, act, &content, why, Done::Planned)
                .await
        }
        (plan, reason) => {
            let (from, to) = plan
                .err()
                .unwrap_or_else(|| (Field::of(&form.plan_from), Field::of(&form.plan_to)));
            let reason = reason.err().unwrap_or_else(|| Field::of(&form.reason));
            let typed = Typed {
                moved: Some([from, to, reason]),
                ..Typed::default()
            };
            desk.again(&loaded, origin, typed).await.map(Some)
        }
    }
}
