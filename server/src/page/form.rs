//! Pieces of forms: labelled fields with their errors, hidden fields, times.

use super::shell::Frame;
use super::{Stamp, shell};
use crate::words::{Lang, shared as s};
use maud::{Markup, html};

/// What is wrong with one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldError {
    /// Nothing was given.
    Required,
    /// It names nothing we have.
    Unknown,
    /// More characters than this.
    TooLong(u32),
    /// Not a time.
    Time,
    /// Lies in the past.
    Past,
    /// More than so many days ahead.
    TooFar(u32),
    /// The end is not after the start.
    Order,
    /// Not a telephone number.
    Number,
    /// Somebody assigned, moved or went on with the visit after the page was opened.
    Meanwhile,
    /// The ticket was ended or reopened after the page was opened.
    TurnedMeanwhile,
    /// Not a whole number from nought to this.
    Quantity(u32),
    /// No phone was named.
    WhichPhone,
    /// Of the phones that were named some are revoked already.
    RevokedBefore,
    /// A new customer's lines are filled in, and there is a customer of that name.
    KnownByNow,
    /// Several customers have this name.
    Several,
    /// The machine is another customer's.
    OtherCustomer,
}

impl FieldError {
    /// The sentence under the field.
    pub fn text(self, lang: Lang) -> String {
        match self {
            FieldError::Required => lang.t(s::ERR_REQUIRED).to_owned(),
            FieldError::Unknown => lang.t(s::ERR_UNKNOWN).to_owned(),
            FieldError::TooLong(n) => lang.fill(s::ERR_TOO_LONG, &[("n", &n.to_string())]),
            FieldError::Time => lang.t(s::ERR_TIME).to_owned(),
            FieldError::Past => lang.t(s::ERR_PAST).to_owned(),
            FieldError::TooFar(n) => lang.fill(s::ERR_TOO_FAR, &[("n", &n.to_string())]),
            FieldError::Order => lang.t(s::ERR_ORDER).to_owned(),
            FieldError::Number => lang.t(s::ERR_NUMBER).to_owned(),
            FieldError::Quantity(n) => lang.fill(s::ERR_QUANTITY, &[("n", &n.to_string())]),
            FieldError::Meanwhile => lang.t(s::ERR_MEANWHILE).to_owned(),
            FieldError::TurnedMeanwhile => lang.t(s::ERR_TURNED_MEANWHILE).to_owned(),
            FieldError::WhichPhone => lang.t(s::ERR_WHICH_PHONE).to_owned(),
            FieldError::RevokedBefore => lang.t(s::ERR_REVOKED_BEFORE).to_owned(),
            FieldError::KnownByNow => lang.t(s::ERR_KNOWN_BY_NOW).to_owned(),
            FieldError::Several => lang.t(s::ERR_SEVERAL).to_owned(),
            FieldError::OtherCustomer => lang.t(s::ERR_OTHER_CUSTOMER).to_owned(),
        }
    }
}

/// A field as it was sent, with what is wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Field {
    /// What was typed, or the value to begin with.
    pub value: String,
    /// What is wrong, if something is.
    pub error: Option<FieldError>,
}

impl Field {
    /// A field holding `value`.
    pub fn of(value: impl Into<String>) -> Field {
        Field {
            value: value.into(),
            error: None,
        }
    }

    /// The same field, marked.
    pub fn wrong(mut self, error: FieldError) -> Field {
        self.error = Some(error);
        self
    }
}

/// One choice of a select.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub text: String,
}

/// How a field is filled in.
#[derive(Debug, Clone, Copy)]
pub enum Input<'a> {
    /// One line.
    Line,
    /// Several lines.
    Text,
    /// Date and time.
    Time,
    /// One line with suggestions, sent as `value`.
    Pick(&'a [Choice]),
    /// One of these; the text is what stands for "none yet".
    Select(&'a [Choice], Option<&'a str>),
}

