//! Codes with words: what is seen, why, what was done, and why something did not happen.

use super::bilingual::Bilingual;
use serde::{Deserialize, Serialize};

/// A fault: what is seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Key, `PRN-JAM`.
    pub code: String,
    /// Category code.
    pub category: String,
    /// Name on screen.
    pub name: Bilingual,
    /// 1 nuisance to 4 danger or standstill.
    pub severity: u8,
    /// Tags a ticket with this fault gets.
    pub tags: Vec<String>,
    /// How customers say it in Chinese.
    pub said_zh: Vec<String>,
    /// How customers say it in English.
    pub said_en: Vec<String>,
}

/// All lists people choose a reason from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reasons {
    /// Why a fault came.
    pub causes: Vec<Cause>,
    /// What was done about it.
    pub remedies: Vec<Remedy>,
    /// Why an engineer declines a visit.
    pub decline: Vec<Reason>,
    /// Why work is paused; the codes are the state machine's own.
    pub pause: Vec<Reason>,
    /// Why a visit ended without success.
    pub could_not: Vec<Reason>,
    /// Why HQ cancels a visit or ticket.
    pub cancel: Vec<Reason>,
}

/// A cause: why the fault came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cause {
    /// Key, `PRN-JAM-C1`.
    pub code: String,
    /// Fault it explains; absent where it may explain any.
    pub fault: Option<String>,
    /// Words on screen.
    pub text: Bilingual,
}

/// A remedy: what was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remedy {
    /// Key, `PRN-JAM-R1`.
    pub code: String,
    /// Fault it answers; absent where it may answer any.
    pub fault: Option<String>,
    /// Words on screen.
    pub text: Bilingual,
}

/// A plain reason code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Key, `too_far`.
    pub code: String,
    /// Words on screen.
    pub text: Bilingual,
}
