//! A customer's tracking link for a ticket.

use std::path::Path;

use fieldline_model::operation::Author;
use fieldline_server::app::App;
use fieldline_server::page::paths;
use fieldline_server::store::ticket::{TicketFilter, TicketRow, ticket_get, ticket_list};
use fieldline_server::words::Lang;
use serde_json::json;

use crate::answer::Answer;
use crate::data;
use crate::fault::Fault;
use crate::when::Clock;
use crate::words::{admin as a, fault as w, fill};

/// Tickets looked through for one number: those whose texts hold it too.
const LOOKED_THROUGH_MAX: u32 = 500;

/// Makes a link.
pub(super) async fn link(
    path: &Path,
    name: &str,
    public_url: Option<&str>,
    lang: Lang,
) -> Result<Answer, Fault> {
    let app = data::open(path)?;
    let server = data::address(path, public_url)?;
    let ticket = find(&app, name).await?;
    let link = app.tracking_link(ticket.id, Author::Server).await?;
    let url = format!("{server}{}", paths::track(&link.token));
    let until = Clock::system(lang).zoned(link.expires_at);
    let title = fill(lang, a::LINK, &[("number", &ticket.number), ("time", &until)]);
    let json = json!({
        "ticket": ticket.id, "number": ticket.number, "url": url, "expires_at": link.expires_at,
    });
    Ok(Answer::new(format!("{title}\n  {url}"), json))
}

async fn find(app: &App, name: &str) -> Result<TicketRow, Fault> {
    let unknown = || Fault::new("no_such_ticket", w::TICKET_UNKNOWN, &[("name", name)]);
    if let Ok(id) = name.parse() {
        return app
            .store()
            .read(move |connection| ticket_get(connection, id))
            .await?
            .ok_or_else(unknown);
    }
    let filter = TicketFilter {
        q: Some(name.to_owned()),
        ..TicketFilter::default()
    };
    let fits = app
        .store()
        .read(move |connection| ticket_list(connection, &filter, "", LOOKED_THROUGH_MAX))
        .await?;
    fits.into_iter()
        .find(|ticket| ticket.number.eq_ignore_ascii_case(name))
        .ok_or_else(unknown)
}
