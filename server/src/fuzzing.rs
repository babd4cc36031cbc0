//! One plain function per table a company may bring, and for the header that asks for a part of a blob, for the fuzzer in
//! `fuzz/` and its bounded version in `tests/noise.rs`.
//!
//! Each takes any bytes, must not panic, and of tables asserts what is true of every report: within the limits, in the order of
//! the file, and never a line lost without a word. A panic in here is a finding.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use axum::http::HeaderValue;

use crate::blob_http::{Range, range_of};
use crate::company::Company;
use crate::company::csv::{
    CSV_LINES_MAX, CSV_PROBLEMS_MAX, Known, Report, read_assets, read_customers, read_engineers, read_parts,
    read_sla_plans,
};

/// Most problems one line can add after the last one that still fitted: a full list of unknown references in each of
/// a few columns.
const PROBLEMS_OF_ONE_LINE_MAX: usize = 1_500;

/// The demo company, so that references can be good as well as bad.
static KNOWN: LazyLock<Known> = LazyLock::new(|| Known::of(&Company::demo()));

/// Bytes in the place of a table of customers.
pub fn customers(bytes: &[u8]) {
    judge(bytes, read_customers, |line| (line.line, line.code.clone()));
}

/// Bytes in the place of a table of assets.
pub fn assets(bytes: &[u8]) {
    judge(bytes, read_assets, |line| (line.line, line.serial.clone()));
}

/// Bytes in the place of a table of parts.
pub fn parts(bytes: &[u8]) {
    judge(bytes, read_parts, |line| (line.line, line.code.clone()));
}

/// Bytes in the place of a table of engineers.
pub fn engineers(bytes: &[u8]) {
    judge(bytes, read_engineers, |line| (line.line, line.code.clone()));
}

/// Bytes in the place of a table of SLA plans.
pub fn sla_plans(bytes: &[u8]) {
    let read = |bytes: &[u8], _: &Known| read_sla_plans(bytes);
    judge(bytes, read, |line| (line.line, line.code.clone()));
}

/// Bytes in the place of the number of bytes a blob has and of the part of it that is asked for.
pub fn range(bytes: &[u8]) {
    let (size, text) = bytes.split_at(bytes.len().min(8));
    let size = size
        .iter()
        .fold(0, |size: u64, byte| size << 8 | u64::from(*byte));
    let Ok(value) = HeaderValue::from_bytes(text) else {
        return;
    };
    if let Range::Part(from, to) = range_of(&value, size) {
        assert!(from < to && to <= size, "bytes that are not there");
    }
}

fn judge<T: PartialEq + std::fmt::Debug>(
    bytes: &[u8],
    read: impl Fn(&[u8], &Known) -> Report<T>,
    place: impl Fn(&T) -> (u64, String),
) {
    let report = read(bytes, &KNOWN);
    let good = report.lines.len();
    assert!(report.total <= CSV_LINES_MAX, "more lines than may be");
    assert!(good <= report.total, "more lines than the file has");
    assert!(
        good == report.total || !report.problems.is_empty(),
        "a line is lost without a word"
    );
    assert!(report.problems.len() <= CSV_PROBLEMS_MAX + PROBLEMS_OF_ONE_LINE_MAX);
    let (lines, keys): (Vec<u64>, BTreeSet<String>) = report.lines.iter().map(place).unzip();
    assert!(lines.is_sorted_by(|a, b| a < b), "lines out of order");
    assert_eq!(keys.len(), good, "a key stands twice");
    // The last line of a file may be one past its last line end; a lone CR ends a line too.
    let ends = bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u64;
    for line in lines
        .iter()
        .copied()
        .chain(report.problems.iter().map(|problem| problem.line))
    {
        assert!((1..=ends + 1).contains(&line), "line {line} is not in the file");
    }
    for problem in report.problems.iter().filter(|problem| problem.column.is_some()) {
        assert!(
            !lines.contains(&problem.line),
            "line {} is good and bad",
            problem.line
        );
    }
    assert_eq!(read(bytes, &KNOWN), report, "the same file gives the same report");
}
