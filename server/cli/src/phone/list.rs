//! The list of tickets, in the order of the day.

use fieldline_engine::view::{ListFilter, ListScope, TicketLine};
use fieldline_model::operation::Priority;
use serde_json::json;

use super::{Phone, label, left, place, status};
use crate::answer::Answer;
use crate::fault::Fault;
use crate::table::{cut, table};
use crate::words::{fill, phone as w};

/// Columns of the fault; the customer's name takes what is left.
const FAULT_WIDTH: usize = 18;
/// Place of the customer's name among the columns.
const CUSTOMER_COLUMN: usize = 4;

/// Shows what is left to do, or everything.
pub(super) fn list(phone: &Phone, all: bool) -> Result<Answer, Fault> {
    let scope = if all { ListScope::All } else { ListScope::Open };
    let lines = phone.engine.list(&ListFilter {
        scope,
        ..ListFilter::default()
    })?;
    place::keep(phone, &lines)?;
    let json = json!({ "tickets": lines });
    if lines.is_empty() {
        let word = if all { w::LIST_EMPTY_ALL } else { w::LIST_EMPTY };
        let text = left::warned(phone, &left::unfinished(phone)?, fill(phone.lang, word, &[]));
        let text = status::warned(phone, &phone.engine.status()?, text);
        return Ok(Answer::new(text, json));
    }
    let t = |word| phone.lang.t(word).to_owned();
    let mut cells = vec![vec![
        String::new(),
        t(w::COL_NUMBER),
        fill(phone.lang, w::COL_WHEN, &[("zone", &phone.clock.zone())]),
        t(w::COL_STATE),
        t(w::COL_CUSTOMER),
        t(w::COL_FAULT),
        String::new(),
    ]];
    cells.extend(
        lines
            .iter()
            .enumerate()
            .map(|(place, line)| columns(phone, place + 1, line)),
    );
    let text = left::warned(phone, &left::unfinished(phone)?, table(&cells, CUSTOMER_COLUMN));
    Ok(Answer::new(
        status::warned(phone, &phone.engine.status()?, text),
        json,
    ))
}

fn columns(phone: &Phone, place: usize, line: &TicketLine) -> Vec<String> {
    let lang = phone.lang;
    let state = match &line.phase {
        Some(phase) if !line.withdrawn => label::phase(lang, phase),
        _ => label::status(lang, &line.status),
    };
    let fault = phone.either(&line.fault_zh, &line.fault_en);
    let fault = if fault.is_empty() { &line.fault_text } else { fault };
    vec![
        place.to_string(),
        line.number.clone(),
        line.plan_start
            .map(|at| phone.clock.short(at))
            .unwrap_or_default(),
        state.to_owned(),
        phone.either(&line.customer, &line.customer_en).to_owned(),
        cut(fault, FAULT_WIDTH),
        marks(phone, line),
    ]
}

fn marks(phone: &Phone, line: &TicketLine) -> String {
    let lang = phone.lang;
    let count = |word, n: u32| fill(lang, word, &[("n", &n.to_string())]);
    let mut marks = Vec::new();
    let unsent = line.pending.saturating_sub(line.held);
    if unsent > 0 {
        marks.push(count(w::MARK_PENDING, unsent));
    }
    if line.held > 0 {
        marks.push(count(w::MARK_HELD, line.held));
    }
    if line.stuck {
        marks.push(lang.t(w::MARK_STUCK).to_owned());
    }
    if line.accepted_not_at_hq {
        marks.push(lang.t(w::MARK_ACCEPTED).to_owned());
    }
    if line.withdrawn {
        marks.push(lang.t(w::MARK_WITHDRAWN).to_owned());
    }
    match line.priority.as_str() {
        "critical" => marks.push(lang.t(label::priority(Priority::Critical)).to_owned()),
        "high" => marks.push(lang.t(label::priority(Priority::High)).to_owned()),
        _ => {}
    }
    if line.vip {
        marks.push(lang.t(w::VIP).to_owned());
    }
    if line.urges > 0 {
        marks.push(count(w::MARK_URGED, line.urges));
    }
    marks.join(" ")
}
