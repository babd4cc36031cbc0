//! The central record is the fold of the documents, and of nothing else.

use std::collections::{BTreeMap, BTreeSet};

use fieldline_model::fold::{Outcome, TicketState};
use fieldline_model::id::{DocumentId, OperationId};
use rusqlite::{Connection, OptionalExtension};

use super::{Documents, Findings, Held};

/// Tickets, visits, events and reviews against the fold.
pub(super) fn projection(db: &Connection, documents: &Documents, findings: &mut Findings) {
    for (id, held) in documents {
        events(db, *id, held, findings);
        if let Some(state) = &held.state {
            ticket(db, *id, state, is_younger(documents, *id, state), findings);
            visits(db, *id, state, findings);
            reviews(db, *id, state, findings);
        }
    }
}

/// An older ticket has its number: HQ gave it again before a phone gave that ticket back.
fn is_younger(documents: &Documents, id: DocumentId, state: &TicketState) -> bool {
    let older = documents.iter().filter(|(other, _)| other.ticket() < id.ticket());
    let mut states = older.filter_map(|(_, held)| held.state.as_ref());
    states.any(|older| older.created.is_some() && older.facts.number == state.facts.number)
}

fn ticket(db: &Connection, id: DocumentId, state: &TicketState, is_younger: bool, findings: &mut Findings) {
    let Some(ticket) = id.ticket() else { return };
    let row = db
        .prepare_cached("SELECT status, number, customer, engineer FROM ticket WHERE id = ?1")
        .expect("schema")
        .query_row([ticket.to_string()], |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, Option<String>>(2)?,
                row.get::<_, Option<String>>(3)?,
            ))
        })
        .optional()
        .expect("ticket");
    if state.created.is_none() {
        return;
    }
    let engineer = state.current_visit().and_then(|visit| visit.engineer);
    let name = ticket.to_string();
    let number = &state.facts.number;
    let wanted = (
        state.status().word().to_owned(),
        if is_younger {
            format!("{number}-{}", &name[name.len() - 4..])
        } else {
            number.clone()
        },
        state.facts.customer.map(|id| id.to_string()),
        engineer.map(|id| id.to_string()),
    );
    findings.expect(row.as_ref() == Some(&wanted), || {
        format!("{id}: record says {row:?}, the fold {wanted:?}")
    });
}

fn visits(db: &Connection, id: DocumentId, state: &TicketState, findings: &mut Findings) {
    let Some(ticket) = id.ticket() else { return };
    let mut sql = db
        .prepare_cached(
            "SELECT id, engineer, phase, withdrawn IS NOT NULL, plan_start FROM visit WHERE ticket = ?1",
        )
        .expect("schema");
    type Line = (Option<String>, String, bool, Option<i64>);
    let lines: BTreeMap<String, Line> = sql
        .query_map([ticket.to_string()], |row| {
            Ok((row.get(0)?, (row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))
        })
        .expect("visits")
        .collect::<Result<_, _>>()
        .expect("visit");
    let wanted: BTreeMap<String, Line> = state
        .visits
        .values()
        .map(|visit| {
            let line = (
                visit.engineer.map(|id| id.to_string()),
                visit.phase.word().to_owned(),
                visit.withdrawn.is_some(),
                visit.plan.map(|plan| plan.start.ms()),
            );
            (visit.id.to_string(), line)
        })
        .collect();
    findings.expect(lines == wanted, || {
        format!("{id}: visits are {lines:?}, the fold says {wanted:?}")
    });
}

fn events(db: &Connection, id: DocumentId, held: &Held, findings: &mut Findings) {
    let mut sql = db
        .prepare_cached("SELECT operation, outcome, code, path FROM event WHERE document = ?1")
        .expect("schema");
    type Line = (String, Option<String>, String);
    let lines: BTreeMap<OperationId, Line> = sql
        .query_map([id.to_string()], |row| {
            let operation: String = row.get(0)?;
            Ok((
                operation.parse().expect("operation id"),
                (row.get(1)?, row.get(2)?, row.get(3)?),
            ))
        })
        .expect("events")
        .collect::<Result<_, _>>()
        .expect("event");
    let entries = held.content.events.entries().len() + held.content.entries.len();
    findings.expect(lines.len() == entries, || {
        format!("{id}: {} event rows, {entries} entries", lines.len())
    });
    let Some(state) = &held.state else { return };
    for (operation, outcome) in &state.outcomes {
        let (word, code) = match outcome {
            Outcome::Merged => ("merged", None),
            Outcome::Overruled(reason) => ("overruled", Some(reason.code())),
        };
        let line = lines.get(operation);
        let holds = line.is_some_and(|(w, c, _)| w == word && c.as_deref() == code);
        findings.expect(holds, || {
            format!("{id}: {operation} is {word} {code:?} in the fold and {line:?} in the record")
        });
    }
}

/// Every item of the fold waits or was done; nothing else waits.
fn reviews(db: &Connection, id: DocumentId, state: &TicketState, findings: &mut Findings) {
    let Some(ticket) = id.ticket() else { return };
    let mut sql = db
        .prepare_cached("SELECT operation, done_at IS NULL FROM review WHERE ticket = ?1")
        .expect("schema");
    let lines: BTreeMap<String, bool> = sql
        .query_map([ticket.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("reviews")
        .collect::<Result<_, _>>()
        .expect("review");
    let wanted: BTreeSet<String> = state
        .reviews
        .iter()
        .map(|item| item.operation.to_string())
        .collect();
    for operation in &wanted {
        findings.expect(lines.contains_key(operation), || {
            format!("{id}: {operation} is not on the review list")
        });
    }
    for operation in lines
        .iter()
        .filter(|(_, waits)| **waits)
        .map(|(operation, _)| operation)
    {
        findings.expect(wanted.contains(operation), || {
            format!("{id}: {operation} waits for review for no reason")
        });
    }
}
