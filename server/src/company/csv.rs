//! Reads the five tables a real company starts from: SLA plans, customers, assets, parts, engineers.
//!
//! Pure: bytes in, lines and problems out; nothing is stored here and no input panics. A line with a problem is left
//! out and every problem of it is named, so that a person can mend the file in one go. What each column means stands in
//! `demo/csv/README.md`; order of import: SLA plans, customers, assets, parts, engineers, each widening [`Known`] for the
//! next.

mod asset;
mod cells;
mod customer;
mod engineer;
mod line_counter;
mod part;
mod problem;
mod sla_plan;
mod table;
mod value;

#[cfg(test)]
mod tests;

pub use asset::{AssetLine, read_assets};
pub use customer::{CustomerLine, read_customers};
pub use engineer::{CertificateHeld, EngineerLine, read_engineers};
pub use part::{PartLine, read_parts};
pub use problem::{Problem, ProblemCode};
pub use sla_plan::{SlaPlanLine, read_sla_plans};

use super::Company;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Largest file taken, in bytes. The largest sensible table, 50,000 assets, needs about 4 MB.
pub const CSV_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Most lines taken from one file; beyond it a person splits the file.
pub const CSV_LINES_MAX: usize = 50_000;
/// Problems after which reading stops: a file with more is wrong as a whole.
pub const CSV_PROBLEMS_MAX: usize = 1_000;
/// Longest value in characters; longer ones come from a quotation mark that was never closed.
pub const CSV_VALUE_CHARS_MAX: usize = 500;
/// Most columns of a header; a table of ours has 15, and people add a few of their own.
pub const CSV_COLUMNS_MAX: usize = 100;
/// Most values in one cell separated by `|`.
pub const CSV_LIST_MAX: usize = 100;

/// What reading one table gave.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report<T> {
    /// The good lines, in the order of the file.
    pub lines: Vec<T>,
    /// What is wrong, by line; empty when the whole file is good.
    pub problems: Vec<Problem>,
    /// Lines that held anything, good and bad, up to where reading stopped; the header is none of them.
    pub total: usize,
}

/// What a table may point at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Codes of device categories.
    pub categories: BTreeSet<String>,
    /// Codes of SLA plans.
    pub sla_plans: BTreeSet<String>,
    /// The company's own customer numbers.
    pub customers: BTreeSet<String>,
    /// Models as on the plate.
    pub models: BTreeSet<String>,
    /// Whose phone number the record holds already: by number as [`same_phone`] writes it.
    pub engineer_phones: BTreeMap<String, KnownPhone>,
    /// Ids of customers whose personal data was erased, as text.
    pub erased: BTreeSet<String>,
}

/// An engineer whom a phone number tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownPhone {
    /// His id, as text.
    pub engineer: String,
    /// His name.
    pub name: String,
}

/// A phone number as it is compared: one Chinese mobile is the same with and without the country in front.
#[must_use]
pub fn same_phone(number: &str) -> &str {
    let national = number.strip_prefix("+86").or_else(|| number.strip_prefix("0086"));
    national.unwrap_or(number)
}

impl Known {
    /// The codes of a company that is already there.
    pub fn of(company: &Company) -> Self {
        Self {
            categories: company
                .profile
                .categories
                .iter()
                .map(|c| c.code.clone())
                .collect(),
            sla_plans: company.profile.sla_plans.iter().map(|p| p.code.clone()).collect(),
            customers: company
                .customers
                .customers
                .iter()
                .map(|c| c.code.clone())
                .collect(),
            models: company.models.iter().map(|m| m.code.clone()).collect(),
            engineer_phones: BTreeMap::new(),
            erased: BTreeSet::new(),
        }
    }

    /// Adds SLA plans that have just been read, so that customers may point at them.
    pub fn add_sla_plans(&mut self, lines: &[SlaPlanLine]) {
        self.sla_plans.extend(lines.iter().map(|line| line.code.clone()));
    }

    /// Adds customers that have just been read, so that assets may point at them.
    pub fn add_customers(&mut self, lines: &[CustomerLine]) {
        self.customers.extend(lines.iter().map(|line| line.code.clone()));
    }

    /// Adds models that came with assets, so that parts may point at them.
    pub fn add_models(&mut self, lines: &[AssetLine]) {
        self.models.extend(lines.iter().map(|line| line.model.clone()));
    }
}
