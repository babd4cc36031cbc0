//! What all reference rows share: reading one, checking a body, writing it.

use fieldline_model::operation::TEXT_BYTES_MAX;
use fieldline_model::plain::{is_blank, is_reordering};
use fieldline_model::row::{Row, RowKind};
use fieldline_model::rules::{WORD_CHARS_MAX, is_long_word};

use super::answer::{no_such, unknown};
use super::shape::Place;
use super::wrong;
use crate::app::App;
use crate::hq_row::HqRow;
use crate::problem::{Code, Problem, Said, longest_text};
use crate::store::StoreError;
use crate::store::hq_row::sla_plan_get;
use crate::store::reference::row_get;
use crate::store::taken::Unique;

/// Most words of a list such as skills or models.
const WORDS_MAX: usize = 200;
/// Shortest and longest phone number, in digits.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 5..=20;

/// What must hold of a body: found wrong at once, or references to be looked up.
#[derive(Debug, Clone, Default)]
pub(super) struct Checks {
    wrong: Option<Said>,
    references: Vec<(&'static str, RowKind, String)>,
    plan: Option<String>,
    unique: Vec<Unique>,
}

impl Checks {
    /// Something that must hold; otherwise what the field takes, in Chinese and English.
    pub(super) fn that(mut self, holds: bool, field: &str, (zh, en): (&str, &str)) -> Self {
        if !holds && self.wrong.is_none() {
            self.wrong = Some(wrong::field(field, &Said::new(zh, en)));
        }
        self
    }

    /// Not blank, and no longer than a word may be.
    pub(super) fn word(self, field: &str, word: &str) -> Self {
        self.that(!is_blank(word), field, ("不能为空", "must not be empty"))
            .short(field, word)
    }

    /// No longer than a word may be, without characters that end its line or reorder it.
    pub(super) fn short(self, field: &str, word: &str) -> Self {
        let plain = !word.contains(|c: char| c.is_control() || is_reordering(c));
        let zh = format!("最多 {WORD_CHARS_MAX} 个字符，只能有一行");
        let en = format!("at most {WORD_CHARS_MAX} characters on one line");
        self.that(!is_long_word(word) && plain, field, (&zh, &en))
    }

    /// No longer than a text may be.
    pub(super) fn text(self, field: &str, text: &str) -> Self {
        let longest = longest_text();
        self.that(text.len() <= TEXT_BYTES_MAX, field, (&longest.zh, &longest.en))
    }

    /// A text of which something can be read, where there is one.
    pub(super) fn said(self, field: &str, text: Option<&str>) -> Self {
        let blank = text.is_some_and(is_blank);
        self.that(!blank, field, ("不能为空", "must not be empty"))
    }

    /// A word where there is one.
    pub(super) fn maybe(self, field: &str, word: Option<&str>) -> Self {
        word.into_iter()
            .fold(self, |checks, word| checks.word(field, word))
    }

    /// A list of words.
    pub(super) fn words(self, field: &str, words: &[String]) -> Self {
        let checks = self.count(field, words.len(), WORDS_MAX);
        words
            .iter()
            .take(WORDS_MAX)
            .fold(checks, |checks, word| checks.word(field, word))
    }

    /// No more entries than this.
    pub(super) fn count(self, field: &str, count: usize, count_max: usize) -> Self {
        self.that(count <= count_max, field, ("条目太多", "too many entries"))
    }

    /// Digits, perhaps after a `+`.
    pub(super) fn phone(self, field: &str, phone: &str) -> Self {
        let digits = phone.strip_prefix('+').unwrap_or(phone);
        let good = PHONE_DIGITS.contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        self.that(
            good,
            field,
            (
                "5 到 20 位数字，前面可以有 +",
                "5 to 20 digits, perhaps after a +",
            ),
        )
    }

    /// A day of the calendar.
    pub(super) fn date(self, field: &str, date: Option<&str>) -> Self {
        let good =
            |date: &str| date.len() == 10 && chrono::NaiveDate::parse_from_str(date, "%Y-%m-%d").is_ok();
        self.that(
            date.is_none_or(good),
            field,
            ("应为 2026-08-31 这样的日期", "a day like 2026-08-31"),
        )
    }

    /// A place on earth.
    pub(super) fn place(self, field: &str, place: Option<Place>) -> Self {
        let good = |place: Place| fieldline_model::operation::Position::from(place).is_valid();
        self.that(
            place.is_none_or(good),
            field,
            ("应为地球上的经纬度", "degrees on earth"),
        )
    }

    /// A row that must be there.
    pub(super) fn exists(mut self, field: &'static str, kind: RowKind, id: impl std::fmt::Display) -> Self {
        self.references.push((field, kind, id.to_string()));
        self
    }

    /// An SLA plan that must be there, where one is named.
    pub(super) fn plan(mut self, code: Option<&str>) -> Self {
        self.plan = code.map(str::to_owned);
        self.maybe("sla_plan", code)
    }

    /// What no other row may have. A value the row has already stays, whoever else has it: it was taken before.
    pub(super) fn unique<T: PartialEq>(mut self, old: Option<&T>, new: &T, unique: Option<Unique>) -> Self {
        if old != Some(new) {
            self.unique.extend(unique);
        }
        self
    }

    pub(super) async fn run(self, app: &App) -> Result<(), Problem> {
        if let Some(wrong) = self.wrong {
            return Err(Problem::new(Code::Invalid).said(wrong));
        }
        let (references, plan) = (self.references, self.plan);
        if references.is_empty() && plan.is_none() {
            return Ok(());
        }
        let missing = move |connection: &rusqlite::Connection| {
            for (field, kind, id) in references {
                if row_get(connection, kind, &id)?.is_none() {
                    return Ok(Some(field));
                }
            }
            let plan = plan.map(|code| sla_plan_get(connection, &code)).transpose()?;
            Ok(plan.is_some_and(|found| found.is_none()).then_some("sla_plan"))
        };
        app.store()
            .read::<_, StoreError>(missing)
            .await?
            .map_or(Ok(()), |field| Err(no_such(field)))
    }
}

/// One row in its resource's shape.
pub(super) async fn get_row<T>(
    app: &App,
    kind: RowKind,
    id: &str,
    of: impl FnOnce(Row) -> Option<T>,
) -> Result<T, Problem> {
    let id = id.to_owned();
    let found = app
        .store()
        .read::<_, StoreError>(move |connection| row_get(connection, kind, &id))
        .await?;
    found.and_then(of).ok_or_else(unknown)
}

/// Writes a row that passes its checks.
pub(super) async fn put_row(app: &App, checks: Checks, row: Row) -> Result<(), Problem> {
    put_row_and(app, checks, row, Vec::new()).await
}

/// As [`put_row`], with what HQ keeps beside it.
pub(super) async fn put_row_and(
    app: &App,
    checks: Checks,
    row: Row,
    kept: Vec<HqRow>,
) -> Result<(), Problem> {
    let unique = checks.unique.clone();
    checks.run(app).await?;
    let taken = app.put_unique(row, kept, unique).await?;
    taken.map_or(Ok(()), |taken| Err(other_has(&taken)))
}

/// As an import says it.
fn other_has(taken: &Unique) -> Problem {
    let (code, field) = match taken {
        Unique::EngineerPhone(_) => (Code::PhoneTaken, "phone"),
        Unique::EngineerVan(_) => (Code::Duplicate, "van"),
        Unique::PartNumber(_) => (Code::Duplicate, "number"),
        Unique::AssetSerial(_) => (Code::Duplicate, "serial"),
    };
    Problem::new(code).said(wrong::field(field, &Said::new("已被使用", "taken")))
}
