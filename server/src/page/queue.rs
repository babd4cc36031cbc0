//! HQ's queue: a table with the countdown first, a filter, a cursor; cards at phone width.

use super::form::{Choice, Field, FieldError, Input, control};
use super::held::overdue_line;
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
    /// The filter.
    pub shown: Shown,
    /// The filter as it was sent, where it names none.
    pub unknown: Option<String>,
    /// The search text as typed.
    pub search: String,
    /// How many tickets filter and search find.
    pub found: u32,
    /// How many there are of which sort.
    pub counts: Counts,
    /// Held work that waits too long, where the reader may see it.
    pub overdue: u32,
    /// Cursor of the next page, for `after`.
    pub next: Option<String>,
    /// Whether this is a later page.
    pub later_page: bool,
    /// From when on the live stream must tell what happened, in milliseconds since 1970.
    pub since: i64,
}

/// Which tickets the queue shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shown {
    /// Everything to be done: open tickets, and ended ones that wait for review.
    #[default]
    ToDo,
    /// What waits for review.
    Review,
    /// Those in one state.
    State(TicketState),
}

impl Shown {
    /// The value of the filter's `state` field that is no state.
    const REVIEW: &'static str = "review";

    /// Reads the filter's `state` field.
    pub fn parse(code: &str) -> Option<Shown> {
        match code {
            "" => Some(Self::ToDo),
            Self::REVIEW => Some(Self::Review),
            code => TicketState::ALL
                .into_iter()
                .find(|state| state.code() == code)
                .map(Self::State),
        }
    }

    /// The value of the filter's `state` field.
    pub fn code(self) -> &'static str {
        match self {
            Self::ToDo => "",
            Self::Review => Self::REVIEW,
            Self::State(state) => state.code(),
        }
    }
}

/// How many tickets there are, whatever the filter.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    /// Open ones.
    pub open: u32,
    /// Of them past their deadline.
    pub late: u32,
    /// Those that wait for review, open or ended.
    pub review: u32,
    /// Of them ended ones.
    pub ended: u32,
    /// Open ones by state.
    pub states: Vec<(TicketState, u32)>,
}

impl Counts {
    /// How many the filter's choice finds, where that is counted.
    fn of(&self, shown: Shown) -> Option<u32> {
        match shown {
            Shown::ToDo => Some(self.open + self.ended),
            Shown::Review => Some(self.review),
            Shown::State(state) if state.is_over() => None,
            Shown::State(state) => {
                let found = self.states.iter().find(|(known, _)| *known == state);
                Some(found.map_or(0, |(_, count)| *count))
            }
        }
    }
}

/// The queue's page.
pub fn queue(frame: &Frame, view: &QueueView) -> Markup {
    let lang = frame.lang;
    let body = html! {
        div.head {
            h1 { (lang.t(s::NAV_QUEUE)) }
            p.hint { (count(lang, view)) }
            a.button.primary href=(paths::NEW_TICKET) { (icon(Icon::Plus)) (lang.t(d::NEW_TICKET)) }
        }
        (overdue_line(lang, view.overdue, Some(paths::HELD)))
        (filter(lang, view))
        a.button.arrivals hidden href=(paths::QUEUE) data-text=(lang.t(d::NEW_WAITING)) {}
        @if view.rows.is_empty() { (empty_queue(lang, view)) } @else {
            (table(lang, frame.now, view))
            (pager(lang, view))
        }
    };
    shell(frame, Section::Queue, lang.t(s::NAV_QUEUE), &body)
}

/// What is behind the table: everything to be done, or what was asked for.
fn count(lang: Lang, view: &QueueView) -> String {
    if view.shown != Shown::ToDo || !view.search.is_empty() {
        return lang.fill(d::QUEUE_FOUND, &[("n", &view.found.to_string())]);
    }
    let Counts {
        open, late, review, ..
    } = &view.counts;
    let values = [
        ("open", &*open.to_string()),
        ("late", &late.to_string()),
        ("review", &review.to_string()),
    ];
    let word = if *review > 0 {
        d::QUEUE_COUNT_REVIEW
    } else {
        d::QUEUE_COUNT
    };
    lang.fill(word, &values)
}

fn filter(lang: Lang, view: &QueueView) -> Markup {
    let text = |shown: Shown, word| {
        view.counts.of(shown).map_or_else(
            || lang.t(word).to_owned(),
            |n| lang.fill(d::CHOICE_COUNT, &[("x", lang.t(word)), ("n", &n.to_string())]),
        )
    };
    let all = text(
        Shown::ToDo,
        if view.counts.ended > 0 {
            d::ANY_TO_DO
        } else {
            d::ANY_OPEN
        },
    );
    let states = TicketState::ALL.map(|state| (Shown::State(state), state.word()));
    let choices: Vec<Choice> = [(Shown::Review, d::NEEDS_REVIEW)]
        .into_iter()
        .chain(states)
        .map(|(shown, word)| Choice {
            value: shown.code().to_owned(),
            text: text(shown, word),
        })
        .collect();
    let pick = Input::Select(&choices, Some(&all));
    let state = match &view.unknown {
        Some(sent) => Field::of(sent).wrong(FieldError::Unknown),
        None => Field::of(view.shown.code()),
    };
    html! {
        form.filter method="get" action=(paths::QUEUE) role="search" aria-label=(lang.t(d::FILTER)) {
            label.hidden for="state" { (lang.t(d::COL_STATE)) }
            (control("state", "state", pick, &state, state.error.map(|_| "state-error")))
            label.hidden for="q" { (lang.t(d::SEARCH_TICKETS)) }
            input type="search" id="q" name="q" value=(view.search) placeholder=(lang.t(d::SEARCH_TICKETS));
            button { (lang.t(d::APPLY)) }
            @if let Some(error) = state.error { p.error #state-error { (error.text(lang)) } }
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
        @if row.reviews > 0 { " " (pill("overruled", Icon::Scales, lang.t(d::NEEDS_REVIEW))) }
    }
}

/// The countdown. Scripts keep a running one current from `data-due`.
pub fn countdown(lang: Lang, now: Stamp, deadline: Deadline) -> Markup {
    match deadline {
        Deadline::Running(due) => {
            let left = (due - now).num_minutes();
            let word = if left < 0 { s::OVER } else { s::LEFT };
            let text = lang.fill(word, &[("t", &when::span(lang, left.abs()))]);
            html! { time.due.(urgency(left)) datetime=(due.to_rfc3339()) data-due=(due.timestamp()) title=(when::moment(lang, due, now)) { (text) } }
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
    html! {
        div.pager {
            @if view.later_page { a.button href=(paths::QUEUE) { (lang.t(d::FIRST_PAGE)) } }
            @if let Some(after) = &view.next {
                form method="get" action=(paths::QUEUE) {
                    input type="hidden" name="state" value=(view.shown.code());
                    input type="hidden" name="q" value=(view.search);
                    input type="hidden" name="after" value=(after);
                    button { (lang.t(d::NEXT_PAGE)) }
                }
            }
        }
    }
}

fn empty_queue(lang: Lang, view: &QueueView) -> Markup {
    if view.shown != Shown::ToDo || view.unknown.is_some() || !view.search.is_empty() {
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
