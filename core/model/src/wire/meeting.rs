//! What two phones say to each other that meet in one network. Each word travels sealed; the version is the meeting code's.

use serde::{Deserialize, Serialize};

use super::Bytes;
use super::bundle::BUNDLE_BYTES_MAX;
use crate::card::Card;

/// Largest word that is no bundle, in bytes: twice what a card has.
pub const MEETING_WORD_BYTES_MAX: usize = 1_024;
/// Largest word with a bundle in it.
pub const MEETING_BUNDLE_BYTES_MAX: usize = BUNDLE_BYTES_MAX + MEETING_WORD_BYTES_MAX;

/// One word. First both say who they are, then both hand over, then both say what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeetingWord {
    /// Who speaks.
    Card {
        /// HQ's word for him, and his key.
        card: Box<Card>,
    },
    /// What he hands over.
    Handed {
        /// A bundle, sealed for the other one; none when there is nothing that both may hold.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bundle: Option<Bytes>,
    },
    /// What came of what he was handed.
    Took {
        /// Changes, by what became of them; none when he could not take them, or was handed nothing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        counts: Option<TookCounts>,
    },
    /// He does not go on, and knows why.
    Stop,
}

/// What came of a bundle, in changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TookCounts {
    /// Carried from now on.
    pub carried: u64,
    /// Known before.
    pub known: u64,
    /// Not taken.
    pub refused: u64,
}
