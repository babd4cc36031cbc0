//! The company before the phone comes: HQ opens the tickets, the engineers go to work on each of them.

use std::path::Path;

use anyhow::Context as _;
use fieldline_engine::Engine;
use fieldline_model::id::{DocumentId, EngineerId, TicketId};
use fieldline_model::operation::{Act, Author};
use fieldline_model::reason::Reason;
use fieldline_model::time::DeviceTime;
use fieldline_server::app::App;
use fieldline_server::door::DoorError;
use futures_util::stream::{StreamExt as _, TryStreamExt as _, iter};

use super::clock;
use super::mapping;
use super::phone::open_engine;
use super::spec::{Share, Ticket};

/// Tickets that HQ opens at once.
const AT_ONCE: usize = 32;
/// Codes outlive the harness's copies of a seeded server.
const CODE_LIFE_MS: i64 = 10 * 365 * 24 * 60 * 60 * 1_000;
/// How often a number is tried again with a suffix: the workload draws them at random and the product keeps them unique.
const NUMBER_TRIES: usize = 9;

/// Two codes a phone: its own and that of the second screen.
pub(super) fn codes(path: &Path) -> anyhow::Result<Vec<[String; 2]>> {
    let text = std::fs::read(path).with_context(|| path.display().to_string())?;
    Ok(serde_json::from_slice(&text)?)
}

/// Fills an empty server and writes the codes by which the phones join to `tokens`.
pub(super) async fn seed(app: &App, shares: &[Share], tokens: &Path) -> anyhow::Result<()> {
    app.put_rows(mapping::company(shares)?).await?;
    let mut given = Vec::new();
    for (n, share) in shares.iter().enumerate() {
        let tickets = share.tickets()?;
        open_tickets(app, &tickets, n).await?;
        go_to_work(app, &tickets, n).await?;
        let code = || app.enrol_code(mapping::engineer(n), CODE_LIFE_MS);
        given.push([code().await?.code, code().await?.code]);
    }
    std::fs::write(tokens, serde_json::to_vec(&given)?)?;
    Ok(())
}

/// HQ writes the rows of these tickets, opens them and offers each to its engineer.
pub(super) async fn open_tickets(app: &App, tickets: &[Ticket], share: usize) -> anyhow::Result<()> {
    let mut rows = Vec::new();
    for ticket in tickets {
        rows.extend(mapping::ticket_rows(ticket)?);
    }
    app.put_rows(rows).await?;
    let engineer = mapping::engineer(share);
    iter(tickets)
        .map(|ticket| open_ticket(app, ticket, engineer))
        .buffer_unordered(AT_ONCE)
        .try_collect::<()>()
        .await
}

async fn open_ticket(app: &App, ticket: &Ticket, engineer: EngineerId) -> anyhow::Result<()> {
    let id = mapping::ticket_id(&ticket.id)?;
    let who = |n: usize| Author::Staff(mapping::staff(&ticket.events[n].by));
    let when = |n: usize| DeviceTime::exact(mapping::at(ticket.events[n].at));
    create(app, id, ticket, who(0), when(0)).await?;
    let offer = Act::Offer {
        visit: mapping::visit(ticket),
        to: vec![engineer],
        plan: Some(mapping::plan(ticket.eta)),
    };
    let note = |text: String| Act::Note { text };
    let access = Act::Message {
        text: ticket.access.clone(),
    };
    let mut acts = vec![
        (who(1), when(1), Act::Triage),
        (who(2), when(2), offer),
        (who(0), when(0), note(ticket.notes.clone())),
        (Author::Customer, when(0), access),
    ];
    if !ticket.parts.is_empty() {
        acts.push((who(1), when(1), note(mapping::parts_note(&ticket.parts))));
    }
    for (by, at, act) in acts {
        app.perform(by, DocumentId::from(id), act, Some(at)).await?;
    }
    Ok(())
}

async fn create(app: &App, id: TicketId, ticket: &Ticket, by: Author, at: DeviceTime) -> anyhow::Result<()> {
    let mut facts = mapping::facts(ticket)?;
    for suffix in 2..2 + NUMBER_TRIES {
        match app.create_ticket_as(id, by, facts.clone(), Some(at)).await {
            Err(DoorError::Refused(Reason::AlreadyExists)) => {
                facts.number = format!("{}/{suffix}", ticket.number);
            }
            done => return Ok(done.map(|_| ())?),
        }
    }
    anyhow::bail!("no free number for {}", ticket.number)
}

/// The engineer takes each visit, drives there and begins, on a phone that is then put away.
async fn go_to_work(app: &App, tickets: &[Ticket], share: usize) -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let engine = open_engine(dir.path().join("phone.db"))?;
    let code = app.enrol_code(mapping::engineer(share), CODE_LIFE_MS).await?;
    join(app, &engine, &code.code).await?;
    sync(app, &engine).await?;
    for ticket in tickets {
        let visit = mapping::visit(ticket);
        let steps = [
            (3, Act::Accept { visit }),
            (4, Act::Depart { visit, eta: None }),
            (
                5,
                Act::Arrive {
                    visit,
                    position: None,
                },
            ),
            (5, Act::Start { visit }),
        ];
        let id = mapping::ticket_id(&ticket.id)?;
        for (n, act) in steps {
            let wall_s = Some(ticket.events[n].at);
            clock::at_moment(wall_s, |m| engine.perform(id, act, m))?;
        }
    }
    sync(app, &engine).await?;
    anyhow::ensure!(
        engine.status()?.at_hq == 4 * tickets.len() as u64,
        "all steps are merged"
    );
    Ok(())
}

/// Joins the company in this process.
pub(super) async fn join(app: &App, engine: &Engine, code: &str) -> anyhow::Result<()> {
    let request = clock::at_moment(None, |m| engine.enrol_request(code, "bench", m))?;
    let enrolled = app.enrol(request).await;
    let enrolled = enrolled.map_err(|problem| anyhow::anyhow!("{problem:?}"))?;
    Ok(clock::at_moment(None, |m| {
        engine.enrol_take(&enrolled, "http://127.0.0.1:1", m)
    })?)
}

/// Syncs in this process, until nothing is left.
pub(super) async fn sync(app: &App, engine: &Engine) -> anyhow::Result<()> {
    loop {
        let exchange = clock::at_moment(None, |m| engine.sync_next(m))?.context("enrolled")?;
        let token = engine.token().context("a token")?;
        let reply = app.exchange(&token, exchange.clone()).await;
        let reply = reply.map_err(|problem| anyhow::anyhow!("{problem:?}"))?;
        if !clock::at_moment(None, |m| engine.sync_take(&exchange, reply, m))?.more {
            return Ok(());
        }
    }
}
