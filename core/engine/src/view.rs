//! What screens are given: plain values, ready to show, also as JSON. Lists and tickets here, the truth screen in `truth`.
//!
//! Words for codes come from the rows and from `model::reason`, in both languages; nothing here is computed twice.

mod truth;

pub use truth::{Card, LostPhoto, Missing, Notice, PhotoCounts, Status, Waiting};

use fieldline_model::id::{ArticleId, AssetId, LocationId, OperationId, PartId, TicketId, VisitId};
use fieldline_model::operation::{Act, Attachment, Author, Photo, Span, TicketFacts};
use fieldline_model::row::{Asset, Checklist, Contact, Customer, Site};
use fieldline_model::time::{DeviceTime, Timestamp};
use serde::Serialize;

/// Which tickets a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ListScope {
    /// All on this phone.
    All,
    /// Where something is left for this engineer to do.
    #[default]
    Open,
    /// The rest.
    Done,
    /// Those HQ took away; they are still here to be read.
    Left,
}

/// What a list asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListFilter {
    /// Open, done or all.
    pub scope: ListScope,
    /// Only visits planned to overlap this span, for instance today.
    pub planned_in: Option<Span>,
    /// Only tickets about this machine.
    pub asset: Option<AssetId>,
    /// At most so many.
    pub limit: u32,
    /// From this place on.
    pub offset: u32,
}

impl Default for ListFilter {
    fn default() -> Self {
        Self {
            scope: ListScope::Open,
            planned_in: None,
            asset: None,
            limit: 500,
            offset: 0,
        }
    }
}

/// One ticket in a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TicketLine {
    /// Id.
    pub ticket: TicketId,
    /// Human number.
    pub number: String,
    /// Word of the ticket's status.
    pub status: String,
    /// This engineer's visit.
    pub visit: Option<VisitId>,
    /// Word of that visit's phase; `taken` where there is none because a colleague accepted first.
    pub phase: Option<String>,
    /// HQ took that visit away.
    pub withdrawn: bool,
    /// A colleague has accepted that visit by work that this phone carries to HQ, so this engineer cannot.
    pub accepted_not_at_hq: bool,
    /// Begin of the plan.
    pub plan_start: Option<Timestamp>,
    /// End of the plan.
    pub plan_end: Option<Timestamp>,
    /// Word of the priority.
    pub priority: String,
    /// Very important customer.
    pub vip: bool,
    /// When the SLA plan runs out.
    pub deadline: Option<Timestamp>,
    /// Customer's name.
    pub customer: String,
    /// Customer's name in English.
    pub customer_en: String,
    /// Address.
    pub address: String,
    /// Address in English order.
    pub address_en: String,
    /// Fault code.
    pub fault: Option<String>,
    /// Words of the fault code in Chinese.
    pub fault_zh: String,
    /// Words of the fault code in English.
    pub fault_en: String,
    /// The fault in the customer's words.
    pub fault_text: String,
    /// Device category.
    pub category: Option<String>,
    /// How often the customer urged.
    pub urges: u32,
    /// Own operations that have no fate yet.
    pub pending: u32,
    /// Those of them that HQ has and a supervisor decides about.
    pub held: u32,
    /// The local copy is damaged and will be fetched again.
    pub stuck: bool,
}

/// One visit on a ticket's screen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VisitView {
    /// The folded visit.
    pub visit: fieldline_model::fold::VisitState,
    /// Word of the phase.
    pub phase: &'static str,
    /// It is this engineer's, as far as this phone holds.
    pub mine: bool,
    /// HQ said that a colleague has it; how far it got is not known here. Only on a ticket that left this phone.
    pub taken: bool,
    /// A colleague has accepted it by work that this phone carries to HQ, so this engineer cannot.
    pub accepted_not_at_hq: bool,
    /// Words of the acts that follow now, in the order a screen offers them, `could_not` for a finish that passes with
    /// that result only; empty when it is not his.
    pub next: Vec<&'static str>,
}

/// One entry on a ticket's or article's screen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EntryView {
    /// The operation.
    pub operation: OperationId,
    /// Word of the act.
    pub word: &'static str,
    /// What was done.
    pub act: Act,
    /// By whom.
    pub by: Author,
    /// When, as the device saw it.
    pub at: DeviceTime,
    /// Saved on this phone, without a fate so far.
    pub pending: bool,
    /// HQ has it, and a supervisor decides about it.
    pub held: bool,
    /// A colleague did it and handed it over; it is not at HQ yet, so the ticket's status does not count it.
    pub carried: bool,
    /// Code of the reason for which it does not count as meant.
    pub overruled: Option<&'static str>,
}

/// A photo on a ticket's screen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PhotoView {
    /// The operation that tells of it.
    pub operation: OperationId,
    /// What it tells.
    pub photo: Photo,
    /// By whom.
    pub by: Author,
    /// When, as the device saw it.
    pub at: DeviceTime,
    /// Taken with this phone: `waiting`, `at_hq`, `refused` or `lost`. Otherwise `elsewhere`: HQ knows.
    pub state: &'static str,
    /// The photo's file is on this phone.
    pub here: bool,
}

