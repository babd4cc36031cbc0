//! What screens ask for. Lists and searches are SQL alone; a document is opened for its own screen only.

mod gone;
mod report;
mod told;

pub use gone::Gone;

use std::borrow::Cow;
use std::collections::BTreeSet;

use fieldline_model::document::Content;
use fieldline_model::entry::Entry;
use fieldline_model::fold::{Outcome, TicketState, fold};
use fieldline_model::id::{ArticleId, DocumentId, EngineerId, OperationId, TicketId, VisitId};
use fieldline_model::operation::{Act, Path};
use fieldline_model::row::{Row, RowKind};
use fieldline_model::rules::next_steps;
use rusqlite::Connection;

use crate::engine::{Engine, Inner, work_in};
use crate::error::EngineError;
use crate::moment::Moment;
use crate::perform::{accepted_by_carried, open};
use crate::project::{article_text, my_visit};
use crate::store::article::{article_for, article_search};
use crate::store::blob::blob_of_document;
use crate::store::carried::carried_entries;
use crate::store::change::change_of_document;
use crate::store::doc::doc_get;
use crate::store::intent::{intent_held_of, intent_taken_otherwise};
use crate::store::row::{row_get, row_list};
use crate::store::stock::{Viewer, stock_kept, stock_list};
use crate::store::ticket_row::ticket_row_list;
use crate::view::{
    ArticleLine, ArticleView, EntryView, FileView, ListFilter, PartFilter, PartLine, PhotoView, TicketLine,
    TicketView, VisitView,
};

/// Most lines of parts or articles in one answer; nobody reads more on a phone.
pub const LINES_MAX: u32 = 200;

impl Engine {
    /// Tickets in the order of the day. Opens no document.
    ///
    /// # Errors
    /// As the store says.
    pub fn list(&self, filter: &ListFilter) -> Result<Vec<TicketLine>, EngineError> {
        self.read(|inner| ticket_row_list(&inner.store.conn, filter))
    }

    /// Everything about one ticket.
    ///
    /// # Errors
    /// [`EngineError::UnknownDocument`] when it is not here, [`EngineError::Stuck`] when its copy is damaged: it is
    /// fetched again, and unsent work on it is kept.
    pub fn ticket(&self, id: TicketId, moment: &mut Moment<'_>) -> Result<TicketView, EngineError> {
        self.read(|inner| {
            let document = DocumentId::from(id);
            inner.open_for_reading(document, moment)?;
            let me = inner.identity.enrolled()?.engineer;
            let pending = pending(&inner.store.conn, document)?;
            let line = doc_get(&inner.store.conn, document)?.ok_or(EngineError::UnknownDocument(document))?;
            let (_, laid) = inner.open.last().ok_or(EngineError::UnknownDocument(document))?;
            let mut state = fold(&laid.content.events);
            let mut content = Cow::Borrowed(&laid.content);
            if state.created.is_none() {
                let kept = told::kept(&inner.store.conn, document)?;
                content = Cow::Owned(kept.ok_or(EngineError::UnknownDocument(document))?);
                state = fold(&content.events);
            }
            let mut view = ticket_view(id, &content, &state, me, &pending);
            add_overruled(&inner.store.conn, document, &mut view)?;
            mark_held(&mut view, &intent_held_of(&inner.store.conn, document)?);
            add_carried(&inner.store.conn, document, &mut view)?;
            let taken = accepted_by_carried(&inner.store.conn, document, &content.events, me)?;
            withhold_accept(&taken, &mut view);
            told::lay_over(&inner.store.conn, document, &line, me, &content, &mut view)?;
            reach(&inner.store.conn, &mut view)?;
            view.photos = photos(inner, document, &view.field)?;
            let viewer = Viewer {
                install: inner.identity.install,
                now: inner.now(&moment.time),
            };
            let requests = view.field.iter();
            let asked = requests
                .filter(|entry| matches!(entry.act, Act::RequestPart { .. }))
                .map(|entry| entry.operation)
                .collect();
            view.kept = stock_kept(&inner.store.conn, &viewer, id, &asked)?;
            Ok(view)
        })
    }

