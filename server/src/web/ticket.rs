//! HQ's page of one ticket: facts, people, what waits, what can be done, and everything that happened.

mod desk;
mod field;
pub(super) mod link;
mod people;
pub(super) mod photo;
mod report;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use fieldline_model::blob::BlobHash;
use fieldline_model::fold::Phase;
use fieldline_model::id::{DocumentId, TicketId};
use rusqlite::Connection;

use super::frame::{done, told};
use super::held::HeldWork;
use super::reader::{Origin, Reader};
use super::record::TicketRecord;
use super::view::{priority, state_of};
use super::{Web, finish, timeline};
use crate::auth::extract::Signed;
use crate::auth::role::Permission;
use crate::auth::tracking::{tracking_mark, tracking_mark_none};
use crate::page::form::Field;
use crate::page::paths;
use crate::page::shell::Frame;
use crate::page::ticket::record::Fates;
use crate::page::ticket::{TicketView, ticket};
use crate::problem::{Code, Problem};
use crate::store::StoreError;
use crate::store::blob::{BlobState, blob_states};
use crate::store::page_ticket::{OpenReview, fate_counts, link_current, review_open};
use crate::words::Lang;
pub(super) use desk::{Candidates, offer};
use field::latest_engineer;
use link::LinkLine;
pub(crate) use report::{remedy, signed};

/// A ticket with what only HQ asks about it.
pub(super) struct Loaded {
    pub(super) record: TicketRecord,
    pub(super) reviews: Vec<OpenReview>,
    pub(super) fates: [u32; 5],
    pub(super) candidates: Candidates,
    /// Token of the customer's link, and until when it works.
    pub(super) link: Option<(String, fieldline_model::time::Timestamp)>,
    /// What tells that link, or that there is none, from what comes after.
    link_mark: String,
    /// What became of its links.
    pub(super) links: Vec<LinkLine>,
    /// Work that was not taken.
    held: HeldWork,
    /// Where the photos are.
    photos: Vec<(BlobHash, BlobState)>,
    /// Locations and parts, as `location/part`, whose ledger stands below zero.
    pub(super) short: Vec<String>,
}

/// Fields of forms as they were sent, where something in them was wrong.
#[derive(Debug, Default)]
pub(super) struct Typed {
    /// Engineer, start, end and reason of the assign form.
    pub(super) assign: Option<[Field; 4]>,
    /// Start, end and reason of the reschedule form.
    pub(super) moved: Option<[Field; 3]>,
    /// Reason of the cancel form.
    pub(super) cancel: Option<Field>,
    /// Reason of the reopen form.
    pub(super) reopen: Option<Field>,
    pub(super) note: Option<Field>,
}

impl Web {
    /// Loads a ticket for HQ; an unknown one is a page that leads nowhere.
    pub(super) async fn ticket(&self, id: TicketId) -> Result<Loaded, Problem> {
        let web = self.clone();
        let loaded = self
            .app
            .store()
            .read(move |connection| Loaded::read(connection, &web, id))
            .await?;
        loaded.ok_or_else(|| Problem::new(Code::NotFound))
    }
}

impl Loaded {
    fn read(connection: &Connection, web: &Web, id: TicketId) -> Result<Option<Self>, StoreError> {
        let Some(record) = TicketRecord::load(connection, id)? else {
            return Ok(None);
        };
        let link = link_current(connection, id, web.app.now())?;
        let link_mark = match &link {
            Some((token, _)) => tracking_mark(token),
            None => tracking_mark_none(connection, id)?,
        };
        Ok(Some(Self {
            reviews: review_open(connection, id)?,
            fates: fate_counts(connection, DocumentId::from(id))?,
            candidates: Candidates::read(connection, web, &record)?,
            link,
            link_mark,
            links: LinkLine::list(connection, id)?,
            short: field::short_stock(connection, &record)?,
            held: HeldWork::of_ticket(connection, id)?,
            photos: blob_states(connection, DocumentId::from(id))?,
            record,
        }))
    }

    /// The newest entry of the log that is told here.
    pub(super) fn seq(&self) -> u64 {
        self.record.lines.iter().map(|line| line.seq).max().unwrap_or(0)
    }

