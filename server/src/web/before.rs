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
    /// Held no more, because the engineer's own phone has come and brings it itself.
    pub(crate) came: usize,
}

impl Before {
    /// What to tell: `pressed`, when this press decided all of it.
    pub(crate) fn done(self, pressed: Done, taken: Taken) -> Done {
        match (self.now, self.adopted + self.declined + self.came) {
            (0, 0) => Done::Not(Reason::NotNow),
            (_, 0) => pressed,
            (_, _) => Done::Before(self, taken),
        }
    }

    /// What was decided before is what the button says: pressed twice is as good as once.
    pub(crate) fn agrees(self) -> bool {
        (if self.adopt { self.declined } else { self.adopted }) + self.came == 0
    }

    /// As the cookie spells it.
    pub(crate) fn word(self) -> String {
        let button = if self.adopt { "adopt" } else { "decline" };
        let Self {
            now,
            adopted,
            declined,
            came,
            ..
        } = self;
        format!("{button}.{now}.{adopted}.{declined}.{came}")
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
            came: number()?,
        })
    }

    /// For the reader of the next page.
    pub(crate) fn text(self, lang: Lang) -> String {
        let counts = [
            ("adopted", self.adopted.to_string()),
            ("declined", self.declined.to_string()),
            ("came", self.came.to_string()),
            ("n", self.now.to_string()),
        ];
        let counts = counts.each_ref().map(|(key, value)| (*key, value.as_str()));
        let say = |word| lang.fill(word, &counts);
        let rest = (self.adopted + self.declined > 0).then(|| say(h::BEFORE_REST));
        let came = (self.came > 0).then(|| say(h::CAME_REST));
        let sentences = match (self.now, self.adopted, self.declined, self.came) {
            (0, 0, 0, _) => vec![say(h::BEFORE_CAME)],
            (0, _, 0, 0) => vec![say(h::BEFORE_ADOPTED)],
            (0, 0, _, 0) => vec![say(h::BEFORE_DECLINED)],
            (0, _, _, _) => [say(h::BEFORE_BOTH)].into_iter().chain(came).collect(),
            (_, _, _, _) => {
                let done = if self.adopt {
                    h::NOW_ADOPTED
                } else {
                    h::NOW_DECLINED
                };
                [say(done)].into_iter().chain(rest).chain(came).collect()
            }
        };
        sentences.join(if lang == Lang::En { " " } else { "" })
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
                came: 4,
            };
            assert_eq!(Before::read(&before.word()), Some(before));
        }
        for foreign in [
            "",
            "adopt",
            "seen.0.1.0.0",
            "adopt.x.1.0.0",
            "adopt.0.1.0",
            "decline.0.300.0.0",
        ] {
            assert_eq!(Before::read(foreign), None, "{foreign}");
        }
    }
}
