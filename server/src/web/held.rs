//! Work that was not taken, in words: who did what on which phone, and why it did not enter its ticket.

use std::collections::{BTreeMap, btree_map};

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use fieldline_model::entry::Entry;
use fieldline_model::id::{DocumentId, OperationId, StaffId, TicketId};
use fieldline_model::operation::Act;
use fieldline_model::reason::Reason;
use fieldline_model::row;
use rusqlite::Connection;
use serde::Deserialize;

use super::before::Before;
use super::frame::{Done, Step, done, go, told};
use super::paging::page;
use super::partly::{Hindrance, Kept, Partly};
use super::reader::Reader;
use super::record::TicketRecord;
use super::taken::Taken;
use super::ticket::{parse, remedy};
use super::timeline::happening;
use super::view::{engineer_name, pick, result};
use super::why::why;
use super::{Web, finish, read};
use crate::auth::extract::{Signed, SignedForm};
use crate::auth::role::Permission;
use crate::door::{DoorError, HELD_GRACE_MS};
use crate::page::held::{About, HeldRow, HeldView, Stand, held};
use crate::page::pager::Part;
use crate::page::paths;
use crate::page::ticket::report::Report;
use crate::page::ticket::timeline::Happening;
use crate::problem::{Code, Problem};
use crate::store::StoreError;
use crate::store::held::{held_get, held_overdue};
use crate::store::page_article::article_title;
use crate::store::page_held::{
    HeldFilter, HeldItem, Waits, held_count, held_declined_before, held_exists, held_list, held_open,
    held_settle, held_taken, held_undecided, held_waits,
};
use crate::store::page_ticket::event_overruled;
use crate::words::{Lang, held as h, ticket as t};

/// Operations of one page.
const ROWS: u32 = 30;
/// Operations in a ticket's box; the rest is on the page.
const BOX_ROWS_MAX: u32 = 30;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    all: String,
    page: String,
}

/// GET the list.
pub(super) async fn list(
    State(web): State<Web>,
    reader: Reader,
    headers: HeaderMap,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    signed.check(Permission::ReadRefused)?;
    let (page, lang) = (page(&asked.page)?, reader.lang);
    let filter = HeldFilter {
        ticket: None,
        seen: !asked.all.is_empty(),
    };
    let late = web.app.now().plus_ms(-HELD_GRACE_MS);
    let load = move |connection: &Connection| {
        let part = Part::of(page, ROWS, held_count(connection, filter)?);
        let items = held_list(connection, filter, part.offset(), part.size())?;
        let overdue = held_overdue(connection, late)?;
        Ok::<_, StoreError>((HeldWork::read(connection, items)?, part, overdue))
    };
    let (work, part, overdue) = web.app.store().read(load).await?;
    let view = HeldView {
        rows: work.rows(&web, lang),
        part,
        overdue,
        all: filter.seen,
        may_settle: signed.may(Permission::EndTickets),
    };
    let done = done(&headers);
    let mut frame = web.frame(&reader, &signed).await?;
    frame.flash = done.map(|done| done.flash(lang, ""));
    Ok(told(finish::page(held(&frame, &view)), done))
}

/// What was pressed.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Decision {
    Adopt,
    AdoptTogether,
    Decline,
    Seen,
}

#[derive(Debug, Deserialize)]
pub(super) struct Pressed {
    decision: Decision,
    /// The ids of what is decided together, with a dot between.
    #[serde(default)]
    held: String,
}

/// POST what somebody decided, from the list.
pub(super) async fn settle(
    State(web): State<Web>,
    Path(hash): Path<String>,
    SignedForm {
        signed,
        form: Pressed { decision, held },
    }: SignedForm<Pressed>,
) -> Result<Response, Problem> {
    let hashes = match decision {
        Decision::AdoptTogether => shown(&held, ROWS),
        Decision::Adopt | Decision::Decline | Decision::Seen => vec![hash],
    };
    let done = web.settle_held(&signed, hashes, decision).await?;
    Ok(go(paths::HELD, done))
}

/// The form of a ticket's box.
#[derive(Debug, Deserialize)]
pub(super) struct BoxForm {
    /// The ids of everything the box showed, with a dot between.
    #[serde(default)]
    held: String,
    decision: Decision,
}

/// POST what somebody decided about all that a ticket's box showed.
pub(super) async fn settle_on_ticket(
    State(web): State<Web>,
    Path(ticket): Path<String>,
    SignedForm { signed, form }: SignedForm<BoxForm>,
) -> Result<Response, Problem> {
    let ticket = parse(&ticket)?;
    let done = web
        .settle_held(&signed, shown(&form.held, BOX_ROWS_MAX), form.decision)
        .await?;
    Ok(go(&paths::ticket(&ticket.to_string()), done))
}

