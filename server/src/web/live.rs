//! HQ's live streams: rows of the queue, entries and parts of one ticket.
//!
//! The session is asked for before every event and every few seconds: signed out means closed.

use std::collections::{HashMap, HashSet};

use axum::extract::{Path, State};
use axum::response::Response;
use fieldline_model::id::TicketId;
use fieldline_model::time::Timestamp;
use maud::Markup;
use tokio::sync::broadcast::Receiver;

use super::queue::row;
use super::reader::Reader;
use super::stream::{Gone, Hint, Pen, Resumed, Seat, next_hint, open};
use super::ticket::{Loaded, Typed, parse};
use super::{Web, timeline};
use crate::auth::extract::Signed;
use crate::auth::role::Permission;
use crate::live::LiveEvent;
use crate::page::queue::queue_row;
use crate::page::ticket::timeline::timeline_item;
use crate::page::ticket::{TicketView, photo, record, report, ticket_head};
use crate::page::viewing::viewing as viewing_line;
use crate::problem::Problem;
use crate::store::StoreError;
use crate::store::page_queue::{queue_changed, queue_item};
use crate::store::session::session_get;
use crate::viewing::{self, Shown, Viewer};
use crate::words::Lang;

/// Rows sent to a reader of the queue who missed some hints; one who missed more sees the rest on his next page.
const ROWS_MISSED: u32 = 50;
/// Clocks of a page and of a change beside it differ by less.
const OVERLAP_MS: i64 = 1_000;

/// Who listens.
pub(super) struct Listener {
    pub(super) web: Web,
    pub(super) lang: Lang,
    pub(super) signed: Signed,
    pub(super) pen: Pen,
    pub(super) events: Receiver<LiveEvent>,
    /// On a ticket's page: that it is open, and who else opens it.
    shown: Option<(Shown, Receiver<TicketId>)>,
    _seat: Seat,
}

impl Listener {
    pub(super) fn open(
        web: &Web,
        reader: &Reader,
        signed: Signed,
        permission: Permission,
    ) -> Result<(Self, Response), Problem> {
        signed.check(permission)?;
        let seat = web.streams.seat(signed.token.hash())?;
        let (pen, response) = open();
        let events = web.app.subscribe();
        Ok((
            Self {
                web: web.clone(),
                lang: reader.lang,
                signed,
                pen,
                events,
                shown: None,
                _seat: seat,
            },
            response,
        ))
    }

    /// The next hint, while somebody listens who is still signed in.
    pub(super) async fn hint(&mut self) -> Option<Hint> {
        let hint = tokio::select! {
            hint = next_hint(&mut self.events) => hint?,
            () = self.pen.gone() => return None,
            () = others(&mut self.shown) => Hint::Quiet,
        };
        if let Some((shown, _)) = &self.shown {
            shown.again(self.web.app.now());
        }
        let (hash, now) = (self.signed.token.hash(), self.web.app.now());
        let living = self
            .web
            .app
            .store()
            .read(move |connection| session_get(connection, hash, now))
            .await;
        matches!(living, Ok(Some(_))).then_some(hint)
    }
}

/// Waits until somebody else opens or closes the ticket that is shown.
async fn others(shown: &mut Option<(Shown, Receiver<TicketId>)>) {
    match shown {
        Some((shown, opened)) => viewing::changed(opened, shown.ticket()).await,
        None => std::future::pending().await,
    }
}

/// GET the queue's stream: `row`. Begins with what changed since the page was drawn.
pub(super) async fn queue(
    State(web): State<Web>,
    reader: Reader,
    Resumed(since): Resumed,
    signed: Signed,
) -> Result<Response, Problem> {
    let (listener, response) = Listener::open(&web, &reader, signed, Permission::ReadTickets)?;
    let since = i64::try_from(since).ok().map(Timestamp::from_ms);
    tokio::spawn(tell_rows(listener, since));
    Ok(response)
}

/// Which rows to send.
#[derive(Clone, Copy)]
enum Rows {
    One(TicketId),
    Since(Timestamp),
}

async fn tell_rows(mut listener: Listener, since: Option<Timestamp>) {
    // A change may be written a moment before its time is read here.
    let mut told_until = listener.web.app.now();
    if let Some(since) = since
        && listener
            .tell(Rows::Since(since.plus_ms(-OVERLAP_MS)))
            .await
            .is_err()
    {
        return;
    }
    while let Some(hint) = listener.hint().await {
        let now = listener.web.app.now();
        let rows = match hint {
            Hint::Event {
                document: Some(document),
                ..
            } => document.ticket().map(Rows::One),
            Hint::Missed => Some(Rows::Since(told_until.plus_ms(-OVERLAP_MS))),
            Hint::Event { document: None, .. } | Hint::Quiet => None,
        };
        if let Some(rows) = rows
            && listener.tell(rows).await.is_err()
        {
            return;
        }
        told_until = now;
    }
}

impl Listener {
    async fn tell(&self, rows: Rows) -> Result<(), Gone> {
        let read = move |connection: &rusqlite::Connection| match rows {
            Rows::One(id) => Ok(queue_item(connection, id)?.into_iter().collect()),
            Rows::Since(since) => queue_changed(connection, since, ROWS_MISSED),
        };
        // A read that fails now is told by the next hint.
        let Ok(items) = self.web.app.store().read::<_, StoreError>(read).await else {
            return Ok(());
        };
        let names = self.signed.may(Permission::ReadCustomers);
        let now = self.web.now();
        for item in items {
            let view = row(&self.web, self.lang, names, &item);
            let place = self.web.app.now().unsigned_ms();
            self.pen
                .write("row", place, queue_row(self.lang, now, &view))
                .await?;
        }
        Ok(())
    }
}

