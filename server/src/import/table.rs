//! The five tables a real company starts from, checked as a whole and then written.

use std::collections::{BTreeMap, BTreeSet};

use fieldline_model::row::Row;
use serde::Serialize;

use super::beside::plan_of;
use super::known::known;
use super::line::{
    asset, customer, customer_numbered, engineer, engineer_file, engineer_id, part_price, parts,
};
use super::{ImportError, write};
use crate::app::App;
use crate::company::Bilingual;
use crate::company::csv::{
    CustomerLine, EngineerLine, Known, KnownPhone, Problem, ProblemCode, Report, read_assets, read_customers,
    read_engineers, read_parts, read_sla_plans, same_phone,
};
use crate::hq_row::HqRow;

/// One of the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Table {
    /// `sla_plans.csv`
    SlaPlans,
    /// `customers.csv`
    Customers,
    /// `assets.csv`
    Assets,
    /// `parts.csv`
    Parts,
    /// `engineers.csv`
    Engineers,
}

impl Table {
    /// The name its file has.
    #[must_use]
    pub fn file(self) -> &'static str {
        match self {
            Self::SlaPlans => "sla_plans.csv",
            Self::Customers => "customers.csv",
            Self::Assets => "assets.csv",
            Self::Parts => "parts.csv",
            Self::Engineers => "engineers.csv",
        }
    }
}

/// The files as they were read; absent ones are not imported.
#[derive(Debug, Clone, Default)]
pub struct CsvFiles {
    /// `sla_plans.csv`
    pub sla_plans: Option<Vec<u8>>,
    /// `customers.csv`
    pub customers: Option<Vec<u8>>,
    /// `assets.csv`
    pub assets: Option<Vec<u8>>,
    /// `parts.csv`
    pub parts: Option<Vec<u8>>,
    /// `engineers.csv`
    pub engineers: Option<Vec<u8>>,
}

/// How far an import goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Reads and reports, writes nothing.
    DryRun,
    /// Writes when every line is good, otherwise nothing.
    AllOrNothing,
    /// Writes the good lines.
    SkipBad,
}

/// Something wrong in one of the files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileProblem {
    /// Name of the file.
    pub file: &'static str,
    /// Line as an editor counts, from 1.
    pub line: u64,
    /// Name of the column; absent when it is about the line or the file.
    pub column: Option<String>,
    /// For programs.
    pub code: ProblemCode,
    /// For people, in both languages.
    pub text: Bilingual,
}

impl FileProblem {
    fn of(table: Table, problem: Problem) -> Self {
        let Problem {
            line,
            column,
            code,
            text,
        } = problem;
        Self {
            file: table.file(),
            line,
            column,
            code,
            text,
        }
    }
}

/// What an import found and did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CsvReport {
    /// What is wrong, file by file, line by line.
    pub problems: Vec<FileProblem>,
    /// Lines that held anything.
    pub lines: usize,
    /// Lines that are good.
    pub good: usize,
    /// Whether the good lines were written.
    pub written: bool,
    /// Rows that are new or say something new; a line may make several.
    pub changed: usize,
}

impl CsvReport {
    /// Whether a line was left out, or would be. A column nobody knows is only passed over.
    #[must_use]
    pub fn has_bad_lines(&self) -> bool {
        self.problems
            .iter()
            .any(|problem| problem.code != ProblemCode::UnknownColumn)
    }

    fn add<T>(&mut self, table: Table, report: Report<T>) -> Vec<T> {
        self.lines += report.total;
        self.good += report.lines.len();
        let problems = report.problems.into_iter();
        self.problems
            .extend(problems.map(|problem| FileProblem::of(table, problem)));
        report.lines
    }
}

