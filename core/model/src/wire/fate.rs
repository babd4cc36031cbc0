//! What became of operations and of the changes that carry them.

use serde::{Deserialize, Serialize};

use super::Hash;
use crate::id::OperationId;

/// The fate of an operation, decided once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It counts.
    Merged,
    /// It is kept and does not count as meant.
    Overruled {
        /// A code of [`crate::reason`].
        code: String,
    },
    /// It was not taken.
    Refused {
        /// A code of [`crate::reason`] or of the door.
        code: String,
    },
}

impl Fate {
    /// The word in tables.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Merged => "merged",
            Self::Overruled { .. } => "overruled",
            Self::Refused { .. } => "refused",
        }
    }

    /// The reason's code.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Merged => None,
            Self::Overruled { code } | Self::Refused { code } => Some(code),
        }
    }

    /// The fate with this word and code.
    #[must_use]
    pub fn from_words(word: &str, code: Option<&str>) -> Option<Self> {
        let code = code.unwrap_or_default().to_owned();
        match word {
            "merged" => Some(Self::Merged),
            "overruled" => Some(Self::Overruled { code }),
            "refused" => Some(Self::Refused { code }),
            _ => None,
        }
    }
}

/// What became of one pushed change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Its operation's fate. With `Merged` and `Overruled` the change is in the document, unless `other` is set.
    Fate {
        /// The operation.
        operation: OperationId,
        /// Its fate, also when it was decided before.
        fate: Fate,
        /// The fate was won by another change for the same operation; this one was not taken.
        #[serde(default)]
        other: bool,
    },
    /// Changes it depends on are not here; it is not taken yet.
    Need {
        /// Their hashes.
        hashes: Vec<Hash>,
    },
    /// No fate: its line was left behind (it builds on a refused change, or its place in the line is taken). Author the
    /// operation again on a new branch.
    Replay,
    /// Not looked at now (too busy, or the server failed in mid-way); push it again.
    Later,
    /// Kept for a supervisor, who decides its fate: the device was revoked. Push it again now and then to be told.
    Held,
    /// The signature does not prove that the lane is this phone's and whole. Nothing was looked at or decided; the
    /// phone authors the operation again on a new branch.
    Unproven,
}
