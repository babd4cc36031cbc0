//! Parts that engineers asked for: shown beside the stock, and declined with a reason.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use fieldline_model::id::OperationId;
use fieldline_model::operation::Author;
use rusqlite::Connection;
use serde::Deserialize;

use super::field::needed;
use super::frame::{Done, go};
use super::once::Once;
use super::reader::Reader;
use super::view::{engineer_name, pick};
use super::{Web, finish, read};
use crate::auth::extract::{Signed, SignedForm};
use crate::auth::role::Permission;
use crate::door::DoorError;
use crate::grant::asked::REASON_CHARS_MAX;
use crate::page::form::Field;
use crate::page::parts::parts;
use crate::page::paths;
use crate::page::request::{RequestRow, RequestsView};
use crate::problem::{Code, Problem};
use crate::store::StoreError;
use crate::store::grant::request_list;
use crate::store::page_queue::ticket_number;
use crate::words::Lang;

/// Requests on the page: who has more of them has other worries than this list. All are told by REST.
const ROWS: usize = 50;

impl Web {
    /// What waits, oldest first.
    pub(super) async fn requests(&self, lang: Lang, signed: &Signed) -> Result<RequestsView, Problem> {
        let web = self.clone();
        let read = move |connection: &Connection| rows(connection, &web, lang);
        let mut rows = self.app.store().read::<_, StoreError>(read).await?;
        let more = rows.len() > ROWS;
        rows.truncate(ROWS);
        Ok(RequestsView {
            rows,
            more,
            may_decline: signed.may(Permission::EditStock),
            wrong: None,
        })
    }

    /// The page again, with the reason as it was typed.
    async fn decline_again(
        &self,
        reader: &Reader,
        signed: &Signed,
        asked: OperationId,
        reason: Field,
    ) -> Result<Response, Problem> {
        let mut view = self
            .stock(reader.lang, signed, String::new(), String::new(), 0)
            .await?;
        view.requests.wrong = Some((asked.to_string(), reason));
        let mut frame = self.frame(reader, signed).await?;
        frame.here = paths::PARTS.to_owned();
        Ok(finish::answer(
            StatusCode::UNPROCESSABLE_ENTITY,
            parts(&frame, &view),
        ))
    }
}

/// One more than the page shows tells that there are more.
fn rows(connection: &Connection, web: &Web, lang: Lang) -> Result<Vec<RequestRow>, StoreError> {
    let most = u32::try_from(ROWS + 1).unwrap_or(u32::MAX);
    let mut rows = Vec::new();
    for (asked, at) in request_list(connection, "", most)? {
        let part = read::part(connection, asked.part)?;
        let location = read::location(connection, asked.location)?;
        let engineer = read::engineer(connection, asked.engineer)?;
        let ticket = match asked.document.ticket() {
            Some(id) => ticket_number(connection, id)?.map(|number| (id.to_string(), number)),
            None => None,
        };
        rows.push(RequestRow {
            operation: asked.operation.to_string(),
            ticket,
            engineer: engineer.map(|row| engineer_name(lang, &row)).unwrap_or_default(),
            number: part.as_ref().map(|part| part.number.clone()).unwrap_or_default(),
            name: part
                .map(|part| pick(lang, &part.name_zh, &part.name_en).to_owned())
                .unwrap_or_default(),
            location: location
                .map(|place| pick(lang, &place.name_zh, &place.name_en).to_owned())
                .unwrap_or_default(),
            quantity: asked.quantity,
            at: web.stamp(at),
        });
    }
    Ok(rows)
}

/// The form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Declining {
    operation: String,
    reason: String,
    once: String,
}

/// POST that HQ will not give what was asked for.
pub(super) async fn decline(
    State(web): State<Web>,
    reader: Reader,
    SignedForm { signed, form }: SignedForm<Declining>,
) -> Result<Response, Problem> {
    signed.check(Permission::EditStock)?;
    let asked: OperationId = form.operation.parse().map_err(|_| Problem::new(Code::NotFound))?;
    let reason = match needed(&form.reason, REASON_CHARS_MAX) {
        Ok(reason) => reason,
        Err(field) => return web.decline_again(&reader, &signed, asked, field).await,
    };
    let once = Once::read(&web, &form.once, &signed.staff.id.to_string());
    let note = once.id(OperationId::new, &format!("decline\0{asked}\0{reason}"));
    let by = Author::Staff(signed.staff.id);
    let done = match web.app.decline_request(by, asked, note, &reason).await {
        Ok(_) => Done::RequestDeclined,
        // Granted or declined after the page was opened.
        Err(DoorError::Meanwhile) => Done::RequestMeanwhile,
        Err(DoorError::Refused(why)) => Done::Not(why),
        Err(error) => return Err(error.into()),
    };
    Ok(go(paths::PARTS, done))
}