/// Reads the tables and writes them as `mode` says.
///
/// # Errors
/// [`ImportError`] when the record cannot be read or written; what is wrong in the files stands in the report.
pub async fn import_csv(app: &App, files: CsvFiles, mode: Mode) -> Result<CsvReport, ImportError> {
    let assets = files.assets.clone();
    let (known, categories) = app
        .store()
        .read(move |connection| known(connection, assets.as_deref()))
        .await?;
    // Half a hundred thousand lines take a while: not on the runtime's threads.
    let read = tokio::task::spawn_blocking(move || read(&files, known, categories));
    let (mut report, rows, kept) = read.await.unwrap_or_default();
    let go = match mode {
        Mode::DryRun => false,
        Mode::AllOrNothing => !report.has_bad_lines(),
        Mode::SkipBad => true,
    };
    if go {
        report.changed = write(app, rows, kept).await?;
        report.written = true;
    }
    Ok(report)
}

/// Takes out lines with a number by which the record knows somebody else. Who gets another number in this same table
/// gives his old one free.
fn leave_taken(lines: &mut Vec<EngineerLine>, known: &BTreeMap<String, KnownPhone>) -> Vec<FileProblem> {
    let moved: BTreeSet<String> = lines
        .iter()
        .map(|line| engineer_id(&line.code).to_string())
        .collect();
    let mut taken = Vec::new();
    lines.retain(|line| {
        let other = known
            .get(same_phone(&line.phone))
            .filter(|known| !moved.contains(&known.engineer));
        if let Some(other) = other {
            let problem = Problem::new(line.line, Some("phone"), ProblemCode::PhoneTaken, &other.name);
            taken.push(FileProblem::of(Table::Engineers, problem));
        }
        other.is_none()
    });
    taken
}

/// Takes out lines of customers who were erased: an old table must not bring them back.
fn leave_erased(lines: &mut Vec<CustomerLine>, erased: &BTreeSet<String>) -> Vec<FileProblem> {
    let mut left = Vec::new();
    lines.retain(|line| {
        let is_erased = erased.contains(&customer_numbered(&line.code).to_string());
        if is_erased {
            let problem = Problem::new(line.line, Some("code"), ProblemCode::CustomerErased, &line.code);
            left.push(FileProblem::of(Table::Customers, problem));
        }
        !is_erased
    });
    left
}

/// Reads all tables, each knowing those before it.
pub(super) fn read(
    files: &CsvFiles,
    mut known: Known,
    mut categories: BTreeMap<String, String>,
) -> (CsvReport, Vec<Row>, Vec<HqRow>) {
    let mut report = CsvReport::default();
    let (mut rows, mut kept) = (Vec::new(), Vec::new());
    if let Some(bytes) = &files.sla_plans {
        let lines = report.add(Table::SlaPlans, read_sla_plans(bytes));
        known.add_sla_plans(&lines);
        kept.extend(lines.into_iter().map(plan_of));
    }
    if let Some(bytes) = &files.customers {
        let mut lines = report.add(Table::Customers, read_customers(bytes, &known));
        let erased = leave_erased(&mut lines, &known.erased);
        report.good -= erased.len();
        report.problems.extend(erased);
        known.add_customers(&lines);
        lines.into_iter().for_each(|line| customer(line, &mut rows));
    }
    if let Some(bytes) = &files.assets {
        let lines = report.add(Table::Assets, read_assets(bytes, &known));
        known.add_models(&lines);
        for line in &lines {
            if let Some(category) = &line.category {
                categories
                    .entry(line.model.clone())
                    .or_insert_with(|| category.clone());
            }
        }
        rows.extend(lines.into_iter().map(|line| asset(line, &categories)));
    }
    if let Some(bytes) = &files.parts {
        let lines = report.add(Table::Parts, read_parts(bytes, &known));
        kept.extend(lines.iter().filter_map(part_price));
        parts(lines, &mut rows);
    }
    if let Some(bytes) = &files.engineers {
        let mut lines = report.add(Table::Engineers, read_engineers(bytes, &known));
        let taken = leave_taken(&mut lines, &known.engineer_phones);
        report.good -= taken.len();
        report.problems.extend(taken);
        kept.extend(lines.iter().map(engineer_file));
        lines.into_iter().for_each(|line| engineer(line, &mut rows));
    }
    (report, rows, kept)
}
