//! What the field brought home: visits, parts, answers, notes, and the fates of all operations.

use super::timeline::happening::VisitResult;
use crate::page::held::held_pill;
use crate::page::icon::Icon;
use crate::page::label::{Fate, pill};
use crate::page::{Stamp, when};
use crate::words::{Lang, ticket as t};
use maud::{Markup, html};

/// A visit's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VisitState {
    /// Waits for the engineer's answer.
    Offered,
    /// Taken.
    Accepted,
    /// Not taken.
    Declined,
    /// On the road.
    EnRoute,
    /// On site.
    Arrived,
    /// At work.
    Working,
    /// Paused.
    Paused,
    /// Ended.
    Done,
    /// Called off.
    Cancelled,
}

/// One engineer's one trip.
#[derive(Debug, Clone)]
pub struct Visit {
    /// The engineer.
    pub engineer: String,
    /// State.
    pub state: VisitState,
    /// Planned time.
    pub plan: Option<when::Window>,
    /// Arrival and, when ended, departure by the device.
    pub actual: Option<(Stamp, Option<Stamp>)>,
    /// How it ended.
    pub result: Option<VisitResult>,
}

/// A part that was used.
#[derive(Debug, Clone)]
pub struct PartUse {
    /// Number and name.
    pub part: String,
    /// How many, with unit.
    pub count: String,
    /// From which location.
    pub location: String,
    /// Whether the ledger of that location stands below zero.
    pub is_short: bool,
}

/// A checklist answer or reading.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The item.
    pub item: String,
    /// The value shown.
    pub value: String,
    /// Another person's value for the same item.
    pub other: Option<String>,
}

/// A note.
#[derive(Debug, Clone)]
pub struct Note {
    /// Who wrote it.
    pub who: String,
    /// When.
    pub at: Stamp,
    /// The text.
    pub text: String,
}

/// How a ticket's operations count at present.
#[derive(Debug, Clone, Copy, Default)]
pub struct Fates {
    /// 已合并
    pub merged: u32,
    /// 已被裁定
    pub overruled: u32,
    /// 已拒绝
    pub refused: u32,
    /// Held, without a fate.
    pub held: u32,
    /// Of the overruled: those that were merged first.
    pub displaced: u32,
    /// Known to be on a phone still.
    pub pending: u32,
}

impl VisitState {
    fn label(self, lang: Lang) -> Markup {
        let (colour, picture, word) = match self {
            Self::Offered => ("assigning", Icon::Clock, t::VS_OFFERED),
            Self::Accepted => ("assigning", Icon::Tick, t::VS_ACCEPTED),
            Self::Declined => ("pending", Icon::Cross, t::VS_DECLINED),
            Self::EnRoute => ("way", Icon::Van, t::VS_EN_ROUTE),
            Self::Arrived => ("arrived", Icon::Pin, t::VS_ARRIVED),
            Self::Working => ("progress", Icon::Wrench, t::VS_WORKING),
            Self::Paused => ("progress", Icon::Pause, t::VS_PAUSED),
            Self::Done => ("done", Icon::Tick, t::VS_DONE),
            Self::Cancelled => ("pending", Icon::Cross, t::VS_CANCELLED),
        };
        pill(colour, picture, lang.t(word))
    }
}

/// The visits.
pub fn visits(lang: Lang, now: Stamp, visits: &[Visit]) -> Markup {
    html! {
        section #part-visits aria-labelledby="visits" {
            h2 #visits { (lang.t(t::VISITS)) }
            @if visits.is_empty() { p.hint { (lang.t(t::NO_VISITS)) } }
            ul.plain { @for visit in visits { li { (visit_line(lang, now, visit)) } } }
        }
    }
}

fn visit_line(lang: Lang, now: Stamp, visit: &Visit) -> Markup {
    let said = |word, x: &str| lang.fill(word, &[("x", x)]);
    html! {
        p { strong { (visit.engineer) } " " (visit.state.label(lang)) @if let Some(result) = &visit.result { " " (result.text(lang)) } }
        p.hint {
            @if let Some(plan) = visit.plan { (said(t::PLANNED, &when::window(lang, plan, now))) }
            @if visit.plan.is_some() && visit.actual.is_some() { " · " }
            @if let Some((from, to)) = visit.actual {
                (said(t::ACTUAL, &to.map_or_else(|| when::short(lang, from, now), |to| when::window(lang, when::Window { from, to }, now))))
            }
        }
    }
}

/// Parts used.
pub fn parts(lang: Lang, parts: &[PartUse]) -> Markup {
    html! {
        section #part-used aria-labelledby="used" {
            h2 #used { (lang.t(t::PARTS_USED)) }
            @if parts.is_empty() { p.hint { (lang.t(t::NO_PARTS)) } }
            ul.plain { @for part in parts { li { (part_line(lang, part)) } } }
        }
    }
}

/// One part.
pub(super) fn part_line(lang: Lang, part: &PartUse) -> Markup {
    html! {
        (part.part) " × " (part.count) " " span.hint { (part.location) }
        @if part.is_short { " " (pill("warning", Icon::Warning, lang.t(t::STOCK_SHORT))) }
    }
}

/// Checklist answers and readings; absent when there are none.
pub fn answers(lang: Lang, answers: &[Answer]) -> Markup {
    html! {
        @if answers.is_empty() { section #part-answers hidden {} } @else {
            section #part-answers aria-labelledby="answers" {
                h2 #answers { (lang.t(t::ANSWERS)) }
                dl { @for answer in answers {
                    dt { (answer.item) }
                    dd { (answer.value) @if let Some(other) = &answer.other { " " span.c-overruled.pill { (lang.fill(t::OTHER_VALUE, &[("x", other)])) } } }
                } }
            }
        }
    }
}

/// Notes.
pub fn notes(lang: Lang, now: Stamp, notes: &[Note]) -> Markup {
    html! {
        div #part-notes {
            @if notes.is_empty() { p.hint { (lang.t(t::NO_NOTES)) } }
            ul.plain { @for note in notes { li {
                p.typed { (note.text) }
                p.hint { (note.who) " · " (when::time(note.at, &when::short(lang, note.at, now))) }
            } } }
        }
    }
}

/// The counts: how many operations count, and what was overruled, refused or is still out, where there is any.
pub fn fates(lang: Lang, fates: Fates) -> Markup {
    html! {
        section aria-labelledby="fates" {
            h2 #fates { (lang.t(t::FATES)) }
            (fates_list(lang, fates))
        }
    }
}

/// The counts alone; also the data of a live event `part`.
pub fn fates_list(lang: Lang, fates: Fates) -> Markup {
    let counts = [
        (Fate::Merged, fates.merged),
        (Fate::Overruled, fates.overruled),
        (Fate::Refused, fates.refused),
        (Fate::Pending, fates.pending),
    ];
    html! {
        ul.fates #ticket-fates { @for (fate, count) in counts.into_iter().filter(|(fate, count)| *fate == Fate::Merged || *count > 0) { li { (fate.label(lang)) " " strong { (count) } } }
            @if fates.held > 0 { li { (held_pill(lang)) " " strong { (fates.held) } } }
            @if fates.displaced > 0 { li.hint { (lang.fill(t::FATES_DISPLACED, &[("n", &fates.displaced.to_string())])) } }
        }
    }
}
