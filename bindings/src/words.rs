//! Texts for people, in both languages side by side. An app shows one of them and never makes its own for a code.

use fieldline_engine::words;
use fieldline_model::reason::{self, Lang};

use crate::codes::{DeclineReason, PauseReason, PhotoShows, Priority, VisitResult};

/// One text in both languages. Where a company wrote in one of them only, both hold that one.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Words {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Words {
    /// What rows bring along: where one language is empty, the other stands for it.
    pub(crate) fn either(zh: &str, en: &str) -> Self {
        let or = |wanted: &str, other: &str| if wanted.is_empty() { other } else { wanted }.to_owned();
        Self {
            zh: or(zh, en),
            en: or(en, zh),
        }
    }

    /// A text that is the same in both: a number, a name, what somebody wrote.
    pub(crate) fn same(text: &str) -> Self {
        Self::either(text, text)
    }

    /// Words of a code; the code itself where there are none.
    pub(crate) fn known(found: Option<words::Words>, code: &str) -> Self {
        found.map_or_else(|| Self::same(code), Self::from)
    }

    /// Made once for each language.
    pub(crate) fn each(mut make: impl FnMut(Lang) -> String) -> Self {
        Self {
            zh: make(Lang::Zh),
            en: make(Lang::En),
        }
    }

    pub(crate) fn of(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }

    pub(crate) fn reason(code: &str) -> Self {
        Self::each(|lang| reason::words(code, lang))
    }
}

impl From<words::Words> for Words {
    fn from(words: words::Words) -> Self {
        Self {
            zh: words.zh.to_owned(),
            en: words.en.to_owned(),
        }
    }
}

/// The words of a reason for declining.
#[uniffi::export]
#[must_use]
pub fn words_of_decline(reason: DeclineReason) -> Words {
    words::decline(reason.into()).into()
}

/// The words of a reason for pausing.
#[uniffi::export]
#[must_use]
pub fn words_of_pause(reason: PauseReason) -> Words {
    words::pause(reason.into()).into()
}

/// The words of a result.
#[uniffi::export]
#[must_use]
pub fn words_of_result(result: VisitResult) -> Words {
    words::result(result.into()).into()
}

/// The words of what a photo shows.
#[uniffi::export]
#[must_use]
pub fn words_of_photo(shows: PhotoShows) -> Words {
    words::photo(shows.into()).into()
}

/// The words of an urgency.
#[uniffi::export]
#[must_use]
pub fn words_of_priority(priority: Priority) -> Words {
    words::priority(priority.into()).into()
}

impl From<fieldline_engine::said::Said> for Words {
    fn from(said: fieldline_engine::said::Said) -> Self {
        Self {
            zh: said.zh,
            en: said.en,
        }
    }
}
