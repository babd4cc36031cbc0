//! From bytes to rows: encoding, header, field counts, limits. Knows nothing of what the columns mean.

use super::cells::Cells;
use super::line_counter::LineCounter;
use super::problem::{Problem, ProblemCode};
use super::{CSV_BYTES_MAX, CSV_COLUMNS_MAX, CSV_LINES_MAX, CSV_PROBLEMS_MAX, Report};
use csv::{ReaderBuilder, StringRecord};

const BYTE_ORDER_MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

/// A column of a table.
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) required: bool,
}

/// A column that must be there, with a value on every line.
pub(super) const fn required(name: &'static str) -> Column {
    Column { name, required: true }
}

/// A column that may be left out.
pub(super) const fn optional(name: &'static str) -> Column {
    Column {
        name,
        required: false,
    }
}

/// Reads a table; `parse` turns one row into a line and reports on its cells. A row with any problem is left out.
pub(super) fn read<T>(
    bytes: &[u8],
    columns: &[Column],
    mut parse: impl FnMut(&mut Cells<'_>) -> Option<T>,
) -> Report<T> {
    let mut report = Report {
        lines: Vec::new(),
        problems: Vec::new(),
        total: 0,
    };
    let text = match decoded(bytes) {
        Ok(text) => text,
        Err(problem) => {
            report.problems.push(problem);
            return report;
        }
    };
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut place = LineCounter::new(text);
    let mut record = StringRecord::new();
    let Some(header_line) = next_row(&mut reader, &mut record, &mut place) else {
        report
            .problems
            .push(Problem::new(1, None, ProblemCode::EmptyFile, ""));
        return report;
    };
    let header = Header::read(&record, columns, header_line, &mut report.problems);
    let Some(header) = header else { return report };

    while let Some(line) = next_row(&mut reader, &mut record, &mut place) {
        if report.total == CSV_LINES_MAX {
            report.problems.push(Problem::new(
                line,
                None,
                ProblemCode::TooManyLines,
                &CSV_LINES_MAX.to_string(),
            ));
            break;
        }
        if report.problems.len() >= CSV_PROBLEMS_MAX {
            let most = CSV_PROBLEMS_MAX.to_string();
            report
                .problems
                .push(Problem::new(line, None, ProblemCode::TooManyProblems, &most));
            break;
        }
        report.total += 1;
        if let Some(place) = nul(&record) {
            let column = header.column(place);
            report
                .problems
                .push(Problem::new(line, column, ProblemCode::BadCharacter, ""));
            continue;
        }
        if record.len() != header.width {
            let counts = format!("{} / {}", record.len(), header.width);
            report
                .problems
                .push(Problem::new(line, None, ProblemCode::FieldCount, &counts));
            continue;
        }
        let mut cells = Cells::new(line, &record, &header.places);
        let parsed = parse(&mut cells);
        let problems = cells.into_problems();
        match parsed {
            Some(parsed) if problems.is_empty() => report.lines.push(parsed),
            _ => report.problems.extend(problems),
        }
    }
    report
}

/// Which field holds a NUL, if any.
fn nul(record: &StringRecord) -> Option<usize> {
    record.iter().position(|cell| cell.contains('\0'))
}

/// UTF-16 without a mark is valid UTF-8 in which every second byte of a header is NUL.
fn is_utf16(bytes: &[u8]) -> bool {
    let is_nul: Vec<bool> = bytes.iter().take(4).map(|byte| *byte == 0).collect();
    is_nul == [false, true, false, true] || is_nul == [true, false, true, false]
}

/// The text without its byte order mark.
fn decoded(bytes: &[u8]) -> Result<&str, Problem> {
    if bytes.len() > CSV_BYTES_MAX {
        return Err(Problem::new(
            1,
            None,
            ProblemCode::FileTooLarge,
            &CSV_BYTES_MAX.to_string(),
        ));
    }
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let decoded = std::str::from_utf8(bytes);
    let good = decoded.map_or_else(|error| error.valid_up_to(), str::len);
    let good = if is_utf16(bytes) { 0 } else { good };
    let not_utf8 = || {
        let line = 1 + bytes[..good].iter().filter(|byte| **byte == b'\n').count() as u64;
        Problem::new(line, None, ProblemCode::NotUtf8, "")
    };
    if good < bytes.len() {
        return Err(not_utf8());
    }
    decoded.map_err(|_| not_utf8())
}

/// The line of the next row that holds anything; rows of empty cells, which spreadsheets leave behind, are skipped.
fn next_row(
    reader: &mut csv::Reader<&[u8]>,
    record: &mut StringRecord,
    place: &mut LineCounter<'_>,
) -> Option<u64> {
    loop {
        let start = reader.position().byte();
        // Cannot fail on text that is UTF-8, in memory and flexible; should it ever, the file ends here.
        if !reader.read_record(record).unwrap_or(false) {
            return None;
        }
        if record.iter().any(|cell| !cell.trim().is_empty()) {
            return Some(place.line_at(start));
        }
    }
}

/// Which field of a row is which column.
struct Header {
    places: Vec<(&'static str, usize)>,
    width: usize,
}

impl Header {
    /// The column of a field, where the table has it.
    fn column(&self, place: usize) -> Option<&'static str> {
        let found = self.places.iter().find(|(_, known)| *known == place);
        found.map(|(name, _)| *name)
    }

    fn read(
        record: &StringRecord,
        columns: &[Column],
        line: u64,
        problems: &mut Vec<Problem>,
    ) -> Option<Self> {
        if nul(record).is_some() {
            problems.push(Problem::new(line, None, ProblemCode::BadCharacter, ""));
            return None;
        }
        let names: Vec<String> = record
            .iter()
            .map(|name| name.trim().to_ascii_lowercase())
            .collect();
        let known = |name: &String| columns.iter().find(|column| column.name == name);
        let wanted = columns.iter().filter(|column| column.required);
        if names.len() > CSV_COLUMNS_MAX || !names.iter().any(|name| known(name).is_some()) {
            let all: Vec<&str> = wanted.map(|column| column.name).collect();
            problems.push(Problem::new(
                line,
                None,
                ProblemCode::WrongHeader,
                &all.join(", "),
            ));
            return None;
        }
        let mut usable = true;
        for column in wanted.filter(|column| !names.iter().any(|name| name == column.name)) {
            let name = column.name;
            problems.push(Problem::new(line, Some(name), ProblemCode::MissingColumn, name));
            usable = false;
        }
        let mut places: Vec<(&'static str, usize)> = Vec::new();
        for (place, name) in names.iter().enumerate() {
            match known(name) {
                Some(column) if places.iter().any(|(earlier, _)| *earlier == column.name) => {
                    problems.push(Problem::new(line, Some(name), ProblemCode::DuplicateColumn, name));
                    usable = false;
                }
                Some(column) => places.push((column.name, place)),
                None if problems.len() < CSV_PROBLEMS_MAX => {
                    problems.push(Problem::new(line, Some(name), ProblemCode::UnknownColumn, name));
                }
                None => {}
            }
        }
        usable.then_some(Self {
            places,
            width: names.len(),
        })
    }
}
