//! The workload in the product's terms: its tickets as rows and acts, its changes as the nearest act that people have.
//!
//! docs/benchmarks.md lists what has no counterpart. Nothing here is known to the product.

use anyhow::{Context as _, bail};
use fieldline_model::id::{
    AssetId, ContactId, CustomerId, EngineerId, LocationId, PartId, SiteId, StaffId, TicketId, VisitId,
};
use fieldline_model::operation::{
    Act, Answer, Completion, FactsEdit, Position, Priority, Span, TicketFacts, VisitResult,
};
use fieldline_model::row::{
    Asset, Checklist, ChecklistItem, Contact, Customer, Engineer, Location, Part, PastWork, Row, Site,
};
use fieldline_model::time::Timestamp;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::spec;

/// The note in which HQ writes down the parts a ticket probably needs.
pub(super) const PARTS_NOTE: &str = "Parts: ";
/// The reading that stands for a number the phone sets.
pub(super) const READING: &str = "eta";
/// What a plan takes beside its begin.
const VISIT_MS: i64 = 2 * 60 * 60 * 1_000;
/// The names in the workload, in the order of their ids.
const STAFF: [&str; 20] = [
    "anna", "ben", "carla", "david", "eva", "frank", "greta", "hugo", "ines", "jan", "karin", "leo", "mia",
    "nils", "olga", "paul", "rita", "sven", "tina", "uwe",
];
/// The part an engineer takes from the van when HQ expected none.
pub(super) const VAN_PART: (&str, &str) = ("P-VAN01", "van stock seal");
/// In the order of the workload's 1 to 4.
const PRIORITIES: [Priority; 4] = [
    Priority::Low,
    Priority::Normal,
    Priority::High,
    Priority::Critical,
];

fn bytes<const N: usize>(kind: &str, name: &str) -> [u8; N] {
    let hash = Sha256::digest(format!("{kind} {name}"));
    std::array::from_fn(|n| hash[n])
}

pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_ms(seconds * 1_000)
}

pub(super) fn ticket_id(hex: &str) -> anyhow::Result<TicketId> {
    let number = u128::from_str_radix(hex, 16).with_context(|| format!("ticket id {hex}"))?;
    Ok(TicketId::from_bytes(number.to_be_bytes()))
}

pub(super) fn ticket_hex(id: TicketId) -> String {
    format!("{:032x}", u128::from_be_bytes(id.to_bytes()))
}

pub(super) fn engineer(share: usize) -> EngineerId {
    EngineerId::from_bytes(bytes("engineer", &share.to_string()))
}

pub(super) fn van(share: usize) -> LocationId {
    LocationId::from_bytes(bytes("van", &share.to_string()))
}

pub(super) fn part(sku: &str) -> PartId {
    PartId::from_bytes(bytes("part", sku))
}

pub(super) fn staff(name: &str) -> StaffId {
    StaffId::from_bytes(bytes("staff", name))
}

pub(super) fn staff_name(id: StaffId) -> &'static str {
    STAFF.into_iter().find(|name| staff(name) == id).unwrap_or("hq")
}

pub(super) fn visit(ticket: &spec::Ticket) -> VisitId {
    VisitId::new(at(ticket.created), bytes("visit", &ticket.id))
}

pub(super) fn priority_number(priority: Priority) -> usize {
    PRIORITIES
        .iter()
        .position(|known| *known == priority)
        .unwrap_or(0)
        + 1
}

fn priority(number: usize) -> anyhow::Result<Priority> {
    let found = PRIORITIES.get(number.wrapping_sub(1)).copied();
    found.with_context(|| format!("priority {number}"))
}

fn customer_id(ticket: &spec::Ticket) -> CustomerId {
    CustomerId::new(at(ticket.created), bytes("customer", &ticket.id))
}

fn contact_id(ticket: &spec::Ticket) -> ContactId {
    ContactId::new(at(ticket.created), bytes("contact", &ticket.id))
}

fn site_id(ticket: &spec::Ticket) -> SiteId {
    SiteId::new(at(ticket.created), bytes("site", &ticket.id))
}

fn asset_id(ticket: &spec::Ticket) -> AssetId {
    AssetId::new(at(ticket.created), bytes("asset", &ticket.id))
}

