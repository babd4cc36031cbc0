//! The six labels as a vertical line, with times.

use super::TrackView;
use crate::page::icon::icon;
use crate::page::label::CustomerLabel;
use crate::page::{Stamp, when};
use crate::words::{Lang, track as t};
use maud::{Markup, html};

/// The line. A label is passed when it was reached or when a later one holds; a skipped one shows no time.
pub(super) fn steps(lang: Lang, now: Stamp, view: &TrackView) -> Markup {
    html! {
        ol.steps aria-label=(lang.t(t::PROGRESS)) {
            @for (label, at) in CustomerLabel::ALL.into_iter().zip(view.reached) {
                (step(lang, now, label, at, view.current))
            }
        }
    }
}

fn step(lang: Lang, now: Stamp, label: CustomerLabel, at: Option<Stamp>, current: CustomerLabel) -> Markup {
    let (colour, picture, word) = label.look();
    let class = match label.cmp(&current) {
        std::cmp::Ordering::Less => format!("past c-{colour}"),
        std::cmp::Ordering::Equal => format!("now c-{colour}"),
        std::cmp::Ordering::Greater => "ahead".to_owned(),
    };
    html! {
        li class=(class) aria-current=[(label == current).then_some("step")] {
            span.dot { (icon(picture)) }
            span.word { (lang.t(word)) @if label == current { span.hidden { " (" (lang.t(t::STEP_NOW)) ")" } } }
            @if let Some(at) = at.filter(|_| label <= current) { (when::time(at, &when::short(lang, at, now))) }
        }
    }
}
