//! The cells of one row: fetches a value by column name and notes what is wrong with it.

use super::problem::{Problem, ProblemCode};
use super::{CSV_LIST_MAX, CSV_VALUE_CHARS_MAX, value};
use crate::company::Position;
use csv::StringRecord;
use std::collections::{BTreeMap, BTreeSet};

/// Keys seen so far and the line each was first on.
pub(super) type Seen = BTreeMap<String, u64>;

pub(super) struct Cells<'a> {
    line: u64,
    record: &'a StringRecord,
    places: &'a [(&'static str, usize)],
    problems: Vec<Problem>,
}

impl<'a> Cells<'a> {
    pub(super) fn new(line: u64, record: &'a StringRecord, places: &'a [(&'static str, usize)]) -> Self {
        Self {
            line,
            record,
            places,
            problems: Vec::new(),
        }
    }

    pub(super) fn line(&self) -> u64 {
        self.line
    }

    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    pub(super) fn problem(&mut self, column: &str, code: ProblemCode, detail: &str) {
        self.problems
            .push(Problem::new(self.line, Some(column), code, detail));
    }

    /// The value, or none when the cell is empty or the column left out.
    pub(super) fn optional(&mut self, column: &'static str) -> Option<&'a str> {
        let place = self.places.iter().find(|(name, _)| *name == column)?.1;
        let text = self.record.get(place)?.trim();
        if text.chars().nth(CSV_VALUE_CHARS_MAX).is_some() {
            self.problem(column, ProblemCode::TooLong, &CSV_VALUE_CHARS_MAX.to_string());
            return None;
        }
        (!text.is_empty()).then_some(text)
    }

    /// The value as text of its own, empty when there is none.
    pub(super) fn text(&mut self, column: &'static str) -> String {
        self.optional(column).unwrap_or_default().to_owned()
    }

    /// The value; an empty cell is a problem.
    pub(super) fn required(&mut self, column: &'static str) -> Option<String> {
        let noted = self.problems.len();
        let found = self.optional(column).map(str::to_owned);
        if found.is_none() && self.problems.len() == noted {
            self.problem(column, ProblemCode::MissingValue, "");
        }
        found
    }

    /// A required key that no earlier line had.
    pub(super) fn unique(&mut self, column: &'static str, seen: &mut Seen) -> Option<String> {
        let key = self.required(column)?;
        self.note_key(column, &key, seen).then_some(key)
    }

    /// Whether no earlier line had this key; notes it either way. `p001` and `P001` are one number to people.
    pub(super) fn note_key(&mut self, column: &'static str, key: &str, seen: &mut Seen) -> bool {
        let key = key.to_lowercase();
        match seen.get(&key).copied() {
            Some(first) => {
                self.problem(column, ProblemCode::Duplicate, &first.to_string());
                false
            }
            None => {
                seen.insert(key, self.line);
                true
            }
        }
    }

    /// A required phone number, as digits with an optional leading `+`.
    pub(super) fn phone(&mut self, column: &'static str) -> Option<String> {
        let text = self.required(column)?;
        self.converted(column, ProblemCode::BadPhone, &text, value::phone(&text))
    }

    /// A date as `YYYY-MM-DD`.
    pub(super) fn date(&mut self, column: &'static str) -> Option<String> {
        let text = self.optional(column)?;
        self.converted(column, ProblemCode::BadDate, text, value::date(text))
    }

    /// A number read by `read`.
    pub(super) fn number<N>(
        &mut self,
        column: &'static str,
        read: impl FnOnce(&str) -> Option<N>,
    ) -> Option<N> {
        let text = self.optional(column)?;
        self.converted(column, ProblemCode::BadNumber, text, read(text))
    }

    /// Two columns that make a point: both or neither.
    pub(super) fn position(&mut self, lat: &'static str, lon: &'static str) -> Option<Position> {
        match (self.optional(lat).is_some(), self.optional(lon).is_some()) {
            (true, false) => self.problem(lon, ProblemCode::MissingValue, ""),
            (false, true) => self.problem(lat, ProblemCode::MissingValue, ""),
            (true, true) | (false, false) => {}
        }
        let lat = self.number(lat, |text| value::degrees(text, 90.0));
        let lon = self.number(lon, |text| value::degrees(text, 180.0));
        Some(Position { lat: lat?, lon: lon? })
    }

    /// The values between `|` in one cell.
    pub(super) fn list(&mut self, column: &'static str) -> Vec<&'a str> {
        let Some(text) = self.optional(column) else {
            return Vec::new();
        };
        let values: Vec<&str> = text
            .split('|')
            .map(str::trim)
            .filter(|value| !value.is_empty())
            .collect();
        if values.len() > CSV_LIST_MAX {
            self.problem(column, ProblemCode::TooLong, &CSV_LIST_MAX.to_string());
        }
        values
    }

    /// Notes every value that is not among the known ones.
    pub(super) fn refer<'v>(
        &mut self,
        column: &str,
        values: impl IntoIterator<Item = &'v str>,
        known: &BTreeSet<String>,
    ) {
        for value in values {
            if !known.contains(value) {
                self.problem(column, ProblemCode::UnknownReference, value);
            }
        }
    }

    fn converted<V>(&mut self, column: &str, code: ProblemCode, text: &str, value: Option<V>) -> Option<V> {
        if value.is_none() {
            self.problem(column, code, text);
        }
        value
    }
}
