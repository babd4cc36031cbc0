//! The table of assets: which machine stands at which customer.

use super::cells::{Cells, Seen};
use super::problem::ProblemCode;
use super::table::{Column, optional, read, required};
use super::{Known, Report};
use serde::Serialize;
use std::collections::BTreeSet;

const COLUMNS: &[Column] = &[
    required("serial"),
    required("customer_code"),
    required("model"),
    optional("category"),
    optional("warranty_end"),
];

/// An asset as a table gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AssetLine {
    /// Line of the file.
    pub line: u64,
    /// Serial number.
    pub serial: String,
    /// The company's own customer number.
    pub customer_code: String,
    /// Model as on the plate.
    pub model: String,
    /// Category code; always there on the first line of a model that was not known.
    pub category: Option<String>,
    /// Last day of warranty, `YYYY-MM-DD`, where given.
    pub warranty_end: Option<String>,
}

/// Reads assets. A model that is not known yet is taken when its first line names a category, so that a company need
/// not write a table of models first. `serial` must be unique in the file.
pub fn read_assets(bytes: &[u8], known: &Known) -> Report<AssetLine> {
    let mut serials = Seen::new();
    let mut new_models = BTreeSet::new();
    read(bytes, COLUMNS, |cells| {
        asset(cells, known, &mut serials, &mut new_models)
    })
}

fn asset(
    cells: &mut Cells<'_>,
    known: &Known,
    serials: &mut Seen,
    new_models: &mut BTreeSet<String>,
) -> Option<AssetLine> {
    let serial = cells.unique("serial", serials);
    let customer_code = cells.required("customer_code");
    cells.refer("customer_code", customer_code.as_deref(), &known.customers);
    let model = cells.required("model");
    let category = cells.optional("category");
    cells.refer("category", category, &known.categories);
    if let Some(model) = model.as_ref().filter(|model| !known.models.contains(*model)) {
        match category {
            None if !new_models.contains(model) => cells.problem("category", ProblemCode::MissingValue, ""),
            Some(_) => {
                new_models.insert(model.clone());
            }
            None => {}
        }
    }
    let warranty_end = cells.date("warranty_end");
    Some(AssetLine {
        line: cells.line(),
        serial: serial?,
        customer_code: customer_code?,
        model: model?,
        category: category.map(str::to_owned),
        warranty_end,
    })
}
