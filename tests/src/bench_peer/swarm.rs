//! The client process: one phone or many, and the commands of the harness to them.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use fieldline_model::id::TicketId;
use serde_json::{Value, json};

use super::args::Args;
use super::phone::Phone;
use super::spec::{Changes, Share, Ticket};
use super::wait::{self, Waits, Want};
use super::{clock, line, mapping, render, seed};

/// Name of the second screen: a second phone of the same engineer.
const SECOND: &str = "hq2";
/// How often a first install is looked at.
const LOOK: Duration = Duration::from_millis(3);

/// The phones of this process.
struct Swarm {
    args: Args,
    shares: Vec<Share>,
    phones: Vec<Arc<Phone>>,
    waits: Arc<Waits>,
}

/// Runs the client until it is closed.
pub(super) async fn run(args: Args) -> anyhow::Result<()> {
    let mut shares = Share::all(&args.spec)?;
    shares.truncate(args.phones);
    let mut swarm = Swarm {
        args,
        shares,
        phones: Vec::new(),
        waits: Arc::default(),
    };
    let mut commands = line::commands();
    while let Some(command) = commands.recv().await {
        let name = command["cmd"].as_str().unwrap_or_default();
        if name == "wait" {
            // Answered when everything holds.
            if let Err(error) = swarm.wait(&command) {
                line::answer(Err(error));
            }
            continue;
        }
        let result = swarm.handle(name, &command).await;
        line::answer(result);
        if name == "close" {
            break;
        }
    }
    Ok(())
}

impl Swarm {
    async fn handle(&mut self, name: &str, command: &Value) -> anyhow::Result<Value> {
        match name {
            "stats" => Ok(json!({ "cpu_us": clock::cpu_us() })),
            "open" => self.open().await.map(|()| json!({})),
            "connect" => self.connect().await,
            "connect_seq" => self.connect_in_turn().await,
            "phone_changes" => self.phone_changes(),
            "resolve" => Ok(json!({})),
            "list" => Ok(json!({ "n": self.first()?.list()?.len() })),
            "local" => self.local(command),
            "live" => self.live(command),
            "edits" => self.edits(command),
            "digest" => self.digest(),
            "close" => self.close().await,
            other => bail!("unknown command {other}"),
        }
    }

    async fn open(&mut self) -> anyhow::Result<()> {
        if !self.phones.is_empty() {
            return Ok(());
        }
        let codes = seed::codes(&self.args.tokens)?;
        let is_second = self.args.name == SECOND;
        for n in 0..self.shares.len() {
            let dir = self.args.dir.join(format!("p{n:03}"));
            if is_second {
                // The harness made it as a copy of the first; a person has a second phone, not a clone.
                std::fs::remove_dir_all(&dir)?;
            }
            let codes = codes.get(n).context("a code for every phone")?;
            let code = &codes[usize::from(is_second)];
            let phone = Phone::open(&dir, &self.args.url, code, &self.waits)?;
            if is_second {
                phone.enrol().await?;
            }
            self.phones.push(Arc::new(phone));
        }
        Ok(())
    }

    async fn connect(&mut self) -> anyhow::Result<Value> {
        let begun = clock::now_ns();
        self.open().await?;
        for phone in self.phones.clone() {
            tokio::spawn(async move {
                if let Err(error) = phone.connect().await {
                    line::answer(Err(error));
                }
            });
        }
        Ok(json!({ "t0": begun }))
    }

    async fn connect_in_turn(&mut self) -> anyhow::Result<Value> {
        self.open().await?;
        for (phone, share) in self.phones.iter().zip(&self.shares) {
            let wanted = share.tickets()?.len();
            phone.connect().await?;
            while phone.list()?.len() < wanted {
                tokio::time::sleep(LOOK).await;
            }
        }
        Ok(json!({}))
    }

    fn first(&self) -> anyhow::Result<&Phone> {
        Ok(self.phones.first().context("no phone is open")?)
    }

    fn live_ticket(&self) -> anyhow::Result<TicketId> {
        let share = self.shares.first().context("no workload")?;
        mapping::ticket_id(&share.changes()?.live_id)
    }

