//! Under which path of its document an act's entry stands.

use super::Act;

/// The containers of a document in which entries stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Path {
    /// Life cycle and HQ's decisions; folded.
    Events,
    /// What the field adds: notes, answers, parts, signatures.
    Field,
    /// What the customer adds.
    Customer,
    /// What an article says, and which files it has.
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
            | Self::RequestPart { .. }
            | Self::TransferPart { .. }
            | Self::Photo(_)
            | Self::Sign { .. } => Path::Field,
            Self::Message { .. } | Self::Urge | Self::Wish { .. } | Self::Rate { .. } => Path::Customer,
            Self::Publish(_) | Self::WriteSection(_) | Self::Attach(_) | Self::Detach { .. } => {
                Path::Sections
            }
            Self::Annotate { .. } => Path::Annotations,
        }
    }
}
