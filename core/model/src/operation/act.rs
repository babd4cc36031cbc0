//! The acts: everything a person can do, and the words for it.

use serde::{Deserialize, Serialize};

use super::{
    Answer, ArticleHead, Attachment, Completion, DeclineReason, FactsEdit, PauseReason, Photo, Position,
    Section, Span, TicketFacts,
};
use crate::id::{EngineerId, LocationId, OperationId, PartId, TicketId, VisitId};
use crate::time::Timestamp;

/// The server's decision between concurrent claims, written once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// The claim that stands.
    pub stands: OperationId,
    /// The claims that do not.
    pub over: Vec<OperationId>,
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
    /// Parts are asked for, for this ticket: HQ reserves them as soon as that many lie there that nobody holds.
    RequestPart {
        /// Which part.
        part: PartId,
        /// How many, at least 1.
        quantity: u32,
        /// From where.
        from: LocationId,
    },
    /// Parts were moved: into another van, or back to a warehouse.
    TransferPart {
        /// Which part.
        part: PartId,
        /// How many, at least 1.
        quantity: u32,
        /// From where.
        from: LocationId,
        /// To where, which is elsewhere.
        to: LocationId,
    },
    /// A photo was taken. Its bytes travel beside the document.
    Photo(Box<Photo>),
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
    /// HQ attaches a file to an article. Its bytes travel beside the document.
    Attach(Box<Attachment>),
    /// HQ takes a file away from an article.
    Detach {
        /// The operation that attached it.
        attachment: OperationId,
    },
    /// Somebody writes beside an article.
    Annotate {
        /// The section meant, if one is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        section: Option<OperationId>,
        /// The words.
        text: String,
    },
}

impl Act {
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
            Self::RequestPart { .. } => "request_part",
            Self::TransferPart { .. } => "transfer_part",
            Self::Photo(_) => "photo",
            Self::Sign { .. } => "sign",
            Self::Message { .. } => "message",
            Self::Urge => "urge",
            Self::Wish { .. } => "wish",
            Self::Rate { .. } => "rate",
            Self::Publish(_) => "publish",
            Self::WriteSection(_) => "write_section",
            Self::Attach(_) => "attach",
            Self::Detach { .. } => "detach",
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
