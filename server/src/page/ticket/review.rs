//! Review items: where HQ and the field acted at once, told plainly, with the buttons that settle them.

use super::report::{Report, report_body};
use crate::page::form;
use crate::page::icon::{Icon, icon};
use crate::page::shell::Frame;
use crate::page::{Stamp, paths, when};
use crate::words::{Lang, ticket as t};
use maud::{Markup, html};

/// One item that waits for a person.
#[derive(Debug, Clone)]
pub struct ReviewItem {
    /// The item's id.
    pub id: String,
    /// What it is.
    pub what: Review,
    /// What the engineer reported, where it is about a report.
    pub report: Option<Report>,
}

/// What waits for review.
#[derive(Debug, Clone)]
pub enum Review {
    /// The field completed what HQ had cancelled.
    CompletedAfterCancellation {
        /// The engineer.
        who: String,
        /// When the work was done.
        done: Stamp,
        /// When HQ cancelled.
        cancelled: Stamp,
    },
    /// The field completed what HQ had given to somebody else.
    CompletedAfterReassignment {
        /// The engineer.
        who: String,
        /// When the work was done.
        done: Stamp,
        /// When HQ gave it to somebody else.
        moved: Stamp,
    },
    /// Offline work came after closing or merging.
    LateAdditions {
        /// The engineer.
        who: String,
        /// How many operations.
        count: u32,
    },
    /// The visit was finished twice, where one could not know of the other.
    SecondReport {
        /// The engineer of the report that does not count.
        who: String,
        /// When that work was done.
        done: Stamp,
    },
    /// One engineer finished the visit of another, who had accepted first.
    CompletedByOther {
        /// The engineer whose report does not count.
        who: String,
        /// When that work was done.
        done: Stamp,
        /// Whose visit it is.
        other: String,
    },
    /// A part was used without a grant.
    PartDiscrepancy {
        /// The engineer.
        who: String,
        /// The part.
        part: String,
        /// How many.
        count: u32,
    },
    /// Two people answered the same thing differently.
    TwoAnswers {
        /// The checklist item or field.
        item: String,
        /// The value shown by rule.
        kept: String,
        /// The other value.
        other: String,
    },
}

/// The block; absent when nothing waits. Posts `verdict` = `reviewed`.
pub fn reviews(frame: &Frame, ticket: &str, items: &[ReviewItem]) -> Markup {
    let lang = frame.lang;
    html! {
        @if !items.is_empty() {
            section.reviews.c-overruled #part-reviews aria-labelledby="reviews" {
                h2 #reviews { (icon(Icon::Scales)) (lang.t(t::REVIEWS)) }
                ul { @for item in items { li { (review(frame, ticket, item)) } } }
            }
        }
    }
}

fn review(frame: &Frame, ticket: &str, item: &ReviewItem) -> Markup {
    let lang = frame.lang;
    let (title, text) = words(lang, frame.now, &item.what);
    html! {
        h3 { (title) }
        p { (text) }
        @if let Some(report) = &item.report { (report_body(lang, frame.now, report)) }
        form method="post" action=(paths::ticket_act(ticket, &format!("reviews/{}", item.id))) {
            (form::hidden(frame))
            div.buttons {
                button name="verdict" value="reviewed" { (lang.t(t::RV_SETTLE)) }
            }
        }
    }
}

fn words(lang: Lang, now: Stamp, what: &Review) -> (&'static str, String) {
    match what {
        Review::CompletedAfterCancellation { who, done, cancelled } => {
            let (done, cancelled) = (when::short(lang, *done, now), when::short(lang, *cancelled, now));
            let values = [("who", who.as_str()), ("done", &done), ("cancelled", &cancelled)];
            (
                lang.t(t::RV_AFTER_CANCEL),
                lang.fill(t::RV_AFTER_CANCEL_TEXT, &values),
            )
        }
        Review::CompletedAfterReassignment { who, done, moved } => {
            let (done, moved) = (when::short(lang, *done, now), when::short(lang, *moved, now));
            let values = [("who", who.as_str()), ("done", &done), ("moved", &moved)];
            (
                lang.t(t::RV_AFTER_MOVE),
                lang.fill(t::RV_AFTER_MOVE_TEXT, &values),
            )
        }
        Review::LateAdditions { who, count } => (
            lang.t(t::RV_LATE),
            lang.fill(t::RV_LATE_TEXT, &[("who", who), ("n", &count.to_string())]),
        ),
        Review::SecondReport { who, done } => {
            let done = when::short(lang, *done, now);
            let values = [("who", who.as_str()), ("done", &done)];
            (lang.t(t::RV_SECOND), lang.fill(t::RV_SECOND_TEXT, &values))
        }
        Review::CompletedByOther { who, done, other } => {
            let done = when::short(lang, *done, now);
            let values = [("who", who.as_str()), ("done", &done), ("other", other)];
            (lang.t(t::RV_OTHER), lang.fill(t::RV_OTHER_TEXT, &values))
        }
        Review::PartDiscrepancy { who, part, count } => {
            let values = [("who", who.as_str()), ("part", part), ("n", &count.to_string())];
            (lang.t(t::RV_PART), lang.fill(t::RV_PART_TEXT, &values))
        }
        Review::TwoAnswers { item, kept, other } => {
            let values = [("item", item.as_str()), ("kept", kept), ("other", other)];
            (lang.t(t::RV_TWO), lang.fill(t::RV_TWO_TEXT, &values))
        }
    }
}