/// GET a ticket's stream: `entry` and `part`. Begins with what happened since the page was drawn.
pub(super) async fn ticket(
    State(web): State<Web>,
    reader: Reader,
    Resumed(since): Resumed,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = parse(&id)?;
    let (mut listener, response) = Listener::open(&web, &reader, signed, Permission::ReadTickets)?;
    let loaded = web.ticket(id).await?;
    let mut told = Told {
        ticket: id,
        seq: since.min(loaded.seq()),
        parts: HashMap::new(),
        links: HashSet::new(),
        others: Vec::new(),
    };
    if told.seq == loaded.seq() {
        // The page shows all this.
        told.changed(listener.parts(&loaded.view(&web, reader.lang, &listener.signed, Typed::default())));
    }
    let viewer = Viewer::Staff(listener.signed.staff.id);
    let viewing = &web.app.inner.viewing;
    let opened = viewing.watch();
    listener.shown = Some((viewing.open(id, viewer, web.app.now()), opened));
    tokio::spawn(tell_ticket(listener, told));
    Ok(response)
}

/// What a reader of a ticket was sent.
struct Told {
    ticket: TicketId,
    /// The newest entry.
    seq: u64,
    /// Each part as it was drawn last.
    parts: HashMap<usize, String>,
    /// What became of links.
    links: HashSet<String>,
    /// Who else had it open; the page itself says nobody.
    others: Vec<Viewer>,
}

impl Told {
    /// The parts that look different now.
    fn changed(&mut self, parts: Vec<Markup>) -> Vec<Markup> {
        let differs = |(place, part): &(usize, Markup)| {
            self.parts.insert(*place, part.0.clone()).as_ref() != Some(&part.0)
        };
        parts
            .into_iter()
            .enumerate()
            .filter(differs)
            .map(|(_, part)| part)
            .collect()
    }
}

async fn tell_ticket(mut listener: Listener, mut told: Told) {
    if told.parts.is_empty() && listener.tell_changes(&mut told).await.is_err() {
        return;
    }
    if listener.tell_others(&mut told).await.is_err() || listener.tell_links(&mut told).await.is_err() {
        return;
    }
    while let Some(hint) = listener.hint().await {
        let concerns = match &hint {
            Hint::Event { document, .. } => document.and_then(|id| id.ticket()) == Some(told.ticket),
            Hint::Missed => true,
            Hint::Quiet => false,
        };
        if concerns && listener.tell_changes(&mut told).await.is_err() {
            return;
        }
        if listener.tell_others(&mut told).await.is_err() {
            return;
        }
    }
}

impl Listener {
    async fn tell_others(&self, told: &mut Told) -> Result<(), Gone> {
        let others = self.web.others_viewing(told.ticket, self.signed.staff.id);
        if others == told.others {
            return Ok(());
        }
        // A read that fails now is tried with the next hint.
        let Ok(names) = self.web.viewer_names(self.lang, others.clone()).await else {
            return Ok(());
        };
        told.others = others;
        self.pen
            .write("part", told.seq, viewing_line(self.lang, &names))
            .await
    }

    /// What became of links stands in no document and has no place in the log, so a stream cannot begin behind it: all of it
    /// is told, and the page drops what it shows already.
    async fn tell_links(&self, told: &mut Told) -> Result<(), Gone> {
        match self.web.ticket(told.ticket).await {
            Ok(loaded) => self.tell_new_links(told, &loaded).await,
            // The next hint tries again.
            Err(_) => Ok(()),
        }
    }

    async fn tell_new_links(&self, told: &mut Told, loaded: &Loaded) -> Result<(), Gone> {
        let now = self.web.now();
        for link in &loaded.links {
            if told.links.insert(link.id.clone()) {
                let item = link.item(&self.web, self.lang);
                self.pen
                    .write("entry", told.seq, timeline_item(self.lang, now, &item))
                    .await?;
            }
        }
        Ok(())
    }

    async fn tell_changes(&self, told: &mut Told) -> Result<(), Gone> {
        let Ok(loaded) = self.web.ticket(told.ticket).await else {
            return Ok(());
        };
        let mut fresh: Vec<_> = loaded
            .record
            .lines
            .iter()
            .filter(|line| line.seq > told.seq)
            .collect();
        fresh.sort_by_key(|line| (line.at, line.seq));
        let now = self.web.now();
        for line in fresh {
            let item = timeline::item(&self.web, self.lang, &loaded.record, line);
            self.pen
                .write("entry", line.seq, timeline_item(self.lang, now, &item))
                .await?;
            told.seq = told.seq.max(line.seq);
        }
        self.tell_new_links(told, &loaded).await?;
        let view = loaded.view(&self.web, self.lang, &self.signed, Typed::default());
        for part in told.changed(self.parts(&view)) {
            self.pen.write("part", told.seq, part).await?;
        }
        Ok(())
    }

    /// The parts that may be replaced while somebody reads: those without a field to type into.
    fn parts(&self, view: &TicketView) -> Vec<Markup> {
        let (lang, now) = (self.lang, self.web.now());
        vec![
            ticket_head(lang, now, view),
            record::visits(lang, now, &view.visits),
            report::reports(
                lang,
                now,
                &view.reports,
                view.has_held_report(),
                view.report_pdf.as_deref(),
            ),
            record::parts(lang, &view.parts),
            record::answers(lang, &view.answers),
            photo::photos(lang, now, &view.photos),
            record::notes(lang, now, &view.notes),
            record::fates_list(lang, view.fates),
        ]
    }
}
