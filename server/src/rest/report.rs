//! The completion report of a ticket, as a PDF.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use fieldline_model::id::TicketId;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::answer::{ProblemBody, ReadProblems};
use super::body::{Asked, At};
use super::routes::Routes;
use super::ticket::load;
use crate::app::App;
use crate::auth::Permission;
use crate::problem::{Problem, language};
use crate::report::For;
use crate::web::report::{answer, paper};
use crate::words::Lang;

pub(super) fn routes(routes: Routes) -> Routes {
    // It names the customer and his site.
    routes.get("/tickets/{ticket}/report.pdf", Permission::ReadCustomers, get)
}

/// A language of a report.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ReportLang {
    /// 简体中文
    Zh,
    /// English
    En,
}

/// How it is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// The language of its form, that of `Accept-Language` when not given; what people wrote is not translated.
    #[param(inline)]
    lang: Option<ReportLang>,
}

#[utoipa::path(get, path = "/tickets/{ticket}/report.pdf", tag = "tickets", operation_id = "ticket_report",
    params(("ticket" = String, Path, description = "Id of the ticket."), Wanted),
    responses((status = 200, description = "The completion report: the same bytes as the phone's of the same state, zone and \
        font.", content_type = "application/pdf"),
        (status = 409, description = "No visit is finished: `not_finished`.", body = ProblemBody,
            content_type = "application/problem+json"),
        ReadProblems))]
async fn get(
    State(app): State<App>,
    At(id): At<TicketId>,
    Asked(wanted): Asked<Wanted>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let ticket = load(app.store(), id).await?;
    let lang = match wanted.lang {
        Some(ReportLang::Zh) => Lang::Zh,
        Some(ReportLang::En) => Lang::En,
        None => match language(&headers) {
            fieldline_model::reason::Lang::Zh => Lang::Zh,
            fieldline_model::reason::Lang::En => Lang::En,
        },
    };
    let zone = crate::web::zone::of_company(&app);
    let pdf = app.report(id, paper(lang, zone), For::Hq).await?;
    Ok(answer(pdf, &ticket.number, lang))
}
