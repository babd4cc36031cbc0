//! The four tables a real company starts from, checked as a whole and then written.

use std::collections::BTreeMap;

use fieldline_model::id::{AssetId, ContactId, CustomerId, EngineerId, LocationId, PartId, SiteId};
use fieldline_model::operation::Position;
use fieldline_model::row::{self, Row};
use serde::Serialize;

use super::known::{derived, known};
use super::rows::{envelope, vip_word};
use super::{ImportError, write};
use crate::app::App;
use crate::company::Bilingual;
use crate::company::csv::{
    AssetLine, CustomerLine, EngineerLine, Known, PartLine, Problem, ProblemCode, Report, read_assets,
    read_customers, read_engineers, read_parts,
};

/// One of the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Table {
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
        self.problems.extend(report.problems.into_iter().map(|problem| {
            let Problem {
                line,
                column,
                code,
                text,
            } = problem;
            FileProblem {
                file: table.file(),
                line,
                column,
                code,
                text,
            }
        }));
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
    let (mut report, rows) = read.await.unwrap_or_default();
    let go = match mode {
        Mode::DryRun => false,
        Mode::AllOrNothing => !report.has_bad_lines(),
        Mode::SkipBad => true,
    };
    if go {
        report.changed = write(app, rows).await?;
        report.written = true;
    }
    Ok(report)
}

/// Reads all tables, each knowing those before it.
fn read(
    files: &CsvFiles,
    mut known: Known,
    mut categories: BTreeMap<String, String>,
) -> (CsvReport, Vec<Row>) {
    let mut report = CsvReport::default();
    let mut rows = Vec::new();
    if let Some(bytes) = &files.customers {
        let lines = report.add(Table::Customers, read_customers(bytes, &known));
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
        parts(lines, &mut rows);
    }
    if let Some(bytes) = &files.engineers {
        let lines = report.add(Table::Engineers, read_engineers(bytes, &known));
        lines.into_iter().for_each(|line| engineer(line, &mut rows));
    }
    (report, rows)
}

fn customer_id(code: &str) -> CustomerId {
    CustomerId::from_bytes(derived("customer", code))
}

/// A customer of a table has one site.
fn site_id(code: &str) -> SiteId {
    SiteId::from_bytes(derived("site", code))
}

fn customer(line: CustomerLine, rows: &mut Vec<Row>) {
    let (customer, site) = (customer_id(&line.code), site_id(&line.code));
    let contact = ContactId::from_bytes(derived("contact", &line.code));
    let address = envelope(&line.address);
    rows.push(Row::Customer(row::Customer {
        id: customer,
        name: line.name,
        name_en: line.name_en,
        vip: vip_word(line.vip),
        sla_plan: line.sla_plan,
        contract: line.contract_no,
    }));
    rows.push(Row::Contact(row::Contact {
        id: contact,
        customer,
        name: line.contact,
        phone: line.phone,
    }));
    rows.push(Row::Site(row::Site {
        id: site,
        customer,
        city: line.address.city,
        district: line.address.district,
        address,
        position: line.position.map(|position| Position {
            lat: position.lat,
            lon: position.lon,
        }),
    }));
}

fn asset(line: AssetLine, categories: &BTreeMap<String, String>) -> Row {
    let category = line
        .category
        .or_else(|| categories.get(&line.model).cloned())
        .unwrap_or_default();
    Row::Asset(row::Asset {
        id: AssetId::from_bytes(derived("asset", &line.serial)),
        site: site_id(&line.customer_code),
        category,
        model_zh: line.model.clone(),
        model_en: line.model.clone(),
        model: line.model,
        serial: line.serial,
        warranty_end: line.warranty_end,
        history: Vec::new(),
    })
}

fn parts(lines: Vec<PartLine>, rows: &mut Vec<Row>) {
    let main = LocationId::from_bytes(derived("location", "main warehouse"));
    let (name_zh, name_en) = ("主仓库".to_owned(), "Main warehouse".to_owned());
    if lines.iter().any(|line| line.stock > 0) {
        rows.push(Row::Location(row::Location {
            id: main,
            van: false,
            name_zh,
            name_en,
        }));
    }
    for line in lines {
        let part = PartId::from_bytes(derived("part", &line.code));
        let name_en = line.name_en.unwrap_or_else(|| line.name.clone());
        let (number, models) = (line.code, line.models);
        rows.push(Row::Part(row::Part {
            id: part,
            number,
            name_zh: line.name,
            name_en,
            models,
        }));
        if line.stock > 0 {
            rows.push(Row::Stock(row::Stock {
                location: main,
                part,
                quantity: line.stock.into(),
            }));
        }
    }
}

fn engineer(line: EngineerLine, rows: &mut Vec<Row>) {
    let van = line.van.map(|code| {
        let id = LocationId::from_bytes(derived("location", &code));
        rows.push(Row::Location(row::Location {
            id,
            van: true,
            name_zh: code.clone(),
            name_en: code,
        }));
        id
    });
    rows.push(Row::Engineer(row::Engineer {
        id: EngineerId::from_bytes(derived("engineer", &line.code)),
        name: line.name,
        name_en: line.name_en.unwrap_or_default(),
        skills: line.skills,
        van,
    }));
}