    /// Stock: this van's, other places', or where one part lies; own uses that HQ does not know yet are taken off.
    ///
    /// # Errors
    /// As the store says.
    pub fn parts(&self, filter: &PartFilter, moment: &Moment<'_>) -> Result<Vec<PartLine>, EngineError> {
        self.read(|inner| {
            let mut location = filter.location;
            if filter.my_van {
                let me = inner.identity.enrolled()?.engineer;
                let row = row_get(&inner.store.conn, RowKind::Engineer, &me.to_string())?;
                location = match row {
                    Some(Row::Engineer(engineer)) => engineer.van,
                    _ => None,
                };
                if location.is_none() {
                    return Ok(Vec::new());
                }
            }
            let viewer = Viewer {
                install: inner.identity.install,
                now: inner.now(&moment.time),
            };
            let conn = &inner.store.conn;
            stock_list(conn, &viewer, location, filter.part, &filter.words, LINES_MAX)
        })
    }

    /// Articles and manuals that hold all words of the query, in Chinese or English, best first.
    ///
    /// # Errors
    /// As the store says.
    pub fn articles(&self, query: &str) -> Result<Vec<ArticleLine>, EngineError> {
        self.read(|inner| article_search(&inner.store.conn, query, LINES_MAX))
    }

    /// Articles and manuals that may help with this ticket: by fault, by model, by category.
    ///
    /// # Errors
    /// As [`Engine::ticket`].
    pub fn articles_for(
        &self,
        id: TicketId,
        moment: &mut Moment<'_>,
    ) -> Result<Vec<ArticleLine>, EngineError> {
        let view = self.ticket(id, moment)?;
        let category = view.facts.category.unwrap_or_default();
        let fault = view.facts.fault.unwrap_or_default();
        let model = view.asset.map(|asset| asset.model).unwrap_or_default();
        self.read(|inner| article_for(&inner.store.conn, &category, &fault, &model, LINES_MAX))
    }

    /// One article to read.
    ///
    /// # Errors
    /// As [`Engine::ticket`].
    pub fn article(&self, id: ArticleId, moment: &mut Moment<'_>) -> Result<ArticleView, EngineError> {
        self.read(|inner| {
            let document = DocumentId::from(id);
            inner.open_for_reading(document, moment)?;
            let pending = pending(&inner.store.conn, document)?;
            let (_, laid) = inner.open.last().ok_or(EngineError::UnknownDocument(document))?;
            let head = article_text(&laid.content)
                .ok_or(EngineError::UnknownDocument(document))?
                .head;
            let files = files(inner, document, &laid.content)?;
            let mut sections = entries(&laid.content, Path::Sections, &pending);
            sections.retain(|view| matches!(view.act, Act::WriteSection(_)));
            sections.sort_by_key(|view| match &view.act {
                Act::WriteSection(section) => section.order,
                _ => u32::MAX,
            });
            let mut annotations = entries(&laid.content, Path::Annotations, &pending);
            let held = intent_held_of(&inner.store.conn, document)?;
            for entry in &mut annotations {
                entry.held = held.contains(&entry.operation);
            }
            for (operation, entry) in carried_entries(&inner.store.conn, document)? {
                if annotations.iter().all(|view| view.operation != operation) {
                    annotations.push(carried_view(operation, &entry));
                }
            }
            annotations.sort_by_key(|view| (view.at.estimate(), view.operation));
            Ok(ArticleView {
                line: ArticleLine {
                    article: id,
                    manual: head.manual,
                    title_zh: head.title_zh,
                    title_en: head.title_en,
                    category: head.category,
                },
                sections,
                files,
                annotations,
            })
        })
    }

    /// One row by kind and id.
    ///
    /// # Errors
    /// As the store says.
    pub fn row(&self, kind: RowKind, id: &str) -> Result<Option<Row>, EngineError> {
        self.read(|inner| row_get(&inner.store.conn, kind, id))
    }

    /// All rows of a kind, for pickers: codes, checklists, colleagues.
    ///
    /// # Errors
    /// As the store says.
    pub fn rows(&self, kind: RowKind) -> Result<Vec<Row>, EngineError> {
        self.read(|inner| row_list(&inner.store.conn, kind))
    }
}

impl Inner {
    /// Makes a document the newest of the open ones.
    fn open_for_reading(&mut self, document: DocumentId, moment: &Moment<'_>) -> Result<(), EngineError> {
        let laid = match self.take_open(document) {
            Some(laid) => laid,
            None => {
                let now = self.now(&moment.time);
                let tx = self.store.conn.transaction()?;
                let laid = open(&work_in(&tx, &self.identity, &self.faults, now)?, document)?;
                tx.commit()?;
                laid
            }
        };
        self.keep_open(document, laid);
        Ok(())
    }
}

