//! What the customer gets at the end: the report in short, the signature, and the question how it was.

use crate::page::form::{self, Field, Input};
use crate::page::ticket::report::Signature;
use crate::page::ticket::timeline::happening::VisitResult;
use crate::page::{Stamp, paths, when};
use crate::words::{Lang, track as t};
use maud::{Markup, html};

/// The report as the customer sees it.
#[derive(Debug, Clone)]
pub struct ReportView {
    /// How it ended.
    pub result: VisitResult,
    /// The cause in words.
    pub cause: Option<String>,
    /// What was done.
    pub remedy: Option<String>,
    /// Parts with quantity, one a line.
    pub parts: Vec<String>,
    /// Time on site.
    pub on_site: Option<when::Window>,
    /// The signature.
    pub signature: Option<Signature>,
    /// Address of the whole report as a PDF, where it can be drawn.
    pub pdf: Option<String>,
}

/// The rating.
#[derive(Debug, Clone)]
pub enum Rating {
    /// Not given yet.
    Ask(RatingForm),
    /// Given, 1 to 5.
    Given(u8),
}

/// The form for a rating, with what was chosen and typed.
#[derive(Debug, Clone, Default)]
pub struct RatingForm {
    /// Value of the hidden `once` field: a form sent twice counts once.
    pub once: String,
    /// Which of 1 to 5.
    pub stars: Field,
    /// A remark.
    pub text: Field,
}

/// The report.
pub(super) fn report(lang: Lang, now: Stamp, view: &ReportView) -> Markup {
    html! {
        section aria-labelledby="report" {
            h2 #report { (lang.t(t::SUMMARY)) }
            dl {
                dt { (lang.t(t::S_RESULT)) } dd { (view.result.text(lang)) }
                @if let Some(cause) = &view.cause { dt { (lang.t(t::S_CAUSE)) } dd { (cause) } }
                @if let Some(remedy) = &view.remedy { dt { (lang.t(t::S_REMEDY)) } dd { (remedy) } }
                @if !view.parts.is_empty() { dt { (lang.t(t::S_PARTS)) } @for part in &view.parts { dd { (part) } } }
                @if let Some(on_site) = view.on_site { dt { (lang.t(t::S_TIME)) } dd { (when::window(lang, on_site, now)) } }
            }
            @if let Some(by) = &view.signature { (signature(lang, now, by)) }
            @if let Some(pdf) = &view.pdf { p { a href=(pdf) { (lang.t(t::S_PDF)) } } }
        }
    }
}

fn signature(lang: Lang, now: Stamp, by: &Signature) -> Markup {
    let at = when::short(lang, by.at, now);
    html! {
        figure {
            img.signature src=(by.src) alt=(lang.t(t::S_SIGNATURE)) width="240" height="80";
            figcaption.quiet.small { (lang.fill(t::S_SIGNED, &[("name", &by.name), ("x", &at)])) }
        }
    }
}

/// The rating form, or the rating given. Posts `rating` 1 to 5 and `text`.
pub(super) fn rating(lang: Lang, token: &str, rating: &Rating) -> Markup {
    html! {
        section aria-labelledby="rating" {
            @match rating {
                Rating::Given(n) => {
                    h2 #rating { (lang.fill(t::RATED, &[("n", &n.to_string())])) }
                    p { (lang.t(t::SENT_RATING)) }
                },
                Rating::Ask(form) => {
                    h2 #rating { (lang.t(t::RATE)) }
                    (rating_form(lang, token, form))
                },
            }
        }
    }
}

fn rating_form(lang: Lang, token: &str, view: &RatingForm) -> Markup {
    let described = view.stars.error.map(|_| "rating-error");
    html! {
        form method="post" action=(paths::track_act(token, "rating")) {
            input type="hidden" name="once" value=(view.once);
            fieldset.stars aria-describedby=[described] {
                legend.small { span { (lang.t(t::RATE_LOW)) } span { (lang.t(t::RATE_HIGH)) } }
                @for n in 1..=5 { (star(lang, n, &view.stars)) }
            }
            @if view.stars.error.is_some() { p.error id="rating-error" { (lang.t(t::RATE_MISSING)) } }
            (form::labelled_as("rating-text", lang, lang.t(t::RATE_TEXT), "text", Input::Text, &view.text, None))
            button.primary { (lang.t(t::RATE_SEND)) }
        }
    }
}

fn star(lang: Lang, n: u8, chosen: &Field) -> Markup {
    let value = n.to_string();
    html! {
        label {
            input type="radio" name="rating" value=(value) checked[chosen.value == value] required;
            span aria-hidden="true" { (value) } span.hidden { (lang.fill(t::RATE_N, &[("n", &value)])) }
        }
    }
}