/// The ids a form sends back, no more than its page can have shown.
fn shown(ids: &str, most: u32) -> Vec<String> {
    ids.split('.').take(most as usize).map(str::to_owned).collect()
}

impl Web {
    /// Decides about each of them what the button says. What has a fate cannot be decided any more, and what waits for
    /// a decision cannot be put away; pressed twice is as good as once.
    async fn settle_held(
        &self,
        signed: &Signed,
        hashes: Vec<String>,
        decision: Decision,
    ) -> Result<Done, Problem> {
        signed.check(Permission::ReadRefused)?;
        signed.check(Permission::EndTickets)?;
        let by = signed.staff.id;
        let found = self.find_held(hashes).await?;
        match decision {
            Decision::Adopt | Decision::AdoptTogether => self.adopt_held(found, by).await,
            Decision::Decline => self.decline_held(found, by).await,
            Decision::Seen => {
                let refused = found.into_iter().filter(|(_, operation)| operation.is_none());
                self.put_away(refused.map(|(hash, _)| hash).collect(), by).await
            }
        }
    }

    /// Each change with its operation, while a supervisor has to decide about that.
    async fn find_held(&self, hashes: Vec<String>) -> Result<Vec<Found>, Problem> {
        let find = move |connection: &Connection| {
            let mut found = Vec::with_capacity(hashes.len());
            for hash in hashes {
                if !held_exists(connection, &hash)? {
                    return Ok::<_, StoreError>(None);
                }
                let undecided = held_undecided(connection, &hash)?;
                found.push((hash, undecided));
            }
            Ok(Some(found))
        };
        let found = self.app.store().read(find).await?;
        found.ok_or_else(|| Problem::new(Code::NotFound))
    }

    /// Takes over in the order things were done. Of several, what could not be is told each; of one, what to do first.
    async fn adopt_held(&self, found: Vec<Found>, by: StaffId) -> Result<Done, Problem> {
        let all = found.len();
        let (mut before, open) = split(found);
        let operations: Vec<OperationId> = open.keys().copied().collect();
        let is_one = operations.len() == 1;
        let (mut taken, mut kept) = (Vec::new(), Vec::new());
        for (operation, adopted) in self.app.adopt_in_order(operations, by).await? {
            let why = match adopted {
                Ok(_) => {
                    taken.push(operation);
                    continue;
                }
                // Somebody else decided meanwhile.
                Err(DoorError::NotHeld) => {
                    before.extend(open.get(&operation).cloned());
                    continue;
                }
                Err(DoorError::EarlierHeld(first)) if is_one => {
                    return Ok(Done::EarlierFirst(self.step(&first).await?));
                }
                Err(DoorError::Refused(reason)) => self.hindrance(operation, reason).await?,
                Err(DoorError::EarlierHeld(_)) => Hindrance::Earlier,
                Err(error) => return Err(error.into()),
            };
            if is_one && all == 1 {
                return Ok(Done::NotAdopted(why));
            }
            let step = self.step(&[operation]).await?;
            kept.push(Kept { step, why });
        }
        let (now, taken) = (taken.len(), self.taken(taken).await?);
        if !kept.is_empty() {
            let before = self.decided_before(true, now, before).await?;
            let partly = Partly::of(now, &kept).beside(before.adopted, before.declined);
            return Ok(Done::AdoptedPartly(partly, taken));
        }
        let before = self.decided_before(true, now, before).await?;
        Ok(before.done(Done::Adopted(taken), taken))
    }

    /// What of these counts: each may have displaced another, so they are looked at when all are on the ticket.
    async fn taken(&self, operations: Vec<OperationId>) -> Result<Taken, Problem> {
        let all = operations.len();
        let read = move |connection: &Connection| {
            let codes = operations.iter().map(|id| event_overruled(connection, *id));
            codes.collect::<Result<Vec<_>, StoreError>>()
        };
        let codes = self.app.store().read(read).await?;
        let reason = |code: String| Reason::from_code(&code).unwrap_or(Reason::Superseded);
        Ok(Taken::of(all, codes.into_iter().flatten().map(reason).collect()))
    }

    /// Beside what was decided now, how these were decided before.
    async fn decided_before(&self, adopt: bool, now: usize, hashes: Vec<String>) -> Result<Before, Problem> {
        let read = move |connection: &Connection| {
            let taken = hashes.iter().map(|hash| held_taken(connection, hash));
            taken.collect::<Result<Vec<_>, StoreError>>()
        };
        let taken = self.app.store().read(read).await?;
        let count = |one| taken.iter().filter(|taken| **taken == one).count();
        Ok(Before {
            adopt,
            now,
            adopted: count(Some(true)),
            declined: count(Some(false)),
            came: count(None),
        })
    }

