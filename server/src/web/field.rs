//! Fields of forms, from what was typed to values, keeping what was typed beside what is wrong with it.

use chrono::FixedOffset;
use fieldline_model::operation::Span;
use fieldline_model::plain::{is_blank, plain};
use fieldline_model::time::Timestamp;

use super::wish::{WISH_AHEAD_DAYS_MAX, is_past, is_too_far};
use super::zone;
use crate::page::form::{Field, FieldError};

/// Longest name, number or address in a form, in characters.
pub(crate) const LINE_CHARS_MAX: u32 = 120;
/// Longest note or description, in characters; in UTF-8 it fits the model's limit for texts.
pub(crate) const TEXT_CHARS_MAX: u32 = 4_000;

/// A text as people typed it: browsers send line ends as two characters, and pasted text brings stray ones.
/// One that shows nothing is empty.
pub(crate) fn clean(text: &str) -> String {
    if is_blank(text) {
        return String::new();
    }
    plain(text).trim().to_owned()
}

/// A text of at most `chars_max` characters that must not be empty.
pub(crate) fn needed(typed: &str, chars_max: u32) -> Result<String, Field> {
    let text = optional(typed, chars_max)?;
    if text.is_empty() {
        Err(Field::of(typed).wrong(FieldError::Required))
    } else {
        Ok(text)
    }
}

/// A text of at most `chars_max` characters.
pub(crate) fn optional(typed: &str, chars_max: u32) -> Result<String, Field> {
    let text = clean(typed);
    if text.chars().count() > chars_max as usize {
        Err(Field::of(typed).wrong(FieldError::TooLong(chars_max)))
    } else {
        Ok(text)
    }
}

/// Two fields that hold a span of time.
pub(crate) struct Times<'a> {
    pub(crate) from: &'a str,
    pub(crate) to: &'a str,
    pub(crate) zone: FixedOffset,
    /// The span must end after this.
    pub(crate) now: Timestamp,
}

