//! The OpenAPI document: what each handler says of itself, under one introduction.

mod finish;

use utoipa::{OpenApi, openapi};

use super::{
    BASE, act, article, asset, attachment, contact, customer, engineer, event, fate, grant, intake, location,
    part, phone, report, request, site, sla_plan, stock, ticket, tracking, viewing, visit,
};
use finish::Finish;

/// What every client must know.
const INTRODUCTION: &str = "\
JSON in UTF-8. Times are RFC 3339 in UTC with milliseconds; ids are ULIDs.

**Who asks**: `Authorization: Bearer <token>`, or the session cookie of a signed-in browser; with the cookie, anything \
but GET needs the session's form token in `X-CSRF-Token`. `fieldline admin token add` makes a token.

**Pages**: lists take `limit` (1 to 200, 50 when not given) and answer `items` and `next`, the path of the next page or \
null. A cursor counts for its list and filters only. Entries neither repeat nor go missing when others come or change.

**Changing**: PUT and PATCH change the fields they are given. A field left out keeps its value; `null` clears one that \
may be empty. (A stock count, an SLA plan and an article's sections are given whole.)

**Length**: `maxLength` counts characters. Where there is an `x-max-bytes` too, the server counts bytes in UTF-8: a text \
has at most so many. They hold as many ASCII characters, and about a third as many Chinese ones.

**Repeating**: every POST takes `Idempotency-Key` (1 to 200 characters). For a day the same key with the same body gets \
the same answer with `Idempotency-Replayed: true`; with another body it gets `idempotency_key_reused`. Failed requests \
do not use a key up.

**Errors** are `application/problem+json` with a stable `code`. Unknown fields and parameters are errors. A request that \
fails has done nothing. The codes:
";

#[derive(OpenApi)]
#[openapi(
    info(title = "Fieldline", version = "1", license(name = "Apache-2.0", identifier = "Apache-2.0")),
    servers((url = "/api/v1")),
    security(("token" = []), ("session" = [])),
    modifiers(&Finish),
    components(schemas(super::answer::ProblemBody, super::shape::Ulid)),
    tags(
        (name = "tickets", description = "The customers' problems, and what HQ does about them."),
        (name = "visits", description = "Engineers' trips."),
        (name = "engineers", description = "The people who go out, and their phones."),
        (name = "customers", description = "Customers with their SLA plans, contacts, sites and assets."),
        (name = "parts", description = "Parts, locations and stock."),
        (name = "articles", description = "Knowledge articles and manuals."),
        (name = "sync", description = "What became of operations."),
    ),
    paths(
        ticket::list, intake::create, ticket::get, intake::edit,
        act::triage, act::offer, act::reassign, act::reschedule, act::cancel, act::resolve, act::close, act::reopen, act::note,
        event::list, viewing::list, tracking::create, tracking::revoke, report::get,
        visit::list, visit::get,
        engineer::list, engineer::create, engineer::get, engineer::update,
        phone::enrol, phone::list, phone::revoke,
        customer::list, customer::create, customer::get, customer::update, customer::erase,
        sla_plan::list, sla_plan::create, sla_plan::get, sla_plan::update,
        contact::list, contact::create, contact::get, contact::update,
        site::list, site::create, site::get, site::update,
        asset::list, asset::create, asset::get, asset::update,
        part::list, part::create, part::get, part::update,
        location::list, location::create, location::get, location::update,
        stock::list, stock::set, grant::grants, grant::movements, grant::discrepancies,
        request::list, request::reserve, request::decline,
        article::list, article::create, article::get, article::publish, article::annotate,
        attachment::read, attachment::attach, attachment::remove,
        fate::get, fate::list, fate::held, fate::adopt, fate::decline,
    )
)]
struct Document;

/// The document.
#[must_use]
pub fn describe() -> openapi::OpenApi {
    let mut document = Document::openapi();
    document.servers = Some(vec![openapi::Server::new(BASE)]);
    document
}
