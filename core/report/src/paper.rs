//! From a report to a file: how it is to be drawn, and in which order it stands.

use fieldline_model::reason::Lang;

use crate::clean::line;
use crate::draw::Draw;
use crate::face::Face;
use crate::pdf::{Head, written};
use crate::sheet::Sheet;
use crate::told::Report;
use crate::when::Zone;
use crate::{ReportError, words};

/// How a report is to be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paper {
    /// In which language; what people wrote stays as they wrote it.
    pub lang: Lang,
    /// In which zone times are told, as minutes east of UTC. The paper names it.
    pub utc_offset_minutes: i32,
}

/// Draws a report: a PDF of A4 pages. The same report on the same paper with the same font is the same bytes.
///
/// # Errors
/// [`ReportError::NoFont`] for bytes that hold no font with outlines, [`ReportError::LettersMissing`] where it lacks those
/// of the form itself. A letter that only a text needs is shown as a box.
pub fn report(report: &Report, paper: &Paper, font: &[u8]) -> Result<Vec<u8>, ReportError> {
    let face = Face::open(font)?;
    let lang = paper.lang;
    let form = [words::TITLE, words::RESULT, words::VISITS, words::SIGNATURE].map(|word| word.of(lang));
    if !face.has_all(&form.concat()) || !face.has_all("0123456789") {
        return Err(ReportError::LettersMissing);
    }
    let mut sheet = Sheet::new(&face);
    let draw = Draw {
        lang,
        zone: Zone::of(paper.utc_offset_minutes),
        report,
    };
    draw.all(&mut sheet);
    draw.feet(&mut sheet);
    let head = Head {
        title: format!("{} {}", words::TITLE.of(lang), line(&report.number)),
        author: line(&report.company),
        lang,
    };
    let Sheet { pages, pictures, .. } = sheet;
    written(&head, pages, &pictures, &face.embedded()?)
}
