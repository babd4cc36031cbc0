//! Of held work that was to be taken over together, how much was, what was not, and why: told in one line of the next
//! page, so it has to fit a cookie.

use fieldline_model::reason::Reason;

use super::frame::Step;
use super::why::why;
use crate::words::{Lang, held as h};

/// So many of what stays held are named; the rest is counted.
const NAMED_MAX: usize = 4;
/// How the cookie spells that something earlier is held still: no reason has this code.
const EARLIER: &str = "first";

/// Why something stays held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hindrance {
    /// A rule would not have it.
    Rule(Reason),
    /// What it was built on is held still.
    Earlier,
}

/// What stays held, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) step: Step,
    pub(crate) why: Hindrance,
}

/// How a decision about several ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Partly {
    taken: usize,
    kept: usize,
    named: [Option<Kept>; NAMED_MAX],
}

impl Partly {
    /// So many were taken over, these were not.
    pub(crate) fn of(taken: usize, kept: &[Kept]) -> Self {
        let mut named = [None; NAMED_MAX];
        for (place, one) in named.iter_mut().zip(kept) {
            *place = Some(*one);
        }
        Self {
            taken,
            kept: kept.len(),
            named,
        }
    }

    /// As the cookie spells it.
    pub(crate) fn word(self) -> String {
        let mut word = format!("{}.{}", self.taken, self.kept);
        for Kept { step, why } in self.named.into_iter().flatten() {
            let why = match why {
                Hindrance::Rule(reason) => reason.code(),
                Hindrance::Earlier => EARLIER,
            };
            word.push_str(&format!(".{}-{why}", step.word()));
        }
        word
    }

    /// Read from a cookie, which can hold anything.
    pub(crate) fn read(word: &str) -> Option<Self> {
        let mut parts = word.split('.');
        let mut number = || parts.next()?.parse::<u8>().ok().map(usize::from);
        let (taken, kept) = (number()?, number()?);
        let named = parts.map(|part| {
            let (step, why) = part.split_once('-')?;
            let why = match why {
                EARLIER => Hindrance::Earlier,
                code => Hindrance::Rule(Reason::from_code(code)?),
            };
            let step = Step::of(step);
            Some(Kept { step, why })
        });
        let named = named.take(NAMED_MAX).collect::<Option<Vec<Kept>>>()?;
        Some(Self {
            kept,
            ..Self::of(taken, &named)
        })
    }

    /// For the reader of the next page.
    pub(crate) fn text(self, lang: Lang) -> String {
        let named: Vec<Kept> = self.named.into_iter().flatten().collect();
        let one = |kept: &Kept| {
            let why = match kept.why {
                Hindrance::Rule(reason) => why(lang, reason.code()),
                Hindrance::Earlier => lang.t(h::EARLIER_STILL).to_owned(),
            };
            lang.fill(h::KEPT_ONE, &[("x", kept.step.text(lang)), ("why", &why)])
        };
        let mut left: Vec<String> = named.iter().map(one).collect();
        let more = self.kept.saturating_sub(named.len());
        if more > 0 {
            left.push(lang.fill(h::KEPT_MORE, &[("n", &more.to_string())]));
        }
        let left = left.join(match lang {
            Lang::Zh => "；",
            Lang::En => "; ",
        });
        let (taken, all) = (self.taken.to_string(), (self.taken + self.kept).to_string());
        lang.fill(
            h::ADOPTED_PARTLY,
            &[("taken", &taken), ("n", &all), ("left", &left)],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_carries_it_and_nothing_else() {
        let kept = |why| Kept {
            step: Step::of("finish"),
            why,
        };
        let kept = [kept(Hindrance::Earlier), kept(Hindrance::Rule(Reason::NotNow))];
        let many: Vec<Kept> = kept.into_iter().cycle().take(28).collect();
        for kept in [&kept[..], &many] {
            let partly = Partly::of(2, kept);
            assert_eq!(Partly::read(&partly.word()), Some(partly));
        }
        assert!(Partly::of(2, &many).text(Lang::En).contains("24 more"));
        for foreign in ["", "2", "2.x", "2.1.finish", "2.1.finish-no_code", "300.1"] {
            assert_eq!(Partly::read(foreign), None, "{foreign}");
        }
    }
}
