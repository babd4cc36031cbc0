//! The completion report 完工报告: what a customer signs, as a PDF.
//!
//! [`collect`] takes it out of a ticket's document and the rows it names, on the phone and at HQ by the same function;
//! [`report`] draws it. Same report, same paper, same font: same bytes, wherever it is drawn. So there is no clock in
//! here, no chance and no IO, and the font is the caller's. What is written on paper is for the customer: notes of the
//! house, urging, grants and fates never are.

mod break_line;
mod clean;
mod collect;
mod draw;
mod face;
mod jpeg;
mod measure;
mod number;
mod paper;
mod pdf;
mod sheet;
mod signature;
mod table;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;
mod told;
mod when;
mod words;

pub use collect::{Records, collect};
pub use paper::{Paper, report};
pub use told::{Answered, Both, Item, List, PartUse, Picture, Report, Shows, Signed, Sound, Visit};

/// Why a report could not be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// The bytes hold no font that can be read.
    #[error("the file holds no font with outlines that can be read")]
    NoFont,
    /// The font lacks the letters of the form itself.
    #[error("the font lacks the letters of this language")]
    LettersMissing,
}

impl ReportError {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NoFont => "font_unreadable",
            Self::LettersMissing => "font_letters_missing",
        }
    }
}
