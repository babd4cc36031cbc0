//! The calm log: one line for each thing that happens, on standard output for people who watch, on standard error when
//! standard output belongs to the account at the end.

use std::io::Write;

use fieldline_engine::view::Card;
use fieldline_engine::words::act;
use fieldline_model::operation::Act;
use fieldline_model::reason::Lang as ModelLang;
use fieldline_server::words::{Lang, Word};
use serde_json::json;

use super::words as w;
use crate::answer::{Answer, Say};
use crate::fault::model_lang;
use crate::table::{cut, one_line, pad};
use crate::when::Clock;

/// Columns of a name and of a ticket's number.
const NAME_COLUMNS: usize = 12;
const NUMBER_COLUMNS: usize = 8;
/// Of what people write, so much is told.
const WORDS_COLUMNS: usize = 34;

/// Tells what happens.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tell {
    /// In which language.
    pub(super) lang: Lang,
    /// How to say it.
    pub(super) say: Say,
    /// Standard output is the account's.
    pub(super) aside: bool,
    /// Nothing is said: the day has not been shown yet.
    pub(super) hush: bool,
}

impl Tell {
    /// Somebody did something, to a ticket or to none.
    pub(super) fn line(&self, who: &str, ticket: &str, what: &str) {
        if self.hush {
            return;
        }
        let clock = Clock::system(self.lang);
        let now = clock.now();
        let at = format!(
            "{}:{:02}",
            clock.short(now),
            now.ms().div_euclid(1_000).rem_euclid(60)
        );
        let text = format!(
            "{at}  {}  {}  {}",
            pad(&one_line(who), NAME_COLUMNS),
            pad(&one_line(ticket), NUMBER_COLUMNS),
            one_line(what)
        );
        if self.aside {
            // A reader who closed the pipe has heard enough.
            let _ = writeln!(std::io::stderr().lock(), "{}", text.trim_end());
            return;
        }
        let json = json!({ "event": "line", "at": at, "who": who, "ticket": ticket, "what": what });
        self.say.answer(&Answer::new(text, json));
    }

    /// What an act is called in the log; readings and ticks are too many to tell.
    pub(super) fn act(&self, act: &Act) -> Option<String> {
        let plain = |word: Word| Some(self.lang.t(word).to_owned());
        match act {
            Act::Accept { .. } => plain(w::ACCEPT),
            Act::Depart { .. } => plain(w::DEPART),
            Act::Arrive { .. } => plain(w::ARRIVE),
            Act::Start { .. } => plain(w::START),
            Act::Pause { .. } => plain(w::PAUSE),
            Act::Resume { .. } => plain(w::RESUME),
            Act::UsePart { .. } => plain(w::USE_PART),
            Act::Sign { .. } => plain(w::SIGN),
            Act::Note { text } => Some(self.lang.fill(w::NOTE, &[("text", &cut(text, WORDS_COLUMNS))])),
            Act::Finish { completion, .. } => Some(
                self.lang
                    .fill(w::FINISH, &[("text", &cut(&completion.text, WORDS_COLUMNS))]),
            ),
            _ => None,
        }
    }

    /// What did not become what somebody meant.
    pub(super) fn card(&self, who: &str, card: &Card) {
        let word = if card.fate == "refused" {
            w::REFUSED
        } else {
            w::OVERRULED
        };
        let lang: ModelLang = model_lang(self.lang);
        let act = self.lang.t(act_word(&card.act));
        self.line(
            who,
            &card.number,
            &self.lang.fill(word, &[("act", act), ("why", &card.reason(lang))]),
        );
    }
}

/// Acts by their code; what nobody here knows is called a note.
fn act_word(code: &str) -> Word {
    let words = act(code).or_else(|| act("note"));
    words.map_or(Word { zh: "", en: "" }, |words| Word {
        zh: words.zh,
        en: words.en,
    })
}
