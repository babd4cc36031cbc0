//! Signing in to HQ: with name and password, or with a one-time link whose button posts.

use super::{paths, shell};
use crate::words::{Lang, shared as s};
use maud::{Markup, html};

/// Why signing in did not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInError {
    /// Name or password is wrong; which one is not told.
    Wrong,
    /// Too many tries; minutes to wait.
    TooMany(u32),
    /// The form was too old to be safe.
    Expired,
}

/// The sign-in form.
#[derive(Debug, Clone)]
pub struct SignInView {
    /// The organisation's name.
    pub company: String,
    /// The name typed before, kept after an error.
    pub name: String,
    /// What went wrong.
    pub error: Option<SignInError>,
    /// A form was not sent, because nobody was signed in.
    pub unsent: bool,
    /// Token of the hidden `csrf` field.
    pub csrf: String,
    /// Where to go afterwards: a path of this server, sent back as `next`.
    pub next: String,
}

/// A one-time link's landing page.
#[derive(Debug, Clone)]
pub struct LinkView {
    /// The organisation's name.
    pub company: String,
    /// The token in the address.
    pub token: String,
    /// Who will be signed in; `None` when the link was used or has expired.
    pub name: Option<String>,
    /// Token of the hidden `csrf` field.
    pub csrf: String,
}

/// The sign-in page. Posts `name`, `password`, `next`, `csrf`.
pub fn sign_in(lang: Lang, view: &SignInView) -> Markup {
    let wrong = view.error.map(|_| "true");
    let body = html! {
        p.hint { (lang.t(s::SIGN_IN_HINT)) }
        @if view.unsent { (shell::flash_box(false, lang.t(s::UNSENT))) }
        @if let Some(error) = view.error { (shell::flash_box(false, &error_text(lang, error))) }
        form method="post" action=(paths::SIGN_IN) {
            input type="hidden" name="csrf" value=(view.csrf);
            input type="hidden" name="next" value=(view.next);
            div.field {
                label for="name" { (lang.t(s::NAME)) }
                input id="name" name="name" value=(view.name) autocomplete="username" autocapitalize="none" required aria-invalid=[wrong];
            }
            div.field {
                label for="password" { (lang.t(s::PASSWORD)) }
                input id="password" name="password" type="password" autocomplete="current-password" required aria-invalid=[wrong];
            }
            button.primary.wide { (lang.t(s::SIGN_IN)) }
        }
    };
    gate(lang, &view.company, lang.t(s::SIGN_IN), paths::SIGN_IN, &body)
}

/// The landing page of a one-time link. A visit alone signs nobody in, because mail scanners visit links.
pub fn sign_in_link(lang: Lang, view: &LinkView) -> Markup {
    let here = paths::sign_in_link(&view.token);
    let body = html! {
        @if let Some(name) = &view.name {
            p { (lang.fill(s::LINK_READY, &[("name", name)])) }
            form method="post" action=(here) {
                input type="hidden" name="csrf" value=(view.csrf);
                button.primary.wide { (lang.t(s::SIGN_IN)) }
            }
        } @else {
            (shell::flash_box(false, lang.t(s::LINK_SPENT)))
            p { a.button href=(paths::SIGN_IN) { (lang.t(s::SIGN_IN)) } }
        }
    };
    gate(lang, &view.company, lang.t(s::LINK_TITLE), &here, &body)
}

fn error_text(lang: Lang, error: SignInError) -> String {
    match error {
        SignInError::Wrong => lang.t(s::WRONG_PASSWORD).to_owned(),
        SignInError::TooMany(minutes) => lang.fill(s::TOO_MANY_TRIES, &[("n", &minutes.to_string())]),
        SignInError::Expired => lang.t(s::FORM_EXPIRED).to_owned(),
    }
}

/// A page for people who are not signed in: one card in the middle.
fn gate(lang: Lang, company: &str, title: &str, here: &str, body: &Markup) -> Markup {
    let rest = html! {
        main.card {
            p.brand { (company) }
            h1 { (title) }
            (body)
            (shell::language_switch(lang, here))
        }
    };
    shell::document(lang, title, "gate", &rest)
}
