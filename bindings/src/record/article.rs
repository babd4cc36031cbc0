//! Articles and manuals.

use fieldline_engine::view;

use crate::codes::Who;
use crate::words::Words;

/// One article in a list.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ArticleLine {
    /// Id.
    pub article: String,
    /// A manual; otherwise a knowledge article.
    pub is_manual: bool,
    /// Title.
    pub title: Words,
    /// Device category.
    pub category: Option<String>,
}

impl From<view::ArticleLine> for ArticleLine {
    fn from(line: view::ArticleLine) -> Self {
        Self {
            article: line.article.to_string(),
            is_manual: line.manual,
            title: Words::either(&line.title_zh, &line.title_en),
            category: line.category,
        }
    }
}

/// One section of an article.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ArticleSection {
    /// The operation that wrote it; annotations name it.
    pub operation: String,
    /// Heading.
    pub heading: Words,
    /// Text.
    pub body: Words,
}

/// A file of an article.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ArticleFile {
    /// The operation that attached it; names it in `Phone.file_bytes`.
    pub operation: String,
    /// What people call it.
    pub title: Words,
    /// Its media type, such as `application/pdf`.
    pub media: String,
    /// Bytes.
    pub size: u64,
    /// How many pages it has, where somebody said so.
    pub pages: Option<u32>,
    /// It is on this phone.
    pub here: bool,
}

/// What somebody wrote beside an article.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Annotation {
    /// The operation.
    pub operation: String,
    /// The section meant, if one is.
    pub section: Option<String>,
    /// The words.
    pub text: String,
    /// By whom.
    pub by: Who,
    /// His name.
    pub by_name: Words,
    /// When.
    pub at_ms: i64,
    /// Saved on this phone, without a fate so far.
    pub pending: bool,
    /// HQ has it and decides.
    pub held: bool,
    /// A colleague handed it over; it is not at HQ yet.
    pub carried: bool,
}

/// An article to read.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ArticleDetail {
    /// Title and what it is about.
    pub line: ArticleLine,
    /// Its sections, in order.
    pub sections: Vec<ArticleSection>,
    /// Its files, in the order they were attached.
    pub files: Vec<ArticleFile>,
    /// What people wrote beside it, by time.
    pub annotations: Vec<Annotation>,
}
