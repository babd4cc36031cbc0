//! Pages for what did not work: what happened, what is safe, what to do. Never blames, never just "an error".

use super::shell;
use crate::words::{Lang, Word, shared as s};
use maud::{Markup, html};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// No such page. The same for a wrong, expired or revoked tracking link.
    NotFound,
    /// The server could not finish.
    Broken,
    /// Too many requests.
    Busy,
    /// Not among this person's permissions.
    Denied,
    /// A form whose hidden token is too old.
    FormExpired,
}

/// A page about trouble.
#[derive(Debug, Clone)]
pub struct TroubleView {
    /// What happened.
    pub trouble: Trouble,
    /// Number to quote, found in the log.
    pub id: Option<String>,
    /// Where trying again leads, if trying again makes sense.
    pub again: Option<String>,
    /// Where to begin afresh; `None` on a customer's page.
    pub home: Option<String>,
}

/// The plain page for any address that leads nowhere.
pub fn not_found(lang: Lang) -> Markup {
    trouble(
        lang,
        &TroubleView {
            trouble: Trouble::NotFound,
            id: None,
            again: None,
            home: None,
        },
    )
}

/// The page.
pub fn trouble(lang: Lang, view: &TroubleView) -> Markup {
    let (title, what, safe, next) = words(view.trouble);
    let body = html! {
        main.card {
            h1 { (lang.t(title)) }
            p { (lang.t(what)) }
            @if let Some(safe) = safe { p { strong { (lang.t(safe)) } } }
            @if let Some(next) = next { p { (lang.t(next)) } }
            @if let Some(id) = &view.id { p.hint { (lang.t(s::ERROR_ID)) " " code { (id) } } }
            @if let Some(again) = &view.again { p { a.button href=(again) { (lang.t(s::TRY_AGAIN)) } } }
            @if let Some(home) = &view.home { p { a href=(home) { (lang.t(s::TO_START)) } } }
        }
    };
    shell::document(lang, lang.t(title), "gate", &body)
}

/// Title, what happened, what is safe, what to do.
fn words(trouble: Trouble) -> (Word, Word, Option<Word>, Option<Word>) {
    match trouble {
        Trouble::NotFound => (s::LOST_TITLE, s::LOST_WHAT, None, Some(s::LOST_DO)),
        Trouble::Broken => (
            s::BROKEN_TITLE,
            s::BROKEN_WHAT,
            Some(s::BROKEN_SAFE),
            Some(s::BROKEN_DO),
        ),
        Trouble::Busy => (
            s::BUSY_TITLE,
            s::BUSY_WHAT,
            Some(s::NOTHING_CHANGED),
            Some(s::BUSY_DO),
        ),
        Trouble::Denied => (
            s::DENIED_TITLE,
            s::DENIED_WHAT,
            Some(s::NOTHING_CHANGED),
            Some(s::DENIED_DO),
        ),
        Trouble::FormExpired => (s::BROKEN_TITLE, s::FORM_EXPIRED, Some(s::NOTHING_CHANGED), None),
    }
}
