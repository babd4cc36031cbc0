//! The engineers and the phones they carry.

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use rusqlite::Connection;
use serde::Deserialize;

use super::frame::{Done, done, told};
use super::paging::page;
use super::reader::Reader;
use super::view::{listed, pick, skill};
use super::{Web, finish};
use crate::auth::extract::Signed;
use crate::auth::role::Permission;
use crate::page::engineers::{EngineerRow, EngineersView, PhoneJobs, PhoneState, engineers};
use crate::page::pager::Part;
use crate::problem::Problem;
use crate::store::StoreError;
use crate::store::page_list::{EngineerItem, PhoneItem, engineer_count, engineer_item, engineer_list};
use crate::words::Lang;

/// A phone silent for longer is shown as offline. Phones sync in the background every quarter of an hour at best.
const OFFLINE_MS: i64 = 60 * 60 * 1000;

/// Engineers of one page: two screens of a desk.
const ROWS: u32 = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    page: String,
}

/// GET the list.
pub(super) async fn list(
    State(web): State<Web>,
    reader: Reader,
    headers: HeaderMap,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    signed.check(Permission::ReadEngineers)?;
    let (page, done) = (page(&asked.page)?, done(&headers));
    let load = move |connection: &Connection| {
        let part = Part::of(page, ROWS, engineer_count(connection)?);
        let items = engineer_list(connection, part.offset(), part.size())?;
        // Whose phone the line after revoking is about: on this part or on another.
        let about = match done {
            Some(Done::Revoked(id) | Done::RevokedBefore(id)) => engineer_item(connection, id)?,
            _ => None,
        };
        Ok::<_, StoreError>((items, part, about))
    };
    let (items, part, about) = web.app.store().read(load).await?;
    let rows = items.iter().map(|item| row(&web, reader.lang, item)).collect();
    let view = EngineersView {
        rows,
        part,
        may_edit: signed.may(Permission::EditEngineers),
    };
    let mut frame = web.frame(&reader, &signed).await?;
    frame.flash = done.map(|done| done.flash(reader.lang, &named(reader.lang, about.as_ref())));
    Ok(told(finish::page(engineers(&frame, &view)), done))
}

fn row(web: &Web, lang: Lang, item: &EngineerItem) -> EngineerRow {
    let skills: Vec<String> = item.skills.iter().map(|code| skill(lang, code)).collect();
    let phone = item.phone.as_ref();
    EngineerRow {
        id: item.id.to_string(),
        name: pick(lang, &item.name, &item.name_en).to_owned(),
        skills: listed(lang, &skills),
        phone: phone.map_or(PhoneState::None, |phone| state(web, phone)),
        seen: phone.and_then(|phone| phone.seen).map(|at| web.stamp(at)),
        // A phone does not say what it still holds until it sends it.
        pending: None,
        jobs: jobs(item),
    }
}

/// What is known of an engineer's jobs on his phone.
fn jobs(item: &EngineerItem) -> PhoneJobs {
    match &item.phone {
        None | Some(PhoneItem { revoked: true, .. }) => PhoneJobs::NoPhone,
        Some(_) if item.jobs == 0 => PhoneJobs::None,
        Some(PhoneItem { confirmed: true, .. }) => PhoneJobs::Confirmed(item.complete, item.jobs),
        Some(PhoneItem { seen: Some(_), .. }) => PhoneJobs::Sent,
        Some(PhoneItem { seen: None, .. }) => PhoneJobs::Silent,
    }
}

fn state(web: &Web, phone: &PhoneItem) -> PhoneState {
    match phone {
        PhoneItem {
            revoked: true,
            held: 1..,
            ..
        } => PhoneState::Quarantine,
        PhoneItem { revoked: true, .. } => PhoneState::Revoked,
        PhoneItem { seen: Some(at), .. } if web.app.now().since(*at) < OFFLINE_MS => PhoneState::InUse,
        PhoneItem { .. } => PhoneState::Offline,
    }
}

fn named(lang: Lang, item: Option<&EngineerItem>) -> String {
    item.map(|item| pick(lang, &item.name, &item.name_en).to_owned())
        .unwrap_or_default()
}
