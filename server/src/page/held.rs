//! Work that was not taken: refused, or held because its phone was revoked. Nobody's work is out of sight.

use super::form;
use super::icon::{Icon, icon};
use super::label::{Fate, pill};
use super::pager::{Part, pager};
use super::shell::{Frame, Section, empty, shell};
use super::ticket::report::{Report, report_body};
use super::ticket::timeline::Happening;
use super::{Stamp, paths, when};
use crate::door::HELD_GRACE_DAYS;
use crate::words::{Lang, held as h, ticket as t};
use maud::{Markup, html};

/// The page.
#[derive(Debug, Clone)]
pub struct HeldView {
    /// This part of the list, what came last first.
    pub rows: Vec<HeldRow>,
    /// Which part.
    pub part: Part,
    /// How much is overdue, of the whole list.
    pub overdue: u32,
    /// Whether those dealt with are shown too.
    pub all: bool,
    /// Whether the reader may say that something is dealt with.
    pub may_settle: bool,
}

/// One operation.
#[derive(Debug, Clone)]
pub struct HeldRow {
    /// Its address.
    pub id: String,
    /// Whose work it is.
    pub who: String,
    /// The phone it came from.
    pub phone: String,
    /// Whether that phone is revoked.
    pub revoked: bool,
    /// Whether its engineer enrolled a phone since, which may be this one.
    pub back: bool,
    /// What it was to change.
    pub about: About,
    /// What was done, where it could be read.
    pub what: Option<Happening>,
    /// The report, where it was the end of a visit.
    pub report: Option<Report>,
    /// When it was done by the phone's clock, where it could be read.
    pub done: Option<Stamp>,
    /// When it came to HQ.
    pub arrived: Stamp,
    /// How it stands.
    pub stand: Stand,
    /// Whether that took longer than it should.
    pub overdue: bool,
    /// What is held of the same ticket and shown here, this one included, where there are several.
    pub together: Vec<String>,
    /// What is held of that ticket at all; more than [`Self::together`] where the page ends before it.
    pub of_ticket: usize,
    /// Why.
    pub why: String,
    /// Who dealt with it, and when.
    pub seen: Option<(String, Stamp)>,
}

/// How an operation that was not taken stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stand {
    /// Held until a supervisor decides its fate.
    Held,
    /// Left behind by what it was built on; its phone brings it again, and nobody has to deal with it.
    Waits,
    /// Refused.
    Refused,
}

/// What an operation was to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// A ticket: id and number.
    Ticket(String, String),
    /// An article: id and title.
    Article(String, String),
    /// Something HQ does not have; its id.
    Unknown(String),
}

/// The page. GET with `all` and `page`.
pub fn held(frame: &Frame, view: &HeldView) -> Markup {
    let lang = frame.lang;
    let body = html! {
        div.head {
            h1 { (lang.t(h::HELD_TITLE)) }
            p.hint { (lang.fill(h::HELD_COUNT, &[("n", &view.part.total().to_string())])) }
        }
        p.lead { (lang.t(h::HELD_WHAT)) @if lang == Lang::En { " " } (lang.t(h::HELD_DO)) }
        p.hint { (lang.t(h::HELD_ORDER)) }
        (overdue_line(lang, view.overdue, None))
        (choice(lang, view.all))
        @if view.rows.is_empty() { (empty(lang.t(h::EMPTY_HELD), lang.t(h::EMPTY_HELD_DO), None)) } @else { (table(frame, view)) }
        (pager(lang, paths::HELD, if view.all { &[("all", "1")] } else { &[] }, view.part))
    };
    shell(frame, Section::Held, lang.t(h::HELD_TITLE), &body)
}

/// How much held work waits too long; absent where there is none.
pub(super) fn overdue_line(lang: Lang, count: u32, link: Option<&str>) -> Markup {
    let values = [("n", count.to_string()), ("days", HELD_GRACE_DAYS.to_string())];
    let values = values.each_ref().map(|(key, value)| (*key, value.as_str()));
    html! {
        @if count > 0 {
            p.flash.c-breach role="alert" {
                (icon(Icon::Warning)) (lang.fill(h::HELD_OVERDUE, &values))
                @if let Some(href) = link { " " a href=(href) { (lang.t(h::HELD_TITLE)) } }
            }
        }
    }
}

