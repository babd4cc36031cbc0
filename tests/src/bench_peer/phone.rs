//! One phone: the engine, its HTTP shell, and the line that pokes it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use anyhow::Context as _;
use fieldline_engine::shell::{ClientConfig, SyncClient};
use fieldline_engine::view::{ListFilter, ListScope, TicketLine, TicketView};
use fieldline_engine::{Changed, Config, Engine};
use fieldline_model::id::TicketId;
use fieldline_model::operation::Act;
use fieldline_model::row::{Row, RowKind};
use serde_json::Value;
use tokio::task::JoinHandle;

use super::clock;
use super::render::{self, Line, Seen};
use super::wait::{Waits, Want, holds};

/// More than a workload's tickets.
const ALL: ListFilter = ListFilter {
    scope: ListScope::All,
    planned_in: None,
    asset: None,
    limit: 100_000,
    offset: 0,
};

/// A phone with its store open.
pub(super) struct Phone {
    engine: Arc<Engine>,
    url: String,
    code: String,
    client: OnceLock<SyncClient>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

impl Phone {
    /// Opens the store in `dir`, or makes it, and tells `waits` of what arrives.
    pub(super) fn open(dir: &Path, url: &str, code: &str, waits: &Arc<Waits>) -> anyhow::Result<Self> {
        std::fs::create_dir_all(dir)?;
        let engine = Arc::new(open_engine(dir.join("phone.db"))?);
        let (weak, waits) = (Arc::downgrade(&engine), Arc::clone(waits));
        engine.observe(Arc::new(move |changed: &Changed| {
            if let Some(engine) = weak.upgrade() {
                let ids: Vec<TicketId> = changed.documents.iter().filter_map(|id| id.ticket()).collect();
                look(&engine, &waits, Some(&ids));
            }
        }));
        Ok(Self {
            engine,
            url: url.to_owned(),
            code: code.to_owned(),
            client: OnceLock::new(),
            tasks: Mutex::default(),
        })
    }

    /// Says what holds already.
    pub(super) fn look(&self, waits: &Waits) {
        look(&self.engine, waits, None);
    }

    fn client(&self) -> anyhow::Result<SyncClient> {
        if let Some(client) = self.client.get() {
            return Ok(client.clone());
        }
        let client = SyncClient::new(Arc::clone(&self.engine), &ClientConfig::default())?;
        Ok(self.client.get_or_init(|| client).clone())
    }

    /// Joins the company.
    pub(super) async fn enrol(&self) -> anyhow::Result<()> {
        let client = self.client()?;
        client
            .enrol(&self.url, &self.code, "bench")
            .await
            .context("enrol")
    }

    /// Comes online: joins if it has not yet, syncs, goes on syncing, and listens for pokes.
    pub(super) async fn connect(&self) -> anyhow::Result<()> {
        match self.engine.server_url() {
            None => self.enrol().await?,
            // The harness takes other ports for every run.
            Some(known) if known != self.url => self.engine.set_server_url(&self.url)?,
            Some(_) => {}
        }
        let client = self.client()?;
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.push(tokio::spawn(async move { client.run().await }));
        Ok(())
    }

    /// Saves one act, and sends it when there is a network.
    pub(super) fn perform(&self, ticket: TicketId, act: Act, wall_s: Option<i64>) -> anyhow::Result<()> {
        clock::at_moment(wall_s, |moment| self.engine.perform(ticket, act, moment))
            .with_context(|| format!("perform on {ticket}"))?;
        if let Some(client) = self.client.get() {
            client.kick();
        }
        Ok(())
    }

    /// The list a person sees first.
    pub(super) fn list(&self) -> anyhow::Result<Vec<TicketLine>> {
        Ok(self.engine.list(&ALL)?)
    }

    /// All tickets in the workload's form.
    pub(super) fn tickets(&self) -> anyhow::Result<Vec<Value>> {
        let lines = self.list()?;
        lines
            .iter()
            .map(|line| ticket(&self.engine, line.ticket))
            .collect()
    }

    /// Goes offline and closes the store.
    pub(super) async fn close(self) -> anyhow::Result<()> {
        let tasks = std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        for task in tasks {
            task.abort();
            // A cancelled task is what was asked for.
            let _ = task.await;
        }
        self.engine.suspend()?;
        Ok(())
    }
}

/// Opens a phone's store.
pub(super) fn open_engine(path: PathBuf) -> anyhow::Result<Engine> {
    let config = Config {
        path,
        app: "fieldline-bench 1".into(),
        key: None,
    };
    Ok(clock::at_moment(None, |moment| Engine::open(config, moment))?)
}

fn look(engine: &Engine, waits: &Waits, ids: Option<&[TicketId]>) {
    let missing = waits.missing(ids);
    let mut here = None;
    for (id, want) in missing {
        let found = match want {
            Want::Here(place) => here
                .get_or_insert_with(|| Here::of(engine))
                .as_ref()
                .is_ok_and(|here| here.holds(id, place.lon)),
            Want::All(checks) => ticket(engine, id).is_ok_and(|ticket| holds(&checks, &ticket)),
        };
        if found {
            waits.found(id);
        }
    }
}

/// Which tickets are here with the place where they are, from the list and the rows alone.
struct Here {
    addresses: std::collections::HashMap<TicketId, String>,
    places: std::collections::HashSet<(String, u64)>,
}

impl Here {
    fn of(engine: &Engine) -> anyhow::Result<Self> {
        let lines = engine.list(&ALL)?;
        let sites = engine.rows(RowKind::Site)?;
        let place = |row| match row {
            Row::Site(site) => Some((site.address.clone(), site.position?.lon.to_bits())),
            _ => None,
        };
        Ok(Self {
            addresses: lines
                .into_iter()
                .map(|line| (line.ticket, line.address))
                .collect(),
            places: sites.into_iter().filter_map(place).collect(),
        })
    }

    fn holds(&self, ticket: TicketId, lon: f64) -> bool {
        let Some(address) = self.addresses.get(&ticket) else {
            return false;
        };
        self.places
            .iter()
            .any(|(road, at)| *at == lon.to_bits() && address.contains(road.as_str()))
    }
}

/// One ticket in the workload's form.
pub(super) fn ticket(engine: &Engine, id: TicketId) -> anyhow::Result<Value> {
    let view: TicketView = clock::at_moment(None, |moment| engine.ticket(id, moment))?;
    let entries = [&view.events, &view.field, &view.customer_entries];
    let lines = entries
        .into_iter()
        .flatten()
        .map(|entry| Line {
            id: entry.operation,
            act: &entry.act,
            by: entry.by,
            at: entry.at,
        })
        .collect();
    let seen = Seen {
        ticket: id,
        facts: &view.facts,
        visit: view.visits.first().map(|visit| &visit.visit),
        lines,
    };
    let rows = |kind: RowKind, id: &str| engine.row(kind, id).ok().flatten();
    Ok(render::ticket_json(seen, &rows))
}
