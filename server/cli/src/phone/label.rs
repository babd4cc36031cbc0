//! Codes of the engine as people read them.

use fieldline_engine::words::{self, Words};
use fieldline_model::fold::Phase;
use fieldline_model::operation::{DeclineReason, PauseReason, Priority};
use fieldline_server::words::{Lang, Word};

use crate::words::phone as w;

/// The engine's words as this program's.
pub(super) const fn word(words: Words) -> Word {
    Word {
        zh: words.zh,
        en: words.en,
    }
}

/// An unknown code stays as it is.
fn known(lang: Lang, words: Option<Words>, code: &str) -> &str {
    words.map_or(code, |words| lang.t(word(words)))
}

/// A ticket's status; an unknown code stays as it is.
pub(super) fn status(lang: Lang, code: &str) -> &str {
    known(lang, words::status(code), code)
}

/// A visit's phase; an unknown code stays as it is.
pub(super) fn phase(lang: Lang, code: &str) -> &str {
    known(lang, words::phase(code), code)
}

/// A phase with its reason.
pub(super) fn phase_whole(lang: Lang, state: Phase) -> String {
    let word = phase(lang, state.word());
    match state {
        Phase::Declined(reason) => format!("{word} ({})", lang.t(decline(reason))),
        Phase::Paused(reason) => format!("{word} ({})", lang.t(pause(reason))),
        Phase::Offered | Phase::Accepted | Phase::EnRoute | Phase::Arrived | Phase::Working | Phase::Done => {
            word.to_owned()
        }
    }
}

/// Why a visit was turned down.
pub(super) fn decline(reason: DeclineReason) -> Word {
    word(words::decline(reason))
}

/// Why work rests.
pub(super) fn pause(reason: PauseReason) -> Word {
    word(words::pause(reason))
}

/// How urgent.
pub(super) fn priority(priority: Priority) -> Word {
    word(words::priority(priority))
}

/// An act by its code; an unknown code stays as it is.
pub(super) fn act(lang: Lang, code: &str) -> &str {
    known(lang, words::act(code), code)
}

/// Why something waits, as the end of a line; an unknown code stays as it is.
pub(super) fn waiting(lang: Lang, code: &str) -> &str {
    known(lang, words::waiting(code), code)
}

/// What became of an operation; `displaced` where it was merged at first.
pub(super) fn fate(lang: Lang, code: &str) -> &str {
    known(lang, words::fate(code), code)
}

/// Where a photo is; an unknown code stays as it is.
pub(super) fn photo_state(lang: Lang, code: &str) -> &str {
    known(lang, words::photo_state(code), code)
}

/// How a part is kept for a ticket; an unknown code stays as it is.
pub(super) fn kept(lang: Lang, code: &str) -> &str {
    known(lang, words::kept(code), code)
}

/// Acts that follow now: the command to type, with its word in Chinese.
pub(super) fn next(lang: Lang, codes: &[&str]) -> String {
    let one = |code: &&str| match lang {
        _ if *code == "could_not" => lang.t(w::NEXT_COULD_NOT).replace('`', ""),
        Lang::Zh => format!("{} ({code})", act(lang, code)),
        Lang::En => (*code).to_owned(),
    };
    codes.iter().map(one).collect::<Vec<_>>().join(match lang {
        Lang::Zh => "、",
        Lang::En => ", ",
    })
}
