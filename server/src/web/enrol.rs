//! Giving an engineer a phone, and taking one away.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use fieldline_model::id::{DeviceId, EngineerId, OperationId};
use rusqlite::Connection;
use serde::Deserialize;

use super::frame::{Done, go};
use super::once::Once;
use super::reader::{Origin, Reader};
use super::view::pick;
use super::{Web, finish};
use crate::auth::extract::{Signed, SignedForm, query_value};
use crate::auth::role::Permission;
use crate::page::enrol::{EnrolView, PhoneChoice, RevokeView, enrol as enrol_page, revoke as revoke_page};
use crate::page::form::{Field, FieldError};
use crate::page::paths;
use crate::problem::{Code, Problem};
use crate::store::page_list::{EngineerItem, LivingPhone, engineer_item, phone_living, phone_was};
use crate::words::Lang;

/// How long a code works: time to find the phone, not to lose the note.
const CODE_LIFE_MS: i64 = 30 * 60 * 1000;

/// Stands between phones that are revoked together.
const AND: char = '.';

/// The revoke form: which phone, or which ones.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RevokeForm {
    device: String,
}

/// The phones a revoke form names.
enum Named {
    /// All of them are in use.
    InUse(Vec<DeviceId>),
    /// All of them are revoked already.
    Revoked,
    /// What is wrong with the form.
    Wrong(FieldError),
}

/// The enrol form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct EnrolForm {
    once: String,
    /// A code that was made already, to be shown in another language.
    code: String,
}

/// POST a new code: the answer shows it. Asking again makes another; each works for one phone. The form that comes again,
/// and one with a code that is still good, show the same one: a code is kept as a hash, so nothing else can bring it back.
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
        let once = Once::read(&web, &form.once, &signed.staff.id.to_string());
        let name = once.id(OperationId::new, &format!("enrol\0{}", engineer.id));
        web.app.enrol_code_named(name, engineer.id, CODE_LIFE_MS).await?
    } else {
        web.app.enrol_code_unused(engineer.id, form.code).await?
    };
    // Used or too old by now: there is nothing left to show.
    let Some(code) = code else {
        return Ok(go(paths::ENGINEERS, Done::CodeSpent));
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
    let living = web.living_phones(engineer.id).await?;
    let view = revoke_view(&web, reader.lang, &engineer, &living, Field::default());
    Ok(finish::page(revoke_page(
        &web.frame(&reader, &signed).await?,
        &view,
    )))
}

fn revoke_view(
    web: &Web,
    lang: Lang,
    engineer: &EngineerItem,
    living: &[LivingPhone],
    device: Field,
) -> RevokeView {
    let choice = |phone: &LivingPhone| PhoneChoice {
        id: phone.id.to_string(),
        name: phone.name.clone(),
        app: phone.app.clone(),
        enrolled: web.stamp(phone.enrolled),
        seen: phone.seen.map(|at| web.stamp(at)),
    };
    RevokeView {
        id: engineer.id.to_string(),
        name: pick(lang, &engineer.name, &engineer.name_en).to_owned(),
        pending: None,
        phones: living.iter().map(choice).collect(),
        device,
    }
}

/// POST the end of a phone, or of several: the form names each. One that is no phone in use of this engineer ends none,
/// so that an old page never reaches a phone it did not show.
pub(super) async fn revoke(
    State(web): State<Web>,
    reader: Reader,
    Path(id): Path<String>,
    SignedForm { signed, form }: SignedForm<RevokeForm>,
) -> Result<Response, Problem> {
    signed.check(Permission::EditEngineers)?;
    let engineer = web.engineer(&id).await?;
    let living = web.living_phones(engineer.id).await?;
    let error = match web.named_phones(&engineer, &living, &form.device).await? {
        Named::InUse(named) => {
            let mut revoked = false;
            for device in named {
                revoked |= web.app.revoke(device).await?;
            }
            let done = if revoked {
                Done::Revoked
            } else {
                Done::RevokedBefore
            };
            return Ok(go(paths::ENGINEERS, done(engineer.id)));
        }
        // The form came twice, or somebody was faster.
        Named::Revoked => {
            return Ok(go(paths::ENGINEERS, Done::RevokedBefore(engineer.id)));
        }
        Named::Wrong(error) => error,
    };
    let device = Field::of(form.device).wrong(error);
    let view = revoke_view(&web, reader.lang, &engineer, &living, device);
    let page = revoke_page(&web.frame(&reader, &signed).await?, &view);
    Ok(finish::answer(StatusCode::UNPROCESSABLE_ENTITY, page))
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
        let read = move |connection: &Connection| phone_living(connection, engineer);
        Ok(self.app.store().read(read).await?)
    }

    /// The phones that a form names.
    async fn named_phones(
        &self,
        engineer: &EngineerItem,
        living: &[LivingPhone],
        sent: &str,
    ) -> Result<Named, Problem> {
        if sent.is_empty() {
            return Ok(Named::Wrong(FieldError::WhichPhone));
        }
        let named: Result<Vec<DeviceId>, _> = sent.split(AND).map(str::parse).collect();
        let Ok(named) = named else {
            return Ok(Named::Wrong(FieldError::Unknown));
        };
        let gone = named
            .iter()
            .filter(|device| living.iter().all(|phone| phone.id != **device));
        let gone: Vec<DeviceId> = gone.copied().collect();
        for device in &gone {
            let (engineer, device) = (engineer.id, *device);
            let was = move |connection: &Connection| phone_was(connection, engineer, device);
            if !self.app.store().read(was).await? {
                return Ok(Named::Wrong(FieldError::Unknown));
            }
        }
        Ok(match gone.len() {
            0 => Named::InUse(named),
            all if all == named.len() => Named::Revoked,
            _ => Named::Wrong(FieldError::RevokedBefore),
        })
    }
}
