//! The one big sentence, the sentence below it, and how fresh they are.

use super::TrackView;
use crate::page::icon::Icon;
use crate::page::ticket::timeline::happening::Pause;
use crate::page::{Stamp, when};
use crate::words::{Lang, Word, track as t};
use maud::{Markup, html};

/// What there is to say. Each variant carries what is known; `None` is said as not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Headline {
    /// The report is in; until when the company promised to answer.
    Received(Option<Stamp>),
    /// Someone is being found, or a visit is planned for this time.
    Assigning(Option<when::Window>),
    /// An engineer has accepted, and no time is planned.
    Accepted,
    /// On the way; arriving within this range.
    OnTheWay(Option<when::Window>),
    /// On the way, without having known that the visit was moved to this time.
    MovedOnTheWay(when::Window),
    /// On site.
    Arrived,
    /// At work.
    Working,
    /// Paused, why, and the time of the next visit.
    Paused(Pause, Option<when::Window>),
    /// Repaired.
    Fixed,
    /// Repaired in part.
    Partly,
    /// Nothing was found.
    NoFaultFound,
    /// Not possible this time.
    CouldNot,
    /// Done without a visit's result.
    Closed,
    /// Called off.
    Cancelled,
    /// Called off at this moment, and worked on all the same.
    CancelledYetDone(Stamp),
}

impl Headline {
    /// How it came to "done", where that was not by work HQ counts on.
    pub(super) fn ending(self) -> Option<(Icon, Word)> {
        match self {
            Self::Cancelled => Some((Icon::Cross, t::END_CANCELLED)),
            Self::CancelledYetDone(_) => Some((Icon::Tick, t::END_AFTER_CANCEL)),
            Self::Received(_)
            | Self::Assigning(_)
            | Self::Accepted
            | Self::OnTheWay(_)
            | Self::MovedOnTheWay(_)
            | Self::Arrived
            | Self::Working
            | Self::Paused(..)
            | Self::Fixed
            | Self::Partly
            | Self::NoFaultFound
            | Self::CouldNot
            | Self::Closed => None,
        }
    }
}

/// The block at the top.
pub(super) fn headline(lang: Lang, now: Stamp, view: &TrackView) -> Markup {
    let (big, below) = sentences(lang, now, view.headline);
    html! {
        section.headline {
            h1 { (unbroken(&big)) }
            @if let Some(below) = below { p { (below) } }
            p.quiet.small { (updated(lang, view.updated, now)) }
            p.fault { (view.fault) }
        }
    }
}

/// The sentence with its ranges of time kept on one line: "14:10-14:40" must not break at the hyphen.
fn unbroken(sentence: &str) -> Markup {
    html! {
        @for (i, word) in sentence.split(' ').enumerate() {
            @if i > 0 { " " }
            @if word.contains('-') { span { (word) } } @else { (word) }
        }
    }
}

/// "updated 1 min ago", with the age as an element that scripts keep current.
fn updated(lang: Lang, at: Stamp, now: Stamp) -> Markup {
    let (before, after) = lang.t(t::UPDATED).split_once("{x}").unwrap_or_default();
    html! { (before) (when::age_time(lang, at, now)) (after) }
}

fn sentences(lang: Lang, now: Stamp, headline: Headline) -> (String, Option<String>) {
    let say = |word| lang.t(word).to_owned();
    let at = |word, window| lang.fill(word, &[("x", &when::window(lang, window, now))]);
    match headline {
        Headline::Received(by) => {
            let by = by.map(|by| lang.fill(t::SUB_REPLY_BY, &[("x", &when::short(lang, by, now))]));
            (
                say(t::BIG_RECEIVED),
                Some(by.unwrap_or_else(|| say(t::SUB_RECEIVED))),
            )
        }
        Headline::Assigning(None) => (say(t::BIG_ASSIGNING), Some(say(t::SUB_ASSIGNING))),
        Headline::Accepted => (say(t::BIG_ACCEPTED), Some(say(t::SUB_ASSIGNING))),
        Headline::Assigning(Some(plan)) => (at(t::BIG_PLANNED, plan), Some(say(t::SUB_ASSIGNING))),
        Headline::OnTheWay(Some(eta)) => (at(t::BIG_ETA, eta), None),
        Headline::OnTheWay(None) => (say(t::BIG_ETA_UNKNOWN), Some(say(t::SUB_ETA_UNKNOWN))),
        Headline::MovedOnTheWay(plan) => (at(t::BIG_MOVED, plan), Some(say(t::SUB_MOVED))),
        Headline::Arrived => (say(t::BIG_ARRIVED), None),
        Headline::Working => (say(t::BIG_WORKING), None),
        Headline::Paused(why, next) => (say(t::BIG_WAITING), Some(waiting(lang, now, why, next))),
        Headline::Fixed => (say(t::BIG_FIXED), None),
        Headline::Partly => (say(t::BIG_PARTLY), Some(say(t::SUB_COULD_NOT))),
        Headline::NoFaultFound => (say(t::BIG_NO_FAULT), None),
        Headline::CouldNot => (say(t::BIG_COULD_NOT), Some(say(t::SUB_COULD_NOT))),
        Headline::Closed => (say(t::BIG_CLOSED), None),
        Headline::Cancelled => (say(t::BIG_CANCELLED), Some(say(t::SUB_CANCELLED))),
        Headline::CancelledYetDone(at) => {
            let at = when::short(lang, at, now);
            (
                say(t::BIG_AFTER_CANCEL),
                Some(lang.fill(t::SUB_AFTER_CANCEL, &[("x", &at)])),
            )
        }
    }
}

fn waiting(lang: Lang, now: Stamp, why: Pause, next: Option<when::Window>) -> String {
    match (why, next) {
        (Pause::Parts, Some(next)) => lang.fill(t::SUB_PARTS, &[("x", &when::window(lang, next, now))]),
        (Pause::Parts, None) => lang.t(t::SUB_PARTS_OPEN).to_owned(),
        (Pause::Customer, _) => lang.t(t::SUB_CUSTOMER).to_owned(),
        (Pause::NoAccess, _) => lang.t(t::SUB_ACCESS).to_owned(),
        (Pause::Break, _) => lang.t(t::SUB_BREAK).to_owned(),
        (Pause::Unsafe, _) => lang.t(t::SUB_UNSAFE).to_owned(),
    }
}
