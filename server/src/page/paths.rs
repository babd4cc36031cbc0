//! The addresses pages link and post to, in one place, so that router and pages agree.

/// Embedded files: `{ASSETS}/hq.css`.
pub const ASSETS: &str = "/web";
/// GET the form, POST `name`, `password`.
pub const SIGN_IN: &str = "/sign-in";
/// POST, ends the session.
pub const SIGN_OUT: &str = "/sign-out";
/// The queue, HQ's first page. GET with `state`, `q`, `after`.
pub const QUEUE: &str = "/hq";
/// Server-sent events of the parts list.
pub const PARTS_LIVE: &str = "/hq/parts/live";
/// Server-sent events of the queue.
pub const QUEUE_LIVE: &str = "/hq/live";
/// POST the new ticket.
pub const TICKETS: &str = "/hq/tickets";
/// GET the form for a new ticket.
pub const NEW_TICKET: &str = "/hq/tickets/new";
/// The engineers and their phones.
pub const ENGINEERS: &str = "/hq/engineers";
/// Stock by location. GET with `q`, `location`.
pub const PARTS: &str = "/hq/parts";
/// Where a count is sent.
pub const COUNT: &str = "/hq/parts/count";
/// Where it is sent that a request for parts is declined.
pub const DECLINE_REQUEST: &str = "/hq/parts/requests/decline";
/// Articles. GET with `q`.
pub const ARTICLES: &str = "/hq/articles";

/// Work that was not taken. GET with `all`, `page`.
pub const HELD: &str = "/hq/held";

/// POST, lets messages go out again after a restore.
pub const RELEASE: &str = "/hq/release-outbound";

/// One ticket's page at HQ.
pub fn ticket(id: &str) -> String {
    format!("/hq/tickets/{id}")
}

/// What is done to a ticket: `assign`, `reschedule`, `cancel`, `note`, `live`, `reviews/{review}`, `held`.
pub fn ticket_act(id: &str, act: &str) -> String {
    format!("/hq/tickets/{id}/{act}")
}

/// A picture of a ticket.
pub fn photo(id: &str, hash: &str) -> String {
    format!("/hq/tickets/{id}/photos/{hash}")
}

/// A file of an article.
pub fn article_file(id: &str, hash: &str) -> String {
    format!("/hq/articles/{id}/files/{hash}")
}

/// What is done for an engineer: `enrol`, `revoke`.
pub fn engineer_act(id: &str, act: &str) -> String {
    format!("/hq/engineers/{id}/{act}")
}

/// POST that somebody dealt with work that was not taken.
pub fn held(id: &str) -> String {
    format!("/hq/held/{id}")
}

/// One article.
pub fn article(id: &str) -> String {
    format!("/hq/articles/{id}")
}

/// A one-time sign-in link's landing page; the same address takes the POST.
pub fn sign_in_link(token: &str) -> String {
    format!("/sign-in/link/{token}")
}

/// The page on which a form stood that posts here; `None` for the button that signs out, which stands on every page.
pub fn page_of_form(posted: &str) -> Option<String> {
    let parts: Vec<&str> = posted.trim_start_matches('/').split('/').collect();
    Some(match parts.as_slice() {
        ["hq", "tickets"] => NEW_TICKET.to_owned(),
        ["hq", "tickets", id, _, ..] => ticket(id),
        ["hq", "held", _] => HELD.to_owned(),
        ["hq", "engineers", id, act @ "revoke"] => engineer_act(id, act),
        ["hq", "engineers", ..] => ENGINEERS.to_owned(),
        ["hq", ..] => QUEUE.to_owned(),
        _ => return None,
    })
}

/// The customer's page.
pub fn track(token: &str) -> String {
    format!("/t/{token}")
}

/// Under the customer's page: `live`, `urge`, `message`, `time`, `rating`.
pub fn track_act(token: &str, act: &str) -> String {
    format!("/t/{token}/{act}")
}

/// The same page in another language: `here` is path and query as requested.
pub fn in_language(here: &str, code: &str) -> String {
    let (path, query) = here.split_once('?').unwrap_or((here, ""));
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("lang="))
        .collect();
    let join = if kept.is_empty() { "" } else { "&" };
    format!("{path}?{}{join}lang={code}", kept.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn language_switch_keeps_the_rest_of_the_address() {
        assert_eq!(in_language("/hq", "en"), "/hq?lang=en");
        assert_eq!(
            in_language("/hq?q=a&lang=zh&state=new", "en"),
            "/hq?q=a&state=new&lang=en"
        );
    }
}
