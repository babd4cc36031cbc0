//! The pages while they are drawn: a pen that goes from above to below and begins a new page where there is no room.
//!
//! Lengths count from the top left here, as one reads; only this file knows that a PDF counts from below.

use pdf_writer::types::{LineCapStyle, LineJoinStyle, TextRenderingMode};
use pdf_writer::{Content, Name, Str};

use crate::break_line::broken;
use crate::face::{EM, Face};
use crate::jpeg::Jpeg;
use crate::measure::{FOOT, Ink, PAGE, SIDE, Style, TOP};

/// Name of the font on every page.
pub(crate) const FONT: Name<'static> = Name(b"F");
/// How much of its size a letter's stroke is thickened by, to look bold: one face is all we are given.
const BOLD: f32 = 0.028;
/// From the top of a line to where letters stand, by the line's height.
pub(crate) const BASE: f32 = 0.7;

/// A place and its extent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Area {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) width: f32,
    pub(crate) height: f32,
}

/// The pages.
pub(crate) struct Sheet<'a> {
    pub(crate) face: &'a Face<'a>,
    pub(crate) pages: Vec<Content>,
    pub(crate) pictures: Vec<Jpeg>,
    /// Where the pen is, from the top.
    pub(crate) y: f32,
}

impl<'a> Sheet<'a> {
    pub(crate) fn new(face: &'a Face<'a>) -> Self {
        Self {
            face,
            pages: vec![Content::new()],
            pictures: Vec::new(),
            y: TOP,
        }
    }

    fn page(&mut self) -> &mut Content {
        self.pages.last_mut().expect("there is a page from the start")
    }

    /// Room left on this page.
    pub(crate) fn room(&self) -> f32 {
        FOOT - self.y
    }

    /// True while nothing stands on this page.
    pub(crate) fn is_fresh(&self) -> bool {
        self.y <= TOP
    }

    pub(crate) fn turn(&mut self) {
        self.pages.push(Content::new());
        self.y = TOP;
    }

    /// Begins a new page unless there is so much room.
    pub(crate) fn need(&mut self, height: f32) {
        if self.room() < height && !self.is_fresh() {
            self.turn();
        }
    }

    pub(crate) fn down(&mut self, by: f32) {
        self.y += by;
    }

    /// The text in lines no wider than so many points.
    pub(crate) fn lines(&self, text: &str, width: f32, style: Style) -> Vec<String> {
        broken(text, self.thousandths(width, style), |c| self.face.width(c))
    }

    #[expect(clippy::cast_possible_truncation, reason = "no page is that wide")]
    fn thousandths(&self, width: f32, style: Style) -> i32 {
        (width / style.size * EM as f32) as i32
    }

    /// How wide a line is, in points.
    pub(crate) fn width_of(&self, text: &str, style: Style) -> f32 {
        self.face.width_of(text) as f32 * style.size / EM as f32
    }

    /// As much of a line as fits.
    pub(crate) fn fitting(&self, text: &str, width: f32, style: Style) -> String {
        let mut lines = self.lines(text, width, style).into_iter();
        let first = lines.next().unwrap_or_default();
        if lines.next().is_none() {
            return first;
        }
        let ellipsis = self.width_of("…", style);
        let shorter = self.lines(text, width - ellipsis, style).into_iter().next();
        format!("{}…", shorter.unwrap_or_default())
    }

    /// One line whose top is at `y`.
    pub(crate) fn line(&mut self, at: (f32, f32), style: Style, text: &str) {
        if text.is_empty() {
            return;
        }
        let (x, y) = at;
        let glyphs = self.face.glyphs(text);
        let base = PAGE.1 - y - style.leading() * BASE;
        let page = self.page();
        set_ink(page, style.ink);
        page.begin_text().set_font(FONT, style.size);
        if style.bold {
            let [r, g, b] = style.ink.0;
            page.set_stroke_rgb(r, g, b).set_line_width(style.size * BOLD);
            page.set_text_rendering_mode(TextRenderingMode::FillStroke);
        } else {
            page.set_text_rendering_mode(TextRenderingMode::Fill);
        }
        page.next_line(x, base).show(Str(&glyphs)).end_text();
    }

