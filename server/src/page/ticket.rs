//! One ticket at HQ: who and what on one side, what is to be done on the other, the timeline growing live.

pub mod act;
pub mod people;
pub mod photo;
pub mod record;
pub mod report;
pub mod review;
pub mod timeline;

use super::form;
use super::held::{HeldRow, held_box};
use super::icon::Icon;
use super::label::{Priority, TicketState, pill};
use super::queue::{Deadline, countdown, vip_pill};
use super::shell::{Frame, Section, shell};
use super::{Stamp, paths, when};
use crate::words::{Lang, desk as d, shared as s, ticket as t};
use maud::{Markup, html};

/// Everything the page shows.
#[derive(Debug, Clone)]
pub struct TicketView {
    /// The ticket's id.
    pub id: String,
    /// The number people quote.
    pub number: String,
    /// Up to which entry of the log the page tells; the live stream goes on from there.
    pub seq: u64,
    /// State.
    pub state: TicketState,
    /// The number and id of the survivor, if this one was merged.
    pub merged_into: Option<(String, String)>,
    /// The tightest deadline.
    pub deadline: Deadline,
    /// How soon.
    pub priority: Priority,
    /// Fault text.
    pub fault: String,
    /// Fault code and its text.
    pub fault_code: Option<String>,
    /// When the customer wishes a visit.
    pub wished: Option<when::Window>,
    /// Customer, contact, place and asset.
    pub people: people::PeopleView,
    /// Forms that may be used now.
    pub act: act::ActView,
    /// Work of this ticket that was not taken and waits for a person; empty where the reader may not read it.
    pub held: Vec<HeldRow>,
    /// Whether the reader may say that it is dealt with.
    pub may_settle: bool,
    /// Review items that wait.
    pub reviews: Vec<review::ReviewItem>,
    /// Visits, newest first.
    pub visits: Vec<record::Visit>,
    /// Timeline, newest first.
    pub timeline: Vec<timeline::Item>,
    /// Parts used.
    pub parts: Vec<record::PartUse>,
    /// Checklist answers and readings.
    pub answers: Vec<record::Answer>,
    /// Photos, by time.
    pub photos: Vec<photo::Photo>,
    /// Notes, newest first.
    pub notes: Vec<record::Note>,
    /// The completion reports, newest first.
    pub reports: Vec<report::Report>,
    /// Address of the completion report as a PDF, where there is one for this reader.
    pub report_pdf: Option<String>,
    /// How many operations had which fate.
    pub fates: record::Fates,
    /// The customer's link and until when it works.
    pub link: Option<(String, Stamp)>,
    /// What tells that link, or that there is none, from what comes after, in the form that ends or makes one.
    pub link_mark: Option<String>,
    /// Whether the reader may make and end such links.
    pub link_act: bool,
    /// The form for a note, as it was sent; `None` where the reader may not write one.
    pub note: Option<form::Field>,
}

impl TicketView {
    /// Whether a report did not enter the ticket.
    pub fn has_held_report(&self) -> bool {
        self.held.iter().any(|row| row.report.is_some())
    }
}

/// The page.
pub fn ticket(frame: &Frame, view: &TicketView) -> Markup {
    let lang = frame.lang;
    let title = lang.fill(t::TICKET, &[("x", &view.number)]);
    let body = html! {
        article.ticket data-live={(paths::ticket_act(&view.id, "live")) "?since=" (view.seq)} {
            (ticket_head(lang, frame.now, view))
            div.columns {
                div.side {
                    (review::reviews(frame, &view.id, &view.reviews))
                    (held_box(frame, &view.id, &view.held, view.may_settle))
                    (act::actions(frame, &view.id, &view.act))
                    (fault(lang, frame.now, view))
                    (people::people(lang, frame.now, &view.people))
                    (link(frame, view))
                }
                div.main {
                    (record::visits(lang, frame.now, &view.visits))
                    (report::reports(lang, frame.now, &view.reports, view.has_held_report(), view.report_pdf.as_deref()))
                    (record::parts(lang, &view.parts))
                    (record::answers(lang, &view.answers))
                    (photo::photos(lang, frame.now, &view.photos))
                    (notes(frame, view))
                    (timeline::timeline(lang, frame.now, &view.timeline))
                    (record::fates(lang, view.fates))
                }
            }
        }
    };
    shell(frame, Section::Queue, &title, &body)
}

