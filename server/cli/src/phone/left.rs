//! Tickets that left before the engineer's work on them was done, because HQ took them away or a colleague accepted first:
//! named where the engineer looks, with what became of them.

use std::collections::BTreeSet;

use fieldline_engine::Gone;
use fieldline_engine::view::{ListFilter, ListScope, TicketLine, TicketView};
use fieldline_model::cancel::cancel_words;
use fieldline_model::id::TicketId;
use fieldline_server::words::Lang;

use super::{Phone, label};
use crate::fault::{Fault, model_lang};
use crate::table::{WIDTH, hanging};
use crate::words::{fill, phone as w};

/// Tickets named one by one.
const SHOWN_MAX: usize = 5;

/// Those whose own visit was under way, or still to come, when they left.
pub(super) fn unfinished(phone: &Phone) -> Result<Vec<TicketLine>, Fault> {
    let mut left = phone.engine.list(&ListFilter {
        scope: ListScope::Left,
        ..ListFilter::default()
    })?;
    left.retain(|line| matches!(&line.phase, Some(phase) if phase != "done" && phase != "declined"));
    Ok(left)
}

/// What left since: `before` held those known then.
pub(super) fn since(phone: &Phone, before: &BTreeSet<TicketId>) -> Result<Vec<TicketLine>, Fault> {
    let mut left = unfinished(phone)?;
    left.retain(|line| !before.contains(&line.ticket));
    Ok(left)
}

/// What is said, and below it that these are not the engineer's any more.
pub(super) fn warned(phone: &Phone, left: &[TicketLine], text: String) -> String {
    if left.is_empty() {
        return text;
    }
    let lang = phone.lang;
    let cancelled = |line: &TicketLine| line.status == "cancelled";
    let taken = |line: &TicketLine| line.phase.as_deref() == Some("taken");
    let named = |line: &&TicketLine| match &line.phase {
        _ if cancelled(line) => format!("{} ({})", line.number, label::status(lang, &line.status)),
        Some(phase) if taken(line) => format!("{} ({})", line.number, label::phase(lang, phase)),
        Some(_) | None => line.number.clone(),
    };
    // An offer that is gone matters less than work that was his.
    let mut shown: Vec<&TicketLine> = left.iter().collect();
    shown.sort_by_key(|line| (!cancelled(line), taken(line)));
    let mut numbers: Vec<String> = shown.iter().take(SHOWN_MAX).map(named).collect();
    if left.len() > SHOWN_MAX {
        numbers.push("…".to_owned());
    }
    let gap = match lang {
        Lang::Zh => "、",
        Lang::En => ", ",
    };
    let one = shown.first();
    let values = [
        ("numbers", numbers.join(gap)),
        ("one", one.map(|line| line.number.clone()).unwrap_or_default()),
    ];
    let values = values.each_ref().map(|(key, value)| (*key, value.as_str()));
    let line = hanging("! ", &fill(lang, w::LEFT, &values), WIDTH);
    format!("{}\n{line}", text.trim_end())
}

/// Why a ticket is here to read only, as far as this phone was told; also by cards that were put away.
pub(super) fn why(phone: &Phone, view: &TicketView, lang: Lang) -> Result<Option<String>, Fault> {
    let Some(gone) = phone.engine.gone(view)? else {
        return Ok(None);
    };
    if let Gone::Cancelled { at, why } = &gone {
        let time = phone.clock.short(*at);
        let why = cancel_words(why, model_lang(lang));
        return Ok(Some(fill(lang, w::CANCELLED, &[("time", &time), ("why", why)])));
    }
    Ok(gone.words().map(|words| lang.t(label::word(words)).to_owned()))
}
