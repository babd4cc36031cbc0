//! Lengths on the paper, in points, and what is drawn in which ink.

/// A4.
pub(crate) const PAGE: (f32, f32) = (595.0, 842.0);
/// Left and right of everything.
pub(crate) const SIDE: f32 = 48.0;
/// Above everything.
pub(crate) const TOP: f32 = 46.0;
/// Where the foot of a page begins, from above.
pub(crate) const FOOT: f32 = 796.0;
/// How wide everything is.
pub(crate) const WIDTH: f32 = PAGE.0 - 2.0 * SIDE;
/// The size of a text.
pub(crate) const BODY: f32 = 9.5;
/// The size of what stands beside it.
pub(crate) const SMALL: f32 = 8.5;
/// From one line to the next, by its size: Chinese needs more room than Latin.
pub(crate) const LEADING: f32 = 1.55;

/// A colour, as shares of one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ink(pub(crate) [f32; 3]);

const fn ink_of(red: u8, green: u8, blue: u8) -> Ink {
    Ink([red as f32 / 255.0, green as f32 / 255.0, blue as f32 / 255.0])
}

/// Text.
pub(crate) const INK: Ink = ink_of(0x14, 0x21, 0x2b);
/// What stands beside it.
pub(crate) const SLATE: Ink = ink_of(0x5b, 0x6b, 0x78);
/// Headings.
pub(crate) const ACCENT: Ink = ink_of(0x0a, 0x6c, 0x8f);
/// Rules.
pub(crate) const LINE: Ink = ink_of(0xd5, 0xdd, 0xe3);
/// Under headings of tables.
pub(crate) const MIST: Ink = ink_of(0xf3, 0xf6, 0xf8);
/// It works.
pub(crate) const GREEN: Ink = ink_of(0x2c, 0x7a, 0x3a);
/// Something is left to do.
pub(crate) const AMBER: Ink = ink_of(0x9a, 0x5b, 0x00);
/// It does not.
pub(crate) const RED: Ink = ink_of(0xb3, 0x26, 0x1e);

/// How a text is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Style {
    pub(crate) size: f32,
    pub(crate) ink: Ink,
    pub(crate) bold: bool,
}

impl Style {
    pub(crate) const fn of(size: f32, ink: Ink) -> Self {
        Self {
            size,
            ink,
            bold: false,
        }
    }

    pub(crate) const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    /// From one line to the next.
    pub(crate) fn leading(self) -> f32 {
        self.size * LEADING
    }
}