fn choice(lang: Lang, all: bool) -> Markup {
    html! {
        p {
            @if all { a href=(paths::HELD) { (lang.t(h::SHOW_WAITING)) } }
            @else { a href={(paths::HELD) "?all=1"} { (lang.t(h::SHOW_ALL)) } }
        }
    }
}

fn table(frame: &Frame, view: &HeldView) -> Markup {
    let lang = frame.lang;
    let columns = [h::COL_WORK, h::COL_DONE, h::COL_WHY];
    html! {
        table.list.held role="table" {
            caption.hidden { (lang.t(h::HELD_TITLE)) }
            thead role="rowgroup" { tr role="row" {
                @for word in columns { th scope="col" role="columnheader" { (lang.t(word)) } }
                td role="cell" {}
            } }
            @for rows in view.rows.chunk_by(came_together) { (together(frame, rows, view.may_settle)) }
        }
    }
}

/// Whether two operations came at once, from one phone, for one ticket.
fn came_together(a: &HeldRow, b: &HeldRow) -> bool {
    (&a.about, &a.who, &a.phone, a.arrived) == (&b.about, &b.who, &b.phone, b.arrived)
}

/// What came together: whose it is and what it is about stand once, over all its steps.
fn together(frame: &Frame, rows: &[HeldRow], may_settle: bool) -> Markup {
    let (lang, now) = (frame.lang, frame.now);
    html! {
        @if let [first, ..] = rows {
            tbody.h-card role="rowgroup" {
                tr.h-head role="row" {
                    th colspan="4" scope="rowgroup" role="rowheader" {
                        (about(lang, &first.about)) " · " (by(lang, first)) " · "
                        span.hint { (lang.fill(h::ARRIVED_AT, &[("x", &when::short(lang, first.arrived, now))])) }
                        @if first.back && rows.iter().any(|row| row.stand == Stand::Held) {
                            p.hint { (lang.t(h::PHONE_IS_BACK)) }
                        }
                    }
                }
                @for row in rows { (held_row(frame, row, may_settle)) }
            }
        }
    }
}

fn held_row(frame: &Frame, row: &HeldRow, may_settle: bool) -> Markup {
    let (lang, now) = (frame.lang, frame.now);
    html! {
        tr role="row" {
            td.h-work role="cell" { (work(lang, now, row)) }
            td role="cell" data-label=(lang.t(h::COL_DONE)) { (done(lang, now, row)) }
            td role="cell" data-label=(lang.t(h::COL_WHY)) { span { (label(lang, row)) " " (row.why) } }
            td.acts role="cell" { (settled(frame, row, may_settle)) }
        }
    }
}

fn work(lang: Lang, now: Stamp, row: &HeldRow) -> Markup {
    html! {
        @match (&row.report, &row.what) {
            (Some(report), _) => { p { (lang.t(t::REPORT)) } (report_body(lang, now, report)) },
            (None, Some(what)) => p.typed { (what.text(lang, now)) },
            (None, None) => p { (lang.t(h::UNREADABLE)) },
        }
    }
}

fn about(lang: Lang, about: &About) -> Markup {
    html! {
        @match about {
            About::Ticket(id, number) => a.number href=(paths::ticket(id)) { (number) },
            About::Article(id, title) => a href=(paths::article(id)) { (title) },
            About::Unknown(id) => { span.hint { (lang.t(h::NOT_AT_HQ)) } " " code { (id) } },
        }
    }
}

fn by(lang: Lang, row: &HeldRow) -> Markup {
    let revoked = match (row.revoked, row.back) {
        (true, false) => Some(h::PHONE_IS_REVOKED),
        (true, true) => Some(h::PHONE_WAS_REVOKED),
        (false, _) => None,
    };
    html! {
        span {
            (row.who) " " span.hint { @if row.phone != row.who { (row.phone) } @if let Some(word) = revoked { " · " (lang.t(word)) } }
        }
    }
}

fn done(lang: Lang, now: Stamp, row: &HeldRow) -> Markup {
    html! {
        @if let Some(done) = row.done { (when::time(done, &when::short(lang, done, now))) } @else { (lang.t(h::NOT_KNOWN)) }
    }
}

fn times(lang: Lang, now: Stamp, row: &HeldRow) -> Markup {
    let arrived = when::short(lang, row.arrived, now);
    html! {
        span {
            (done(lang, now, row))
            " " span.hint { (lang.fill(h::ARRIVED_AT, &[("x", &arrived)])) }
        }
    }
}

