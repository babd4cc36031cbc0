//! One ticket as pages read it: its entries with both times, its fold, and the rows it names.
//!
//! The fold runs over the entries as the central record keeps them, so no document is loaded to show a page, and the
//! page cannot disagree with the record. The customer's page reads the same.

use std::collections::BTreeMap;

use fieldline_model::entry::Entry;
use fieldline_model::fold::{TicketState, VisitState};
use fieldline_model::id::{DocumentId, EngineerId, OperationId, PartId, StaffId, TicketId, VisitId};
use fieldline_model::operation::{Act, Author};
use fieldline_model::row;
use fieldline_model::time::Timestamp;
use rusqlite::Connection;

use super::once::reason_of;
use super::read;
use super::view::{customer_name, engineer_name, pick};
use crate::store::StoreError;
use crate::store::page_queue::ticket_number;
use crate::store::page_ticket::{EventItem, event_list, folded, staff_display_name};
use crate::words::{Lang, Word, desk as d, ticket as t};

/// A ticket, loaded.
#[derive(Debug, Clone)]
pub(crate) struct TicketRecord {
    pub(crate) id: TicketId,
    pub(crate) state: TicketState,
    /// Every readable entry, in the order in which HQ received it.
    pub(crate) lines: Vec<Line>,
    pub(crate) customer: Option<row::Customer>,
    pub(crate) contact: Option<row::Contact>,
    pub(crate) site: Option<row::Site>,
    pub(crate) asset: Option<row::Asset>,
    pub(crate) checklist: Option<row::Checklist>,
    /// Notes that explain an operation of HQ, by their ids.
    reasons: BTreeMap<OperationId, Word>,
    engineers: BTreeMap<EngineerId, row::Engineer>,
    staff: BTreeMap<StaffId, String>,
    parts: BTreeMap<PartId, row::Part>,
    locations: BTreeMap<String, row::Location>,
    codes: BTreeMap<String, row::Code>,
    numbers: BTreeMap<TicketId, String>,
}

/// One entry.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) id: OperationId,
    pub(crate) entry: Entry,
    /// True time.
    pub(crate) at: Timestamp,
    /// The device's clock was off.
    pub(crate) clamped: bool,
    pub(crate) received: Timestamp,
    /// Why it was overruled.
    pub(crate) overruled: Option<String>,
    pub(crate) seq: u64,
}

impl TicketRecord {
    /// Loads a ticket; `None` for one that was never created.
    ///
    /// # Errors
    /// As the store says.
    pub(crate) fn load(connection: &Connection, id: TicketId) -> Result<Option<Self>, StoreError> {
        let record = Self::with(connection, id, &[])?;
        Ok(record.state.created.is_some().then_some(record))
    }

    /// Loads what there is of a ticket, perhaps nothing, with the rows that these entries name beside its own.
    ///
    /// # Errors
    /// As the store says.
    pub(crate) fn with(connection: &Connection, id: TicketId, beside: &[&Entry]) -> Result<Self, StoreError> {
        let items = event_list(connection, DocumentId::from(id))?;
        let mut state = folded(&items);
        // Of two tickets with one number the younger has another in the record.
        if let Some(number) = ticket_number(connection, id)? {
            state.facts.number = number;
        }
        let lines: Vec<Line> = items.into_iter().filter_map(line_of).collect();
        let facts = &state.facts;
        let mut record = Self {
            id,
            customer: facts
                .customer
                .map_or(Ok(None), |id| read::customer(connection, id))?,
            contact: facts
                .contact
                .map_or(Ok(None), |id| read::contact(connection, id))?,
            site: facts.site.map_or(Ok(None), |id| read::site(connection, id))?,
            asset: facts.asset.map_or(Ok(None), |id| read::asset(connection, id))?,
            checklist: facts
                .category
                .as_deref()
                .map_or(Ok(None), |code| read::checklist(connection, code))?,
            reasons: lines.iter().filter_map(reason).collect(),
            state,
            lines,
            engineers: BTreeMap::new(),
            staff: BTreeMap::new(),
            parts: BTreeMap::new(),
            locations: BTreeMap::new(),
            codes: BTreeMap::new(),
            numbers: BTreeMap::new(),
        };
        record.read_names(connection, beside)?;
        Ok(record)
    }

