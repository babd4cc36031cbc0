//! Waiting until everything the harness asks for holds on this side.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use fieldline_model::id::TicketId;
use serde_json::{Value, json};

use super::line;
use super::mapping;
use super::spec::{Changed, Check, Location, Ticket};

/// What must hold of one ticket.
#[derive(Debug, Clone)]
pub(super) enum Want {
    /// It is here, with the place where it is.
    Here(Location),
    /// All of these.
    All(Vec<Check>),
}

/// What is still missing.
#[derive(Debug, Default)]
pub(super) struct Waits {
    missing: Mutex<Missing>,
}

#[derive(Debug, Default)]
struct Missing {
    armed: bool,
    tickets: HashMap<TicketId, Want>,
}

impl Waits {
    fn lock(&self) -> MutexGuard<'_, Missing> {
        self.missing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to wait; what holds already must be said with [`Waits::found`].
    pub(super) fn arm(&self, tickets: HashMap<TicketId, Want>) {
        let mut missing = self.lock();
        missing.armed = true;
        missing.tickets = tickets;
        missing.tell();
    }

    /// What is still missing of these tickets, or of all.
    pub(super) fn missing(&self, among: Option<&[TicketId]>) -> Vec<(TicketId, Want)> {
        let missing = self.lock();
        match among {
            None => missing
                .tickets
                .iter()
                .map(|(id, want)| (*id, want.clone()))
                .collect(),
            Some(ids) => ids
                .iter()
                .filter_map(|id| missing.tickets.get(id).map(|want| (*id, want.clone())))
                .collect(),
        }
    }

    /// What one ticket lacked holds now. The last one answers the harness.
    pub(super) fn found(&self, ticket: TicketId) {
        let mut missing = self.lock();
        missing.tickets.remove(&ticket);
        missing.tell();
    }
}

impl Missing {
    fn tell(&mut self) {
        if self.armed && self.tickets.is_empty() {
            self.armed = false;
            line::answer(Ok(json!({})));
        }
    }
}

/// True when all of it holds.
pub(super) fn holds(checks: &[Check], ticket: &Value) -> bool {
    checks.iter().all(|check| check.holds(ticket))
}

pub(super) fn changed(list: Vec<Changed>) -> anyhow::Result<Vec<(TicketId, Want)>> {
    list.into_iter()
        .map(|changed| Ok((mapping::ticket_id(&changed.id)?, Want::All(changed.checks))))
        .collect()
}

pub(super) fn presence(list: &[Ticket]) -> anyhow::Result<Vec<(TicketId, Want)>> {
    list.iter()
        .map(|ticket| Ok((mapping::ticket_id(&ticket.id)?, Want::Here(ticket.location))))
        .collect()
}

/// The check the harness itself brings along.
pub(super) fn live(live_id: &str, command: &Value) -> anyhow::Result<(TicketId, Want)> {
    let check: Check = serde_json::from_value(command["check"].clone())?;
    Ok((mapping::ticket_id(live_id)?, Want::All(vec![check])))
}