    /// Why a rule would not have a held operation: of its visit an earlier step may be missing that was not taken over.
    async fn hindrance(&self, operation: OperationId, reason: Reason) -> Result<Hindrance, Problem> {
        let read = move |connection: &Connection| {
            let held = held_get(connection, operation)?;
            let declined = held_declined_before(connection, operation)?;
            Ok::<_, StoreError>((held.and_then(|held| held.entry), declined))
        };
        let (entry, declined) = self.app.store().read(read).await?;
        let visit = entry
            .as_deref()
            .and_then(Entry::read)
            .and_then(|entry| entry.act.visit());
        let mut missing = declined.iter().filter_map(|text| Entry::read(text));
        let missing = missing.find(|entry| visit.is_some() && entry.act.visit() == visit);
        Ok(missing.map_or(Hindrance::Rule(reason), |entry| {
            Hindrance::Without(reason, Step::of(entry.act.word()))
        }))
    }

    /// What the first of these held operations is.
    async fn step(&self, operations: &[OperationId]) -> Result<Step, Problem> {
        let Some(first) = operations.first().copied() else {
            return Ok(Step::of(""));
        };
        let read = move |connection: &Connection| held_get(connection, first);
        let held = self.app.store().read(read).await?;
        let entry = held.and_then(|held| held.entry.as_deref().and_then(Entry::read));
        Ok(Step::of(entry.map_or("", |entry| entry.act.word())))
    }

    async fn decline_held(&self, found: Vec<Found>, by: StaffId) -> Result<Done, Problem> {
        let (mut before, open) = split(found);
        let mut declined = 0;
        for (operation, hash) in open {
            match self.app.decline_held(operation, by).await {
                Ok(()) => declined += 1,
                Err(DoorError::NotHeld) => before.push(hash),
                Err(error) => return Err(error.into()),
            }
        }
        let before = self.decided_before(false, declined, before).await?;
        Ok(before.done(Done::Declined, Taken::of(0, Vec::new())))
    }

    async fn put_away(&self, hashes: Vec<String>, by: StaffId) -> Result<Done, Problem> {
        let now = self.app.now();
        let settle = move |connection: &Connection| {
            let mut settled = 0;
            for hash in hashes {
                if !held_waits(connection, &hash)? {
                    held_settle(connection, &hash, by, now)?;
                    settled += 1;
                }
            }
            Ok::<_, StoreError>(settled)
        };
        Ok(match self.app.store().write(settle).await? {
            0 => Done::Not(Reason::NotNow),
            _ => Done::Held,
        })
    }
}

/// A change that was not taken, and its operation while a supervisor has to decide about that.
type Found = (String, Option<OperationId>);

/// What was decided before, and what is open, by its operation.
fn split(found: Vec<Found>) -> (Vec<String>, BTreeMap<OperationId, String>) {
    let (mut before, mut open) = (Vec::new(), BTreeMap::new());
    for (hash, operation) in found {
        match operation {
            Some(operation) => {
                open.insert(operation, hash);
            }
            None => before.push(hash),
        }
    }
    (before, open)
}

/// Operations that were not taken, with everything their words name.
#[derive(Debug, Default)]
pub(super) struct HeldWork {
    pieces: Vec<Piece>,
    /// Each ticket, loaded once.
    records: BTreeMap<TicketId, TicketRecord>,
    /// How much is held of each document, whether it is among the pieces or not.
    open: BTreeMap<DocumentId, usize>,
}

#[derive(Debug)]
struct Piece {
    item: HeldItem,
    entry: Option<Entry>,
    engineer: Option<row::Engineer>,
    /// Of an article, in Chinese and in English.
    title: Option<(String, String)>,
}

impl HeldWork {
    /// What waits of one ticket.
    pub(super) fn of_ticket(connection: &Connection, ticket: TicketId) -> Result<Self, StoreError> {
        let filter = HeldFilter {
            ticket: Some(ticket),
            seen: false,
        };
        Self::read(connection, held_list(connection, filter, 0, BOX_ROWS_MAX)?)
    }

