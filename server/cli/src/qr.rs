//! QR codes: drawn in a terminal, as SVG or as PNG. Reading them from pictures is `read`'s.
//!
//! All are drawn at correction level M, dark on light with the quiet zone of the standard, whatever the colours around them.

pub(crate) mod read;

use std::fmt::Write as _;
use std::io::Cursor;

use fieldline_model::frames::FRAME_VERSION;
use image::{GrayImage, ImageFormat, Luma};
use qrcode::bits::Bits;
use qrcode::{Color, EcLevel, QrCode, Version};

/// Quiet zone around a code, in modules.
const QUIET: usize = 4;
/// Pixels of a module in a PNG: a frame's code is 616 wide, which viewers show as it is.
const MODULE_PX: u32 = 8;
/// Black on white of the 256 fixed colours. The sixteen before them are as a person's theme has them, and may be dark on dark.
const COLOURS: &str = "\u{1b}[38;5;16m\u{1b}[48;5;231m";
/// As before.
const PLAIN: &str = "\u{1b}[0m";

/// A code with its quiet zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Drawn {
    /// Modules on a side.
    side: usize,
    dark: Vec<bool>,
}

/// A text that no code holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLong;

impl Drawn {
    /// The smallest code that holds a text.
    pub(crate) fn of(text: &str) -> Result<Self, TooLong> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M);
        code.map(|code| Self::around(&code)).map_err(|_| TooLong)
    }

    /// A frame's. All of a row have one size, so that a camera that found one finds the next. It is packed as capitals and
    /// digits throughout: where the library looks for what packs better by itself, some frames do not fit.
    pub(crate) fn frame(text: &str) -> Result<Self, TooLong> {
        let mut bits = Bits::new(Version::Normal(FRAME_VERSION.into()));
        bits.push_alphanumeric_data(text.as_bytes())
            .and_then(|()| bits.push_terminator(EcLevel::M))
            .and_then(|()| QrCode::with_bits(bits, EcLevel::M))
            .map(|code| Self::around(&code))
            .map_err(|_| TooLong)
    }

    fn around(code: &QrCode) -> Self {
        let side = code.width() + 2 * QUIET;
        let mut dark = vec![false; side * side];
        for (n, colour) in code.to_colors().iter().enumerate() {
            let (x, y) = (n % code.width() + QUIET, n / code.width() + QUIET);
            dark[y * side + x] = *colour == Color::Dark;
        }
        Self { side, dark }
    }

    fn is_dark(&self, x: usize, y: usize) -> bool {
        self.dark.get(y * self.side + x).copied().unwrap_or(false)
    }

    /// For a terminal: two rows of modules in each line, in colours of their own.
    pub(crate) fn terminal(&self) -> String {
        let mut text = String::new();
        for y in (0..self.side).step_by(2) {
            text.push_str(COLOURS);
            text.extend(
                (0..self.side).map(|x| match (self.is_dark(x, y), self.is_dark(x, y + 1)) {
                    (false, false) => ' ',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    (true, true) => '█',
                }),
            );
            text.push_str(PLAIN);
            text.push('\n');
        }
        text
    }

    /// As an SVG file of its own.
    pub(crate) fn svg(&self) -> String {
        let side = self.side;
        let mut path = String::new();
        for (n, _) in self.dark.iter().enumerate().filter(|(_, dark)| **dark) {
            let _ = write!(path, "M{} {}h1v1h-1z", n % side, n / side);
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
             <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>\n"
        )
    }

    /// As a PNG file.
    pub(crate) fn png(&self) -> Vec<u8> {
        let px = u32::try_from(self.side).expect("a code has 185 modules at most") * MODULE_PX;
        let image = GrayImage::from_fn(px, px, |x, y| {
            let [x, y] = [x, y].map(|at| (at / MODULE_PX) as usize);
            Luma([if self.is_dark(x, y) { 0 } else { 255 }])
        });
        let mut bytes = Cursor::new(Vec::new());
        image
            .write_to(&mut bytes, ImageFormat::Png)
            .expect("a small picture is written to memory");
        bytes.into_inner()
    }
}

#[cfg(test)]
mod tests {
    use fieldline_model::frames::{FRAME_BYTES_MAX, FRAMES_MAX, split};

    use super::*;
    use crate::qr::read::{codes, codes_in};

