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
    /// A rule would not have it, and this earlier step of the visit was not taken over.
    Without(Reason, Step),
    /// What it was built on is held still.
    Earlier,
}

impl Hindrance {
    /// As a cookie spells it.
    pub(crate) fn word(self) -> String {
        match self {
            Self::Rule(reason) => reason.code().to_owned(),
            Self::Without(reason, step) => format!("{}-{}", reason.code(), step.word()),
            Self::Earlier => EARLIER.to_owned(),
        }
    }

    /// Read from a cookie, which can hold anything.
    pub(crate) fn read(word: &str) -> Option<Self> {
        match word.split_once('-') {
            None if word == EARLIER => Some(Self::Earlier),
            None => Reason::from_code(word).map(Self::Rule),
            Some((code, step)) => Some(Self::Without(Reason::from_code(code)?, Step::of(step))),
        }
    }

    /// For people.
    pub(crate) fn text(self, lang: Lang) -> String {
        match self {
            Self::Rule(reason) => why(lang, reason.code()),
            Self::Without(reason, step) => lang.fill(
                h::WITHOUT_STEP,
                &[("why", &why(lang, reason.code())), ("x", step.text(lang))],
            ),
            Self::Earlier => lang.t(h::EARLIER_STILL).to_owned(),
        }
    }
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
    /// Decided before: taken over, and not.
    before: [usize; 2],
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
            before: [0; 2],
            named,
        }
    }

    /// Beside those, so many were decided before.
    pub(crate) fn beside(self, adopted: usize, declined: usize) -> Self {
        Self {
            before: [adopted, declined],
            ..self
        }
    }

    /// As the cookie spells it.
    pub(crate) fn word(self) -> String {
        let [adopted, declined] = self.before;
        let mut word = format!("{}.{}.{adopted}.{declined}", self.taken, self.kept);
        for Kept { step, why } in self.named.into_iter().flatten() {
            word.push_str(&format!(".{}-{}", step.word(), why.word()));
        }
        word
    }

    /// Read from a cookie, which can hold anything.
    pub(crate) fn read(word: &str) -> Option<Self> {
        let mut parts = word.split('.');
        let mut number = || parts.next()?.parse::<u8>().ok().map(usize::from);
        let (taken, kept, adopted, declined) = (number()?, number()?, number()?, number()?);
        let named = parts.map(|part| {
            let (step, why) = part.split_once('-')?;
            let (step, why) = (Step::of(step), Hindrance::read(why)?);
            Some(Kept { step, why })
        });
        let named = named.take(NAMED_MAX).collect::<Option<Vec<Kept>>>()?;
        Some(Self {
            kept,
            ..Self::of(taken, &named).beside(adopted, declined)
        })
    }

    /// For the reader of the next page.
    pub(crate) fn text(self, lang: Lang) -> String {
        let named: Vec<Kept> = self.named.into_iter().flatten().collect();
        let one = |kept: &Kept| {
            let why = kept.why.text(lang);
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
        let [adopted, declined] = self.before;
        let all = self.taken + self.kept + adopted + declined;
        let (taken, all) = (self.taken.to_string(), all.to_string());
        let told = lang.fill(
            h::ADOPTED_PARTLY,
            &[("taken", &taken), ("n", &all), ("left", &left)],
        );
        if adopted + declined == 0 {
            return told;
        }
        let (adopted, declined) = (adopted.to_string(), declined.to_string());
        let rest = lang.fill(h::BEFORE_REST, &[("adopted", &adopted), ("declined", &declined)]);
        let space = if lang == Lang::En { " " } else { "" };
        format!("{told}{space}{rest}")
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
        let without = Hindrance::Without(Reason::NotNow, Step::of("depart"));
        let kept = [Hindrance::Earlier, Hindrance::Rule(Reason::NotNow), without].map(kept);
        let many: Vec<Kept> = kept.into_iter().cycle().take(28).collect();
        for kept in [&kept[..], &many] {
            let partly = Partly::of(2, kept).beside(1, 3);
            assert_eq!(Partly::read(&partly.word()), Some(partly));
        }
        assert!(Partly::of(2, &many).text(Lang::En).contains("24 more"));
        for foreign in [
            "",
            "2",
            "2.x",
            "2.1.0.0.finish",
            "2.1.0.0.finish-no_code",
            "2.1",
            "300.1.0.0",
        ] {
            assert_eq!(Partly::read(foreign), None, "{foreign}");
        }
    }
}
