//! The server process: the whole product behind a loopback socket, and the commands of the harness to HQ.

use std::collections::{BTreeSet, HashMap};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use axum_server::Handle;
use fieldline_model::document;
use fieldline_model::id::{DocumentId, TicketId};
use fieldline_model::operation::Author;
use fieldline_model::row::{Row, RowKind};
use fieldline_server::app::{App, DATABASE_FILE, Edge, Options};
use fieldline_server::http::{HttpOptions, router};
use fieldline_server::live::LiveEvent;
use rusqlite::{Connection, OptionalExtension as _};
use serde_json::{Value, json};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use super::args::Args;
use super::spec::Share;
use super::swarm::dump;
use super::wait::{self, Waits, Want, holds};
use super::{clock, line, mapping, render, seed};

/// Several changes to one ticket come one after the other; looking once is enough.
const SETTLE: Duration = Duration::from_millis(5);
/// How long the database may take to close.
const CLOSE_MAX: Duration = Duration::from_secs(10);

struct Hq {
    app: App,
    dir: PathBuf,
    tokens: PathBuf,
    shares: Vec<Share>,
    waits: Arc<Waits>,
}

/// Runs the server until it is closed.
pub(super) async fn run(args: Args) -> anyhow::Result<()> {
    std::fs::create_dir_all(&args.dir)?;
    let app = App::open(&args.dir, Edge::system(), Options::default())?;
    let handle = listen(&app, args.port)?;
    let hq = Hq {
        app,
        shares: Share::all(&args.spec)?,
        dir: args.dir,
        tokens: args.tokens,
        waits: Arc::default(),
    };
    let watch = tokio::spawn(watch(hq.app.clone(), hq.app.subscribe(), Arc::clone(&hq.waits)));
    let mut commands = line::commands();
    while let Some(command) = commands.recv().await {
        match command["cmd"].as_str().unwrap_or_default() {
            "wait" => {
                // Answered when everything holds.
                if let Err(error) = hq.wait(&command).await {
                    line::answer(Err(error));
                }
            }
            "close" => {
                watch.abort();
                handle.shutdown();
                line::answer(hq.close().await);
                break;
            }
            name => line::answer(hq.handle(name).await),
        }
    }
    Ok(())
}

/// As `fieldline serve` does, without TLS.
fn listen(app: &App, port: u16) -> anyhow::Result<Handle<SocketAddr>> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    listener.set_nonblocking(true)?;
    let router = router(app.clone(), HttpOptions::default());
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let handle = Handle::new();
    let server = axum_server::from_tcp(listener)?.handle(handle.clone());
    tokio::spawn(server.serve(service));
    Ok(handle)
}

impl Hq {
    async fn handle(&self, name: &str) -> anyhow::Result<Value> {
        match name {
            "stats" => return Ok(json!({ "cpu_us": clock::cpu_us() })),
            "open" => {}
            "seed" => seed::seed(&self.app, &self.shares, &self.tokens).await?,
            "hq_changes" => {
                for (n, share) in self.shares.iter().enumerate() {
                    change(&self.app, share, n).await?;
                }
            }
            "digest" => return self.digest().await,
            other => bail!("unknown command {other}"),
        }
        Ok(json!({}))
    }

    async fn wait(&self, command: &Value) -> anyhow::Result<()> {
        let mut tickets: HashMap<TicketId, Want> = HashMap::new();
        for share in &self.shares {
            let changes = share.changes()?;
            match command["what"].as_str() {
                Some("phone") => tickets.extend(wait::changed(changes.phone_changes)?),
                _ => tickets.extend([wait::live(&changes.live_id, command)?]),
            }
        }
        self.waits.arm(tickets);
        look(&self.app, &self.waits, None).await
    }

    async fn digest(&self) -> anyhow::Result<Value> {
        let tickets = self.app.store().read(|db| {
            let mut sql = db.prepare("SELECT id FROM document WHERE kind = 'ticket'")?;
            let ids = sql.query_map([], |row| row.get::<_, String>(0))?;
            let mut tickets = Vec::new();
            for id in ids {
                let id: DocumentId = id?.parse()?;
                tickets.extend(ticket(db, id.ticket().context("a ticket")?)?);
            }
            Ok::<_, anyhow::Error>(tickets)
        });
        let tickets = tickets.await?;
        dump(&self.dir, "server", &tickets)?;
        Ok(json!({ "digest": render::digest(tickets) }))
    }

