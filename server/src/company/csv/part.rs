//! The table of parts with what the main warehouse has on hand.

use super::cells::{Cells, Seen};
use super::table::{Column, optional, read, required};
use super::{Known, Report, value};
use serde::Serialize;

const COLUMNS: &[Column] = &[
    required("code"),
    required("name"),
    optional("name_en"),
    optional("models"),
    optional("price_cny"),
    optional("stock"),
];

/// A part as a table gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PartLine {
    /// Line of the file.
    pub line: u64,
    /// The company's part number.
    pub code: String,
    /// Name.
    pub name: String,
    /// English name, where given.
    pub name_en: Option<String>,
    /// Models it fits, as on the plate; empty when it fits any.
    pub models: Vec<String>,
    /// Price in fen, where given.
    pub price_fen: Option<u64>,
    /// How many the main warehouse has; 0 when not given.
    pub stock: u32,
}

/// Reads parts. Checks `models` against [`Known::models`]; `code` must be unique in the file.
pub fn read_parts(bytes: &[u8], known: &Known) -> Report<PartLine> {
    let mut codes = Seen::new();
    read(bytes, COLUMNS, |cells| part(cells, known, &mut codes))
}

fn part(cells: &mut Cells<'_>, known: &Known, codes: &mut Seen) -> Option<PartLine> {
    let code = cells.unique("code", codes);
    let name = cells.required("name");
    let models = cells.list("models");
    cells.refer("models", models.iter().copied(), &known.models);
    let price_fen = cells.number("price_cny", value::price_fen);
    let stock = cells.number("stock", value::count).unwrap_or_default();
    Some(PartLine {
        line: cells.line(),
        name_en: cells.optional("name_en").map(str::to_owned),
        code: code?,
        name: name?,
        models: models.into_iter().map(str::to_owned).collect(),
        price_fen,
        stock,
    })
}
