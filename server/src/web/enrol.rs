//! Giving an engineer a phone, and taking one away.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use fieldline_model::id::EngineerId;
use serde::Deserialize;

use super::frame::{Done, go};
use super::reader::{Origin, Reader};
use super::view::pick;
use super::{Web, finish};
use crate::auth::extract::{Signed, SignedForm, query_value};
use crate::auth::role::Permission;
use crate::page::enrol::{EnrolView, PhoneChoice, RevokeView, enrol as enrol_page, revoke as revoke_page};
use crate::page::paths;
use crate::problem::{Code, Problem};
use crate::store::page_list::{EngineerItem, LivingPhone, engineer_item};

/// How long a code works: time to find the phone, not to lose the note.
const CODE_LIFE_MS: i64 = 30 * 60 * 1000;

/// Every phone of the engineer, in the revoke form.
const ALL: &str = "all";

/// The revoke form: which phone, where there are several.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RevokeForm {
    device: String,
}

/// The enrol form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct EnrolForm {
    /// A code that was made already, to be shown in another language.
    code: String,
}

/// POST a new code: the answer shows it, once. Asking again makes another; each works for one phone. With a code that is
/// still good the same one is shown again: a code is kept as a hash, so only the page that shows it can bring it back.
pub(super) async fn enrol(
    State(web): State<Web>,
    reader: Reader,
    Origin(origin): Origin,
    Path(id): Path<String>,
    SignedForm { signed, form }: SignedForm<EnrolForm>,
) -> Result<Response, Problem> {
    signed.check(Permission::EditEngineers)?;
    let engineer = web.engineer(&id).await?;
    let code = if form.code.is_empty() {
        web.app.enrol_code(engineer.id, CODE_LIFE_MS).await?
    } else {
        match web.app.enrol_code_unused(engineer.id, form.code).await? {
            Some(code) => code,
            // Used or too old by now: there is nothing left to show.
            None => return Ok(Redirect::to(paths::ENGINEERS).into_response()),
        }
    };
    let mut frame = web.frame(&reader, &signed).await?;
    frame.again = vec![("code", code.code.clone())];
    let view = EnrolView {
        id,
        name: pick(reader.lang, &engineer.name, &engineer.name_en).to_owned(),
        qr: format!(
            "fieldline://enrol?server={}&code={}",
            query_value(&origin),
            code.code
        ),
        command: format!("fieldline phone enrol {origin} {}", code.code),
        code: code.code,
        until: web.stamp(code.expires_at),
        // A second phone joins beside the first; a lost one is revoked by hand.
        replaces: false,
    };
    Ok(finish::page(enrol_page(&frame, &view)))
}

/// GET the question before revoking.
pub(super) async fn ask(
    State(web): State<Web>,
    reader: Reader,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    signed.check(Permission::EditEngineers)?;
    let engineer = web.engineer(&id).await?;
    let phone = engineer
        .phone
        .filter(|phone| !phone.revoked)
        .ok_or_else(|| Problem::new(Code::NotFound))?;
    let choice = |phone: &LivingPhone| PhoneChoice {
        id: phone.id.to_string(),
        name: phone.name.clone(),
        seen: phone.seen.map(|at| web.stamp(at)),
    };
    let view = RevokeView {
        id,
        name: pick(reader.lang, &engineer.name, &engineer.name_en).to_owned(),
        seen: phone.seen.map(|at| web.stamp(at)),
        pending: None,
        phones: web.living_phones(engineer.id).await?.iter().map(choice).collect(),
    };
    Ok(finish::page(revoke_page(
        &web.frame(&reader, &signed).await?,
        &view,
    )))
}

/// POST the end of a phone. The second time there is nothing left to revoke, and that is as good. Of several one must be
/// named, or all of them.
pub(super) async fn revoke(
    State(web): State<Web>,
    Path(id): Path<String>,
    SignedForm { signed, form }: SignedForm<RevokeForm>,
) -> Result<Response, Problem> {
    signed.check(Permission::EditEngineers)?;
    let engineer = web.engineer(&id).await?;
    let living = web.living_phones(engineer.id).await?;
    let mut named: Vec<_> = living.iter().map(|phone| phone.id).collect();
    if form.device.is_empty() && named.len() > 1 {
        return Ok(Redirect::to(&paths::engineer_act(&id, "revoke")).into_response());
    }
    // Picked twice it is gone, and that must not end another.
    if !form.device.is_empty() && form.device != ALL {
        named.retain(|device| device.to_string() == form.device);
    }
    for device in named {
        web.app.revoke(device).await?;
    }
    Ok(go(paths::ENGINEERS, Done::Revoked(engineer.id)))
}

impl Web {
    async fn engineer(&self, id: &str) -> Result<EngineerItem, Problem> {
        let id: EngineerId = id.parse().map_err(|_| Problem::new(Code::NotFound))?;
        let found = self
            .app
            .store()
            .read(move |connection| engineer_item(connection, id))
            .await?;
        found.ok_or_else(|| Problem::new(Code::NotFound))
    }

    async fn living_phones(&self, engineer: EngineerId) -> Result<Vec<LivingPhone>, Problem> {
        let read = move |connection: &rusqlite::Connection| {
            crate::store::page_list::phone_living(connection, engineer)
        };
        Ok(self.app.store().read(read).await?)
    }
}