    async fn close(self) -> anyhow::Result<Value> {
        let wal = self.dir.join(format!("{DATABASE_FILE}-wal"));
        drop(self.app);
        // The writer closes the database when the last door is shut; the file of what it had not yet moved goes then.
        let gone = async {
            while wal.exists() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        // Should a phone hang on, the sizes are those with the file.
        let _ = tokio::time::timeout(CLOSE_MAX, gone).await;
        Ok(json!({}))
    }
}

/// The dispatcher's day while the phone is away.
pub(super) async fn change(app: &App, share: &Share, n: usize) -> anyhow::Result<()> {
    let (tickets, changes) = (share.tickets()?, share.changes()?);
    let tickets: HashMap<_, _> = tickets.iter().map(|ticket| (&ticket.id, ticket)).collect();
    for changed in &changes.hq_changes {
        let ticket = tickets.get(&changed.id).context("a change of no ticket")?;
        let document = DocumentId::from(mapping::ticket_id(&changed.id)?);
        for commit in &changed.commits {
            let act = mapping::hq_act(commit, mapping::visit(ticket))?;
            let by = Author::Staff(mapping::staff("anna"));
            app.perform(by, document, act, None).await?;
        }
    }
    seed::open_tickets(app, &changes.new_tickets, n).await
}

/// Looks at the tickets to which something happened.
async fn watch(app: App, mut events: Receiver<LiveEvent>, waits: Arc<Waits>) {
    loop {
        let mut some = BTreeSet::new();
        let mut all = false;
        let mut event = events.recv().await;
        loop {
            match event {
                Ok(event) => some.extend(event.document.and_then(DocumentId::ticket)),
                Err(RecvError::Lagged(_)) => all = true,
                Err(RecvError::Closed) => return,
            }
            match tokio::time::timeout(SETTLE, events.recv()).await {
                Ok(next) => event = next,
                Err(_) => break,
            }
        }
        let some: Vec<TicketId> = some.into_iter().collect();
        if let Err(error) = look(&app, &waits, (!all).then_some(some.as_slice())).await {
            line::answer(Err(error));
        }
    }
}

async fn look(app: &App, waits: &Arc<Waits>, among: Option<&[TicketId]>) -> anyhow::Result<()> {
    let missing = waits.missing(among);
    if missing.is_empty() {
        return Ok(());
    }
    let waits = Arc::clone(waits);
    let read = app.store().read(move |db| {
        for (id, want) in missing {
            let Some(ticket) = ticket(db, id)? else { continue };
            let found = match want {
                Want::Here(_) => true,
                Want::All(checks) => holds(&checks, &ticket),
            };
            if found {
                waits.found(id);
            }
        }
        Ok::<_, anyhow::Error>(())
    });
    read.await
}

/// One ticket in the workload's form, from the stored document and the rows.
pub(super) fn ticket(db: &Connection, id: TicketId) -> anyhow::Result<Option<Value>> {
    let document = DocumentId::from(id);
    let mut sql = db.prepare_cached("SELECT snapshot FROM document WHERE id = ?1")?;
    let snapshot: Option<Vec<u8>> = sql
        .query_row([document.to_string()], |row| row.get(0))
        .optional()?;
    let Some(snapshot) = snapshot else { return Ok(None) };
    let content = document::content(document, &document::load(document, &snapshot)?)?;
    let rows = |kind: RowKind, id: &str| -> Option<Row> {
        let mut sql = db
            .prepare_cached("SELECT body FROM row WHERE kind = ?1 AND id = ?2")
            .ok()?;
        let body: String = sql.query_row([kind.word(), id], |row| row.get(0)).ok()?;
        serde_json::from_str(&body).ok()
    };
    Ok(Some(render::from_content(id, &content, &rows)))
}
