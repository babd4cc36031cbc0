//! Parts that engineers asked for and nobody has been granted yet, and the form with which HQ declines one.

use super::form::{Field, Input, hidden, labelled_as};
use super::shell::Frame;
use super::{Stamp, paths, when};
use crate::words::desk as d;
use maud::{Markup, html};

/// Parts that somebody waits for.
#[derive(Debug, Clone)]
pub struct RequestRow {
    /// Name of the request.
    pub operation: String,
    /// Id and number of the ticket they are for.
    pub ticket: Option<(String, String)>,
    /// Who waits.
    pub engineer: String,
    /// Part number.
    pub number: String,
    /// Part name.
    pub name: String,
    /// From which van or warehouse.
    pub location: String,
    /// How many.
    pub quantity: u32,
    /// Since when.
    pub at: Stamp,
}

/// What waits, oldest first.
#[derive(Debug, Clone, Default)]
pub struct RequestsView {
    /// As many as the page shows.
    pub rows: Vec<RequestRow>,
    /// There are more than that.
    pub more: bool,
    /// Whether the reader may decline.
    pub may_decline: bool,
    /// A reason that was sent and cannot be taken, with the name of its request.
    pub wrong: Option<(String, Field)>,
}

impl RequestsView {
    /// What is shown, by name. That there are more than the page holds is told by an empty one.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let rows = self.rows.iter().map(|row| row.operation.as_str());
        rows.chain(self.more.then_some(""))
    }
}

/// The list; absent while nobody waits.
pub(super) fn requests(frame: &Frame, view: &RequestsView) -> Markup {
    let lang = frame.lang;
    html! {
        @if !view.rows.is_empty() {
            section aria-labelledby="requests" {
                h2 #requests { (lang.t(d::REQUESTS)) }
                p.hint { (lang.t(d::REQUESTS_HINT)) }
                table.list.compact.asked role="table" {
                    caption.hidden { (lang.t(d::REQUESTS)) }
                    thead role="rowgroup" { tr role="row" {
                        @for word in [d::COL_PART, d::COL_LOCATION, d::COL_QUANTITY, d::COL_FOR, d::COL_SINCE] {
                            th scope="col" role="columnheader" { (lang.t(word)) }
                        }
                        @if view.may_decline { th scope="col" role="columnheader" { (lang.t(d::DECLINE_REQUEST)) } }
                    } }
                    tbody role="rowgroup" { @for row in &view.rows { (request(frame, view, row)) } }
                }
                @if view.more { p.hint.more { (lang.fill(d::REQUESTS_MORE, &[("n", &view.rows.len().to_string())])) } }
            }
        }
    }
}

fn request(frame: &Frame, view: &RequestsView, row: &RequestRow) -> Markup {
    html! {
        tr role="row" id={"request-" (row.operation)} {
            th scope="row" role="rowheader" { (row.name) " " code { (row.number) } }
            td.p-place role="cell" { (row.location) }
            td.p-stock role="cell" data-label=(frame.lang.t(d::COL_QUANTITY)) { strong { (row.quantity) } }
            td.p-for role="cell" data-label=(frame.lang.t(d::COL_FOR)) {
                span {
                    (row.engineer)
                    @if let Some((id, number)) = &row.ticket { " · " a href=(paths::ticket(id)) { (number) } }
                }
            }
            td.p-age role="cell" { (when::age_time(frame.lang, row.at, frame.now)) }
            @if view.may_decline { td.p-count role="cell" { (decline(frame, view, row)) } }
        }
    }
}

/// The reason is asked for, because it is all that the engineer hears.
fn decline(frame: &Frame, view: &RequestsView, row: &RequestRow) -> Markup {
    let lang = frame.lang;
    let sent = view
        .wrong
        .as_ref()
        .filter(|(operation, _)| *operation == row.operation);
    let reason = sent.map(|(_, field)| field.clone()).unwrap_or_default();
    let id = format!("decline-{}", row.operation);
    html! {
        details open[sent.is_some()] {
            summary { (lang.t(d::DECLINE_REQUEST)) span.hidden { " " (row.quantity) " × " (row.name) ", " (row.engineer) } }
            form method="post" action=(paths::DECLINE_REQUEST) {
                (hidden(frame))
                input type="hidden" name="operation" value=(row.operation);
                (labelled_as(&id, lang, lang.t(d::DECLINE_REASON), "reason", Input::Text, &reason, None))
                button { (lang.t(d::DECLINE_DO)) }
            }
        }
    }
}
