//! The frame of HQ's pages: document head, rail, who is signed in, language, and what the last form did.

use super::icon::{Icon, icon};
use super::restored::{RestoredView, banner};
use super::viewing::viewing;
use super::{Stamp, assets, paths, when};
use crate::words::{Lang, Word, held as h, restored as r, shared as s};
use maud::{DOCTYPE, Markup, html};

/// What every HQ page knows beside its own view.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Language of the page.
    pub lang: Lang,
    /// The moment of the request, in the zone of the organisation.
    pub now: Stamp,
    /// Who is signed in, as shown.
    pub who: String,
    /// Token of the hidden `csrf` field.
    pub csrf: String,
    /// Value of the hidden `once` field: a form sent twice is carried out once.
    pub once: String,
    /// Path and query of this page, for the language switch.
    pub here: String,
    /// Fields of the form to whose address `here` leads, where this page is the answer to a form and what it shows is
    /// nowhere else: then the switch sends them again.
    pub again: Vec<(&'static str, String)>,
    /// How many operations that were not taken nobody has dealt with; `None` for those who may not read them.
    pub held: Option<u32>,
    /// The record was put back from a backup, and nothing goes out.
    pub restored: Option<RestoredView>,
    /// What the form before this page did.
    pub flash: Option<Flash>,
}

/// What a form did, shown once on the page after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flash {
    /// A ticket was created; its number.
    Created(String),
    /// Assigned; the engineer's name.
    Assigned(String),
    /// A new plan was saved.
    Planned,
    /// The ticket was cancelled.
    Cancelled,
    /// The ticket was taken up again.
    Reopened,
    /// A review item was settled.
    Reviewed,
    /// The customer's link was made.
    LinkMade,
    /// The customer's link was ended.
    LinkEnded,
    /// It had been done before, and nothing was changed; in the reader's language.
    Unchanged(String),
    /// A phone was revoked; whose.
    Revoked(String),
    /// A note was saved.
    Noted,
    /// Work that was not taken is dealt with.
    Held,
    /// Held work was taken over; whether all of it counts, and how much does not.
    Adopted(bool, String),
    /// Held work was not taken over.
    Declined,
    /// Messages go out again after a restore.
    Released,
    /// What was counted is booked.
    Counted,
    /// A request for parts is over.
    RequestDeclined,
    /// Held work could not be taken over; why.
    NotAdopted(String),
    /// Held work could not be taken over before this step.
    EarlierFirst(String),
    /// Of held work only a part could be taken over; how much, what not, and why.
    AdoptedPartly(String),
    /// Held work had been decided before; whether as the button says, and how.
    Before(bool, String),
    /// Nobody had to sign in: somebody had.
    SignedInAlready,
    /// Nothing was saved; why, already in the reader's language.
    Not(String),
}

/// A place in the rail. Places that are not built are absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Tickets.
    Queue,
    /// Engineers and phones.
    Engineers,
    /// Parts and stock.
    Parts,
    /// Articles.
    Knowledge,
    /// Work that was not taken.
    Held,
}

const RAIL: [(Section, &str, Icon, Word); 5] = [
    (Section::Queue, paths::QUEUE, Icon::List, s::NAV_QUEUE),
    (
        Section::Engineers,
        paths::ENGINEERS,
        Icon::Person,
        s::NAV_ENGINEERS,
    ),
    (Section::Parts, paths::PARTS, Icon::Parts, s::NAV_PARTS),
    (Section::Knowledge, paths::ARTICLES, Icon::Book, s::NAV_KNOWLEDGE),
    (Section::Held, paths::HELD, Icon::Scales, h::HELD_NAV),
];

/// Beyond this a badge only says that there is more.
const BADGE_MAX: u32 = 99;

/// A whole HQ page: rail, top, then `body` inside `main`.
pub fn shell(frame: &Frame, section: Section, title: &str, body: &Markup) -> Markup {
    let lang = frame.lang;
    let rest = html! {
        a.skip href="#main" { (lang.t(s::SKIP)) }
        (rail(frame, section))
        (top(frame))
        main #main tabindex="-1" {
            @if let Some(restored) = &frame.restored { (banner(frame, restored)) }
            @if let Some(flash) = &frame.flash { (flash_line(lang, flash)) }
            (body)
        }
    };
    document(lang, title, "hq", &rest)
}

/// A document with HQ's style sheet and script; `class` names the layout of the body.
pub fn document(lang: Lang, title: &str, class: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(lang.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="same-origin";
                title { (title) " · Fieldline" }
                link rel="icon" href="data:,";
                link rel="stylesheet" href=(assets::href("hq.css"));
                script src=(assets::href("hq.js")) defer {}
            }
            body class=(class) data-words=(script_words(lang)) { (body) }
        }
    }
}

/// The words the script needs to keep ages and countdowns current, as JSON in an attribute.
fn script_words(lang: Lang) -> String {
    let words = [
        ("now", s::JUST_NOW),
        ("minAgo", s::MIN_AGO),
        ("hAgo", s::HOURS_AGO),
        ("dAgo", s::DAYS_AGO),
        ("min", s::MIN),
        ("hm", s::HOUR_MIN),
        ("dh", s::DAY_HOUR),
        ("left", s::LEFT),
        ("over", s::OVER),
        ("off", s::LIVE_OFF),
    ];
    let map: serde_json::Map<String, serde_json::Value> = words
        .into_iter()
        .map(|(key, word)| (key.to_owned(), lang.t(word).into()))
        .collect();
    serde_json::Value::Object(map).to_string()
}

