//! What the customer can do: urge with one button, write and wish another time on small pages of their own.
//!
//! Fields have their own pages because the progress page reloads itself, and what someone is typing must not vanish.

use super::sent::{NotSent, between, not_sent_line};
use super::{document, header};
use crate::page::form::{self, Choice, Field, Input, labelled};
use crate::page::icon::{Icon, icon};
use crate::page::shell::flash_box;
use crate::page::{Stamp, paths, when};
use crate::words::{Lang, Word, shared as s, track as t};
use maud::{Markup, html};

/// What may be done now.
#[derive(Debug, Clone)]
pub struct ActView {
    /// Urging.
    pub urge: Urge,
    /// Writing a message.
    pub message: bool,
    /// Wishing another time.
    pub other_time: bool,
    /// Too much was written in a short while; possible again then.
    pub again: Option<Stamp>,
    /// Value of the hidden `once` field: a form sent twice counts once.
    pub once: String,
}

/// Whether the customer may urge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urge {
    /// Not at this stage.
    No,
    /// Now.
    Yes,
    /// Was done at the first moment, possible again at the second.
    Done(Stamp, Option<Stamp>),
}

/// A line of the conversation.
#[derive(Debug, Clone)]
pub struct Message {
    /// The name shown for the company's side; `None` is the customer.
    pub from: Option<String>,
    /// When.
    pub at: Stamp,
    /// The text.
    pub text: String,
}

/// The page on which a message is written or a time is wished.
#[derive(Debug, Clone)]
pub struct TrackFormView {
    /// The token of the address.
    pub token: String,
    /// The company.
    pub company: String,
    /// The ticket's number.
    pub number: String,
    /// Value of the hidden `once` field.
    pub once: String,
    /// Which form.
    pub form: TrackForm,
    /// Why it comes back although nothing in it is wrong.
    pub not: Option<NotSent>,
}

/// Which form, with what was typed.
#[derive(Debug, Clone)]
pub enum TrackForm {
    /// A message of at most so many characters. Posts `text`.
    Message(Field, u32),
    /// Another time. Posts `slot`, or `from` and `to`.
    Time {
        /// Times the company can offer.
        slots: Vec<Choice>,
        /// The chosen one.
        slot: Field,
        /// Own wish, start.
        from: Field,
        /// Own wish, end.
        to: Field,
    },
}

/// The buttons.
pub(super) fn actions(lang: Lang, now: Stamp, token: &str, view: &ActView) -> Markup {
    html! {
        section.acts aria-label=(lang.t(t::WHAT_YOU_CAN_DO)) {
            @match view.urge {
                Urge::No => {},
                Urge::Yes => form method="post" action=(paths::track_act(token, "urge")) {
                    input type="hidden" name="once" value=(view.once);
                    button { (icon(Icon::Bell)) (lang.t(t::URGE)) }
                },
                Urge::Done(at, again) => p.full {
                    (lang.fill(t::URGED_AT, &[("x", &when::short(lang, at, now))]))
                    @if let Some(again) = again { (between(lang)) (lang.fill(t::URGE_LATER, &[("x", &when::short(lang, again, now))])) }
                },
            }
            @if view.message { a.button href=(paths::track_act(token, "message")) { (icon(Icon::Speech)) (lang.t(t::MESSAGE)) } }
            @if let Some(again) = view.again { p.full { (lang.fill(t::WRITE_LATER, &[("x", &when::short(lang, again, now))])) } }
            @if view.other_time { a.button href=(paths::track_act(token, "time")) { (icon(Icon::Calendar)) (lang.t(t::OTHER_TIME)) } }
        }
    }
}

/// The conversation; absent while it is empty.
pub(super) fn messages(lang: Lang, now: Stamp, messages: &[Message]) -> Markup {
    html! {
        @if !messages.is_empty() {
            section aria-labelledby="messages" {
                h2 #messages { (lang.t(t::MESSAGES)) }
                ul.messages { @for message in messages { li {
                    p.typed { (message.text) }
                    p.quiet.small { (message.from.as_deref().unwrap_or(lang.t(t::FROM_YOU))) " · " (when::time(message.at, &when::short(lang, message.at, now))) }
                } } }
            }
        }
    }
}