    fn read_names(&mut self, connection: &Connection, beside: &[&Entry]) -> Result<(), StoreError> {
        let mut codes: Vec<String> = self.state.facts.fault.iter().cloned().collect();
        codes.extend(
            self.asset
                .iter()
                .flat_map(|asset| &asset.history)
                .map(|job| job.fault.clone()),
        );
        let mut engineers: Vec<EngineerId> = self
            .state
            .visits
            .values()
            .flat_map(|v| v.to.iter().copied())
            .collect();
        let mut tickets: Vec<TicketId> = self.state.merged_into.into_iter().collect();
        let own = self.lines.iter().map(|line| &line.entry);
        for entry in own.chain(beside.iter().copied()) {
            match entry.by {
                Author::Engineer(id) => engineers.push(id),
                Author::Staff(id) => {
                    if let Some(name) = staff_display_name(connection, id)? {
                        self.staff.insert(id, name);
                    }
                }
                Author::Customer | Author::Server => {}
            }
            match &entry.act {
                Act::Offer { to, .. } | Act::Reassign { to, .. } => engineers.extend(to),
                Act::Finish { completion, .. } => {
                    codes.extend(completion.cause.iter().chain(&completion.remedy).cloned());
                }
                Act::MergeInto { ticket } => tickets.push(*ticket),
                Act::TransferPart { part, from, to, .. } => {
                    self.parts
                        .extend(read::part(connection, *part)?.map(|row| (*part, row)));
                    for place in [from, to] {
                        self.locations
                            .extend(read::location(connection, *place)?.map(|row| (place.to_string(), row)));
                    }
                }
                Act::UsePart { part, from, .. } | Act::RequestPart { part, from, .. } => {
                    self.parts
                        .extend(read::part(connection, *part)?.map(|row| (*part, row)));
                    self.locations
                        .extend(read::location(connection, *from)?.map(|row| (from.to_string(), row)));
                }
                _ => {}
            }
        }
        for id in engineers {
            self.engineers
                .extend(read::engineer(connection, id)?.map(|row| (id, row)));
        }
        for code in codes {
            self.codes
                .extend(read::code(connection, &code)?.map(|row| (code, row)));
        }
        for id in tickets {
            self.numbers
                .extend(ticket_number(connection, id)?.map(|number| (id, number)));
        }
        Ok(())
    }

    /// An engineer's name.
    pub(crate) fn engineer(&self, lang: Lang, id: EngineerId) -> String {
        self.engineers
            .get(&id)
            .map_or_else(|| lang.t(t::SOMEBODY).to_owned(), |row| engineer_name(lang, row))
    }

    /// Several engineers' names.
    pub(crate) fn engineers(&self, lang: Lang, ids: &[EngineerId]) -> String {
        let names: Vec<String> = ids.iter().map(|id| self.engineer(lang, *id)).collect();
        super::view::listed(lang, &names)
    }

    /// Who has a visit, or is still asked; when all have declined, all of them.
    pub(crate) fn visitors(&self, lang: Lang, visit: &VisitState) -> String {
        let asked = visit.asked();
        self.engineers(lang, if asked.is_empty() { &visit.to } else { &asked })
    }

    /// Who wrote an entry.
    pub(crate) fn who(&self, lang: Lang, by: Author) -> String {
        match by {
            Author::Engineer(id) => self.engineer(lang, id),
            Author::Staff(id) => self
                .staff
                .get(&id)
                .cloned()
                .unwrap_or_else(|| lang.t(t::SOMEBODY).to_owned()),
            Author::Customer => lang.t(d::COL_CUSTOMER).to_owned(),
            Author::Server => lang.t(t::BY_SERVER).to_owned(),
        }
    }

    /// The customer's name.
    pub(crate) fn customer_name(&self, lang: Lang) -> String {
        self.customer
            .as_ref()
            .map(|row| customer_name(lang, row))
            .unwrap_or_default()
    }

    /// A code in words.
    pub(crate) fn code(&self, lang: Lang, code: &str) -> String {
        self.codes
            .get(code)
            .map_or_else(|| code.to_owned(), |row| pick(lang, &row.zh, &row.en).to_owned())
    }

    /// A part: number and name.
    pub(crate) fn part(&self, lang: Lang, id: PartId) -> String {
        let named = |row: &row::Part| format!("{} {}", row.number, pick(lang, &row.name_zh, &row.name_en));
        self.parts
            .get(&id)
            .map_or_else(|| lang.t(t::SOME_PART).to_owned(), named)
    }

    /// A location's name.
    pub(crate) fn location(&self, lang: Lang, id: &str) -> String {
        self.locations
            .get(id)
            .map(|row| pick(lang, &row.name_zh, &row.name_en).to_owned())
            .unwrap_or_default()
    }

