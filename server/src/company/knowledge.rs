//! What the company knows: articles, manuals and checklists.

use super::bilingual::Bilingual;
use serde::{Deserialize, Serialize};

/// A knowledge article about one fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Article {
    /// ULID.
    pub id: String,
    /// Number people quote, `KB001`.
    pub code: String,
    /// Fault code.
    pub fault: String,
    /// Category code.
    pub category: String,
    /// Title.
    pub title: Bilingual,
    /// Whether a customer may be shown the steps before a dispatch.
    pub self_service: bool,
    /// Sections in reading order.
    pub sections: Vec<ArticleSection>,
    /// Ids of parts to take along.
    pub parts: Vec<String>,
}

/// A section of an article: short lines of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArticleSection {
    /// What the lines are.
    pub kind: ArticleSectionKind,
    /// The lines; steps are in order.
    pub lines: Vec<Bilingual>,
}

/// What a section of an article holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArticleSectionKind {
    /// How the fault shows itself.
    Symptom,
    /// Probable causes, likeliest first.
    Causes,
    /// What to do, in order.
    Steps,
    /// Parts often needed.
    Parts,
}

/// A service manual for one or more models.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manual {
    /// ULID.
    pub id: String,
    /// Number people quote, `MAN-IT-880`.
    pub code: String,
    /// Ids of the models it is for.
    pub models: Vec<String>,
    /// Title.
    pub title: Bilingual,
    /// Edition, `YYYY-MM`.
    pub edition: String,
    /// Sections in reading order.
    pub sections: Vec<ManualSection>,
    /// Its files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<ManualFile>,
}

/// A file of a manual.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManualFile {
    /// Name among the company's files.
    pub name: String,
    /// What people call it.
    pub title: Bilingual,
    /// How many pages it has.
    pub pages: Option<u32>,
}

/// A section of a manual.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManualSection {
    /// What it is about.
    pub kind: ManualSectionKind,
    /// Heading.
    pub title: Bilingual,
    /// Running text.
    pub text: Bilingual,
}

/// What a section of a manual is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ManualSectionKind {
    /// Dangers and what to do first.
    Safety,
    /// Figures of the machine.
    Specifications,
    /// What the machine's own codes and lights mean.
    ErrorCodes,
    /// What to do when.
    Maintenance,
    /// How to take parts out and in.
    Disassembly,
    /// Settings, commissioning and special procedures.
    Adjustment,
    /// What must hold before handing back.
    Tests,
}

/// The checklist of a category.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checklist {
    /// ULID.
    pub id: String,
    /// Category code.
    pub category: String,
    /// Name on screen.
    pub name: Bilingual,
    /// Items in order.
    pub items: Vec<ChecklistItem>,
}

/// One thing to check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChecklistItem {
    /// Key, unique within its checklist.
    pub key: String,
    /// Words on screen.
    pub label: Bilingual,
    /// Whether a finished job must have it.
    pub required: bool,
    /// What sort of answer it takes.
    pub answer: Answer,
}

/// The sort of answer an item takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Answer {
    /// Done or not.
    Tick {},
    /// A number; outside the bounds the phone asks again but takes it.
    Reading {
        /// Unit as shown.
        unit: String,
        /// Lowest plausible value.
        min: f64,
        /// Highest plausible value.
        max: f64,
    },
    /// At least one photo.
    Photo {},
    /// Free words.
    Text {},
}