/// The rows a ticket points at: all that is personal, and the machine with its history.
pub(super) fn ticket_rows(ticket: &spec::Ticket) -> anyhow::Result<Vec<Row>> {
    let customer = customer_id(ticket);
    let address = &ticket.customer.address;
    let (street, rest) = address.split_once(", ").with_context(|| address.clone())?;
    let (district, city) = rest.split_once(' ').with_context(|| address.clone())?;
    Ok(vec![
        Row::Customer(Customer {
            id: customer,
            name: ticket.customer.name.clone(),
            name_en: None,
            vip: None,
            sla_plan: Some(format!(
                "{} {}h",
                ticket.contract.level, ticket.contract.response_h
            )),
            contract: Some(ticket.contract.no.clone()),
        }),
        Row::Contact(Contact {
            id: contact_id(ticket),
            customer,
            name: ticket.customer.name.clone(),
            phone: ticket.customer.phone.clone(),
        }),
        Row::Site(Site {
            id: site_id(ticket),
            customer,
            city: city.to_owned(),
            district: district.to_owned(),
            address: street.to_owned(),
            position: Some(Position {
                lat: ticket.location.lat,
                lon: ticket.location.lon,
            }),
        }),
        Row::Asset(Asset {
            id: asset_id(ticket),
            site: site_id(ticket),
            category: ticket.team.clone(),
            model: ticket.asset.model.clone(),
            model_zh: String::new(),
            model_en: String::new(),
            serial: ticket.asset.serial.clone(),
            warranty_end: None,
            history: vec![PastWork {
                number: String::new(),
                date: String::new(),
                fault: String::new(),
                cause: String::new(),
                remedy: ticket.history.clone(),
            }],
        }),
    ])
}

/// What HQ knows when it opens the ticket.
pub(super) fn facts(ticket: &spec::Ticket) -> anyhow::Result<TicketFacts> {
    let created = at(ticket.created);
    Ok(TicketFacts {
        number: ticket.number.clone(),
        customer: Some(customer_id(ticket)),
        contact: Some(contact_id(ticket)),
        site: Some(site_id(ticket)),
        asset: Some(asset_id(ticket)),
        category: Some(ticket.team.clone()),
        fault_text: ticket.fault.clone(),
        priority: priority(ticket.priority)?,
        deadline: Some(at(ticket.deadline)),
        wished: Some(Span {
            start: created,
            end: created,
        }),
        skills: ticket.tags.clone(),
        ..TicketFacts::default()
    })
}

pub(super) fn plan(eta: i64) -> Span {
    Span {
        start: at(eta),
        end: at(eta).plus_ms(VISIT_MS),
    }
}

/// The parts a ticket probably needs, as HQ writes them down.
pub(super) fn parts_note(parts: &[spec::Part]) -> String {
    let lines: Vec<String> = parts
        .iter()
        .map(|part| format!("{} {} x{}", part.sku, part.name, part.qty))
        .collect();
    format!("{PARTS_NOTE}{}", lines.join("; "))
}

/// The reverse of [`parts_note`]: number, name, quantity.
pub(super) fn parts_of_note(text: &str) -> Option<Vec<(String, String, u32)>> {
    let lines = text.strip_prefix(PARTS_NOTE)?.split("; ");
    let read = |line: &str| {
        let (sku, rest) = line.split_once(' ')?;
        let (name, quantity) = rest.rsplit_once(" x")?;
        Some((sku.to_owned(), name.to_owned(), quantity.parse().ok()?))
    };
    lines.map(read).collect()
}

/// The company: engineers with their vans, a checklist for each team, and the parts that will be used.
pub(super) fn company(shares: &[spec::Share]) -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::new();
    let mut lists = std::collections::BTreeMap::new();
    let mut parts = std::collections::BTreeMap::from([(VAN_PART.0.to_owned(), VAN_PART.1.to_owned())]);
    for (n, share) in shares.iter().enumerate() {
        rows.push(Row::Location(Location {
            id: van(n),
            van: true,
            name_zh: "车".into(),
            name_en: "Van".into(),
        }));
        rows.push(Row::Engineer(Engineer {
            id: engineer(n),
            name: "engineer".into(),
            name_en: String::new(),
            skills: Vec::new(),
            van: Some(van(n)),
        }));
        let (tickets, changes) = (share.tickets()?, share.changes()?);
        for ticket in tickets.iter().chain(&changes.new_tickets) {
            lists
                .entry(ticket.team.clone())
                .or_insert_with(|| checklist(ticket));
            if changes
                .phone_changes
                .iter()
                .any(|changed| changed.id == ticket.id)
                && let Some(part) = ticket.parts.first()
            {
                parts.insert(part.sku.clone(), part.name.clone());
            }
        }
    }
    rows.extend(lists.into_values());
    rows.extend(parts.into_iter().map(|(sku, name)| {
        Row::Part(Part {
            id: part(&sku),
            number: sku,
            name_zh: String::new(),
            name_en: name,
            models: Vec::new(),
        })
    }));
    Ok(rows)
}