    /// Another ticket's number.
    pub(crate) fn number_of(&self, id: TicketId) -> String {
        self.numbers.get(&id).cloned().unwrap_or_default()
    }

    /// The fault in one line: the customer's words, or those of its code.
    pub(crate) fn fault(&self, lang: Lang) -> String {
        let facts = &self.state.facts;
        let words = facts.fault_text.trim();
        match &facts.fault {
            Some(code) if words.is_empty() => self.code(lang, code),
            _ => words.to_owned(),
        }
    }

    /// A note as people read it, with what it explains where it explains something.
    pub(crate) fn note(&self, lang: Lang, id: OperationId, text: &str) -> String {
        self.reasons
            .get(&id)
            .map_or_else(|| text.to_owned(), |word| lang.fill(*word, &[("x", text)]))
    }

    /// The entry of an operation.
    pub(crate) fn line(&self, id: OperationId) -> Option<&Line> {
        self.lines.iter().find(|line| line.id == id)
    }

    /// When a visit took this step, in true time: of the field's the last that led to where it is, of HQ's the last.
    pub(crate) fn step(&self, visit: VisitId, act: &str) -> Option<Timestamp> {
        let steps = &self.state.visits.get(&visit)?.steps;
        let taken = |line: &&Line| match line.entry.by {
            Author::Engineer(_) => steps.contains(&line.id),
            Author::Staff(_) | Author::Server | Author::Customer => line.entry.act.visit() == Some(visit),
        };
        let mut lines = self.lines.iter().filter(taken);
        lines
            .rfind(|line| line.entry.act.word() == act)
            .map(|line| line.at)
    }

    /// When the work of a visit was over, or the ticket was ended.
    pub(crate) fn ended(&self) -> Option<Timestamp> {
        let done = self
            .state
            .last_done()
            .and_then(|visit| self.step(visit.id, "finish"));
        done.or_else(|| self.last_of(&["resolve", "close", "cancel"]))
    }

    /// The newest entry of these acts that counts.
    pub(crate) fn last_of(&self, acts: &[&str]) -> Option<Timestamp> {
        let lines = self
            .lines
            .iter()
            .filter(|line| acts.contains(&line.entry.act.word()));
        lines
            .filter(|line| line.overruled.is_none())
            .map(|line| line.at)
            .max()
    }

    /// The visit HQ's forms are about: the one still to be done.
    pub(crate) fn open_visit(&self) -> Option<&VisitState> {
        self.state.current_visit().filter(|visit| visit.is_open())
    }

    /// Who was to come when and how far he was, as a word a form carries: that changed meanwhile when it differs.
    pub(crate) fn assigned(&self) -> String {
        let Some(visit) = self.open_visit() else {
            return "nobody".to_owned();
        };
        let plan = visit
            .plan
            .map(|plan| format!("_{}_{}", plan.start.ms(), plan.end.ms()));
        let who: String = visit.asked().iter().map(|id| format!("_{id}")).collect();
        let plan = plan.unwrap_or_default();
        format!("{}{plan}{who}_{}", visit.id, visit.phase.word())
    }

    /// What ended or reopened the ticket last, as a word a form carries: that happened meanwhile when it differs.
    pub(crate) fn turned(&self) -> String {
        let counts = |line: &&Line| line.overruled.is_none() && TURNS.contains(&line.entry.act.word());
        let turn = self.lines.iter().rfind(counts);
        turn.map_or_else(|| "never".to_owned(), |line| line.id.to_string())
    }
}

/// What ends a ticket by HQ's word, or takes it up again.
const TURNS: [&str; 5] = ["cancel", "resolve", "close", "reopen", "merge_into"];

/// The note that would give the reason of this line, and the words before it.
fn reason(line: &Line) -> Option<(OperationId, Word)> {
    let word = match line.entry.act {
        Act::Reassign { .. } => t::MOVED_BECAUSE,
        Act::Reschedule { .. } => t::REPLANNED_BECAUSE,
        _ => return None,
    };
    Some((reason_of(line.id), word))
}

fn line_of(item: EventItem) -> Option<Line> {
    let entry = Entry::read(&item.entry)?;
    let EventItem {
        operation,
        at,
        clamped,
        received,
        overruled,
        seq,
        ..
    } = item;
    Some(Line {
        id: operation,
        entry,
        at,
        clamped,
        received,
        overruled,
        seq,
    })
}