    /// Everything the page shows to this person.
    pub(super) fn view(&self, web: &Web, lang: Lang, signed: &Signed, typed: Typed) -> TicketView {
        let record = &self.record;
        let facts = &record.state.facts;
        let state = state_of(record.state.status().word());
        let survivor = record.state.merged_into;
        let [merged, overruled, refused, held, displaced] = self.fates;
        let may_report = signed.may(Permission::TakeReports);
        let link = self.link.as_ref().filter(|_| may_report);
        TicketView {
            id: record.id.to_string(),
            number: facts.number.clone(),
            seq: self.seq(),
            state,
            merged_into: survivor.map(|id| (record.number_of(id), id.to_string())),
            deadline: web.deadline(state, facts.deadline, record.ended()),
            priority: priority(facts.priority),
            fault: record.fault(lang),
            fault_code: facts
                .fault
                .as_ref()
                .map(|code| format!("{code} {}", record.code(lang, code))),
            wished: record.open_wish().or(facts.wished).map(|span| web.window(span)),
            people: people::view(web, lang, record, signed.may(Permission::ReadCustomers)),
            act: desk::acts(web, lang, self, signed, &typed),
            held: if signed.may(Permission::ReadRefused) {
                self.held.rows(web, lang)
            } else {
                Vec::new()
            },
            may_settle: signed.may(Permission::EndTickets),
            reviews: desk::reviews(web, lang, self),
            visits: field::visits(web, lang, record),
            timeline: timeline::items(web, lang, record, &self.links),
            parts: field::parts(lang, record, &self.short),
            answers: field::answers(lang, record),
            photos: photo::photos(web, lang, record, &self.photos),
            notes: field::notes(web, lang, record),
            reports: report::reports(web, lang, record, &self.short),
            report_pdf: may_have_report(web, record, signed)
                .then(|| paths::ticket_act(&record.id.to_string(), "report.pdf")),
            fates: Fates {
                merged,
                overruled,
                refused,
                held,
                displaced,
                pending: 0,
            },
            link: link.map(|(token, until)| (paths::track(token), web.stamp(*until))),
            link_mark: may_report.then(|| self.link_mark.clone()),
            link_act: may_report,
            note: may_report.then(|| typed.note.unwrap_or_default()),
        }
    }
}

/// A visit is finished, the reader may know the customer, and there is a font to draw it with.
fn may_have_report(web: &Web, record: &TicketRecord, signed: &Signed) -> bool {
    let mut visits = record.state.visits.values();
    web.app.has_reports()
        && signed.may(Permission::ReadCustomers)
        && visits.any(|visit| visit.phase == Phase::Done)
}

/// GET the page.
pub(super) async fn show(
    State(web): State<Web>,
    reader: Reader,
    headers: HeaderMap,
    origin: Origin,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    signed.check(Permission::ReadTickets)?;
    let loaded = web.ticket(parse(&id)?).await?;
    let done = done(&headers);
    let mut frame = web.frame(&reader, &signed).await?;
    frame.flash = done.map(|done| {
        let name = match done {
            super::frame::Done::Created | super::frame::Done::CreatedBefore => {
                loaded.record.state.facts.number.clone()
            }
            _ => latest_engineer(reader.lang, &loaded.record),
        };
        done.flash(reader.lang, &name)
    });
    Ok(told(
        draw(
            &web,
            &origin,
            frame,
            &loaded,
            &signed,
            Typed::default(),
            StatusCode::OK,
        ),
        done,
    ))
}

/// The page with this frame; the customer's link is shown with the host the reader came by.
pub(super) fn draw(
    web: &Web,
    origin: &Origin,
    frame: Frame,
    loaded: &Loaded,
    signed: &Signed,
    typed: Typed,
    status: StatusCode,
) -> Response {
    let mut view = loaded.view(web, frame.lang, signed, typed);
    view.link = view
        .link
        .map(|(path, until)| (format!("{}{path}", origin.0), until));
    finish::answer(status, ticket(&frame, &view))
}

/// The id in an address.
pub(super) fn parse(id: &str) -> Result<TicketId, Problem> {
    id.parse().map_err(|_| Problem::new(Code::NotFound))
}
