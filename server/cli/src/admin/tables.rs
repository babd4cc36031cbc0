//! The tables as a person brings them: read, handed to the import, every bad line named.

use std::path::{Path, PathBuf};

use fieldline_server::app::App;
use fieldline_server::import::{CsvFiles, CsvReport, FileProblem, ImportError, Mode, import_csv};
use fieldline_server::words::Lang;
use serde_json::json;

use crate::answer::Answer;
use crate::args::admin::Tables;
use crate::fault::Fault;
use crate::table::{WIDTH, wrap};
use crate::words::{admin as a, fill};

/// Problems shown in words; the rest is counted. `--json` names all.
const SHOWN_MAX: usize = 50;

/// Reads the tables named and imports them: good lines are written unless it is a dry run.
///
/// # Errors
/// When a file cannot be opened or the record cannot be written; bad lines stand in the answer.
pub(super) async fn import(app: &App, tables: &Tables, lang: Lang) -> Result<Answer, Fault> {
    let mode = if tables.dry_run {
        Mode::DryRun
    } else {
        Mode::SkipBad
    };
    let report = import_csv(app, files(tables)?, mode).await?;
    Ok(answer(&report, tables, lang))
}

/// The files named.
pub(super) fn files(tables: &Tables) -> Result<CsvFiles, Fault> {
    Ok(CsvFiles {
        sla_plans: bytes(tables.sla_plans.as_deref())?,
        customers: bytes(tables.customers.as_deref())?,
        assets: bytes(tables.assets.as_deref())?,
        parts: bytes(tables.parts.as_deref())?,
        engineers: bytes(tables.engineers.as_deref())?,
    })
}

fn bytes(path: Option<&Path>) -> Result<Option<Vec<u8>>, Fault> {
    let read = |path: &Path| std::fs::read(path).map_err(|error| Fault::file(path, &error));
    path.map(read).transpose()
}

/// What was found, line by line, and what became of it.
pub(super) fn answer(report: &CsvReport, tables: &Tables, lang: Lang) -> Answer {
    let (good, total) = (report.good.to_string(), report.lines.to_string());
    let mut text = format!(
        "{}\n",
        fill(lang, a::LINES, &[("good", &good), ("total", &total)])
    );
    for problem in report.problems.iter().take(SHOWN_MAX) {
        text.push_str(&wrap(&words(lang, problem, tables), "  ", WIDTH));
    }
    let n = report.problems.len();
    if n > SHOWN_MAX {
        let rest = (n - SHOWN_MAX).to_string();
        text.push_str(&format!("  {}\n", fill(lang, a::MORE_PROBLEMS, &[("n", &rest)])));
    }
    let rows = report.changed.to_string();
    text.push_str(&match (report.written, n) {
        (true, _) => fill(lang, a::WRITTEN, &[("rows", &rows)]),
        (false, 0) if tables.dry_run => fill(lang, a::DRY_RUN_GOOD, &[]),
        (false, n) if tables.dry_run => fill(lang, a::DRY_RUN_BAD, &[("n", &n.to_string())]),
        (false, n) => fill(lang, a::NOT_STARTED, &[("n", &n.to_string())]),
    });
    if report.written && report.has_bad_lines() {
        text.push_str(&format!("\n{}", fill(lang, a::LEFT_OUT, &[])));
    }
    Answer {
        good: !report.has_bad_lines(),
        ..Answer::new(text, json!(report))
    }
}

fn words(lang: Lang, problem: &FileProblem, tables: &Tables) -> String {
    let text = match lang {
        Lang::Zh => &problem.text.zh,
        Lang::En => &problem.text.en,
    };
    let file = named(problem.file, tables)
        .unwrap_or_else(|| problem.file.into())
        .display()
        .to_string();
    let line = problem.line.to_string();
    let values = [("file", file.as_str()), ("line", &line), ("text", text)];
    match &problem.column {
        Some(column) => fill(
            lang,
            a::PROBLEM,
            &[values.as_slice(), &[("column", column.as_str())]].concat(),
        ),
        None => fill(lang, a::PROBLEM_WHOLE, &values),
    }
}

/// The file as the person named it.
fn named(file: &str, tables: &Tables) -> Option<PathBuf> {
    match file {
        "sla_plans.csv" => tables.sla_plans.clone(),
        "customers.csv" => tables.customers.clone(),
        "assets.csv" => tables.assets.clone(),
        "parts.csv" => tables.parts.clone(),
        "engineers.csv" => tables.engineers.clone(),
        _ => None,
    }
}

impl From<ImportError> for Fault {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Door(error) => error.into(),
            ImportError::Store(error) => error.into(),
            // Of the demo's own data alone.
            ImportError::Id(_) | ImportError::File(_) => Self::new(
                "internal",
                crate::words::fault::INTERNAL,
                &[("why", &error.to_string())],
            ),
        }
    }
}
