//! Stock by location: what is there, what is reserved, what phones may use on their own, and as of when it is known.

use super::form::{self, Choice, Field, Input, control, hidden};
use super::icon::Icon;
use super::label::pill;
use super::pager::{Part, pager};
use super::request::{RequestsView, requests};
use super::shell::{Frame, Section, empty, shell};
use super::{Stamp, paths, when};
use crate::auth::extract::query_value;
use crate::words::{Lang, desk as d, shared as s};
use maud::{Markup, html};
use sha2::{Digest, Sha256};

/// Stock of one part at one location.
#[derive(Debug, Clone)]
pub struct StockRow {
    /// Part number.
    pub number: String,
    /// Part name.
    pub name: String,
    /// Location's name.
    pub location: String,
    /// Whether it is an engineer's van.
    pub van: bool,
    /// Quantity there, with unit.
    pub stock: String,
    /// Id of the location.
    pub location_id: String,
    /// Id of the part.
    pub part_id: String,
    /// Held for tickets.
    pub reserved: u32,
    /// At phones' sole disposal.
    pub granted: u32,
    /// Of both, what HQ is not sure of: the holder has been silent for too long, or is not the phone any more that it was.
    pub in_doubt: u32,
    /// Held, or used, beyond what the ledger says lies there.
    pub missing: u32,
    /// Transferred to here from where they cannot have lain.
    pub unproven: u32,
    /// Minimum, if the stock is below it.
    pub below: Option<u32>,
    /// As of when the quantity is known.
    pub as_of: Stamp,
}

/// The list.
#[derive(Debug, Clone)]
pub struct PartsView {
    /// Rows of this page.
    pub rows: Vec<StockRow>,
    /// Locations to choose from.
    pub locations: Vec<Choice>,
    /// The location chosen, by id.
    pub location: Field,
    /// The search text as typed.
    pub search: String,
    /// Which part of the list.
    pub part: Part,
    /// Whether the reader may count.
    pub may_count: bool,
    /// Parts that engineers wait for.
    pub requests: RequestsView,
    /// A count that was sent and cannot be booked as it is.
    pub wrong: Option<CountAgain>,
}

/// A count as it was sent.
#[derive(Debug, Clone)]
pub struct CountAgain {
    /// Id of the location.
    pub location: String,
    /// Id of the part.
    pub part: String,
    /// What was typed, and what is wrong with it.
    pub quantity: Field,
}

/// The page. GET with `q`, `location` and `page`.
pub fn parts(frame: &Frame, view: &PartsView) -> Markup {
    let lang = frame.lang;
    let body = html! {
        div.head {
            h1 { (lang.t(s::NAV_PARTS)) }
            p.hint { (lang.fill(d::PARTS_COUNT, &[("n", &view.part.total().to_string())])) }
        }
        p.news { button.arrivals type="button" hidden data-text=(lang.t(d::REQUESTS_NEW)) {} }
        (form::error_summary(lang, view.wrong.is_some() || view.requests.wrong.is_some()))
        (waiting(frame, view, Some(&address(view, parts_mark(lang, view)))))
        (filter(lang, view))
        @if view.rows.is_empty() { (empty(lang.t(d::EMPTY_PARTS), lang.t(d::EMPTY_PARTS_DO), None)) } @else {
            @if view.rows.iter().any(|row| row.in_doubt > 0) { p.hint { (lang.t(d::IN_DOUBT_HINT)) } }
            (table(frame, view))
        }
        (pager(lang, paths::PARTS, &[("q", &view.search), ("location", &view.location.value)], view.part))
    };
    shell(frame, Section::Parts, lang.t(s::NAV_PARTS), &body)
}

