//! What an article is about, its sections, and the files that HQ attached to it: those by name, never by bytes.

use serde::{Deserialize, Serialize};

use crate::blob::{BlobHash, Media};

/// Most files of one article at a time: a manual in parts, its drawings, its parts lists.
pub const ATTACHMENTS_MAX: usize = 20;
/// Most pages a file may be said to have.
pub const PAGES_MAX: u32 = 10_000;

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

/// A file of an article: a manual as its maker printed it, a drawing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its name.
    pub blob: BlobHash,
    /// Its size in bytes.
    pub size: u64,
    /// What it is.
    pub media: Media,
    /// What people call it, in Chinese.
    pub title_zh: String,
    /// What people call it, in English.
    pub title_en: String,
    /// How many pages it has, where somebody said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<u32>,
}
