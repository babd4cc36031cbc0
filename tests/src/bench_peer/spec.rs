//! The workload as the harness generates it.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Ticket {
    pub(super) id: String,
    pub(super) number: String,
    pub(super) customer: Customer,
    pub(super) asset: Asset,
    pub(super) fault: String,
    pub(super) priority: usize,
    pub(super) deadline: i64,
    pub(super) checklist: Vec<Item>,
    pub(super) parts: Vec<Part>,
    pub(super) notes: String,
    pub(super) events: Vec<Event>,
    pub(super) access: String,
    pub(super) contract: Contract,
    pub(super) tags: Vec<String>,
    pub(super) created: i64,
    pub(super) team: String,
    pub(super) history: String,
    pub(super) eta: i64,
    pub(super) location: Location,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Customer {
    pub(super) name: String,
    pub(super) phone: String,
    pub(super) address: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Asset {
    pub(super) model: String,
    pub(super) serial: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Item {
    pub(super) id: String,
    pub(super) text: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Part {
    pub(super) sku: String,
    pub(super) name: String,
    pub(super) qty: u32,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Event {
    pub(super) at: i64,
    pub(super) by: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Contract {
    pub(super) no: String,
    pub(super) level: String,
    pub(super) response_h: u32,
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct Location {
    pub(super) lat: f64,
    pub(super) lon: f64,
}

/// One write of a change.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Op {
    pub(super) path: Vec<Value>,
    #[serde(default)]
    pub(super) value: Value,
    #[serde(default)]
    pub(super) ins: String,
}

/// What must hold of a ticket at the end.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Check {
    pub(super) path: Vec<Value>,
    pub(super) eq: Option<Value>,
    pub(super) contains: Option<String>,
}

impl Check {
    pub(super) fn holds(&self, ticket: &Value) -> bool {
        let mut found = ticket;
        for key in &self.path {
            let next = match key {
                Value::String(key) => found.get(key),
                key => key
                    .as_u64()
                    .and_then(|n| found.get(usize::try_from(n).unwrap_or(usize::MAX))),
            };
            let Some(next) = next else { return false };
            found = next;
        }
        match (&self.eq, &self.contains) {
            (Some(wanted), _) => found == wanted,
            (None, Some(part)) => found.as_str().is_some_and(|text| text.contains(part)),
            (None, None) => false,
        }
    }
}

/// Changes to one ticket, each a list of writes, and what holds when all have arrived.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Changed {
    pub(super) id: String,
    pub(super) commits: Vec<Vec<Op>>,
    pub(super) checks: Vec<Check>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Changes {
    pub(super) phone_changes: Vec<Changed>,
    pub(super) hq_changes: Vec<Changed>,
    pub(super) new_tickets: Vec<Ticket>,
    pub(super) live_id: String,
}

/// The workload of one phone.
#[derive(Debug, Clone)]
pub(super) struct Share {
    dir: PathBuf,
}

impl Share {
    /// The shares in order: `p000`, `p001` …
    pub(super) fn all(spec: &Path) -> anyhow::Result<Vec<Self>> {
        let mut dirs = Vec::new();
        for entry in std::fs::read_dir(spec).with_context(|| spec.display().to_string())? {
            let path = entry?.path();
            if path.is_dir() {
                dirs.push(path);
            }
        }
        dirs.sort();
        Ok(dirs.into_iter().map(|dir| Self { dir }).collect())
    }

    pub(super) fn tickets(&self) -> anyhow::Result<Vec<Ticket>> {
        self.json("tickets.json")
    }

    pub(super) fn changes(&self) -> anyhow::Result<Changes> {
        self.json("changes.json")
    }

    fn json<T: DeserializeOwned>(&self, name: &str) -> anyhow::Result<T> {
        let path = self.dir.join(name);
        let text = std::fs::read(&path).with_context(|| path.display().to_string())?;
        serde_json::from_slice(&text).with_context(|| path.display().to_string())
    }
}
