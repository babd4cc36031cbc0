//! What the field brought home: visits, parts, answers, notes.

use std::collections::BTreeMap;

use fieldline_model::fold::{Phase, VisitState as Visited, Withdrawal};
use fieldline_model::operation::Act;
use fieldline_model::row::{Row, RowKind};
use rusqlite::Connection;

use crate::page::ticket::record::{Answer, Note, PartUse, Visit, VisitState};
use crate::store::StoreError;
use crate::store::row::row_read;
use crate::web::Web;
use crate::web::record::{Line, TicketRecord};
use crate::web::timeline::{answer_text, item_name};
use crate::web::view::result;
use crate::words::Lang;

/// The visits, newest first.
pub(super) fn visits(web: &Web, lang: Lang, record: &TicketRecord) -> Vec<Visit> {
    let mut visits: Vec<(_, &Visited)> = record
        .state
        .visits
        .values()
        .map(|v| (begun(record, v), v))
        .collect();
    visits.sort_by_key(|(begun, _)| std::cmp::Reverse(*begun));
    visits
        .into_iter()
        .map(|(_, visit)| line(web, lang, record, visit))
        .collect()
}

/// When HQ made the visit: its place in the log.
fn begun(record: &TicketRecord, visit: &Visited) -> u64 {
    let made = |line: &&Line| {
        line.entry.act.visit() == Some(visit.id)
            && matches!(line.entry.act, Act::Offer { .. } | Act::Reassign { .. })
    };
    record.lines.iter().find(made).map_or(0, |line| line.seq)
}

fn line(web: &Web, lang: Lang, record: &TicketRecord, visit: &Visited) -> Visit {
    let who = record.visitors(lang, visit);
    let arrived = record.step(visit.id, "arrive").map(|at| web.stamp(at));
    let done = record.step(visit.id, "finish").map(|at| web.stamp(at));
    Visit {
        engineer: who,
        state: state(visit),
        plan: visit.plan.map(|plan| web.window(plan)),
        actual: arrived.map(|arrived| (arrived, done)),
        result: visit.completion.as_ref().map(result),
    }
}

fn state(visit: &Visited) -> VisitState {
    match (visit.phase, visit.withdrawn.map(|withdrawn| withdrawn.why)) {
        (Phase::Done, _) => VisitState::Done,
        (_, Some(Withdrawal::Reassigned | Withdrawal::Cancelled | Withdrawal::Ended)) => {
            VisitState::Cancelled
        }
        (Phase::Offered, None) => VisitState::Offered,
        (Phase::Accepted, None) => VisitState::Accepted,
        (Phase::Declined(_), None) => VisitState::Declined,
        (Phase::EnRoute, None) => VisitState::EnRoute,
        (Phase::Arrived, None) => VisitState::Arrived,
        (Phase::Working, None) => VisitState::Working,
        (Phase::Paused(_), None) => VisitState::Paused,
    }
}

/// Locations and parts of this ticket whose ledger stands below zero: more was used than anybody had booked.
pub(super) fn short_stock(connection: &Connection, record: &TicketRecord) -> Result<Vec<String>, StoreError> {
    let mut short = Vec::new();
    for line in &record.lines {
        if let Act::UsePart { part, from, .. } = &line.entry.act {
            let id = format!("{from}/{part}");
            if let Some((Row::Stock(stock), _)) = row_read(connection, RowKind::Stock, &id)?
                && stock.quantity < 0
            {
                short.push(id);
            }
        }
    }
    Ok(short)
}

/// Parts used, in order.
pub(super) fn parts(lang: Lang, record: &TicketRecord, short: &[String]) -> Vec<PartUse> {
    let used = record
        .lines
        .iter()
        .filter_map(|line| part_use(lang, record, short, &line.entry.act));
    used.collect()
}

/// The part an act used, if it used one.
pub(super) fn part_use(lang: Lang, record: &TicketRecord, short: &[String], act: &Act) -> Option<PartUse> {
    match act {
        Act::UsePart { part, quantity, from } => Some(PartUse {
            part: record.part(lang, *part),
            count: quantity.to_string(),
            location: record.location(lang, &from.to_string()),
            is_short: short.contains(&format!("{from}/{part}")),
        }),
        _ => None,
    }
}

/// Answers by item, the latest shown; one that somebody else gave differently stands beside it.
pub(super) fn answers(lang: Lang, record: &TicketRecord) -> Vec<Answer> {
    let mut by_item: BTreeMap<&str, Vec<&Line>> = BTreeMap::new();
    let mut order: Vec<&str> = Vec::new();
    for line in &record.lines {
        if let Act::Answer { item, .. } = &line.entry.act {
            if !order.contains(&item.as_str()) {
                order.push(item);
            }
            by_item.entry(item).or_default().push(line);
        }
    }
    let value = |line: &Line| match &line.entry.act {
        Act::Answer { answer, .. } => answer_text(lang, answer),
        _ => String::new(),
    };
    let answer = |item: &str| {
        let lines = by_item.get(item)?;
        let shown = lines.iter().max_by_key(|line| (line.at, line.id))?;
        let kept = value(shown);
        let others = lines.iter().filter(|line| line.entry.by != shown.entry.by);
        let other = others
            .max_by_key(|line| (line.at, line.id))
            .map(|line| value(line));
        Some(Answer {
            item: item_name(lang, record, item),
            other: other.filter(|other| *other != kept),
            value: kept,
        })
    };
    order.into_iter().filter_map(answer).collect()
}

/// Notes, newest first.
pub(super) fn notes(web: &Web, lang: Lang, record: &TicketRecord) -> Vec<Note> {
    let mut lines: Vec<&Line> = record.lines.iter().collect();
    lines.sort_by_key(|line| std::cmp::Reverse((line.at, line.seq)));
    let notes = lines.into_iter().filter_map(|line| match &line.entry.act {
        Act::Note { text } => Some(Note {
            who: record.who(lang, line.entry.by),
            at: web.stamp(line.at),
            text: record.note(lang, line.id, text),
        }),
        _ => None,
    });
    notes.collect()
}

/// The engineer of the newest visit, for the line after assigning.
pub(in crate::web) fn latest_engineer(lang: Lang, record: &TicketRecord) -> String {
    let visit = record
        .state
        .visits
        .values()
        .max_by_key(|visit| begun(record, visit));
    visit
        .map(|visit| record.visitors(lang, visit))
        .unwrap_or_default()
}