    fn wait(&self, command: &Value) -> anyhow::Result<()> {
        let mut tickets: HashMap<TicketId, Want> = HashMap::new();
        for share in &self.shares {
            match command["what"].as_str() {
                Some("all") => tickets.extend(wait::presence(&share.tickets()?)?),
                Some("hq") => {
                    let changes = share.changes()?;
                    tickets.extend(wait::changed(changes.hq_changes)?);
                    tickets.extend(wait::presence(&changes.new_tickets)?);
                }
                _ => tickets.extend([wait::live(&share.changes()?.live_id, command)?]),
            }
        }
        self.waits.arm(tickets);
        self.phones.iter().for_each(|phone| phone.look(&self.waits));
        Ok(())
    }

    fn phone_changes(&self) -> anyhow::Result<Value> {
        for (n, (phone, share)) in self.phones.iter().zip(&self.shares).enumerate() {
            let tickets: HashMap<String, Ticket> = share
                .tickets()?
                .into_iter()
                .map(|ticket| (ticket.id.clone(), ticket))
                .collect();
            let Changes { phone_changes, .. } = share.changes()?;
            for changed in phone_changes {
                let ticket = tickets.get(&changed.id).context("a change of no ticket")?;
                let id = mapping::ticket_id(&changed.id)?;
                for (act, wall_s) in mapping::phone_acts(&changed, ticket, mapping::van(n))? {
                    phone.perform(id, act, wall_s)?;
                }
            }
        }
        Ok(json!({}))
    }

    fn local(&self, command: &Value) -> anyhow::Result<Value> {
        let (phone, ticket) = (self.first()?, self.live_ticket()?);
        let mut spent = Vec::new();
        for n in 0..command["k"].as_i64().context("k")? {
            let begun = clock::now_ns();
            phone.perform(ticket, mapping::reading(100 + n), None)?;
            spent.push(clock::now_ns() - begun);
        }
        spent.sort_unstable();
        let at = |percent: usize| spent.get(spent.len() * percent / 100).map(|ns| *ns / 1_000);
        Ok(json!({
            "p50_us": at(50), "p95_us": at(95), "durable": "fsync (WAL, synchronous=FULL)",
        }))
    }

    fn live(&self, command: &Value) -> anyhow::Result<Value> {
        let (phone, ticket) = (self.first()?, self.live_ticket()?);
        let begun = clock::now_ns();
        let value = command["value"].as_i64().context("value")?;
        phone.perform(ticket, mapping::reading(value), None)?;
        Ok(json!({ "t0": begun }))
    }

    fn edits(&self, command: &Value) -> anyhow::Result<Value> {
        let (phone, ticket) = (self.first()?, self.live_ticket()?);
        let base = command["base"].as_i64().context("base")?;
        let begun = clock::now_ns();
        for n in 0..command["k"].as_i64().context("k")? {
            phone.perform(ticket, mapping::reading(base + n), None)?;
        }
        Ok(json!({ "ms": (clock::now_ns() - begun) / 1_000_000 }))
    }

    fn digest(&self) -> anyhow::Result<Value> {
        let mut tickets = Vec::new();
        for phone in &self.phones {
            tickets.extend(phone.tickets()?);
        }
        dump(&self.args.dir, "phone", &tickets)?;
        Ok(json!({ "digest": render::digest(tickets) }))
    }

    async fn close(&mut self) -> anyhow::Result<Value> {
        for phone in std::mem::take(&mut self.phones) {
            let phone = Arc::into_inner(phone).context("the phone is still being connected")?;
            phone.close().await?;
        }
        Ok(json!({}))
    }
}

/// Leaves what a digest was made of where `BENCH_DUMP` says, to find out why two differ.
pub(super) fn dump(dir: &std::path::Path, side: &str, tickets: &[Value]) -> anyhow::Result<()> {
    let Some(place) = std::env::var_os("BENCH_DUMP").map(PathBuf::from) else {
        return Ok(());
    };
    let mut sorted: Vec<String> = tickets.iter().map(Value::to_string).collect();
    sorted.sort();
    let path = place.join(format!("{side}.jsonl"));
    std::fs::write(path, sorted.join("\n")).with_context(|| dir.display().to_string())
}
