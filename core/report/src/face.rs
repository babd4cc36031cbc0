//! The caller's font: which face of it, how wide its letters are, and the few glyphs that go into the file.
//!
//! Fonts are many megabytes and licensed to the system they come with, so only the outlines that a report uses are put
//! into it. A letter the font lacks is shown as a box, never left out: whoever signs must see that something stood there.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use skrifa::instance::{Location, Size};
use skrifa::raw::FileRef;
use skrifa::string::StringId;
use skrifa::{FontRef, MetadataProvider};
use subsetter::{GlyphRemapper, Tag, subset_with_variations};

use crate::ReportError;

/// What stands for a letter the font lacks, the first that it has.
const SUBSTITUTES: [char; 4] = ['□', '\u{fffd}', '■', '?'];
/// The weight of a text, where the font can be any: the default of some is hairline.
const WEIGHT: f32 = 400.0;
/// Names of faces of a collection whose letters are drawn as in mainland China.
const MAINLAND: [&str; 4] = ["SC", "CN", "Hans", "GB"];
/// Faces of a collection that are looked at.
const FACES_MAX: u32 = 64;
/// Widths are told in thousandths of the size.
pub(crate) const EM: i32 = 1_000;

/// One letter as the font has it.
#[derive(Debug, Clone, Copy)]
struct Letter {
    /// In the font.
    glyph: u16,
    /// Thousandths of the size.
    width: i32,
}

/// A face, and what of it was used so far.
pub(crate) struct Face<'a> {
    data: &'a [u8],
    index: u32,
    font: FontRef<'a>,
    location: Location,
    varies: bool,
    substitute: char,
    letters: RefCell<BTreeMap<char, Letter>>,
    used: RefCell<Used>,
}

/// The glyphs that go into the file.
#[derive(Default)]
struct Used {
    numbers: GlyphRemapper,
    /// By their new numbers: what each means, and its width.
    letters: BTreeMap<u16, (char, i32)>,
}

/// A font fit for a file.
pub(crate) struct Embedded {
    /// The bytes: bare CFF where `is_cff`, otherwise TrueType.
    pub(crate) bytes: Vec<u8>,
    pub(crate) is_cff: bool,
    /// Its name, letters and digits only.
    pub(crate) name: String,
    /// By glyph: what each means, and its width.
    pub(crate) letters: BTreeMap<u16, (char, i32)>,
    pub(crate) ascent: i32,
    pub(crate) descent: i32,
    pub(crate) bounds: [i32; 4],
}

impl<'a> Face<'a> {
    /// The face of a file that fits Chinese best.
    ///
    /// # Errors
    /// [`ReportError::NoFont`] where no face has outlines and letters.
    pub(crate) fn open(data: &'a [u8]) -> Result<Self, ReportError> {
        let opened = catch_unwind(|| best(data)).map_err(|_| ReportError::NoFont)?;
        let (index, font) = opened.ok_or(ReportError::NoFont)?;
        let weight = skrifa::Tag::new(b"wght");
        let varies = font.axes().get_by_tag(weight).is_some();
        let location = font.axes().location(varies.then_some((weight, WEIGHT)));
        let has = |c: &&char| font.charmap().map(**c).is_some_and(|glyph| glyph.to_u32() > 0);
        let substitute = SUBSTITUTES.iter().find(has).copied().ok_or(ReportError::NoFont)?;
        Ok(Self {
            data,
            index,
            font,
            location,
            varies,
            substitute,
            letters: RefCell::default(),
            used: RefCell::default(),
        })
    }

    /// True when the font has all these letters.
    pub(crate) fn has_all(&self, text: &str) -> bool {
        let mut letters = text.chars().filter(|c| !c.is_whitespace());
        letters.all(|c| self.find(c).is_some())
    }

    /// The width of a letter in thousandths of the size.
    pub(crate) fn width(&self, c: char) -> i32 {
        self.letter(c).width
    }

    /// The width of a text in thousandths of the size.
    pub(crate) fn width_of(&self, text: &str) -> i32 {
        text.chars()
            .fold(0, |sum: i32, c| sum.saturating_add(self.width(c)))
    }

    /// The text as glyphs of the file, two bytes each; they are part of it from now on.
    pub(crate) fn glyphs(&self, text: &str) -> Vec<u8> {
        let mut used = self.used.borrow_mut();
        let mut bytes = Vec::with_capacity(text.len());
        for c in text.chars() {
            let letter = self.letter(c);
            let number = used.numbers.remap(letter.glyph);
            let shown = if self.find(c).is_some() {
                c
            } else {
                self.substitute
            };
            used.letters.entry(number).or_insert((shown, letter.width));
            bytes.extend(number.to_be_bytes());
        }
        bytes
    }

