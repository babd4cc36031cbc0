//! One ticket with everything its screen shows.

use fieldline_engine::view;

use super::part::KeptPart;
use crate::act::{CheckAnswer, Place};
use crate::codes::{
    CheckKind, DeclineReason, EntryKind, NextStep, PauseReason, PhotoShows, PhotoState, Priority,
    TicketStatus, VisitPhase, VisitResult, Who,
};
use crate::words::Words;

/// A span of time, milliseconds UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct TimeSpan {
    /// Not before.
    pub start_ms: i64,
    /// Not after; the same for a single moment.
    pub end_ms: i64,
}

impl From<fieldline_model::operation::Span> for TimeSpan {
    fn from(span: fieldline_model::operation::Span) -> Self {
        Self {
            start_ms: span.start.ms(),
            end_ms: span.end.ms(),
        }
    }
}

/// A reason with its stable code.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Reason {
    /// Stable code.
    pub code: String,
    /// For people.
    pub words: Words,
}

impl Reason {
    pub(crate) fn of(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            words: Words::reason(code),
        }
    }
}

/// Whose problem it is.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct CustomerCard {
    /// Name.
    pub name: Words,
    /// `gold`, `platinum` … or none.
    pub vip: Option<String>,
    /// SLA plan.
    pub sla_plan: Option<String>,
    /// Contract number.
    pub contract: Option<String>,
}

/// Whom to talk to.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ContactCard {
    /// Name.
    pub name: String,
    /// Phone number, national digits.
    pub phone: String,
}

/// Where.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct SiteCard {
    /// The address in one line, in each language's order.
    pub address: Words,
    /// City.
    pub city: String,
    /// Where, if HQ knows it.
    pub place: Option<Place>,
}

/// One earlier repair of a machine.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct EarlierWork {
    /// The ticket's number.
    pub number: String,
    /// ISO date it was closed.
    pub date: String,
    /// What was seen.
    pub fault: Words,
    /// Why.
    pub cause: Words,
    /// What was done.
    pub remedy: Words,
}

/// Which machine.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct AssetCard {
    /// Id.
    pub asset: String,
    /// Model code.
    pub model: String,
    /// Model's name.
    pub model_name: Words,
    /// Serial number.
    pub serial: String,
    /// Device category.
    pub category: String,
    /// Last day of warranty, ISO date; that day still counts.
    pub warranty_end: Option<String>,
    /// What was done to it before, newest first.
    pub history: Vec<EarlierWork>,
}

/// What HQ knows.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FactsCard {
    /// Words of the fault code; empty where none is known.
    pub fault: Words,
    /// Fault code.
    pub fault_code: Option<String>,
    /// The fault in the customer's words.
    pub fault_text: String,
    /// Device category; names the checklist, and the codes that fit.
    pub category: Option<String>,
    /// Urgency.
    pub priority: Priority,
    /// The words of that.
    pub priority_words: Words,
    /// Served by senior people.
    pub vip: bool,
    /// When the SLA plan runs out.
    pub deadline_ms: Option<i64>,
    /// When the customer would like it.
    pub wished: Option<TimeSpan>,
    /// Skills needed.
    pub skills: Vec<String>,
    /// Ids of parts probably needed.
    pub parts: Vec<String>,
}

/// How a visit ended.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct CompletionCard {
    /// The result.
    pub outcome: VisitResult,
    /// The words of that.
    pub outcome_words: Words,
    /// Cause code.
    pub cause: Option<String>,
    /// Its words; empty without one.
    pub cause_words: Words,
    /// Remedy code.
    pub remedy: Option<String>,
    /// Its words; empty without one.
    pub remedy_words: Words,
    /// In the engineer's words.
    pub text: String,
}

/// One visit.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct VisitCard {
    /// Id.
    pub visit: String,
    /// It is this engineer's.
    pub is_mine: bool,
    /// How far the field got.
    pub phase: VisitPhase,
    /// The words of that.
    pub phase_words: Words,
    /// Why it was declined, if it was.
    pub declined: Option<DeclineReason>,
    /// Why work rests, if it does.
    pub paused: Option<PauseReason>,
    /// Who has it; none while nobody has.
    pub engineer_name: Option<Words>,
    /// HQ's plan.
    pub plan: Option<TimeSpan>,
    /// The engineer's own estimate of arrival.
    pub eta_ms: Option<i64>,
    /// HQ took it away.
    pub withdrawn: bool,
    /// A colleague has it; how far he got is not known here.
    pub taken: bool,
    /// A colleague has accepted it by work that this phone carries to HQ, so this engineer cannot.
    pub accepted_not_at_hq: bool,
    /// When it was accepted, as the device saw it.
    pub accepted_ms: Option<i64>,
    /// When he set out.
    pub departed_ms: Option<i64>,
    /// When he was there.
    pub arrived_ms: Option<i64>,
    /// When work began.
    pub started_ms: Option<i64>,
    /// When work ended.
    pub done_ms: Option<i64>,
    /// Time at work that is over, pauses taken off.
    pub worked_ms: i64,
    /// Since when he has been at work without a pause, while he is: a screen adds the time since then.
    pub working_since_ms: Option<i64>,
    /// How it ended, if it has.
    pub completion: Option<CompletionCard>,
    /// What follows now, in the order a screen offers it; empty when it is not his.
    pub next: Vec<NextStep>,
}

/// One answer to a checklist item.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct GivenAnswer {
    /// The operation.
    pub operation: String,
    /// The answer.
    pub answer: CheckAnswer,
    /// As it is read.
    pub words: Words,
    /// A reading outside the sound bounds.
    pub is_outside: bool,
    /// By whom.
    pub by: Who,
    /// His name.
    pub by_name: Words,
    /// When.
    pub at_ms: i64,
    /// Saved on this phone, without a fate so far.
    pub pending: bool,
}

