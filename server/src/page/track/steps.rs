//! The six labels as a vertical line, with times.

use super::TrackView;
use crate::page::icon::icon;
use crate::page::label::CustomerLabel;
use crate::page::{Stamp, when};
use crate::words::{Lang, Word, track as t};
use maud::{Markup, html};
use std::cmp::Ordering;

/// The line. A label is passed when it was reached; one before the present that was not reached is told as skipped.
pub(super) fn steps(lang: Lang, now: Stamp, view: &TrackView) -> Markup {
    html! {
        ol.steps aria-label=(lang.t(t::PROGRESS)) {
            @for (label, at) in CustomerLabel::ALL.into_iter().zip(view.reached) {
                (step(lang, now, label, at, view))
            }
        }
    }
}

fn step(lang: Lang, now: Stamp, label: CustomerLabel, at: Option<Stamp>, view: &TrackView) -> Markup {
    let (_, picture, word) = label.look();
    let ending = view.headline.ending().filter(|_| label == CustomerLabel::Done);
    let picture = ending.map_or(picture, |(picture, _)| picture);
    let at = at.filter(|_| label <= view.current);
    html! {
        li class=(class(label, at, view)) aria-current=[(label == view.current).then_some("step")] {
            span.dot { (icon(picture)) }
            span.word {
                (lang.t(word))
                @if let Some(note) = hidden_note(label, at, view) { span.hidden { " (" (lang.t(note)) ")" } }
                @if let Some((_, ending)) = ending { " " span.sub { (lang.t(ending)) } }
            }
            @if let Some(at) = at { " " (when::time(at, &when::short(lang, at, now))) }
        }
    }
}

fn class(label: CustomerLabel, at: Option<Stamp>, view: &TrackView) -> String {
    let (colour, ..) = label.look();
    match (label.cmp(&view.current), at) {
        (Ordering::Less, Some(_)) => format!("past c-{colour}"),
        (Ordering::Less, None) => "skipped".to_owned(),
        // The green of work well done would say what did not happen.
        (Ordering::Equal, _) if view.headline.ending().is_some() => "now ended".to_owned(),
        (Ordering::Equal, _) => format!("now c-{colour}"),
        (Ordering::Greater, _) => "ahead".to_owned(),
    }
}

fn hidden_note(label: CustomerLabel, at: Option<Stamp>, view: &TrackView) -> Option<Word> {
    match (label.cmp(&view.current), at) {
        (Ordering::Equal, _) => Some(t::STEP_NOW),
        (Ordering::Less, None) => Some(t::STEP_SKIPPED),
        (Ordering::Less, Some(_)) | (Ordering::Greater, _) => None,
    }
}