    fn letter(&self, c: char) -> Letter {
        if let Some(letter) = self.letters.borrow().get(&c) {
            return *letter;
        }
        let found = self.find(c).or_else(|| self.find(self.substitute));
        let letter = found.unwrap_or(Letter { glyph: 0, width: EM });
        self.letters.borrow_mut().insert(c, letter);
        letter
    }

    fn find(&self, c: char) -> Option<Letter> {
        let glyph = self.font.charmap().map(c).filter(|glyph| glyph.to_u32() > 0)?;
        let widths = self.font.glyph_metrics(Size::unscaled(), &self.location);
        let width = self.thousandths(widths.advance_width(glyph)?);
        Some(Letter {
            glyph: u16::try_from(glyph.to_u32()).ok()?,
            width,
        })
    }

    /// A length of the font in thousandths of the size, within what a page holds.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "held between two numbers that fit"
    )]
    fn thousandths(&self, length: f32) -> i32 {
        let units = f32::from(
            self.font
                .metrics(Size::unscaled(), &self.location)
                .units_per_em
                .max(1),
        );
        let bound = 10.0 * EM as f32;
        (length * EM as f32 / units).round().clamp(-bound, bound) as i32
    }

    /// What was used of it, fit for a file.
    ///
    /// # Errors
    /// [`ReportError::NoFont`] for outlines that cannot be read.
    pub(crate) fn embedded(&self) -> Result<Embedded, ReportError> {
        let used = self.used.borrow();
        let weight = (Tag::new(b"wght"), WEIGHT);
        let variations: &[(Tag, f32)] = if self.varies { &[weight] } else { &[] };
        // A damaged font must not take the app down with it.
        let cut =
            AssertUnwindSafe(|| subset_with_variations(self.data, self.index, variations, &used.numbers));
        let cut = catch_unwind(cut).map_err(|_| ReportError::NoFont)?;
        let bytes = cut.map_err(|_| ReportError::NoFont)?;
        let cff = table(&bytes, *b"CFF ").map(<[u8]>::to_vec);
        let metrics = self.font.metrics(Size::unscaled(), &self.location);
        let bounds = metrics.bounds.unwrap_or_default();
        Ok(Embedded {
            is_cff: cff.is_some(),
            bytes: cff.unwrap_or(bytes),
            name: self.name(),
            letters: used.letters.clone(),
            ascent: self.thousandths(metrics.ascent),
            descent: self.thousandths(metrics.descent),
            bounds: [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max]
                .map(|edge| self.thousandths(edge)),
        })
    }

    fn name(&self) -> String {
        let name = names(&self.font, StringId::POSTSCRIPT_NAME).into_iter().next();
        let name: String = name.unwrap_or_default();
        let fit = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
        let name: String = name.chars().filter(fit).take(60).collect();
        if name.is_empty() { "Font".to_owned() } else { name }
    }
}

/// Of a collection the face for mainland China, otherwise the first that can be drawn.
fn best(data: &[u8]) -> Option<(u32, FontRef<'_>)> {
    let file = FileRef::new(data).ok()?;
    let faces = (0..FACES_MAX).zip(file.fonts());
    let mut fit = faces
        .filter_map(|(index, font)| Some((index, font.ok()?)))
        .filter(|(_, font)| can_be_drawn(font));
    let first = fit.next()?;
    if is_mainland(&first.1) {
        return Some(first);
    }
    fit.find(|(_, font)| is_mainland(font)).or(Some(first))
}

fn can_be_drawn(font: &FontRef<'_>) -> bool {
    let outlines = [b"glyf", b"CFF ", b"CFF2"].map(skrifa::Tag::new);
    font.charmap().has_map() && outlines.iter().any(|tag| font.table_data(*tag).is_some())
}

fn is_mainland(font: &FontRef<'_>) -> bool {
    let ids = [StringId::FAMILY_NAME, StringId::TYPOGRAPHIC_FAMILY_NAME];
    let all = ids.into_iter().flat_map(|id| names(font, id));
    all.into_iter()
        .any(|name| name.split([' ', '-']).any(|word| MAINLAND.contains(&word)))
}

fn names(font: &FontRef<'_>, id: StringId) -> Vec<String> {
    let strings = font.localized_strings(id).take(64);
    strings.map(|name| name.chars().take(200).collect()).collect()
}

/// A table of a font by its tag.
fn table(font: &[u8], tag: [u8; 4]) -> Option<&[u8]> {
    let count = usize::from(u16::from_be_bytes([*font.get(4)?, *font.get(5)?]));
    let line = font
        .get(12..)?
        .chunks_exact(16)
        .take(count)
        .find(|line| line.starts_with(&tag))?;
    let number = |at: usize| {
        let bytes = line.get(at..at + 4)?.try_into().ok()?;
        usize::try_from(u32::from_be_bytes(bytes)).ok()
    };
    let (offset, length) = (number(8)?, number(12)?);
    font.get(offset..offset.checked_add(length)?)
}
