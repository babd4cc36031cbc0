//! The completion report with the customer's signature.

use super::timeline::happening::VisitResult;
use crate::page::{Stamp, when};
use crate::words::{Lang, ticket as t};
use maud::{Markup, html};

/// The completion report.
#[derive(Debug, Clone)]
pub struct Report {
    /// How it ended.
    pub result: VisitResult,
    /// Cause, code text.
    pub cause: Option<String>,
    /// Remedy, code text and words.
    pub remedy: Option<String>,
    /// Minutes of work.
    pub labour_minutes: i64,
    /// The customer's name and the signature picture's address.
    pub signature: Option<Signature>,
}

/// A signature.
#[derive(Debug, Clone)]
pub struct Signature {
    /// Who signed.
    pub name: String,
    /// When.
    pub at: Stamp,
    /// Address of the picture, on this server or a `data:` address.
    pub src: String,
}

/// The report, or when it will be there.
pub fn report(lang: Lang, now: Stamp, report: Option<&Report>) -> Markup {
    html! {
        section #part-report aria-labelledby="report" {
            h2 #report { (lang.t(t::REPORT)) }
            @if let Some(report) = report { (report_body(lang, now, report)) } @else { p.hint { (lang.t(t::NO_REPORT)) } }
        }
    }
}

fn report_body(lang: Lang, now: Stamp, report: &Report) -> Markup {
    html! {
        dl {
            dt { (lang.t(t::RESULT)) } dd { (report.result.text(lang)) }
            @if let Some(cause) = &report.cause { dt { (lang.t(t::CAUSE)) } dd { (cause) } }
            @if let Some(remedy) = &report.remedy { dt { (lang.t(t::REMEDY)) } dd { (remedy) } }
            dt { (lang.t(t::LABOUR)) } dd { (when::span(lang, report.labour_minutes)) }
        }
        @if let Some(by) = &report.signature {
            figure {
                img.signature src=(by.src) alt=(lang.fill(t::SIGNATURE_OF, &[("x", &by.name)])) width="240" height="80";
                figcaption.hint { (lang.fill(t::SIGNED_BY, &[("x", &by.name)])) " · " (when::short(lang, by.at, now)) }
            }
        }
    }
}