    fn read(connection: &Connection, items: Vec<HeldItem>) -> Result<Self, StoreError> {
        let mut work = Self::default();
        for item in items {
            if let btree_map::Entry::Vacant(unknown) = work.open.entry(item.document) {
                unknown.insert(held_open(connection, item.document)?);
            }
            let title = item.document.article().map(|id| article_title(connection, id));
            work.pieces.push(Piece {
                entry: item.entry.as_deref().and_then(Entry::read),
                engineer: read::engineer(connection, item.engineer)?,
                title: title.transpose()?.flatten(),
                item,
            });
        }
        let mut entries: BTreeMap<TicketId, Vec<&Entry>> = BTreeMap::new();
        for piece in &work.pieces {
            if let Some(ticket) = piece.item.document.ticket() {
                entries.entry(ticket).or_default().extend(&piece.entry);
            }
        }
        for (ticket, entries) in entries {
            let record = TicketRecord::with(connection, ticket, &entries)?;
            work.records.insert(ticket, record);
        }
        Ok(work)
    }

    /// As people read them.
    pub(super) fn rows(&self, web: &Web, lang: Lang) -> Vec<HeldRow> {
        let mut together: BTreeMap<DocumentId, Vec<String>> = BTreeMap::new();
        for Piece { item, .. } in self.pieces.iter().filter(|piece| piece.item.undecided.is_some()) {
            together.entry(item.document).or_default().push(item.hash.clone());
        }
        together.retain(|_, held| held.len() > 1);
        let row = |piece: &Piece| {
            let row = self.row(web, lang, piece);
            // Offered once, beside the first of them.
            let together = if row.stand == Stand::Held {
                together.remove(&piece.item.document)
            } else {
                None
            };
            HeldRow {
                together: together.unwrap_or_default(),
                of_ticket: self.open.get(&piece.item.document).copied().unwrap_or(0),
                ..row
            }
        };
        self.pieces.iter().map(row).collect()
    }

    fn row(&self, web: &Web, lang: Lang, piece: &Piece) -> HeldRow {
        let Piece {
            item,
            entry,
            engineer,
            ..
        } = piece;
        let record = item.document.ticket().and_then(|id| self.records.get(&id));
        let somebody = || lang.t(t::SOMEBODY).to_owned();
        HeldRow {
            id: item.hash.clone(),
            who: engineer
                .as_ref()
                .map_or_else(somebody, |row| engineer_name(lang, row)),
            phone: item.phone.clone(),
            revoked: item.revoked,
            back: item.back,
            about: about(lang, piece, record),
            what: entry.as_ref().map(|entry| what(web, lang, record, &entry.act)),
            report: entry.as_ref().and_then(|entry| report(web, lang, record, entry)),
            done: entry.as_ref().map(|entry| web.stamp(entry.at.estimate())),
            arrived: web.stamp(item.at),
            stand: match item.waits {
                _ if item.undecided.is_some() => Stand::Held,
                Some(_) => Stand::Waits,
                None => Stand::Refused,
            },
            overdue: item.undecided.is_some() && web.app.now().since(item.since) >= HELD_GRACE_MS,
            together: Vec::new(),
            of_ticket: 0,
            why: match item.waits {
                Some(Waits::Decision) => lang.t(h::WAITS_FOR_DECISION).to_owned(),
                Some(Waits::Phone) => lang.t(h::WAITS_FOR_PHONE).to_owned(),
                None => why(lang, &item.code),
            },
            seen: item.seen.clone().map(|(who, at)| (who, web.stamp(at))),
        }
    }
}

fn about(lang: Lang, piece: &Piece, record: Option<&TicketRecord>) -> About {
    let document = piece.item.document;
    if let Some(record) = record.filter(|record| record.state.created.is_some()) {
        let number = record.state.facts.number.clone();
        return About::Ticket(record.id.to_string(), number);
    }
    match document.article().zip(piece.title.as_ref()) {
        Some((id, (zh, en))) => About::Article(id.to_string(), pick(lang, zh, en).to_owned()),
        None => About::Unknown(document.to_string()),
    }
}

fn what(web: &Web, lang: Lang, record: Option<&TicketRecord>, act: &Act) -> Happening {
    match (record, act) {
        (Some(record), act) => happening(web, lang, record, act),
        (None, Act::Annotate { text, .. } | Act::Note { text }) => Happening::Note(text.clone()),
        (None, _) => Happening::Edited,
    }
}

/// The report in an entry that ends a visit. Parts and times are entries of their own.
fn report(web: &Web, lang: Lang, record: Option<&TicketRecord>, entry: &Entry) -> Option<Report> {
    let (Some(record), Act::Finish { completion, .. }) = (record, &entry.act) else {
        return None;
    };
    Some(Report {
        who: record.who(lang, entry.by),
        at: web.stamp(entry.at.estimate()),
        overruled: None,
        result: result(completion),
        cause: completion.cause.as_deref().map(|code| record.code(lang, code)),
        remedy: remedy(lang, record, completion),
        on_site: None,
        parts: Vec::new(),
        labour_minutes: None,
        signature: None,
    })
}