    /// One frame in some thousands: where the library looks for what packs better by itself, it is longer than its code holds.
    const UNLUCKY: &str = "FLQ1:BQ6NB7YXMQPF2:18:86:ZLINBA7ZCUE7X23N4MMY24BUXPDR3GS5HH6QVU7NZG6PW7XXSJKT7PNYCSWR2S5GDQXOQOI7L4W\
        E2YSPI6XBYGWUWGICHPLODGCVB74345654P6RZYWHMGWKLTD7YPPSSCSBO5GYQEFI24TLHQBCJYW5CYPFHSI4OW7ARSH3EU4GIC7\
        LEDJXOCZ5KFZRDOKOUUNZOXLLFNB7XRNQ5Y2JEBUI4O3OSBNNBMLASMUTFJ5TMJ4YVHJGDZ5SE274R2MHI6WL4IVJ7THPV2QZDGV\
        TCK33GTLI3FHX7IBH6H5BDXNKA4B6VQB4SSOLFITCP2WMKWP4KM6MS6ZEFMUIDBVDIK752VIFG24MG7JROKFJEDFI4BVYJLWBOVC\
        JYV64OURW7ED5X24VSR767IZOCSIJJ3V7JHSQJHCJGFMONJACWTFAIT64F5K6MCTL4ALP2F3NWMX6HVGU";

    /// What somebody sees on a terminal of this background: two pixels wide and high for half a character.
    fn seen(text: &str, background: u8) -> Vec<String> {
        let lines: Vec<&str> = text.lines().collect();
        let width = lines[0].chars().filter(|c| " ▀▄█".contains(*c)).count();
        // Around it the terminal's own.
        let (w, h) = (width + 8, lines.len() * 2 + 8);
        let mut grey = vec![background; w * h];
        for (row, line) in lines.iter().enumerate() {
            let body = line
                .strip_prefix(COLOURS)
                .and_then(|line| line.strip_suffix(PLAIN));
            for (x, c) in body.expect("in colours of its own").chars().enumerate() {
                let (upper, lower) = match c {
                    ' ' => (255, 255),
                    '▀' => (0, 255),
                    '▄' => (255, 0),
                    '█' => (0, 0),
                    other => panic!("{other:?}"),
                };
                grey[(row * 2 + 4) * w + x + 4] = upper;
                grey[(row * 2 + 5) * w + x + 4] = lower;
            }
        }
        codes_in(4 * w, 4 * h, |x, y| grey[y / 4 * w + x / 4])
    }

    #[test]
    fn every_frame_is_drawn_alike_and_read_from_a_terminal_and_a_picture() {
        let bytes: Vec<u8> = (0..u32::try_from(FRAME_BYTES_MAX * FRAMES_MAX).unwrap())
            .map(|n| u8::try_from(n * n % 251).unwrap())
            .collect();
        let frames = split(&bytes).unwrap();
        for frame in [&frames[0], &frames[FRAMES_MAX - 1], &split(b"x").unwrap()[0]] {
            let drawn = Drawn::frame(frame).unwrap();
            assert_eq!(drawn.side, 77, "it fits a terminal of 80");
            assert_eq!(codes(&drawn.png()).unwrap(), [frame.as_str()]);
            for background in [0, 255] {
                assert_eq!(
                    seen(&drawn.terminal(), background),
                    [frame.as_str()],
                    "{background}"
                );
            }
        }
        assert_eq!(Drawn::of(&"A".repeat(9_000)), Err(TooLong));
    }

    #[test]
    fn a_frame_with_digits_in_the_wrong_places_is_drawn_too() {
        let drawn = Drawn::frame(UNLUCKY).unwrap();
        assert_eq!(codes(&drawn.png()).unwrap(), [UNLUCKY]);
    }

    #[test]
    fn an_svg_shows_the_same_modules() {
        let drawn = Drawn::of("FLC1-AAAA").unwrap();
        let svg = drawn.svg();
        let mut dark = vec![false; drawn.side * drawn.side];
        let path = svg.split("d=\"").nth(1).unwrap().split('"').next().unwrap();
        for square in path.split('M').skip(1) {
            let at = square.strip_suffix("h1v1h-1z").unwrap();
            let (x, y) = at.split_once(' ').unwrap();
            dark[y.parse::<usize>().unwrap() * drawn.side + x.parse::<usize>().unwrap()] = true;
        }
        assert_eq!(dark, drawn.dark);
        let read = codes_in(8 * drawn.side, 8 * drawn.side, |x, y| {
            if dark[y / 8 * drawn.side + x / 8] { 0 } else { 255 }
        });
        assert_eq!(read, ["FLC1-AAAA"]);
        assert!(
            svg.contains(&format!("viewBox=\"0 0 {0} {0}\"", drawn.side)) && svg.contains("fill=\"#fff\"")
        );
    }
}
