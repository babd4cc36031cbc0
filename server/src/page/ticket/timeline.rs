//! The timeline: who did what and when, by the device's time and by HQ's, with gaps and fates told in words.

pub mod happening;

use crate::page::icon::{Icon, icon};
use crate::page::label::Fate;
use crate::page::{Stamp, when};
use crate::words::{Lang, ticket as t};
pub use happening::Happening;
use maud::{Markup, html};

/// One line of the timeline.
#[derive(Debug, Clone)]
pub enum Item {
    /// Something happened.
    Entry(Entry),
    /// Something is missing, or was for a while.
    Gap(Gap),
}

/// Something that happened.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The event's id.
    pub id: String,
    /// Who did it, as shown.
    pub who: String,
    /// What.
    pub what: Happening,
    /// When it happened: device time put between what came before and its receipt.
    pub at: Stamp,
    /// What the device's own clock said, if that differs from `at`.
    pub device: Option<Stamp>,
    /// When HQ received it, for work done on a phone.
    pub received: Option<Stamp>,
    /// Its fate with the reason in words, unless simply merged.
    pub fate: Option<(Fate, String)>,
}

/// A hole in what HQ knows.
#[derive(Debug, Clone)]
pub enum Gap {
    /// The phone had no contact for so many minutes; its work arrived together.
    Offline {
        /// Length in minutes.
        minutes: i64,
        /// When contact came back.
        received: Stamp,
    },
    /// So many earlier entries are known to exist and are still on a phone.
    Missing(u32),
}

/// Receipt later than this is worth telling.
const LATE_MINUTES: i64 = 2;

/// The block.
pub fn timeline(lang: Lang, now: Stamp, items: &[Item]) -> Markup {
    html! {
        section.timeline aria-labelledby="timeline" {
            h2 #timeline { (lang.t(t::TIMELINE)) }
            button.arrivals type="button" hidden data-text=(lang.t(t::TIMELINE_NEW)) {}
            ol { @for item in items { (timeline_item(lang, now, item)) } }
        }
    }
}

/// One line; also the data of the live event `entry`.
pub fn timeline_item(lang: Lang, now: Stamp, item: &Item) -> Markup {
    match item {
        Item::Entry(entry) => entry_line(lang, now, entry),
        Item::Gap(gap) => html! { li.gap { (icon(Icon::Gap)) p { (gap_text(lang, now, gap)) } } },
    }
}

fn entry_line(lang: Lang, now: Stamp, entry: &Entry) -> Markup {
    html! {
        li id={"e-" (entry.id)} {
            (icon(entry.what.icon()))
            div {
                p.typed { (entry.what.text(lang, now)) }
                p.hint { (entry.who) " · " (when::time(entry.at, &when::moment(lang, entry.at, now))) (clocks(lang, now, entry)) }
                @if let Some((fate, reason)) = &entry.fate { p { (fate.label(lang)) " " (reason) } }
            }
        }
    }
}

/// What the clocks said, when they do not agree.
fn clocks(lang: Lang, now: Stamp, entry: &Entry) -> Markup {
    let late = entry
        .received
        .filter(|received| (*received - entry.at).num_minutes() > LATE_MINUTES);
    let said = |word, at| lang.fill(word, &[("x", &when::short(lang, at, now))]);
    html! {
        @if let Some(received) = late { " · " (said(t::RECEIVED_AT, received)) }
        @if let Some(device) = entry.device { " · " (said(t::DEVICE_TIME, device)) " (" (lang.t(t::CLAMPED)) ")" }
    }
}

fn gap_text(lang: Lang, now: Stamp, gap: &Gap) -> String {
    match gap {
        Gap::Offline { minutes, received } => {
            let values = [
                ("t", when::span(lang, *minutes)),
                ("x", when::short(lang, *received, now)),
            ];
            lang.fill(
                t::GAP_OFFLINE,
                &[(values[0].0, &values[0].1), (values[1].0, &values[1].1)],
            )
        }
        Gap::Missing(count) => lang.fill(t::GAP_MISSING, &[("n", &count.to_string())]),
    }
}