fn label(lang: Lang, row: &HeldRow) -> Markup {
    html! {
        @match row.stand {
            Stand::Held => (held_pill(lang)),
            Stand::Waits => (pill("pending", Icon::Clock, lang.t(h::WAITS))),
            Stand::Refused => (Fate::Refused.label(lang)),
        }
        @if row.overdue { " " (pill("breach", Icon::Clock, lang.t(h::OVERDUE))) }
    }
}

/// That something is held: no fate, and not refused.
pub(super) fn held_pill(lang: Lang) -> Markup {
    pill("overruled", Icon::Scales, lang.t(h::HELD))
}

/// The buttons: to decide about what is held, and to put away what was refused.
fn decisions(lang: Lang, held: usize, refused: bool) -> Markup {
    html! {
        @if held > 0 {
            button name="decision" value="adopt" { (lang.t(if held > 1 { h::ADOPT_IN_ORDER } else { h::ADOPT })) } " "
            button name="decision" value="decline" { (lang.t(if held > 1 { h::DECLINE_ALL } else { h::DECLINE })) } " "
        }
        @if refused { button name="decision" value="seen" { (lang.t(h::SETTLE)) } }
    }
}

/// Who dealt with it, or the button that says so.
fn settled(frame: &Frame, row: &HeldRow, may_settle: bool) -> Markup {
    let (lang, now) = (frame.lang, frame.now);
    let said = |(who, at): &(String, Stamp)| {
        let values = [("who", who.clone()), ("x", when::short(lang, *at, now))];
        lang.fill(
            h::SEEN_BY,
            &values.each_ref().map(|(key, value)| (*key, value.as_str())),
        )
    };
    html! {
        @match &row.seen {
            Some(seen) => span.hint { (said(seen)) },
            None => @if may_settle && row.stand != Stand::Waits {
                form method="post" action=(paths::held(&row.id)) {
                    (form::hidden(frame))
                    (decisions(lang, usize::from(row.stand == Stand::Held), row.stand == Stand::Refused))
                    @if !row.together.is_empty() {
                        input type="hidden" name="held" value=(row.together.join("."));
                        button name="decision" value="adopt_together" { (adopt_together(lang, row)) }
                    }
                }
            },
        }
    }
}

fn adopt_together(lang: Lang, row: &HeldRow) -> String {
    let (here, all) = (row.together.len(), row.of_ticket);
    let word = if here < all {
        h::ADOPT_THESE
    } else {
        h::ADOPT_TOGETHER
    };
    lang.fill(word, &[("n", &here.to_string()), ("m", &all.to_string())])
}

/// What of a ticket was not taken and nobody has dealt with, as a box on its page; absent when there is none. Posts `held`
/// = the ids of what the box shows: what arrives meanwhile is not dealt with.
pub fn held_box(frame: &Frame, ticket: &str, rows: &[HeldRow], may_settle: bool) -> Markup {
    let lang = frame.lang;
    let alike = |a: &HeldRow, b: &HeldRow| {
        (&a.who, &a.phone, &a.why, a.overdue, a.stand) == (&b.who, &b.phone, &b.why, b.overdue, b.stand)
    };
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let count = |stand| rows.iter().filter(|row| row.stand == stand).count();
    let (held, refused) = (count(Stand::Held), count(Stand::Refused));
    html! {
        @if !rows.is_empty() {
            section.reviews.c-overruled #part-held aria-labelledby="held" {
                h2 #held { (icon(Icon::Scales)) (lang.t(h::HELD_TITLE)) }
                @if held + refused > 0 { p { (lang.t(h::HELD_DO)) } }
                @for group in rows.chunk_by(alike) { (held_group(lang, frame.now, group)) }
                div.buttons {
                    @if may_settle && held + refused > 0 {
                        form method="post" action=(paths::ticket_act(ticket, "held")) {
                            (form::hidden(frame))
                            input type="hidden" name="held" value=(ids.join("."));
                            (decisions(lang, held, refused > 0))
                        }
                    }
                    a.button href=(paths::HELD) { (lang.t(h::TO_ALL_HELD)) }
                }
            }
        }
    }
}

/// What came from one phone for one reason.
fn held_group(lang: Lang, now: Stamp, rows: &[HeldRow]) -> Markup {
    html! {
        @if let [first, ..] = rows {
            h3 { (by(lang, first)) }
            p { (label(lang, first)) " " (first.why) }
            ul { @for row in rows { li {
                (work(lang, now, row))
                p.hint { (times(lang, now, row)) }
            } } }
        }
    }
}
