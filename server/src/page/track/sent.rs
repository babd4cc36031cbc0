//! What became of the form before this page: it was sent, or it was not, why, and when it can be.

use crate::page::shell::flash_box;
use crate::page::{Stamp, when};
use crate::words::{Lang, track as t};
use maud::Markup;

/// What a form did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// A message came in.
    Message,
    /// The urge was noted.
    Urge,
    /// A wished time was noted.
    Time,
    /// The rating was noted.
    Rating,
    /// The form had come in before, and others or the customer himself have gone on since.
    Before,
    /// Nothing was added.
    Not(NotSent),
}

/// Why a form was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotSent {
    /// Too much was written in a short while; possible again then.
    TooMany(Stamp),
    /// An urge counts already; the next one counts then.
    Urged(Stamp),
    /// The ticket is over, and with it what the form was for.
    Over,
    /// The engineer is there already: there is nobody to hurry.
    There,
    /// The engineer is on the way: there is no other time to ask for.
    OnTheWay,
    /// The visit has begun: there is no other time to ask for.
    Begun,
    /// There is a rating, and the first one counts.
    Rated,
    /// There is nothing to rate yet.
    Unfinished,
    /// Something in the rating is missing or wrong, and marked.
    Incomplete,
    /// The server has no time now.
    Busy,
    /// A rule said no.
    Refused,
}

impl NotSent {
    /// The whole sentence.
    pub fn text(self, lang: Lang, now: Stamp) -> String {
        let at = |word, at| lang.fill(word, &[("x", &when::short(lang, at, now))]);
        match self {
            Self::TooMany(again) => at(t::NOT_TOO_MANY, again),
            Self::Urged(again) => at(t::NOT_URGED, again),
            Self::Over => lang.t(t::NOT_OVER).to_owned(),
            Self::There => lang.t(t::NOT_THERE).to_owned(),
            Self::OnTheWay => lang.t(t::NOT_ON_THE_WAY).to_owned(),
            Self::Begun => lang.t(t::NOT_BEGUN).to_owned(),
            Self::Rated => lang.t(t::NOT_RATED).to_owned(),
            Self::Unfinished => lang.t(t::NOT_UNFINISHED).to_owned(),
            Self::Incomplete => lang.t(t::NOT_INCOMPLETE).to_owned(),
            Self::Busy => lang.t(t::NOT_BUSY).to_owned(),
            Self::Refused => lang.t(t::NOT_REFUSED).to_owned(),
        }
    }
}

/// What parts one sentence from the next.
pub(super) fn between(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "",
        Lang::En => " ",
    }
}

/// The line at the top of the progress page.
pub(super) fn sent_line(lang: Lang, now: Stamp, sent: Sent) -> Markup {
    let word = match sent {
        Sent::Message => t::SENT_MESSAGE,
        Sent::Urge => t::SENT_URGE,
        Sent::Time => t::SENT_TIME,
        Sent::Rating => t::SENT_RATING,
        Sent::Before => return flash_box(false, lang.t(t::SENT_BEFORE)),
        Sent::Not(why) => return flash_box(false, &why.text(lang, now)),
    };
    flash_box(true, lang.t(word))
}

/// The line above a form that comes back with what was entered.
pub(super) fn not_sent_line(lang: Lang, now: Stamp, why: NotSent) -> Markup {
    let kept = match why {
        NotSent::Rated | NotSent::Unfinished => t::KEPT_AS_MESSAGE,
        NotSent::TooMany(_)
        | NotSent::Urged(_)
        | NotSent::Over
        | NotSent::There
        | NotSent::OnTheWay
        | NotSent::Begun
        | NotSent::Incomplete
        | NotSent::Busy
        | NotSent::Refused => t::KEPT,
    };
    let text = format!("{}{}{}", why.text(lang, now), between(lang), lang.t(kept));
    flash_box(false, &text)
}
