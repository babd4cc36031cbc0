//! Work that was not taken, in words: who did what on which phone, and why it did not enter its ticket.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use fieldline_model::entry::Entry;
use fieldline_model::id::{StaffId, TicketId};
use fieldline_model::operation::Act;
use fieldline_model::reason::Reason;
use fieldline_model::row;
use rusqlite::Connection;
use serde::Deserialize;

use super::frame::{Done, done, go, told};
use super::paging::page;
use super::reader::Reader;
use super::record::TicketRecord;
use super::ticket::{parse, remedy};
use super::timeline::happening;
use super::view::{engineer_name, pick, result};
use super::why::why;
use super::{Web, finish, read};
use crate::auth::extract::{Signed, SignedForm};
use crate::auth::role::Permission;
use crate::door::DoorError;
use crate::page::held::{About, HeldRow, HeldView, held};
use crate::page::pager::Part;
use crate::page::paths;
use crate::page::ticket::report::Report;
use crate::page::ticket::timeline::Happening;
use crate::problem::{Code, Problem};
use crate::store::StoreError;
use crate::store::page_article::article_title;
use crate::store::page_held::{
    HeldFilter, HeldItem, held_count, held_exists, held_list, held_settle, held_undecided,
};
use crate::words::{Lang, ticket as t};

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
    let load = move |connection: &Connection| {
        let part = Part::of(page, ROWS, held_count(connection, filter)?);
        let items = held_list(connection, filter, part.offset(), part.size())?;
        Ok::<_, StoreError>((HeldWork::read(connection, items)?, part))
    };
    let (work, part) = web.app.store().read(load).await?;
    let view = HeldView {
        rows: work.rows(&web, lang),
        part,
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
    Decline,
    Seen,
}

#[derive(Debug, Deserialize)]
pub(super) struct Pressed {
    decision: Decision,
}

/// POST what somebody decided, from the list.
pub(super) async fn settle(
    State(web): State<Web>,
    Path(hash): Path<String>,
    SignedForm {
        signed,
        form: Pressed { decision },
    }: SignedForm<Pressed>,
) -> Result<Response, Problem> {
    let done = web.settle_held(&signed, vec![hash], decision).await?;
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
    let shown = form.held.split('.').take(BOX_ROWS_MAX as usize);
    let done = web
        .settle_held(&signed, shown.map(str::to_owned).collect(), form.decision)
        .await?;
    Ok(go(&paths::ticket(&ticket.to_string()), done))
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
        let mut done = Done::Held;
        for hash in hashes {
            match self.settle_one(signed.staff.id, hash, decision).await? {
                Done::Held => {}
                told => done = told,
            }
        }
        Ok(done)
    }

    async fn settle_one(&self, by: StaffId, hash: String, decision: Decision) -> Result<Done, Problem> {
        let asked = hash.clone();
        let find = move |connection: &Connection| {
            let known = held_exists(connection, &asked)?;
            Ok::<_, StoreError>((known, held_undecided(connection, &asked)?))
        };
        let (known, undecided) = self.app.store().read(find).await?;
        if !known {
            return Err(Problem::new(Code::NotFound));
        }
        let done = match (decision, undecided) {
            (Decision::Adopt, Some(id)) => self.app.adopt(id, by).await.map(|_| Done::Adopted),
            (Decision::Decline, Some(id)) => self.app.decline_held(id, by).await.map(|()| Done::Declined),
            (Decision::Adopt | Decision::Decline, None) | (Decision::Seen, Some(_)) => Ok(Done::Held),
            (Decision::Seen, None) => {
                let now = self.app.now();
                let settle = move |connection: &Connection| held_settle(connection, &hash, by, now);
                self.app.store().write(settle).await?;
                Ok(Done::Held)
            }
        };
        match done {
            Ok(done) => Ok(done),
            Err(DoorError::Refused(reason)) => Ok(Done::Not(reason)),
            Err(DoorError::NotHeld) => Ok(Done::Held),
            Err(error) => Err(error.into()),
        }
    }
}

/// Operations that were not taken, with everything their words name.
#[derive(Debug, Default)]
pub(super) struct HeldWork {
    pieces: Vec<Piece>,
    /// Each ticket, loaded once.
    records: BTreeMap<TicketId, TicketRecord>,
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
        self.pieces
            .iter()
            .map(|piece| self.row(web, lang, piece))
            .collect()
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
            about: about(lang, piece, record),
            what: entry.as_ref().map(|entry| what(web, lang, record, &entry.act)),
            report: entry.as_ref().and_then(|entry| report(web, lang, record, entry)),
            done: entry.as_ref().map(|entry| web.stamp(entry.at.estimate())),
            arrived: web.stamp(item.at),
            held: item.code == Reason::DeviceRevoked.code(),
            undecided: item.undecided.is_some(),
            why: why(lang, &item.code),
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
