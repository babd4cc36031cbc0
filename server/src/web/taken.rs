//! Of held work that was taken over, how much does not count any more, and why: told in one line of the next page, so it
//! has to fit a cookie. Taking over enters work in the engineer's own name; whether it counts the fold says.

use fieldline_model::reason::Reason;

use super::why::why;
use crate::words::{Lang, held as h};

/// So many different reasons are named.
const NAMED_MAX: usize = 3;

/// How much was taken over, and what of it does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Taken {
    all: usize,
    overruled: usize,
    named: [Option<Reason>; NAMED_MAX],
}

impl Taken {
    /// So many were taken over, and so many of them do not count, for these reasons.
    pub(crate) fn of(all: usize, mut overruled: Vec<Reason>) -> Self {
        let count = overruled.len();
        overruled.sort_by_key(|reason| reason.code());
        overruled.dedup();
        let mut named = [None; NAMED_MAX];
        for (place, reason) in named.iter_mut().zip(overruled) {
            *place = Some(reason);
        }
        Self {
            all,
            overruled: count,
            named,
        }
    }

    /// Whether all of it counts.
    pub(crate) fn is_whole(self) -> bool {
        self.overruled == 0
    }

    /// As the cookie spells it.
    pub(crate) fn word(self) -> String {
        let mut word = format!("{}.{}", self.all, self.overruled);
        for reason in self.named.into_iter().flatten() {
            word.push_str(&format!(".{}", reason.code()));
        }
        word
    }

    /// Read from a cookie, which can hold anything.
    pub(crate) fn read(word: &str) -> Option<Self> {
        let mut parts = word.split('.');
        let mut number = || parts.next()?.parse::<u8>().ok().map(usize::from);
        let (all, overruled) = (number()?, number()?);
        let named = parts.take(NAMED_MAX).map(Reason::from_code);
        Some(Self {
            overruled,
            ..Self::of(all, named.collect::<Option<Vec<Reason>>>()?)
        })
    }

    /// For the reader of the next page.
    pub(crate) fn text(self, lang: Lang) -> String {
        match (self.all, self.is_whole()) {
            (1, true) => lang.t(h::DONE_ADOPTED).to_owned(),
            (1, false) => lang.fill(h::TAKEN_DISPLACED, &[("why", &self.why(lang))]),
            (all, _) => self.after(lang, lang.fill(h::NOW_ADOPTED, &[("n", &all.to_string())])),
        }
    }

    /// What was said of it, and then what does not count.
    pub(crate) fn after(self, lang: Lang, said: String) -> String {
        if self.is_whole() {
            return said;
        }
        let space = if lang == Lang::En { " " } else { "" };
        let (count, why) = (self.overruled.to_string(), self.why(lang));
        let rest = lang.fill(h::TAKEN_OVERRULED, &[("n", &count), ("why", &why)]);
        format!("{said}{space}{rest}")
    }

    fn why(self, lang: Lang) -> String {
        let mut named: Vec<String> = Vec::new();
        for reason in self.named.into_iter().flatten() {
            // Two reasons may read alike.
            let words = why(lang, reason.code());
            if !named.contains(&words) {
                named.push(words);
            }
        }
        named.join(match lang {
            Lang::Zh => "；",
            Lang::En => "; ",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_carries_it_and_nothing_else() {
        let reasons = || vec![Reason::Reassigned, Reason::Superseded, Reason::Reassigned];
        for taken in [Taken::of(1, Vec::new()), Taken::of(30, reasons())] {
            assert_eq!(Taken::read(&taken.word()), Some(taken));
        }
        for foreign in ["", "2", "2.x", "2.1.no_code", "300.1"] {
            assert_eq!(Taken::read(foreign), None, "{foreign}");
        }
    }
}