fn filter(lang: Lang, view: &PartsView) -> Markup {
    let pick = Input::Select(&view.locations, Some(lang.t(d::ALL_LOCATIONS)));
    let wrong = view.location.error.is_some();
    html! {
        form.filter method="get" action=(paths::PARTS) role="search" aria-label=(lang.t(s::NAV_PARTS)) {
            label.hidden for="location" { (lang.t(d::COL_LOCATION)) }
            (control("location", "location", pick, &view.location, wrong.then_some("location-error")))
            label.hidden for="q" { (lang.t(d::PARTS_SEARCH)) }
            input type="search" id="q" name="q" value=(view.search) placeholder=(lang.t(d::PARTS_SEARCH));
            button { (lang.t(s::SEARCH)) }
            @if let Some(error) = view.location.error { p.error #location-error { (error.text(lang)) } }
        }
    }
}

fn table(frame: &Frame, view: &PartsView) -> Markup {
    let (lang, now) = (frame.lang, frame.now);
    // A company without reservations and grants is not shown columns of noughts.
    let shared = view
        .rows
        .iter()
        .any(|row| row.reserved > 0 || row.granted > 0 || row.in_doubt > 0);
    let mut columns = vec![d::COL_PART, d::COL_LOCATION, d::COL_STOCK];
    if shared {
        columns.extend([d::COL_HELD, d::COL_GRANT]);
    }
    columns.push(d::COL_AS_OF);
    if view.may_count {
        columns.push(d::COUNT_PART);
    }
    html! {
        table.list.compact.stock role="table" {
            caption.hidden { (lang.t(s::NAV_PARTS)) }
            thead role="rowgroup" { tr role="row" { @for word in columns { th scope="col" role="columnheader" { (lang.t(word)) } } } }
            tbody role="rowgroup" { @for row in &view.rows { (stock_row(lang, now, row, shared, view.may_count.then(|| count(frame, view, row)))) } }
        }
    }
}

fn stock_row(lang: Lang, now: Stamp, row: &StockRow, shared: bool, count: Option<Markup>) -> Markup {
    let kind = if row.van { d::VAN } else { d::WAREHOUSE };
    html! {
        tr role="row" {
            th scope="row" role="rowheader" { (row.name) " " code { (row.number) } }
            td.p-place role="cell" { (row.location) span.hint { " · " (lang.t(kind)) } }
            (stock_cell(lang, row))
            @if shared { (held_cell(lang, row)) (granted_cell(lang, row)) }
            (age_cell(lang, now, row))
            @if let Some(count) = count { td.p-count role="cell" { (count) } }
        }
    }
}

/// How many there are.
fn stock_cell(lang: Lang, row: &StockRow) -> Markup {
    html! {
        td.p-stock id=(cell_id("stock", row)) role="cell" data-label=(lang.t(d::COL_STOCK)) {
            strong { (row.stock) }
            @if row.missing > 0 {
                " " (pill("warning", Icon::Warning, &lang.fill(d::MISSING, &[("n", &row.missing.to_string())])))
            }
            @if row.unproven > 0 {
                " " (pill("warning", Icon::Warning, &lang.fill(d::UNPROVEN, &[("n", &row.unproven.to_string())])))
            }
            @if let Some(minimum) = row.below {
                " " (pill("warning", Icon::Warning, &lang.fill(d::LOW_STOCK, &[("n", &minimum.to_string())])))
            }
        }
    }
}

fn held_cell(lang: Lang, row: &StockRow) -> Markup {
    html! { td.p-held id=(cell_id("held", row)) role="cell" data-label=(lang.t(d::COL_HELD)) { (row.reserved) } }
}

fn granted_cell(lang: Lang, row: &StockRow) -> Markup {
    html! {
        td.p-granted id=(cell_id("granted", row)) role="cell" data-label=(lang.t(d::COL_GRANT)) {
            (row.granted)
            @if row.in_doubt > 0 { " " span.hint { (lang.t(d::IN_DOUBT)) " " (row.in_doubt) } }
        }
    }
}

fn age_cell(lang: Lang, now: Stamp, row: &StockRow) -> Markup {
    html! { td.p-age id=(cell_id("age", row)) role="cell" { (when::age_time(lang, row.as_of, now)) } }
}

fn cell_id(what: &str, row: &StockRow) -> String {
    format!("{what}-{}-{}", row.location_id, row.part_id)
}

/// Who waits, or nobody: always there, so that a request finds its place on a page that listens at `live`.
fn waiting(frame: &Frame, view: &PartsView, live: Option<&str>) -> Markup {
    html! { div #waiting data-live=[live] { (requests(frame, &view.requests)) } }
}

/// The list of who waits, drawn anew with its forms: the data of live events `requests`. The page takes in the rows it lacks.
#[must_use]
pub fn live_requests(frame: &Frame, view: &PartsView) -> Markup {
    waiting(frame, view, None)
}

/// What of a row may be replaced while somebody reads or counts: the data of live events `part`. The age comes last; it is
/// drawn anew only where something else is.
#[must_use]
pub fn live_cells(lang: Lang, now: Stamp, row: &StockRow) -> [Markup; 4] {
    [
        stock_cell(lang, row),
        held_cell(lang, row),
        granted_cell(lang, row),
        age_cell(lang, now, row),
    ]
}

/// Tells the figures and the requests of a page from others, so that a stream begins where the page ended.
#[must_use]
pub fn parts_mark(lang: Lang, view: &PartsView) -> u64 {
    let mut hash = Sha256::new();
    for row in &view.rows {
        for cell in [
            stock_cell(lang, row),
            held_cell(lang, row),
            granted_cell(lang, row),
        ] {
            hash.update(cell.0.as_bytes());
        }
    }
    // Their names: all else of a request stays, and a form differs each time it is drawn.
    for name in view.requests.names() {
        hash.update(name.as_bytes());
        hash.update([0]);
    }
    let bytes: [u8; 32] = hash.finalize().into();
    // Below 2^53, and never what stands for "from now on".
    bytes[..6]
        .iter()
        .fold(0, |mark, byte| mark << 8 | u64::from(*byte))
}

fn address(view: &PartsView, mark: u64) -> String {
    let (q, location, page) = (
        query_value(&view.search),
        query_value(&view.location.value),
        view.part.number(),
    );
    format!(
        "{}?q={q}&location={location}&page={page}&since={mark}",
        paths::PARTS_LIVE
    )
}

/// What a keeper found there. It settles what is in doubt and what is missing.
fn count(frame: &Frame, view: &PartsView, row: &StockRow) -> Markup {
    let lang = frame.lang;
    let id = format!("count-{}-{}", row.location_id, row.part_id);
    let sent = view.wrong.as_ref();
    let sent = sent.filter(|sent| (&sent.location, &sent.part) == (&row.location_id, &row.part_id));
    let (typed, error) = sent.map_or(("", None), |sent| {
        (sent.quantity.value.as_str(), sent.quantity.error)
    });
    let (invalid, error_id) = (error.map(|_| "true"), format!("{id}-error"));
    html! {
        details open[sent.is_some()] {
            summary { (lang.t(d::COUNT_PART)) span.hidden { " " (row.name) ", " (row.location) } }
            form method="post" action=(paths::COUNT) {
                (hidden(frame))
                input type="hidden" name="location" value=(row.location_id);
                input type="hidden" name="part" value=(row.part_id);
                input type="hidden" name="seen" value=(row.stock);
                input type="hidden" name="q" value=(view.search);
                input type="hidden" name="at" value=(view.location.value);
                input type="hidden" name="page" value=(view.part.number());
                div.field {
                    label for=(id) { (lang.t(d::COUNTED)) }
                    // Of type text: a number field would drop what is no number before it can be shown again.
                    input id=(id) name="quantity" required inputmode="numeric" autocomplete="off" value=(typed)
                        aria-invalid=[invalid] aria-describedby=[invalid.map(|_| error_id.as_str())];
                    @if let Some(error) = error { p.error id=(error_id) { (error.text(lang)) } }
                }
                button { (lang.t(d::COUNT_DO)) }
            }
        }
    }
}