fn pending(conn: &Connection, id: DocumentId) -> Result<Vec<OperationId>, EngineError> {
    let changes = change_of_document(conn, id)?;
    Ok(changes
        .iter()
        .filter(|change| change.state.is_live())
        .map(|change| change.operation)
        .collect())
}

/// What HQ took under other bytes that did not come here, and does not count, is shown all the same. It changes no status.
fn add_overruled(conn: &Connection, id: DocumentId, view: &mut TicketView) -> Result<(), EngineError> {
    for (intent, _) in intent_taken_otherwise(conn, id)? {
        let shown = view.events.iter().chain(&view.field);
        if shown
            .map(|entry| entry.operation)
            .all(|id| id != intent.operation)
        {
            let entry = entry_view(intent.operation, &intent.entry, &[]);
            view.events.push(entry);
        }
    }
    view.events
        .sort_by_key(|entry| (entry.at.estimate(), entry.operation));
    Ok(())
}

fn carried_view(operation: OperationId, entry: &Entry) -> EntryView {
    EntryView {
        carried: true,
        ..entry_view(operation, entry, &[])
    }
}

/// What colleagues handed over of this ticket and HQ has not got: shown beside the rest, and changing no status.
fn add_carried(conn: &Connection, id: DocumentId, view: &mut TicketView) -> Result<(), EngineError> {
    let TicketView {
        events,
        field,
        customer_entries,
        ..
    } = view;
    for (operation, entry) in carried_entries(conn, id)? {
        let mut shown = events.iter().chain(&*field).chain(&*customer_entries);
        if shown.any(|view| view.operation == operation) {
            continue;
        }
        match entry.act.path() {
            Path::Field => field.push(carried_view(operation, &entry)),
            Path::Customer => customer_entries.push(carried_view(operation, &entry)),
            Path::Events | Path::Sections | Path::Annotations => events.push(carried_view(operation, &entry)),
        }
    }
    for entries in [events, field, customer_entries] {
        entries.sort_by_key(|view| (view.at.estimate(), view.operation));
    }
    Ok(())
}

/// Nobody is offered to accept what he would be refused: a colleague's acceptance is on its way to HQ by this phone.
fn withhold_accept(taken: &BTreeSet<VisitId>, view: &mut TicketView) {
    let refused = |visit: &&mut VisitView| taken.contains(&visit.visit.id) && visit.next.contains(&"accept");
    for visit in view.visits.iter_mut().filter(refused) {
        visit.accepted_not_at_hq = true;
        visit.next.retain(|act| *act != "accept");
        if view.mine == Some(visit.visit.id) {
            view.next.clone_from(&visit.next);
        }
    }
}

/// The photos among these entries, and where they are.
fn photos(inner: &Inner, id: DocumentId, field: &[EntryView]) -> Result<Vec<PhotoView>, EngineError> {
    let lines = blob_of_document(&inner.store.conn, id)?;
    let mut photos = Vec::new();
    for entry in field {
        let Act::Photo(photo) = &entry.act else { continue };
        let own = lines.iter().find(|line| line.hash == photo.blob && line.own);
        let size = inner.files.len(photo.blob)?;
        photos.push(PhotoView {
            operation: entry.operation,
            by: entry.by,
            at: entry.at,
            state: own.map_or("elsewhere", |line| line.state.word()),
            here: size == photo.size && lines.iter().any(|line| line.hash == photo.blob),
            photo: (**photo).clone(),
        });
    }
    Ok(photos)
}

/// The files of an article, and whether they are here.
fn files(inner: &Inner, id: DocumentId, content: &Content) -> Result<Vec<FileView>, EngineError> {
    let lines = blob_of_document(&inner.store.conn, id)?;
    let mut files = Vec::new();
    for (operation, file) in content.attachments() {
        let is_kept = lines.iter().any(|line| line.hash == file.blob);
        files.push(FileView {
            operation,
            file: file.clone(),
            here: is_kept && inner.files.len(file.blob)? == file.size,
        });
    }
    Ok(files)
}

