//! The table of SLA plans customers may have.

use super::cells::{Cells, Seen};
use super::problem::ProblemCode;
use super::table::{Column, optional, read, required};
use super::{Report, value};
use crate::company::ServiceHours;
use crate::hq_row::PLAN_MINUTES_MAX;
use serde::Serialize;

const COLUMNS: &[Column] = &[
    required("code"),
    required("name"),
    optional("name_en"),
    required("response_min"),
    required("onsite_min"),
    optional("hours"),
];

/// Round the clock, which is what a plan without hours means.
const HOURS_DEFAULT: &str = "1-7 00:00-24:00";

/// An SLA plan as a table gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SlaPlanLine {
    /// Line of the file.
    pub line: u64,
    /// Code customers point at.
    pub code: String,
    /// Name.
    pub name: String,
    /// English name, where given.
    pub name_en: Option<String>,
    /// Minutes of service time until the first response.
    pub response_min: u32,
    /// Minutes of service time until an engineer is on site.
    pub onsite_min: u32,
    /// When the clock runs.
    pub hours: ServiceHours,
}

/// Reads SLA plans. `code` must be unique in the file.
pub fn read_sla_plans(bytes: &[u8]) -> Report<SlaPlanLine> {
    let mut codes = Seen::new();
    read(bytes, COLUMNS, |cells| plan(cells, &mut codes))
}

fn plan(cells: &mut Cells<'_>, codes: &mut Seen) -> Option<SlaPlanLine> {
    let code = cells.unique("code", codes);
    let name = cells.required("name");
    let name_en = cells.optional("name_en").map(str::to_owned);
    let (response_min, onsite_min) = (minutes(cells, "response_min"), minutes(cells, "onsite_min"));
    let hours = hours(cells);
    Some(SlaPlanLine {
        line: cells.line(),
        code: code?,
        name: name?,
        name_en,
        response_min: response_min?,
        onsite_min: onsite_min?,
        hours: hours?,
    })
}

fn minutes(cells: &mut Cells<'_>, column: &'static str) -> Option<u32> {
    cells.required(column)?;
    let some = |text: &str| value::count(text).filter(|count| (1..=PLAN_MINUTES_MAX).contains(count));
    cells.number(column, some)
}

fn hours(cells: &mut Cells<'_>) -> Option<ServiceHours> {
    let read = cells.optional("hours").unwrap_or(HOURS_DEFAULT).parse();
    if read.is_err() {
        cells.problem("hours", ProblemCode::BadFormat, "1-5 09:00-18:00");
    }
    read.ok()
}
