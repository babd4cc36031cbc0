//! A photo of the work, as a document tells of it: by name, never by bytes.

use serde::{Deserialize, Serialize};

use crate::blob::{BlobHash, Media};

/// What a photo shows of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhotoKind {
    /// How it was found.
    Before,
    /// How it was left.
    After,
    /// Something else.
    #[default]
    Other,
}

impl PhotoKind {
    /// The word used in tables and scripts; the same as in the document.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
            Self::Other => "other",
        }
    }
}

/// A small picture of a photo, always a JPEG.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thumb {
    /// Its name.
    pub blob: BlobHash,
    /// Its size in bytes.
    pub size: u64,
}

/// A photo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Photo {
    /// Its name.
    pub blob: BlobHash,
    /// Its size in bytes.
    pub size: u64,
    /// What it is.
    pub media: Media,
    /// What it shows.
    #[serde(default)]
    pub kind: PhotoKind,
    /// In words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub caption: String,
    /// A small picture of it, where one could be made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumb: Option<Thumb>,
}