/// Parts that are kept for a ticket, or were asked for and are not yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeptPart {
    /// Where they lie.
    pub location: LocationId,
    /// What.
    pub part: PartId,
    /// Number on the box.
    pub number: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// Place in Chinese.
    pub location_zh: String,
    /// Place in English.
    pub location_en: String,
    /// How many, as HQ said it last; of what was asked for, how many were.
    pub quantity: i64,
    /// `reserved`, `in_doubt` or `requested`.
    pub state: &'static str,
}

/// Everything about a ticket that a screen shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TicketView {
    /// Id.
    pub ticket: TicketId,
    /// Word of its status.
    pub status: &'static str,
    /// What HQ knows.
    pub facts: TicketFacts,
    /// Whose problem it is.
    pub customer: Option<Customer>,
    /// Whom to talk to.
    pub contact: Option<Contact>,
    /// Where.
    pub site: Option<Site>,
    /// Which machine, with its history.
    pub asset: Option<Asset>,
    /// The checklist of the category.
    pub checklist: Option<Checklist>,
    /// The visits, oldest first.
    pub visits: Vec<VisitView>,
    /// This engineer's visit: one under way, else one open, else the newest.
    pub mine: Option<VisitId>,
    /// Words of the acts that follow now on his visit.
    pub next: Vec<&'static str>,
    /// The life cycle, by time.
    pub events: Vec<EntryView>,
    /// Notes, answers, parts used, signatures and estimates, by time.
    pub field: Vec<EntryView>,
    /// Photos, by time; they stand among `field` as well.
    pub photos: Vec<PhotoView>,
    /// Parts that HQ keeps for this phone on this ticket, then those this phone asked for and HQ has not answered.
    pub kept: Vec<KeptPart>,
    /// What the customer wrote, by time.
    pub customer_entries: Vec<EntryView>,
    /// Own operations that have no fate yet.
    pub pending: u32,
    /// It is in this phone's scope; `false` once HQ took it away.
    pub in_scope: bool,
    /// When it left, server time: it is shown as it was then.
    pub left_at: Option<Timestamp>,
    /// HQ's server went back and has not got it any more, nor could take it back from here.
    pub lost_at_hq: bool,
    /// The local copy is damaged and will be fetched again.
    pub stuck: bool,
    /// Entries this version cannot read.
    pub unreadable: usize,
}

/// Stock of one part at one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartLine {
    /// Where.
    pub location: LocationId,
    /// What.
    pub part: PartId,
    /// Number on the box.
    pub number: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// Place in Chinese.
    pub location_zh: String,
    /// Place in English.
    pub location_en: String,
    /// HQ's ledger minus what this phone used or transferred since.
    pub quantity: i64,
    /// What this phone used or transferred since.
    pub pending: i64,
    /// How many of those it transferred.
    pub transferred: i64,
    /// How many of them are this phone's to consume alone, what it used taken off.
    pub mine: i64,
    /// How many it was granted of which HQ is not sure: the time of the grant is over, it was granted to an earlier
    /// install, or something is missing there.
    pub in_doubt: i64,
    /// What it used since beyond what it was granted: HQ will say whether the ledger can explain it.
    pub unconfirmed: i64,
    /// What its engineer used that HQ's ledger cannot explain.
    pub unexplained: i64,
    /// What this phone asked for that HQ has not reserved yet.
    pub requested: i64,
    /// When HQ's figure was told, server time.
    pub as_of: Timestamp,
}

/// What a list of parts asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PartFilter {
    /// One place only.
    pub location: Option<LocationId>,
    /// This engineer's van only.
    pub my_van: bool,
    /// One part only, wherever it lies.
    pub part: Option<PartId>,
    /// Number or names must hold this.
    pub words: String,
}

/// One article in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ArticleLine {
    /// Id.
    pub article: ArticleId,
    /// A manual, not a knowledge article.
    pub manual: bool,
    /// Title in Chinese.
    pub title_zh: String,
    /// Title in English.
    pub title_en: String,
    /// Device category.
    pub category: Option<String>,
}

/// A file of an article.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FileView {
    /// The operation that attached it.
    pub operation: OperationId,
    /// What the article tells of it.
    pub file: Attachment,
    /// It was fetched and is on this phone.
    pub here: bool,
}

/// An article to read.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ArticleView {
    /// Title and what it is about.
    pub line: ArticleLine,
    /// Its sections in order, each an act `write_section`.
    pub sections: Vec<EntryView>,
    /// Its files, in the order they were attached.
    pub files: Vec<FileView>,
    /// What people wrote beside it, by time, each an act `annotate`.
    pub annotations: Vec<EntryView>,
}
