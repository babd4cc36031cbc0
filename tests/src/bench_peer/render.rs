//! A ticket of the product in the workload's form, from what the product stores and nothing else.

use std::collections::BTreeMap;

use fieldline_model::document::Content;
use fieldline_model::fold::{Phase, VisitState, fold};
use fieldline_model::id::{OperationId, TicketId};
use fieldline_model::operation::{Act, Answer, Author, TicketFacts};
use fieldline_model::row::{Asset, Checklist, Contact, Customer, Row, RowKind, Site};
use fieldline_model::time::{DeviceTime, Timestamp};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::mapping;

/// One entry of a document.
pub(super) struct Line<'a> {
    pub(super) id: OperationId,
    pub(super) act: &'a Act,
    pub(super) by: Author,
    pub(super) at: DeviceTime,
}

/// A ticket as one side holds it.
pub(super) struct Seen<'a> {
    pub(super) ticket: TicketId,
    pub(super) facts: &'a TicketFacts,
    pub(super) visit: Option<&'a VisitState>,
    pub(super) lines: Vec<Line<'a>>,
}

/// Finds a row by kind and id.
pub(super) type Rows<'a> = dyn Fn(RowKind, &str) -> Option<Row> + 'a;

/// A ticket from its document.
pub(super) fn from_content(ticket: TicketId, content: &Content, rows: &Rows<'_>) -> Value {
    let state = fold(&content.events);
    let events = content.events.entries().iter();
    let others = content.entries.iter().map(|((_, id), entry)| (id, entry));
    let lines = events
        .chain(others)
        .map(|(id, entry)| Line {
            id: *id,
            act: &entry.act,
            by: entry.by,
            at: entry.at,
        })
        .collect();
    let seen = Seen {
        ticket,
        facts: &state.facts,
        visit: state.visits.values().next(),
        lines,
    };
    ticket_json(seen, rows)
}

/// The ticket.
pub(super) fn ticket_json(mut seen: Seen<'_>, rows: &Rows<'_>) -> Value {
    seen.lines.sort_by_key(|line| (line.at.estimate(), line.id));
    let facts = seen.facts;
    let reached = Reached::of(facts, rows);
    let customer = reached.customer.as_ref();
    let (level, hours) = customer
        .and_then(|row| row.sla_plan.as_deref()?.split_once(' '))
        .unwrap_or_default();
    let seconds = |at: Option<Timestamp>| at.map(|at| at.ms() / 1_000);
    let site = reached.site.as_ref();
    let address = site.map(|row| format!("{}, {} {}", row.address, row.district, row.city));
    json!({
        "id": mapping::ticket_hex(seen.ticket),
        "number": facts.number.split('/').next(),
        "customer": {
            "name": reached.contact.as_ref().map(|row| &row.name),
            "phone": reached.contact.as_ref().map(|row| &row.phone),
            "address": address,
        },
        "asset": {
            "model": reached.asset.as_ref().map(|row| &row.model),
            "serial": reached.asset.as_ref().map(|row| &row.serial),
        },
        "fault": facts.fault_text,
        "status": status(seen.visit),
        "priority": mapping::priority_number(facts.priority),
        "deadline": seconds(facts.deadline),
        "checklist": checklist(&seen, reached.checklist.as_ref()),
        "parts": parts(&seen, rows),
        "notes": notes(&seen),
        "events": events(&seen, rows),
        "access": seen.lines.iter().find_map(|line| match line.act {
            Act::Message { text } => Some(text),
            _ => None,
        }),
        "contract": {
            "no": customer.and_then(|row| row.contract.as_ref()),
            "level": level,
            "response_h": hours.trim_end_matches('h').parse::<u32>().ok(),
        },
        "tags": facts.skills,
        "created": seconds(facts.wished.map(|span| span.start)),
        "team": facts.category,
        "history": reached.asset.as_ref().and_then(|row| row.history.first()).map(|past| &past.remedy),
        "eta": eta(&seen).or_else(|| seconds(seen.visit.and_then(|visit| visit.plan).map(|plan| plan.start))),
        "location": site.and_then(|row| row.position).map(|at| json!({ "lat": at.lat, "lon": at.lon })),
    })
}

/// The rows a ticket points at.
struct Reached {
    customer: Option<Customer>,
    contact: Option<Contact>,
    site: Option<Site>,
    asset: Option<Asset>,
    checklist: Option<Checklist>,
}

impl Reached {
    fn of(facts: &TicketFacts, rows: &Rows<'_>) -> Self {
        macro_rules! row {
            ($kind:ident, $id:expr) => {
                match $id.and_then(|id| rows(RowKind::$kind, &id.to_string())) {
                    Some(Row::$kind(row)) => Some(row),
                    _ => None,
                }
            };
        }
        Self {
            customer: row!(Customer, facts.customer),
            contact: row!(Contact, facts.contact),
            site: row!(Site, facts.site),
            asset: row!(Asset, facts.asset),
            checklist: row!(Checklist, facts.category.as_ref()),
        }
    }
}

