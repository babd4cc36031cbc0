//! Why HQ gives a ticket up: the reasons people pick from a list, in both languages.
//!
//! A ticket keeps the words, in the language of whoever picked them, because exports and older readers must understand
//! them too. Who shows them asks [`cancel_words`], which knows its own words again. So words that were once in the list
//! are never changed: a better wording is a new reason.

use crate::reason::Lang;

/// A reason from the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CancelReason {
    code: &'static str,
    zh: &'static str,
    en: &'static str,
}

const fn reason(code: &'static str, zh: &'static str, en: &'static str) -> CancelReason {
    CancelReason { code, zh, en }
}

impl CancelReason {
    /// All of them, in the order of the list.
    pub const ALL: [Self; 5] = [
        reason("customer", "客户取消", "The customer called it off"),
        reason("self", "客户已自行解决", "The customer solved it"),
        reason("double", "重复的工单", "The same as another ticket"),
        reason("mistake", "误建", "Created by mistake"),
        reason("other", "其他原因", "Another reason"),
    ];

    /// What a form sends.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.code
    }

    /// The words for people, and what a ticket keeps.
    #[must_use]
    pub fn words(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.zh,
            Lang::En => self.en,
        }
    }

    /// The reason with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code == code)
    }
}

/// A kept reason for this reader: a picked one in his language, what somebody wrote as it is.
#[must_use]
pub fn cancel_words(kept: &str, lang: Lang) -> &str {
    let picked = CancelReason::ALL
        .into_iter()
        .find(|reason| [reason.zh, reason.en].contains(&kept));
    picked.map_or(kept, |reason| reason.words(lang))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picked_reason_is_read_in_every_language_whoever_picked_it() {
        for reason in CancelReason::ALL {
            assert_eq!(CancelReason::from_code(reason.code()), Some(reason));
            for (picked, read) in [(Lang::Zh, Lang::En), (Lang::En, Lang::Zh)] {
                assert_eq!(cancel_words(reason.words(picked), read), reason.words(read));
            }
        }
        assert_eq!(cancel_words("客户搬走了", Lang::En), "客户搬走了");
        assert_eq!(CancelReason::from_code("zzz"), None);
    }

    /// Tickets keep these words: one that is missing here would stay in the language of whoever picked it.
    #[test]
    fn words_that_tickets_keep_are_known_for_good() {
        for kept in ["客户取消", "客户已自行解决", "重复的工单", "误建", "其他原因"] {
            assert_ne!(cancel_words(kept, Lang::En), kept);
        }
    }
}
