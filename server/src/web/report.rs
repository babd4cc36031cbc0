//! Completion reports on pages: HQ's of a ticket, the customer's of a link.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use chrono::FixedOffset;
use fieldline_report::Paper;

use super::Web;
use super::frame::model_lang;
use super::reader::Reader;
use super::ticket::parse;
use crate::auth::extract::Signed;
use crate::auth::role::Permission;
use crate::problem::{Code, Problem};
use crate::report::For;
use crate::words::Lang;

/// How a report is drawn for a reader.
pub(crate) fn paper(lang: Lang, zone: FixedOffset) -> Paper {
    Paper {
        lang: model_lang(lang),
        utc_offset_minutes: zone.local_minus_utc() / 60,
    }
}

/// The report as an answer: shown, and saved under the ticket's number.
pub(crate) fn answer(pdf: Vec<u8>, number: &str, lang: Lang) -> Response {
    let plain = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
    let number: String = number.chars().filter(plain).take(40).collect();
    let name = format!("inline; filename=\"report-{number}-{}.pdf\"", lang.code());
    let name = HeaderValue::from_str(&name).expect("letters, digits and hyphens are plain ASCII");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/pdf")),
        (header::CONTENT_DISPOSITION, name),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static("private, no-store"),
        ),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
    ];
    (headers, pdf).into_response()
}

/// GET a ticket's report, for staff who may know the customer.
pub(super) async fn show(
    State(web): State<Web>,
    reader: Reader,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    signed.check(Permission::ReadCustomers)?;
    let loaded = web.ticket(parse(&id)?).await?;
    let record = &loaded.record;
    let pdf = web
        .app
        .report(record.id, paper(reader.lang, web.zone), For::Hq)
        .await?;
    Ok(answer(pdf, &record.state.facts.number, reader.lang))
}

/// GET the report behind a tracking link, where its page offers one.
pub(crate) async fn show_tracked(
    State(web): State<Web>,
    reader: Reader,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let tracked = web.tracked(&token).await?;
    if !crate::track::has_report(&web, &tracked) {
        return Err(Problem::new(Code::NotFound));
    }
    let record = &tracked.record;
    let pdf = web
        .app
        .report(record.id, paper(reader.lang, web.zone), For::Link)
        .await?;
    Ok(answer(pdf, &record.state.facts.number, reader.lang))
}
