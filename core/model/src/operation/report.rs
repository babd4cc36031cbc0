//! What the field reports: why work rests or is declined, how a visit ended, what a checklist was answered.

use serde::{Deserialize, Serialize};

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
