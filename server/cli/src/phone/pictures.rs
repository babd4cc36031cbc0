//! Pictures of QR codes: written for somebody to show, and read as they were taken, in any order and with others among them.

use std::path::{Path, PathBuf};

use fieldline_model::frames::{FrameError, Rows};
use fieldline_server::words::Lang;
use serde_json::{Value, json};

use super::bundle::framed;
use crate::fault::Fault;
use crate::named;
use crate::qr::Drawn;
use crate::qr::read::{PICTURE_BYTES_MAX, codes};
use crate::words::{fault as f, fill, phone as w};

/// How a picture is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Png,
    Svg,
}

impl Kind {
    /// As a file's name says.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "png" => Some(Self::Png),
            "svg" => Some(Self::Svg),
            _ => None,
        }
    }

    fn ending(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Svg => "svg",
        }
    }
}

/// Writes one.
pub(super) fn write(path: &Path, drawn: &Drawn, kind: Kind) -> Result<(), Fault> {
    let bytes = match kind {
        Kind::Png => drawn.png(),
        Kind::Svg => drawn.svg().into_bytes(),
    };
    std::fs::write(path, bytes).map_err(|error| Fault::file(path, &error))
}

/// Writes those of a row to a directory; says where each is.
pub(super) fn write_row(dir: &Path, row: &[Drawn], kind: Kind) -> Result<Vec<String>, Fault> {
    std::fs::create_dir_all(dir).map_err(|error| Fault::file(dir, &error))?;
    let name = |n: usize| format!("bundle-{:03}-of-{:03}.{}", n + 1, row.len(), kind.ending());
    row.iter()
        .enumerate()
        .map(|(n, drawn)| {
            let path = dir.join(name(n));
            write(&path, drawn, kind).map(|()| path.display().to_string())
        })
        .collect()
}

/// What pictures show.
pub(super) struct Seen {
    rows: Rows,
    /// No code could be read in them.
    unreadable: Vec<String>,
    /// Codes of something else.
    strange: usize,
    /// A row came together, and a frame of it had been read wrong.
    damaged: bool,
}

impl Seen {
    /// Looks at all of them. A file that cannot be opened is a slip of whoever named it, and told at once.
    pub(super) fn look(paths: &[PathBuf]) -> Result<Self, Fault> {
        let mut seen = Self {
            rows: Rows::default(),
            unreadable: Vec::new(),
            strange: 0,
            damaged: false,
        };
        for path in paths {
            let bytes = named::read(path, PICTURE_BYTES_MAX).map_err(|error| Fault::file(path, &error))?;
            let texts = codes(&bytes).unwrap_or_default();
            if texts.is_empty() {
                seen.unreadable.push(path.display().to_string());
            }
            for text in texts {
                match seen.rows.add(&text) {
                    Ok(()) => {}
                    Err(FrameError::Damaged) => seen.damaged = true,
                    Err(_) => seen.strange += 1,
                }
            }
        }
        Ok(seen)
    }

    /// The one bundle that is whole, or why there is none.
    pub(super) fn bundle(&self) -> Result<&[u8], Fault> {
        let mut whole = self.rows.whole();
        let fault = match (whole.next(), whole.len(), self.rows.nearest()) {
            (Some(bundle), 0, _) => return Ok(bundle),
            (Some(_), ..) => Fault::new("frames_of_several", f::FRAMES_OF_SEVERAL, &[]),
            (None, _, Some(row)) => missing(row.seen, row.count, &row.missing),
            (None, _, None) if self.damaged => framed(FrameError::Damaged),
            (None, _, None) => Fault::new("pictures_without_code", f::PICTURES_WITHOUT_CODE, &[]),
        };
        Err(match self.aside(Lang::En).is_empty() {
            true => fault,
            false => fault.and_said(|lang| self.aside(lang)),
        })
    }

    /// What else was among them.
    pub(super) fn aside(&self, lang: Lang) -> String {
        let others = self.strange
            + self
                .rows
                .unfinished()
                .saturating_sub(usize::from(self.is_short()));
        let counts = [(w::CODES_AGAIN, self.rows.again()), (w::CODES_OF_OTHERS, others)];
        let mut said: Vec<String> = counts
            .into_iter()
            .filter(|(_, n)| *n > 0)
            .map(|(word, n)| fill(lang, word, &[("n", &n.to_string())]))
            .collect();
        if !self.unreadable.is_empty() {
            let paths = self.unreadable.join(", ");
            said.push(fill(lang, w::PICTURES_UNREADABLE, &[("paths", &paths)]));
        }
        said.join(match lang {
            Lang::Zh => "",
            Lang::En => " ",
        })
    }

    /// No bundle is whole: the nearest one is the one that is told of.
    fn is_short(&self) -> bool {
        self.rows.whole().len() == 0
    }

    /// For programs.
    pub(super) fn to_json(&self) -> Value {
        json!({
            "again": self.rows.again(), "unreadable": self.unreadable, "strange": self.strange,
            "unfinished": self.rows.unfinished(),
        })
    }
}

/// Codes are missing; which.
pub(super) fn missing(seen: usize, count: usize, places: &[usize]) -> Fault {
    let places: Vec<String> = places.iter().map(usize::to_string).collect();
    Fault::both("frames_missing", |lang| {
        let places = places.join(match lang {
            Lang::Zh => "、",
            Lang::En => ", ",
        });
        let values = [
            ("seen", seen.to_string()),
            ("count", count.to_string()),
            ("places", places),
        ];
        let values = values.each_ref().map(|(key, value)| (*key, value.as_str()));
        fill(lang, f::FRAMES_MISSING, &values)
    })
}