fn status(visit: Option<&VisitState>) -> &'static str {
    match visit.map(|visit| visit.phase) {
        None => "triaged",
        Some(Phase::Offered) => "assigned",
        Some(Phase::Accepted) => "accepted",
        Some(Phase::EnRoute) => "travelling",
        Some(Phase::Arrived | Phase::Working | Phase::Paused(_)) => "on_site",
        Some(Phase::Done) => "done",
        Some(Phase::Declined(_)) => "declined",
    }
}

fn events(seen: &Seen<'_>, rows: &Rows<'_>) -> Vec<Value> {
    let event = |line: &Line<'_>| {
        let (id, status) = match line.act {
            Act::Create(_) => ("e0", "new"),
            Act::Triage => ("e1", "triaged"),
            Act::Offer { .. } => ("e2", "assigned"),
            Act::Accept { .. } => ("e3", "accepted"),
            Act::Depart { .. } => ("e4", "travelling"),
            Act::Arrive { .. } => ("e5", "on_site"),
            Act::Finish { completion, .. } => (completion.text.as_str(), "done"),
            _ => return None,
        };
        let by = match line.by {
            Author::Staff(id) => mapping::staff_name(id).to_owned(),
            Author::Engineer(id) => match rows(RowKind::Engineer, &id.to_string()) {
                Some(Row::Engineer(row)) => row.name,
                _ => String::new(),
            },
            Author::Customer => "customer".into(),
            Author::Server => "server".into(),
        };
        let at = line.at.wall.ms() / 1_000;
        Some((at, json!({ "id": id, "status": status, "at": at, "by": by })))
    };
    let mut events: Vec<(i64, Value)> = seen.lines.iter().filter_map(event).collect();
    events.sort_by_key(|(at, _)| *at);
    events.into_iter().map(|(_, event)| event).collect()
}

fn checklist(seen: &Seen<'_>, list: Option<&Checklist>) -> Vec<Value> {
    let mut done = BTreeMap::new();
    for line in &seen.lines {
        if let Act::Answer {
            item,
            answer: Answer::Tick(tick),
        } = line.act
        {
            done.insert(item, *tick);
        }
    }
    let items = list.into_iter().flat_map(|list| &list.items);
    let ticks = items.filter(|item| item.kind == "tick");
    ticks
        .map(|item| {
            let done = done.get(&item.id).copied().unwrap_or(false);
            json!({ "id": item.id, "text": item.en, "done": done })
        })
        .collect()
}

fn parts(seen: &Seen<'_>, rows: &Rows<'_>) -> Vec<Value> {
    let mut used: BTreeMap<String, (String, u32)> = BTreeMap::new();
    for line in &seen.lines {
        if let Act::UsePart { part, quantity, .. } = line.act
            && let Some(Row::Part(row)) = rows(RowKind::Part, &part.to_string())
        {
            used.entry(row.number).or_insert((row.name_en, 0)).1 += quantity;
        }
    }
    let noted = seen.lines.iter().find_map(|line| match line.act {
        Act::Note { text } => mapping::parts_of_note(text),
        _ => None,
    });
    let mut parts: Vec<Value> = Vec::new();
    for (sku, name, qty) in noted.unwrap_or_default() {
        let used = used.remove(&sku).map_or(0, |(_, used)| used);
        parts.push(json!({ "sku": sku, "name": name, "qty": qty, "used": used }));
    }
    for (sku, (name, used)) in used {
        parts.push(json!({ "sku": sku, "name": name, "qty": used, "used": used }));
    }
    parts
}

/// Notes stand beside each other: nobody splices another's text.
fn notes(seen: &Seen<'_>) -> String {
    let texts = seen.lines.iter().filter_map(|line| match line.act {
        Act::Note { text } if !text.starts_with(mapping::PARTS_NOTE) => Some(text.as_str()),
        _ => None,
    });
    texts.collect::<Vec<&str>>().join("\n")
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a whole number of seconds was written"
)]
fn eta(seen: &Seen<'_>) -> Option<i64> {
    seen.lines.iter().rev().find_map(|line| match line.act {
        Act::Answer {
            item,
            answer: Answer::Reading { value, .. },
        } if item == mapping::READING => Some(*value as i64),
        _ => None,
    })
}

/// One short word for all tickets.
pub(super) fn digest(mut tickets: Vec<Value>) -> String {
    tickets.sort_by(|a, b| a["id"].as_str().cmp(&b["id"].as_str()));
    let mut hash = Sha256::new();
    for ticket in &tickets {
        hash.update(ticket.to_string());
    }
    hash.finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
