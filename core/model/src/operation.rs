//! What people do: operations and their acts.
//!
//! An operation is one intent of one person, writes exactly one entry in exactly one document and has one fate.
//! The act decides under which path the entry stands. Words for screens are elsewhere.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::id::{
    AssetId, ContactId, CustomerId, DocumentId, EngineerId, IdError, LocationId, OperationId, PartId, SiteId,
    StaffId, TicketId, VisitId,
};
use crate::time::{DeviceTime, Timestamp};

/// Longest text of a note, message or annotation, in bytes: a long report fits, a pasted file does not.
pub const TEXT_BYTES_MAX: usize = 16 * 1024;
/// Longest signature drawing, in bytes of SVG path data.
pub const SIGNATURE_BYTES_MAX: usize = 24 * 1024;
/// Most engineers one visit may be offered to at once.
pub const OFFER_TO_MAX: usize = 50;
/// Largest quantity of one part in one operation.
pub const QUANTITY_MAX: u32 = 10_000;
/// Most required skills, or required parts, of one ticket.
pub const REQUIRED_MAX: usize = 50;

/// Who performed an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Author {
    /// An engineer, on a phone.
    Engineer(EngineerId),
    /// A dispatcher, agent, manager or other person at HQ.
    Staff(StaffId),
    /// The customer, through the tracking link.
    Customer,
    /// The server itself: imports, rulings.
    Server,
}

impl fmt::Display for Author {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Engineer(id) => write!(f, "engineer:{id}"),
            Self::Staff(id) => write!(f, "staff:{id}"),
            Self::Customer => f.write_str("customer"),
            Self::Server => f.write_str("server"),
        }
    }
}

impl FromStr for Author {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        match text.split_once(':') {
            Some(("engineer", id)) => id.parse().map(Self::Engineer),
            Some(("staff", id)) => id.parse().map(Self::Staff),
            None if text == "customer" => Ok(Self::Customer),
            None if text == "server" => Ok(Self::Server),
            _ => Err(IdError { kind: "author" }),
        }
    }
}

impl Serialize for Author {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Author {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// How urgent HQ holds a ticket to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Nothing is broken now.
    Low,
    /// The usual fault.
    #[default]
    Normal,
    /// Business is stopped.
    High,
    /// People are in danger, or a whole site is down.
    Critical,
}

/// Way by which a report came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A call.
    Phone,
    /// The portal or an embedded form.
    #[default]
    Web,
    /// A WeChat message.
    Wechat,
    /// A mail.
    Email,
    /// The customer's app.
    App,
    /// Another system.
    Api,
}

/// A span of time agreed for a visit, or wished by the customer. `start <= end` is a rule, not a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span {
    /// Not before.
    pub start: Timestamp,
    /// Not after.
    pub end: Timestamp,
}

/// A place, WGS-84 degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// Latitude, −90 to 90.
    pub lat: f64,
    /// Longitude, −180 to 180.
    pub lon: f64,
}

impl Position {
    /// Rounded to about 100 m, which is what a document or a customer may see.
    #[must_use]
    pub fn rounded(self) -> Self {
        let round = |degrees: f64| (degrees * 1000.0).round() / 1000.0;
        Self {
            lat: round(self.lat),
            lon: round(self.lon),
        }
    }

    /// False for numbers that are no place on Earth.
    #[must_use]
    pub fn is_valid(self) -> bool {
        (-90.0..=90.0).contains(&self.lat) && (-180.0..=180.0).contains(&self.lon)
    }
}

