//! The completion reports with the customer's signature: the one that counts, and those that were overruled.

use super::record::{PartUse, part_line};
use super::timeline::happening::VisitResult;
use crate::page::label::Fate;
use crate::page::{Stamp, when};
use crate::words::{Lang, held as h, ticket as t};
use maud::{Markup, html};

/// The completion report.
#[derive(Debug, Clone)]
pub struct Report {
    /// Whose words these are.
    pub who: String,
    /// When the work ended.
    pub at: Stamp,
    /// Why it does not count, if it does not.
    pub overruled: Option<String>,
    /// How it ended.
    pub result: VisitResult,
    /// Cause, code text.
    pub cause: Option<String>,
    /// Remedy, code text and words.
    pub remedy: Option<String>,
    /// From arrival to the end.
    pub on_site: Option<when::Window>,
    /// Parts used.
    pub parts: Vec<PartUse>,
    /// Minutes of work, where they are known.
    pub labour_minutes: Option<i64>,
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

/// The reports, or when there will be one, or that one did not enter the ticket and stands elsewhere on the page.
/// `pdf` is the address of the paper, where it can be drawn.
pub fn reports(lang: Lang, now: Stamp, reports: &[Report], elsewhere: bool, pdf: Option<&str>) -> Markup {
    let none = if elsewhere { h::HELD_REPORT } else { t::NO_REPORT };
    html! {
        section #part-report aria-labelledby="report" {
            h2 #report { (lang.t(t::REPORT)) }
            @if reports.is_empty() { p.hint { (lang.t(none)) } }
            @if let Some(pdf) = pdf { p { a href=(pdf) { (lang.t(t::REPORT_PDF)) } } }
            @for report in reports { div.report {
                p { strong { (report.who) } " · " (when::time(report.at, &when::short(lang, report.at, now))) }
                @if let Some(why) = &report.overruled { p { (Fate::Overruled.label(lang)) " " (why) } }
                (report_body(lang, now, report))
            } }
        }
    }
}

/// What the engineer reported, without whose words it is.
pub(in crate::page) fn report_body(lang: Lang, now: Stamp, report: &Report) -> Markup {
    html! {
        dl {
            dt { (lang.t(t::RESULT)) } dd.typed { (report.result.text(lang)) }
            @if let Some(cause) = &report.cause { dt { (lang.t(t::CAUSE)) } dd { (cause) } }
            @if let Some(remedy) = &report.remedy { dt { (lang.t(t::REMEDY)) } dd.typed { (remedy) } }
            @if !report.parts.is_empty() { dt { (lang.t(t::PARTS_USED)) } @for part in &report.parts { dd { (part_line(lang, part)) } } }
            @if let Some(on_site) = report.on_site { dt { (lang.t(t::ON_SITE)) } dd { (when::window(lang, on_site, now)) } }
            @if let Some(minutes) = report.labour_minutes { dt { (lang.t(t::LABOUR)) } dd { (when::span(lang, minutes)) } }
        }
        @if let Some(by) = &report.signature {
            figure {
                img.signature src=(by.src) alt=(lang.fill(t::SIGNATURE_OF, &[("x", &by.name)])) width="240" height="80";
                figcaption.hint { (lang.fill(t::SIGNED_BY, &[("x", &by.name)])) " · " (when::short(lang, by.at, now)) }
            }
        }
    }
}