fn checklist(ticket: &spec::Ticket) -> Row {
    let item = |id: &str, kind: &str, words: &str| ChecklistItem {
        id: id.to_owned(),
        kind: kind.to_owned(),
        zh: String::new(),
        en: words.to_owned(),
        unit: None,
        min: None,
        max: None,
    };
    let mut items: Vec<ChecklistItem> = ticket
        .checklist
        .iter()
        .map(|known| item(&known.id, "tick", &known.text))
        .collect();
    items.push(item(READING, "reading", "Running time"));
    Row::Checklist(Checklist {
        category: ticket.team.clone(),
        items,
    })
}

/// Where a commit of the workload writes: the path without places in lists.
fn target(commit: &[spec::Op]) -> anyhow::Result<(&spec::Op, Vec<&str>)> {
    let op = commit.first().context("an empty commit")?;
    Ok((op, op.path.iter().filter_map(Value::as_str).collect()))
}

fn whole(value: &Value) -> anyhow::Result<i64> {
    value
        .as_i64()
        .with_context(|| format!("no whole number: {value}"))
}

/// What the engineer does on one ticket, and at which second of his clock where that matters.
pub(super) fn phone_acts(
    changed: &spec::Changed,
    ticket: &spec::Ticket,
    van: LocationId,
) -> anyhow::Result<Vec<(Act, Option<i64>)>> {
    let first_part = ticket.parts.first().map(|part| part.sku.as_str());
    let commits = changed.commits.iter();
    commits
        .map(|commit| phone_act(commit, visit(ticket), first_part, van))
        .collect()
}

/// What the engineer does for one commit of the workload.
fn phone_act(
    commit: &[spec::Op],
    visit: VisitId,
    first_part: Option<&str>,
    van: LocationId,
) -> anyhow::Result<(Act, Option<i64>)> {
    let (op, path) = target(commit)?;
    let act = match path[..] {
        ["events"] => {
            let text = op.value["id"].as_str().context("an event without id")?.to_owned();
            let completion = Completion {
                result: VisitResult::Fixed,
                cause: None,
                remedy: None,
                text,
            };
            return Ok((Act::Finish { visit, completion }, Some(whole(&op.value["at"])?)));
        }
        ["checklist", "done"] => Act::Answer {
            item: format!("c{:02}", whole(op.path.get(1).context("no item")?)?),
            answer: Answer::Tick(true),
        },
        ["parts", "used"] | ["parts"] => Act::UsePart {
            part: part(first_part.unwrap_or(VAN_PART.0)),
            quantity: 1,
            from: van,
        },
        ["notes"] => Act::Note { text: op.ins.clone() },
        ["eta" | "priority"] => reading(whole(&op.value)?),
        _ => bail!("no act for {path:?}"),
    };
    Ok((act, None))
}

/// One number the phone sets: on site an estimate of arrival is refused, and urgency is HQ's alone.
#[expect(clippy::cast_precision_loss, reason = "seconds of this century are exact")]
pub(super) fn reading(value: i64) -> Act {
    let answer = Answer::Reading {
        value: value as f64,
        unit: "s".into(),
    };
    Act::Answer {
        item: READING.into(),
        answer,
    }
}

/// What the dispatcher does for one commit of the workload.
pub(super) fn hq_act(commit: &[spec::Op], visit: VisitId) -> anyhow::Result<Act> {
    let (op, path) = target(commit)?;
    let value = whole(&op.value)?;
    let edit = match path[..] {
        ["priority"] => FactsEdit {
            priority: Some(priority(usize::try_from(value)?)?),
            ..FactsEdit::default()
        },
        ["deadline"] => FactsEdit {
            deadline: Some(at(value)),
            ..FactsEdit::default()
        },
        ["eta"] => {
            return Ok(Act::Reschedule {
                visit,
                plan: plan(value),
            });
        }
        _ => bail!("no act for {path:?}"),
    };
    Ok(Act::SetFacts(Box::new(edit)))
}