/// What HQ knows of a ticket. Personal data is referred to by id only.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TicketFacts {
    /// Human number, for instance `T-000042`.
    pub number: String,
    /// How it came in.
    #[serde(default)]
    pub channel: Channel,
    /// Whose problem it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// Whom to talk to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactId>,
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<SiteId>,
    /// The machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asset: Option<AssetId>,
    /// Device category, for instance `printer`; it names the checklist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Fault code from the catalogue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// The fault in words.
    #[serde(default)]
    pub fault_text: String,
    /// Urgency.
    #[serde(default)]
    pub priority: Priority,
    /// Pinned and served by senior people.
    #[serde(default)]
    pub vip: bool,
    /// When the SLA plan runs out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Timestamp>,
    /// When the customer would like it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wished: Option<Span>,
    /// Skills the engineer must have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<String>,
    /// Parts probably needed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<PartId>,
}

/// An edit of facts: only what is given changes.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct FactsEdit {
    /// New customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// New contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactId>,
    /// New site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<SiteId>,
    /// New asset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asset: Option<AssetId>,
    /// New category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// New fault code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// New words for the fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault_text: Option<String>,
    /// New urgency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// New deadline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Timestamp>,
}

impl FactsEdit {
    /// Writes what is given over `facts`.
    pub fn apply(&self, facts: &mut TicketFacts) {
        macro_rules! set {
            ($($field:ident),*) => {$(if self.$field.is_some() { facts.$field.clone_from(&self.$field); })*};
        }
        set!(customer, contact, site, asset, category, fault, deadline);
        if let Some(text) = &self.fault_text {
            facts.fault_text.clone_from(text);
        }
        if let Some(priority) = self.priority {
            facts.priority = priority;
        }
    }
}

/// Why work rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseReason {
    /// The engineer's break.
    Break,
    /// A part is missing.
    WaitingParts,
    /// The customer must do something first.
    WaitingCustomer,
    /// Nobody lets the engineer in.
    NoAccess,
    /// It is not safe to work.
    Unsafe,
}

/// Why an engineer will not take a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeclineReason {
    /// The day is full.
    NoTime,
    /// Lacks the skill or certificate.
    Skill,
    /// Lacks the part.
    NoPart,
    /// Too far from where he is.
    TooFar,
    /// Ill.
    Ill,
    /// Something else; the text says what.
    Other,
}

/// How a visit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitResult {
    /// It works again.
    Fixed,
    /// It works in part; another visit is needed.
    Partly,
    /// Nothing was wrong.
    NoFaultFound,
    /// It could not be done; the text says why.
    CouldNot,
}

/// What the engineer reports at the end of a visit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Completion {
    /// How it ended.
    pub result: VisitResult,
    /// Cause code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// Remedy code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// In the engineer's words; the reason where the result is `could_not`.
    #[serde(default)]
    pub text: String,
}

/// One answer on a checklist.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// A box ticked or cleared.
    Tick(bool),
    /// A measured value with its unit.
    Reading {
        /// The number read.
        value: f64,
        /// Its unit, for instance `bar`.
        unit: String,
    },
    /// Words.
    Text(String),
}

/// The server's decision between concurrent claims, written once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// The claim that stands.
    pub stands: OperationId,
    /// The claims that do not.
    pub over: Vec<OperationId>,
}

/// One section of an article, in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Place in the article, ascending.
    pub order: u32,
    /// Heading in Chinese.
    pub heading_zh: String,
    /// Heading in English.
    pub heading_en: String,
    /// Text in Chinese.
    pub body_zh: String,
    /// Text in English.
    pub body_en: String,
}

/// What an article is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleHead {
    /// `true` for a manual, `false` for a knowledge article.
    pub manual: bool,
    /// Title in Chinese.
    pub title_zh: String,
    /// Title in English.
    pub title_en: String,
    /// Device category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Fault codes it helps with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<String>,
    /// Models it is for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<String>,
}