fn mark_held(view: &mut TicketView, held: &[OperationId]) {
    let TicketView {
        events,
        field,
        customer_entries,
        ..
    } = view;
    for entry in events.iter_mut().chain(field).chain(customer_entries) {
        entry.held = held.contains(&entry.operation);
    }
}

fn entry_view(id: OperationId, entry: &Entry, pending: &[OperationId]) -> EntryView {
    EntryView {
        operation: id,
        word: entry.act.word(),
        act: entry.act.clone(),
        by: entry.by,
        at: entry.at,
        pending: pending.contains(&id),
        held: false,
        carried: false,
        overruled: None,
    }
}

fn entries(content: &Content, path: Path, pending: &[OperationId]) -> Vec<EntryView> {
    let mut views: Vec<EntryView> = content
        .under(path)
        .map(|(id, entry)| entry_view(id, entry, pending))
        .collect();
    views.sort_by_key(|view| (view.at.estimate(), view.operation));
    views
}

fn events(content: &Content, state: &TicketState, pending: &[OperationId]) -> Vec<EntryView> {
    let mut views: Vec<EntryView> = content
        .events
        .entries()
        .iter()
        .map(|(id, entry)| EntryView {
            overruled: match state.outcomes.get(id) {
                Some(Outcome::Overruled(reason)) => Some(reason.code()),
                Some(Outcome::Merged) | None => None,
            },
            ..entry_view(*id, entry, pending)
        })
        .collect();
    views.sort_by_key(|view| (view.at.estimate(), view.operation));
    views
}

fn ticket_view(
    ticket: TicketId,
    content: &Content,
    state: &TicketState,
    me: EngineerId,
    pending: &[OperationId],
) -> TicketView {
    let visits: Vec<VisitView> = state
        .visits
        .values()
        .map(|visit| {
            let mine = visit.is_for(me);
            let mut visit = visit.clone();
            visit.phase = visit.phase_for(me);
            let next = if mine && visit.withdrawn.is_none() {
                next_steps(visit.phase).to_vec()
            } else {
                Vec::new()
            };
            VisitView {
                phase: visit.phase.word(),
                visit,
                mine,
                taken: false,
                accepted_not_at_hq: false,
                next,
            }
        })
        .collect();
    let mine = my_visit(state, me).map(|visit| visit.id);
    let next = visits
        .iter()
        .find(|view| Some(view.visit.id) == mine)
        .map(|view| view.next.clone());
    TicketView {
        ticket,
        status: state.status().word(),
        facts: state.facts.clone(),
        customer: None,
        contact: None,
        site: None,
        asset: None,
        checklist: None,
        visits,
        mine,
        next: next.unwrap_or_default(),
        events: events(content, state, pending),
        field: entries(content, Path::Field, pending),
        photos: Vec::new(),
        kept: Vec::new(),
        customer_entries: entries(content, Path::Customer, pending),
        pending: u32::try_from(pending.len()).unwrap_or(u32::MAX),
        in_scope: true,
        left_at: None,
        lost_at_hq: false,
        stuck: false,
        unreadable: content.unreadable,
    }
}

/// Adds the rows a ticket points at, as far as they are here. A site that nobody named is that of the machine, a customer
/// that of the site, as HQ reckons when it sends rows along.
fn reach(conn: &Connection, view: &mut TicketView) -> Result<(), EngineError> {
    let get = |kind: RowKind, id: Option<String>| match id {
        Some(id) => row_get(conn, kind, &id),
        None => Ok(None),
    };
    let facts = &view.facts;
    if let Some(Row::Asset(row)) = get(RowKind::Asset, facts.asset.map(|id| id.to_string()))? {
        view.asset = Some(row);
    }
    let site = facts.site.or(view.asset.as_ref().map(|asset| asset.site));
    if let Some(Row::Site(row)) = get(RowKind::Site, site.map(|id| id.to_string()))? {
        view.site = Some(row);
    }
    let customer = facts.customer.or(view.site.as_ref().map(|site| site.customer));
    if let Some(Row::Customer(row)) = get(RowKind::Customer, customer.map(|id| id.to_string()))? {
        view.customer = Some(row);
    }
    if let Some(Row::Contact(row)) = get(RowKind::Contact, facts.contact.map(|id| id.to_string()))? {
        view.contact = Some(row);
    }
    if let Some(Row::Checklist(row)) = get(RowKind::Checklist, facts.category.clone())? {
        view.checklist = Some(row);
    }
    Ok(())
}