fn rail(frame: &Frame, current: Section) -> Markup {
    let lang = frame.lang;
    let shown = |section| section != Section::Held || frame.held.is_some();
    html! {
        nav.rail aria-label=(lang.t(s::MENU)) {
            span.brand { "Fieldline" }
            ul {
                @for (section, href, picture, word) in RAIL.into_iter().filter(|(section, ..)| shown(*section)) {
                    li { a href=(href) aria-current=[(section == current).then_some("page")] {
                        (icon(picture)) span { (lang.t(word)) }
                        @if section == Section::Held { (badge(lang, frame.held)) }
                    } }
                }
            }
        }
    }
}

/// A number beside a place of the rail; absent where nothing waits.
fn badge(lang: Lang, waiting: Option<u32>) -> Markup {
    let text = |n: u32| match n {
        0..=BADGE_MAX => n.to_string(),
        _ => format!("{BADGE_MAX}+"),
    };
    html! {
        @if let Some(n) = waiting.filter(|n| *n > 0).map(text) {
            span.badge { span aria-hidden="true" { (n) } span.hidden { (lang.fill(h::HELD_WAITING, &[("n", &n)])) } }
        }
    }
}

fn top(frame: &Frame) -> Markup {
    let lang = frame.lang;
    html! {
        header.top {
            p.live role="status" { span.live-on { (lang.t(s::LIVE_ON)) } span.live-off data-time=(when::clock(frame.now)) {} (viewing(lang, &[])) }
            p.who { span.hidden { (lang.t(s::SIGNED_IN_AS)) " " } (frame.who) }
            @if frame.again.is_empty() { (language_switch(lang, &frame.here)) } @else { (language_form(frame)) }
            form method="post" action=(paths::SIGN_OUT) {
                input type="hidden" name="csrf" value=(frame.csrf);
                button.plain { (lang.t(s::SIGN_OUT)) }
            }
        }
    }
}

/// The link to the same page in the other language, named in that language.
pub fn language_switch(lang: Lang, here: &str) -> Markup {
    let other = lang.other();
    html! {
        nav.lang aria-label=(lang.t(s::LANGUAGE)) {
            a href=(paths::in_language(here, other.code())) lang=(other.tag()) hreflang=(other.tag()) { (other.own_name()) }
        }
    }
}

/// The same switch for a page that is the answer to a form.
fn language_form(frame: &Frame) -> Markup {
    let other = frame.lang.other();
    html! {
        form.lang method="post" action=(paths::in_language(&frame.here, other.code())) aria-label=(frame.lang.t(s::LANGUAGE)) {
            input type="hidden" name="csrf" value=(frame.csrf);
            @for (name, value) in &frame.again { input type="hidden" name=(name) value=(value); }
            button.plain lang=(other.tag()) { (other.own_name()) }
        }
    }
}

fn flash_line(lang: Lang, flash: &Flash) -> Markup {
    let with = |word, x: &str| lang.fill(word, &[("x", x)]);
    let (good, text) = match flash {
        Flash::Created(number) => (true, with(s::DONE_CREATED, number)),
        Flash::Assigned(name) => (true, with(s::DONE_ASSIGNED, name)),
        Flash::Planned => (true, lang.t(s::DONE_PLANNED).to_owned()),
        Flash::Cancelled => (true, lang.t(s::DONE_CANCELLED).to_owned()),
        Flash::Reopened => (true, lang.t(s::DONE_REOPENED).to_owned()),
        Flash::Reviewed => (true, lang.t(s::DONE_REVIEWED).to_owned()),
        Flash::LinkMade => (true, lang.t(s::DONE_LINK).to_owned()),
        Flash::LinkEnded => (true, lang.t(s::DONE_LINK_ENDED).to_owned()),
        Flash::Unchanged(text) => (false, text.clone()),
        Flash::Revoked(name) => (true, with(s::DONE_REVOKED, name)),
        Flash::Noted => (true, lang.t(s::DONE_NOTE).to_owned()),
        Flash::Held => (true, lang.t(h::DONE_HELD).to_owned()),
        Flash::Adopted(whole, text) => (*whole, text.clone()),
        Flash::Declined => (true, lang.t(h::DONE_DECLINED).to_owned()),
        Flash::Released => (true, lang.t(r::DONE_RELEASED).to_owned()),
        Flash::RequestDeclined => (true, lang.t(s::DONE_REQUEST_DECLINED).to_owned()),
        Flash::Counted => (true, lang.t(s::DONE_COUNTED).to_owned()),
        Flash::NotAdopted(why) => (false, with(h::NOT_ADOPTED, why)),
        Flash::Before(agrees, text) => (*agrees, text.clone()),
        Flash::AdoptedPartly(text) => (false, text.clone()),
        Flash::EarlierFirst(step) => (false, with(h::EARLIER_FIRST, step)),
        Flash::SignedInAlready => (true, lang.t(s::SIGNED_IN_ALREADY).to_owned()),
        Flash::Not(why) => (false, with(s::NOT_DONE, why)),
    };
    flash_box(good, &text)
}

/// One line in a box: green with a tick, or red with a triangle.
pub fn flash_box(good: bool, text: &str) -> Markup {
    let (colour, picture) = if good {
        ("done", Icon::Tick)
    } else {
        ("breach", Icon::Warning)
    };
    html! { p class={"flash c-" (colour)} role=(if good { "status" } else { "alert" }) { (icon(picture)) (text) } }
}

/// What a list shows when it is empty: what is so, and what to do next.
pub fn empty(what: &str, next: &str, link: Option<(&str, &str)>) -> Markup {
    html! {
        div.empty {
            p.big { (what) }
            p { (next) }
            @if let Some((href, text)) = link { p { a.button href=(href) { (text) } } }
        }
    }
}