/// A labelled field. `name` is also its id, so it must be unique on the page; use [`labelled_as`] where it is not.
pub fn labelled(
    lang: Lang,
    label: &str,
    name: &str,
    input: Input<'_>,
    field: &Field,
    hint: Option<&str>,
) -> Markup {
    labelled_as(name, lang, label, name, input, field, hint)
}

/// A labelled field with its own id.
pub fn labelled_as(
    id: &str,
    lang: Lang,
    label: &str,
    name: &str,
    input: Input<'_>,
    field: &Field,
    hint: Option<&str>,
) -> Markup {
    let describes = described_by(id, field, hint);
    html! {
        div.field {
            label for=(id) { (label) }
            @if let Some(hint) = hint { p.hint id={(id) "-hint"} { (hint) } }
            (control(id, name, input, field, describes.as_deref()))
            @if let Some(error) = field.error { p.error id={(id) "-error"} { (error.text(lang)) } }
        }
    }
}

fn described_by(id: &str, field: &Field, hint: Option<&str>) -> Option<String> {
    match (field.error.is_some(), hint.is_some()) {
        (true, true) => Some(format!("{id}-error {id}-hint")),
        (true, false) => Some(format!("{id}-error")),
        (false, true) => Some(format!("{id}-hint")),
        (false, false) => None,
    }
}

/// The control alone, for a place that labels it in its own way.
pub fn control(id: &str, name: &str, input: Input<'_>, field: &Field, describes: Option<&str>) -> Markup {
    let invalid = field.error.map(|_| "true");
    let value = field.value.as_str();
    html! {
        @match input {
            Input::Line => input id=(id) name=(name) value=(value) autocomplete="off" aria-invalid=[invalid] aria-describedby=[describes];,
            Input::Time => input type="datetime-local" id=(id) name=(name) value=(value) aria-invalid=[invalid] aria-describedby=[describes];,
            Input::Text => textarea id=(id) name=(name) rows="4" aria-invalid=[invalid] aria-describedby=[describes] { (value) },
            Input::Pick(choices) => {
                input id=(id) name=(name) value=(value) list={(id) "-list"} autocomplete="off" aria-invalid=[invalid] aria-describedby=[describes];
                datalist id={(id) "-list"} { @for c in choices { option value=(c.value) { (c.text) } } }
            },
            Input::Select(choices, none) => select id=(id) name=(name) aria-invalid=[invalid] aria-describedby=[describes] {
                @if let Some(none) = none { option value="" { (none) } }
                @if invalid.is_some() && is_foreign(choices, value) { option value=(value) selected { (value) } }
                @for c in choices { option value=(c.value) selected[c.value == value] { (c.text) } }
            },
        }
    }
}

/// Whether the value is none of the choices: then it stays as it was sent, so that the error has its object.
fn is_foreign(choices: &[Choice], value: &str) -> bool {
    !value.is_empty() && choices.iter().all(|choice| choice.value != value)
}

/// The hidden fields of every HQ form.
pub fn hidden(frame: &Frame) -> Markup {
    html! {
        input type="hidden" name="csrf" value=(frame.csrf);
        input type="hidden" name="once" value=(frame.once);
    }
}

/// The hidden field that says who was to come when the page was drawn.
pub fn hidden_assigned(assigned: &str) -> Markup {
    html! { input type="hidden" name="assigned" value=(assigned); }
}

/// The hidden field that says what had ended or reopened the ticket last when the page was drawn.
pub fn hidden_turned(turned: &str) -> Markup {
    html! { input type="hidden" name="turned" value=(turned); }
}

/// The box above a form in which something is wrong.
pub fn error_summary(lang: Lang, wrong: bool) -> Markup {
    html! { @if wrong { (shell::flash_box(false, lang.t(s::ERR_SUMMARY))) } }
}

/// A moment as a `datetime-local` input wants it.
pub fn local_value(at: Stamp) -> String {
    at.format("%Y-%m-%dT%H:%M").to_string()
}
