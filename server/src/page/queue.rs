//! HQ's queue: a table with the countdown first, a filter, a cursor; cards at phone width.

use super::icon::{Icon, icon};
use super::label::{Priority, TicketState, pill};
use super::shell::{Frame, Section, empty, shell};
use super::{Stamp, paths, when};
use crate::words::{Lang, desk as d, shared as s};
use maud::{Markup, html};

/// A deadline as the countdown shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deadline {
    /// Runs towards this moment, or past it.
    Running(Stamp),
    /// The clock stands still with these minutes left.
    Paused(i64),
    /// Was met.
    Met,
    /// Was not met; the work is over.
    Missed,
    /// None applies.
    None,
}

/// One row.
#[derive(Debug, Clone)]
pub struct QueueRow {
    /// The ticket's id, for its address.
    pub id: String,
    /// The number people quote.
    pub number: String,
    /// The tightest deadline.
    pub deadline: Deadline,
    /// The customer's name.
    pub customer: String,
    /// Whether the customer is a VIP.
    pub vip: bool,
    /// How soon.
    pub priority: Priority,
    /// The fault in one line.
    pub fault: String,
    /// District or site area.
    pub area: String,
    /// The asset's model and serial in short.
    pub asset: String,
    /// State.
    pub state: TicketState,
    /// The engineer's name.
    pub engineer: Option<String>,
    /// When the ticket was created.
    pub created: Stamp,
    /// When the customer last urged and nobody has answered yet.
    pub urged: Option<Stamp>,
    /// Review items that wait.
    pub reviews: u32,
}

/// The queue.
#[derive(Debug, Clone)]
pub struct QueueView {
    /// Rows of this page, in order.
    pub rows: Vec<QueueRow>,
    /// The filter's state; `None` is all open ones.
    pub state: Option<TicketState>,
    /// The search text as typed.
    pub search: String,
    /// Open tickets in all.
    pub open: u32,
    /// Of them past their deadline.
    pub late: u32,
    /// Cursor of the next page, for `after`.
    pub next: Option<String>,
    /// Whether this is a later page.
    pub later_page: bool,
    /// From when on the live stream must tell what happened, in milliseconds since 1970.
    pub since: i64,
}

/// The queue's page.
pub fn queue(frame: &Frame, view: &QueueView) -> Markup {
    let lang = frame.lang;
    let counts = [
        ("open", &*view.open.to_string()),
        ("late", &*view.late.to_string()),
    ];
    let body = html! {
        div.head {
            h1 { (lang.t(s::NAV_QUEUE)) }
            p.hint { (lang.fill(d::QUEUE_COUNT, &counts)) }
            a.button.primary href=(paths::NEW_TICKET) { (icon(Icon::Plus)) (lang.t(d::NEW_TICKET)) }
        }
        (filter(lang, view))
        a.button.arrivals hidden href=(paths::QUEUE) data-text=(lang.t(d::NEW_WAITING)) {}
        @if view.rows.is_empty() { (empty_queue(lang, view)) } @else {
            (table(lang, frame.now, view))
            (pager(lang, view))
        }
    };
    shell(frame, Section::Queue, lang.t(s::NAV_QUEUE), &body)
}

fn filter(lang: Lang, view: &QueueView) -> Markup {
    html! {
        form.filter method="get" action=(paths::QUEUE) role="search" aria-label=(lang.t(d::FILTER)) {
            label.hidden for="state" { (lang.t(d::COL_STATE)) }
            select id="state" name="state" {
                option value="" { (lang.t(d::ANY_OPEN)) }
                @for state in TicketState::ALL {
                    option value=(state.code()) selected[view.state == Some(state)] { (lang.t(state.word())) }
                }
            }
            label.hidden for="q" { (lang.t(d::SEARCH_TICKETS)) }
            input type="search" id="q" name="q" value=(view.search) placeholder=(lang.t(d::SEARCH_TICKETS));
            button { (lang.t(d::APPLY)) }
        }
    }
}

fn table(lang: Lang, now: Stamp, view: &QueueView) -> Markup {
    let columns = [
        d::COL_DEADLINE,
        d::COL_NUMBER,
        d::COL_CUSTOMER,
        d::COL_FAULT,
        d::COL_AREA,
        d::COL_ASSET,
        d::COL_STATE,
        d::COL_ENGINEER,
        d::COL_AGE,
    ];
    html! {
        table.queue role="table" data-live={(paths::QUEUE_LIVE) "?since=" (view.since)} {
            caption.hidden { (lang.t(d::QUEUE_CAPTION)) }
            thead role="rowgroup" { tr role="row" {
                @for word in columns { th scope="col" role="columnheader" { (lang.t(word)) } }
            } }
            tbody role="rowgroup" { @for row in &view.rows { (queue_row(lang, now, row)) } }
        }
    }
}