/// One item of the checklist with what was answered so far.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct CheckItem {
    /// Key, for `Act.Answer`.
    pub item: String,
    /// What it takes.
    pub kind: CheckKind,
    /// Its words.
    pub words: Words,
    /// Unit of a reading.
    pub unit: Option<String>,
    /// Least sound value of a reading.
    pub min: Option<f64>,
    /// Greatest sound value of a reading.
    pub max: Option<f64>,
    /// Every answer, newest first; the first is the one that is shown.
    pub answers: Vec<GivenAnswer>,
}

/// A reading of the same machine on an earlier ticket.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct EarlierReading {
    /// Key of the checklist item.
    pub item: String,
    /// The number read.
    pub value: f64,
    /// Its unit.
    pub unit: String,
    /// When.
    pub at_ms: i64,
    /// Number of that ticket.
    pub number: String,
}

/// One line of a ticket's history.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HistoryLine {
    /// The operation.
    pub operation: String,
    /// What it tells.
    pub kind: EntryKind,
    /// The words of that.
    pub label: Words,
    /// What it says beside that; may be empty.
    pub detail: Words,
    /// The time it tells of: a plan, a wish, an expected arrival.
    pub when: Option<TimeSpan>,
    /// By whom.
    pub by: Who,
    /// His name.
    pub by_name: Words,
    /// When, best guess of HQ's clock.
    pub at_ms: i64,
    /// Saved on this phone, without a fate so far.
    pub pending: bool,
    /// HQ has it and decides.
    pub held: bool,
    /// A colleague handed it over; it is not at HQ yet.
    pub carried: bool,
    /// Why it does not count as meant.
    pub overruled: Option<Reason>,
}

/// One photo of a ticket.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PhotoLine {
    /// The operation that tells of it; names it in `Phone.photo_bytes`.
    pub operation: String,
    /// What it shows.
    pub shows: PhotoShows,
    /// In words; may be empty.
    pub caption: String,
    /// Bytes.
    pub size: u64,
    /// Where it is.
    pub state: PhotoState,
    /// The words of that.
    pub state_words: Words,
    /// The photo's file is on this phone.
    pub here: bool,
    /// There is a small picture of it.
    pub has_thumb: bool,
    /// By whom.
    pub by_name: Words,
    /// When.
    pub at_ms: i64,
}

/// The customer's signature.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Signature {
    /// Who signed.
    pub name: String,
    /// SVG path data in a 600 × 200 box.
    pub path: String,
    /// When.
    pub at_ms: i64,
}

/// Why a ticket is here to read only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum GoneWhy {
    /// HQ cancelled it.
    Cancelled {
        /// When.
        at_ms: i64,
    },
    /// A colleague's acceptance reached HQ first.
    Taken,
    /// HQ's server was restored and does not have it any more.
    LostAtHq,
    /// It is not this engineer's any more.
    NotHis,
}

/// Everything about a ticket that a screen shows.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct TicketDetail {
    /// Id.
    pub ticket: String,
    /// Human number.
    pub number: String,
    /// Where it stands.
    pub status: TicketStatus,
    /// The words of that.
    pub status_words: Words,
    /// What HQ knows.
    pub facts: FactsCard,
    /// Whose problem it is.
    pub customer: Option<CustomerCard>,
    /// Whom to talk to.
    pub contact: Option<ContactCard>,
    /// Where.
    pub site: Option<SiteCard>,
    /// Which machine, with its history.
    pub asset: Option<AssetCard>,
    /// The visits, oldest first.
    pub visits: Vec<VisitCard>,
    /// Id of this engineer's visit: one under way, else one open, else the newest.
    pub mine: Option<String>,
    /// What follows now on it: the first is the big button.
    pub next: Vec<NextStep>,
    /// The checklist with the answers so far.
    pub checklist: Vec<CheckItem>,
    /// Everything that happened, by time.
    pub history: Vec<HistoryLine>,
    /// Photos, by time.
    pub photos: Vec<PhotoLine>,
    /// Parts that HQ keeps for this ticket, or that were asked for.
    pub kept: Vec<KeptPart>,
    /// The newest signature.
    pub signature: Option<Signature>,
    /// How often the customer urged.
    pub urges: u32,
    /// Own operations that have no fate yet.
    pub pending: u32,
    /// Why it is here to read only; none while it is this engineer's to write.
    pub gone: Option<GoneWhy>,
    /// The words of that.
    pub gone_words: Option<Words>,
    /// When it left this phone: it is shown as it was then.
    pub left_at_ms: Option<i64>,
    /// The copy here is damaged and is fetched again with the next sync; unsent work is kept.
    pub stuck: bool,
    /// Entries that a newer version of the app would show.
    pub unreadable: u32,
}

impl PhotoLine {
    pub(crate) fn of(view: &view::PhotoView, by_name: Words) -> Self {
        Self {
            operation: view.operation.to_string(),
            shows: view.photo.kind.into(),
            caption: view.photo.caption.clone(),
            size: view.photo.size,
            state: PhotoState::of(view.state),
            state_words: Words::known(fieldline_engine::words::photo_state(view.state), view.state),
            here: view.here,
            has_thumb: view.photo.thumb.is_some(),
            by_name,
            at_ms: view.at.estimate().ms(),
        }
    }
}

/// What was saved.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Saved {
    /// The operation, for ever.
    pub operation: String,
    /// What was saved, in words: the act, and what it says.
    pub words: Words,
    /// Of parts used or moved: how many lay there before by this phone's count. Fewer than were said is no error: it is saved
    /// as said, and HQ asks about the rest.
    pub there: Option<i64>,
}
