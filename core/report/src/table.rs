//! Tables: rows that stay whole where a page has room for them, and the head again on every page.

use crate::measure::{LINE, MIST, SIDE, Style, WIDTH};
use crate::sheet::{Area, BASE, Sheet};

/// Above and below the text of a row.
const PAD: f32 = 3.0;
/// Left and right of a cell's text.
const GAP: f32 = 5.0;
/// A row goes to the next page rather than leave fewer lines than this here.
const LINES_LEFT_MIN: usize = 2;
/// A row no taller than this goes to the next page whole; a longer text fills this one first.
const WHOLE_MAX: f32 = 110.0;

/// One cell.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) style: Style,
    /// Ends at the right edge: numbers.
    pub(crate) right: bool,
}

impl Cell {
    pub(crate) fn new(text: impl Into<String>, style: Style) -> Self {
        Self {
            text: text.into(),
            style,
            right: false,
        }
    }

    pub(crate) fn right(self) -> Self {
        Self { right: true, ..self }
    }
}

/// A table over the whole width.
pub(crate) struct Table<'a> {
    /// Widths of its columns, as shares of one.
    pub(crate) columns: &'a [f32],
    /// What stands over them, again on every page.
    pub(crate) head: Option<Vec<Cell>>,
}

impl Table<'_> {
    /// Draws rows from the pen down.
    pub(crate) fn draw(&self, sheet: &mut Sheet<'_>, rows: &[Vec<Cell>]) {
        if let (Some(head), Some(first)) = (&self.head, rows.first()) {
            let height = self.height(sheet, head) + self.height(sheet, first).min(60.0);
            sheet.need(height);
            self.head_row(sheet);
        }
        for row in rows {
            self.row(sheet, row);
        }
    }

    fn height(&self, sheet: &Sheet<'_>, row: &[Cell]) -> f32 {
        let texts = self.texts(sheet, row);
        height_of(row, texts.iter().map(Vec::len).max().unwrap_or(1))
    }

    fn texts(&self, sheet: &Sheet<'_>, row: &[Cell]) -> Vec<Vec<String>> {
        let cells = row.iter().zip(self.columns);
        cells
            .map(|(cell, share)| sheet.lines(&cell.text, share * WIDTH - 2.0 * GAP, cell.style))
            .collect()
    }

    fn head_row(&self, sheet: &mut Sheet<'_>) {
        let Some(head) = &self.head else { return };
        let texts = self.texts(sheet, head);
        let height = self.height(sheet, head);
        let area = Area {
            x: SIDE,
            y: sheet.y,
            width: WIDTH,
            height,
        };
        sheet.fill(area, MIST);
        self.put(sheet, head, &texts);
        sheet.down(height);
    }

    /// One row, in as many pieces as it takes.
    fn row(&self, sheet: &mut Sheet<'_>, row: &[Cell]) {
        let mut texts = self.texts(sheet, row);
        loop {
            let lines = texts.iter().map(Vec::len).max().unwrap_or(1);
            let whole = height_of(row, lines);
            let fit = lines_in(row, sheet.room());
            let mut rest = Vec::new();
            if whole > sheet.room() {
                if !sheet.is_fresh() && (fit < LINES_LEFT_MIN || whole <= WHOLE_MAX) {
                    self.turn(sheet);
                    continue;
                }
                let here = fit.max(1);
                rest = texts
                    .iter_mut()
                    .map(|lines| lines.split_off(here.min(lines.len())))
                    .collect();
            }
            let drawn = height_of(row, texts.iter().map(Vec::len).max().unwrap_or(1));
            self.put(sheet, row, &texts);
            sheet.down(drawn);
            sheet.rule(sheet.y, 0.4, LINE);
            if rest.iter().all(Vec::is_empty) {
                return;
            }
            texts = rest;
            self.turn(sheet);
        }
    }

    fn turn(&self, sheet: &mut Sheet<'_>) {
        sheet.turn();
        self.head_row(sheet);
    }

    fn put(&self, sheet: &mut Sheet<'_>, row: &[Cell], texts: &[Vec<String>]) {
        let mut x = SIDE;
        let leading = tallest(row);
        for ((cell, share), lines) in row.iter().zip(self.columns).zip(texts) {
            let width = share * WIDTH;
            // Smaller letters stand on the same line as their neighbours.
            let mut y = sheet.y + PAD + (leading - cell.style.leading()) * BASE;
            for line in lines {
                if cell.right {
                    sheet.line_to((x + width - GAP, y), cell.style, line);
                } else {
                    sheet.line((x + GAP, y), cell.style, line);
                }
                y += leading;
            }
            x += width;
        }
    }
}

fn tallest(row: &[Cell]) -> f32 {
    row.iter().map(|cell| cell.style.leading()).fold(1.0, f32::max)
}

fn height_of(row: &[Cell], lines: usize) -> f32 {
    2.0 * PAD + lines as f32 * tallest(row)
}

/// How many lines of such a row there is room for.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a page has no more lines than fit a u16"
)]
fn lines_in(row: &[Cell], room: f32) -> usize {
    ((room - 2.0 * PAD) / tallest(row)).clamp(0.0, 1_000.0) as usize
}