/// Everything a person can do. Serialised names are part of the document format.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// HQ opens a ticket.
    Create(Box<TicketFacts>),
    /// HQ changes what it knows.
    SetFacts(Box<FactsEdit>),
    /// HQ has looked at it.
    Triage,
    /// HQ offers a visit to one engineer, or to several of whom the first to accept has it.
    Offer {
        /// The new visit.
        visit: VisitId,
        /// To whom.
        to: Vec<EngineerId>,
        /// When.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plan: Option<Span>,
    },
    /// HQ takes a visit away and offers a new one to somebody else.
    Reassign {
        /// The visit that ends.
        from: VisitId,
        /// The visit that begins.
        visit: VisitId,
        /// To whom.
        to: Vec<EngineerId>,
        /// When.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plan: Option<Span>,
    },
    /// HQ moves a visit in time.
    Reschedule {
        /// Which.
        visit: VisitId,
        /// To when.
        plan: Span,
    },
    /// HQ gives the ticket up.
    Cancel {
        /// Why, in words.
        reason: String,
    },
    /// HQ calls it solved without a visit.
    Resolve {
        /// How, in words.
        text: String,
    },
    /// HQ files it.
    Close,
    /// HQ takes it up again.
    Reopen {
        /// Why, in words.
        reason: String,
    },
    /// HQ says it is the same problem as another ticket.
    MergeInto {
        /// The surviving ticket.
        ticket: TicketId,
    },
    /// The server decides between concurrent claims.
    Rule(Ruling),
    /// The engineer takes the visit.
    Accept {
        /// Which.
        visit: VisitId,
    },
    /// The engineer does not.
    Decline {
        /// Which.
        visit: VisitId,
        /// Why.
        reason: DeclineReason,
        /// In words.
        #[serde(default)]
        text: String,
    },
    /// The engineer sets out.
    Depart {
        /// Which.
        visit: VisitId,
        /// His own estimate of arrival.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        eta: Option<Timestamp>,
    },
    /// The engineer is there.
    Arrive {
        /// Which.
        visit: VisitId,
        /// Where, rounded.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        position: Option<Position>,
    },
    /// Work begins.
    Start {
        /// Which.
        visit: VisitId,
    },
    /// Work rests.
    Pause {
        /// Which.
        visit: VisitId,
        /// Why.
        reason: PauseReason,
    },
    /// Work goes on.
    Resume {
        /// Which.
        visit: VisitId,
    },
    /// Work ends.
    Finish {
        /// Which.
        visit: VisitId,
        /// The report.
        completion: Completion,
    },
    /// A note by one author.
    Note {
        /// The words.
        text: String,
    },
    /// The engineer's own new estimate of arrival.
    Estimate {
        /// Which.
        visit: VisitId,
        /// When.
        arrival: Timestamp,
    },
    /// An answer to a checklist item; several answers to one item are all kept.
    Answer {
        /// The item of the template.
        item: String,
        /// The answer.
        answer: Answer,
    },
    /// A part went into the machine.
    UsePart {
        /// Which part.
        part: PartId,
        /// How many, at least 1.
        quantity: u32,
        /// From where.
        from: LocationId,
    },
    /// The customer signed on the glass.
    Sign {
        /// Who signed.
        name: String,
        /// SVG path data in a 600 × 200 box.
        path: String,
    },
    /// The customer writes.
    Message {
        /// The words.
        text: String,
    },
    /// The customer asks to hurry.
    Urge,
    /// The customer would like another time.
    Wish {
        /// When.
        span: Span,
        /// In words.
        #[serde(default)]
        text: String,
    },
    /// The customer rates the work.
    Rate {
        /// 1 to 5.
        stars: u8,
        /// In words.
        #[serde(default)]
        text: String,
    },
    /// HQ opens an article.
    Publish(Box<ArticleHead>),
    /// HQ writes a section.
    WriteSection(Box<Section>),
    /// Somebody writes beside an article.
    Annotate {
        /// The section meant, if one is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        section: Option<OperationId>,
        /// The words.
        text: String,
    },
}

/// The containers of a document in which entries stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Path {
    /// Life cycle and HQ's decisions; folded.
    Events,
    /// What the field adds: notes, answers, parts, signatures.
    Field,
    /// What the customer adds.
    Customer,
    /// What an article says.
    Sections,
    /// What people wrote beside it.
    Annotations,
}