impl Times<'_> {
    /// The span, or nothing where both fields are empty.
    pub(crate) fn optional(&self) -> Result<Option<Span>, (Field, Field)> {
        if self.from.trim().is_empty() && self.to.trim().is_empty() {
            Ok(None)
        } else {
            self.needed().map(Some)
        }
    }

    /// A wish, or nothing where both fields are empty.
    pub(crate) fn optional_wish(&self) -> Result<Option<Span>, (Field, Field)> {
        self.optional()?.map(|span| self.near(span)).transpose()
    }

    /// The span.
    pub(crate) fn needed(&self) -> Result<Span, (Field, Field)> {
        let (from, to) = (self.one(self.from), self.one(self.to));
        let wrong_to = |error| (Field::of(self.from), Field::of(self.to).wrong(error));
        match (from, to) {
            (Ok(start), Ok(end)) if start >= end => Err(wrong_to(FieldError::Order)),
            (Ok(start), Ok(end)) => match (Span { start, end }) {
                span if is_past(span, self.now) => Err(wrong_to(FieldError::Past)),
                span => Ok(span),
            },
            (from, to) => {
                let field = |typed: &str, read: Result<Timestamp, FieldError>| Field {
                    value: typed.to_owned(),
                    error: read.err(),
                };
                Err((field(self.from, from), field(self.to, to)))
            }
        }
    }

    /// The wish, which begins today or later: whoever says "today from nine" at ten means the rest of it.
    pub(crate) fn wish_from_today(&self) -> Result<Span, (Field, Field)> {
        let span = self.needed()?;
        let (today, _) = zone::day_of(self.now, self.zone);
        if span.start < today {
            return Err((Field::of(self.from).wrong(FieldError::Past), Field::of(self.to)));
        }
        self.near(span)
    }

    /// The span, if a visit may be wished that far ahead.
    fn near(&self, span: Span) -> Result<Span, (Field, Field)> {
        let (from, to) = (Field::of(self.from), Field::of(self.to));
        let error = FieldError::TooFar(WISH_AHEAD_DAYS_MAX);
        match [span.start, span.end].map(|at| is_too_far(at, self.now)) {
            [true, _] => Err((from.wrong(error), to)),
            [false, true] => Err((from, to.wrong(error))),
            [false, false] => Ok(span),
        }
    }

    fn one(&self, typed: &str) -> Result<Timestamp, FieldError> {
        if typed.trim().is_empty() {
            return Err(FieldError::Required);
        }
        zone::typed(typed, self.zone).ok_or(FieldError::Time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times<'a>(from: &'a str, to: &'a str) -> Times<'a> {
        let zone = FixedOffset::east_opt(8 * 3600).unwrap();
        let now = zone::typed("2026-11-20T12:00", zone).unwrap();
        Times { from, to, zone, now }
    }

    #[test]
    fn text_loses_stray_characters_and_nothing_else() {
        assert_eq!(clean(" a\r\nb\rc\u{0} <i>  "), "a\nb\nc <i>");
        assert_eq!(clean("\u{202d}139\u{202c} \u{200e}a"), "139 \u{200e}a");
        assert_eq!(needed("  ", 5).unwrap_err().error, Some(FieldError::Required));
        assert_eq!(
            needed("六个字太长了", 5).unwrap_err().error,
            Some(FieldError::TooLong(5))
        );
    }

    #[test]
    fn a_span_says_what_is_wrong_and_keeps_what_was_typed() {
        assert!(times("2026-11-20T13:00", "2026-11-20T14:00").needed().is_ok());
        assert_eq!(times("", " ").optional(), Ok(None));
        let (from, to) = times("soon", "").optional().unwrap_err();
        assert_eq!(
            (from.value.as_str(), from.error),
            ("soon", Some(FieldError::Time))
        );
        assert_eq!(to.error, Some(FieldError::Required));
        let (_, to) = times("2026-11-20T13:00", "2026-11-20T13:00")
            .needed()
            .unwrap_err();
        assert_eq!(to.error, Some(FieldError::Order));
        let (_, to) = times("2026-11-19T13:00", "2026-11-20T12:00")
            .needed()
            .unwrap_err();
        assert_eq!(to.error, Some(FieldError::Past));
    }

    #[test]
    fn a_wish_begins_today_or_later() {
        for begins in ["2016-11-20T13:00", "2026-11-19T23:59"] {
            let (from, to) = times(begins, "2026-11-20T14:00").wish_from_today().unwrap_err();
            assert_eq!(
                (from.value.as_str(), from.error),
                (begins, Some(FieldError::Past))
            );
            assert_eq!(to.error, None);
        }
        for begins in ["2026-11-20T00:00", "2026-11-20T09:00", "2026-11-20T13:00"] {
            assert!(
                times(begins, "2026-11-20T14:00").wish_from_today().is_ok(),
                "{begins}"
            );
        }
    }

    /// A visit was wished for the year 2099, and kept.
    #[test]
    fn a_wish_lies_within_a_year() {
        let too_far = Some(FieldError::TooFar(WISH_AHEAD_DAYS_MAX));
        let errors = |wish: Result<Option<Span>, (Field, Field)>| {
            let (from, to) = wish.unwrap_err();
            (from.error, to.error)
        };
        let far = times("2099-01-01T09:00", "2099-01-01T10:00");
        assert_eq!(errors(far.optional_wish()), (too_far, None));
        assert_eq!(errors(far.wish_from_today().map(Some)), (too_far, None));
        let long = times("2026-11-21T09:00", "2099-01-01T10:00");
        assert_eq!(errors(long.optional_wish()), (None, too_far));
        assert!(
            times("2027-11-20T09:00", "2027-11-20T10:00")
                .wish_from_today()
                .is_ok()
        );
        // A plan is HQ's own matter.
        assert!(far.needed().is_ok());
    }
}