/// The head; also the data of the live event `part`, which replaces the element of the same id.
pub fn ticket_head(lang: Lang, now: Stamp, view: &TicketView) -> Markup {
    let urgent = matches!(view.priority, Priority::Urgent | Priority::High);
    html! {
        header.head #ticket-head {
            h1 { (lang.fill(t::TICKET, &[("x", &view.number)])) }
            (view.state.label(lang))
            (countdown(lang, now, view.deadline))
            @if let Deadline::Running(due) = view.deadline { span.hint { (lang.fill(t::DUE, &[("x", &when::short(lang, due, now))])) } }
            @if urgent { (pill("breach", Icon::Warning, lang.t(view.priority.word()))) }
            (vip_pill(lang, view.people.vip))
            @if let Some((number, id)) = &view.merged_into {
                p.flash.c-pending { (lang.t(t::MERGED_NOTE)) " " a href=(paths::ticket(id)) { (number) } }
            }
        }
    }
}

fn fault(lang: Lang, now: Stamp, view: &TicketView) -> Markup {
    html! {
        section aria-labelledby="fault" {
            h2 #fault { (lang.t(d::COL_FAULT)) }
            p.typed { (view.fault) }
            dl {
                @if let Some(code) = &view.fault_code { dt { (lang.t(d::FAULT_CODE)) } dd { (code) } }
                dt { (lang.t(s::PRIORITY)) } dd { (lang.t(view.priority.word())) }
                @if let Some(wished) = view.wished { dt { (lang.t(t::WISHED)) } dd { (when::window(lang, wished, now)) } }
            }
        }
    }
}

fn link(frame: &Frame, view: &TicketView) -> Markup {
    let lang = frame.lang;
    html! {
        @if view.link.is_some() || view.link_act {
            section aria-labelledby="link" {
                h2 #link { @if view.link.is_some() { label for="link-text" { (lang.t(t::TRACK_LINK)) } } @else { (lang.t(t::TRACK_LINK)) } }
                @if let Some((href, until)) = &view.link {
                    div.copy {
                        input id="link-text" readonly value=(href);
                        button type="button" data-copy="link-text" data-done=(lang.t(d::COPIED)) hidden { (lang.t(d::COPY)) }
                    }
                    p.hint { (lang.fill(t::TRACK_LINK_UNTIL, &[("x", &when::date_with_year(lang, *until))])) }
                } @else { p.hint { (lang.t(t::TRACK_LINK_NONE)) } }
                @if view.link_act { (link_form(frame, view)) }
            }
        }
    }
}

/// Posts `verdict` = `make` or `end`, and `link` = what the page shows: there may be another when it is sent.
fn link_form(frame: &Frame, view: &TicketView) -> Markup {
    let (verdict, word) = if view.link.is_some() {
        ("end", t::TRACK_LINK_END)
    } else {
        ("make", t::TRACK_LINK_MAKE)
    };
    html! {
        form method="post" action=(paths::ticket_act(&view.id, "link")) {
            (form::hidden(frame))
            @if let Some(mark) = &view.link_mark { input type="hidden" name="link" value=(mark); }
            button name="verdict" value=(verdict) { (frame.lang.t(word)) }
        }
    }
}

fn notes(frame: &Frame, view: &TicketView) -> Markup {
    let lang = frame.lang;
    html! {
        section aria-labelledby="notes" {
            h2 #notes { (lang.t(t::NOTES)) }
            (record::notes(lang, frame.now, &view.notes))
            @if let Some(note) = &view.note {
                details open[note.error.is_some()] {
                    summary { (lang.t(t::ADD_NOTE)) }
                    form method="post" action=(paths::ticket_act(&view.id, "note")) {
                        (form::error_summary(lang, note.error.is_some()))
                        (form::hidden(frame))
                        (form::labelled(lang, lang.t(t::ADD_NOTE), "note", form::Input::Text, note, None))
                        button { (lang.t(t::SAVE_NOTE)) }
                    }
                }
            }
        }
    }
}