/// One row; also the data of the live event `row`, which replaces the row of the same id where it stands.
pub fn queue_row(lang: Lang, now: Stamp, row: &QueueRow) -> Markup {
    let unassigned = html! { span.hint { (lang.t(d::UNASSIGNED)) } };
    html! {
        tr role="row" id={"t-" (row.id)} data-id=(row.id) {
            td.q-due role="cell" { (countdown(lang, now, row.deadline)) }
            th.q-number scope="row" role="rowheader" { a href=(paths::ticket(&row.id)) { (row.number) } }
            td.q-customer role="cell" {
                @if row.vip { span.vip { (lang.t(d::VIP)) } " " } (row.customer)
            }
            td.q-fault role="cell" {
                @if matches!(row.priority, Priority::Urgent | Priority::High) { span.prio { (lang.t(row.priority.word())) } " " }
                (row.fault)
            }
            td.q-area role="cell" { (row.area) }
            td.q-asset role="cell" { (row.asset) }
            td.q-state role="cell" { (row.state.label(lang)) (marks(lang, row)) }
            td.q-engineer role="cell" { @if let Some(name) = &row.engineer { (name) } @else { (unassigned) } }
            td.q-age role="cell" { (when::age_time(lang, row.created, now)) }
        }
    }
}

fn marks(lang: Lang, row: &QueueRow) -> Markup {
    html! {
        @if row.urged.is_some() { span.mark.c-warning title=(lang.t(d::URGED)) { (icon(Icon::Bell)) span.hidden { (lang.t(d::URGED)) } } }
        @if row.reviews > 0 { span.mark.c-overruled title=(lang.t(d::REVIEW_WAITS)) { (icon(Icon::Scales)) span.hidden { (lang.t(d::REVIEW_WAITS)) } } }
    }
}

/// The countdown. Scripts keep a running one current from `data-due`.
pub fn countdown(lang: Lang, now: Stamp, deadline: Deadline) -> Markup {
    match deadline {
        Deadline::Running(due) => {
            let left = (due - now).num_minutes();
            let word = if left < 0 { s::OVER } else { s::LEFT };
            let text = lang.fill(word, &[("t", &when::span(lang, left.abs()))]);
            html! { time.due.(urgency(left)) datetime=(due.to_rfc3339()) data-due=(due.timestamp()) title=(when::moment(lang, due)) { (text) } }
        }
        Deadline::Paused(left) => html! {
            span.due { (lang.t(s::CLOCK_PAUSED)) " " (when::span(lang, left)) }
        },
        Deadline::Met => html! { span.due.met { (lang.t(s::CLOCK_MET)) } },
        Deadline::Missed => html! { span.due.over { (lang.t(s::CLOCK_MISSED)) } },
        Deadline::None => html! { span.due.hint { (lang.t(s::CLOCK_NONE)) } },
    }
}

/// An hour before the deadline the countdown turns amber, after it red; the words say the same.
fn urgency(minutes_left: i64) -> &'static str {
    match minutes_left {
        ..0 => "over",
        0..60 => "soon",
        60.. => "calm",
    }
}

fn pager(lang: Lang, view: &QueueView) -> Markup {
    let state = view.state.map_or("", TicketState::code);
    html! {
        div.pager {
            @if view.later_page { a.button href=(paths::QUEUE) { (lang.t(d::FIRST_PAGE)) } }
            @if let Some(after) = &view.next {
                form method="get" action=(paths::QUEUE) {
                    input type="hidden" name="state" value=(state);
                    input type="hidden" name="q" value=(view.search);
                    input type="hidden" name="after" value=(after);
                    button { (lang.t(d::NEXT_PAGE)) }
                }
            }
        }
    }
}

fn empty_queue(lang: Lang, view: &QueueView) -> Markup {
    if view.state.is_some() || !view.search.is_empty() {
        let clear = Some((paths::QUEUE, lang.t(d::CLEAR_FILTER)));
        empty(lang.t(d::EMPTY_SEARCH), lang.t(d::EMPTY_SEARCH_DO), clear)
    } else {
        empty(
            lang.t(d::EMPTY_QUEUE),
            lang.t(d::EMPTY_QUEUE_DO),
            Some((paths::NEW_TICKET, lang.t(d::NEW_TICKET))),
        )
    }
}

/// A state's label beside "VIP", for heads of pages.
pub fn vip_pill(lang: Lang, vip: bool) -> Markup {
    html! { @if vip { (pill("overruled", Icon::Star, lang.t(d::VIP))) } }
}