impl Path {
    /// The key of the container under the document's root.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Field => "field",
            Self::Customer => "customer",
            Self::Sections => "sections",
            Self::Annotations => "annotations",
        }
    }
}

impl Act {
    /// Where the act's entry stands.
    #[must_use]
    pub fn path(&self) -> Path {
        match self {
            Self::Create(_)
            | Self::SetFacts(_)
            | Self::Triage
            | Self::Offer { .. }
            | Self::Reassign { .. }
            | Self::Reschedule { .. }
            | Self::Cancel { .. }
            | Self::Resolve { .. }
            | Self::Close
            | Self::Reopen { .. }
            | Self::MergeInto { .. }
            | Self::Rule(_)
            | Self::Accept { .. }
            | Self::Decline { .. }
            | Self::Depart { .. }
            | Self::Arrive { .. }
            | Self::Start { .. }
            | Self::Pause { .. }
            | Self::Resume { .. }
            | Self::Finish { .. } => Path::Events,
            Self::Note { .. }
            | Self::Estimate { .. }
            | Self::Answer { .. }
            | Self::UsePart { .. }
            | Self::Sign { .. } => Path::Field,
            Self::Message { .. } | Self::Urge | Self::Wish { .. } | Self::Rate { .. } => Path::Customer,
            Self::Publish(_) | Self::WriteSection(_) => Path::Sections,
            Self::Annotate { .. } => Path::Annotations,
        }
    }

    /// The word used in tables, logs and scripts; the same as in the document.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Create(_) => "create",
            Self::SetFacts(_) => "set_facts",
            Self::Triage => "triage",
            Self::Offer { .. } => "offer",
            Self::Reassign { .. } => "reassign",
            Self::Reschedule { .. } => "reschedule",
            Self::Cancel { .. } => "cancel",
            Self::Resolve { .. } => "resolve",
            Self::Close => "close",
            Self::Reopen { .. } => "reopen",
            Self::MergeInto { .. } => "merge_into",
            Self::Rule(_) => "rule",
            Self::Accept { .. } => "accept",
            Self::Decline { .. } => "decline",
            Self::Depart { .. } => "depart",
            Self::Arrive { .. } => "arrive",
            Self::Start { .. } => "start",
            Self::Pause { .. } => "pause",
            Self::Resume { .. } => "resume",
            Self::Finish { .. } => "finish",
            Self::Note { .. } => "note",
            Self::Estimate { .. } => "estimate",
            Self::Answer { .. } => "answer",
            Self::UsePart { .. } => "use_part",
            Self::Sign { .. } => "sign",
            Self::Message { .. } => "message",
            Self::Urge => "urge",
            Self::Wish { .. } => "wish",
            Self::Rate { .. } => "rate",
            Self::Publish(_) => "publish",
            Self::WriteSection(_) => "write_section",
            Self::Annotate { .. } => "annotate",
        }
    }

    /// The visit an act of the field is about.
    #[must_use]
    pub fn visit(&self) -> Option<VisitId> {
        match self {
            Self::Accept { visit }
            | Self::Decline { visit, .. }
            | Self::Depart { visit, .. }
            | Self::Arrive { visit, .. }
            | Self::Start { visit }
            | Self::Pause { visit, .. }
            | Self::Resume { visit }
            | Self::Finish { visit, .. }
            | Self::Estimate { visit, .. }
            | Self::Offer { visit, .. }
            | Self::Reassign { visit, .. }
            | Self::Reschedule { visit, .. } => Some(*visit),
            _ => None,
        }
    }
}

/// One act of one person on one document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Operation {
    /// Its name, for ever.
    pub id: OperationId,
    /// The one document it writes.
    pub document: DocumentId,
    /// Who.
    pub by: Author,
    /// When, as the device saw it.
    pub at: DeviceTime,
    /// What.
    pub act: Act,
}
