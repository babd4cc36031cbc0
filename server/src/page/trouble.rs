//! Pages for what did not work: what happened, what is safe, what to do. Never blames, never just "an error".
//!
//! They speak to who stands there: somebody at HQ, with the way back to the queue, or a customer, who knows of no queue,
//! no post and no number in a log.

use super::{paths, shell, track};
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
    /// The server's disk is full.
    Full,
    /// Not among this person's permissions.
    Denied,
    /// A form whose hidden token is too old.
    FormExpired,
    /// A form with more in it than is taken.
    TooLarge,
    /// A form that cannot be read.
    Unreadable,
}

impl Trouble {
    /// Every kind, for tests.
    pub const ALL: [Self; 8] = [
        Self::NotFound,
        Self::Broken,
        Self::Busy,
        Self::Full,
        Self::Denied,
        Self::FormExpired,
        Self::TooLarge,
        Self::Unreadable,
    ];
}

/// To whom a page about trouble speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Somebody at HQ, signed in or about to be.
    Desk,
    /// A customer, or nobody we know.
    Customer,
}

impl Audience {
    /// Who asks for this address.
    pub fn of(path: &str) -> Self {
        let at_desk = |prefix: &str| {
            path.strip_prefix(prefix)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        if path == "/"
            || [paths::QUEUE, paths::SIGN_IN, paths::SIGN_OUT]
                .into_iter()
                .any(at_desk)
        {
            Self::Desk
        } else {
            Self::Customer
        }
    }
}

/// A page about trouble.
#[derive(Debug, Clone)]
pub struct TroubleView {
    /// What happened.
    pub trouble: Trouble,
    /// To whom it is told.
    pub audience: Audience,
    /// Number to quote, found in the log.
    pub id: Option<String>,
    /// Where trying again leads, if trying again makes sense.
    pub again: Option<String>,
}

/// The plain page for any address that leads nowhere.
pub fn not_found(lang: Lang, audience: Audience) -> Markup {
    let view = TroubleView {
        trouble: Trouble::NotFound,
        audience,
        id: None,
        again: None,
    };
    trouble(lang, &view)
}

/// The page.
pub fn trouble(lang: Lang, view: &TroubleView) -> Markup {
    let Said {
        title,
        what,
        safe,
        next,
    } = said(view);
    let body = html! {
        main.card {
            h1 { (lang.t(title)) }
            p { (lang.t(what)) }
            @if let Some(safe) = safe { p { strong { (lang.t(safe)) } } }
            @if let Some(next) = next { p { (lang.t(next)) } }
            @if let Some(id) = &view.id { p.hint { (lang.t(s::ERROR_ID)) " " code { (id) } } }
            @if let Some(again) = &view.again { p { a.button href=(again) { (lang.t(s::TRY_AGAIN)) } } }
            @if view.audience == Audience::Desk { p { a href=(paths::QUEUE) { (lang.t(s::TO_QUEUE)) } } }
        }
    };
    match view.audience {
        Audience::Desk => shell::document(lang, lang.t(title), "gate", &body),
        Audience::Customer => track::document(lang, lang.t(title), false, &body),
    }
}

/// Title, what happened, what is safe, what to do.
struct Said {
    title: Word,
    what: Word,
    safe: Option<Word>,
    next: Option<Word>,
}

fn said(view: &TroubleView) -> Said {
    use Audience::{Customer, Desk};
    let (title, what, safe, next) = match (view.trouble, view.audience) {
        (Trouble::NotFound, Desk) => (s::LOST_TITLE, s::LOST_WHAT_DESK, None, Some(s::LOST_DO_DESK)),
        // A customer has no post: what is not his to open is not there.
        (Trouble::NotFound | Trouble::Denied, Customer) => {
            (s::LOST_TITLE, s::LOST_WHAT, None, Some(s::LOST_DO))
        }
        (Trouble::Denied, Desk) => unchanged(s::DENIED_TITLE, s::DENIED_WHAT, s::DENIED_DO),
        (Trouble::Broken, Desk) => {
            let next = view
                .id
                .as_ref()
                .map_or(s::BROKEN_DO_DESK, |_| s::BROKEN_DO_NUMBER);
            (
                s::BROKEN_TITLE,
                s::BROKEN_WHAT,
                Some(s::BROKEN_SAFE_DESK),
                Some(next),
            )
        }
        (Trouble::Broken, Customer) => (
            s::BROKEN_TITLE,
            s::BROKEN_WHAT,
            Some(s::BROKEN_SAFE),
            Some(s::BROKEN_DO),
        ),
        (Trouble::Busy, _) => unchanged(s::BUSY_TITLE, s::BUSY_WHAT, s::BUSY_DO),
        (Trouble::Full, Desk) => (
            s::FULL_TITLE,
            s::FULL_WHAT,
            Some(s::BROKEN_SAFE_DESK),
            Some(s::FULL_DO_DESK),
        ),
        (Trouble::Full, Customer) => (
            s::FULL_TITLE,
            s::FULL_WHAT,
            Some(s::BROKEN_SAFE),
            Some(s::BROKEN_DO),
        ),
        (Trouble::FormExpired, _) => (s::NOT_SENT_TITLE, s::FORM_EXPIRED, Some(s::NOTHING_CHANGED), None),
        (Trouble::TooLarge, _) => unchanged(s::NOT_SENT_TITLE, s::TOO_LARGE_WHAT, s::TOO_LARGE_DO),
        (Trouble::Unreadable, _) => unchanged(s::NOT_SENT_TITLE, s::UNREADABLE_WHAT, s::UNREADABLE_DO),
    };
    Said {
        title,
        what,
        safe,
        next,
    }
}

fn unchanged(title: Word, what: Word, next: Word) -> (Word, Word, Option<Word>, Option<Word>) {
    (title, what, Some(s::NOTHING_CHANGED), Some(next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_tells_who_asks() {
        for desk in [
            "/",
            "/hq",
            "/hq/",
            "/hq/tickets/%ff",
            "/sign-in",
            "/sign-in/link/x",
            "/sign-out",
        ] {
            assert_eq!(Audience::of(desk), Audience::Desk, "{desk}");
        }
        for customer in ["/t/abc", "/t/%ff", "/t", "/hqx", "/anything", "/sign-inx"] {
            assert_eq!(Audience::of(customer), Audience::Customer, "{customer}");
        }
    }
}
