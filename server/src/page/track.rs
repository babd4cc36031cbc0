//! The customer's page: one big sentence, six labels, the engineer once on the way, and what the customer can do.
//!
//! 360 px first, under 50,000 bytes with everything it loads, complete without scripts. What it does not know it says.
//! The address itself is the secret, so its forms carry no other token. Never here: a number, a name or a position
//! that the caller has not masked, rounded and allowed.

pub mod act;
pub mod end;
pub mod engineer;
pub mod headline;
pub mod sent;
pub mod steps;

use super::icon::{Icon, icon};
use super::label::CustomerLabel;
use super::shell::language_switch;
use super::{Stamp, assets, paths, when};
use crate::words::{Lang, Word, track as t};
pub use headline::Headline;
use maud::{DOCTYPE, Markup, html};
pub use sent::{NotSent, Sent};

/// Everything the page shows.
#[derive(Debug, Clone)]
pub struct TrackView {
    /// The token of the address.
    pub token: String,
    /// The company that serves the customer.
    pub company: String,
    /// The ticket's number; the survivor's, if the link's own ticket was merged.
    pub number: String,
    /// The number the link was made for, if it was merged into this one.
    pub merged_from: Option<String>,
    /// The fault in one line.
    pub fault: String,
    /// The big sentence and the one below.
    pub headline: Headline,
    /// When anything here last changed.
    pub updated: Stamp,
    /// When each label was reached, in the order of [`CustomerLabel::ALL`]; `None` = not yet, or skipped.
    pub reached: [Option<Stamp>; 6],
    /// The label that holds now.
    pub current: CustomerLabel,
    /// Work that came in when HQ no longer counted on it, where the headline does not tell of it.
    pub late: Option<Late>,
    /// The time the customer asked for, until it is settled.
    pub wish: Option<when::Window>,
    /// The time the customer asked for, where the engineer set out before it was settled.
    pub overtaken: Option<when::Window>,
    /// The engineer, from "on the way" on.
    pub engineer: Option<engineer::EngineerCard>,
    /// What the customer can do now.
    pub act: act::ActView,
    /// What the customer and the desk wrote, oldest first.
    pub messages: Vec<act::Message>,
    /// The report, at the end.
    pub report: Option<end::ReportView>,
    /// The rating, at the end.
    pub rating: Option<end::Rating>,
    /// What the form before this page did.
    pub sent: Option<Sent>,
    /// Until when the link works.
    pub until: Stamp,
}

/// Work an engineer finished without knowing what HQ had decided meanwhile. It is kept and told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Late {
    /// HQ had given the visit to somebody else, who is still to come.
    AfterReassignment,
    /// HQ had ended the ticket.
    AfterEnd,
}

impl Late {
    fn word(self) -> Word {
        match self {
            Self::AfterReassignment => t::SUB_AFTER_MOVE,
            Self::AfterEnd => t::SUB_AFTER_END,
        }
    }
}

/// Seconds after which a browser without scripts loads the page again.
const REFRESH_SECONDS: u32 = 60;

/// The page.
pub fn track(lang: Lang, now: Stamp, view: &TrackView) -> Markup {
    let title = lang.fill(t::TRACK_TITLE, &[("company", &view.company), ("x", &view.number)]);
    let body = html! {
        (header(lang, &view.company, &view.number, &view.token))
        main {
            @if let Some(sent) = view.sent { (sent::sent_line(lang, now, sent)) }
            (track_fragment(lang, now, view))
            p.quiet.small { (lang.fill(t::LINK_UNTIL, &[("x", &when::date_with_year(lang, view.until))])) }
        }
    };
    document(lang, &title, view.current != CustomerLabel::Done, &body)
}

/// The part that changes; also the data of the live event `update`. It holds no field a customer types into before the
/// end, so replacing it loses nothing.
pub fn track_fragment(lang: Lang, now: Stamp, view: &TrackView) -> Markup {
    let ended = view.current == CustomerLabel::Done;
    html! {
        div #live data-live=[(!ended).then(|| paths::track_act(&view.token, "live"))] {
            @if let Some(old) = &view.merged_from { p.note { (icon(Icon::Merge)) (lang.fill(t::SUB_MERGED, &[("x", old)])) } }
            (headline::headline(lang, now, view))
            @if let Some(late) = view.late { p.note { (icon(Icon::Person)) (lang.t(late.word())) } }
            @if let Some(wish) = view.wish { p.note { (icon(Icon::Calendar)) (lang.fill(t::WISH_OPEN, &[("x", &when::window(lang, wish, now))])) } }
            @if let Some(wish) = view.overtaken { p.note { (icon(Icon::Calendar)) (lang.fill(t::WISH_OVERTAKEN, &[("x", &when::window(lang, wish, now))])) } }
            (steps::steps(lang, now, view))
            @if let Some(card) = &view.engineer { (engineer::engineer(lang, now, card)) }
            @if let Some(report) = &view.report { (end::report(lang, now, report)) }
            @if let Some(rating) = &view.rating { (end::rating(lang, &view.token, rating)) }
            (act::actions(lang, now, &view.token, &view.act))
            (act::messages(lang, now, &view.messages))
        }
    }
}

/// The head of every page under a tracking link.
pub(super) fn header(lang: Lang, company: &str, number: &str, token: &str) -> Markup {
    html! {
        header {
            p { strong { (company) } br; span.quiet { (lang.fill(t::NUMBER, &[("x", number)])) } }
            (language_switch(lang, &paths::track(token)))
        }
    }
}

/// A document with the small style sheet. `refreshes` is for pages that change and hold nothing typed.
pub(in crate::page) fn document(lang: Lang, title: &str, refreshes: bool, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(lang.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex, nofollow";
                meta name="referrer" content="no-referrer";
                meta name="format-detection" content="telephone=no";
                title { (title) }
                link rel="icon" href="data:,";
                link rel="stylesheet" href=(assets::href("track.css"));
                @if refreshes {
                    noscript { meta http-equiv="refresh" content=(REFRESH_SECONDS); }
                    script src=(assets::href("track.js")) defer {}
                }
            }
            body data-words=(script_words(lang)) { (body) }
        }
    }
}

/// The words the script needs to keep ages current, as JSON in an attribute.
fn script_words(lang: Lang) -> String {
    use crate::words::shared as s;
    let words: [(&str, Word); 4] = [
        ("now", s::JUST_NOW),
        ("minAgo", s::MIN_AGO),
        ("hAgo", s::HOURS_AGO),
        ("dAgo", s::DAYS_AGO),
    ];
    let map: serde_json::Map<String, serde_json::Value> = words
        .into_iter()
        .map(|(key, word)| (key.to_owned(), lang.t(word).into()))
        .collect();
    serde_json::Value::Object(map).to_string()
}