    /// A line that ends at `x`.
    pub(crate) fn line_to(&mut self, at: (f32, f32), style: Style, text: &str) {
        let wide = self.width_of(text, style);
        self.line((at.0 - wide, at.1), style, text);
    }

    /// A text from the pen down, over as many pages as it takes.
    pub(crate) fn paragraph(&mut self, x: f32, width: f32, style: Style, text: &str) {
        for line in self.lines(text, width, style) {
            self.need(style.leading());
            self.line((x, self.y), style, &line);
            self.down(style.leading());
        }
    }

    pub(crate) fn fill(&mut self, area: Area, ink: Ink) {
        let page = self.page();
        set_ink(page, ink);
        page.rect(area.x, PAGE.1 - area.y - area.height, area.width, area.height)
            .fill_nonzero();
    }

    pub(crate) fn frame(&mut self, area: Area, ink: Ink) {
        let page = self.page();
        set_stroke(page, ink, 0.7);
        page.rect(area.x, PAGE.1 - area.y - area.height, area.width, area.height)
            .stroke();
    }

    /// A rule over the whole width.
    pub(crate) fn rule(&mut self, y: f32, thickness: f32, ink: Ink) {
        let page = self.page();
        set_stroke(page, ink, thickness);
        page.move_to(SIDE, PAGE.1 - y)
            .line_to(PAGE.0 - SIDE, PAGE.1 - y)
            .stroke();
    }

    /// A picture that fills an area.
    pub(crate) fn picture(&mut self, jpeg: Jpeg, area: Area) {
        let name = picture_name(self.pictures.len());
        self.pictures.push(jpeg);
        let page = self.page();
        page.save_state()
            .transform([
                area.width,
                0.0,
                0.0,
                area.height,
                area.x,
                PAGE.1 - area.y - area.height,
            ])
            .x_object(Name(name.as_bytes()))
            .restore_state();
    }

    /// Strokes of a pen in a box, `scale` points to each of its units, held within the area.
    pub(crate) fn strokes(&mut self, strokes: &[crate::signature::Step], area: Area, scale: f32) {
        use crate::signature::Step;
        let page = self.page();
        let put = |(x, y): (f32, f32)| (area.x + x * scale, PAGE.1 - area.y - y * scale);
        page.save_state();
        page.rect(area.x, PAGE.1 - area.y - area.height, area.width, area.height)
            .clip_nonzero()
            .end_path();
        set_stroke(page, crate::measure::INK, 1.6);
        page.set_line_cap(LineCapStyle::RoundCap)
            .set_line_join(LineJoinStyle::RoundJoin);
        for step in strokes {
            match step {
                Step::Move(to) => {
                    let (x, y) = put(*to);
                    page.move_to(x, y);
                }
                Step::Line(to) => {
                    let (x, y) = put(*to);
                    page.line_to(x, y);
                }
                Step::Curve(a, b, to) => {
                    let ((ax, ay), (bx, by), (x, y)) = (put(*a), put(*b), put(*to));
                    page.cubic_to(ax, ay, bx, by, x, y);
                }
                Step::Close => {
                    page.close_path();
                }
            }
        }
        page.stroke().restore_state();
    }

    /// Draws on a page that was left.
    pub(crate) fn on(&mut self, page: usize, draw: impl FnOnce(&mut Self)) {
        let last = self.pages.len() - 1;
        self.pages.swap(page, last);
        draw(self);
        self.pages.swap(page, last);
    }
}

/// Name of a picture by its place.
pub(crate) fn picture_name(place: usize) -> String {
    format!("P{place}")
}

fn set_ink(page: &mut Content, ink: Ink) {
    let [r, g, b] = ink.0;
    page.set_fill_rgb(r, g, b);
}

fn set_stroke(page: &mut Content, ink: Ink, width: f32) {
    let [r, g, b] = ink.0;
    page.set_stroke_rgb(r, g, b).set_line_width(width);
}
