//! What had been decided about held work before somebody pressed a button: told in one line of the next page, so it has
//! to fit a cookie.

use fieldline_model::reason::Reason;

use super::frame::Done;
use super::taken::Taken;
use crate::words::{Lang, held as h};

/// What a press decided, and what of it was decided before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Before {
    /// The button says "take over".
    pub(crate) adopt: bool,
    /// Decided by this press.
    pub(crate) now: usize,
    /// Taken over before.
    pub(crate) adopted: usize,
    /// Not taken over, before.
    pub(crate) declined: usize,
}

impl Before {
    /// What to tell: `pressed`, when this press decided all of it.
    pub(crate) fn done(self, pressed: Done, taken: Taken) -> Done {
        match (self.now, self.adopted + self.declined) {
            (0, 0) => Done::Not(Reason::NotNow),
            (_, 0) => pressed,
            (_, _) => Done::Before(self, taken),
        }
    }

    /// What was decided before is what the button says: pressed twice is as good as once.
    pub(crate) fn agrees(self) -> bool {
        (if self.adopt { self.declined } else { self.adopted }) == 0
    }

    /// As the cookie spells it.
    pub(crate) fn word(self) -> String {
        let button = if self.adopt { "adopt" } else { "decline" };
        format!("{button}.{}.{}.{}", self.now, self.adopted, self.declined)
    }

    /// Read from a cookie, which can hold anything.
    pub(crate) fn read(word: &str) -> Option<Self> {
        let mut parts = word.split('.');
        let adopt = match parts.next()? {
            "adopt" => true,
            "decline" => false,
            _ => return None,
        };
        let mut number = || parts.next()?.parse::<u8>().ok().map(usize::from);
        Some(Self {
            adopt,
            now: number()?,
            adopted: number()?,
            declined: number()?,
        })
    }

    /// For the reader of the next page.
    pub(crate) fn text(self, lang: Lang) -> String {
        let counts = [
            ("adopted", self.adopted.to_string()),
            ("declined", self.declined.to_string()),
            ("n", self.now.to_string()),
        ];
        let counts = counts.each_ref().map(|(key, value)| (*key, value.as_str()));
        let before = match (self.adopted, self.declined) {
            (_, 0) => lang.t(h::BEFORE_ADOPTED).to_owned(),
            (0, _) => lang.t(h::BEFORE_DECLINED).to_owned(),
            (_, _) => lang.fill(h::BEFORE_BOTH, &counts),
        };
        if self.now == 0 {
            return before;
        }
        let done = if self.adopt {
            h::NOW_ADOPTED
        } else {
            h::NOW_DECLINED
        };
        let space = if lang == Lang::En { " " } else { "" };
        let rest = lang.fill(h::BEFORE_REST, &counts);
        format!("{}{space}{rest}", lang.fill(done, &counts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_carries_it_and_nothing_else() {
        for adopt in [true, false] {
            let before = Before {
                adopt,
                now: 2,
                adopted: 3,
                declined: 1,
            };
            assert_eq!(Before::read(&before.word()), Some(before));
        }
        for foreign in [
            "",
            "adopt",
            "seen.0.1.0",
            "adopt.x.1.0",
            "adopt.0.1",
            "decline.0.300.0",
        ] {
            assert_eq!(Before::read(foreign), None, "{foreign}");
        }
    }
}