/// What a form does, and what it is called.
fn act_of(form: &TrackForm) -> (&'static str, Word) {
    match form {
        TrackForm::Message(..) => ("message", t::MESSAGE),
        TrackForm::Time { .. } => ("time", t::OTHER_TIME),
    }
}

/// The page of a form.
pub fn track_form(lang: Lang, now: Stamp, view: &TrackFormView) -> Markup {
    let (act, title) = act_of(&view.form);
    let body = html! {
        (header(lang, &view.company, &view.number, &view.token))
        main {
            h1 { (lang.t(title)) }
            @if let Some(why) = view.not { (not_sent_line(lang, now, why)) }
            form method="post" action=(paths::track_act(&view.token, act)) {
                input type="hidden" name="once" value=(view.once);
                (fields(lang, &view.form))
                button.primary { (lang.t(t::SEND)) }
            }
            p { a.button href=(paths::track(&view.token)) { (lang.t(t::BACK_TO_TICKET)) } }
        }
    };
    document(lang, lang.t(title), false, &body)
}

/// Why there is no form now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shut {
    /// The ticket is over, and there is nothing left to plan.
    Over,
    /// The engineer is on the way.
    OnTheWay,
    /// The visit has begun.
    Begun,
    /// Too much was written in a short while; possible again then.
    Until(Stamp),
}

impl Shut {
    fn text(self, lang: Lang, now: Stamp) -> String {
        match self {
            Self::Over => lang.t(t::TIME_OVER).to_owned(),
            Self::OnTheWay => lang.t(t::TIME_ON_THE_WAY).to_owned(),
            Self::Begun => lang.t(t::TIME_BEGUN).to_owned(),
            Self::Until(again) => lang.fill(t::WRITE_LATER, &[("x", &when::short(lang, again, now))]),
        }
    }

    /// Whether a message may be sent all the same.
    fn leaves_message(self) -> bool {
        !matches!(self, Self::Until(_))
    }
}

/// The page in place of a form that could not be sent.
pub fn track_shut(lang: Lang, now: Stamp, view: &TrackFormView, why: Shut) -> Markup {
    let (_, title) = act_of(&view.form);
    let body = html! {
        (header(lang, &view.company, &view.number, &view.token))
        main {
            h1 { (lang.t(title)) }
            (flash_box(false, &why.text(lang, now)))
            p.acts {
                @if why.leaves_message() {
                    a.button href=(paths::track_act(&view.token, "message")) { (icon(Icon::Speech)) (lang.t(t::MESSAGE)) }
                }
                a.button href=(paths::track(&view.token)) { (lang.t(t::BACK_TO_TICKET)) }
            }
        }
    };
    document(lang, lang.t(title), false, &body)
}

fn fields(lang: Lang, form: &TrackForm) -> Markup {
    match form {
        TrackForm::Message(text, limit) => {
            let hint = lang.fill(t::MESSAGE_HINT, &[("n", &limit.to_string())]);
            html! {
                (form::error_summary(lang, text.error.is_some()))
                (labelled(lang, lang.t(t::MESSAGE_TEXT), "text", Input::Text, text, Some(&hint)))
            }
        }
        TrackForm::Time {
            slots,
            slot,
            from,
            to,
        } => html! {
            (form::error_summary(lang, [slot, from, to].into_iter().any(|f| f.error.is_some())))
            p.quiet { (lang.t(t::TIME_HINT)) }
            @if !slots.is_empty() {
                (labelled(lang, lang.t(t::TIME_PICK), "slot", Input::Select(slots, Some(lang.t(t::TIME_OTHER))), slot, None))
            }
            (labelled(lang, &optional(lang, t::TIME_FROM, !slots.is_empty()), "from", Input::Time, from, None))
            (labelled(lang, &optional(lang, t::TIME_TO, !slots.is_empty()), "to", Input::Time, to, None))
        },
    }
}

fn optional(lang: Lang, word: Word, optional: bool) -> String {
    if optional {
        format!("{}{}", lang.t(word), lang.t(s::OPTIONAL))
    } else {
        lang.t(word).to_owned()
    }
}
